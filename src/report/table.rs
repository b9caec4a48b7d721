//! The report for people: the score, the worst first, what could not be seen, and what to do next.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use sagescan_checks::engine::{Finding, Report, SectionScore, Status};
use sagescan_checks::snapshot::State;

use super::Shown;
use crate::console::{Look, columns, escape, pad, style_of, wrap};

/// How many resources of one check, and how many permissions, are shown before the rest is counted.
const RESOURCES: usize = 5;
const PERMISSIONS: usize = 3;

pub(super) fn write(shown: &Shown<'_>, look: &Look) -> String {
    let mut page = Page { look, text: String::new() };
    head(&mut page, shown.report);
    score(&mut page, shown.report);
    failures(&mut page, shown);
    for status in [Status::Pass, Status::Exempt] {
        if shown.statuses.contains(&status) {
            let listed = shown.findings.iter().copied().filter(|finding| finding.status == status);
            groups(&mut page, listed);
        }
    }
    if shown.statuses.is_empty() || shown.statuses.contains(&Status::Unknown) {
        unknown(&mut page, shown);
    }
    coverage(&mut page, shown.report);
    foot(&mut page, shown);
    page.text
}

/// Text under construction.
struct Page<'l> {
    look: &'l Look,
    text: String,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Plain text, wrapped; lines after the first are indented by `hang`.
    fn wrapped(&mut self, first: &str, hang: usize, text: &str) {
        let width = self.look.width.saturating_sub(hang).max(20);
        for (at, line) in wrap(text, width).into_iter().enumerate() {
            let lead = if at == 0 { pad(first, hang) } else { " ".repeat(hang) };
            self.line(&format!("{lead}{line}"));
        }
    }

    fn heading(&mut self, text: &str) {
        self.gap();
        let text = self.look.bold(text);
        self.line(&text);
    }
}

fn head(page: &mut Page<'_>, report: &Report) {
    let scan = &report.scan;
    let name = page.look.bold(&report.tool.name);
    page.line(&format!("{name} {}", report.tool.version));
    let dot = page.look.dot();
    page.wrapped("Account", 9, &format!("{} ({})", escape(&scan.account), escape(&scan.partition)));
    page.wrapped("Caller", 9, &escape(&scan.caller));
    page.wrapped("Regions", 9, &escape(&scan.regions.join(", ")));
    let time = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let calls = format!(
        "{} to {} UTC{dot}{} calls{dot}{} throttled",
        time(scan.started),
        time(scan.finished),
        scan.api_calls,
        scan.throttled
    );
    page.wrapped("Seen", 9, &calls);
    if let Some(since) = scan.jobs_since {
        page.wrapped("Jobs", 9, &format!("running, or created since {} UTC", time(since)));
    }
    if let Some(last) = scan.since_last {
        let says = format!("of {} UTC, for finished jobs, models and endpoint configurations that it had", time(last));
        page.wrapped("Last scan", 9, &says);
    }
    if let Some(why) = &scan.interrupted {
        page.wrapped("Ended", 9, &format!("early: {}", escape(why)));
    }
}

/// One row a section; columns that do not fit are left out, the least important first.
fn score(page: &mut Page<'_>, report: &Report) {
    let score = &report.score;
    let overall = match (score.overall, &score.grade) {
        (Some(points), Some(grade)) => format!("{points:.0} of 100, grade {grade}"),
        _ => "none: nothing could be judged".to_owned(),
    };
    page.heading(&format!("Score {overall}"));
    if score.overall.is_some() {
        page.line(&meter(page.look, score.overall, page.look.width.min(50)));
    }
    page.line(&format!("{} of what should be judged could be seen", percent(score.coverage)));
    page.gap();
    let look = page.look;
    let names = 24;
    let mut cells: Vec<Column> = vec![
        ("fail", 6, |s| s.fail.to_string()),
        ("unknown", 9, |s| s.unknown.to_string()),
        ("pass", 7, |s| s.pass.to_string()),
        ("exempt", 8, |s| s.exempt.to_string()),
        ("seen", 6, |s| if total(s) > 0 { percent(s.coverage) } else { "-".to_owned() }),
    ];
    let fixed = |cells: &[Column]| names + 7 + cells.iter().map(|cell| cell.1).sum::<usize>();
    while cells.len() > 2 && fixed(&cells) + 7 > look.width {
        cells.pop();
    }
    let bar = look.width.saturating_sub(fixed(&cells) + 1).min(20);
    let right = |cells: &[Column], of: &dyn Fn(&Column) -> String| -> String {
        cells.iter().map(|cell| format!("{:>width$}", of(cell), width = cell.1)).collect()
    };
    let titles = right(&cells, &|cell| cell.0.to_owned());
    page.line(&look.dim(&format!("{}{titles}", " ".repeat(names + 1 + bar + 7))));
    for section in &report.score.sections {
        let points = match (section.score, &section.grade) {
            (Some(points), Some(grade)) => format!("{points:>4.0} {grade}"),
            _ => "   -  ".to_owned(),
        };
        let row = right(&cells, &|cell| (cell.2)(section));
        page.line(&format!("{} {} {points}{row}", pad(&section.title, names), meter(look, section.score, bar)));
    }
}

