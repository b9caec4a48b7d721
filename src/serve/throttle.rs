//! Token buckets: one for each region, service and operation.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::Quota;

/// All buckets.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Buckets {
    /// Takes a token at `now`, if there is one. A bucket starts full.
    pub(super) fn take(&self, key: String, quota: Quota, now: Instant) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(key).or_insert(Bucket { tokens: quota.burst, filled: now });
        let inflow = now.saturating_duration_since(bucket.filled).as_secs_f64() * quota.rate;
        bucket.tokens = (bucket.tokens + inflow).min(quota.burst);
        bucket.filled = bucket.filled.max(now);
        let any = bucket.tokens >= 1.0;
        if any {
            bucket.tokens -= 1.0;
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let (buckets, start) = (Buckets::default(), Instant::now());
        let taken = |after: u64| buckets.take("a".into(), Quota::per_second(2.0), start + Duration::from_millis(after));
        assert_eq!([taken(0), taken(0), taken(0)], [true, true, false]);
        assert_eq!([taken(400), taken(500), taken(500)], [false, true, false]);
        assert_eq!([taken(9000), taken(9000), taken(9000)], [true, true, false]);
    }

    #[test]
    fn a_bucket_may_hold_more_than_a_second_of_its_rate() {
        let (buckets, start) = (Buckets::default(), Instant::now());
        let quota = Quota { rate: 1.0, burst: 3.0 };
        let taken = |after: u64| buckets.take("a".into(), quota, start + Duration::from_secs(after));
        assert_eq!([taken(0), taken(0), taken(0), taken(0)], [true, true, true, false]);
        assert_eq!([taken(1), taken(1)], [true, false]);
    }

    #[test]
    fn buckets_do_not_share() {
        let (buckets, now) = (Buckets::default(), Instant::now());
        let slow = Quota::per_second(0.5);
        assert!(buckets.take("a".into(), slow, now));
        assert!(!buckets.take("a".into(), slow, now));
        assert!(buckets.take("b".into(), slow, now));
    }
}
