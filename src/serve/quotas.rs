//! How often the loopback AWS lets itself be asked: a token bucket for each operation and region.

use std::str::FromStr;

use sagescan_checks::aws::quotas as known;
use serde::Serialize;

use super::call::Service;

/// A token bucket: requests a second that flow in, and how many it holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quota {
    /// Requests a second.
    pub rate: f64,
    /// Requests that may come at once, at least one.
    pub burst: f64,
}

impl Quota {
    /// So many requests a second, with room for those of one second.
    pub fn per_second(rate: f64) -> Quota {
        Quota { rate, burst: rate.max(1.0) }
    }
}

/// Not a quota.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no rate: a number above 0, or two as in 2/10, where 10 is the burst")]
pub struct NoQuota(String);

impl FromStr for Quota {
    type Err = NoQuota;

    /// Reads `RATE` or `RATE/BURST`.
    fn from_str(text: &str) -> Result<Quota, NoQuota> {
        let number = |text: &str| text.parse::<f64>().ok().filter(|n| *n > 0.0 && n.is_finite());
        let quota = match text.split_once('/') {
            None => number(text).map(Quota::per_second),
            Some((rate, burst)) => {
                let burst = number(burst).filter(|burst| *burst >= 1.0);
                number(rate).zip(burst).map(|(rate, burst)| Quota { rate, burst })
            }
        };
        quota.ok_or_else(|| NoQuota(text.to_owned()))
    }
}

/// A named set of quotas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Quotas {
    /// Everything as often as anybody likes.
    #[default]
    Unlimited,
    /// As AWS limits an account, as far as that is known.
    Aws,
}

impl Quotas {
    /// The quota of an operation, if the set has one.
    pub(super) fn of(self, service: &Service, operation: &str) -> Option<Quota> {
        match self {
            Quotas::Unlimited => None,
            Quotas::Aws => {
                let quota = known::of(service.name, operation);
                Some(Quota { rate: quota.rate, burst: quota.burst })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::call::SERVICES;

    #[test]
    fn every_operation_that_is_served_has_a_quota() {
        for service in SERVICES.iter().copied() {
            for operation in &service.operations {
                let quota = Quotas::Aws.of(service, operation.name);
                assert!(quota.is_some_and(|q| q.rate > 0.0 && q.burst >= 1.0), "{}:{}", service.name, operation.name);
            }
        }
    }

    #[test]
    fn without_quotas_nothing_is_refused() {
        let sagemaker = SERVICES.iter().copied().find(|s| s.name == "sagemaker").unwrap();
        assert_eq!(Quotas::Unlimited.of(sagemaker, "ListTags"), None);
    }

    #[test]
    fn a_quota_reads_with_and_without_a_burst() {
        assert_eq!("2".parse(), Ok(Quota { rate: 2.0, burst: 2.0 }));
        assert_eq!("0.5".parse(), Ok(Quota { rate: 0.5, burst: 1.0 }));
        assert_eq!("2/10".parse(), Ok(Quota { rate: 2.0, burst: 10.0 }));
        for wrong in ["", "0", "-1", "NaN", "inf", "2/", "2/0", "2/0.5", "/5", "2/inf"] {
            assert!(wrong.parse::<Quota>().is_err(), "{wrong}");
        }
    }
}
