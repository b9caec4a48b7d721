//! What happened of late: sensitive calls to SageMaker, and what GuardDuty made of calls to it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::{part, record};
use super::wire::{Form, Wire};
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

/// Calls that open a way in, let others in, or change what runs by itself; and those that may send captured data elsewhere.
/// LookupEvents finds one name at a time.
const SENSITIVE: [&str; 9] = [
    "CreatePresignedDomainUrl",
    "CreatePresignedNotebookInstanceUrl",
    "CreatePresignedMlflowTrackingServerUrl",
    "PutModelPackageGroupPolicy",
    "PutEndpointPolicy",
    "CreateNotebookInstanceLifecycleConfig",
    "UpdateNotebookInstanceLifecycleConfig",
    "CreateStudioLifecycleConfig",
    "CreateEndpointConfig",
];

part! {
    /// What CloudTrail wrote down of a call, as far as it matters here.
    pub struct CallDetail {
        /// The ARN of whoever called.
        caller: Option<String> = "userIdentity.arn",
        /// The service of AWS that called for somebody.
        service: Option<String> = "userIdentity.invokedBy",
        /// Why the call was refused.
        error: Option<String> = "errorCode",
        /// The user profile that a URL to Studio was made for.
        profile: Option<String> = "requestParameters.userProfileName",
        /// Where an endpoint configuration sends what it captures.
        capture: Option<String> = "requestParameters.dataCaptureConfig.destinationS3Uri",
    }
}

record! {
    /// A sensitive call to SageMaker of the last 90 days (LookupEvents). It is asked for by whoever says so: AWS answers two
    /// questions a second, and each is about one kind of call.
    pub struct SensitiveCall in sensitive_calls {
        id: String = "EventId",
        /// The operation, as it was asked for.
        operation: String = "LookupAttributes" as EventName,
        at: Seen<Timestamp> = "EventTime",
        detail: Seen<CallDetail> = "CloudTrailEvent" as JsonText,
    }
    by Spec {
        created: "",
        summary: &["EventId", "EventTime", "CloudTrailEvent"],
        ..Spec::of(Table::SensitiveCalls, List {
            size: Some(("MaxResults", 50)),
            per: Some(|_| Listed::complete(SENSITIVE.iter().map(|name| json!({ "LookupAttributes": named(name) })).collect())),
            ..List::of(read!("cloudtrail", "LookupEvents"), "Events")
        })
    }
}

record! {
    /// A finding of GuardDuty about calls to SageMaker that nobody archived (ListFindings). It is asked for with the calls.
    pub struct ThreatFinding in threat_findings {
        /// All that the list shows.
        id: String = "",
    }
    by Spec {
        created: "",
        summary: &[""],
        needs: &[Table::Detectors],
        ..Spec::of(Table::ThreatFindings, List {
            size: Some(("maxResults", 50)),
            token: "nextToken",
            with: r#"{"findingCriteria": {"criterion": {
                "service.archived": {"equals": ["false"]},
                "service.action.awsApiCallAction.serviceName": {"equals": ["sagemaker.amazonaws.com"]}
            }}}"#,
            per: Some(detectors),
            ..List::of(read!("guardduty", "ListFindings"), "findingIds")
        })
    }
}

fn detectors(known: &Known<'_>) -> Listed<Value> {
    let detectors = &known.region.detectors;
    let items = detectors.iter().map(|detector| json!({ "DetectorId": detector.id })).collect();
    Listed { items, missing: detectors.missing.clone() }
}

/// The one attribute that events are looked up by.
fn named(operation: &str) -> Value {
    json!([{ "AttributeKey": "EventName", "AttributeValue": operation }])
}

/// The operation that was asked for.
#[derive(Debug)]
struct EventName;

impl Form<String> for EventName {
    fn read(value: &Value) -> Result<Option<String>, String> {
        let name = value.pointer("/0/AttributeValue").and_then(Value::as_str);
        name.map(|name| Some(name.to_owned())).ok_or_else(|| "names no operation".to_owned())
    }
    fn write(value: &String) -> Value {
        named(value)
    }
}

/// A text that is JSON.
#[derive(Debug)]
struct JsonText;

impl Form<CallDetail> for JsonText {
    fn read(value: &Value) -> Result<Option<CallDetail>, String> {
        let text = value.as_str().ok_or_else(|| "is not a text".to_owned())?;
        let event: Value = serde_json::from_str(text).map_err(|_| "is not JSON".to_owned())?;
        CallDetail::read(&event)
    }
    fn write(value: &CallDetail) -> Value {
        Value::String(value.write().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Fields;

    #[test]
    fn of_an_event_little_is_kept() {
        let text = json!({
            "userIdentity": { "arn": "arn:aws:sts::111122223333:assumed-role/people/ann", "accessKeyId": "ASIAEXAMPLE" },
            "sourceIPAddress": "203.0.113.7",
            "errorCode": "AccessDenied",
            "requestParameters": { "userProfileName": "bob", "domainId": "d-1" },
        });
        let event = json!({ "EventId": "1", "LookupAttributes": named("CreatePresignedDomainUrl"), "CloudTrailEvent": text.to_string() });
        let call = SensitiveCall::from_answers(&event, &Seen::Is(event.clone()));
        assert_eq!(call.operation, "CreatePresignedDomainUrl");
        let detail = call.detail.shown().unwrap();
        assert_eq!((detail.error.as_deref(), detail.profile.as_deref()), (Some("AccessDenied"), Some("bob")));
        let kept = serde_json::to_string(&call).unwrap();
        assert!(!kept.contains("ASIA") && !kept.contains("203.0.113.7"), "{kept}");
    }

    #[test]
    fn an_event_that_cannot_be_read_was_not_seen() {
        for text in [json!("{"), json!("[]"), json!(7)] {
            let event = json!({ "CloudTrailEvent": text });
            assert!(SensitiveCall::from_answers(&event, &Seen::Is(event.clone())).detail.gap().is_some());
        }
    }
}
