//! `sagescan explain CHECK`: the page of a check, the cases left out.

use std::collections::BTreeMap;
use std::str::FromStr;

use sagescan_checks::engine::{Confidence, Manual, Registered};
use sagescan_checks::page::Page;
use sagescan_checks::{frameworks, manual};
use serde::Serialize;

use super::{Exit, Output, Stop, selection};
use crate::config::{CheckId, Settings};
use crate::console::{Console, Look, style_of, wrap};
use crate::report::{self, Format};

/// The frameworks that are exams: their items are what one would be asked.
const EXAMS: [&str; 2] = ["mla-c01", "mls-c01"];

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The id of a check, or `manual` for the practices that can only be looked at by hand
    #[arg(value_name = "CHECK")]
    topic: Topic,
    /// The form of the result [default: table]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    #[command(flatten)]
    output: Output,
}

/// What can be explained.
#[derive(Debug, Clone)]
enum Topic {
    Check(CheckId),
    Manual,
}

impl FromStr for Topic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "manual" { Ok(Topic::Manual) } else { text.parse().map(Topic::Check) }
    }
}

pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    let look = if args.output.output.is_some() { console.look_of_file() } else { console.look() };
    let format = args.format.or(file.format).unwrap_or_default();
    let text = match (args.topic, format) {
        (Topic::Manual, Format::Json) => manual_json(),
        (Topic::Manual, Format::Table) => manual(&look),
        (Topic::Check(id), format) => {
            let explained = |check: &Registered| match format {
                Format::Json => json(check),
                Format::Table => page(check, &look),
            };
            selection::checks(&[id]).iter().map(explained).collect()
        }
    };
    args.output.write(&text, console)?;
    Ok(Exit::Clean)
}

fn manual_json() -> String {
    #[derive(Serialize)]
    struct Practices {
        format: &'static str,
        manual: Vec<Manual>,
    }
    report::pretty(&Practices { format: "sagescan/manual/v1", manual: manual::entries() })
}

fn manual(look: &Look) -> String {
    let entries = manual::entries();
    let mut text = String::new();
    prose(
        &format!("These {} practices no API can show. They are never counted as passed.", entries.len()),
        look,
        &mut text,
    );
    for entry in entries {
        text.push('\n');
        for line in wrap(&entry.practice, look.width) {
            text.push_str(&format!("{}\n", look.bold(&line)));
        }
        prose(&format!("- Why no API shows it: {}", entry.why), look, &mut text);
        prose(&format!("- Look at: {}", entry.look_at), look, &mut text);
        prose(&format!("- Answers: {}", entry.practices.join(", ")), look, &mut text);
    }
    text
}

fn json(check: &Registered) -> String {
    #[derive(Serialize)]
    struct Explained<'p> {
        format: &'static str,
        #[serde(flatten)]
        entry: super::checks::Entry,
        summary: &'p str,
        sections: BTreeMap<&'p str, &'p str>,
    }
    let page = Page::parse(check.meta().page);
    report::pretty(&Explained {
        format: "sagescan/explain/v1",
        entry: check.into(),
        summary: page.summary,
        sections: page.sections.into_iter().collect(),
    })
}

fn page(check: &Registered, look: &Look) -> String {
    let meta = check.meta();
    let page = Page::parse(meta.page);
    let mut text = String::new();
    for line in wrap(meta.title, look.width) {
        text.push_str(&format!("{}\n", look.bold(&line)));
    }
    let severity = look.paint(style_of(meta.severity), meta.severity.word());
    let dot = look.dot();
    text.push_str(&format!("{}{dot}{severity}{dot}{}{dot}since {}\n", meta.id, check.section.id(), meta.since));
    if meta.preview {
        text.push_str("Preview: moves neither the score nor the exit code.\n");
    }
    if meta.confidence == Confidence::Medium {
        text.push_str("Medium confidence: a pattern that usually means what it seems to.\n");
    }
    text.push('\n');
    prose(page.summary, look, &mut text);
    for (heading, body) in &page.sections {
        text.push_str(&format!("\n{}\n", look.bold(heading)));
        prose(body, look, &mut text);
    }
    text.push_str(&format!("\n{}\n", look.bold("At a glance")));
    let reads: Vec<&str> = meta.reads.iter().map(|table| table.key()).collect();
    fact("Reads", &reads.join(", "), look, &mut text);
    fact("Practices", &meta.practices.join(", "), look, &mut text);
    let controls = frameworks::controls_of(meta.id);
    let (exams, frameworks): (Vec<_>, Vec<_>) = controls.iter().partition(|(id, _)| EXAMS.contains(&id.as_str()));
    for (id, controls) in frameworks {
        fact(id, &controls.join(", "), look, &mut text);
    }
    for (id, items) in exams {
        fact(&format!("exam {id}"), &items.join(", "), look, &mut text);
    }
    text
}

