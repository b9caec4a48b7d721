use super::studio::settings;
use crate::engine::StudioSettings;
use crate::prelude::*;

pub(super) struct CanvasDirectDeployControlled;

impl Check for CanvasDirectDeployControlled {
    type On<'w> = StudioSettings<'w>;

    const META: Meta = Meta {
        id: "canvas-direct-deploy-controlled",
        title: "Canvas users do not deploy endpoints themselves",
        severity: Severity::Low,
        reads: &[Table::Domains, Table::UserProfiles],
        practices: &["ID-8"],
        page: include_str!("canvas_direct_deploy_controlled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, it: StudioSettings<'_>, _here: &Here<'_>) -> Judged {
        let Some(settings) = settings(it) else {
            return Ok(not_concerned());
        };
        let whose = if settings.is_domain { "user profiles" } else { "its user" };
        Ok(match settings.canvas_direct_deploy.get()?.map(String::as_str) {
            None => not_concerned(),
            Some("DISABLED") => pass(format!("{whose} cannot deploy models from Canvas")),
            Some("ENABLED") => fail(format!("{whose} may turn a Canvas model into an endpoint without review"))
                .with("field", "CanvasAppSettings.DirectDeploySettings.Status"),
            Some(other) => return Err(unclear(format!("DirectDeploySettings.Status is `{other}`"))),
        })
    }
}
