//! The engine: the looping, counting and ordering that no check does itself.
//!
//! [`judge`] runs checks over a [`World`] and returns a [`Report`]; a [`Check`] judges one resource; a [`Subject`] is a
//! kind of resource that can be judged.

mod addresses;
mod arn;
mod bucket_settings;
mod check;
mod code_sources;
mod eks;
mod evidence;
mod fence;
mod file_systems;
mod front_doors;
mod judge;
mod mlflow;
mod organization;
mod permissions;
mod places;
mod policy_texts;
mod report;
mod role_uses;
mod score;
mod serving;
mod subject;
mod text;
mod topics;
mod workload;
mod world;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod laws;

pub use crate::snapshot::{Reference, What};
pub use addresses::Addresses;
pub use arn::{Arn, is_account_id};
pub use check::{
    Check, Confidence, Judged, Meta, Section, Severity, Status, Verdict, exempt, fail, not_concerned, pass, unclear,
};
pub use code_sources::{CodeSource, Urls};
pub use evidence::Evidence;
pub use fence::Fence;
pub use file_systems::FileSystemUse;
pub use front_doors::{FrontDoor, Way};
pub use judge::{AnyCheck, Registered, judge, judge_keeping, rescore};
pub use mlflow::Mlflow;
pub(crate) use organization::Ceiling;
pub use permissions::{Likeness, OWN_PROFILE, Permissions, Proof, Right, STRANGER, first};
pub use policy_texts::PolicyText;
pub use report::{CoverageLine, Finding, Manual, REPORT_FORMAT, Report, ReportScan, Score, SectionScore, Tool, Waived};
pub use role_uses::{RoleUses, Uses, Work};
pub use score::Sum;
pub use serving::Runner;
pub use subject::{
    Accelerated, Containers, Job, Mounts, Population, Principal, Resource, Serveable, Session, StudioSettings, Subject,
};
pub use text::Text;
pub use workload::{Life, Named, Workload, context_references, references};
pub use world::{Egress, GLOBAL, Here, KeyOwner, World, bucket_of};
