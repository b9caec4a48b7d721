use crate::prelude::*;

pub(super) struct CloudtrailKms;

impl Check for CloudtrailKms {
    type On<'w> = &'w Trail;

    const META: Meta = Meta {
        id: "cloudtrail-kms",
        title: "Trails encrypt their log files with a KMS key",
        severity: Severity::Medium,
        reads: &[Table::Trails],
        practices: &["LOG-1"],
        page: include_str!("cloudtrail_kms.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, trail: &Trail, _here: &Here<'_>) -> Judged {
        let verdict = match trail.key.get()?.filter(|key| !key.is_empty()) {
            Some(key) => pass("log files are encrypted with a KMS key").with("key", key.as_str()),
            None => fail("no KMS key is set, so whoever may read the bucket may read the log files"),
        };
        Ok(verdict.with("bucket", trail.bucket.shown().cloned()))
    }
}