/// A column of the score: heading, width, content.
type Column = (&'static str, usize, fn(&SectionScore) -> String);

fn total(section: &SectionScore) -> usize {
    section.pass + section.fail + section.unknown + section.exempt
}

fn meter(look: &Look, points: Option<f64>, width: usize) -> String {
    let (full, empty) = if look.unicode { ("█", "░") } else { ("#", ".") };
    let Some(points) = points else { return " ".repeat(width) };
    // Rounded down: a full bar means that nothing is missing.
    let filled = ((points / 100.0 * width as f64) as usize).min(width);
    let color = match points {
        p if p >= 80.0 => AnsiColor::Green,
        p if p >= 60.0 => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    };
    look.paint(color.on_default(), &format!("{}{}", full.repeat(filled), empty.repeat(width - filled)))
}

fn percent(share: f64) -> String {
    format!("{}%", (share * 100.0 + 1e-9).floor())
}

fn failures(page: &mut Page<'_>, shown: &Shown<'_>) {
    let failed = || shown.findings.iter().copied().filter(|finding| finding.status == Status::Fail);
    groups(page, failed().filter(|finding| finding.waived.is_none()));
    let waived: Vec<&Finding> = failed().filter(|finding| finding.waived.is_some()).collect();
    if !waived.is_empty() {
        page.heading(&format!("Waived: {}", count(waived.len(), "failure", "failures")));
        let most = if page.look.verbose { usize::MAX } else { RESOURCES };
        for finding in waived.iter().take(most) {
            if let Some(waived) = &finding.waived {
                let words = format!(
                    "{} {}: {} (until {}, {})",
                    finding.check,
                    escape(&finding.resource.name),
                    escape(&waived.reason),
                    waived.until,
                    escape(&waived.owner)
                );
                page.wrapped("", 4, &words);
            }
        }
        more(page, waived.len(), most);
    }
}

fn groups<'f>(page: &mut Page<'_>, findings: impl Iterator<Item = &'f Finding>) {
    for check in ranked(findings) {
        group(page, &check);
    }
}

/// Findings by check: the most severe check first, then the one with most findings; in each the worst resource first.
fn ranked<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<Vec<&'f Finding>> {
    let mut by_check: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_check.entry(&finding.check).or_default().push(finding);
    }
    let mut checks: Vec<Vec<&Finding>> = by_check.into_values().collect();
    for check in &mut checks {
        check.sort_by_key(|finding| Reverse(finding.severity));
    }
    checks
        .sort_by_key(|check| check.first().map(|worst| (Reverse(worst.severity), Reverse(check.len()), worst.section)));
    checks
}

fn group(page: &mut Page<'_>, findings: &[&Finding]) {
    let Some(worst) = findings.first() else { return };
    let look = page.look;
    page.gap();
    let word = match worst.status {
        Status::Fail => worst.severity.word(),
        other => other.word(),
    };
    let style = match worst.status {
        Status::Fail => style_of(worst.severity),
        _ => AnsiColor::Green.on_default(),
    };
    let preview = if worst.preview { " (preview)" } else { "" };
    let title = format!("{}{preview}", worst.title);
    for (at, line) in wrap(&title, look.width.saturating_sub(10).max(20)).iter().enumerate() {
        let word = if at == 0 { word.to_uppercase() } else { String::new() };
        page.line(&format!("{}{} {}", look.paint(style, &word), " ".repeat(9 - columns(&word)), look.bold(line)));
    }
    let what = match worst.status {
        Status::Fail => count(findings.len(), "failure", "failures"),
        _ => count(findings.len(), "resource", "resources"),
    };
    // Ids have no blanks to break at: on a narrow terminal the count gets a line of its own.
    let one = format!("{}{}{what}", worst.check, look.dot());
    if columns(&one) + 10 <= look.width {
        page.line(&format!("{:10}{}", "", look.dim(&one)));
    } else {
        page.line(&format!("{:10}{}", "", look.dim(&worst.check)));
        page.line(&format!("{:10}{}", "", look.dim(&what)));
    }
    let most = if look.verbose { usize::MAX } else { RESOURCES };
    for finding in findings.iter().take(most) {
        // What stands out of its group says so: old jobs are records, a context can make things worse or better.
        let milder = match finding.severity == worst.severity || worst.status != Status::Fail {
            true => String::new(),
            false => format!(", {}", finding.severity),
        };
        let says = format!("{} [{}{milder}]", escape(&finding.message), escape(&finding.region));
        page.wrapped(&format!("{:8}{}", "", look.bullet()), 10, &says);
    }
    more(page, findings.len(), most);
}

