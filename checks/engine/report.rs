//! The report: format `sagescan/report/v1`, the shape that scripts rely on. Pure data, written by `src/report`.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::check::{Section, Severity, Status};
use super::evidence::Evidence;
use super::score::Sum;
use super::subject::Resource;
use super::text::Text;
use crate::frameworks::Controls;
use crate::snapshot::{Coverage, Gap};

/// The format of the JSON report.
pub const REPORT_FORMAT: &str = "sagescan/report/v1";

/// Derives for the parts of a report.
macro_rules! part {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name { $($body)* }
    )+ };
}

part! {
    /// Everything one judging found.
    pub struct Report {
        /// Always [`REPORT_FORMAT`]
        pub format: String,
        /// The program that judged
        pub tool: Tool,
        /// Who looked, where and when
        pub scan: ReportScan,
        /// How it adds up; always over all selected checks, whatever is shown
        pub score: Score,
        /// What counts in the score and is not among the findings
        #[serde(skip)]
        pub let_go: Sum,
        /// One verdict a check and resource, sorted
        pub findings: Vec<Finding>,
        /// Practices that no API can show
        pub manual: Vec<Manual>,
        /// The ledger of what was asked
        pub coverage: Vec<CoverageLine>,
    }

    /// The program that judged.
    pub struct Tool {
        /// `sagescan`
        pub name: String,
        /// Its version
        pub version: String,
    }

    /// The circumstances of the scan.
    pub struct ReportScan {
        /// The account id
        pub account: String,
        /// `aws`, `aws-cn`, …
        pub partition: String,
        /// Who looked
        pub caller: String,
        /// Where
        pub regions: Vec<String>,
        /// When the first call was made
        pub started: Timestamp,
        /// When the last answer came
        pub finished: Timestamp,
        /// Requests sent
        pub api_calls: u64,
        /// Requests refused for their rate
        pub throttled: u64,
        /// Finished jobs created before this were not looked at
        pub jobs_since: Option<Timestamp>,
        /// Why the scan ended early, if it did
        pub interrupted: Option<String>,
        /// When the earlier scan was made that things were taken from that cannot have changed since
        pub since_last: Option<Timestamp>,
    }

    /// How the findings add up (`docs/score.md`).
    pub struct Score {
        /// 0 to 100; null when nothing could be judged
        pub overall: Option<f64>,
        /// `A` to `F`; null when nothing could be judged
        pub grade: Option<String>,
        /// The share of what should have been judged that could be, 0 to 1
        pub coverage: f64,
        /// The same by section, in reading order
        pub sections: Vec<SectionScore>,
    }

    /// One section's share of the score.
    pub struct SectionScore {
        /// The section's id
        pub id: Section,
        /// Its heading
        pub title: String,
        /// 0 to 100; null when nothing could be judged
        pub score: Option<f64>,
        /// `A` to `F`; null when nothing could be judged
        pub grade: Option<String>,
        /// The share that could be judged, 0 to 1
        pub coverage: f64,
        /// Verdicts, by kind
        pub pass: usize,
        /// Verdicts, by kind
        pub fail: usize,
        /// Verdicts, by kind
        pub unknown: usize,
        /// Verdicts, by kind
        pub exempt: usize,
    }

    /// One verdict on one resource.
    pub struct Finding {
        /// Stable fingerprint of check, account, region and resource
        pub id: String,
        /// The check's id
        pub check: Text,
        /// The check's title: what should hold
        pub title: Text,
        /// The section's id
        pub section: Section,
        /// The severity of this failure in its context
        pub severity: Severity,
        /// The verdict
        pub status: Status,
        /// The account id
        pub account: Text,
        /// The region, or `global`
        pub region: Text,
        /// What was judged
        pub resource: Resource,
        /// One sentence naming the resource and what was seen
        pub message: String,
        /// The fields that were read, and their values
        pub evidence: Evidence,
        /// Control ids by framework
        pub frameworks: Arc<Controls>,
        /// Who accepted this failure, why and until when
        pub waived: Option<Waived>,
        /// For unknown: what was not seen, and the permission that would help
        pub gap: Option<Gap>,
        /// The resource is an immutable record; a failure weighs nothing
        pub history: bool,
        /// A preview check: moves neither score nor exit code
        pub preview: bool,
    }

    /// An accepted failure.
    pub struct Waived {
        /// Why
        pub reason: String,
        /// Who
        pub owner: String,
        /// Until when
        pub until: jiff::civil::Date,
    }

    /// A practice that no API can show.
    pub struct Manual {
        /// The entry's id
        pub id: String,
        /// What to do
        pub practice: String,
        /// Why no API can show it
        pub why: String,
        /// What to look at instead
        pub look_at: String,
        /// The best practices it answers
        pub practices: Vec<String>,
    }

    /// One line of the coverage ledger, as reports show it.
    pub struct CoverageLine {
        /// The account
        pub account: String,
        /// The region, or `global`
        pub region: String,
        /// `service:Operation`
        pub source: String,
        /// How far it got
        pub state: crate::snapshot::State,
        /// What is missing and why
        pub detail: String,
        /// The IAM action that would reveal more
        pub grant: Option<String>,
    }
}

impl From<&Coverage> for CoverageLine {
    fn from(line: &Coverage) -> Self {
        CoverageLine {
            account: line.account.clone(),
            region: line.region.clone(),
            source: line.source.clone(),
            state: line.state,
            detail: line.detail.clone(),
            grant: line.grant.clone(),
        }
    }
}
