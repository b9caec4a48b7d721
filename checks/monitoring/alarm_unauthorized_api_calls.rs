use super::occurrence::Occurrence;
use super::watch::{self, Group};
use crate::prelude::*;

pub(super) struct AlarmUnauthorizedApiCalls;

impl Check for AlarmUnauthorizedApiCalls {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "alarm-unauthorized-api-calls",
        title: "Somebody is told when calls are refused",
        severity: Severity::Low,
        reads: watch::READS,
        practices: &["LOG-4"],
        page: include_str!("alarm_unauthorized_api_calls.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, _account: &Account, here: &Here<'_>) -> Judged {
        watch::account(&groups(), here)
    }
}

/// What must be heard. Source: CIS Amazon Web Services Foundations Benchmark 3.0, section 4.
fn groups() -> [Group; 1] {
    let refused = |code: &'static str, source: &'static str| Occurrence {
        says: code,
        global: false,
        kind: "AWS API Call via CloudTrail",
        fields: vec![
            ("errorCode", Some(code)),
            ("eventSource", Some(source)),
            ("eventType", Some("AwsApiCall")),
            // What the benchmark leaves out: services that try, and a call that is refused all day long.
            ("eventName", Some("CreateModel")),
            ("sourceIPAddress", Some("203.0.113.7")),
            ("userIdentity.invokedBy", None),
        ],
    };
    let happens = vec![
        refused("AccessDenied", "s3.amazonaws.com"),
        refused("AccessDeniedException", "sagemaker.amazonaws.com"),
        refused("Client.UnauthorizedOperation", "ec2.amazonaws.com"),
    ];
    [Group { name: "refused calls", happens }]
}
