use crate::aws::buckets::foreign_artifact;
use crate::prelude::*;

pub(super) struct ModelArtifactBucketOwned;

impl Check for ModelArtifactBucketOwned {
    type On<'w> = &'w Model;

    const META: Meta = Meta {
        id: "model-artifact-bucket-owned",
        title: "Models are loaded from buckets of this account or of AWS",
        severity: Severity::High,
        reads: &[Table::Models, Table::EndpointConfigs, Table::Endpoints, Table::Buckets],
        practices: &["SUP-4"],
        page: include_str!("model_artifact_bucket_owned.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, model: &Model, here: &Here<'_>) -> Judged {
        let containers = model.containers.get()?.into_iter().flatten();
        let artifacts: Vec<&String> = containers.flat_map(|c| c.data.iter().chain(&c.more_data)).collect();
        if artifacts.is_empty() {
            return Ok(exempt("it loads no artifacts: they lie in the image or in a model package, or there are none"));
        }
        let mut doubt = None;
        for uri in artifacts {
            match foreign_artifact(uri, here) {
                Ok(Some(says)) => return Ok(fail(says).with("artifacts", uri.as_str())),
                Ok(None) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(pass("all of its artifacts lie in buckets of this account or of AWS"))
    }
}
