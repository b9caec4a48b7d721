//! CloudTrail: trails with their status and selectors, and event data stores.

use aws_sdk_cloudtrail::types::{AdvancedEventSelector, EventSelector as SdkEventSelector};
use sagescan_checks::snapshot::{
    DataResource, EventDataStore, EventSelector, FieldSelector, Listed, Seen, Selectors, Trail, short_name,
};

use super::call::{Call, read};
use super::places::Place;
use super::translate::{text, time};

const TRAILS_CALL: Call = read!("cloudtrail", "DescribeTrails");
const STATUS: Call = read!("cloudtrail", "GetTrailStatus");
const SELECTORS: Call = read!("cloudtrail", "GetEventSelectors");
const INSIGHTS: Call = read!("cloudtrail", "GetInsightSelectors");
const LIST_STORES: Call = read!("cloudtrail", "ListEventDataStores");
const STORE: Call = read!("cloudtrail", "GetEventDataStore");

pub(super) const TRAILS: &[Call] = &[TRAILS_CALL, STATUS, SELECTORS, INSIGHTS];
pub(super) const EVENT_DATA_STORES: &[Call] = &[LIST_STORES, STORE];

/// The trails that a region shows, shadows of trails of other regions included.
pub(super) async fn shown(place: &Place) -> Listed<aws_sdk_cloudtrail::types::Trail> {
    let answer = place.asker.ask(&TRAILS_CALL, &[], || place.cloudtrail.describe_trails().send()).await;
    match answer {
        Seen::Is(answer) => Listed::complete(answer.trail_list.unwrap_or_default()),
        Seen::Unset => Listed::complete(Vec::new()),
        Seen::Unseen(gap) => Listed { items: Vec::new(), missing: Some(gap) },
    }
}

/// One trail, its status and selectors asked in its home region.
pub(super) async fn trail(home: &Place, one: &aws_sdk_cloudtrail::types::Trail) -> Trail {
    let arn = one.trail_arn().unwrap_or_default();
    let (ask, ct) = (&home.asker, &home.cloudtrail);
    let (status, selectors, insights) = tokio::join!(
        ask.ask(&STATUS, &[], || ct.get_trail_status().name(arn).send()),
        ask.ask(&SELECTORS, &[], || ct.get_event_selectors().trail_name(arn).send()),
        ask.ask(&INSIGHTS, &["InsightNotEnabledException"], || ct.get_insight_selectors().trail_name(arn).send()),
    );
    Trail {
        name: text(one.name()).unwrap_or_else(|| short_name(arn).to_owned()),
        arn: arn.to_owned(),
        home_region: text(one.home_region()).into(),
        multi_region: one.is_multi_region_trail().into(),
        organization: one.is_organization_trail().into(),
        bucket: text(one.s3_bucket_name()).into(),
        key: text(one.kms_key_id()).into(),
        validation: one.log_file_validation_enabled().into(),
        log_group: text(one.cloud_watch_logs_log_group_arn()).into(),
        logging: status.field(|s| s.is_logging()),
        delivery_error: status.field(|s| text(s.latest_delivery_error())),
        log_group_delivered: status.field(|s| time(s.latest_cloud_watch_logs_delivery_time()?)),
        log_group_error: status.field(|s| text(s.latest_cloud_watch_logs_delivery_error())),
        insights: insights.field(|i| {
            let types = i.insight_selectors().iter().filter_map(|selector| selector.insight_type());
            let types: Vec<String> = types.map(|kind| kind.as_str().to_owned()).collect();
            (!types.is_empty()).then_some(types)
        }),
        selectors: selectors.field(|s| {
            Some(Selectors {
                basic: s.event_selectors().iter().map(basic).collect(),
                advanced: s.advanced_event_selectors().iter().map(advanced).collect(),
            })
        }),
    }
}

fn basic(s: &SdkEventSelector) -> EventSelector {
    EventSelector {
        read_write: s.read_write_type().map(|t| t.as_str().to_owned()).unwrap_or_default(),
        management: s.include_management_events().unwrap_or_default(),
        exclude_sources: s.exclude_management_event_sources().to_vec(),
        data_resources: s
            .data_resources()
            .iter()
            .map(|d| DataResource { kind: d.r#type().unwrap_or_default().to_owned(), values: d.values().to_vec() })
            .collect(),
    }
}

fn advanced(s: &AdvancedEventSelector) -> Vec<FieldSelector> {
    let field = |f: &aws_sdk_cloudtrail::types::AdvancedFieldSelector| FieldSelector {
        field: f.field().to_owned(),
        equals: f.equals().to_vec(),
        not_equals: f.not_equals().to_vec(),
        starts_with: f.starts_with().to_vec(),
        narrowed: [f.ends_with(), f.not_starts_with(), f.not_ends_with()].iter().any(|values| !values.is_empty()),
    };
    s.field_selectors().iter().map(field).collect()
}

/// The event data stores of a region.
pub(super) async fn stores(place: &Place) -> Listed<EventDataStore> {
    let ct = &place.cloudtrail;
    let listed = place.asker.pages(
        &LIST_STORES,
        |token| ct.list_event_data_stores().max_results(1000).set_next_token(token).send(),
        |page| (page.event_data_stores.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let describe = |one: aws_sdk_cloudtrail::types::EventDataStore| async move {
        let arn = one.event_data_store_arn().unwrap_or_default();
        let seen = place.asker.ask(&STORE, &[], || ct.get_event_data_store().event_data_store(arn).send()).await;
        EventDataStore {
            name: one.name().unwrap_or_default().to_owned(),
            arn: arn.to_owned(),
            status: seen.field(|s| s.status().map(|s| s.as_str().to_owned())),
            multi_region: seen.field(|s| s.multi_region_enabled()),
            selectors: seen.field(|s| Some(s.advanced_event_selectors().iter().map(advanced).collect())),
        }
    };
    place.asker.each(listed.await, describe).await
}
