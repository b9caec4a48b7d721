//! How fast to ask: one token bucket for each account, region, service and operation, kept to a share of AWS's quota.
//!
//! Production lives on the same quotas: better slow than in the way. Where AWS publishes a quota, the bucket runs at its
//! share from the start and never above. Where it is assumed, the rate grows while nothing is refused, and the first
//! refusal tells what the quota is; then the rate is cut, recovers slowly, and ends at its share of that (additive
//! increase, multiplicative decrease).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sagescan_checks::aws::quotas::{self, Quota};
use tokio::time::Instant;

use super::call::Call;

/// Never slower than one request in two seconds.
const MINIMUM: f64 = 0.5;
/// An assumed quota may be too low by so much; above that the rate does not grow, refused or not.
const AT_MOST: f64 = 10.0;

/// The share of each quota that a scan takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Above 0, at most 1.
    pub share: f64,
    /// Multiplies every quota; 1 for AWS itself. The demo, whose AWS is our own, runs at many times the pace.
    pub scale: f64,
}

/// The buckets of one scan.
pub(super) struct Limits {
    pace: Pace,
    buckets: Mutex<BTreeMap<(&'static str, String), Arc<Bucket>>>,
}

impl Limits {
    pub(super) fn new(pace: Pace) -> Self {
        Limits { pace, buckets: Mutex::default() }
    }

    /// The bucket of a call in a region.
    pub(super) fn bucket(&self, region: &str, call: &Call) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Bucket::new(quotas::of(call.service, call.operation), self.pace));
        buckets.entry((call.source, region.to_owned())).or_insert_with(new).clone()
    }

    /// What was taken of each quota, the fullest first.
    pub(super) async fn taken(&self) -> Vec<Taken> {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut all = Vec::new();
        for ((source, region), bucket) in buckets {
            let state = bucket.state.lock().await;
            let quota = state.learned.unwrap_or(state.quota.rate);
            let known = match state.learned {
                Some(_) => "by its refusals",
                None if state.quota.published => "as published",
                None => "as assumed",
            };
            all.push(Taken { source, region, requests: state.requests, busiest: state.busiest, quota, known });
        }
        all.sort_by(|a, b| b.share().total_cmp(&a.share()));
        all
    }
}

/// What was taken of one quota.
pub(super) struct Taken {
    source: &'static str,
    region: String,
    requests: u64,
    busiest: u64,
    quota: f64,
    known: &'static str,
}

impl Taken {
    fn share(&self) -> f64 {
        self.busiest as f64 / self.quota
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Taken { source, region, requests, busiest, quota, known } = self;
        write!(f, "{source} {region}: {requests} requests, {busiest} in the busiest second; quota {quota:.1} {known}")
    }
}

/// One bucket. Waiters queue on the lock in order and leave when their token is due.
pub(super) struct Bucket {
    state: tokio::sync::Mutex<State>,
}

struct State {
    quota: Quota,
    share: f64,
    rate: f64,
    /// The rate never grows beyond this.
    ceiling: f64,
    /// The quota as the first refusal shows it.
    learned: Option<f64>,
    tokens: f64,
    filled: Instant,
    /// When the rate was last cut; requests sent before that tell nothing new.
    cut: Option<Instant>,
    requests: u64,
    second: (Instant, u64),
    busiest: u64,
}

impl Bucket {
    fn new(quota: Quota, pace: Pace) -> Self {
        let quota = Quota { rate: quota.rate * pace.scale, burst: quota.burst * pace.scale, ..quota };
        let rate = quota.rate * pace.share;
        let now = Instant::now();
        let state = State {
            quota,
            share: pace.share,
            rate,
            ceiling: if quota.published { rate } else { rate * AT_MOST },
            learned: None,
            tokens: (quota.burst * pace.share).max(1.0),
            filled: now,
            cut: None,
            requests: 0,
            second: (now, 0),
            busiest: 0,
        };
        Bucket { state: tokio::sync::Mutex::new(state) }
    }

    /// Waits for a token; returns when the request goes out.
    pub(super) async fn take(&self) -> Instant {
        let mut state = self.state.lock().await;
        loop {
            state.fill();
            if state.tokens >= 1.0 {
                state.tokens -= 1.0;
                state.count();
                return state.filled;
            }
            // What is missing may be less than a clock can tell.
            let due = Duration::from_secs_f64((1.0 - state.tokens) / state.rate).max(Duration::from_millis(1));
            tokio::time::sleep(due).await;
        }
    }

