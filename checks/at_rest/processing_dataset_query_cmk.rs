use super::custody;
use crate::prelude::*;

pub(super) struct ProcessingDatasetQueryCmk;

impl Check for ProcessingDatasetQueryCmk {
    type On<'w> = &'w ProcessingJob;

    const META: Meta = Meta {
        id: "processing-dataset-query-cmk",
        title: "Answers to queries of processing jobs are encrypted with a customer managed key",
        severity: Severity::Low,
        reads: &[Table::ProcessingJobs, Table::Buckets, Table::Keys],
        practices: &["REST-5"],
        page: include_str!("processing_dataset_query_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &ProcessingJob, here: &Here<'_>) -> Judged {
        let queries = job.dataset_queries.get()?.map(Vec::as_slice).unwrap_or_default();
        let answers = queries.iter().flat_map(|query| {
            let of_athena = query.athena.iter().map(|answer| ("the answer of Athena", answer));
            of_athena.chain(query.redshift.iter().map(|answer| ("the answer of Redshift", answer)))
        });
        let each = answers.map(|(what, answer)| {
            let uri = answer.output.as_deref().ok_or_else(|| unclear(format!("{what} goes nobody knows where")))?;
            custody::of_destination(what, custody::named(answer.key.as_ref()), uri, here)
        });
        Ok(match custody::worst(each)? {
            Some(custody) => custody.verdict().with("queries", queries.len()),
            None => not_concerned(),
        })
    }
}
