//! Says that a text holds a credential, of which kind and where, and never says the credential.
//!
//! Environment variables, hyperparameters and lifecycle scripts of SageMaker are readable by anyone who may describe the
//! resource. This crate reads such text and answers with [`Secret`]s: kind, title, place and confidence. It is pure: no
//! I/O, no network, no validation against providers, no panic, time linear in the text. Nothing of the secret value is
//! in any answer; a variable whose *name* repeats the secret is called by its number.
//!
//! What is searched for is one table of [`kinds`], each [`Kind`] of which cites its provider's documentation page. Sample
//! values (`changeme`, `${HF_TOKEN}`, AWS's own `…EXAMPLE` keys), references to a secret store, ARNs, paths and numbers do
//! not count. Why the table is our own: `docs/decisions/0003-secret-detection.md`.
#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub)]

mod example;
mod rules;
mod stand_in;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex::{Regex, RegexSet, RegexSetBuilder};
use serde::{Deserialize, Serialize};

pub use example::example;
use rules::{RULES, Rule};
pub use stand_in::{stand_in_lines, stand_in_values};

/// How much of one text is read, in bytes. The longest text field of SageMaker, a pipeline definition, has a quarter of
/// it; who has longer text has to say that it was not seen.
pub const MAX_TEXT: usize = 4 << 20;

/// That a secret was found: everything about it but the secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Secret {
    /// The id of its kind, as in [`kinds`]: `aws-access-key`.
    pub kind: Cow<'static, str>,
    /// The kind in words: `AWS access key`.
    pub title: Cow<'static, str>,
    /// Where: `environment variable HF_TOKEN`, `line 12 of OnStart`.
    pub place: String,
    /// How sure we are.
    pub confidence: Confidence,
}

/// How sure we are that it is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// It has a provider's documented shape, or its documented variable.
    High,
    /// Only a name and its looks speak for it, or it has probably expired.
    Low,
}

/// A kind of secret that the detector knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Kind {
    /// Kebab-case, never reused.
    pub id: &'static str,
    /// In words.
    pub title: &'static str,
    /// Of every secret of this kind.
    pub confidence: Confidence,
    /// The provider's documentation page about it; not every provider writes down lengths and alphabets there.
    pub source: &'static str,
}

/// All kinds, in the order in which they are tried.
pub fn kinds() -> impl Iterator<Item = Kind> {
    let first = |(row, rule): &(usize, &Rule)| RULES.iter().position(|other| other.kind == rule.kind) == Some(*row);
    RULES.iter().enumerate().filter(first).map(|(_, rule)| Kind {
        id: rule.kind,
        title: rule.title,
        confidence: rule.confidence,
        source: rule.source,
    })
}

/// Finds secrets in named values: environment variables, hyperparameters. `place` says what the names are:
///
/// ```
/// let pairs = [("SAGEMAKER_REGION", "us-east-1"), ("DB_PASSWORD", "correct-horse")];
/// let found = sagescan_secrets::scan_pairs(pairs.into_iter(), "environment variable");
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].place, "environment variable DB_PASSWORD");
/// ```
pub fn scan_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>, place: &str) -> Vec<Secret> {
    let mut secrets = Unique::default();
    for (index, (name, value)) in pairs.enumerate() {
        let text = format!("{name}=\"{value}\"");
        let hits = hits(&text);
        let tells = |hit: &Hit| hit.span.start < name.len() || shares_a_piece(name, &text[hit.secret.clone()]);
        let place = if name.len() > 256 || name.chars().any(char::is_control) || hits.iter().any(tells) {
            format!("{place} number {}", index + 1)
        } else {
            format!("{place} {name}")
        };
        hits.iter().for_each(|hit| secrets.push(hit.rule, &place));
    }
    secrets.in_order
}

/// Finds secrets in a script, in arguments (joined by line breaks or spaces) or in the URL of a repository; comments
/// count. `place` says what the text is:
///
/// ```
/// let script = format!("#!/bin/sh\nexport HF_TOKEN={}", sagescan_secrets::example("hugging-face-token").unwrap().1);
/// let found = sagescan_secrets::scan_text(&script, "OnStart");
/// assert_eq!(found[0].place, "line 2 of OnStart");
/// ```
pub fn scan_text(text: &str, place: &str) -> Vec<Secret> {
    let mut secrets = Unique::default();
    let (mut line, mut counted) = (1, 0);
    for hit in hits(text) {
        line += text.as_bytes()[counted..hit.span.start].iter().filter(|&&b| b == b'\n').count();
        counted = hit.span.start;
        secrets.push(hit.rule, &format!("line {line} of {place}"));
    }
    secrets.in_order
}

/// Secrets in the order of their discovery, each once.
#[derive(Default)]
struct Unique {
    in_order: Vec<Secret>,
    seen: std::collections::HashSet<Secret>,
}

impl Unique {
    fn push(&mut self, rule: &Rule, place: &str) {
        let secret = Secret {
            kind: Cow::Borrowed(rule.kind),
            title: Cow::Borrowed(rule.title),
            place: place.to_owned(),
            confidence: rule.confidence,
        };
        if self.seen.insert(secret.clone()) {
            self.in_order.push(secret);
        }
    }
}

/// Where a rule found what it looks for, and in it the secret.
struct Hit {
    rule: &'static Rule,
    span: Range<usize>,
    secret: Range<usize>,
}

/// Which rules may match at all, in one pass over the text.
static ANY: LazyLock<Option<RegexSet>> =
    LazyLock::new(|| RegexSetBuilder::new(RULES.iter().map(Rule::pattern)).unicode(false).build().ok());

/// Each rule's own pattern, compiled when it is first needed.
static EACH: [OnceLock<Option<Regex>>; RULES.len()] = [const { OnceLock::new() }; RULES.len()];

/// All secrets of a text from left to right; they do not overlap, earlier rules take precedence.
fn hits(text: &str) -> Vec<Hit> {
    let text = readable(text);
    let mut taken: BTreeMap<usize, Hit> = BTreeMap::new();
    for row in ANY.iter().flat_map(|any| any.matches(text)) {
        let rule = &RULES[row];
        let Some(regex) = EACH[row].get_or_init(|| rules::compile(&rule.pattern())) else { continue };
        for found in regex.captures_iter(text) {
            let Some(whole) = found.get(1) else { continue };
            let secret = found.get(2).unwrap_or(whole);
            let quoted = text[..secret.start()].ends_with(['"', '\'']);
            let free = taken.range(..whole.end()).next_back().is_none_or(|(_, hit)| hit.span.end <= whole.start());
            if free && !rules::is_sample(secret.as_str()) && (rule.accept)(secret.as_str(), quoted) {
                taken.insert(whole.start(), Hit { rule, span: whole.range(), secret: secret.range() });
            }
        }
    }
    taken.into_values().collect()
}

fn readable(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT)]
}

/// Whether the name gives away six characters of the secret in a row.
fn shares_a_piece(name: &str, secret: &str) -> bool {
    let secret = secret.as_bytes();
    name.as_bytes().windows(6).any(|piece| secret.windows(6).any(|other| other == piece))
}

#[cfg(test)]
mod tests;
