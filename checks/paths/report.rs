//! What is found, in the shape that programs rely on: format `sagescan/paths/v1`. Pure data, written by `src/report`.

use serde::Serialize;

use super::technique::Confidence;
use crate::engine::Severity;
use crate::snapshot::Gap;

/// The format of the JSON output.
pub const PATHS_FORMAT: &str = "sagescan/paths/v1";

/// Every attack path that was found, the one that matters most first, and what was left open.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathReport {
    /// Always [`PATHS_FORMAT`].
    pub format: &'static str,
    /// The account.
    pub account: String,
    /// How many nodes and edges the graph has.
    pub graph: Size,
    /// The paths.
    pub paths: Vec<AttackPath>,
    /// The changes that end most of them, best first.
    pub choke_points: Vec<ChokePoint>,
    /// What was not seen: there may be more paths than these.
    pub gaps: Vec<MapGap>,
    /// What was left out for being too much.
    pub cut: Cut,
    /// What no scan from inside an account can see, and what could therefore take paths away.
    pub assumes: &'static str,
}

/// The size of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Principals, groups of rights, workloads, code, data.
    pub nodes: usize,
    /// Proven ways from one to another.
    pub edges: usize,
}

/// One way from a source to what it should not reach.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttackPath {
    /// Stable: it depends on rule, sources and sink alone.
    pub id: String,
    /// The rule, as `AP-01`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The whole path in one sentence.
    pub narrative: String,
    /// Who can take it.
    pub sources: Vec<End>,
    /// How many can; `sources` names the first of them.
    pub source_count: usize,
    /// Where it leads.
    pub sink: End,
    /// The number of hops, with two more for each condition and one more for each wait.
    pub cost: u32,
    /// The hops.
    pub hops: Vec<PathHop>,
    /// The hop that is least sure.
    pub weakest: Weakest,
    /// The one change that ends this path and most others.
    pub cut: Option<ChokePoint>,
}

/// One end of a path or hop.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct End {
    /// `user`, `role`, `notebook-instance`, `bucket`, `internet`, `admin`, …
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its ARN, where there is one.
    pub arn: Option<String>,
}

/// One hop.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathHop {
    /// From 1.
    pub number: usize,
    /// Where it starts.
    pub from: End,
    /// Where it leads.
    pub to: End,
    /// `can-run-as`, `takes-over`, …
    pub edge: &'static str,
    /// The technique, as `sm-new-02`.
    pub technique: &'static str,
    /// What the technique rests on.
    pub confidence: Confidence,
    /// The hop in words.
    pub says: String,
    /// Whether it is sure.
    pub certainty: Certainty,
    /// It takes effect only when somebody else acts.
    pub waits: bool,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// What would end it.
    pub cuts: Vec<String>,
}

/// Whether a hop is sure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Certainty {
    /// Nothing that was seen stands in the way.
    Certain,
    /// It hangs on these condition keys.
    Conditional {
        /// The keys.
        keys: Vec<String>,
    },
    /// It holds unless this says otherwise, which was not seen.
    Assumed {
        /// What was not seen.
        unseen: String,
    },
}

/// What proves a hop.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Evidence {
    /// A statement of a policy.
    Statement {
        /// Whose policy it is.
        holder: String,
        /// The policy.
        policy: String,
        /// The number of the statement, from 1.
        statement: usize,
        /// Its `Sid`.
        sid: Option<String>,
    },
    /// A field of a resource.
    Field {
        /// The resource.
        resource: String,
        /// The field of the API.
        field: String,
    },
}

/// The least sure hop of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Weakest {
    /// Its number.
    pub hop: usize,
    /// Why it is the least sure.
    pub why: String,
}

/// One change, and what it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChokePoint {
    /// The change.
    pub change: String,
    /// How many of the paths found it ends, other ways to the same goal counted in.
    pub ends: usize,
}

/// Something that was not seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MapGap {
    /// What it would have told of.
    pub what: String,
    /// Why it was not seen.
    pub why: String,
    /// The IAM action to grant, when that would help.
    pub grant: Option<String>,
}

impl MapGap {
    pub(crate) fn new(what: String, gap: &Gap) -> MapGap {
        MapGap { what, why: gap.to_string(), grant: gap.grant.clone() }
    }
}

/// What was left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// Paths longer than the limit.
    pub too_long: usize,
    /// Paths beyond the limit of their number.
    pub too_many: usize,
    /// Combinations of principals and targets that were not tried.
    pub not_tried: usize,
    /// Gaps beyond the first hundred.
    pub gaps: usize,
}

impl Cut {
    /// Whether anything was left out.
    pub fn any(&self) -> bool {
        self.too_long + self.too_many + self.not_tried > 0
    }
}
