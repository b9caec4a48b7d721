//! Attack paths: who can become what, through which hops, and which one change ends most of it.
//!
//! [`attack_paths`] builds a graph over a snapshot and searches it. The questions behind its edges are also what the `path-*`
//! checks ask, one resource at a time. Sources of the techniques stand at their table; the reasons for the shape are in
//! `docs/decisions/0006-attack-paths.md`.

mod cast;
mod graph;
mod report;
mod rights;
mod rules;
mod search;
pub(crate) mod stage;
mod survey;
mod technique;
mod telling;
pub(crate) mod way_out;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod rules_told;

pub(crate) use cast::Standing;
pub use report::{
    AttackPath, Certainty, ChokePoint, Cut, End, Evidence, MapGap, PATHS_FORMAT, PathHop, PathReport, Size, Weakest,
};
pub(crate) use rights::Answer;
pub use rules::RULES;
pub use search::{PathError, Query, attack_paths, saw_nobody};
pub(crate) use stage::object_of;
pub(crate) use survey::{Handed, Survey, ask_in_general};
pub use technique::Confidence;
pub(crate) use telling::Telling;

use crate::snapshot::{Table, workloads};

/// The tables that the graph is made of.
pub const READS: &[Table] = workloads![
    Users,
    Groups,
    Roles,
    Policies,
    Organization,
    Credentials,
    Subnets,
    RouteTables,
    PublicAccessBlock,
    Buckets,
    Keys,
    KeyGrants,
    EcrRepositories,
    EventRules,
    FileSystems,
    NetworkInterfaces,
    SecurityGroups,
    VpcEndpoints
];
