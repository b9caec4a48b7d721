use super::{custody, disks};
use crate::prelude::*;

pub(super) struct TrainingVolumeCmk;

impl Check for TrainingVolumeCmk {
    type On<'w> = &'w TrainingJob;

    const META: Meta = Meta {
        id: "training-volume-cmk",
        title: "Training job volumes use a customer managed key",
        severity: Severity::Medium,
        reads: &[Table::TrainingJobs, Table::Keys],
        practices: &["REST-1", "EX-3"],
        page: include_str!("training_volume_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &TrainingJob, here: &Here<'_>) -> Judged {
        if job.serverless.get()? == Some(&true) {
            return Ok(exempt("the job is serverless and has no volume of its own"));
        }
        let instances = job.instances.known("ResourceConfig")?;
        let key = custody::named(job.volume_key.get()?);
        let types = instances.iter().map(|group| group.instance_type.as_str());
        let verdict = match key {
            Some(key) => custody::of_key("the volume", key, here)?.verdict(),
            None => disks::without_key(types.clone())?,
        };
        Ok(verdict.with("volume_key", key).with("instance_types", types.collect::<Vec<_>>()))
    }
}
