use super::outsiders;
use crate::prelude::*;

pub(super) struct ModelGroupPolicyNotExternal;

impl Check for ModelGroupPolicyNotExternal {
    type On<'w> = &'w ModelPackageGroup;

    const META: Meta = Meta {
        id: "model-group-policy-not-external",
        title: "Policies of model package groups let no other account in",
        severity: Severity::High,
        reads: &[Table::ModelPackageGroups],
        practices: &["RES-5"],
        page: include_str!("model_group_policy_not_external.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, group: &ModelPackageGroup, here: &Here<'_>) -> Judged {
        outsiders::judge(&group.policy, &group.arn, &CALLS, Severity::Medium, here)
    }
}

/// What matters about a group and its packages, worst first. Source: service authorization reference of SageMaker, 2026.
const CALLS: [&str; 8] = [
    "sagemaker:CreateModelPackage",
    "sagemaker:UpdateModelPackage",
    "sagemaker:DeleteModelPackage",
    "sagemaker:DeleteModelPackageGroup",
    "sagemaker:PutModelPackageGroupPolicy",
    "sagemaker:DescribeModelPackage",
    "sagemaker:DescribeModelPackageGroup",
    "sagemaker:ListModelPackages",
];
