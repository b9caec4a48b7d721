use crate::prelude::*;

pub(super) struct ProcessingNetworkIsolation;

impl Check for ProcessingNetworkIsolation {
    type On<'w> = &'w ProcessingJob;

    const META: Meta = Meta {
        id: "processing-network-isolation",
        title: "Processing containers have no network",
        severity: Severity::Medium,
        reads: &[Table::ProcessingJobs],
        practices: &["NET-3"],
        page: include_str!("processing_network_isolation.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &ProcessingJob, _here: &Here<'_>) -> Judged {
        // A job without NetworkConfig has no such field, and then isolation was not asked for.
        let isolated = job.network_isolation.get()?.copied().unwrap_or(false);
        Ok(match (isolated, job.vpc.shown()) {
            (true, _) => pass("network isolation is on"),
            (false, _) if job.auto_ml_job.shown().is_some() => {
                exempt("an AutoML job started it, and AutoML offers no network isolation")
            }
            (false, Some(_)) => fail("network isolation is off: its containers reach whatever its VPC reaches"),
            (false, None) => fail("network isolation is off: its containers can call any address"),
        })
    }
}
