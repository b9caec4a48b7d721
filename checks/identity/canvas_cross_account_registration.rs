use super::studio::{account_of_role, settings};
use crate::engine::StudioSettings;
use crate::prelude::*;

pub(super) struct CanvasCrossAccountRegistration;

impl Check for CanvasCrossAccountRegistration {
    type On<'w> = StudioSettings<'w>;

    const META: Meta = Meta {
        id: "canvas-cross-account-registration",
        title: "Canvas registers models in this account only",
        severity: Severity::High,
        reads: &[Table::Domains, Table::UserProfiles],
        practices: &["RES-5"],
        page: include_str!("canvas_cross_account_registration.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, it: StudioSettings<'_>, here: &Here<'_>) -> Judged {
        let Some(settings) = settings(it) else {
            return Ok(not_concerned());
        };
        let Some(role) = settings.canvas_registration_role.get()? else {
            return Ok(match settings.canvas_registration.get()?.map(String::as_str) {
                Some("ENABLED") => pass("no role of another account registers its Canvas models"),
                _ => not_concerned(),
            });
        };
        let account = account_of_role(role)?;
        if account == here.world.snapshot.scan.account {
            return Ok(pass("Canvas registers models with a role of this account").with("role", role.as_str()));
        }
        let is_off = settings.canvas_registration.get().is_ok_and(|status| status.is_some_and(|s| s == "DISABLED"));
        let says = format!("Canvas registers models in account {account}, with {role}");
        let verdict = match is_off {
            true => fail(format!("{says}, as soon as registration is switched on")).severity(Severity::Low),
            false => fail(says),
        };
        Ok(verdict.with("role", role.as_str()).with("account", account))
    }
}
