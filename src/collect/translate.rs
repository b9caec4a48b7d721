//! The few words that every translation from answers to the model needs.

use sagescan_checks::snapshot::wire::{self, Found, Plain, Slot, Wire};
use sagescan_checks::snapshot::{Gap, Seen};
use serde_json::Value;

/// The first of several gaps, for tables that are filled by several questions.
pub(super) fn first_gap(gaps: impl IntoIterator<Item = Option<Gap>>) -> Option<Gap> {
    gaps.into_iter().flatten().next()
}

/// What an answer in JSON has at a path ([`wire::look`]); a value of the wrong kind is a gap.
pub(super) fn at<T: Wire>(answer: &Seen<Value>, path: &str) -> Seen<T> {
    let found = match answer {
        Seen::Is(answer) => wire::look(answer, path).map_or(Found::Nothing, Found::Value),
        Seen::Unset => Found::Nothing,
        Seen::Unseen(gap) => Found::Hidden(gap),
    };
    // A field that can be unseen takes whatever comes.
    <Seen<T> as Slot<Plain>>::fill(path, found).unwrap_or_default()
}
