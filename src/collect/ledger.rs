//! The coverage ledger while it is being written: what was asked of each call in each place, and what became of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use sagescan_checks::snapshot::{Coverage, Gap, Reason, State};

use super::call::Call;

#[derive(Default)]
pub(super) struct Ledger {
    lines: Mutex<BTreeMap<(String, &'static str), Line>>,
}

#[derive(Default)]
struct Line {
    answered: u64,
    requests: u64,
    throttled: u64,
    /// Final failures, the first of each reason with its count.
    gaps: Vec<(Gap, u64)>,
    /// Failures since the last answer: when a call keeps failing, asking on is bad manners.
    failed_in_a_row: u32,
}

impl Ledger {
    fn with<R>(&self, region: &str, call: &Call, f: impl FnOnce(&mut Line) -> R) -> R {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        f(lines.entry((region.to_owned(), call.source)).or_default())
    }

    pub(super) fn sent(&self, region: &str, call: &Call) {
        self.with(region, call, |line| line.requests += 1);
    }

    pub(super) fn throttled(&self, region: &str, call: &Call) {
        self.with(region, call, |line| line.throttled += 1);
    }

    pub(super) fn answered(&self, region: &str, call: &Call) {
        self.with(region, call, |line| {
            line.answered += 1;
            line.failed_in_a_row = 0;
        });
    }

    /// Notes something that was not seen; `again` is false for what was not asked because it failed before.
    pub(super) fn missed(&self, region: &str, call: &Call, gap: &Gap, again: bool) {
        self.with(region, call, |line| {
            if again {
                line.failed_in_a_row += 1;
            }
            match line.gaps.iter_mut().find(|(g, _)| g.reason == gap.reason) {
                Some((_, count)) => *count += 1,
                None => line.gaps.push((gap.clone(), 1)),
            }
        });
    }

    /// Notes things left out on purpose, in one stroke.
    pub(super) fn left_out(&self, region: &str, call: &Call, gap: &Gap) {
        self.with(region, call, |line| line.gaps.push((gap.clone(), 1)));
    }

    /// The gap to repeat without asking, when a call has only failed for a while.
    pub(super) fn given_up(&self, region: &str, call: &Call) -> Option<Gap> {
        self.with(region, call, |line| {
            let (gap, _) = line.gaps.last()?;
            let patience = match gap.reason {
                // A denial may concern one resource only.
                Reason::Denied => 20,
                Reason::NotOffered | Reason::NotEnabled => 1,
                Reason::Throttled => 2,
                _ => 3,
            };
            (line.failed_in_a_row >= patience).then(|| gap.clone())
        })
    }

    /// How often a call failed in a row; what fails often is tried less hard.
    pub(super) fn failed_in_a_row(&self, region: &str, call: &Call) -> u32 {
        self.with(region, call, |line| line.failed_in_a_row)
    }

    /// All requests and all throttles so far.
    pub(super) fn totals(&self) -> (u64, u64) {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.values().fold((0, 0), |(r, t), line| (r + line.requests, t + line.throttled))
    }

    /// The finished ledger.
    pub(super) fn into_coverage(self, account: &str) -> Vec<Coverage> {
        let lines = self.lines.into_inner().unwrap_or_else(PoisonError::into_inner);
        let line = |((region, source), line): ((String, &'static str), Line)| {
            let missed: u64 = line.gaps.iter().map(|(_, count)| count).sum();
            let detail = line.gaps.iter().map(|(gap, count)| match count {
                1 => gap.detail.clone(),
                n => format!("{n} times: {}", gap.detail),
            });
            Coverage {
                account: account.to_owned(),
                region,
                source: source.to_owned(),
                state: state(&line),
                detail: detail.collect::<Vec<_>>().join("; "),
                grant: line.gaps.iter().find_map(|(gap, _)| gap.grant.clone()),
                calls: line.requests,
                missed,
            }
        };
        lines.into_iter().map(line).collect()
    }
}

fn state(line: &Line) -> State {
    match (line.gaps.first(), line.answered) {
        (None, _) => State::Complete,
        (Some(_), 1..) => State::Partial,
        (Some((gap, _)), 0) => match gap.reason {
            Reason::Denied => State::Denied,
            Reason::Throttled => State::Throttled,
            Reason::NotOffered => State::NotOffered,
            Reason::NotEnabled => State::NotEnabled,
            Reason::Failed | Reason::Unrecognised => State::Failed,
            Reason::Skipped => State::Skipped,
        },
    }
}
