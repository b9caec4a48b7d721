use super::endpoints;
use crate::prelude::*;

pub(super) struct VpceSagemakerApi;

impl Check for VpceSagemakerApi {
    type On<'w> = &'w Vpc;

    const META: Meta = Meta {
        id: "vpce-sagemaker-api",
        title: "VPCs of workloads have an endpoint for the SageMaker API",
        severity: Severity::Medium,
        reads: &[Table::Vpcs, Table::VpcEndpoints, Table::RouteTables],
        practices: &["NET-5"],
        page: include_str!("vpce_sagemaker_api.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, vpc: &Vpc, here: &Here<'_>) -> Judged {
        endpoints::judge(vpc, "sagemaker.api", "the SageMaker API", here)
    }
}
