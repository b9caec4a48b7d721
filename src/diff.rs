//! What changed between two judgings: new failures, mended ones, and those that can no longer be seen.
//!
//! Findings are paired by fingerprint. A failure that vanished is mended only when its place was looked at again;
//! otherwise it is out of sight, which is not the same.

use std::collections::{BTreeMap, BTreeSet};

use sagescan_checks::engine::{Finding, GLOBAL, Report, Severity, Status};
use serde::Serialize;

/// The format of the JSON form.
pub const DIFF_FORMAT: &str = "sagescan/diff/v1";

/// Everything that changed.
#[derive(Debug, Serialize)]
pub struct Diff<'r> {
    /// Always [`DIFF_FORMAT`]
    pub format: &'static str,
    /// The older judging
    pub before: Side<'r>,
    /// The newer judging
    pub after: Side<'r>,
    /// Failures that were none before
    pub new: Vec<Change<'r>>,
    /// Failures that are none any more
    pub mended: Vec<Change<'r>>,
    /// Everything else that is not as it was: severity, waiver, wording, sight
    pub changed: Vec<Change<'r>>,
}

/// One of the two judgings.
#[derive(Debug, Serialize)]
pub struct Side<'r> {
    /// The account id
    pub account: &'r str,
    /// When the scan was over
    pub finished: jiff::Timestamp,
    /// 0 to 100
    pub score: Option<f64>,
    /// The share that could be judged
    pub coverage: f64,
}

/// One finding, before and after.
#[derive(Debug, Serialize)]
pub struct Change<'r> {
    /// What happened, in a few words
    pub what: String,
    /// As it was
    pub before: Option<&'r Finding>,
    /// As it is
    pub after: Option<&'r Finding>,
}

impl<'r> Change<'r> {
    /// The finding to show: the newer one where there is one.
    pub fn finding(&self) -> Option<&'r Finding> {
        self.after.or(self.before)
    }

    /// The severity to sort by.
    pub fn severity(&self) -> Option<Severity> {
        self.finding().map(|finding| finding.severity)
    }
}

impl<'r> From<&'r Report> for Side<'r> {
    fn from(report: &'r Report) -> Self {
        Side {
            account: &report.scan.account,
            finished: report.scan.finished,
            score: report.score.overall,
            coverage: report.score.coverage,
        }
    }
}

/// Compares two judgings; `ran` names the checks that the newer one is known to have made.
pub fn diff<'r>(before: &'r Report, after: &'r Report, ran: &BTreeSet<String>) -> Diff<'r> {
    let by_id = |report: &'r Report| -> BTreeMap<&'r str, &'r Finding> {
        report.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect()
    };
    let (old, new) = (by_id(before), by_id(after));
    let sight = Sight::of(after);
    let mut diff = Diff {
        format: DIFF_FORMAT,
        before: before.into(),
        after: after.into(),
        new: Vec::new(),
        mended: Vec::new(),
        changed: Vec::new(),
    };
    // In the order of the reports: what is there now first, then what is gone.
    let gone = before.findings.iter().filter(|finding| !new.contains_key(finding.id.as_str()));
    for finding in after.findings.iter().chain(gone) {
        let id = finding.id.as_str();
        let (was, is) = (old.get(id).copied(), new.get(id).copied());
        let failed = |finding: Option<&Finding>| finding.is_some_and(|finding| finding.status == Status::Fail);
        let change = |what: &str| Change { what: what.to_owned(), before: was, after: is };
        match (was, is) {
            (was, Some(is)) if failed(Some(is)) && !failed(was) => {
                diff.new.push(change(&was.map_or("new".to_owned(), |was| format!("was {}", was.status.word()))));
            }
            (Some(was), None) if failed(Some(was)) => match ran.contains(was.check.as_str()) && sight.reaches(was) {
                true => diff.mended.push(change("gone")),
                false => diff.changed.push(change("out of sight")),
            },
            (Some(was), Some(is)) if failed(Some(was)) && matches!(is.status, Status::Pass | Status::Exempt) => {
                diff.mended.push(change(&format!("now {}", is.status.word())));
            }
            (Some(was), Some(is)) => {
                if let Some(what) = difference(was, is) {
                    diff.changed.push(change(&what));
                }
            }
            _ => {}
        }
    }
    diff
}

