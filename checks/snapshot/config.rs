//! AWS Config: what is recorded, and the rules about SageMaker.

use serde_json::Value;

use super::record::record;
use super::wire::Every;
use super::{Known, List, Seen, Spec, Table};
use crate::read;

record! {
    /// A configuration recorder: what it is told to record.
    pub struct ConfigRecorder in config_recorders {
        name: String = "name",
        arn: String = "arn",
        /// The service that made it for itself; not set for the customer's own.
        service: Seen<String> = "servicePrincipal",
        /// Every type that is supported, those of the future included.
        all_supported: Seen<bool> = "recordingGroup.allSupported",
        /// The types that are recorded, if only some are.
        types: Seen<Vec<String>> = "recordingGroup.resourceTypes" as Every,
        /// The types that are left out.
        excluded: Seen<Vec<String>> = "recordingGroup.exclusionByResourceTypes.resourceTypes" as Every,
        /// `ALL_SUPPORTED_RESOURCE_TYPES`, `INCLUSION_BY_RESOURCE_TYPES` or `EXCLUSION_BY_RESOURCE_TYPES`
        strategy: Seen<String> = "recordingGroup.recordingStrategy.useOnly",
    }
    by Spec {
        arn: "arn",
        created: "",
        summary: &["name", "arn", "servicePrincipal", "recordingGroup"],
        ..Spec::of(Table::ConfigRecorders, List {
            size: None,
            ..List::of(read!("config", "DescribeConfigurationRecorders"), "ConfigurationRecorders")
        })
    }
}

record! {
    /// What a configuration recorder is doing.
    pub struct RecorderStatus in recorder_statuses {
        /// The name of the recorder.
        name: String = "name",
        recording: Seen<bool> = "recording",
        /// How the last delivery to it ended: `Pending`, `Success`, `Failure` or `NotApplicable`
        status: Seen<String> = "lastStatus",
    }
    by Spec {
        created: "",
        summary: &["name", "recording", "lastStatus"],
        ..Spec::of(Table::RecorderStatuses, List {
            size: None,
            ..List::of(read!("config", "DescribeConfigurationRecorderStatus"), "ConfigurationRecordersStatus")
        })
    }
}

record! {
    /// A rule of AWS Config about SageMaker. Those of conformance packs and of Security Hub are among them.
    pub struct ConfigRule in config_rules {
        name: String = "ConfigRuleName",
        arn: String = "ConfigRuleArn",
        /// `ACTIVE`, `EVALUATING`, `DELETING` or `DELETING_RESULTS`
        status: Seen<String> = "ConfigRuleState",
        /// `AWS`, `CUSTOM_LAMBDA` or `CUSTOM_POLICY`
        owner: Seen<String> = "Source.Owner",
        /// The managed rule, or the ARN of the function that judges.
        source: Seen<String> = "Source.SourceIdentifier",
        /// The types that it is told of.
        types: Seen<Vec<String>> = "Scope.ComplianceResourceTypes" as Every,
    }
    by Spec {
        arn: "ConfigRuleArn",
        created: "",
        summary: &["ConfigRuleName", "ConfigRuleArn", "ConfigRuleState", "Source", "Scope"],
        ..Spec::of(Table::ConfigRules, List {
            size: None,
            keep: Some(is_about_sagemaker),
            ..List::of(read!("config", "DescribeConfigRules"), "ConfigRules")
        })
    }
}

/// Managed rules about SageMaker carry it in their names; the others name the types that they are about.
fn is_about_sagemaker(_: &Known<'_>, rule: &Value) -> bool {
    let text = |place: Option<&Value>| place.and_then(Value::as_str).is_some_and(|text| text.contains("SAGEMAKER"));
    let types = rule.get("Scope").and_then(|scope| scope.get("ComplianceResourceTypes")).and_then(Value::as_array);
    let is_type = |kind: &Value| kind.as_str().is_some_and(|kind| kind.starts_with("AWS::SageMaker::"));
    text(rule.get("Source").and_then(|source| source.get("SourceIdentifier")))
        || types.into_iter().flatten().any(is_type)
}
