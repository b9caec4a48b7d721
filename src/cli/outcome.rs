//! From a snapshot to reports and an exit code: what `scan`, `demo` and `judge` have in common.

use std::path::Path;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sagescan_checks::engine::{Finding, Registered, Report, Status, judge_keeping, rescore};
use sagescan_checks::snapshot::{Snapshot, State};

use super::{Exit, Output, Stop, put, selection};
use crate::config::{FailOn, Settings, Share};
use crate::console::Console;
use crate::files::Destination;
use crate::report::{Filter, Format, Shown};
use crate::waivers::{self, Waiver};

/// Where results go.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Outputs {
    #[command(flatten)]
    output: Output,
    /// Writes another report beside the result; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", help_heading = "Output")]
    report: Vec<ReportTo>,
}

/// `json=report.json`
#[derive(Debug, Clone)]
struct ReportTo {
    format: Format,
    file: String,
}

impl FromStr for ReportTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((format, file)) if !file.is_empty() => Ok(ReportTo { format: format.parse()?, file: file.to_owned() }),
            _ => Err("say FORMAT=FILE, as in `json=report.json`".to_owned()),
        }
    }
}

/// Everything that can be wrong is found before a scan begins, not after.
pub(super) struct Judging {
    pub(super) checks: Vec<Registered>,
    waivers: Vec<Waiver>,
    filter: Filter,
    fail_on: FailOn,
    require_coverage: Option<Share>,
    format: Format,
    output: Option<Destination>,
    reports: Vec<(Format, Destination)>,
}

impl Judging {
    pub(super) fn prepare(settings: Settings, outputs: &Outputs) -> Result<Judging, Stop> {
        let reports = outputs
            .report
            .iter()
            .map(|report| Ok((report.format, Destination::new(Path::new(&report.file))?)))
            .collect::<Result<_, Stop>>()?;
        Ok(Judging {
            checks: selection::checks(&settings.check),
            waivers: settings.waivers.as_deref().map(waivers::read).transpose()?.unwrap_or_default(),
            filter: Filter {
                sections: settings.section,
                severities: settings.severity,
                statuses: settings.status,
                frameworks: settings.framework,
            },
            fail_on: settings.fail_on.unwrap_or_default(),
            require_coverage: settings.require_coverage,
            format: settings.format.unwrap_or_default(),
            output: outputs.output.destination()?,
            reports,
        })
    }

    /// Judges, writes every report, and says what the whole came to.
    pub(super) fn conclude(&self, snapshot: &Snapshot, console: &Console) -> Result<Exit, Stop> {
        let (report, unlisted) = self.report(snapshot, console);
        let shown = Shown::new(&report, &self.filter, unlisted);
        for (format, file) in &self.reports {
            put(Some(file), &format.write(&shown, &console.look_of_file()), console)?;
        }
        let look = if self.output.is_some() { console.look_of_file() } else { console.look() };
        put(self.output.as_ref(), &self.format.write(&shown, &look), console)?;
        if let Some(why) = blindness(&report, self.require_coverage) {
            console.warning(&format!("could not see enough: {why}"));
            return Ok(Exit::Blind);
        }
        Ok(if count_at(&report, self.fail_on) > 0 { Exit::Findings } else { Exit::Clean })
    }

    /// The report, and how many findings it only counts because nothing that is written lists them.
    fn report(&self, snapshot: &Snapshot, console: &Console) -> (Report, usize) {
        let formats = || self.reports.iter().map(|(format, _)| *format).chain([self.format]);
        let mut unlisted = 0;
        let mut keep = |finding: &Finding| {
            let asked_for = self.filter.statuses.contains(&finding.status);
            let kept = asked_for || formats().any(|format| format.lists(finding));
            unlisted += usize::from(!kept && self.filter.shows(finding));
            kept
        };
        let mut report = judge_keeping(snapshot, &self.checks, env!("CARGO_PKG_VERSION"), &mut keep);
        let outcome = waivers::apply(&self.waivers, &mut report.findings, day_of(snapshot));
        for warning in &outcome.warnings {
            console.warning(warning);
        }
        if outcome.waived > 0 {
            rescore(&mut report, &self.checks);
        }
        (report, unlisted)
    }
}

/// The day of the scan: the same snapshot and waivers give the same report on any day.
fn day_of(snapshot: &Snapshot) -> jiff::civil::Date {
    let finished = snapshot.scan.finished;
    let known = if finished == Timestamp::UNIX_EPOCH { Timestamp::now() } else { finished };
    known.to_zoned(TimeZone::UTC).date()
}