    /// AWS refused a request that was sent at `sent`.
    pub(super) async fn throttled(&self, sent: Instant) {
        let mut state = self.state.lock().await;
        if state.cut.is_none_or(|cut| sent > cut) {
            if state.learned.is_none() {
                // The share of what was learned or of what was assumed, but less than what was refused.
                let of_assumed = (state.quota.rate * state.share).min(0.9 * state.rate);
                state.ceiling = (state.rate * state.share).max(of_assumed).max(MINIMUM);
                state.learned = Some(state.rate);
            }
            let factor = if state.cut.is_none() { 0.6 } else { 0.85 };
            state.rate = (state.rate * factor).min(state.ceiling).max(MINIMUM);
            state.cut = Some(Instant::now());
        }
        state.tokens = -0.5;
        state.filled = Instant::now();
    }
}

impl State {
    fn fill(&mut self) {
        let now = Instant::now();
        let seconds = now.duration_since(self.filled).as_secs_f64();
        self.filled = now;
        let most = (self.quota.burst * self.share).max(self.rate).max(1.0);
        self.tokens = (self.tokens + seconds * self.rate).min(most);
        let growth = match self.cut {
            // Nothing refused so far: a quarter more each second.
            None => 1.0 + 0.25 * seconds.min(1.0),
            // Refused once: rest for three seconds, then creep up.
            Some(cut) if now.duration_since(cut) > Duration::from_secs(3) => 1.0 + 0.01 * seconds.min(1.0),
            Some(_) => 1.0,
        };
        self.rate = (self.rate * growth).min(self.ceiling);
    }

    fn count(&mut self) {
        self.requests += 1;
        let (began, count) = self.second;
        let fresh = self.filled.duration_since(began) >= Duration::from_secs(1);
        self.second = if fresh { (self.filled, 1) } else { (began, count + 1) };
        self.busiest = self.busiest.max(self.second.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Pace = Pace { share: 1.0, scale: 1.0 };

    fn quota(rate: f64, burst: f64, published: bool) -> Quota {
        Quota { rate, burst, published }
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_out_at_once_and_the_rest_is_paced() {
        let bucket = Bucket::new(quota(2.0, 5.0, false), ALL);
        let start = Instant::now();
        for _ in 0..5 {
            bucket.take().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        bucket.take().await;
        assert!(start.elapsed() >= Duration::from_millis(400), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn of_a_published_quota_only_the_share_is_ever_taken() {
        let bucket = Bucket::new(quota(10.0, 10.0, true), Pace { share: 0.2, scale: 1.0 });
        let start = Instant::now();
        for _ in 0..62 {
            bucket.take().await;
        }
        // Two at once, and two each second from then on.
        assert!(start.elapsed() >= Duration::from_millis(29_900), "{:?}", start.elapsed());
        assert!(bucket.state.lock().await.busiest <= 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_assumed_quota_is_outgrown_but_not_without_bounds() {
        let bucket = Bucket::new(quota(2.0, 2.0, false), ALL);
        for _ in 0..2_000 {
            bucket.take().await;
        }
        let rate = bucket.state.lock().await.rate;
        assert!((19.9..=20.0).contains(&rate), "{rate}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_cuts_the_rate_once_for_all_that_was_under_way() {
        let bucket = Bucket::new(quota(10.0, 10.0, false), ALL);
        let sent = bucket.take().await;
        bucket.throttled(sent).await;
        let after_one = bucket.state.lock().await.rate;
        bucket.throttled(sent).await;
        assert_eq!(bucket.state.lock().await.rate, after_one);
        assert!(after_one < 10.0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_tells_the_quota_and_the_rate_ends_at_the_share_of_it() {
        let bucket = Bucket::new(quota(10.0, 10.0, false), Pace { share: 0.5, scale: 1.0 });
        let mut sent = bucket.take().await;
        while bucket.state.lock().await.rate < 20.0 {
            sent = bucket.take().await;
        }
        bucket.throttled(sent).await;
        for _ in 0..2_000 {
            bucket.take().await;
        }
        let state = bucket.state.lock().await;
        assert!(state.learned.is_some_and(|quota| (20.0..26.0).contains(&quota)), "{:?}", state.learned);
        assert!((10.0..13.0).contains(&state.rate), "{}", state.rate);
    }

    #[tokio::test(start_paused = true)]
    async fn where_others_use_up_the_quota_the_rate_stays_below_what_was_refused() {
        let bucket = Bucket::new(quota(10.0, 10.0, false), Pace { share: 0.2, scale: 1.0 });
        let sent = bucket.take().await;
        bucket.throttled(sent).await;
        for _ in 0..500 {
            bucket.take().await;
        }
        let rate = bucket.state.lock().await.rate;
        assert!((1.5..2.0).contains(&rate), "{rate}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_never_falls_below_the_minimum() {
        let bucket = Bucket::new(quota(1.0, 1.0, false), ALL);
        for _ in 0..50 {
            let sent = bucket.take().await;
            bucket.throttled(sent).await;
        }
        assert!(bucket.state.lock().await.rate >= MINIMUM);
    }
}
