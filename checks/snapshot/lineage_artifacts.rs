//! Whether SageMaker's lineage tracking holds anything.

use serde_json::{Value, json};

use super::record::record;
use super::wire::Filled;
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

record! {
    /// Whether there is any artifact of lineage in a region, where models or training jobs are (ListArtifacts, one item).
    /// There may be millions, and nothing is asked of them but that.
    pub struct LineageArtifacts in lineage_artifacts {
        any: Seen<bool> = "ArtifactSummaries" as Filled,
    }
    by Spec {
        created: "",
        summary: &["ArtifactSummaries"],
        needs: &[Table::Models, Table::TrainingJobs],
        ..Spec::of(Table::LineageArtifacts, List {
            size: Some(("MaxResults", 1)),
            per: Some(where_something_has_a_lineage),
            ..List::of(read!("sagemaker", "ListArtifacts"), "")
        })
    }
}

fn where_something_has_a_lineage(known: &Known<'_>) -> Listed<Value> {
    let (models, jobs) = (&known.region.models, &known.region.training_jobs);
    let none = models.is_empty() && jobs.is_empty();
    let missing = models.missing.as_ref().or(jobs.missing.as_ref()).filter(|_| none);
    Listed { items: if none { Vec::new() } else { vec![json!({})] }, missing: missing.cloned() }
}
