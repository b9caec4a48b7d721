//! Writers of results, one file a format. They know findings and no AWS.

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
    /// Whether the format lists a finding when all verdicts are shown, or only counts it.
    pub fn lists(self, finding: &Finding) -> bool {
        match self {
            Format::Json => true,
            Format::Table => matches!(finding.status, Status::Fail | Status::Unknown),
        }
    }

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
    /// Whether a finding is shown.
    pub fn shows(&self, finding: &Finding) -> bool {
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
    /// Findings that would be shown, had anybody use for them.
    unlisted: usize,
}

impl<'r> Shown<'r> {
    /// Picks what a filter shows. `unlisted` of what it would show is not among the findings, because nobody lists it.
    pub fn new(report: &'r Report, filter: &Filter, unlisted: usize) -> Self {
        Shown {
            report,
            findings: report.findings.iter().filter(|finding| filter.shows(finding)).collect(),
            statuses: filter.statuses.clone(),
            unlisted,
        }
    }

    /// How many findings, and failures among them, the filter hides.
    pub fn hidden(&self) -> (usize, usize) {
        let sections = &self.report.score.sections;
        let all: usize = sections.iter().map(|s| s.pass + s.fail + s.unknown + s.exempt).sum();
        let failed: usize = sections.iter().map(|s| s.fail).sum();
        let failures = self.findings.iter().filter(|finding| finding.status == Status::Fail).count();
        (all - self.findings.len() - self.unlisted, failed - failures)
    }
}
