//! The report for programs: format `sagescan/report/v1`, the same bytes for the same input.

use std::fmt::Write as _;

use sagescan_checks::engine::{CoverageLine, Finding, Manual, ReportScan, Score, Tool};
use serde::Serialize;

use super::Shown;
use crate::console::is_hostile;

/// [`sagescan_checks::engine::Report`] with borrowed, selected findings.
#[derive(Serialize)]
struct Selected<'r> {
    format: &'r str,
    tool: &'r Tool,
    scan: &'r ReportScan,
    score: &'r Score,
    findings: &'r [&'r Finding],
    manual: &'r [Manual],
    coverage: &'r [CoverageLine],
}

pub(super) fn write(shown: &Shown<'_>) -> String {
    let report = shown.report;
    pretty(&Selected {
        format: &report.format,
        tool: &report.tool,
        scan: &report.scan,
        score: &report.score,
        findings: &shown.findings,
        manual: &report.manual,
        coverage: &report.coverage,
    })
}

/// JSON over several lines, ending in a line end; hostile characters stand as JSON escapes.
pub fn pretty(value: &impl Serialize) -> String {
    // Our own types have string keys and no failing serializers.
    let mut text = harmless(serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

/// JSON in one line, without a line end; hostile characters stand as JSON escapes.
pub fn compact(value: &impl Serialize) -> String {
    harmless(serde_json::to_string(value).unwrap_or_default())
}

/// Outside strings JSON has no hostile characters but line ends, so one pass over the text does.
fn harmless(json: String) -> String {
    if !json.chars().any(|c| c != '\n' && is_hostile(c)) {
        return json;
    }
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !is_hostile(c) {
            safe.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(safe, "\\u{unit:04x}");
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_are_escaped_and_come_back_whole() {
        let text = "a\u{1b}[31m\u{202e}\u{7f}\u{9b}\u{e0041}\n\"模";
        let json = pretty(&[text]);
        assert!(json.chars().all(|c| c == '\n' || !is_hostile(c)), "{json:?}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
    }
}
