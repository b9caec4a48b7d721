//! CloudTrail: trails where they are at home and where their shadow falls, and event data stores.

use sagescan_checks::snapshot::wire::Wire;
use sagescan_checks::snapshot::{Coverage, EventDataStore, FieldSelector, Gap, Listed, Reason, State, Trail};
use serde_json::{Value, json};

use super::call::{Answer, Call, Operation, Outcome};
use super::paging::Paging;
use super::refusal::Refusal;
use super::times::epoch;

pub(super) fn operations() -> [Operation; 6] {
    [
        Operation {
            name: "DescribeTrails",
            action: "cloudtrail:DescribeTrails",
            resource: "",
            answer: describe_trails,
        },
        Operation {
            name: "GetTrailStatus",
            action: "cloudtrail:GetTrailStatus",
            resource: "trail/{Name}",
            answer: get_trail_status,
        },
        Operation {
            name: "GetEventSelectors",
            action: "cloudtrail:GetEventSelectors",
            resource: "trail/{TrailName}",
            answer: get_event_selectors,
        },
        Operation {
            name: "GetInsightSelectors",
            action: "cloudtrail:GetInsightSelectors",
            resource: "trail/{TrailName}",
            answer: get_insight_selectors,
        },
        Operation {
            name: "ListEventDataStores",
            action: "cloudtrail:ListEventDataStores",
            resource: "",
            answer: list_event_data_stores,
        },
        Operation {
            name: "GetEventDataStore",
            action: "cloudtrail:GetEventDataStore",
            resource: "{EventDataStore}",
            answer: get_event_data_store,
        },
    ]
}

const STORES: Paging = Paging { size: "MaxResults", token: "NextToken", default: 1000, maximum: 1000 };

/// Why this region's part of a table is missing: what the ledger says about the region, else the table's gap if the
/// table holds nothing that would contradict it.
fn refused_here<T>(call: &Call<'_>, table: &Listed<T>) -> Option<Refusal> {
    let gap = call.gap(table)?;
    let source = format!("{}:{}", call.service.name, call.operation.name);
    let lines = || call.snapshot().coverage.iter().filter(|line| line.source == source);
    match lines().find(|line| line.region == call.region) {
        Some(line) => reason(line).map(|reason| (&Gap::new(reason, "")).into()),
        None => (table.is_empty() && lines().next().is_none()).then(|| gap.into()),
    }
}

fn reason(line: &Coverage) -> Option<Reason> {
    match line.state {
        State::Complete => None,
        State::Denied => Some(Reason::Denied),
        State::Throttled => Some(Reason::Throttled),
        State::NotOffered => Some(Reason::NotOffered),
        State::NotEnabled => Some(Reason::NotEnabled),
        State::Partial | State::Failed | State::Skipped => Some(Reason::Failed),
    }
}

fn at_home(call: &Call<'_>, trail: &Trail) -> Result<bool, Refusal> {
    Ok(trail.home_region.get()?.is_none_or(|home| home == call.region))
}

fn describe_trails(call: &Call<'_>) -> Outcome {
    let table = &call.snapshot().account.trails;
    if let Some(refusal) = refused_here(call, table) {
        return Err(refusal);
    }
    let named = call.input.get("trailNameList").and_then(Value::as_array).filter(|names| !names.is_empty());
    let shadows = call.input.get("includeShadowTrails").and_then(Value::as_bool).unwrap_or(true);
    let mut trails = Vec::new();
    for trail in table.iter() {
        let shadow = shadows && trail.multi_region.get()?.copied().unwrap_or(false);
        let asked = named.is_none_or(|names| names.iter().any(|n| *n == trail.name || *n == trail.arn));
        if asked && (shadow || at_home(call, trail)?) {
            trails.push(described(trail)?);
        }
    }
    Ok(Answer::Json(json!({ "trailList": trails })))
}

fn described(trail: &Trail) -> Result<Value, Refusal> {
    Ok(json!({
        "Name": trail.name,
        "TrailARN": trail.arn,
        "HomeRegion": trail.home_region.get()?,
        "IsMultiRegionTrail": trail.multi_region.get()?,
        "IsOrganizationTrail": trail.organization.get()?,
        "IncludeGlobalServiceEvents": true,
        "S3BucketName": trail.bucket.get()?,
        "KmsKeyId": trail.key.get()?,
        "LogFileValidationEnabled": trail.validation.get()?,
        "CloudWatchLogsLogGroupArn": trail.log_group.get()?,
        "HasCustomEventSelectors": trail.selectors.shown().is_some(),
        "HasInsightSelectors": trail.insights.shown().is_some(),
    }))
}

