use sagescan_policy::Context;

use super::trust::Trust;
use super::{roles, wide};
use crate::prelude::*;

pub(super) struct CicdBuildRoleScoped;

/// The services that build and deploy for SageMaker projects. Source: developer guide, "MLOps project templates", 2026.
const BUILDERS: [&str; 3] = ["codebuild", "codepipeline", "cloudformation"];

impl Check for CicdBuildRoleScoped {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "cicd-build-role-scoped",
        title: "Roles that build and deploy for SageMaker are limited to that",
        severity: Severity::High,
        confidence: Confidence::Medium,
        reads: &[Table::Roles, Table::Policies],
        practices: &["SUP-2"],
        page: include_str!("cicd_build_role_scoped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if roles::is_service_linked(role) {
            return Ok(not_concerned());
        }
        let Some(service) = Trust::of(role)?.first_admitted(&BUILDERS) else {
            return Ok(not_concerned());
        };
        let permissions = here.world.role_permissions(role)?;
        if !of_project(role) && wide::hands_over_a_role(permissions)?.is_none() {
            // Without the tags it may still be the role of a project.
            role.tags.get()?;
            return Ok(not_concerned());
        }
        let admin = wide::administers(permissions);
        if let Ok(Some(proof)) = &admin {
            let says = format!("{service} works under it and it may do everything in IAM: {}", proof.words());
            let verdict = proof.on(fail(says)).with("service", service);
            return Ok(verdict.with("remedy", "a policy with what the pipeline builds and deploys"));
        }
        // Whichever service it goes to: a condition on the service does not name a role.
        let pass_any = permissions.may("iam:PassRole", &wide::any_role(permissions), Context::open());
        if let Ok(Some(proof)) = &pass_any {
            let says = format!("{service} works under it and it may pass any role of the account: {}", proof.words());
            let verdict = proof.on(fail(says)).with("service", service);
            return Ok(verdict.with("remedy", "the ARN of the deployment role in this statement"));
        }
        admin?;
        pass_any?;
        Ok(pass(format!("{service} works under it, and it is no administrator and passes only named roles")))
    }
}

/// Whether the role belongs to a SageMaker project: by the tags that SageMaker puts on what a project makes, or by the
/// names of the roles that the templates use (developer guide, "Permissions required to use projects", 2026).
fn of_project(role: &Role) -> bool {
    let tagged = |tag: &Tag| matches!(tag.key.as_str(), "sagemaker:project-name" | "sagemaker:project-id");
    role.tags.shown().is_some_and(|tags| tags.iter().any(tagged))
        || role.name.starts_with("AmazonSageMakerServiceCatalogProducts")
}
