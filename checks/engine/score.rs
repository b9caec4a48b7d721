//! How verdicts add up to a score and a coverage. The formula is told with an example in `docs/score.md`.
//!
//! The unit is the check, weighted by its severity, so that a thousand identical jobs do not drown one open notebook.
//! Unknown lowers the coverage and leaves the score alone; exempt and history were seen, and leave the score alone too.

use std::collections::BTreeMap;

use super::check::{Section, Severity, Status};
use super::report::{Finding, Score, SectionScore};
use super::text::Text;

/// What one check brings to the score.
#[derive(Debug, Default, Clone, PartialEq)]
struct Tally {
    weight: f64,
    judged: usize,
    /// Sum and maximum of what each failure loses, as a share of a full failure.
    lost: f64,
    worst: f64,
    seen: usize,
    unknown: usize,
}

impl Tally {
    fn add(&mut self, finding: &Finding, weight: u32) {
        self.weight = f64::from(weight);
        match finding.status {
            Status::Unknown => self.unknown += 1,
            Status::Exempt => self.seen += 1,
            Status::Pass | Status::Fail => {
                self.seen += 1;
                let counts = !finding.history && (finding.status == Status::Pass || finding.severity > Severity::Info);
                if counts && weight > 0 {
                    self.judged += 1;
                    if finding.status == Status::Fail && finding.waived.is_none() {
                        let lost = (f64::from(finding.severity.weight()) / self.weight).min(1.0);
                        self.lost += lost;
                        self.worst = self.worst.max(lost);
                    }
                }
            }
        }
    }

    /// 1 when nothing failed; any full failure costs half, the share of failures the other half.
    fn value(&self) -> Option<f64> {
        (self.judged > 0).then(|| 1.0 - (self.worst + self.lost / self.judged as f64) / 2.0)
    }

    fn coverage(&self) -> f64 {
        self.seen as f64 / (self.seen + self.unknown) as f64
    }
}

/// Findings as they add up, one after the other: what is counted need not be kept.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Sum {
    tallies: BTreeMap<Text, (Section, Tally)>,
    verdicts: BTreeMap<(Section, Status), usize>,
}

impl Sum {
    /// Adds a finding. `weight` is that of its check's own severity, none for preview checks.
    pub(super) fn add(&mut self, finding: &Finding, weight: Option<u32>) {
        *self.verdicts.entry((finding.section, finding.status)).or_default() += 1;
        if let Some(weight) = weight {
            if !self.tallies.contains_key(&finding.check) {
                self.tallies.insert(finding.check.clone(), (finding.section, Tally::default()));
            }
            if let Some((_, tally)) = self.tallies.get_mut(&finding.check) {
                tally.add(finding, weight);
            }
        }
    }

    pub(super) fn score(&self) -> Score {
        let sections = Section::ALL.map(|section| {
            let of_section = || self.tallies.values().filter(|(s, _)| *s == section).map(|(_, tally)| tally);
            let count = |status: Status| self.verdicts.get(&(section, status)).copied().unwrap_or_default();
            let score = average(of_section());
            SectionScore {
                id: section,
                title: section.title().to_owned(),
                grade: score.map(grade),
                score,
                coverage: coverage(of_section()),
                pass: count(Status::Pass),
                fail: count(Status::Fail),
                unknown: count(Status::Unknown),
                exempt: count(Status::Exempt),
            }
        });
        let all = || self.tallies.values().map(|(_, tally)| tally);
        let overall = average(all());
        Score { overall, grade: overall.map(grade), coverage: coverage(all()), sections: sections.into() }
    }
}

/// Adds up findings. `weight_of` gives the weight of a check's own severity, `None` for preview checks.
#[cfg(test)]
pub(super) fn score(findings: &[Finding], weight_of: impl Fn(&str) -> Option<u32>) -> Score {
    let mut sum = Sum::default();
    findings.iter().for_each(|finding| sum.add(finding, weight_of(&finding.check)));
    sum.score()
}

fn average<'a>(tallies: impl Iterator<Item = &'a Tally>) -> Option<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for tally in tallies {
        if let Some(value) = tally.value() {
            sum += tally.weight * value;
            weights += tally.weight;
        }
    }
    (weights > 0.0).then(|| round(100.0 * sum / weights, 10.0))
}

/// Checks without any resource say nothing about coverage; where nothing at all was found, nothing was missed.
fn coverage<'a>(tallies: impl Iterator<Item = &'a Tally>) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for tally in tallies {
        let weight = tally.weight.max(1.0);
        sum += weight * tally.coverage();
        weights += weight;
    }
    // Rounded down: 1 means that nothing at all is missing.
    if weights > 0.0 { ((sum / weights + 1e-9) * 1000.0).floor() / 1000.0 } else { 1.0 }
}

fn round(value: f64, steps: f64) -> f64 {
    // Rounded down, so that 100 means that nothing at all failed.
    ((value + 1e-9) * steps).floor() / steps
}

