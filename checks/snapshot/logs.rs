//! CloudWatch Logs: what SageMaker writes, who else may read and write it, and what is counted in what trails write.

use serde_json::{Value, json};

use super::record::{part, record};
use super::wire::Every;
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

record! {
    /// A log group of SageMaker (DescribeLogGroups with the prefix `/aws/sagemaker/`).
    pub struct LogGroup in log_groups {
        name: String = "logGroupName",
        /// Without the `:*` at its end.
        arn: String = "logGroupArn",
        /// Not set: what is written stays for ever.
        retention_days: Seen<i32> = "retentionInDays",
        key: Seen<String> = "kmsKeyId" => Key,
        /// About as many as are kept; AWS counts with delay.
        stored_bytes: Seen<i64> = "storedBytes",
        /// `ACTIVATED`, `DELETED`, `ARCHIVED` or `DISABLED`; not set where it never had a policy.
        data_protection: Seen<String> = "dataProtectionStatus",
        /// `ACCOUNT_DATA_PROTECTION`, where the account has a policy for all groups.
        inherited: Seen<Vec<String>> = "inheritedProperties" as Every,
        /// `STANDARD`, `INFREQUENT_ACCESS`, `DELIVERY` or `ESSENTIALS`.
        class: Seen<String> = "logGroupClass",
    }
    by Spec {
        arn: "logGroupArn",
        created: "",
        summary: &[
            "logGroupName", "logGroupArn", "retentionInDays", "kmsKeyId", "storedBytes", "dataProtectionStatus",
            "inheritedProperties", "logGroupClass",
        ],
        ..Spec::of(Table::LogGroups, List {
            size: Some(("limit", 50)),
            token: "nextToken",
            with: r#"{"logGroupNamePrefix": "/aws/sagemaker/"}"#,
            ..List::of(read!("logs", "DescribeLogGroups"), "logGroups")
        })
    }
}

record! {
    /// A resource policy of CloudWatch Logs, of the account as a whole.
    pub struct LogsResourcePolicy in logs_resource_policies {
        name: String = "policyName",
        document: Seen<String> = "policyDocument",
    }
    by Spec {
        created: "",
        summary: &["policyName", "policyDocument"],
        ..Spec::of(Table::LogsResourcePolicies, List {
            size: Some(("limit", 50)),
            token: "nextToken",
            ..List::of(read!("logs", "DescribeResourcePolicies"), "resourcePolicies")
        })
    }
}

part! {
    /// The metric that a filter counts in.
    pub struct CountedMetric {
        namespace: String = "metricNamespace",
        name: String = "metricName",
    }
}

record! {
    /// A metric filter of a log group that a trail writes to.
    pub struct MetricFilter in metric_filters {
        name: String = "filterName",
        /// The name of the log group.
        group: String = "logGroupName",
        pattern: Seen<String> = "filterPattern",
        metrics: Seen<Vec<CountedMetric>> = "metricTransformations" as Every,
    }
    by Spec {
        created: "",
        summary: &["filterName", "logGroupName", "filterPattern", "metricTransformations"],
        required: r#"{"metricTransformations": [{"metricValue": "1"}]}"#,
        needs: &[Table::Trails],
        ..Spec::of(Table::MetricFilters, List {
            size: Some(("limit", 50)),
            token: "nextToken",
            per: Some(groups_of_trails),
            // The group is gone, or belongs to another account.
            absent: &["ResourceNotFoundException"],
            ..List::of(read!("logs", "DescribeMetricFilters"), "metricFilters")
        })
    }
}

/// The log groups of this region that trails write to.
fn groups_of_trails(known: &Known<'_>) -> Listed<Value> {
    let trails = &known.account.trails;
    let (mut names, mut missing) = (Vec::new(), trails.missing.clone());
    for trail in trails.iter() {
        match &trail.log_group {
            Seen::Is(arn) => names.extend(LogGroup::named(arn).filter(|group| group.region == known.name)),
            Seen::Unset => {}
            Seen::Unseen(gap) => missing = missing.or_else(|| Some(gap.clone())),
        }
    }
    names.sort_unstable_by_key(|group| group.name);
    names.dedup_by_key(|group| group.name);
    Listed { items: names.into_iter().map(|group| json!({ "logGroupName": group.name })).collect(), missing }
}

/// A log group as its ARN tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedGroup<'a> {
    /// The region that it lies in.
    pub region: &'a str,
    /// The account that it belongs to.
    pub account: &'a str,
    /// Its name.
    pub name: &'a str,
}

impl LogGroup {
    /// What an endpoint writes to (developer guide, "Monitor SageMaker AI with Amazon CloudWatch").
    pub fn of_endpoint(name: &str) -> String {
        format!("/aws/sagemaker/Endpoints/{name}")
    }

    /// What an inference component writes to.
    pub fn of_component(name: &str) -> String {
        format!("/aws/sagemaker/InferenceComponents/{name}")
    }

    /// Reads `arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME`, with or without `:*` at the end.
    pub fn named(arn: &str) -> Option<NamedGroup<'_>> {
        let mut parts = arn.splitn(7, ':').skip(2);
        let mut next = || parts.next();
        let (service, region, account, kind, name) = (next()?, next()?, next()?, next()?, next()?);
        let name = name.strip_suffix(":*").unwrap_or(name);
        (service == "logs" && kind == "log-group" && !name.is_empty()).then_some(NamedGroup { region, account, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_group_is_read_out_of_its_arn() {
        let group = NamedGroup { region: "eu-west-1", account: "111122223333", name: "trails/all" };
        assert_eq!(LogGroup::named("arn:aws:logs:eu-west-1:111122223333:log-group:trails/all:*"), Some(group));
        assert_eq!(LogGroup::named("arn:aws-cn:logs:eu-west-1:111122223333:log-group:trails/all"), Some(group));
        for odd in ["", "trails", "arn:aws:s3:eu-west-1:1:log-group:x", "arn:aws:logs:eu-west-1:1:log-group:"] {
            assert_eq!(LogGroup::named(odd), None, "{odd}");
        }
    }
}
