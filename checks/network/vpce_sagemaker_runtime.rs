use super::endpoints;
use crate::prelude::*;

pub(super) struct VpceSagemakerRuntime;

impl Check for VpceSagemakerRuntime {
    type On<'w> = &'w Vpc;

    const META: Meta = Meta {
        id: "vpce-sagemaker-runtime",
        title: "VPCs of workloads have an endpoint for SageMaker Runtime",
        severity: Severity::Medium,
        reads: &[Table::Vpcs, Table::VpcEndpoints, Table::RouteTables],
        practices: &["NET-5"],
        page: include_str!("vpce_sagemaker_runtime.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, vpc: &Vpc, here: &Here<'_>) -> Judged {
        endpoints::judge(vpc, "sagemaker.runtime", "SageMaker Runtime", here)
    }
}
