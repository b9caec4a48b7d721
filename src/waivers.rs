//! Waivers: failures that somebody accepts, for a reason and until a day.

use std::path::Path;

use jiff::civil::Date;
use sagescan_checks::engine::{Finding, Status, Waived};
use serde::{Deserialize, Deserializer};

use crate::config::{self, CheckId, ConfigError};

/// One accepted failure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The check that may fail.
    pub check: CheckId,
    /// The name or ARN of the resource; `*` and `?` stand for what they stand for in file names.
    pub resource: String,
    /// Only in this account.
    pub account: Option<String>,
    /// Only in this region.
    pub region: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day.
    #[serde(deserialize_with = "date")]
    pub until: Date,
}

/// What waiving came to.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    /// Failures that are accepted now.
    pub waived: usize,
    /// What the owners of waivers should know, a sentence each.
    pub warnings: Vec<String>,
}

/// A date, quoted or not.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Quoted(String),
        Bare(toml::value::Datetime),
    }
    let text = match Form::deserialize(deserializer)? {
        Form::Quoted(text) => text,
        Form::Bare(date) => date.to_string(),
    };
    text.parse().map_err(|_| serde::de::Error::custom(format!("`{text}` is no date like 2027-01-31")))
}

/// Reads a file of waivers.
pub fn read(path: &Path) -> Result<Vec<Waiver>, ConfigError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[serde(default)]
        waiver: Vec<Waiver>,
    }
    config::toml::<File>(path).map(|file| file.waiver)
}

impl Waiver {
    fn fits(&self, finding: &Finding) -> bool {
        let resource = &finding.resource;
        finding.check == self.check.as_str()
            && self.account.as_ref().is_none_or(|account| *account == finding.account)
            && self.region.as_ref().is_none_or(|region| *region == finding.region)
            && (glob(&self.resource, &resource.name)
                || resource.arn.as_ref().is_some_and(|arn| glob(&self.resource, arn)))
    }
}

/// Marks the failures that a waiver accepts on the day of the scan.
pub fn apply(waivers: &[Waiver], findings: &mut [Finding], today: Date) -> Outcome {
    let mut outcome = Outcome::default();
    for waiver in waivers {
        let fitting = || findings.iter().filter(|f| waiver.fits(f) && f.status == Status::Fail).count();
        let name = format!("the waiver of {} for {} (owner {})", waiver.check, waiver.resource, waiver.owner);
        if waiver.until < today {
            let still = fitting();
            outcome
                .warnings
                .push(format!("{name} ended on {} and no longer applies to {still} failures", waiver.until));
            continue;
        }
        if fitting() == 0 {
            outcome.warnings.push(format!("{name} matches no failure; remove it if the failure is mended"));
        }
        for finding in findings.iter_mut() {
            if finding.status == Status::Fail && finding.waived.is_none() && waiver.fits(finding) {
                outcome.waived += 1;
                finding.waived =
                    Some(Waived { reason: waiver.reason.clone(), owner: waiver.owner.clone(), until: waiver.until });
            }
        }
    }
    outcome
}

/// Whether a pattern with `*` and `?` covers the whole text, in time proportional to the product of their lengths.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p + 1, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match &mut star {
                Some((after, from)) => {
                    *from += 1;
                    (p, t) = (*after, *from);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_whole_names() {
        for (pattern, text) in
            [("*", ""), ("churn", "churn"), ("churn-*", "churn-7"), ("a?c*e", "abcde"), ("*x*", "axb")]
        {
            assert!(glob(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("churn", "churn-7"), ("?", ""), ("a*b", "abc"), ("", "a"), ("[a]", "a")] {
            assert!(!glob(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_of_stars_ends() {
        assert!(!glob(&"*a".repeat(50), &"a".repeat(49)));
    }

    #[test]
    fn dates_may_be_quoted_or_not_but_must_be_there() {
        let waiver = |until: &str| {
            let text =
                format!("check = 'notebook-no-direct-internet'\nresource = '*'\nreason = 'r'\nowner = 'o'\n{until}");
            toml::from_str::<Waiver>(&text)
        };
        assert_eq!(waiver("until = 2027-01-31").unwrap().until, jiff::civil::date(2027, 1, 31));
        assert_eq!(waiver("until = '2027-01-31'").unwrap().until, jiff::civil::date(2027, 1, 31));
        assert!(waiver("").unwrap_err().to_string().contains("until"));
        assert!(waiver("until = 'tomorrow'").is_err());
    }
}
