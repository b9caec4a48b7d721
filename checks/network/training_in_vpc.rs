use crate::prelude::*;

pub(super) struct TrainingInVpc;

impl Check for TrainingInVpc {
    type On<'w> = &'w TrainingJob;

    const META: Meta = Meta {
        id: "training-in-vpc",
        title: "Training jobs run in a VPC of yours",
        severity: Severity::Medium,
        reads: &[Table::TrainingJobs],
        practices: &["NET-1"],
        page: include_str!("training_in_vpc.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &TrainingJob, _here: &Here<'_>) -> Judged {
        if let Some(vpc) = job.vpc.get()? {
            return Ok(super::joins(vpc));
        }
        if job.serverless.get()? == Some(&true) {
            return Err(unclear("AWS does not say whether a serverless training job can be given a VPC"));
        }
        Ok(fail("it has no VpcConfig: its containers run in a network of AWS, where you control nothing"))
    }
}
