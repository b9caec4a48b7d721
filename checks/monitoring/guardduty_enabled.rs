use super::guardduty::detector;
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct GuarddutyEnabled;

impl Check for GuarddutyEnabled {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "guardduty-enabled",
        title: "GuardDuty is enabled in each region with SageMaker resources",
        severity: Severity::High,
        reads: workloads![Detectors],
        practices: &["LOG-5", "LOG-8"],
        page: include_str!("guardduty_enabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        if !region.holds_workloads()? {
            return Ok(not_concerned());
        }
        Ok(match detector(&region)? {
            Some(detector) => pass("GuardDuty is enabled").with("detector", detector.id.as_str()),
            None if region.region.detectors.is_empty() => fail("GuardDuty is not enabled"),
            None => fail("GuardDuty is suspended"),
        })
    }
}
