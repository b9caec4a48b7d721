//! Whether a scan under trouble accounts for everything: seen as it is, or covered by a gap that the ledger knows.

use std::collections::{BTreeMap, BTreeSet};

use sagescan::serve::Stats;
use sagescan_checks::snapshot::{self, Snapshot, State};
use serde_json::Value;

/// A table: what it holds by name, and the gap that it has.
#[derive(Default)]
struct Table {
    items: BTreeMap<String, Value>,
    missing: Option<Value>,
}

/// `account/roles`, `us-east-1/notebooks`, … A single value is a table of one thing without a name.
fn tables(snapshot: &Snapshot) -> BTreeMap<String, Table> {
    let whole = serde_json::to_value(snapshot).expect("a snapshot is JSON");
    let places = whole["regions"].as_object().into_iter().flatten().map(|(name, region)| (name.as_str(), region));
    let mut all = BTreeMap::new();
    for (place, tables) in places.chain([("account", &whole["account"])]) {
        for (name, value) in tables.as_object().into_iter().flatten() {
            all.insert(format!("{place}/{name}"), table(name, value));
        }
    }
    all
}

fn table(name: &str, value: &Value) -> Table {
    let mut table = Table::default();
    let listed = value.get("items").unwrap_or(value);
    match listed {
        Value::Array(items) => {
            table.missing = value.get("unseen").cloned();
            for item in items {
                for name in names(name, item) {
                    table.items.insert(name, item.clone());
                }
            }
        }
        single => drop(table.items.insert(String::new(), serde_json::json!({ "value": single }))),
    }
    table
}

/// What tells a thing from its neighbours. A key is looked at under each name that somebody calls it by: unresolved, it has
/// no other.
fn names(table: &str, item: &Value) -> Vec<String> {
    if table == "keys" {
        return item["references"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
    }
    let field = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
    let name = ["domain", "profile", "space", "name", "id", "user", "group"].map(field);
    // What has no name has an ARN, or is alone.
    vec![if name.iter().all(|part| part.is_empty()) { field("arn").to_owned() } else { name.join("|") }]
}

/// How many things a snapshot holds.
pub fn count(snapshot: &Snapshot) -> usize {
    tables(snapshot).values().map(|table| table.items.len()).sum()
}

/// What a scan without trouble did not see of the world, though it should have.
pub fn unseen_of(world: &Snapshot, seen: &Snapshot) -> Vec<String> {
    let (world, seen) = (tables(world), tables(seen));
    let mut wrong = Vec::new();
    // Of tables that need others only what those name is looked at.
    let follows = |place: &str| {
        let key = place.rsplit('/').next().unwrap_or_default();
        snapshot::Table::ALL.iter().any(|table| table.key() == key && !table.needs().is_empty())
    };
    for (place, table) in &world {
        if follows(place) {
            continue;
        }
        let found = seen.get(place);
        let absent = table.items.keys().filter(|name| found.is_none_or(|table| !table.items.contains_key(*name)));
        wrong.extend(absent.map(|name| format!("{place} {name} was not seen")));
    }
    wrong
}

/// What is neither as it was in the quiet scan nor covered by a gap.
pub fn lost(healthy: &Snapshot, seen: &Snapshot) -> Vec<String> {
    let named: BTreeSet<&str> = seen
        .coverage
        .iter()
        .filter(|line| line.state != State::Complete && !line.detail.is_empty())
        .map(|line| line.source.as_str())
        .collect();
    let (before, now) = (tables(healthy), tables(seen));
    let mut wrong = Vec::new();
    for (place, table) in &before {
        let Some(found) = now.get(place) else {
            wrong.push(format!("{place} is gone altogether"));
            continue;
        };
        if let Some(gap) = &found.missing
            && let Err(why) = good(gap, &named)
        {
            wrong.push(format!("{place}: {why}"));
        }
        for (name, item) in &table.items {
            match found.items.get(name) {
                Some(seen) => {
                    compare(item, seen, &named, &mut |problem| wrong.push(format!("{place} {name} {problem}")))
                }
                None if found.missing.is_some() => {}
                // The quotas of instance types that are configured: another type, other quotas.
                None if place.ends_with("/service_quotas") && renamed(&now, place) => {}
                None => wrong.push(format!("{place} {name} was lost without a gap")),
            }
        }
        let invented = found.items.keys().filter(|name| !table.items.contains_key(*name));
        wrong.extend(invented.map(|name| format!("{place} {name} was never there")));
    }
    wrong
}

/// Whether endpoint configurations of the same region have words of the future.
fn renamed(now: &BTreeMap<String, Table>, place: &str) -> bool {
    let configs = now.get(&place.replace("service_quotas", "endpoint_configs"));
    configs.is_some_and(|table| table.items.values().any(|config| config.to_string().contains("FromTheFuture")))
}

fn compare(before: &Value, now: &Value, named: &BTreeSet<&str>, wrong: &mut dyn FnMut(String)) {
    // What could not be described is known by its name only; and fewer things may have named a key.
    let undescribed = now.as_object().into_iter().flatten().any(|(_, value)| value.get("unseen").is_some());
    for (field, was) in before.as_object().into_iter().flatten() {
        let is = now.get(field).unwrap_or(&Value::Null);
        if field == "references" || field == "arn" && undescribed || plain(was) == plain(is) {
            continue;
        }
        // Refused the cheap way, a scan takes the dear one and may see more.
        if was.get("unseen").is_some() {
            continue;
        }
        match is.get("unseen") {
            // What AWS says in words of the future is not ours to correct.
            None if is.to_string().contains("FromTheFuture") => {}
            // A whole of several answers, of which some are lost.
            None => match parts(was, is) {
                Some(parts) => {
                    for (was, is) in parts {
                        compare(was, is, named, &mut |problem| wrong(format!("{field}.{problem}")));
                    }
                }
                None => wrong(format!("{field}: was {was}, is {is}")),
            },
            Some(gap) => {
                if let Err(why) = good(gap, named) {
                    wrong(format!("{field}: {why}"));
                }
            }
        }
    }
}

/// The objects that two values consist of, where they consist of as many.
fn parts<'v>(was: &'v Value, is: &'v Value) -> Option<Vec<(&'v Value, &'v Value)>> {
    match (was, is) {
        (Value::Object(_), Value::Object(_)) => Some(vec![(was, is)]),
        (Value::Array(was), Value::Array(is))
            if was.len() == is.len() && was.iter().chain(is).all(Value::is_object) =>
        {
            Some(was.iter().zip(is).collect())
        }
        _ => None,
    }
}