/// What is not as it was, in a few words.
fn difference(was: &Finding, is: &Finding) -> Option<String> {
    if was.status != is.status {
        return Some(format!("{} became {}", was.status.word(), is.status.word()));
    }
    if is.status != Status::Fail {
        return None;
    }
    match (&was.waived, &is.waived) {
        (None, Some(_)) => return Some("waived".to_owned()),
        (Some(_), None) => return Some("no longer waived".to_owned()),
        _ => {}
    }
    if was.severity != is.severity {
        return Some(format!("{} became {}", was.severity.word(), is.severity.word()));
    }
    (was.message != is.message).then(|| "another reason".to_owned())
}

/// Where a judging looked.
struct Sight<'r> {
    regions: BTreeSet<&'r str>,
    /// Check, region and kind of resources that could not be listed.
    unlisted: BTreeSet<(&'r str, &'r str, &'r str)>,
    account: &'r str,
}

impl<'r> Sight<'r> {
    fn of(report: &'r Report) -> Self {
        let unlisted = report.findings.iter().filter(|f| f.status == Status::Unknown && f.resource.name == "*");
        Sight {
            regions: report
                .scan
                .regions
                .iter()
                .map(String::as_str)
                .chain(report.findings.iter().map(|f| f.region.as_str()))
                .collect(),
            unlisted: unlisted.map(|f| (f.check.as_str(), f.region.as_str(), f.resource.kind.as_str())).collect(),
            account: &report.scan.account,
        }
    }

    /// Whether a finding of these circumstances would have been found again.
    fn reaches(&self, finding: &Finding) -> bool {
        let place = (finding.check.as_str(), finding.region.as_str(), finding.resource.kind.as_str());
        finding.account == self.account
            && (finding.region == GLOBAL || self.regions.contains(finding.region.as_str()))
            && !self.unlisted.contains(&place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sagescan_checks::engine::judge;
    use sagescan_checks::snapshot::Snapshot;

    fn report(notebooks: &str) -> Report {
        let text = format!(
            r#"{{"format": "sagescan/snapshot/v1", "scan": {{"account": "111122223333", "regions": ["us-east-1"]}},
                "regions": {{"us-east-1": {{"notebooks": {notebooks}}}}}}}"#
        );
        let checks: Vec<_> =
            sagescan_checks::catalogue().filter(|c| c.meta().id == "notebook-no-direct-internet").collect();
        judge(&Snapshot::read(text.as_bytes()).unwrap(), &checks, "test")
    }

    fn ran() -> BTreeSet<String> {
        BTreeSet::from(["notebook-no-direct-internet".to_owned()])
    }

    fn counts(before: &str, after: &str) -> [usize; 3] {
        let (before, after) = (report(before), report(after));
        let diff = diff(&before, &after, &ran());
        [diff.new.len(), diff.mended.len(), diff.changed.len()]
    }

    const OPEN: &str = r#"[{"name": "n", "direct_internet": true, "subnet": null}]"#;
    const SHUT: &str = r#"[{"name": "n", "direct_internet": false, "subnet": "s"}]"#;
    const HALF: &str = r#"[{"name": "n", "direct_internet": true, "subnet": "s"}]"#;

    #[test]
    fn nothing_changed_in_the_same() {
        assert_eq!(counts(OPEN, OPEN), [0, 0, 0]);
    }

    #[test]
    fn failures_come_and_go() {
        assert_eq!(counts(SHUT, OPEN), [1, 0, 0]);
        assert_eq!(counts("[]", OPEN), [1, 0, 0]);
        assert_eq!(counts(OPEN, SHUT), [0, 1, 0]);
        assert_eq!(counts(OPEN, "[]"), [0, 1, 0]);
        assert_eq!(counts(OPEN, HALF), [0, 0, 1]);
    }

    #[test]
    fn out_of_sight_is_not_mended() {
        assert_eq!(counts(OPEN, r#"{"items": [], "unseen": "denied"}"#), [0, 0, 1]);
        assert_eq!(counts(OPEN, r#"[{"name": "n"}]"#), [0, 0, 1]);
        let (before, mut after) = (report(OPEN), report("[]"));
        after.scan.regions = vec!["eu-west-1".to_owned()];
        assert_eq!(diff(&before, &after, &ran()).changed.len(), 1);
        let (before, after) = (report(OPEN), report("[]"));
        assert_eq!(diff(&before, &after, &BTreeSet::new()).changed.len(), 1);
    }
}
