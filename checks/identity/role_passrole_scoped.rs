use super::{callers, roles, wide};
use crate::engine::Principal;
use crate::prelude::*;

pub(super) struct RolePassroleScoped;

impl Check for RolePassroleScoped {
    type On<'w> = Principal<'w>;

    const META: Meta = Meta {
        id: "role-passrole-scoped",
        title: "Whoever creates SageMaker resources may pass only named roles",
        severity: Severity::High,
        reads: roles::PRINCIPALS,
        practices: &["ID-7"],
        page: include_str!("role_passrole_scoped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, principal: Principal<'_>, here: &Here<'_>) -> Judged {
        let Some(permissions) = callers::permissions_of(principal, here)? else {
            return Ok(not_concerned());
        };
        let Some(operation) = wide::hands_over_a_role(permissions)? else {
            return Ok(not_concerned());
        };
        let Some(proof) = wide::passes_any_role(permissions)? else {
            return Ok(pass("it may pass to SageMaker only roles that its policies name").with("operation", operation));
        };
        let says = format!("it may call {operation} and pass it any role of the account: {}", proof.words());
        let verdict = proof.on(fail(says)).with("operation", operation);
        let administers = wide::is_administrator_by_purpose(principal, here);
        Ok(match (administers, proof.keys.is_empty()) {
            (true, _) => verdict.severity(Severity::Low).with("administrator", true),
            (false, true) => verdict,
            (false, false) => verdict.severity(Severity::Medium),
        })
    }
}
