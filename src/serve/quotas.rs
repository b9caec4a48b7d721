//! How often AWS lets itself be asked: a token bucket for each operation and region, by a table of what is known.
//!
//! Of SageMaker AWS publishes no request quota, of IAM, STS and S3 none that can be relied on. Each line of the table
//! says where its figure comes from; "assumed" is what a careful client would plan with, and nothing more.

use std::str::FromStr;

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
                let of_service = |line: &&Line| line.service.is_empty() || line.service == service.name;
                let line = AWS.iter().filter(of_service).find(|line| operation.starts_with(line.prefix));
                line.map(|line| Quota { rate: line.rate, burst: line.burst })
            }
        }
    }
}

/// One line: the operations of a service, or of any, that begin so. The first that fits counts.
struct Line {
    service: &'static str,
    prefix: &'static str,
    rate: f64,
    burst: f64,
}

const fn line(service: &'static str, prefix: &'static str, rate: f64, burst: f64) -> Line {
    Line { service, prefix, rate, burst }
}

/// The quotas of an account as of November 2026. Where no burst is known, the bucket holds one second's worth.
const AWS: &[Line] = &[
    // Reported: ListTrainingJobs allows two a second and cannot be raised (github.com/aws-solutions/deepracer-on-aws,
    // issues 87 and 91). For the other lists the same is assumed.
    line("sagemaker", "ListTags", 5.0, 5.0),
    line("sagemaker", "List", 2.0, 2.0),
    // Search and the descriptions are throttled in practice and nobody publishes a figure. Assumed; a run over 462,178
    // jobs (github.com/prowler-cloud/prowler, issue 12814) stayed below 21 a second for DescribeTrainingJob and ListTags
    // together.
    line("sagemaker", "Search", 3.0, 3.0),
    line("sagemaker", "", 5.0, 5.0),
    // KMS Developer Guide, "Request quotas".
    line("kms", "DescribeKey", 2000.0, 2000.0),
    line("kms", "GetKeyPolicy", 1000.0, 1000.0),
    line("kms", "GetKeyRotationStatus", 1000.0, 1000.0),
    line("kms", "ListAliases", 500.0, 500.0),
    line("kms", "", 100.0, 100.0),
    // CloudTrail User Guide, "Quotas in AWS CloudTrail": ten a second for get, describe and list calls.
    line("cloudtrail", "", 10.0, 10.0),
    // EC2 API Reference, "Request throttling": the bucket of a filtered, paged description.
    line("ec2", "", 20.0, 100.0),
    // IAM and STS publish none. The bulk call is known to be throttled (github.com/aws-samples,
    // bulk-policy-migrator-scripts, issue 19); 15 a second is what Steampipe's AWS plugin allows itself for roles.
    line("iam", "GetAccountAuthorizationDetails", 5.0, 5.0),
    line("iam", "", 15.0, 15.0),
    line("sts", "", 10.0, 10.0),
    // S3 publishes quotas for objects, none for the configuration of buckets. Assumed.
    line("s3", "", 100.0, 100.0),
    line("s3control", "", 10.0, 10.0),
    // CloudWatch User Guide, "Service quotas"; CloudWatch Logs User Guide, "Quotas" (as of 2023).
    line("cloudwatch", "DescribeAlarms", 9.0, 9.0),
    line("logs", "DescribeLogGroups", 5.0, 5.0),
    // Of all others nothing is known. Assumed.
    line("", "", 5.0, 5.0),
];

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
    fn the_first_line_that_fits_counts() {
        let sagemaker = SERVICES.iter().copied().find(|s| s.name == "sagemaker").unwrap();
        let rate = |operation| Quotas::Aws.of(sagemaker, operation).map(|quota| quota.rate);
        assert_eq!(["ListTags", "ListModels", "DescribeModel"].map(rate), [Some(5.0), Some(2.0), Some(5.0)]);
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
