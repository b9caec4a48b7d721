//! The coverage ledger while it is being written: what was asked of each call in each place, and what became of it.

use std::collections::{BTreeMap, BTreeSet};
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
    /// As an interrupted run of the scan left it.
    before: Option<Coverage>,
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
        let before = |line: &Line| line.before.as_ref().map_or(0, |before| before.calls);
        lines.values().fold((0, 0), |(r, t), line| (r + line.requests + before(line), t + line.throttled))
    }

    /// Takes over what an interrupted run of the scan asked of these calls; the last word on each counts.
    pub(super) fn resume(&self, calls: &BTreeSet<Call>, before: Vec<Coverage>) {
        for coverage in before {
            if let Some(call) = calls.iter().find(|call| call.source == coverage.source) {
                self.with(&coverage.region.clone(), call, |line| line.before = Some(coverage));
            }
        }
    }

    /// The lines of these calls, as they stand: in one region, or wherever they were asked.
    pub(super) fn lines(&self, account: &str, region: Option<&str>, calls: &BTreeSet<Call>) -> Vec<Coverage> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let sources: BTreeSet<&str> = calls.iter().map(|call| call.source).collect();
        let wanted = lines
            .iter()
            .filter(|((at, source), _)| sources.contains(source) && region.is_none_or(|region| region == at));
        wanted.map(|((at, source), line)| line.coverage(account, at, source)).collect()
    }

    /// The finished ledger.
    pub(super) fn into_coverage(self, account: &str) -> Vec<Coverage> {
        let lines = self.lines.into_inner().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(|((region, source), line)| line.coverage(account, region, source)).collect()
    }
}

impl Line {
    fn coverage(&self, account: &str, region: &str, source: &str) -> Coverage {
        let missed: u64 = self.gaps.iter().map(|(_, count)| count).sum();
        let detail = self.gaps.iter().map(|(gap, count)| match count {
            1 => gap.detail.clone(),
            n => format!("{n} times: {}", gap.detail),
        });
        let mut now = Coverage {
            account: account.to_owned(),
            region: region.to_owned(),
            source: source.to_owned(),
            state: state(self),
            detail: detail.collect::<Vec<_>>().join("; "),
            grant: self.gaps.iter().find_map(|(gap, _)| gap.grant.clone()),
            calls: self.requests,
            missed,
        };
        match &self.before {
            None => {}
            Some(before) if self.requests == 0 && self.gaps.is_empty() => now = before.clone(),
            Some(before) => {
                now.calls += before.calls;
                now.missed += before.missed;
                now.grant = now.grant.or_else(|| before.grant.clone());
                if before.state != now.state {
                    now.state = State::Partial;
                    let details = [before.detail.as_str(), now.detail.as_str()];
                    now.detail = details.into_iter().filter(|d| !d.is_empty()).collect::<Vec<_>>().join("; ");
                }
            }
        }
        now
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
