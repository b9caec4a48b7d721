//! What is said of credentials that the collection found: kinds and places, for the values never reach a snapshot.

use sagescan_secrets::{Confidence as Sureness, Secret};
use serde_json::{Value, json};

use crate::prelude::*;

/// How many findings one message spells out, and how many the evidence does.
const IN_WORDS: usize = 3;
const IN_EVIDENCE: usize = 20;

/// Passes with the given words when nothing was found. What only looks like a credential is of low severity.
pub(super) fn verdict(found: &[Secret], clean: impl Into<String>) -> Verdict {
    if found.is_empty() {
        return pass(clean);
    }
    let mut found: Vec<&Secret> = found.iter().collect();
    found.sort_by_key(|secret| secret.confidence != Sureness::High);
    let sure = found.iter().any(|secret| secret.confidence == Sureness::High);
    let mut names: Vec<String> = found.iter().take(IN_WORDS).map(|s| format!("{} in {}", s.title, s.place)).collect();
    if found.len() > IN_WORDS {
        names.push(format!("and {} more", found.len() - IN_WORDS));
    }
    let what = if sure { "credentials are readable" } else { "something that looks like a credential is readable" };
    let says = format!("{what}: {}", names.join(", "));
    let evidence = found.iter().take(IN_EVIDENCE).map(|s| json!({"kind": s.kind, "place": s.place}));
    let verdict = fail(says).with("count", found.len()).with("found", evidence.collect::<Vec<Value>>());
    if sure { verdict } else { verdict.severity(Severity::Low) }
}
