//! How a finding tells its path: every hop in plain words, the hop that is least sure, and the change that ends most.

use crate::engine::{Proof, Verdict};

/// A path of one finding.
#[derive(Default)]
pub(crate) struct Telling {
    hops: Vec<String>,
    /// The least sure hop so far: how unsure, its number, why.
    weakest: Option<(u8, usize, String)>,
}

impl Telling {
    /// Adds a hop that a statement proves.
    #[must_use]
    pub(crate) fn by(mut self, says: impl Into<String>, proof: &Proof) -> Telling {
        let number = self.hops.len() + 1;
        let (doubt, why) = match (&proof.unread, proof.keys.is_empty()) {
            (Some(unread), _) => (2, format!("hop {number}: not everything was seen: {unread}")),
            (None, false) => (1, format!("hop {number}: it hangs on {}", proof.keys.join(", "))),
            (None, true) => (0, format!("hop {number}: every hop is certain; this one comes first")),
        };
        if self.weakest.as_ref().is_none_or(|(most, ..)| doubt > *most) {
            self.weakest = Some((doubt, number, why));
        }
        self.hops.push(format!("{}: {}", says.into(), proof.words()));
        self
    }

    /// Adds a hop that a field of a resource proves.
    #[must_use]
    pub(crate) fn seen(mut self, says: impl Into<String>, field: &str) -> Telling {
        self.hops.push(format!("{}: {field}", says.into()));
        self
    }

    /// Puts the path into the evidence of a verdict, with the one change that ends it and most like it.
    pub(crate) fn on(self, verdict: Verdict, cut: impl Into<String>) -> Verdict {
        let hops: Vec<String> =
            self.hops.into_iter().enumerate().map(|(at, hop)| format!("{}. {hop}", at + 1)).collect();
        let verdict = verdict.with("hops", hops).with("cheapest_cut", cut.into());
        match self.weakest {
            Some((.., why)) => verdict.with("weakest_link", why),
            None => verdict,
        }
    }
}
