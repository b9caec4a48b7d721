use super::workforces;
use crate::prelude::*;

pub(super) struct WorkforceCognitoNoSelfSignup;

impl Check for WorkforceCognitoNoSelfSignup {
    type On<'w> = &'w Workforce;

    const META: Meta = Meta {
        id: "workforce-cognito-no-self-signup",
        title: "Nobody signs up to a workforce by themselves",
        severity: Severity::High,
        reads: &[Table::Workforces, Table::UserPools],
        practices: &["LOG-7"],
        page: include_str!("workforce_cognito_no_self_signup.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, workforce: &Workforce, here: &Here<'_>) -> Judged {
        let Some(pool) = workforces::user_pool(workforce, here)? else {
            return Ok(exempt("its workers sign in with an identity provider of yours, which decides who is one"));
        };
        let verdict = match pool.admin_creates_users.known("AllowAdminCreateUserOnly")? {
            true => pass("only administrators make users in its user pool"),
            false => fail("anybody can make a user for themselves in its user pool"),
        };
        Ok(verdict.with("user_pool", pool.id.as_str()))
    }
}
