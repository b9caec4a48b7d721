use crate::prelude::*;

pub(super) struct DomainAuthSso;

impl Check for DomainAuthSso {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-auth-sso",
        title: "Studio domains sign people in through IAM Identity Center",
        severity: Severity::Low,
        reads: &[Table::Domains],
        practices: &["ID-12"],
        page: include_str!("domain_auth_sso.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, _here: &Here<'_>) -> Judged {
        let mode = domain.auth.known("AuthMode")?;
        let verdict = match mode.as_str() {
            "SSO" if domain.sso_application.get()?.is_some() => pass("people sign in through IAM Identity Center"),
            "SSO" => fail("its mode is SSO, but no application of IAM Identity Center belongs to it"),
            "IAM" => {
                fail("people get in with a presigned URL that IAM credentials ask for, not by signing in themselves")
            }
            other => return Err(unclear(format!("AuthMode is `{other}`"))),
        };
        Ok(verdict.with("auth", mode.as_str()).with("sso_application", domain.sso_application.shown().cloned()))
    }
}