fn fact(name: &str, value: &str, look: &Look, text: &mut String) {
    let wide = 26;
    for (at, line) in wrap(value, look.width.saturating_sub(wide + 2).max(20)).into_iter().enumerate() {
        let name = if at == 0 { name } else { "" };
        text.push_str(&format!("  {name:wide$}{line}\n"));
    }
}

/// Markdown for a terminal: paragraphs are wrapped, lists hang, fenced blocks stay as they are.
fn prose(markdown: &str, look: &Look, text: &mut String) {
    let mut block = Block::default();
    let mut fenced = false;
    for line in markdown.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            block.end(look, text);
            fenced = !fenced;
            if fenced {
                if !text.ends_with("\n\n") {
                    text.push('\n');
                }
                if !language.trim().is_empty() {
                    text.push_str(&format!("    {}\n", look.dim(&format!("# {}", language.trim()))));
                }
            }
        } else if fenced {
            text.push_str(format!("    {}", super::shown(line)).trim_end());
            text.push('\n');
        } else if line.trim().is_empty() {
            block.end(look, text);
            if !text.ends_with("\n\n") {
                text.push('\n');
            }
        } else if let Some(heading) = line.strip_prefix("### ") {
            block.end(look, text);
            text.push_str(&format!("{}\n", look.bold(heading)));
        } else if line.trim_start().starts_with("- ") || is_numbered(line.trim_start()) {
            block.end(look, text);
            let (mark, rest) = line.trim_start().split_once(' ').unwrap_or(("-", ""));
            let mark = if mark == "-" { look.bullet() } else { mark };
            block = Block { mark: Some(mark.to_owned()), words: rest.to_owned() };
        } else if line.trim_start().starts_with('|') {
            block.end(look, text);
            text.push_str(&format!("  {}\n", super::shown(line.trim())));
        } else {
            block.words.push(' ');
            block.words.push_str(line.trim());
        }
    }
    block.end(look, text);
}

fn is_numbered(line: &str) -> bool {
    line.split_once(". ").is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// A paragraph or an item of a list.
#[derive(Default)]
struct Block {
    mark: Option<String>,
    words: String,
}

impl Block {
    fn end(&mut self, look: &Look, text: &mut String) {
        let Block { mark, words } = std::mem::take(self);
        let hang = mark.as_ref().map_or(0, |mark| mark.chars().count() + 3);
        for (at, line) in wrap(&super::shown(&words), look.width.saturating_sub(hang)).into_iter().enumerate() {
            let lead = match (&mark, at) {
                (Some(mark), 0) => format!("  {mark} "),
                _ => " ".repeat(hang),
            };
            text.push_str(&format!("{lead}{line}\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look { width: 40, color: false, unicode: false, verbose: false };

    #[test]
    fn prose_is_wrapped_and_code_is_not() {
        let mut text = String::new();
        let markdown = "One sentence that is\nlonger than a line of forty columns.\n\n- an item\n  that goes on and on and on and on\n1. first\n\n```sh\naws  a-command --that-is-longer-than-forty-columns\n```\n";
        prose(markdown, &LOOK, &mut text);
        let expected = "One sentence that is longer than a line\nof forty columns.\n\n  - an item that goes on and on and on\n    and on\n  1. first\n\n    # sh\n    aws  a-command --that-is-longer-than-forty-columns\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn every_page_explains_itself_without_its_cases() {
        for check in sagescan_checks::catalogue() {
            let text = page(&check, &LOOK);
            assert!(text.contains("How to fix") && !text.contains("Cases"), "{}", check.meta().id);
        }
    }
}
