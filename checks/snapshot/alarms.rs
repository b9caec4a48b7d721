//! CloudWatch alarms on the metrics of SageMaker and of what trails write.

use serde_json::{Value, json};

use super::record::{part, record};
use super::wire::{self, Every};
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

part! {
    /// A dimension of a metric.
    pub struct Dimension {
        name: String = "Name",
        value: String = "Value",
    }

    /// One line of the arithmetic of an alarm: a metric, or an expression over others.
    pub struct AlarmLine {
        namespace: Option<String> = "MetricStat.Metric.Namespace",
        metric: Option<String> = "MetricStat.Metric.MetricName",
        dimensions: Vec<Dimension> = "MetricStat.Metric.Dimensions",
        expression: Option<String> = "Expression",
    }
}

record! {
    /// An alarm on a metric or on arithmetic over some.
    pub struct Alarm in alarms {
        name: String = "AlarmName",
        arn: String = "AlarmArn",
        /// Not set where `lines` say what is looked at.
        namespace: Seen<String> = "Namespace",
        metric: Seen<String> = "MetricName",
        dimensions: Seen<Vec<Dimension>> = "Dimensions" as Every,
        lines: Seen<Vec<AlarmLine>> = "Metrics" as Every,
        actions_enabled: Seen<bool> = "ActionsEnabled",
        /// What happens when it goes off: ARNs of topics, functions, …
        actions: Seen<Vec<String>> = "AlarmActions" as Every,
    }
    by Spec {
        arn: "AlarmArn",
        created: "",
        summary: &[
            "AlarmName", "AlarmArn", "Namespace", "MetricName", "Dimensions", "Metrics", "ActionsEnabled", "AlarmActions",
        ],
        required: r#"{"Metrics?": [{"Id": "m1", "MetricStat?": {"Metric": {}, "Period": 60, "Stat": "Sum"}}]}"#,
        needs: &[Table::MetricFilters],
        ..Spec::of(Table::Alarms, List {
            size: Some(("MaxRecords", 100)),
            with: r#"{"AlarmTypes": ["MetricAlarm"]}"#,
            per: Some(where_filters_are_known),
            keep: Some(is_of_interest),
            ..List::of(read!("cloudwatch", "DescribeAlarms"), "MetricAlarms")
        })
    }
}

record! {
    /// An alarm on other alarms.
    pub struct CompositeAlarm in composite_alarms {
        name: String = "AlarmName",
        arn: String = "AlarmArn",
        /// When it goes off: `ALARM("errors") OR ALARM("latency")`
        rule: Seen<String> = "AlarmRule",
        actions_enabled: Seen<bool> = "ActionsEnabled",
        /// What happens when it goes off: ARNs of topics, functions, …
        actions: Seen<Vec<String>> = "AlarmActions" as Every,
    }
    by Spec {
        arn: "AlarmArn",
        created: "",
        summary: &["AlarmName", "AlarmArn", "AlarmRule", "ActionsEnabled", "AlarmActions"],
        needs: &[Table::Alarms],
        ..Spec::of(Table::CompositeAlarms, List {
            size: Some(("MaxRecords", 100)),
            with: r#"{"AlarmTypes": ["CompositeAlarm"]}"#,
            per: Some(if_there_are_alarms),
            ..List::of(read!("cloudwatch", "DescribeAlarms"), "CompositeAlarms")
        })
    }
}

/// One question, unless there is provably no alarm that another could stand on. All are kept: one may stand on another.
fn if_there_are_alarms(known: &Known<'_>) -> Listed<Value> {
    let alarms = &known.region.alarms;
    let none = alarms.is_empty();
    Listed { items: if none { Vec::new() } else { vec![json!({})] }, missing: alarms.missing.clone().filter(|_| none) }
}

/// One question. A filter that was not seen may count what further alarms look at.
fn where_filters_are_known(known: &Known<'_>) -> Listed<Value> {
    let filters = &known.region.metric_filters;
    let hidden = || filters.iter().find_map(|filter| filter.metrics.gap());
    Listed { items: vec![json!({})], missing: filters.missing.as_ref().or_else(hidden).cloned() }
}

/// Whether an alarm looks at SageMaker, or at what a metric filter of a trail's log group counts.
fn is_of_interest(known: &Known<'_>, alarm: &Value) -> bool {
    let text = |value: &Value, path: &str| wire::look(value, path).and_then(|text| Some(text.as_str()?.to_owned()));
    let looks_at = |namespace: Option<String>, metric: Option<String>| {
        let Some(namespace) = namespace else { return false };
        let counted = |filter: &super::MetricFilter| {
            let metrics = filter.metrics.shown().into_iter().flatten();
            metrics.into_iter().any(|m| m.namespace == namespace && Some(&m.name) == metric.as_ref())
        };
        Alarm::is_of_sagemaker(&namespace) || known.region.metric_filters.iter().any(counted)
    };
    let lines = alarm.get("Metrics").and_then(Value::as_array).into_iter().flatten();
    let mut lines = lines.map(|line| {
        // A query names its namespace in the text: `SELECT … FROM SCHEMA("AWS/SageMaker", …)`.
        text(line, "Expression").is_some_and(|expression| expression.to_lowercase().contains("sagemaker"))
            || looks_at(text(line, "MetricStat.Metric.Namespace"), text(line, "MetricStat.Metric.MetricName"))
    });
    looks_at(text(alarm, "Namespace"), text(alarm, "MetricName")) || lines.any(|line| line)
}

impl Alarm {
    /// Whether a namespace is one of SageMaker's: `AWS/SageMaker`, `AWS/SageMaker/…` and `/aws/sagemaker/…`.
    ///
    /// Source: Amazon SageMaker AI Developer Guide, "Amazon SageMaker AI metrics in Amazon CloudWatch".
    pub fn is_of_sagemaker(namespace: &str) -> bool {
        let beginnings = ["AWS/SageMaker/", "/aws/sagemaker/"];
        namespace == "AWS/SageMaker" || beginnings.iter().any(|beginning| namespace.starts_with(beginning))
    }
}
