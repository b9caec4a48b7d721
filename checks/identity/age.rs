//! How long ago something was, in whole days before the scan.

use jiff::Timestamp;

use crate::prelude::*;

/// After so many days without use a right counts as no longer needed (AWS AI/ML security assessment, SM-02; CIS AWS
/// Foundations 3.0, 1.14 for keys).
pub(super) const STALE: i64 = 90;

/// How that reads in a finding.
pub(super) fn ago(days: i64) -> String {
    match days {
        0 => "less than a day ago".to_owned(),
        1 => "1 day ago".to_owned(),
        n => format!("{n} days ago"),
    }
}

/// Whole days from then until the scan; what lies after the scan was today.
pub(super) fn days_since(then: Timestamp, here: &Here<'_>) -> i64 {
    here.world.now().duration_since(then).as_hours().max(0) / 24
}
