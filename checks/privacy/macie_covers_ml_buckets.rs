use crate::aws::buckets::{is_directory_bucket, is_of_sagemaker};
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct MacieCoversMlBuckets;

impl Check for MacieCoversMlBuckets {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "macie-covers-ml-buckets",
        title: "Macie looks into the buckets of SageMaker resources",
        severity: Severity::Medium,
        reads: workloads![Buckets, MacieSessions, MacieBuckets],
        practices: &["PRIV-1"],
        page: include_str!("macie_covers_ml_buckets.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("it is a directory bucket, which Macie does not know"));
        }
        let Some(at) = bucket.region.get()? else {
            return Ok(exempt("it does not exist (any more)"));
        };
        let region = here.world.region(at).ok_or_else(|| unclear(format!("it lies in {at}, which was not scanned")))?;
        let Some(session) = region.region.macie_sessions.find(|_| true)? else {
            return Ok(fail(format!("Macie is not enabled in {at}")));
        };
        if session.status.known("status")? == "PAUSED" {
            return Ok(fail(format!("Macie is suspended in {at}")));
        }
        let known = region.region.macie_buckets.find(|known| known.name == bucket.name)?;
        let known = known.ok_or_else(|| unclear("Macie of this account does not know it: it is new, or not ours"))?;
        let verdict = looked_into(known)?;
        let verdict = verdict.with("automated_discovery", session.discovery.shown().copied());
        Ok(verdict.with("sensitivity", known.sensitivity.shown().copied()))
    }
}

fn looked_into(bucket: &MacieBucket) -> Judged {
    if let Some(error) = bucket.error.get()? {
        return Ok(fail(format!("Macie cannot look into it: {error}")));
    }
    let (discovery, job) = (bucket.discovery.known("automatedDiscoveryMonitoringStatus"), job(bucket));
    match (discovery.map(String::as_str), job) {
        (Ok("MONITORED"), _) => Ok(pass("automated discovery looks into it")),
        (_, Ok(Some(says))) => Ok(pass(says)),
        (Ok("NOT_MONITORED"), Ok(None)) => Ok(fail("neither automated discovery nor a job of Macie looks into it")),
        (Ok(other), Ok(None)) => Err(unclear(format!("automatedDiscoveryMonitoringStatus is {other}"))),
        (Err(unseen), _) | (_, Err(unseen)) => Err(unseen),
    }
}

/// The job that covers the bucket, in words.
fn job(bucket: &MacieBucket) -> Result<Option<&'static str>, Unseen> {
    match bucket.monitored_by_job.known("isMonitoredByJob")?.as_str() {
        "TRUE" => return Ok(Some("a scheduled job of Macie looks into it")),
        "FALSE" => {}
        other => return Err(unclear(format!("whether a job monitors it is {other}"))),
    }
    match bucket.defined_in_job.known("isDefinedInJob")?.as_str() {
        "TRUE" => Ok(Some("a job of Macie looked into it once")),
        "FALSE" => Ok(None),
        other => Err(unclear(format!("whether a job is about it is {other}"))),
    }
}
