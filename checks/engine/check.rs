//! A check: what it is, what it reads, and the one judgement it makes.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::evidence::Evidence;
use super::subject::Subject;
use super::world::Here;
use crate::snapshot::{Gap, Reason, Table, Unseen};

/// How bad a failure is, worst last so that the order compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never moves the score.
    Info,
    /// A second layer is missing.
    Low,
    /// A control that matters is missing.
    Medium,
    /// One step from damage.
    High,
    /// Damage needs no further step.
    Critical,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    /// The word used in reports and options.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// What a failure of this severity weighs in the score (`docs/score.md`).
    pub fn weight(self) -> u32 {
        match self {
            Severity::Info => 0,
            Severity::Low => 1,
            Severity::Medium => 3,
            Severity::High => 7,
            Severity::Critical => 15,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How sure a failure is to be a real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A pattern that usually means what it seems to.
    Medium,
    /// The API field says so.
    High,
}

/// The eight sections of the catalogue, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// Who can act on SageMaker, and what SageMaker can then do.
    Identity,
    /// Who can read what is stored.
    AtRest,
    /// Who can read what is on the way.
    InTransit,
    /// Who can reach a workload, and whom it can reach.
    Network,
    /// What leaves a trace, and who looks at it.
    Monitoring,
    /// Whose data it is.
    Privacy,
    /// What happens when something breaks.
    Resilience,
    /// What runs, where it comes from, and the secrets it carries.
    SupplyChain,
}

impl Section {
    /// All of them, in reading order.
    pub const ALL: [Section; 8] = [
        Section::Identity,
        Section::AtRest,
        Section::InTransit,
        Section::Network,
        Section::Monitoring,
        Section::Privacy,
        Section::Resilience,
        Section::SupplyChain,
    ];

    /// The id used in reports and options.
    pub fn id(self) -> &'static str {
        match self {
            Section::Identity => "identity",
            Section::AtRest => "at-rest",
            Section::InTransit => "in-transit",
            Section::Network => "network",
            Section::Monitoring => "monitoring",
            Section::Privacy => "privacy",
            Section::Resilience => "resilience",
            Section::SupplyChain => "supply-chain",
        }
    }

    /// The heading for people.
    pub fn title(self) -> &'static str {
        match self {
            Section::Identity => "Identity and access",
            Section::AtRest => "Data at rest",
            Section::InTransit => "Data in transit",
            Section::Network => "Network isolation",
            Section::Monitoring => "Logging and monitoring",
            Section::Privacy => "Privacy and compliance",
            Section::Resilience => "Resilience",
            Section::SupplyChain => "Supply chain and secrets",
        }
    }
}

/// What is known about a check without running it.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// The kebab-case id: the requirement, resource first. Never reused.
    pub id: &'static str,
    /// What holds when the check passes, as a sentence without a full stop.
    pub title: &'static str,
    /// The severity of a failure on a production account.
    pub severity: Severity,
    /// How sure a failure is.
    pub confidence: Confidence,
    /// The version that brought the check.
    pub since: &'static str,
    /// Runs and prints, but moves neither the score nor the exit code.
    pub preview: bool,
    /// The tables that the judgement reads.
    pub reads: &'static [Table],
    /// The best practices (`docs/coverage.md`) that the check answers, e.g. `NET-2`.
    pub practices: &'static [&'static str],
    /// The page beside the check: reasons, fixes, exceptions, cases.
    pub page: &'static str,
}

impl Meta {
    /// Starting values for `..Meta::DEFAULT`: a stable, certain check of this version.
    pub const DEFAULT: Meta = Meta {
        id: "",
        title: "",
        severity: Severity::Medium,
        confidence: Confidence::High,
        since: "0.1.0",
        preview: false,
        reads: &[],
        practices: &[],
        page: "",
    };
}

/// The outcome of looking at one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The requirement does not hold.
    Fail,
    /// It could not be seen whether it holds.
    Unknown,
    /// The requirement holds.
    Pass,
    /// The requirement cannot or need not apply.
    Exempt,
}

impl Status {
    /// The word used in reports and options.
    pub fn word(self) -> &'static str {
        match self {
            Status::Fail => "fail",
            Status::Unknown => "unknown",
            Status::Pass => "pass",
            Status::Exempt => "exempt",
        }
    }
}

/// What a check says of one resource it could see.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub(super) status: Option<Status>,
    pub(super) says: String,
    pub(super) severity: Option<Severity>,
    pub(super) evidence: Evidence,
}

/// A verdict, or the gap that prevented one and makes it Unknown.
pub type Judged = Result<Verdict, Unseen>;

fn verdict(status: Option<Status>, says: String) -> Verdict {
    Verdict { status, says, severity: None, evidence: Evidence::default() }
}

/// The requirement holds; `says` tells what was seen, as a clause that follows the resource's name and a colon.
pub fn pass(says: impl Into<String>) -> Verdict {
    verdict(Some(Status::Pass), says.into())
}

/// The requirement does not hold; `says` tells what was seen.
pub fn fail(says: impl Into<String>) -> Verdict {
    verdict(Some(Status::Fail), says.into())
}

/// The requirement cannot or need not apply; `says` tells why.
pub fn exempt(says: impl Into<String>) -> Verdict {
    verdict(Some(Status::Exempt), says.into())
}

/// The resource is none of this check's business: no finding at all. For what was seen only; a doubt is an error.
pub fn not_concerned() -> Verdict {
    verdict(None, String::new())
}

/// What was seen does not suffice for a verdict: AWS answered with something that this version cannot interpret.
pub fn unclear(why: impl Into<String>) -> Unseen {
    Unseen(Gap::new(Reason::Unrecognised, why))
}

impl Verdict {
    /// Whether the requirement does not hold: for verdicts made of others, where one failure decides.
    pub fn is_fail(&self) -> bool {
        self.status == Some(Status::Fail)
    }

    /// Adds a piece of evidence: a field that was read, and its value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.evidence.insert(name, value);
        self
    }

    /// Gives this failure another severity than the check's, because of what was seen.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }
}

/// One requirement, judged on one resource at a time. The engine does the looping, counting and printing.
pub trait Check: Sync {
    /// The kind of thing that is judged: `&'w Notebook`, `Workload<'w>`, …
    type On<'w>: Subject<'w>;

    /// What is known without running.
    const META: Meta;

    /// Judges one resource, as seen from the region it lives in.
    fn judge(&self, it: Self::On<'_>, here: &Here<'_>) -> Judged;
}
