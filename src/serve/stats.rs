//! What was asked, counted.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// What was asked so far, by call (`service:Operation`) and region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// `service:Operation` → region → counts. Refused operations are here too, under the name that was asked for.
    pub calls: BTreeMap<String, BTreeMap<String, Counts>>,
}

/// The counts of one call in one region.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Requests that came in.
    pub requests: u64,
    /// Answers that refused the rate.
    pub throttled: u64,
    /// Answers that refused the permission.
    pub denied: u64,
    /// Answers that a fault was put into.
    pub faulted: u64,
    /// Requests for operations that are not served: anything that writes, above all.
    pub unknown: u64,
    /// The largest number of requests that were open at the same time.
    pub max_in_flight: u64,
}

impl Stats {
    /// The counts of a call over all regions.
    pub fn of(&self, call: &str) -> Counts {
        let regions = self.calls.get(call).into_iter().flat_map(BTreeMap::values);
        regions.fold(Counts::default(), Counts::plus)
    }

    /// The counts of all calls.
    pub fn total(&self) -> Counts {
        self.calls.values().flat_map(BTreeMap::values).fold(Counts::default(), Counts::plus)
    }
}

impl Counts {
    fn plus(self, other: &Counts) -> Counts {
        Counts {
            requests: self.requests + other.requests,
            throttled: self.throttled + other.throttled,
            denied: self.denied + other.denied,
            faulted: self.faulted + other.faulted,
            unknown: self.unknown + other.unknown,
            max_in_flight: self.max_in_flight.max(other.max_in_flight),
        }
    }
}

/// The book that counts.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Mutex<BTreeMap<(String, String), Entry>>,
}

#[derive(Debug, Default)]
struct Entry {
    counts: Counts,
    in_flight: u64,
}

/// A request that is open; it is closed when this goes away, however that happens.
#[derive(Debug)]
pub(super) struct Open<'l> {
    ledger: &'l Ledger,
    key: (String, String),
}

impl Ledger {
    /// Notes a request.
    pub(super) fn open(&self, call: String, region: String) -> Open<'_> {
        let open = Open { ledger: self, key: (call, region) };
        open.entry(|entry| {
            entry.counts.requests += 1;
            entry.in_flight += 1;
            entry.counts.max_in_flight = entry.counts.max_in_flight.max(entry.in_flight);
        });
        open
    }

    pub(super) fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for ((call, region), entry) in &*self.entries.lock().unwrap_or_else(PoisonError::into_inner) {
            stats.calls.entry(call.clone()).or_default().insert(region.clone(), entry.counts);
        }
        stats
    }
}

impl Open<'_> {
    /// Notes what became of the request.
    pub(super) fn note(&self, note: impl FnOnce(&mut Counts)) {
        self.entry(|entry| note(&mut entry.counts));
    }

    fn entry(&self, change: impl FnOnce(&mut Entry)) {
        let mut entries = self.ledger.entries.lock().unwrap_or_else(PoisonError::into_inner);
        change(entries.entry(self.key.clone()).or_default());
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.entry(|entry| entry.in_flight -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_at_the_same_time_is_counted_by_its_peak() {
        let ledger = Ledger::default();
        let open = || ledger.open("kms:DescribeKey".into(), "eu-west-1".into());
        drop((open(), open()));
        open().note(|counts| counts.throttled += 1);
        let stats = ledger.stats();
        let counts = stats.of("kms:DescribeKey");
        assert_eq!((counts.requests, counts.throttled, counts.max_in_flight), (3, 1, 2));
        assert_eq!(stats.of("kms:GetKeyPolicy"), Counts::default());
        assert_eq!(stats.total(), counts);
    }
}
