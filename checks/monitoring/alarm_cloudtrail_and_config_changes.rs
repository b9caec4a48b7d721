use super::occurrence::Occurrence;
use super::watch::{self, Group};
use crate::prelude::*;

pub(super) struct AlarmCloudtrailAndConfigChanges;

impl Check for AlarmCloudtrailAndConfigChanges {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "alarm-cloudtrail-and-config-changes",
        title: "Somebody is told when CloudTrail or AWS Config is changed",
        severity: Severity::Medium,
        reads: watch::READS,
        practices: &["LOG-4"],
        page: include_str!("alarm_cloudtrail_and_config_changes.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, _account: &Account, here: &Here<'_>) -> Judged {
        watch::account(&groups(), here)
    }
}

/// What must be heard. Source: CIS Amazon Web Services Foundations Benchmark 3.0, section 4.
fn groups() -> [Group; 2] {
    [
        Group {
            name: "CloudTrail",
            happens: Occurrence::calls(
                "cloudtrail.amazonaws.com",
                &["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"],
            ),
        },
        Group {
            name: "AWS Config",
            happens: Occurrence::calls(
                "config.amazonaws.com",
                &[
                    "StopConfigurationRecorder",
                    "DeleteDeliveryChannel",
                    "PutDeliveryChannel",
                    "PutConfigurationRecorder",
                ],
            ),
        },
    ]
}