fn more(page: &mut Page<'_>, all: usize, shown: usize) {
    if all > shown {
        let text = page.look.dim(&format!("and {} more", all - shown));
        page.line(&format!("{:10}{text}", ""));
    }
}

/// What could not be judged, by what was not seen.
fn unknown(page: &mut Page<'_>, shown: &Shown<'_>) {
    let unknown: Vec<&Finding> =
        shown.findings.iter().copied().filter(|finding| finding.status == Status::Unknown).collect();
    if unknown.is_empty() {
        return;
    }
    let mut by_gap: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in &unknown {
        let gap = finding.gap.as_ref().map_or_else(|| finding.message.clone(), ToString::to_string);
        by_gap.entry(gap).or_default().push(finding);
    }
    let mut gaps: Vec<(String, Vec<&Finding>)> = by_gap.into_iter().collect();
    gaps.sort_by_key(|(_, findings)| Reverse(findings.len()));
    page.heading(&format!("Not seen: {} could not be reached", count(unknown.len(), "verdict", "verdicts")));
    let most = if page.look.verbose { usize::MAX } else { RESOURCES };
    for (gap, findings) in gaps.iter().take(most) {
        page.wrapped(&format!("{:>7}", findings.len()), 10, &escape(gap));
        if page.look.verbose {
            for finding in findings {
                let what =
                    format!("{} {} [{}]", finding.check, escape(&finding.resource.name), escape(&finding.region));
                page.wrapped(&format!("{:10}{}", "", page.look.bullet()), 12, &what);
            }
        }
    }
    if gaps.len() > most {
        let text = page.look.dim(&format!("and {}", count(gaps.len() - most, "more reason", "more reasons")));
        page.line(&format!("{:10}{text}", ""));
    }
}

fn coverage(page: &mut Page<'_>, report: &Report) {
    let lines = &report.coverage;
    let complete = lines.iter().filter(|line| line.state == State::Complete).count();
    page.heading(&format!("Coverage: {complete} of {} answered in full", count(lines.len(), "call", "calls")));
    let mut others: BTreeMap<State, usize> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.state != State::Complete) {
        *others.entry(line.state).or_default() += 1;
    }
    if !others.is_empty() {
        let words: Vec<String> = others.iter().map(|(state, times)| format!("{times} {}", state.word())).collect();
        page.wrapped("", 4, &words.join(", "));
    }
    if page.look.verbose {
        for line in lines.iter().filter(|line| line.state != State::Complete) {
            let what = format!("{} in {}: {} {}", line.source, line.region, line.state.word(), line.detail);
            page.wrapped(&format!("    {}", page.look.bullet()), 6, &escape(&what));
        }
    }
    let mut grants: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.status == Status::Unknown) {
        if let Some(grant) = finding.gap.as_ref().and_then(|gap| gap.grant.as_deref()) {
            *grants.entry(grant).or_default() += 1;
        }
    }
    let mut grants: Vec<(&str, usize)> = grants.into_iter().collect();
    grants.sort_by_key(|(_, verdicts)| Reverse(*verdicts));
    if !grants.is_empty() {
        page.line("    These permissions would reveal most:");
        for (grant, verdicts) in grants.iter().take(PERMISSIONS) {
            page.wrapped("    +", 6, &format!("{} ({})", escape(grant), count(*verdicts, "verdict", "verdicts")));
        }
    }
}

fn foot(page: &mut Page<'_>, shown: &Shown<'_>) {
    let report = shown.report;
    page.gap();
    let (hidden, failures) = shown.hidden();
    if hidden > 0 {
        let what = count(hidden, "finding", "findings");
        page.wrapped(
            "",
            0,
            &format!(
                "Hidden by filters: {what}, {} among them. They count all the same.",
                count(failures, "failure", "failures")
            ),
        );
    }
    if !report.manual.is_empty() {
        let practices = count(report.manual.len(), "practice", "practices");
        page.wrapped(
            "",
            0,
            &format!("{practices} can only be looked at by hand; `sagescan explain manual` lists them."),
        );
    }
    let accused = |finding: &&Finding| finding.status == Status::Fail && finding.waived.is_none();
    let ranked = ranked(report.findings.iter().filter(accused));
    let worst = ranked.first().and_then(|check| check.first());
    let next = match worst {
        Some(worst) => format!("sagescan explain {}", worst.check),
        None if report.findings.iter().any(|finding| finding.status == Status::Unknown) => "sagescan policy".to_owned(),
        None => "sagescan checks".to_owned(),
    };
    let next = page.look.paint(Style::new().bold(), &next);
    page.line(&format!("Next: {next}"));
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
