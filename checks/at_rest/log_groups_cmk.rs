use crate::prelude::*;

pub(super) struct LogGroupsCmk;

impl Check for LogGroupsCmk {
    type On<'w> = &'w LogGroup;

    const META: Meta = Meta {
        id: "log-groups-cmk",
        title: "Log groups of SageMaker are encrypted with a customer managed key",
        severity: Severity::Low,
        reads: &[Table::LogGroups, Table::Keys],
        practices: &["REST-5", "LOG-2"],
        page: include_str!("log_groups_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, group: &LogGroup, here: &Here<'_>) -> Judged {
        let Some(key) = group.key.get()? else {
            return Ok(fail("no key is set: CloudWatch Logs encrypts with a key of its own"));
        };
        let verdict = match here.key_owner(key)? {
            KeyOwner::Customer => pass("it is encrypted with a customer managed key"),
            KeyOwner::Aws => fail("its key is managed by AWS"),
        };
        Ok(verdict.with("key", key.as_str()))
    }
}
