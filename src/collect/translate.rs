//! The few words that every translation from SDK types to the model needs.

use aws_smithy_types::DateTime;
use jiff::Timestamp;
use sagescan_checks::snapshot::{Gap, Seen};

/// An SDK time, to the millisecond that AWS sends.
pub(super) fn time(at: &DateTime) -> Option<Timestamp> {
    Timestamp::from_millisecond(at.to_millis().ok()?).ok()
}

/// A text; AWS sends empty strings for what is not set.
pub(super) fn text(value: Option<&str>) -> Option<String> {
    value.filter(|v| !v.is_empty()).map(str::to_owned)
}

/// A list that AWS always sends, empty or not.
pub(super) fn strings_of(values: &[String]) -> Seen<Vec<String>> {
    Seen::Is(values.to_vec())
}

/// The first of several gaps, for tables that are filled by several questions.
pub(super) fn first_gap(gaps: impl IntoIterator<Item = Option<Gap>>) -> Option<Gap> {
    gaps.into_iter().flatten().next()
}
