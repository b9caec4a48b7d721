use crate::prelude::*;

pub(super) struct DomainTrustedIdentityPropagation;

impl Check for DomainTrustedIdentityPropagation {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-trusted-identity-propagation",
        title: "Domains with Identity Center pass the person on to data services",
        severity: Severity::Info,
        reads: &[Table::Domains],
        practices: &["ID-12"],
        page: include_str!("domain_trusted_identity_propagation.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, _here: &Here<'_>) -> Judged {
        match domain.auth.known("AuthMode")?.as_str() {
            "SSO" => {}
            "IAM" => {
                return Ok(exempt("people do not sign in through IAM Identity Center, so there is no one to pass on"));
            }
            other => return Err(unclear(format!("AuthMode is `{other}`"))),
        }
        let status = domain.identity_propagation.get()?.map(String::as_str);
        let verdict = match status {
            Some("ENABLED") => pass("data services can decide by the person who signed in"),
            Some("DISABLED") | None => fail("data services see the execution role, not the person who signed in"),
            Some(other) => return Err(unclear(format!("TrustedIdentityPropagationSettings.Status is `{other}`"))),
        };
        Ok(verdict.with("identity_propagation", status))
    }
}
