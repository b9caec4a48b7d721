//! Writers of results, one file a format. They know findings and no AWS.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use sagescan_checks::engine::{Finding, Report, Section, Severity, Status};
use serde::Deserialize;

use crate::config::{FrameworkId, nearest};
use crate::console::Look;

mod json;
pub mod paths;
mod table;

pub use json::{compact, pretty};

/// The forms a result can take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs: `sagescan/report/v1`.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: &[Format] = &[Format::Table, Format::Json];

    /// The word used in options.
    pub fn word(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Json => "json",
        }
    }

    /// Writes a report in this form.
    pub fn write(self, shown: &Shown<'_>, look: &Look) -> String {
        match self {
            Format::Table => table::write(shown, look),
            Format::Json => json::write(shown),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words = || Format::ALL.iter().map(|format| format.word());
        Format::ALL.iter().copied().find(|format| format.word() == text).ok_or_else(|| match nearest(text, words()) {
            Some(word) => format!("there is no format `{text}`; did you mean `{word}`?"),
            None => format!("there is no format `{text}`; there are {}", words().collect::<Vec<_>>().join(", ")),
        })
    }
}

impl TryFrom<String> for Format {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Which findings to show; an empty list asks for all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only these sections.
    pub sections: Vec<Section>,
    /// Only these severities.
    pub severities: Vec<Severity>,
    /// Only these verdicts.
    pub statuses: Vec<Status>,
    /// Only what these frameworks ask for.
    pub frameworks: Vec<FrameworkId>,
}

impl Filter {
    fn shows(&self, finding: &Finding) -> bool {
        let any = |empty: bool, found: bool| empty || found;
        any(self.sections.is_empty(), self.sections.contains(&finding.section))
            && any(self.severities.is_empty(), self.severities.contains(&finding.severity))
            && any(self.statuses.is_empty(), self.statuses.contains(&finding.status))
            && any(
                self.frameworks.is_empty(),
                self.frameworks.iter().any(|framework| finding.frameworks.contains_key(framework.as_str())),
            )
    }
}

/// A report, and which of its findings to show. Score and coverage always speak of the whole.
pub struct Shown<'r> {
    /// The whole report.
    pub report: &'r Report,
    /// The findings to show.
    pub findings: Vec<&'r Finding>,
    /// The verdicts that were asked for by name; empty when none were.
    pub statuses: Vec<Status>,
}

impl<'r> Shown<'r> {
    /// Picks what a filter shows.
    pub fn new(report: &'r Report, filter: &Filter) -> Self {
        Shown {
            report,
            findings: report.findings.iter().filter(|finding| filter.shows(finding)).collect(),
            statuses: filter.statuses.clone(),
        }
    }

    /// How many findings, and failures among them, the filter hides.
    pub fn hidden(&self) -> (usize, usize) {
        let shown: BTreeSet<&str> = self.findings.iter().map(|finding| finding.id.as_str()).collect();
        let hidden = || self.report.findings.iter().filter(|finding| !shown.contains(finding.id.as_str()));
        (hidden().count(), hidden().filter(|finding| finding.status == Status::Fail).count())
    }
}
