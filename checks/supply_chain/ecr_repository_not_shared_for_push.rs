use crate::identity::outsiders;
use crate::prelude::*;

pub(super) struct EcrRepositoryNotSharedForPush;

impl Check for EcrRepositoryNotSharedForPush {
    type On<'w> = &'w Repository;

    const META: Meta = Meta {
        id: "ecr-repository-not-shared-for-push",
        title: "Policies of repositories that SageMaker runs images of let no other account in",
        severity: Severity::High,
        reads: &[Table::EcrRepositories],
        practices: &["SUP-1"],
        page: include_str!("ecr_repository_not_shared_for_push.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, repository: &Repository, here: &Here<'_>) -> Judged {
        outsiders::judge(&repository.policy, &repository.arn, &CALLS, Severity::Medium, here)
    }
}

/// What matters about a repository, worst first. Source: service authorization reference of Amazon ECR, 2026.
const CALLS: [&str; 8] = [
    "ecr:PutImage",
    "ecr:InitiateLayerUpload",
    "ecr:CompleteLayerUpload",
    "ecr:BatchDeleteImage",
    "ecr:SetRepositoryPolicy",
    "ecr:DeleteRepository",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
];
