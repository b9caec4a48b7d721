use serde_json::Value;

use crate::prelude::*;

pub(super) struct AiServicesOptOut;

impl Check for AiServicesOptOut {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "ai-services-opt-out",
        title: "The organization opts out of AI services using its content",
        severity: Severity::Low,
        reads: &[Table::Organization],
        practices: &["PRIV-1"],
        page: include_str!("ai_services_opt_out.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, account: &Account, _here: &Here<'_>) -> Judged {
        let Some(organization) = account.organization.get()? else {
            return Ok(exempt("the account is in no organization, and only organizations have such a policy"));
        };
        if organization.feature_set.get()?.is_some_and(|set| set == "CONSOLIDATED_BILLING") {
            return Ok(exempt("the organization has consolidated billing alone, and no policies"));
        }
        let Some(content) = organization.ai_opt_out.get()? else {
            return Ok(fail("no AI services opt-out policy applies to the account"));
        };
        let policy: Value = serde_json::from_str(content)
            .map_err(|error| unclear(format!("the effective policy could not be read: {error}")))?;
        let services = policy.get("services").and_then(Value::as_object);
        let services = services.ok_or_else(|| unclear("the effective policy names no services"))?;
        let mut in_use = Vec::new();
        for (name, service) in services {
            match service.get("opt_out_policy").and_then(Value::as_str) {
                Some("optOut") => {}
                Some("optIn") => in_use.push(name.as_str()),
                _ => return Err(unclear(format!("the effective policy on {name} is neither optIn nor optOut"))),
            }
        }
        Ok(match (services.contains_key("default"), in_use.is_empty()) {
            (true, true) => pass("the effective policy opts out of every AI service"),
            (true, false) => {
                fail(format!("the effective policy lets {} use content", in_use.join(", "))).with("opt_in", in_use)
            }
            (false, _) => {
                fail("the effective policy opts out of some services only: it has no default").with("opt_in", in_use)
            }
        })
    }
}
