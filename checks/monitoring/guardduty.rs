//! What the detector of a region looks at.

use crate::prelude::*;

/// The detector of a region that is switched on; `None` where GuardDuty provably is off.
pub(super) fn detector<'w>(region: &Here<'w>) -> Result<Option<&'w Detector>, Unseen> {
    let mut doubt = None;
    for detector in region.region.detectors.iter() {
        match detector.enabled.known("status") {
            Ok(true) => return Ok(Some(detector)),
            Ok(false) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    region.region.detectors.all()?;
    doubt.map_or(Ok(None), Err)
}

/// Whether a detector looks at a feature. One that the answer does not have is not offered there, or not known to us.
pub(super) fn looks_at(detector: &Detector, feature: &str) -> Result<bool, Unseen> {
    let features = detector.features.known("features")?;
    let found = features.iter().find(|one| one.name == feature);
    let found = found.ok_or_else(|| unclear(format!("the detector does not tell of the feature {feature}")))?;
    found.enabled.ok_or_else(|| unclear(format!("the feature {feature} has no status")))
}
