use crate::prelude::*;

pub(super) struct ProcessingInVpc;

impl Check for ProcessingInVpc {
    type On<'w> = &'w ProcessingJob;

    const META: Meta = Meta {
        id: "processing-in-vpc",
        title: "Processing jobs run in a VPC of yours",
        severity: Severity::Medium,
        reads: &[Table::ProcessingJobs],
        practices: &["NET-1"],
        page: include_str!("processing_in_vpc.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &ProcessingJob, _here: &Here<'_>) -> Judged {
        Ok(match job.vpc.get()? {
            Some(vpc) => super::joins(vpc),
            None => fail("it has no VpcConfig: its containers run in a network of AWS, where you control nothing"),
        })
    }
}
