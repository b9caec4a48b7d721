//! Scanning what we serve: the two ends of the pipe, joined.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sagescan::collect::{CollectError, Progress, Regions, Request, collect};
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
        pace: 10_000.0,
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

/// The sample account, as of now.
pub(crate) fn sample() -> Snapshot {
    // Whole milliseconds, as AWS sends them.
    let now = jiff::Timestamp::from_millisecond(jiff::Timestamp::now().as_millisecond()).expect("in range");
    sagescan::demo::account(now).expect("the sample account reads")
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
    ["domain", "profile", "space", "kind", "name", "id", "user"].map(field).join("|")
        + if item.get("references").is_some() { field("arn") } else { "" }
}

fn plain(value: &Value) -> Value {
    match value {
        Value::Array(all) if all.is_empty() => Value::Null,
        Value::Array(all) => all.iter().map(plain).collect(),
        Value::Object(fields) => fields.iter().map(|(k, v)| (k.clone(), plain(v))).collect(),
        other => other.clone(),
    }
}
