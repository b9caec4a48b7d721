use super::guardduty::{detector, looks_at};
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct GuarddutyAiAndS3Protection;

/// The features that count, and what each is for.
const FEATURES: [(&str, &str); 2] = [("AI_PROTECTION", "AI Protection"), ("S3_DATA_EVENTS", "S3 Protection")];

impl Check for GuarddutyAiAndS3Protection {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "guardduty-ai-and-s3-protection",
        title: "GuardDuty watches AI workloads and the objects in S3",
        severity: Severity::Medium,
        reads: workloads![Detectors],
        practices: &["LOG-5"],
        page: include_str!("guardduty_ai_and_s3_protection.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        if !region.holds_workloads()? {
            return Ok(not_concerned());
        }
        let Some(detector) = detector(&region)? else {
            return Ok(fail("GuardDuty is off, and AI Protection and S3 Protection with it"));
        };
        let (mut off, mut doubt) = (Vec::new(), None);
        for (feature, name) in FEATURES {
            match looks_at(detector, feature) {
                Ok(true) => {}
                Ok(false) => off.push(name),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        match (off.is_empty(), doubt) {
            (false, _) => Ok(fail(format!("off: {}", off.join(" and "))).with("off", off)),
            (true, Some(unseen)) => Err(unseen),
            (true, None) => Ok(pass("AI Protection and S3 Protection are on")),
        }
    }
}
