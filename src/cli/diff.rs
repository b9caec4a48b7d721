//! `sagescan diff OLD NEW`

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sagescan_checks::engine::{Report, judge};

use super::{Exit, Output, Stop, selection};
use crate::config::{CheckId, FailOn, Settings};
use crate::console::{Console, Look, escape, style_of, wrap};
use crate::diff::{Change, Diff, diff};
use crate::files::{self, Seen};
use crate::report::{self, Format};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The older snapshot or JSON report
    old: PathBuf,
    /// The newer snapshot or JSON report
    new: PathBuf,
    /// Compares only these checks
    #[arg(long, value_name = "CHECK", value_delimiter = ',')]
    check: Vec<CheckId>,
    /// Exits with 1 when a new failure is at least this severe; `none` never does [default: high]
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// The form of the result [default: table]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    args.output.destination()?;
    let (before, _) = read(&args.old, &args.check, console)?;
    let (after, ran) = read(&args.new, &args.check, console)?;
    if before.scan.account != after.scan.account {
        console.warning("the two are of different accounts");
    }
    if before.scan.regions != after.scan.regions {
        let of = |report: &Report| report.scan.regions.join(", ");
        console.warning(&format!("the two looked at different regions: {} before; {} after", of(&before), of(&after)));
    }
    let diff = diff(&before, &after, &ran);
    let text = match args.format.or(file.format).unwrap_or_default() {
        Format::Json => report::pretty(&diff),
        Format::Table => {
            table(&diff, &if args.output.output.is_some() { console.look_of_file() } else { console.look() })
        }
    };
    args.output.write(&text, console)?;
    let FailOn(least) = args.fail_on.or(file.fail_on).unwrap_or_default();
    let counts = |change: &Change<'_>| {
        change.after.is_some_and(|f| f.waived.is_none() && !f.preview && least.is_some_and(|least| f.severity >= least))
    };
    Ok(if diff.new.iter().any(counts) { Exit::Findings } else { Exit::Clean })
}

/// A judging, and the checks that are known to have run for it: a report tells of those that found something only.
fn read(path: &Path, checks: &[CheckId], console: &Console) -> Result<(Report, BTreeSet<String>), Stop> {
    let mut report = match files::read_snapshot_or_report(path)? {
        Seen::Snapshot(snapshot) => {
            let selected = selection::checks(checks);
            let ran = selected.iter().map(|check| check.meta().id.to_owned()).collect();
            return Ok((judge(&snapshot, &selected, env!("CARGO_PKG_VERSION")), ran));
        }
        Seen::Report(report) => *report,
    };
    let counted: usize = report.score.sections.iter().map(|s| s.pass + s.fail + s.unknown + s.exempt).sum();
    if counted > report.findings.len() {
        console.warning(&format!(
            "{} was written with filters and shows {} of {counted} findings; what it hides counts as absent",
            path.display(),
            report.findings.len()
        ));
    }
    report.findings.retain(|finding| checks.is_empty() || checks.iter().any(|check| check.as_str() == finding.check));
    let ran = report.findings.iter().map(|finding| finding.check.to_string()).collect();
    Ok((report, ran))
}

fn table(diff: &Diff<'_>, look: &Look) -> String {
    let mut text = String::new();
    let points = |score: Option<f64>| score.map_or("none".to_owned(), |score| format!("{score:.0}"));
    text.push_str(&format!(
        "Score {} before, {} after; {} new, {} mended, {} changed\n",
        points(diff.before.score),
        points(diff.after.score),
        diff.new.len(),
        diff.mended.len(),
        diff.changed.len()
    ));
    for (title, changes) in [("New failures", &diff.new), ("Mended", &diff.mended), ("Changed", &diff.changed)] {
        if !changes.is_empty() {
            text.push_str(&format!("\n{}\n", look.bold(title)));
        }
        let mut sorted: Vec<&Change<'_>> = changes.iter().collect();
        sorted.sort_by_key(|change| Reverse(change.severity()));
        for change in sorted {
            line(change, look, &mut text);
        }
    }
    text
}

fn line(change: &Change<'_>, look: &Look, text: &mut String) {
    let Some(finding) = change.finding() else { return };
    let severity = look.paint(style_of(finding.severity), finding.severity.word());
    let space = " ".repeat(9_usize.saturating_sub(finding.severity.word().len()));
    text.push_str(&format!("  {severity}{space}{} ({})\n", escape(&finding.check), change.what));
    let says = format!("{} [{}]", escape(&finding.message), escape(&finding.region));
    for words in wrap(&says, look.width.saturating_sub(11).max(20)) {
        text.push_str(&format!("           {words}\n"));
    }
}
