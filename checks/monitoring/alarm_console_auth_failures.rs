use super::occurrence::Occurrence;
use super::watch::{self, Group};
use crate::prelude::*;

pub(super) struct AlarmConsoleAuthFailures;

impl Check for AlarmConsoleAuthFailures {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "alarm-console-auth-failures",
        title: "Somebody is told of sign-ins that fail or go without MFA",
        severity: Severity::Medium,
        reads: watch::READS,
        practices: &["ID-2", "LOG-4"],
        page: include_str!("alarm_console_auth_failures.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, _account: &Account, here: &Here<'_>) -> Judged {
        watch::account(&groups(), here)
    }
}

/// What must be heard. Source: CIS Amazon Web Services Foundations Benchmark 3.0, section 4.
fn groups() -> [Group; 2] {
    let sign_in = |says: &'static str, more: &[(&'static str, Option<&'static str>)]| {
        let mut fields = vec![
            ("eventSource", Some("signin.amazonaws.com")),
            ("eventName", Some("ConsoleLogin")),
            ("eventType", Some("AwsConsoleSignIn")),
            ("userIdentity.type", Some("IAMUser")),
        ];
        fields.extend_from_slice(more);
        vec![Occurrence { says, global: true, kind: "AWS Console Sign In via CloudTrail", fields }]
    };
    let failed = [
        ("errorMessage", Some("Failed authentication")),
        ("responseElements.ConsoleLogin", Some("Failure")),
        ("additionalEventData.MFAUsed", Some("No")),
    ];
    let without_mfa = [
        ("errorMessage", None),
        ("responseElements.ConsoleLogin", Some("Success")),
        ("additionalEventData.MFAUsed", Some("No")),
    ];
    [
        Group { name: "", happens: sign_in("sign-ins that fail", &failed) },
        Group { name: "", happens: sign_in("sign-ins without MFA", &without_mfa) },
    ]
}
