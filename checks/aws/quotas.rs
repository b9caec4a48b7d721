//! How often AWS lets an account ask: requests a second for each operation and region, by a table of what is known.
//!
//! Of SageMaker AWS publishes no request quota, of IAM, STS and S3 none that can be relied on. Each line of the table
//! says where its figure comes from; an assumed one is what a careful client would plan with, and nothing more.

/// A token bucket as AWS keeps it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quota {
    /// Requests a second that flow in.
    pub rate: f64,
    /// Requests that it holds: so many may come at once.
    pub burst: f64,
    /// Whether AWS publishes the figure; otherwise it is assumed.
    pub published: bool,
}

/// The quota of an operation. `service` is the service as IAM spells it, or the SDK's name of it.
pub fn of(service: &str, operation: &str) -> Quota {
    let fits =
        |line: &&Line| (line.service.is_empty() || line.service == service) && operation.starts_with(line.prefix);
    TABLE.iter().find(fits).map_or(OTHERWISE, |line| line.quota)
}

/// The operations of a service, or of any, that begin so. The first line that fits counts.
struct Line {
    service: &'static str,
    prefix: &'static str,
    quota: Quota,
}

/// Where no burst is known, the bucket holds one second's worth.
const fn published(service: &'static str, prefix: &'static str, rate: f64, burst: f64) -> Line {
    Line { service, prefix, quota: Quota { rate, burst, published: true } }
}

const fn assumed(service: &'static str, prefix: &'static str, rate: f64) -> Line {
    Line { service, prefix, quota: Quota { rate, burst: rate, published: false } }
}

/// Of all others nothing is known.
const OTHERWISE: Quota = Quota { rate: 5.0, burst: 5.0, published: false };

/// The quotas of an account as of November 2026.
const TABLE: &[Line] = &[
    // Reported: ListTrainingJobs allows two a second and cannot be raised (github.com/aws-solutions/deepracer-on-aws,
    // issues 87 and 91). For the other lists the same is assumed.
    assumed("sagemaker", "ListTags", 5.0),
    assumed("sagemaker", "List", 2.0),
    // Search and the descriptions are throttled in practice and nobody publishes a figure. A run over 462,178 jobs
    // (github.com/prowler-cloud/prowler, issue 12814) stayed below 21 a second for DescribeTrainingJob and ListTags
    // together.
    assumed("sagemaker", "Search", 3.0),
    assumed("sagemaker", "", 5.0),
    // KMS Developer Guide, "Request quotas".
    published("kms", "DescribeKey", 2000.0, 2000.0),
    published("kms", "GetKeyPolicy", 1000.0, 1000.0),
    published("kms", "GetKeyRotationStatus", 1000.0, 1000.0),
    published("kms", "ListAliases", 500.0, 500.0),
    published("kms", "", 100.0, 100.0),
    // CloudTrail API Reference, LookupEvents.
    published("cloudtrail", "LookupEvents", 2.0, 2.0),
    // CloudTrail User Guide, "Quotas in AWS CloudTrail": ten a second for get, describe and list calls.
    published("cloudtrail", "", 10.0, 10.0),
    // EC2 API Reference, "Request throttling": the bucket of a filtered, paged description.
    published("ec2", "", 20.0, 100.0),
    // IAM and STS publish none. The bulk call is known to be throttled (github.com/aws-samples,
    // bulk-policy-migrator-scripts, issue 19); 15 a second is what Steampipe's AWS plugin allows itself for roles.
    // AWS advises against many reports at once (re:Post, "IAM and STS throttling").
    assumed("iam", "GenerateServiceLastAccessedDetails", 1.0),
    assumed("iam", "GetAccountAuthorizationDetails", 5.0),
    assumed("iam", "", 15.0),
    assumed("sts", "", 10.0),
    // S3 publishes quotas for objects, none for the configuration of buckets.
    assumed("s3", "", 20.0),
    assumed("s3-control", "", 10.0),
    assumed("s3control", "", 10.0),
    // CloudWatch User Guide, "Service quotas"; CloudWatch Logs User Guide, "Quotas" (as of 2023).
    published("cloudwatch", "DescribeAlarms", 9.0, 9.0),
    published("logs", "DescribeLogGroups", 5.0, 5.0),
    // SNS API Reference, ListSubscriptionsByTopic.
    published("sns", "ListSubscriptionsByTopic", 30.0, 30.0),
    // An organization shares its quotas among all its accounts.
    assumed("organizations", "", 1.0),
    assumed("access-analyzer", "", 2.0),
    assumed("budgets", "", 1.0),
    assumed("ce", "", 1.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_counts() {
        let rate = |operation| of("sagemaker", operation).rate;
        assert_eq!(["ListTags", "ListModels", "DescribeModel"].map(rate), [5.0, 2.0, 5.0]);
        assert!(of("kms", "DescribeKey").published);
        assert_eq!(of("unheard-of", "GetThing"), OTHERWISE);
    }

    #[test]
    fn every_bucket_holds_at_least_one_request() {
        assert!(TABLE.iter().all(|line| line.quota.rate > 0.0 && line.quota.burst >= 1.0));
    }
}
