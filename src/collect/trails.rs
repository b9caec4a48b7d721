//! CloudTrail: trails with their status and selectors, and event data stores.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;
use sagescan_checks::snapshot::{EventDataStore, List, Listed, Seen, Selectors, Trail, short_name};
use serde_json::{Value, json};

use super::Places;
use super::call::{Call, read};
use super::places::Place;
use super::records::{self, text_at};
use super::translate::at;

const TRAILS_CALL: Call = read!("cloudtrail", "DescribeTrails");
const STATUS: Call = read!("cloudtrail", "GetTrailStatus");
const SELECTORS: Call = read!("cloudtrail", "GetEventSelectors");
const INSIGHTS: Call = read!("cloudtrail", "GetInsightSelectors");
const LIST_STORES: Call = read!("cloudtrail", "ListEventDataStores");
const STORE: Call = read!("cloudtrail", "GetEventDataStore");

pub(super) const TRAILS: &[Call] = &[TRAILS_CALL, STATUS, SELECTORS, INSIGHTS];
pub(super) const EVENT_DATA_STORES: &[Call] = &[LIST_STORES, STORE];

/// Questions about different resources that are under way at the same time.
const WIDTH: usize = 16;

/// Every trail once, however many regions show it; status and selectors asked in its home region.
pub(super) async fn of_regions(places: &Places<'_>, regions: &[String]) -> Listed<Trail> {
    let shown = join_all(regions.iter().map(|region| async { shown(&*places.at(region).await).await })).await;
    let missing = shown.iter().find_map(|listed| listed.missing.clone());
    let mut each: BTreeMap<String, Shown> = BTreeMap::new();
    for trail in shown.into_iter().flat_map(|listed| listed.items).filter(|trail| !trail.arn.is_empty()) {
        each.entry(trail.arn.clone()).or_insert(trail);
    }
    let items = join_all(each.values().map(|shown| async {
        let home = shown.home.as_deref().or(regions.first().map(String::as_str)).unwrap_or("us-east-1");
        trail(&*places.at(home).await, shown).await
    }));
    Listed { items: items.await, missing }
}

/// The event data stores of every region.
pub(super) async fn stores_of_regions(places: &Places<'_>, regions: &[String]) -> Listed<EventDataStore> {
    let of_regions = join_all(regions.iter().map(|region| async { stores(&*places.at(region).await).await })).await;
    let mut all = Listed::complete(Vec::new());
    for listed in of_regions {
        all.items.extend(listed.items);
        all.missing = all.missing.or(listed.missing);
    }
    all
}

/// A trail as a region shows it, at home or as the shadow of another region's.
struct Shown {
    arn: String,
    home: Option<String>,
    answer: Seen<Value>,
}

/// The trails that a region shows.
async fn shown(place: &Place) -> Listed<Shown> {
    let list = List { size: None, ..List::of(TRAILS_CALL, "trailList") };
    let Listed { items, missing } = records::pages(place, &list, json!({}), records::everything).await;
    let shown = |answer: Value| Shown {
        arn: text_at(&answer, "TrailARN"),
        home: answer.get("HomeRegion").and_then(Value::as_str).map(str::to_owned),
        answer: Seen::Is(answer),
    };
    Listed { items: items.into_iter().map(shown).collect(), missing }
}

/// One trail, its status and selectors asked in its home region.
async fn trail(home: &Place, Shown { arn, answer, .. }: &Shown) -> Trail {
    let (status, selectors, insights) = tokio::join!(
        home.question(&STATUS, &[], json!({ "Name": arn })),
        home.question(&SELECTORS, &[], json!({ "TrailName": arn })),
        home.question(&INSIGHTS, &["InsightNotEnabledException"], json!({ "TrailName": arn })),
    );
    Trail {
        name: at::<String>(answer, "Name").shown().cloned().unwrap_or_else(|| short_name(arn).to_owned()),
        arn: arn.clone(),
        home_region: at(answer, "HomeRegion"),
        multi_region: at(answer, "IsMultiRegionTrail"),
        organization: at(answer, "IsOrganizationTrail"),
        bucket: at(answer, "S3BucketName"),
        key: at(answer, "KmsKeyId"),
        validation: at(answer, "LogFileValidationEnabled"),
        log_group: at(answer, "CloudWatchLogsLogGroupArn"),
        logging: at(&status, "IsLogging"),
        delivery_error: at(&status, "LatestDeliveryError"),
        log_group_delivered: at(&status, "LatestCloudWatchLogsDeliveryTime"),
        log_group_error: at(&status, "LatestCloudWatchLogsDeliveryError"),
        insights: match at::<Vec<String>>(&insights, "InsightSelectors[].InsightType") {
            Seen::Is(types) if types.is_empty() => Seen::Unset,
            types => types,
        },
        selectors: at::<Selectors>(&selectors, ""),
    }
}

/// The event data stores of a region.
async fn stores(place: &Place) -> Listed<EventDataStore> {
    let list = List { size: Some(("MaxResults", 1000)), ..List::of(LIST_STORES, "EventDataStores") };
    let Listed { items, missing } = records::pages(place, &list, json!({}), records::everything).await;
    place.asker.announce(items.len() as u64);
    let described = items.into_iter().map(|one| async move {
        let arn = text_at(&one, "EventDataStoreArn");
        let seen = place.question(&STORE, &[], json!({ "EventDataStore": arn })).await;
        EventDataStore {
            name: text_at(&one, "Name"),
            arn,
            status: at(&seen, "Status"),
            multi_region: at(&seen, "MultiRegionEnabled"),
            selectors: at(&seen, "AdvancedEventSelectors[].FieldSelectors"),
        }
    });
    Listed { items: stream::iter(described).buffered(WIDTH).collect().await, missing }
}
