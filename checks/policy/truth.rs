//! Three-valued answers that remember why they are undecided.
//!
//! This is Kleene logic: *no* wins in a conjunction, *yes* wins in a disjunction, and what is left over stays *maybe*.
//! A `Maybe` carries the condition keys and the remarks it hangs on, so the reasons travel with the value through every
//! layer and whatever turned out not to matter drops away by itself.

use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether something holds, as far as the request is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Certainly not.
    No,
    /// It depends on the doubts inside.
    Maybe(Box<Doubts>),
    /// Certainly.
    Yes,
}

/// What an undecided answer hangs on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doubts {
    /// Condition keys whose presence or value is not known, in the spelling of the request where it names them.
    pub keys: BTreeSet<Arc<str>>,
    /// Other reasons, such as a statement that could not be understood.
    pub notes: BTreeSet<Arc<str>>,
}

impl Truth {
    /// Undecided because of this condition key.
    pub fn key(key: &Arc<str>) -> Truth {
        Truth::Maybe(Box::new(Doubts { keys: BTreeSet::from([key.clone()]), notes: BTreeSet::new() }))
    }

    /// Undecided for a reason other than a condition key.
    pub fn note(note: impl Into<Arc<str>>) -> Truth {
        Truth::Maybe(Box::new(Doubts { keys: BTreeSet::new(), notes: BTreeSet::from([note.into()]) }))
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Yes, rest) | (rest, Truth::Yes) => rest,
            (Truth::Maybe(one), Truth::Maybe(two)) => Truth::Maybe(merge(one, *two)),
        }
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
            (Truth::No, rest) | (rest, Truth::No) => rest,
            (Truth::Maybe(one), Truth::Maybe(two)) => Truth::Maybe(merge(one, *two)),
        }
    }

    /// The opposite; a doubt stays the same doubt.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "reads as `a.and(b.not())` beside its siblings")]
    pub fn not(self) -> Truth {
        match self {
            Truth::No => Truth::Yes,
            Truth::Yes => Truth::No,
            maybe => maybe,
        }
    }

    /// Certainly true.
    pub fn is_yes(&self) -> bool {
        matches!(self, Truth::Yes)
    }

    /// Certainly false.
    pub fn is_no(&self) -> bool {
        matches!(self, Truth::No)
    }

    /// The condition keys it hangs on; empty when decided.
    pub fn keys(&self) -> impl Iterator<Item = &Arc<str>> {
        match self {
            Truth::Maybe(doubts) => Some(&doubts.keys),
            _ => None,
        }
        .into_iter()
        .flatten()
    }

    /// All of them hold; evaluation stops at the first certain no.
    pub(crate) fn all(parts: impl Iterator<Item = Truth>) -> Truth {
        let mut sum = Truth::Yes;
        for part in parts {
            sum = sum.and(part);
            if sum.is_no() {
                break;
            }
        }
        sum
    }

    /// Some of them hold; evaluation stops at the first certain yes.
    pub(crate) fn any(parts: impl Iterator<Item = Truth>) -> Truth {
        let mut sum = Truth::No;
        for part in parts {
            sum = sum.or(part);
            if sum.is_yes() {
                break;
            }
        }
        sum
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Truth {
        if known { Truth::Yes } else { Truth::No }
    }
}

fn merge(mut into: Box<Doubts>, from: Doubts) -> Box<Doubts> {
    into.keys.extend(from.keys);
    into.notes.extend(from.notes);
    into
}
