//! EventBridge: the rules of the default bus that may be about SageMaker or about what CloudTrail records.

use serde_json::Value;

use super::record::record;
use super::wire::Every;
use super::{Ask, Known, List, Seen, Spec, Table};
use crate::read;

const TARGETS: Ask = Ask::of(read!("events", "ListTargetsByRule"), &[("Rule", "Name")]);

record! {
    /// A rule of the default event bus, which the events of AWS services come by.
    pub struct EventRule in event_rules {
        name: String = "Name",
        arn: String = "Arn",
        pattern: Seen<String> = "EventPattern",
        /// `ENABLED`, `DISABLED` or `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`
        state: Seen<String> = "State",
    }
    also {
        /// The ARNs of whatever is told.
        targets: Seen<Vec<String>> = TARGETS, "Targets[].Arn" as Every;
    }
    by Spec {
        arn: "Arn",
        created: "",
        resource: "rule/{Rule}",
        summary: &["Name", "Arn", "EventPattern", "State"],
        missing: "ResourceNotFoundException",
        ..Spec::of(Table::EventRules, List {
            size: Some(("Limit", 100)),
            keep: Some(is_of_interest),
            ..List::of(read!("events", "ListRules"), "Rules")
        })
    }
}

/// Whether a rule may be about SageMaker or about events that CloudTrail records. What cannot be read may be.
fn is_of_interest(_: &Known<'_>, rule: &Value) -> bool {
    let Some(pattern) = rule.get("EventPattern").and_then(Value::as_str) else { return false };
    let Ok(Value::Object(pattern)) = serde_json::from_str(pattern) else { return true };
    let words = |name: &str| -> Option<Vec<&str>> {
        pattern.get(name)?.as_array()?.iter().map(Value::as_str).collect::<Option<Vec<_>>>()
    };
    let of_trails = words("detail-type").is_none_or(|types| types.iter().any(|word| word.contains("CloudTrail")));
    let of_sagemaker = words("source").is_none_or(|sources| sources.contains(&"aws.sagemaker"));
    of_sagemaker || of_trails
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[test]
    fn rules_about_other_services_are_left_out() {
        let (region, account, regions) = (Default::default(), Default::default(), BTreeMap::new());
        let known = Known { name: "us-east-1", region: &region, account: &account, regions: &regions };
        let kept = |pattern: Value| is_of_interest(&known, &json!({ "EventPattern": pattern.to_string() }));
        assert!(kept(json!({ "source": ["aws.sagemaker"], "detail-type": ["SageMaker Model State Change"] })));
        assert!(kept(json!({ "source": ["aws.iam"], "detail-type": ["AWS API Call via CloudTrail"] })));
        assert!(kept(json!({ "source": [{ "prefix": "aws." }] })));
        assert!(kept(json!({ "account": ["111122223333"] })));
        assert!(!kept(json!({ "source": ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] })));
        assert!(is_of_interest(&known, &json!({ "EventPattern": "{" })), "who knows what it says");
        assert!(!is_of_interest(&known, &json!({ "ScheduleExpression": "rate(1 day)" })));
    }
}
