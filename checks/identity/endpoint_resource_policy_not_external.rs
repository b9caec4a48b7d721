use super::outsiders;
use crate::prelude::*;

pub(super) struct EndpointResourcePolicyNotExternal;

impl Check for EndpointResourcePolicyNotExternal {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-resource-policy-not-external",
        title: "Resource policies of endpoints let no other account in",
        severity: Severity::High,
        reads: &[Table::Endpoints],
        practices: &["NET-8"],
        page: include_str!("endpoint_resource_policy_not_external.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        outsiders::judge(&endpoint.policy, &endpoint.arn, &CALLS, Severity::Medium, here)
    }
}

/// What can be done to an endpoint, worst first. Source: service authorization reference of SageMaker, 2026.
const CALLS: [&str; 8] = [
    "sagemaker:UpdateEndpoint",
    "sagemaker:UpdateEndpointWeightsAndCapacities",
    "sagemaker:DeleteEndpoint",
    "sagemaker:InvokeEndpoint",
    "sagemaker:InvokeEndpointAsync",
    "sagemaker:InvokeEndpointWithResponseStream",
    "sagemaker:InvokeEndpointWithBidirectionalStream",
    "sagemaker:DescribeEndpoint",
];
