use super::custody;
use crate::prelude::*;

pub(super) struct TrainingOutputCmk;

impl Check for TrainingOutputCmk {
    type On<'w> = &'w TrainingJob;

    const META: Meta = Meta {
        id: "training-output-cmk",
        title: "Training job outputs are encrypted with a customer managed key",
        severity: Severity::Medium,
        reads: &[Table::TrainingJobs, Table::Buckets, Table::Keys],
        practices: &["REST-2"],
        page: include_str!("training_output_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &TrainingJob, here: &Here<'_>) -> Judged {
        let path = job.output_path.known("S3OutputPath")?;
        let key = custody::named(job.output_key.get()?);
        let custody = custody::of_destination("the model artifact", key, path, here)?;
        Ok(custody.verdict().with("output_key", key).with("output_path", path.as_str()))
    }
}
