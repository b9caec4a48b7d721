use crate::prelude::*;

pub(super) struct RootMfaEnabled;

impl Check for RootMfaEnabled {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "root-mfa-enabled",
        title: "The root user has MFA",
        severity: Severity::Critical,
        reads: &[Table::Summary],
        practices: &["ID-2"],
        page: include_str!("root_mfa_enabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, account: &Account, _here: &Here<'_>) -> Judged {
        let summary = account.summary.known("SummaryMap")?;
        let mfa = summary.root_mfa.ok_or_else(|| unclear("the account summary carries no AccountMFAEnabled"))?;
        // Centrally managed root access takes password and keys away: then there is nothing to sign in with.
        let without_credentials = summary.root_password == Some(false) && summary.root_access_keys == Some(false);
        let verdict = match (mfa, without_credentials) {
            (true, _) => pass("the root user has an MFA device"),
            (false, true) => pass("the root user has neither password nor access keys to protect"),
            (false, false) => fail("the root user has no MFA device"),
        };
        Ok(verdict
            .with("root_mfa", mfa)
            .with("root_password", summary.root_password)
            .with("root_access_keys", summary.root_access_keys))
    }
}
