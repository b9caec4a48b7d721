use super::occurrence::Occurrence;
use super::watch::{self, Group};
use crate::prelude::*;

pub(super) struct AlarmS3PolicyChange;

impl Check for AlarmS3PolicyChange {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "alarm-s3-policy-change",
        title: "Somebody is told when the policy of a bucket changes",
        severity: Severity::Low,
        reads: watch::READS,
        practices: &["LOG-4"],
        page: include_str!("alarm_s3_policy_change.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, _account: &Account, here: &Here<'_>) -> Judged {
        watch::account(&groups(), here)
    }
}

/// What must be heard. Source: CIS Amazon Web Services Foundations Benchmark 3.0, section 4.
fn groups() -> [Group; 1] {
    [Group {
        name: "",
        happens: Occurrence::calls(
            "s3.amazonaws.com",
            &[
                "PutBucketAcl",
                "PutBucketPolicy",
                "PutBucketCors",
                "PutBucketLifecycle",
                "PutBucketReplication",
                "DeleteBucketPolicy",
                "DeleteBucketCors",
                "DeleteBucketLifecycle",
                "DeleteBucketReplication",
            ],
        ),
    }]
}
