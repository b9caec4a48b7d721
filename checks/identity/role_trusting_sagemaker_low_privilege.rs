use super::trust::{SAGEMAKER, Trust};
use super::{roles, wide};
use crate::prelude::*;

pub(super) struct RoleTrustingSagemakerLowPrivilege;

impl Check for RoleTrustingSagemakerLowPrivilege {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-trusting-sagemaker-low-privilege",
        title: "No role that SageMaker may assume is an administrator",
        severity: Severity::High,
        reads: &[Table::Roles, Table::Policies],
        practices: &["ID-6"],
        page: include_str!("role_trusting_sagemaker_low_privilege.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if roles::is_service_linked(role) {
            return Ok(not_concerned());
        }
        let Some(service) = Trust::of(role)?.first_admitted(&SAGEMAKER) else {
            return Ok(not_concerned());
        };
        let permissions = here.world.role_permissions(role)?;
        let Some(proof) = wide::administers(permissions)? else {
            return Ok(pass(format!("{service} may assume it, and it is no administrator")));
        };
        let says = format!(
            "{service} may assume it and it may do everything in IAM, so whoever may pass it to a job is an \
             administrator: {}",
            proof.words()
        );
        let verdict = proof.on(fail(says)).with("service", service);
        let verdict = verdict.with("remedy", "a narrower policy, or a trust policy without SageMaker");
        Ok(if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) })
    }
}
