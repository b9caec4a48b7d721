//! Which events the selectors of a trail or an event data store let through.

use crate::prelude::*;

/// How much of one kind of events is recorded.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recorded {
    /// All events that only read.
    pub(super) reads: bool,
    /// All events that write.
    pub(super) writes: bool,
    /// Some events, by a condition on names, sources or ARNs.
    pub(super) part: bool,
}

impl Recorded {
    const ALL: Recorded = Recorded { reads: true, writes: true, part: false };
    const READS: Recorded = Recorded { reads: true, writes: false, part: false };
    const WRITES: Recorded = Recorded { reads: false, writes: true, part: false };
    const PART: Recorded = Recorded { reads: false, writes: false, part: true };

    /// What is recorded by one or the other.
    pub(super) fn or(self, other: Recorded) -> Recorded {
        Recorded {
            reads: self.reads || other.reads,
            writes: self.writes || other.writes,
            part: self.part || other.part,
        }
    }

    /// Nothing is left out.
    pub(super) fn is_whole(self) -> bool {
        self.reads && self.writes
    }

    /// Nothing is recorded.
    pub(super) fn is_none(self) -> bool {
        self == Recorded::default()
    }
}

/// The noisy sources that CloudTrail lets one exclude from management events without losing anything about SageMaker.
const NOISE: [&str; 2] = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/// Which management events pass the selectors of a trail.
pub(super) fn management(selectors: &Selectors) -> Recorded {
    let is_noise = |source: &String| NOISE.contains(&source.as_str());
    let basic = selectors.basic.iter().filter(|s| s.management).map(|s| match s.read_write.as_str() {
        _ if !s.exclude_sources.iter().all(is_noise) => Recorded::PART,
        "All" => Recorded::ALL,
        "ReadOnly" => Recorded::READS,
        "WriteOnly" => Recorded::WRITES,
        _ => Recorded::PART,
    });
    let harmless = |f: &FieldSelector| {
        f.field == "eventSource" && f.equals.is_empty() && !f.narrowed && f.not_equals.iter().all(is_noise)
    };
    let advanced = selectors.advanced.iter().map(|s| advanced(s, "Management", harmless));
    basic.chain(advanced).fold(Recorded::default(), Recorded::or)
}

/// Which data events of a resource type pass advanced selectors. Basic ones know no SageMaker types.
pub(super) fn data(selectors: &[Vec<FieldSelector>], kind: &str) -> Recorded {
    let of_kind = |f: &FieldSelector| f.field == "resources.type" && equals(f, kind);
    let concerned = selectors.iter().filter(|s| s.iter().any(of_kind));
    concerned.map(|s| advanced(s, "Data", of_kind)).fold(Recorded::default(), Recorded::or)
}

/// What one advanced selector, all of whose conditions must hold, lets through of a category. `harmless` conditions
/// leave nothing out.
fn advanced(selector: &[FieldSelector], category: &str, harmless: impl Fn(&FieldSelector) -> bool) -> Recorded {
    if !selector.iter().any(|f| f.field == "eventCategory" && equals(f, category)) {
        return Recorded::default();
    }
    let mut recorded = Recorded::ALL;
    for field in selector {
        match field.field.as_str() {
            "eventCategory" if equals(field, category) => {}
            "readOnly" if equals(field, "true") && field.equals.len() == 1 => recorded.writes = false,
            "readOnly" if equals(field, "false") && field.equals.len() == 1 => recorded.reads = false,
            _ if harmless(field) => {}
            _ => return Recorded::PART,
        }
    }
    recorded
}

/// The field may have this value, and no other operator takes some of it back.
fn equals(field: &FieldSelector, value: &str) -> bool {
    field.equals.iter().any(|v| v == value) && field.not_equals.is_empty() && !field.narrowed
}
