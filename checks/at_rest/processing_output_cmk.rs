use super::custody;
use crate::prelude::*;

pub(super) struct ProcessingOutputCmk;

impl Check for ProcessingOutputCmk {
    type On<'w> = &'w ProcessingJob;

    const META: Meta = Meta {
        id: "processing-output-cmk",
        title: "Processing job outputs are encrypted with a customer managed key",
        severity: Severity::Medium,
        reads: &[Table::ProcessingJobs, Table::Buckets, Table::Keys],
        practices: &["REST-2"],
        page: include_str!("processing_output_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &ProcessingJob, here: &Here<'_>) -> Judged {
        let outputs = job.outputs.get()?.map(Vec::as_slice).unwrap_or_default();
        let key = custody::named(job.output_key.get()?);
        let each = outputs.iter().map(|uri| custody::of_destination("the output", key, uri, here));
        let verdict = match custody::worst(each)? {
            Some(custody) => custody.verdict(),
            None => exempt("the job writes nothing to S3"),
        };
        Ok(verdict.with("output_key", key).with("outputs", outputs))
    }
}
