use super::occurrence::Occurrence;
use super::watch::{self, Group};
use crate::prelude::*;

pub(super) struct AlarmRootUsage;

impl Check for AlarmRootUsage {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "alarm-root-usage",
        title: "Somebody is told when the root user does something",
        severity: Severity::High,
        reads: watch::READS,
        practices: &["LOG-4"],
        page: include_str!("alarm_root_usage.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, _account: &Account, here: &Here<'_>) -> Judged {
        watch::account(&groups(), here)
    }
}

/// What must be heard. Source: CIS Amazon Web Services Foundations Benchmark 3.0, section 4.
fn groups() -> [Group; 1] {
    let by_root = |says: &'static str, kind: &'static str, event: &'static str| Occurrence {
        says,
        global: true,
        kind,
        fields: vec![("userIdentity.type", Some("Root")), ("userIdentity.invokedBy", None), ("eventType", Some(event))],
    };
    let happens = vec![
        by_root("calls", "AWS API Call via CloudTrail", "AwsApiCall"),
        by_root("sign-ins", "AWS Console Sign In via CloudTrail", "AwsConsoleSignIn"),
    ];
    [Group { name: "the root user", happens }]
}
