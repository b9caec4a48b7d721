//! Trails and event data stores of CloudTrail, and what each of them records.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::part;
use super::wire::{Form, Wire};
use super::{Seen, model};

part! {
    /// A data resource of a basic event selector.
    pub struct DataResource {
        kind: String = "Type",
        values: Vec<String> = "Values",
    }

    /// A basic event selector.
    pub struct EventSelector {
        /// `All`, `ReadOnly`, `WriteOnly`
        read_write: String = "ReadWriteType",
        management: bool = "IncludeManagementEvents",
        exclude_sources: Vec<String> = "ExcludeManagementEventSources",
        data_resources: Vec<DataResource> = "DataResources",
    }

    /// A field condition of an advanced event selector.
    pub struct FieldSelector {
        /// For example `eventCategory`, `resources.type`, `readOnly`
        field: String = "Field",
        equals: Vec<String> = "Equals" as Nonempty,
        not_equals: Vec<String> = "NotEquals" as Nonempty,
        starts_with: Vec<String> = "StartsWith" as Nonempty,
        /// Whether it is narrowed in another way, of which more is not kept
        narrowed: bool = "EndsWith" | "NotStartsWith" | "NotEndsWith" as Narrowed,
    }

    /// The event selectors of a trail (GetEventSelectors): one of the two kinds is empty.
    pub struct Selectors {
        basic: Vec<EventSelector> = "EventSelectors" as Nonempty,
        advanced: Vec<Vec<FieldSelector>> = "AdvancedEventSelectors[].FieldSelectors",
    }
}

/// A list that is left out when it is empty.
#[derive(Debug)]
struct Nonempty;

impl<T: Wire> Form<Vec<T>> for Nonempty {
    fn read(value: &Value) -> Result<Option<Vec<T>>, String> {
        Wire::read(value)
    }
    fn write(value: &Vec<T>) -> Value {
        if value.is_empty() { Value::Null } else { value.write() }
    }
}

/// That a condition is there, whatever it says.
#[derive(Debug)]
struct Narrowed;

impl Form<bool> for Narrowed {
    fn read(_: &Value) -> Result<Option<bool>, String> {
        Ok(Some(true))
    }
    fn write(value: &bool) -> Value {
        if *value { json!(["narrowed"]) } else { Value::Null }
    }
}

model! {
    /// A CloudTrail trail (DescribeTrails, GetTrailStatus, GetEventSelectors).
    pub struct Trail {
        /// `Name`
        pub name: String,
        /// `TrailARN`
        pub arn: String,
        /// `HomeRegion`
        pub home_region: Seen<String>,
        /// `IsMultiRegionTrail`
        pub multi_region: Seen<bool>,
        /// `IsOrganizationTrail`
        pub organization: Seen<bool>,
        /// `S3BucketName`
        pub bucket: Seen<String>,
        /// `KmsKeyId`
        pub key: Seen<String>,
        /// `LogFileValidationEnabled`
        pub validation: Seen<bool>,
        /// `CloudWatchLogsLogGroupArn`
        pub log_group: Seen<String>,
        /// `IsLogging`
        pub logging: Seen<bool>,
        /// `LatestDeliveryError`
        pub delivery_error: Seen<String>,
        /// `LatestCloudWatchLogsDeliveryTime`
        pub log_group_delivered: Seen<Timestamp>,
        /// `LatestCloudWatchLogsDeliveryError`
        pub log_group_error: Seen<String>,
        /// GetEventSelectors
        pub selectors: Seen<Selectors>,
        /// GetInsightSelectors `InsightSelectors[].InsightType`; none enabled is unset
        pub insights: Seen<Vec<String>>,
    }

    /// A CloudTrail Lake event data store (ListEventDataStores, GetEventDataStore).
    pub struct EventDataStore {
        /// `Name`
        pub name: String,
        /// `EventDataStoreArn`
        pub arn: String,
        /// `Status`
        pub status: Seen<String>,
        /// `MultiRegionEnabled`
        pub multi_region: Seen<bool>,
        /// `AdvancedEventSelectors[].FieldSelectors`
        pub selectors: Seen<Vec<Vec<FieldSelector>>>,
    }
}
