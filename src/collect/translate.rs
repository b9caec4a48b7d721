//! The few words that every translation from SDK types to the model needs.

use aws_smithy_types::DateTime;
use jiff::Timestamp;
use sagescan_checks::snapshot::{Gap, Reason, Seen};

/// An SDK time, to the millisecond that AWS sends.
pub(super) fn time(at: &DateTime) -> Option<Timestamp> {
    Timestamp::from_millisecond(at.to_millis().ok()?).ok()
}

/// A text; AWS sends empty strings for what is not set.
pub(super) fn text(value: Option<&str>) -> Option<String> {
    value.filter(|v| !v.is_empty()).map(str::to_owned)
}

/// Reads a field with two known words. Any other word is a gap: guessing would be a verdict.
pub(super) fn switch(seen: Seen<String>, field: &str, on: &str, off: &str) -> Seen<bool> {
    match seen {
        Seen::Is(word) if word == on => Seen::Is(true),
        Seen::Is(word) if word == off => Seen::Is(false),
        Seen::Is(word) => Seen::Unseen(Gap::new(Reason::Unrecognised, format!("{field} is `{word}`"))),
        Seen::Unset => Seen::Unset,
        Seen::Unseen(gap) => Seen::Unseen(gap),
    }
}

/// A list that AWS always sends, empty or not.
pub(super) fn strings_of(values: &[String]) -> Seen<Vec<String>> {
    Seen::Is(values.to_vec())
}

/// The first of several gaps, for tables that are filled by several questions.
pub(super) fn first_gap(gaps: impl IntoIterator<Item = Option<Gap>>) -> Option<Gap> {
    gaps.into_iter().flatten().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_nobody_knows_is_a_gap() {
        assert_eq!(switch(Seen::Is("Enabled".into()), "RootAccess", "Enabled", "Disabled"), Seen::Is(true));
        assert!(switch(Seen::Is("Sometimes".into()), "RootAccess", "Enabled", "Disabled").gap().is_some());
    }
}
