use crate::prelude::*;

pub(super) struct RootNoAccessKeys;

impl Check for RootNoAccessKeys {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "root-no-access-keys",
        title: "The root user has no access keys",
        severity: Severity::Critical,
        reads: &[Table::Summary],
        practices: &["ID-1"],
        page: include_str!("root_no_access_keys.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, account: &Account, _here: &Here<'_>) -> Judged {
        let keys = account.summary.known("SummaryMap")?.root_access_keys;
        let keys = keys.ok_or_else(|| unclear("the account summary carries no AccountAccessKeysPresent"))?;
        let verdict = match keys {
            true => fail("the root user has an access key, which no policy of the account can limit"),
            false => pass("the root user has no access keys"),
        };
        Ok(verdict.with("root_access_keys", keys))
    }
}
