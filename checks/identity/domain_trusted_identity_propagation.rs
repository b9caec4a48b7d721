use crate::prelude::*;

pub(super) struct DomainTrustedIdentityPropagation;

impl Check for DomainTrustedIdentityPropagation {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-trusted-identity-propagation",
        title: "Domains with Identity Center pass the person on to data services",
        severity: Severity::Info,
        reads: &[Table::Domains, Table::Apps],
        practices: &["ID-12"],
        page: include_str!("domain_trusted_identity_propagation.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        match domain.auth.known("AuthMode")?.as_str() {
            "SSO" => {}
            "IAM" => {
                return Ok(exempt("people do not sign in through IAM Identity Center, so there is no one to pass on"));
            }
            other => return Err(unclear(format!("AuthMode is `{other}`"))),
        }
        let status = domain.identity_propagation.get()?.map(String::as_str);
        let verdict = match status {
            Some("ENABLED") => by_apps(domain, here)?,
            Some("DISABLED") | None => fail("data services see the execution role, not the person who signed in"),
            Some(other) => return Err(unclear(format!("TrustedIdentityPropagationSettings.Status is `{other}`"))),
        };
        Ok(verdict.with("identity_propagation", status))
    }
}

/// An app that was running when the setting changed goes on without it. What an app does not tell is no objection.
fn by_apps(domain: &Domain, here: &Here<'_>) -> Judged {
    let mut doubt = here.region.apps.all().err();
    for app in here.region.apps.iter().filter(|app| app.domain == domain.id) {
        let running = app.status.known("Status").map(|status| status == "InService");
        let effective = match running {
            Ok(false) => continue,
            Ok(true) => app.identity_propagation.get(),
            Err(unseen) => Err(unseen),
        };
        match effective {
            Ok(Some(status)) if status == "DISABLED" => {
                let whose = app.profile.as_deref().or(app.space.as_deref()).unwrap_or("-");
                let says = format!("it is enabled, but app {} {} of {whose} runs without it", app.kind, app.name);
                return Ok(fail(says).with("app", app.arn.as_str()));
            }
            Ok(_) => {}
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    match doubt {
        Some(unseen) => Err(unseen),
        None => Ok(pass("data services can decide by the person who signed in")),
    }
}
