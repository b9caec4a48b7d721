//! Names that people type: checks, sections, severities, verdicts, frameworks. A wrong one gets the nearest right one.

use std::fmt;
use std::str::FromStr;

use sagescan_checks::engine::{Section, Severity, Status};
use sagescan_checks::{catalogue, frameworks};
use serde::Deserialize;

/// The known name that is most like a wrong one, if any is like it at all.
pub fn nearest<'k>(wrong: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let likeness = |name: &str| {
        let contained = if wrong.len() > 3 && name.contains(wrong) { 0.5 } else { 0.0 };
        strsim::normalized_damerau_levenshtein(wrong, name).max(contained)
    };
    let best = known.into_iter().map(|name| (likeness(name), name)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= 0.4).then_some(best.1)
}

fn unknown<'k>(what: &str, wrong: &str, known: impl IntoIterator<Item = &'k str>, list: &str) -> String {
    match nearest(&wrong.to_ascii_lowercase(), known) {
        Some(name) => format!("there is no {what} `{wrong}`; did you mean `{name}`?"),
        None => format!("there is no {what} `{wrong}`; {list}"),
    }
}

/// Reads one of a few words.
fn word<T: Copy>(what: &str, text: &str, all: &[T], word_of: fn(T) -> &'static str) -> Result<T, String> {
    all.iter().copied().find(|one| word_of(*one) == text).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|one| word_of(*one)).collect();
        unknown(what, text, words.iter().copied(), &format!("there are {}", words.join(", ")))
    })
}

pub(super) fn section(text: &str) -> Result<Section, String> {
    word("section", text, &Section::ALL, Section::id)
}

pub(super) fn severity(text: &str) -> Result<Severity, String> {
    word("severity", text, &Severity::ALL, Severity::word)
}

pub(super) fn status(text: &str) -> Result<Status, String> {
    word("verdict", text, &[Status::Pass, Status::Fail, Status::Unknown, Status::Exempt], Status::word)
}

/// A newtype of a name that is known to exist.
macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $what:literal, $known:expr, $list:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $type(String);

        impl $type {
            /// The name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let known = || $known;
                match known().any(|name| name == text) {
                    true => Ok($type(text.to_owned())),
                    false => Err(unknown($what, text, known(), $list)),
                }
            }
        }

        impl TryFrom<String> for $type {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// The id of a check of the catalogue.
    CheckId,
    "check",
    catalogue().map(|check| check.meta().id),
    "`sagescan checks` lists them"
);

name!(
    /// The id of a framework.
    FrameworkId,
    "framework",
    frameworks::all().iter().map(|framework| framework.id.as_str()),
    "`sagescan checks --format json` names them"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert!(section("netwrok").unwrap_err().contains("did you mean `network`?"));
        assert!(severity("hgih").unwrap_err().contains("did you mean `high`?"));
        assert!("notebook-no-direct-internt".parse::<CheckId>().unwrap_err().contains("`notebook-no-direct-internet`"));
        assert!("aws-fsb".parse::<FrameworkId>().unwrap_err().contains("`aws-fsbp`"));
    }

    #[test]
    fn nonsense_gets_the_list_instead_of_a_guess() {
        assert!("zzzzzz".parse::<CheckId>().unwrap_err().contains("`sagescan checks`"));
    }
}
