//! Scanning what we serve: the two ends of the pipe, joined.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use sagescan::collect::{CollectError, Pace, Progress, Regions, Request, collect};
use sagescan::serve::{Options, Stats, start};
use sagescan_checks::snapshot::{Snapshot, Table};
use serde_json::Value;

pub(crate) struct Silent;

impl Progress for Silent {
    fn planned(&self, _: u64) {}
    fn done(&self) {}
    fn throttled(&self) {}
    fn note(&self, _: &str) {}
}

/// A server that does as it is told and is not slow.
pub(crate) fn obedient() -> Options {
    Options::default()
}

/// A request for everything, at full pace.
pub(crate) fn everything(url: String, regions: Vec<String>) -> Request {
    Request {
        profile: None,
        regions: Regions::These(regions),
        tables: Table::ALL.iter().copied().collect(),
        jobs_since_days: 90,
        timeout: Duration::from_secs(120),
        call_timeout: Duration::from_secs(20),
        endpoint: Some(url),
        pace: Pace { share: 1.0, scale: 10_000.0 },
        max_per_type: None,
        last_accessed: true,
        service_quotas: true,
        activity: true,
        log_samples: true,
        checkpoint: None,
        since_last: None,
    }
}

/// Serves a world, scans it, and returns what was seen and what was asked.
pub(crate) async fn scan(
    world: &Snapshot,
    options: Options,
    adjust: impl FnOnce(&mut Request),
) -> (Result<Snapshot, CollectError>, Stats) {
    let server = start(Arc::new(world.clone()), options).await.expect("loopback can be bound");
    let mut request = everything(server.url(), world.regions.keys().cloned().collect());
    adjust(&mut request);
    let (_go_on, stop) = tokio::sync::watch::channel(false);
    let seen = collect(request, Arc::new(Silent), stop).await;
    let stats = server.stats();
    server.stop().await;
    (seen, stats)
}

/// The sample account as of now, with something of every type that it lacks.
pub(crate) fn sample() -> Snapshot {
    // Whole milliseconds, as AWS sends them.
    let now = Timestamp::from_millisecond(Timestamp::now().as_millisecond()).expect("in range");
    let sample = sagescan::demo::account(now).expect("the sample account reads");
    let mut whole = serde_json::to_value(&sample).expect("a snapshot is JSON");
    let region = &mut whole["regions"]["us-east-1"];
    for (table, mut items) in worlds() {
        if region[&table].as_array().is_some_and(Vec::is_empty) {
            shift(&mut items, now);
            region[&table] = items;
        }
    }
    // That there are none is told in a header, which no cut of the body reaches.
    whole["account"]["trails"][0]["insights"] = serde_json::json!(["ApiErrorRateInsight"]);
    serde_json::from_value(whole).expect("still a snapshot")
}

/// The items of `tests/worlds`, by table.
fn worlds() -> Vec<(String, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the worlds are there") {
        let text = std::fs::read_to_string(entry.expect("readable").path()).expect("readable");
        let tables: serde_json::Map<String, Value> = serde_json::from_str(&text).expect("a world is JSON");
        all.extend(tables);
    }
    all
}

/// Moves times to yesterday, an hour a step, so that they lie within the look-back window and keep their order.
fn shift(value: &mut Value, now: Timestamp) {
    fn times(value: &Value, all: &mut BTreeSet<Timestamp>) {
        match value {
            Value::String(text) => all.extend(text.parse::<Timestamp>()),
            Value::Array(items) => items.iter().for_each(|item| times(item, all)),
            Value::Object(fields) => fields.values().for_each(|field| times(field, all)),
            _ => {}
        }
    }
    fn apply(value: &mut Value, by: jiff::SignedDuration) {
        match value {
            Value::String(text) => {
                if let Ok(time) = text.parse::<Timestamp>() {
                    *text = time.checked_add(by).expect("in range").to_string();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| apply(item, by)),
            Value::Object(fields) => fields.values_mut().for_each(|field| apply(field, by)),
            _ => {}
        }
    }
    let mut all = BTreeSet::new();
    times(value, &mut all);
    if let Some(last) = all.last() {
        let yesterday = now.checked_sub(24.hours()).expect("in range");
        apply(value, yesterday.duration_since(*last));
    }
}

/// A snapshot by table: `us-east-1/notebooks/churn` to the item. Absent lists and empty lists are one on the wire.
pub(crate) fn items(snapshot: &Snapshot) -> BTreeMap<String, Value> {
    let whole = serde_json::to_value(snapshot).expect("a snapshot is JSON");
    let mut items = BTreeMap::new();
    let mut take = |place: &str, tables: &Value| {
        for (table, value) in tables.as_object().into_iter().flatten() {
            match value {
                Value::Array(all) => {
                    for item in all {
                        items.insert(format!("{place}/{table}/{}", name(item)), plain(item));
                    }
                }
                single => drop(items.insert(format!("{place}/{table}"), plain(single))),
            }
        }
    };
    take("account", &whole["account"]);
    for (name, region) in whole["regions"].as_object().into_iter().flatten() {
        take(name, region);
    }
    items
}

fn name(item: &Value) -> String {
    let field = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
    ["domain", "profile", "space", "kind", "name", "id", "user", "group"].map(field).join("|")
        + if item.get("references").or_else(|| item.get("services")).is_some() { field("arn") } else { "" }
}

fn plain(value: &Value) -> Value {
    match value {
        Value::Array(all) if all.is_empty() => Value::Null,
        Value::Array(all) => all.iter().map(plain).collect(),
        Value::Object(fields) => fields.iter().map(|(k, v)| (k.clone(), plain(v))).collect(),
        other => other.clone(),
    }
}