/// Failures that count for the exit code.
pub(super) fn count_at(report: &Report, fail_on: FailOn) -> usize {
    let FailOn(Some(least)) = fail_on else { return 0 };
    let counts = |finding: &&sagescan_checks::engine::Finding| {
        finding.status == Status::Fail && finding.waived.is_none() && !finding.preview && finding.severity >= least
    };
    report.findings.iter().filter(counts).count()
}

/// Answers that say nothing about what the account holds.
const PRELIMINARIES: [&str; 2] = ["sts:GetCallerIdentity", "ec2:DescribeRegions"];

/// Whether any call told something about the account.
pub(super) fn answered<'s>(ledger: impl IntoIterator<Item = (State, &'s str)>) -> bool {
    ledger
        .into_iter()
        .any(|(state, source)| matches!(state, State::Complete | State::Partial) && !PRELIMINARIES.contains(&source))
}

/// Why so little was seen that the absence of findings means nothing.
fn blindness(report: &Report, required: Option<Share>) -> Option<String> {
    if let Some(why) = &report.scan.interrupted {
        return Some(format!("the scan ended early: {why}"));
    }
    let answers = answered(report.coverage.iter().map(|line| (line.state, line.source.as_str())));
    let judged = report.score.sections.iter().any(|section| section.pass + section.fail + section.exempt > 0);
    let without_ledger = report.coverage.is_empty() && judged;
    if !answers && !without_ledger {
        return Some("no call was answered".to_owned());
    }
    let Share(required) = required?;
    let seen = report.score.coverage;
    (seen < required).then(|| format!("{seen} of what should be judged was seen, {required} is required"))
}

#[cfg(test)]
mod tests {
    use sagescan_checks::engine::judge;

    use super::*;

    fn report(snapshot: &str) -> Report {
        let snapshot = Snapshot::read(snapshot.as_bytes()).unwrap();
        judge(&snapshot, &selection::checks(&["notebook-no-direct-internet".parse().unwrap()]), "test")
    }

    fn with(notebooks: &str, coverage: &str) -> Report {
        report(&format!(
            r#"{{"format": "sagescan/snapshot/v1", "regions": {{"us-east-1": {{"notebooks": {notebooks}}}}}, "coverage": [{coverage}]}}"#
        ))
    }

    const COMPLETE: &str = r#"{"source": "sagemaker:ListNotebookInstances", "state": "complete"}"#;
    const OPEN: &str = r#"[{"name": "n", "direct_internet": true, "subnet": null}]"#;

    #[test]
    fn failures_count_from_the_asked_severity_up() {
        let report = with(OPEN, COMPLETE);
        assert_eq!(count_at(&report, FailOn::default()), 1);
        assert_eq!(count_at(&report, "low".parse().unwrap()), 1);
        assert_eq!(count_at(&report, "critical".parse().unwrap()), 0);
        assert_eq!(count_at(&report, "none".parse().unwrap()), 0);
    }

    #[test]
    fn waived_and_preview_failures_do_not_count() {
        let mut report = with(OPEN, COMPLETE);
        report.findings[0].preview = true;
        assert_eq!(count_at(&report, FailOn::default()), 0);
        report.findings[0].preview = false;
        report.findings[0].waived = Some(sagescan_checks::engine::Waived {
            reason: "r".into(),
            owner: "o".into(),
            until: jiff::civil::date(2099, 1, 1),
        });
        assert_eq!(count_at(&report, FailOn::default()), 0);
    }

    #[test]
    fn an_account_that_answers_with_nothing_was_seen() {
        assert_eq!(blindness(&with("[]", COMPLETE), Some(Share(1.0))), None);
    }

    #[test]
    fn knowing_who_asks_is_not_seeing() {
        let denied = r#"{"source": "sagemaker:ListNotebookInstances", "state": "denied"}"#;
        let who = r#"{"source": "sts:GetCallerIdentity", "state": "complete"}"#;
        let nothing = r#"{"items": [], "unseen": "denied"}"#;
        assert!(blindness(&with(nothing, denied), None).is_some());
        assert!(blindness(&with(nothing, &format!("{who}, {denied}")), None).is_some());
        assert!(blindness(&with(nothing, ""), None).is_some());
    }

    #[test]
    fn required_coverage_is_required() {
        let half = r#"[{"name": "a", "direct_internet": false, "subnet": "s"}, {"name": "b"}]"#;
        assert!(blindness(&with(half, COMPLETE), Some(Share(0.9))).is_some());
        assert!(blindness(&with(half, COMPLETE), Some(Share(0.5))).is_none());
    }
}
