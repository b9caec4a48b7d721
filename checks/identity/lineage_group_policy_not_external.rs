use super::outsiders;
use crate::prelude::*;

pub(super) struct LineageGroupPolicyNotExternal;

impl Check for LineageGroupPolicyNotExternal {
    type On<'w> = &'w LineageGroup;

    const META: Meta = Meta {
        id: "lineage-group-policy-not-external",
        title: "Policies of lineage groups let no other account in",
        severity: Severity::Medium,
        reads: &[Table::LineageGroups],
        practices: &["RES-5"],
        page: include_str!("lineage_group_policy_not_external.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, group: &LineageGroup, here: &Here<'_>) -> Judged {
        outsiders::judge(&group.policy, &group.arn, &CALLS, Severity::Low, here)
    }
}

/// What can be done to shared lineage. Source: SageMaker AI developer guide, "Cross-account lineage tracking", 2026.
const CALLS: [&str; 8] = [
    "sagemaker:AddAssociation",
    "sagemaker:DeleteAssociation",
    "sagemaker:QueryLineage",
    "sagemaker:DescribeArtifact",
    "sagemaker:DescribeAction",
    "sagemaker:DescribeContext",
    "sagemaker:DescribeTrialComponent",
    "sagemaker:DescribeLineageGroup",
];