/// The trail that a request names: by ARN from anywhere, by name only at home.
fn trail<'s>(call: &Call<'s>, parameter: &str) -> Result<&'s Trail, Refusal> {
    let wanted = call.required(parameter)?;
    for trail in call.snapshot().account.trails.iter() {
        if trail.arn == wanted || (trail.name == wanted && at_home(call, trail)?) {
            return Ok(trail);
        }
    }
    Err(Refusal::absent("TrailNotFoundException", format!("Unknown trail: {wanted}")))
}

fn get_trail_status(call: &Call<'_>) -> Outcome {
    let trail = trail(call, "Name")?;
    Ok(Answer::Json(json!({
        "IsLogging": trail.logging.get()?,
        "LatestDeliveryError": trail.delivery_error.get()?,
        "LatestCloudWatchLogsDeliveryTime": epoch(&trail.log_group_delivered)?,
        "LatestCloudWatchLogsDeliveryError": trail.log_group_error.get()?,
    })))
}

fn get_insight_selectors(call: &Call<'_>) -> Outcome {
    let trail = trail(call, "TrailName")?;
    let Some(types) = trail.insights.get()? else {
        let message = format!("The trail {} has no insight selectors.", trail.name);
        return Err(Refusal::absent("InsightNotEnabledException", message));
    };
    let selectors: Vec<Value> = types.iter().map(|kind| json!({ "InsightType": kind })).collect();
    Ok(Answer::Json(json!({ "TrailARN": trail.arn, "InsightSelectors": selectors })))
}

fn get_event_selectors(call: &Call<'_>) -> Outcome {
    let trail = trail(call, "TrailName")?;
    let selectors = trail.selectors.get()?;
    let mut answer = selectors.map(Wire::write).unwrap_or_else(|| json!({}));
    answer["TrailARN"] = json!(trail.arn);
    Ok(Answer::Json(answer))
}

fn advanced(selectors: &[Vec<FieldSelector>]) -> Vec<Value> {
    selectors.iter().map(|fields| json!({ "FieldSelectors": fields.write() })).collect()
}

/// The region that an event data store lies in, as its ARN says.
fn lies_here(call: &Call<'_>, store: &EventDataStore) -> bool {
    store.arn.split(':').nth(3) == Some(call.region)
}

fn list_event_data_stores(call: &Call<'_>) -> Outcome {
    let table = &call.snapshot().account.event_data_stores;
    if let Some(refusal) = refused_here(call, table) {
        return Err(refusal);
    }
    let here: Vec<&EventDataStore> = table.iter().filter(|store| lies_here(call, store)).collect();
    let page = STORES.page(call, here.len(), None)?;
    let stores = here[page.range].iter().map(|s| json!({ "EventDataStoreArn": s.arn, "Name": s.name }));
    Ok(Answer::Json(json!({ "EventDataStores": stores.collect::<Vec<_>>(), "NextToken": page.next })))
}

fn get_event_data_store(call: &Call<'_>) -> Outcome {
    let wanted = call.required("EventDataStore")?;
    let mut stores = call.snapshot().account.event_data_stores.iter().filter(|store| lies_here(call, store));
    let is = |store: &&EventDataStore| store.arn == wanted || store.arn.ends_with(&format!("/{wanted}"));
    let Some(store) = stores.find(is) else {
        let message = format!("The specified event data store {wanted} was not found.");
        return Err(Refusal::absent("EventDataStoreNotFoundException", message));
    };
    let selectors = store.selectors.get()?;
    Ok(Answer::Json(json!({
        "EventDataStoreArn": store.arn,
        "Name": store.name,
        "Status": store.status.get()?,
        "MultiRegionEnabled": store.multi_region.get()?,
        "OrganizationEnabled": false,
        "RetentionPeriod": 366,
        "TerminationProtectionEnabled": true,
        "AdvancedEventSelectors": selectors.map(|selectors| advanced(selectors)),
    })))
}
