use super::{roles, wide};
use crate::prelude::*;

pub(super) struct RoleNoSagemakerFullAccess;

/// AWS managed policies that open SageMaker, or a part of it, and pass any role. Source: AWS managed policy reference,
/// August 2026.
const FAMILY: [&str; 6] = [
    "AmazonSageMakerFullAccess",
    "AmazonSageMakerCanvasFullAccess",
    "AmazonSageMakerCanvasDataPrepFullAccess",
    "AmazonSageMakerModelRegistryFullAccess",
    "SageMakerStudioFullAccess",
    "SageMakerStudioAdminIAMDefaultExecutionPolicy",
];

impl Check for RoleNoSagemakerFullAccess {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-no-sagemaker-full-access",
        title: "Execution roles do not have full access to SageMaker",
        severity: Severity::High,
        reads: roles::POLICIES,
        practices: &["ID-5", "EX-1"],
        page: include_str!("role_no_sagemaker_full_access.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let attached = role.attached.shown().into_iter().flatten();
        let families: Vec<&str> = attached.filter_map(|arn| family(arn)).collect();
        if let Some(name) = families.first() {
            let says = format!("{name} is attached, which lets it pass roles to SageMaker and use whatever they may");
            return Ok(fail(says).with("policies", families));
        }
        let permissions = here.world.role_permissions(role)?;
        let (all, any) = (wide::does_anything_in_sagemaker(permissions), wide::passes_any_role(permissions));
        match (all, any) {
            (Ok(Some(proof)), Ok(Some(passing))) => {
                let says = format!(
                    "it may do everything in SageMaker ({}) and pass any role to it ({}): full access in all but name",
                    proof.words(),
                    passing.words()
                );
                Ok(proof.on(fail(says)).with("pass_role_policy", &*passing.policy))
            }
            (all, any) => {
                let (all, any) = (all?, any?);
                permissions.complete()?;
                Ok(pass(match (all.is_some(), any.is_some()) {
                    (true, _) => "it may do everything in SageMaker, but pass only roles that its policies name",
                    (_, true) => "it may pass any role to SageMaker, but not do everything there",
                    _ => "neither a full-access policy of SageMaker nor the like of one is attached",
                }))
            }
        }
    }
}

fn family(arn: &str) -> Option<&'static str> {
    let parts = Arn::parse(arn).filter(|arn| arn.service == "iam" && arn.account == "aws")?;
    let name = short_name(parts.named("policy")?);
    FAMILY.into_iter().find(|known| *known == name)
}
