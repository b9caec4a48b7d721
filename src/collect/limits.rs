//! How fast to ask: one token bucket for each account, region, service and operation, which learns what AWS accepts.
//!
//! The rate starts cautiously, grows while nothing is refused, is cut when AWS throttles, and recovers slowly
//! (additive increase, multiplicative decrease). Production shares the account's quota: better slow than in the way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::call::{Call, starting_rate};

/// Never slower than one request in two seconds.
const MINIMUM: f64 = 0.5;
/// Requests that may go out at once before pacing begins.
const BURST: f64 = 5.0;

/// The buckets of one scan.
pub(super) struct Limits {
    /// Multiplies every starting rate; the demo, whose AWS is our own, runs at many times the pace.
    scale: f64,
    buckets: Mutex<HashMap<(String, &'static str), Arc<Bucket>>>,
}

impl Limits {
    pub(super) fn new(scale: f64) -> Self {
        Limits { scale, buckets: Mutex::default() }
    }

    /// The bucket of a call in a region.
    pub(super) fn bucket(&self, region: &str, call: &Call) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Bucket::new(starting_rate(call) * self.scale));
        buckets.entry((region.to_owned(), call.source)).or_insert_with(new).clone()
    }
}

/// One bucket. Waiters queue on the lock in order and leave when their token is due.
pub(super) struct Bucket {
    state: tokio::sync::Mutex<State>,
}

struct State {
    rate: f64,
    tokens: f64,
    filled: Instant,
    /// When the rate was last cut; requests sent before that tell nothing new.
    cut: Option<Instant>,
}

impl Bucket {
    fn new(rate: f64) -> Self {
        let state = State { rate, tokens: BURST.max(rate), filled: Instant::now(), cut: None };
        Bucket { state: tokio::sync::Mutex::new(state) }
    }

    /// Waits for a token; returns when the request goes out.
    pub(super) async fn take(&self) -> Instant {
        let mut state = self.state.lock().await;
        loop {
            state.fill();
            if state.tokens >= 1.0 {
                state.tokens -= 1.0;
                return state.filled;
            }
            let due = Duration::from_secs_f64((1.0 - state.tokens) / state.rate);
            tokio::time::sleep(due).await;
        }
    }

    /// AWS refused a request that was sent at `sent`.
    pub(super) async fn throttled(&self, sent: Instant) {
        let mut state = self.state.lock().await;
        if state.cut.is_none_or(|cut| sent > cut) {
            let factor = if state.cut.is_none() { 0.6 } else { 0.85 };
            state.rate = (state.rate * factor).max(MINIMUM);
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
        self.tokens = (self.tokens + seconds * self.rate).min(BURST.max(self.rate));
        self.rate *= match self.cut {
            // Nothing refused so far: a quarter more each second.
            None => 1.0 + 0.25 * seconds.min(1.0),
            // Refused once: rest for three seconds, then creep up.
            Some(cut) if now.duration_since(cut) > Duration::from_secs(3) => 1.0 + 0.01 * seconds.min(1.0),
            Some(_) => 1.0,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_out_at_once_and_the_rest_is_paced() {
        let bucket = Bucket::new(2.0);
        let start = Instant::now();
        for _ in 0..5 {
            bucket.take().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        bucket.take().await;
        assert!(start.elapsed() >= Duration::from_millis(400), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_cuts_the_rate_once_for_all_that_was_under_way() {
        let bucket = Bucket::new(10.0);
        let sent = bucket.take().await;
        bucket.throttled(sent).await;
        let after_one = bucket.state.lock().await.rate;
        bucket.throttled(sent).await;
        assert_eq!(bucket.state.lock().await.rate, after_one);
        assert!(after_one < 10.0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_never_falls_below_the_minimum() {
        let bucket = Bucket::new(1.0);
        for _ in 0..50 {
            let sent = bucket.take().await;
            bucket.throttled(sent).await;
        }
        assert!(bucket.state.lock().await.rate >= MINIMUM);
    }
}
