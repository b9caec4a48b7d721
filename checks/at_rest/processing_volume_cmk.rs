use super::{custody, disks};
use crate::prelude::*;

pub(super) struct ProcessingVolumeCmk;

impl Check for ProcessingVolumeCmk {
    type On<'w> = &'w ProcessingJob;

    const META: Meta = Meta {
        id: "processing-volume-cmk",
        title: "Processing job volumes use a customer managed key",
        severity: Severity::Medium,
        reads: &[Table::ProcessingJobs, Table::Keys],
        practices: &["REST-1"],
        page: include_str!("processing_volume_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &ProcessingJob, here: &Here<'_>) -> Judged {
        let kind = job.instances.known("ClusterConfig")?.instance_type.as_str();
        let key = custody::named(job.volume_key.get()?);
        let verdict = match key {
            Some(key) => custody::of_key("the volume", key, here)?.verdict(),
            None => disks::without_key([kind])?,
        };
        Ok(verdict.with("volume_key", key).with("instance_type", kind))
    }
}
