use super::workforces;
use crate::prelude::*;

pub(super) struct WorkforceCognitoMfa;

impl Check for WorkforceCognitoMfa {
    type On<'w> = &'w Workforce;

    const META: Meta = Meta {
        id: "workforce-cognito-mfa",
        title: "Workers sign in with a second factor",
        severity: Severity::Medium,
        reads: &[Table::Workforces, Table::UserPools],
        practices: &["ID-2"],
        page: include_str!("workforce_cognito_mfa.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, workforce: &Workforce, here: &Here<'_>) -> Judged {
        let Some(pool) = workforces::user_pool(workforce, here)? else {
            return Ok(exempt(
                "its workers sign in with an identity provider of yours, which asks for the second factor",
            ));
        };
        let verdict = match pool.mfa.known("MfaConfiguration")?.as_str() {
            "ON" => pass("its user pool asks everybody for a second factor"),
            "OPTIONAL" => fail("its user pool asks only those for a second factor who set one up"),
            "OFF" => fail("its user pool asks nobody for a second factor"),
            other => return Err(unclear(format!("MfaConfiguration of its user pool is `{other}`"))),
        };
        Ok(verdict.with("user_pool", pool.id.as_str()))
    }
}
