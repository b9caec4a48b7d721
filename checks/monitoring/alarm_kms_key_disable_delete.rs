use super::occurrence::Occurrence;
use super::watch::{self, Group};
use crate::prelude::*;

pub(super) struct AlarmKmsKeyDisableDelete;

impl Check for AlarmKmsKeyDisableDelete {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "alarm-kms-key-disable-delete",
        title: "Somebody is told when a KMS key is disabled or scheduled for deletion",
        severity: Severity::Medium,
        reads: watch::READS,
        practices: &["REST-3", "LOG-4"],
        page: include_str!("alarm_kms_key_disable_delete.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, _account: &Account, here: &Here<'_>) -> Judged {
        watch::account(&groups(), here)
    }
}

/// What must be heard. Source: CIS Amazon Web Services Foundations Benchmark 3.0, section 4.
fn groups() -> [Group; 1] {
    [Group { name: "", happens: Occurrence::calls("kms.amazonaws.com", &["DisableKey", "ScheduleKeyDeletion"]) }]
}