fn grade(score: f64) -> String {
    match score {
        s if s >= 90.0 => "A",
        s if s >= 80.0 => "B",
        s if s >= 70.0 => "C",
        s if s >= 60.0 => "D",
        _ => "F",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;
    use crate::engine::{Registered, Resource, Waived};

    /// What `docs/score.md` prints must be what this module computes, for the verdicts that the page tells of.
    #[test]
    fn the_page_about_the_score_prints_what_is_computed() {
        use Verdicts::*;
        let example: [(&str, &[Verdicts]); 5] = [
            ("notebook-no-direct-internet", &[Pass(2), Fail(Severity::High)]),
            ("notebook-imdsv2", &[Pass(2), Waived(Severity::Medium)]),
            ("env-vars-no-secrets", &[Pass(2), Fail(Severity::Low), History]),
            ("cloudtrail-multi-region", &[Unknown]),
            ("endpoint-data-capture-enabled", &[Exempt, Unknown]),
        ];
        let mut findings = Vec::new();
        let mut expected = Vec::new();
        for (id, verdicts) in example {
            let check = catalogue().find(|c| c.meta().id == id).expect("the example names checks that exist");
            let own: Vec<Finding> = verdicts.iter().flat_map(|v| v.findings(check)).collect();
            let (score, severity) = (score(&own, weight), check.meta().severity);
            expected.push(format!(
                "| `{id}` | {severity}, {} | {} | {} | {:.3} |",
                severity.weight(),
                verdicts.iter().map(Verdicts::in_words).collect::<Vec<_>>().join(", "),
                in_words(score.overall),
                score.coverage,
            ));
            findings.extend(own);
        }
        let whole = score(&findings, weight);
        for section in whole.sections.iter().filter(|s| s.pass + s.fail + s.unknown + s.exempt > 0) {
            let (id, grade) = (section.id.id(), section.grade.as_deref().unwrap_or("none"));
            expected.push(format!("| `{id}` | {} | {grade} | {:.3} |", in_words(section.score), section.coverage));
        }
        let grade = whole.grade.as_deref().unwrap_or("none");
        expected.push(format!("| overall | {} | {grade} | {:.3} |", in_words(whole.overall), whole.coverage));
        expected.extend(Severity::ALL.map(|severity| format!("| {severity} | {} |", severity.weight())));
        for (from, letter) in [(90.0, "A"), (80.0, "B"), (70.0, "C"), (60.0, "D"), (0.0, "F")] {
            assert_eq!(
                (super::grade(from).as_str(), from == 0.0 || super::grade(from - 0.1) != letter),
                (letter, true)
            );
            expected.push(format!("| {letter} | {from} |"));
        }

        let page = include_str!("../../docs/score.md");
        let missing: Vec<_> = expected.iter().filter(|line| !page.lines().any(|l| l == **line)).collect();
        assert!(missing.is_empty(), "docs/score.md lacks these lines:\n{missing:#?}");
    }

    fn weight(check: &str) -> Option<u32> {
        catalogue().find(|c| c.meta().id == check).map(|c| c.meta().severity.weight())
    }

    fn in_words(score: Option<f64>) -> String {
        score.map_or("none".to_owned(), |score| format!("{score:.1}"))
    }

    /// What a check says in the example.
    enum Verdicts {
        Pass(usize),
        Fail(Severity),
        Waived(Severity),
        History,
        Unknown,
        Exempt,
    }

    impl Verdicts {
        fn in_words(&self) -> String {
            match self {
                Verdicts::Pass(count) => format!("{count} pass"),
                Verdicts::Fail(severity) => format!("1 fail ({severity})"),
                Verdicts::Waived(_) => "1 fail (waived)".to_owned(),
                Verdicts::History => "1 fail (history)".to_owned(),
                Verdicts::Unknown => "1 unknown".to_owned(),
                Verdicts::Exempt => "1 exempt".to_owned(),
            }
        }

        fn findings(&self, check: Registered) -> Vec<Finding> {
            let own = check.meta().severity;
            let (status, severity, count) = match self {
                Verdicts::Pass(count) => (Status::Pass, own, *count),
                Verdicts::Fail(severity) | Verdicts::Waived(severity) => (Status::Fail, *severity, 1),
                Verdicts::History => (Status::Fail, Severity::Info, 1),
                Verdicts::Unknown => (Status::Unknown, own, 1),
                Verdicts::Exempt => (Status::Exempt, own, 1),
            };
            let finding = Finding {
                id: String::new(),
                check: check.meta().id.into(),
                title: check.meta().title.into(),
                section: check.section,
                severity,
                status,
                account: "111122223333".into(),
                region: "us-east-1".into(),
                resource: Resource::new("", "", ""),
                message: String::new(),
                evidence: Default::default(),
                frameworks: Default::default(),
                waived: matches!(self, Verdicts::Waived(_)).then(|| Waived {
                    reason: "replaced next month".to_owned(),
                    owner: "ml-platform".to_owned(),
                    until: jiff::civil::date(2026, 12, 31),
                }),
                gap: None,
                history: matches!(self, Verdicts::History),
                preview: false,
            };
            vec![finding; count]
        }
    }
}
