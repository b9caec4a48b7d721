//! The generated documentation is what the code says today. `UPDATE=1 cargo test --test docs` rewrites it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sagescan_checks::engine::{Section, Severity};
use sagescan_checks::page::Page;
use sagescan_checks::snapshot::{Snapshot, Table};
use sagescan_checks::{catalogue, frameworks, manual, practices};

/// Writes the file with `UPDATE=1`; otherwise says whether it differs.
fn keep(path: &str, text: &str) -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).expect("docs can be written");
        std::fs::write(&file, text).expect("docs can be written");
        return None;
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    (there != text).then(|| format!("docs/{path} is not what the code says"))
}

fn verify(files: impl IntoIterator<Item = (String, String)>) {
    let stale: Vec<String> = files.into_iter().filter_map(|(path, text)| keep(&path, &text)).collect();
    assert!(stale.is_empty(), "{}\nrun `UPDATE=1 cargo test --test docs` and commit", stale.join("\n"));
}

const MADE: &str = "<!-- Generated from the code by `UPDATE=1 cargo test --test docs`; edits here are lost. -->\n";

#[test]
fn check_pages_and_their_index() {
    let mut index = format!("{MADE}\n# Checks\n\n{} checks in 8 sections.\n", catalogue().count());
    let mut files = Vec::new();
    for section in Section::ALL {
        let _ = writeln!(index, "\n## {}\n\n| check | severity | what holds |\n|---|---|---|", section.title());
        for check in catalogue().filter(|c| c.section == section) {
            let meta = check.meta();
            let _ = writeln!(index, "| [`{0}`]({0}.md) | {1} | {2} |", meta.id, meta.severity, meta.title);
            let page = Page::parse(meta.page);
            let mut text = format!(
                "{MADE}\n# {}\n\n`{}` · {} · {}\n\n{}\n",
                meta.title,
                meta.id,
                section.title(),
                meta.severity,
                page.summary
            );
            for (heading, body) in &page.sections {
                let _ = write!(text, "\n## {heading}\n\n{body}\n");
            }
            let tables: Vec<&str> = meta.reads.iter().map(|t| t.key()).collect();
            let _ =
                write!(text, "\n## Reads\n\n{}\n\n## Answers\n\n{}\n", tables.join(", "), meta.practices.join(", "));
            let controls = frameworks::controls_of(meta.id);
            if !controls.is_empty() {
                let _ = write!(text, "\n## Frameworks\n\n| framework | controls |\n|---|---|\n");
                for (framework, controls) in controls.iter() {
                    let _ = writeln!(text, "| {framework} | {} |", controls.join(", "));
                }
            }
            files.push((format!("checks/{}.md", meta.id), text));
        }
    }
    files.push(("checks/README.md".to_owned(), index));
    // A page whose check is gone is a lie.
    let known: BTreeSet<String> = files.iter().map(|(path, _)| path.clone()).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks");
    for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
        let path = format!("checks/{}", entry.file_name().to_string_lossy());
        assert!(known.contains(&path), "docs/{path} belongs to no check: delete it");
    }
    verify(files);
}

#[test]
fn which_check_answers_which_practice() {
    let mut text = format!("{MADE}\n# Coverage of the best practices\n\n");
    text += "Which checks answer which best practice. *Manual* entries are practices, or parts of one, that no API can show; they are\nlisted in every report and never counted as passed.\n";
    let answered = |id: &str| -> Vec<String> {
        let checks = catalogue().filter(|c| c.meta().practices.contains(&id)).map(|c| {
            let id = c.meta().id;
            format!("[`{id}`](checks/{id}.md)")
        });
        let manual = manual::entries().into_iter().filter(|m| m.practices.iter().any(|p| p == id));
        checks.chain(manual.map(|m| format!("*manual*: {}", m.practice))).collect()
    };
    let (with, without): (Vec<_>, Vec<_>) = practices::all().iter().partition(|p| !answered(&p.id).is_empty());
    let _ = writeln!(text, "\n{} of {} practices are answered today.\n", with.len(), practices::all().len());
    text += "| practice | what should be so | answered by |\n|---|---|---|\n";
    for practice in with {
        let _ = writeln!(text, "| {} | {} | {} |", practice.id, practice.title, answered(&practice.id).join("<br>"));
    }
    if !without.is_empty() {
        text += "\n## Not answered yet\n\nThe services behind these are not collected yet.\n\n| practice | what should be so |\n|---|---|\n";
        for practice in without {
            let _ = writeln!(text, "| {} | {} |", practice.id, practice.title);
        }
    }
    verify([("coverage.md".to_owned(), text)]);
}

#[test]
fn frameworks_and_their_controls() {
    let mut text = format!(
        "{MADE}\n# Frameworks\n\nWhich controls of which framework the checks answer. A lens, not a certificate: a control asks for more\nthan any scanner can see.\n"
    );
    for framework in frameworks::all() {
        let _ = write!(
            text,
            "\n## {} (`{}`)\n\nSource: {}.\n\n| control | checks |\n|---|---|\n",
            framework.name, framework.id, framework.source
        );
        for (control, checks) in &framework.controls {
            let checks: Vec<String> = checks.iter().map(|c| format!("[`{c}`](checks/{c}.md)")).collect();
            let _ = writeln!(text, "| {control} | {} |", checks.join(", "));
        }
    }
    verify([("frameworks.md".to_owned(), text)]);
}

#[test]
fn schemas() {
    let snapshot = serde_json::to_string_pretty(&schemars::schema_for!(Snapshot)).expect("a schema is JSON");
    let report = schemars::schema_for!(sagescan_checks::engine::Report);
    let report = serde_json::to_string_pretty(&report).expect("a schema is JSON");
    verify([
        ("reference/snapshot-v1.schema.json".to_owned(), snapshot + "\n"),
        ("reference/report-v1.schema.json".to_owned(), report + "\n"),
    ]);
}

#[test]
fn command_line_help() {
    let text = format!("{MADE}\n# Command line\n\n{}", sagescan::cli::reference());
    verify([("reference/cli.md".to_owned(), text)]);
}

#[test]
fn iam_policies() {
    let mut files = Vec::new();
    let whole: BTreeSet<Table> = catalogue().flat_map(|c| c.meta().reads.iter().copied()).collect();
    files.push(("reference/iam-policy.json".to_owned(), sagescan::cli::policy_document(&whole, false)));
    for section in Section::ALL {
        let tables =
            catalogue().filter(|c| c.section == section).flat_map(|c| c.meta().reads.iter().copied()).collect();
        files.push((
            format!("reference/iam-policy-{}.json", section.id()),
            sagescan::cli::policy_document(&tables, false),
        ));
    }
    verify(files);
}

/// What a role may have in policies of its own (IAM User Guide, "IAM and STS quotas").
#[test]
fn the_whole_policy_fits_into_a_role() {
    let policy = sagescan::cli::policy_document(&Table::ALL.iter().copied().collect(), true);
    let size = policy.chars().filter(|c| !c.is_whitespace()).count();
    assert!(size <= 10_240, "it has {size} characters");
}

#[test]
fn every_severity_occurs() {
    for severity in [Severity::Critical, Severity::High, Severity::Medium, Severity::Low] {
        assert!(catalogue().any(|c| c.meta().severity == severity), "no check is {severity}");
    }
}
