use super::{roles, wide};
use crate::prelude::*;

pub(super) struct RoleNoAdminAccess;

impl Check for RoleNoAdminAccess {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-no-admin-access",
        title: "Execution roles are not administrators",
        severity: Severity::Critical,
        reads: roles::POLICIES,
        practices: &["ID-3", "ID-5"],
        page: include_str!("role_no_admin_access.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let permissions = here.world.role_permissions(role)?;
        let Some(proof) = wide::administers(permissions)? else {
            return Ok(pass("no statement makes it an administrator"));
        };
        let extent = match wide::does_anything(permissions) {
            Ok(Some(_)) => "it may do everything in the account",
            _ => "it may do everything in IAM, and so give itself every other right",
        };
        let verdict = proof.on(fail(format!("{extent}: {}", proof.words())));
        Ok(if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::High) })
    }
}
