//! Field mapping: every field of every kind of resource, varied alone, through the wire and the SDK's own deserializers.
//!
//! A field that is read from the wrong member, or from a member that the service model does not have, does not come back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan};
use sagescan_checks::snapshot::{Snapshot, Table};
use serde_json::{Value, json};

use super::loopback::{items, obedient, sample, scan};

/// Every leaf below a field, each with another value of the same kind that the wire can carry.
fn variations(at: &str, field: &str, value: &Value) -> Vec<(String, Value)> {
    let one = |other: Value| vec![(at.to_owned(), other)];
    match value {
        Value::Bool(b) => one(json!(!b)),
        Value::Number(n) if n.is_i64() => one(json!(n.as_i64().unwrap_or_default() + 1)),
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(time) => one(json!(time.saturating_add(1.hour()).expect("in range"))),
            // Words of closed vocabularies and documents vary in tests of their own.
            Err(_) if WORDS.contains(&field) || text.starts_with('{') => Vec::new(),
            Err(_) => one(json!(format!("{text}x"))),
        },
        Value::Array(all) => match all.first() {
            Some(first) => variations(&format!("{at}/0"), field, first),
            None => Vec::new(),
        },
        Value::Object(fields) => fields
            .iter()
            // Whether there is something is told by its parts too.
            .filter(|(name, _)| !["ebs", "serverless"].contains(&name.as_str()))
            .flat_map(|(name, value)| variations(&format!("{at}/{name}"), name, value))
            .collect(),
        _ => Vec::new(),
    }
}

/// Fields whose words AWS has fixed.
const WORDS: &[&str] = &[
    "status",
    "state",
    "kind",
    "manager",
    "origin",
    "traffic",
    "delivery",
    "connectivity",
    "confidence",
    "title",
    "place",
    "algorithm",
    "read_write",
    "permission",
    "protocol",
    "sharing",
    "app_type",
    "network_access",
    "auth",
    "versioning",
    "ownership",
    "spec",
    "repository_access",
    "ip_address_type",
    "scope",
    "target_type",
    "imds_version",
    "scripts",
    "data_protection",
    "inherited",
    "class",
    "discovery",
    "monitored_by_job",
    "defined_in_job",
    "error",
    "strategy",
    "types",
    "excluded",
];

/// Fields whose change moves other things: identities, and what the scan follows.
const FOLLOWED: &[&str] = &[
    "name",
    "arn",
    "id",
    "operation",
    "schedule",
    "domain",
    "vpc",
    "subnet",
    "subnets",
    "security_groups",
    "key",
    "volume_key",
    "output_key",
    "output_path",
    "inputs",
    "outputs",
    "references",
    "profile",
    "space",
    "user",
    "resource",
    "region",
    "home_region",
    "path",
    "exists",
    "account",
    "service",
    "owner",
    "vpcs",
    "rotation",
    "rotation_days",
    "data_capture",
    "async_output",
    "capture",
    "created",
    // Parents, and what other fields of the same item imply.
    "cluster",
    "hub",
    "category",
    "definition_parses",
    "offline",
    "analyzer",
    // What other tables are asked for by.
    "share",
    "secret",
    "accounting_secret",
    "canvas_secrets",
    "reference",
    "user_pool",
    "topic",
    "specifications",
    "base_image",
    "container_image",
    // What decides whether an alarm, a metric filter or a rule is kept.
    "namespace",
    "metric",
    "metrics",
    "lines",
    "group",
    "bucket",
    "pattern",
    "source",
    "eks",
    "file_system",
    "api",
    "target",
    "methods",
    "deployed_again",
];

struct Change {
    table: &'static str,
    item: String,
    field: String,
    leaf: String,
    other: Value,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_varied_alone_comes_back_varied() {
    let mut world = sample();
    world.regions.retain(|name, _| name != "us-west-2");
    let whole = serde_json::to_value(&world).expect("a snapshot is JSON");
    let (seen, _) = scan(&world, obedient(), |_| ()).await;
    let before = items(&seen.expect("the loopback AWS answers"));
    // One change a leaf is enough, and changes in different tables go together in one scan.
    let mut rounds: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
    for table in Table::ALL {
        let mut done = BTreeSet::new();
        for base in if table.of_account() { vec!["/account"] } else { vec!["/regions/eu-west-1", "/regions/us-east-1"] }
        {
            let path = format!("{base}/{}", table.key());
            for (i, item) in whole.pointer(&path).and_then(Value::as_array).into_iter().flatten().enumerate() {
                for (field, value) in item.as_object().into_iter().flatten() {
                    if FOLLOWED.contains(&field.as_str()) {
                        continue;
                    }
                    for (leaf, other) in variations(&format!("{path}/{i}/{field}"), field, value) {
                        let kind = leaf[path.len()..]
                            .trim_start_matches(['/'])
                            .trim_start_matches(char::is_numeric)
                            .to_owned();
                        if done.insert(kind) {
                            let (item, field) = (format!("{path}/{i}"), field.clone());
                            let change = Change { table: table.key(), item, field, leaf, other };
                            rounds.entry(done.len()).or_default().push(change);
                        }
                    }
                }
            }
        }
    }
    let (mut wrong, mut came_back) = (Vec::new(), 0);
    for changes in rounds.values() {
        let mut changed = whole.clone();
        for change in changes {
            *changed.pointer_mut(&change.leaf).expect("it was there") = change.other.clone();
        }
        let changed: Snapshot = serde_json::from_value(changed).expect("still a snapshot");
        let (seen, _) = scan(&changed, obedient(), |_| ()).await;
        let (after, wanted) = (items(&seen.expect("the loopback AWS answers")), items(&changed));
        for Change { table, item, field, leaf, .. } in changes {
            let mine = |key: &str| key.split('/').nth(1) == Some(table);
            let moved: Vec<_> = after.iter().filter(|(key, it)| mine(key) && before.get(*key) != Some(it)).collect();
            for (key, it) in &moved {
                let was = before.get(*key);
                for (name, value) in it.as_object().into_iter().flatten() {
                    let same = was.and_then(|w| w.get(name)) == Some(value);
                    if name != field && !same {
                        wrong.push(format!("{leaf}: its change also moved {name} of {key}"));
                    }
                    if name == field && Some(value) != wanted.get(*key).and_then(|w| w.get(field)) {
                        wrong.push(format!("{leaf}: came back as {value}"));
                    }
                }
            }
            let target = wanted.iter().find(|(key, it)| {
                mine(key) && before.contains_key(*key) && {
                    before.get(*key).and_then(|b| b.get(field)) != it.get(field)
                }
            });
            match (moved.is_empty(), target) {
                (true, Some((key, it))) => {
                    // Unless the scan does not look at this field of this item at all.
                    let seen = before.get(key).and_then(|b| b.get(field)).is_some_and(|v| v.get("unseen").is_none());
                    let was = whole.pointer(item).and_then(|i| i.get(field));
                    if seen && was != it.get(field) {
                        wrong.push(format!("{leaf}: the change does not come back"));
                    }
                }
                (false, _) => came_back += 1,
                (true, None) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(came_back > 100, "only {came_back} changes came back");
}