/// A gap is good if it says why, and if the ledger has the call that is to blame.
fn good(gap: &Value, named: &BTreeSet<&str>) -> Result<(), String> {
    let word = |key: &str| gap.get(key).and_then(Value::as_str).unwrap_or_default();
    let (reason, source, detail) = (word("reason"), word("source"), word("detail"));
    if detail.is_empty() {
        return Err(format!("the gap does not say why: {gap}"));
    }
    // A word that is not known and a thing left out on purpose are nobody's fault.
    let blameless = source.is_empty() && matches!(reason, "unrecognised" | "skipped");
    if blameless || named.contains(source) { Ok(()) } else { Err(format!("the ledger does not know of the gap {gap}")) }
}

/// Absent and empty are one on the wire.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(all) if all.is_empty() => Value::Null,
        Value::Array(all) => all.iter().map(plain).collect(),
        Value::Object(fields) => fields.iter().map(|(k, v)| (k.clone(), plain(v))).collect(),
        other => other.clone(),
    }
}

/// Where the ledger does not know of requests that AWS got. It may know of more: a request that timed out may never have
/// arrived.
pub fn ledger(seen: &Snapshot, stats: &Stats) -> Vec<String> {
    let mut told: BTreeMap<&str, u64> = BTreeMap::new();
    for line in &seen.coverage {
        *told.entry(&line.source).or_default() += line.calls;
    }
    let mut wrong = Vec::new();
    for name in stats.calls.keys() {
        let (ours, theirs) = (told.get(name.as_str()).copied().unwrap_or_default(), stats.of(name).requests);
        if ours < theirs {
            wrong.push(format!("the ledger has {ours} requests of {name}, AWS got {theirs}"));
        }
    }
    let sum: u64 = told.values().sum();
    if sum != seen.scan.api_calls {
        wrong.push(format!("the ledger has {sum} requests, the scan says {}", seen.scan.api_calls));
    }
    wrong
}
