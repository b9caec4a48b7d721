//! `sagescan checks`

use std::sync::Arc;

use sagescan_checks::engine::{Confidence, Registered, Section, Severity};
use sagescan_checks::frameworks::{self, Controls};
use sagescan_checks::manual;
use sagescan_checks::snapshot::Table;
use serde::Serialize;

use super::{Exit, Output, Stop, selection};
use crate::config::Settings;
use crate::console::{Console, Look, pad, style_of, wrap};
use crate::report::{self, Format};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    let mut settings = args.settings;
    settings.format = settings.format.or(file.format);
    let listed: Vec<Registered> =
        selection::checks(&settings.check).into_iter().filter(|check| shows(&settings, check)).collect();
    let text = match settings.format.unwrap_or_default() {
        Format::Json => json(&listed),
        Format::Table => {
            table(&listed, &if args.output.output.is_some() { console.look_of_file() } else { console.look() })
        }
    };
    args.output.write(&text, console)?;
    Ok(Exit::Clean)
}

fn shows(settings: &Settings, check: &Registered) -> bool {
    let of_framework = || {
        let controls = frameworks::controls_of(check.meta().id);
        settings.framework.iter().any(|framework| controls.contains_key(framework.as_str()))
    };
    (settings.section.is_empty() || settings.section.contains(&check.section))
        && (settings.severity.is_empty() || settings.severity.contains(&check.meta().severity))
        && (settings.framework.is_empty() || of_framework())
}

/// One check as programs see it.
#[derive(Serialize)]
pub(super) struct Entry {
    id: &'static str,
    title: &'static str,
    section: Section,
    severity: Severity,
    confidence: Confidence,
    since: &'static str,
    preview: bool,
    reads: &'static [Table],
    practices: &'static [&'static str],
    frameworks: Arc<Controls>,
}

impl From<&Registered> for Entry {
    fn from(check: &Registered) -> Self {
        let meta = check.meta();
        Entry {
            id: meta.id,
            title: meta.title,
            section: check.section,
            severity: meta.severity,
            confidence: meta.confidence,
            since: meta.since,
            preview: meta.preview,
            reads: meta.reads,
            practices: meta.practices,
            frameworks: frameworks::controls_of(meta.id),
        }
    }
}

fn json(checks: &[Registered]) -> String {
    #[derive(Serialize)]
    struct Catalogue {
        format: &'static str,
        checks: Vec<Entry>,
    }
    report::pretty(&Catalogue { format: "sagescan/checks/v1", checks: checks.iter().map(Entry::from).collect() })
}

fn table(checks: &[Registered], look: &Look) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line.trim_end());
        text.push('\n');
    };
    for section in Section::ALL {
        let of_section: Vec<&Registered> = checks.iter().filter(|check| check.section == section).collect();
        if of_section.is_empty() {
            continue;
        }
        line(&look.bold(&format!("{} ({})", section.title(), section.id())));
        for check in of_section {
            let meta = check.meta();
            let preview = if meta.preview { " (preview)" } else { "" };
            line(&format!(
                "  {} {}{preview}",
                look.paint(style_of(meta.severity), &pad(meta.severity.word(), 8)),
                meta.id
            ));
            for title in wrap(meta.title, look.width.saturating_sub(11)) {
                line(&look.dim(&format!("           {title}")));
            }
        }
        line("");
    }
    line(&format!("{} checks; `sagescan explain CHECK` tells more", checks.len()));
    line(&format!("{} practices no API can show; `sagescan explain manual` lists them", manual::entries().len()));
    text
}
