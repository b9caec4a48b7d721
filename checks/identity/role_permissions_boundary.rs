use super::{roles, wide};
use crate::prelude::*;

pub(super) struct RolePermissionsBoundary;

impl Check for RolePermissionsBoundary {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-permissions-boundary",
        title: "Execution roles have a permissions boundary",
        severity: Severity::Low,
        confidence: Confidence::Medium,
        preview: true,
        reads: roles::POLICIES,
        practices: &["ID-3"],
        page: include_str!("role_permissions_boundary.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let Some(arn) = role.boundary.get()? else {
            return Ok(fail("it has no permissions boundary, so its policies are its only limit")
                .with("remedy", "a permissions boundary with what workloads may need at most"));
        };
        let permissions = here.world.role_permissions(role)?;
        let Some(boundary) = permissions.boundary() else {
            permissions.complete()?;
            return Err(unclear(format!("boundary {arn} could not be read")));
        };
        let verdict = match wide::administers(&boundary)? {
            Some(proof) if proof.keys.is_empty() => proof.on(fail(format!(
                "its boundary {arn} lets it change every role, and so limits nothing: {}",
                proof.words()
            ))),
            Some(proof) => {
                let keys = proof.keys.join(", ");
                pass(format!("its boundary is {arn}, which opens IAM only under conditions on {keys}"))
            }
            None => pass(format!("its boundary is {arn}")),
        };
        Ok(verdict.with("boundary", arn.as_str()))
    }
}
