use super::{roles, wide};
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
        let permissions = match principal {
            Principal::Role(role) if roles::is_service_linked(role) => return Ok(not_concerned()),
            Principal::Role(role) => here.world.role_permissions(role)?,
            Principal::User(user) => here.world.user_permissions(user)?,
        };
        let Some(operation) = wide::hands_over_a_role(permissions)? else {
            return Ok(not_concerned());
        };
        let Some(proof) = wide::passes_any_role(permissions)? else {
            return Ok(pass("it may pass to SageMaker only roles that its policies name").with("operation", operation));
        };
        let says = format!("it may call {operation} and pass it any role of the account: {}", proof.words());
        let verdict = proof.on(fail(says)).with("operation", operation);
        Ok(match (wide::is_administrator_by_purpose(principal, here), proof.keys.is_empty()) {
            (true, _) => verdict.severity(Severity::Low).with("administrator", true),
            (false, true) => verdict,
            (false, false) => verdict.severity(Severity::Medium),
        })
    }
}
