//! Field mapping: every field of every kind of resource, varied alone, through the wire and the SDK's own deserializers.
//!
//! A field that is read from the wrong member, or from a member that the service model does not have, does not come back.

use std::collections::BTreeMap;

use sagescan_checks::snapshot::{Snapshot, Table};
use serde_json::{Value, json};

use super::loopback::{items, obedient, sample, scan};

/// Another value of the same kind that the wire can carry; `None` where the kind has no other.
fn varied(field: &str, value: &Value) -> Option<Value> {
    match value {
        Value::Bool(b) => Some(json!(!b)),
        Value::Number(n) if n.is_i64() => Some(json!(n.as_i64()? + 1)),
        Value::String(text) => match (field, text.as_str()) {
            // Closed vocabularies: another word of the same.
            ("status" | "state" | "kind" | "manager" | "origin" | "traffic" | "delivery" | "connectivity", _) => None,
            ("created" | "modified" | "ended" | "last_activity" | "last_used" | "deletion", _) => None,
            (_, text) if text.starts_with('{') => None,
            (_, text) => Some(json!(format!("{text}x"))),
        },
        _ => None,
    }
}

/// Fields whose change moves other things: identities, and what the scan follows.
const FOLLOWED: &[&str] = &[
    "name", "arn", "id", "domain", "vpc", "subnet", "subnets", "security_groups", "key", "volume_key", "output_key",
    "output_path", "inputs", "outputs", "references", "profile", "space", "user", "resource", "region", "home_region",
    "path", "exists", "account", "service", "owner", "rotation_days",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_field_varied_alone_comes_back_varied() {
    let mut world = sample();
    let keep = world.regions.keys().next().cloned().expect("a region");
    world.regions.retain(|name, _| *name == keep);
    let (seen, _) = scan(&world, obedient(), |_| ()).await;
    let before = items(&seen.expect("the loopback AWS answers"));
    let whole = serde_json::to_value(&world).expect("a snapshot is JSON");
    // One change a table and field is enough, and changes in different tables go together in one scan.
    let mut rounds: BTreeMap<usize, Vec<(String, String, String, Value)>> = BTreeMap::new();
    for table in Table::ALL {
        let base = if table.of_account() { "/account".to_owned() } else { format!("/regions/{keep}") };
        let path = format!("{base}/{}", table.key());
        let Some(Value::Array(all)) = whole.pointer(&path) else { continue };
        let mut round = 0;
        let mut done: Vec<&str> = Vec::new();
        for (i, item) in all.iter().enumerate() {
            for (field, value) in item.as_object().into_iter().flatten() {
                if done.contains(&field.as_str()) || FOLLOWED.contains(&field.as_str()) {
                    continue;
                }
                if let Some(other) = varied(field, value) {
                    done.push(field);
                    rounds.entry(round).or_default().push((format!("{path}/{i}"), field.clone(), table.key().into(), other));
                    round += 1;
                }
            }
        }
    }
    let mut wrong = Vec::new();
    let mut tried = 0;
    for changes in rounds.values() {
        let mut changed = whole.clone();
        for (path, field, _, other) in changes {
            if let Some(item) = changed.pointer_mut(path) {
                item[field] = other.clone();
            }
        }
        let changed: Snapshot = serde_json::from_value(changed).expect("still a snapshot");
        let (seen, _) = scan(&changed, obedient(), |_| ()).await;
        let after = items(&seen.expect("the loopback AWS answers"));
        let wanted = items(&changed);
        for (path, field, table, other) in changes {
            tried += 1;
            // What this change does to the item, and to nothing else of its table.
            let of_table = |all: &BTreeMap<String, Value>| -> BTreeMap<String, Value> {
                let mine = |key: &&String| key.contains(&format!("/{table}/"));
                all.iter().filter(|(key, _)| mine(key)).map(|(k, v)| (k.clone(), v.clone())).collect()
            };
            let (was, is, wanted) = (of_table(&before), of_table(&after), of_table(&wanted));
            let moved: Vec<_> = is.iter().filter(|(key, item)| was.get(*key) != Some(item)).collect();
            match moved.as_slice() {
                // The scan never looks at this item or field (context that nothing refers to).
                [] if is.values().all(|item| item.get(field) != Some(other)) && !is.is_empty() => {
                    let looked_at = wanted.iter().any(|(k, v)| v.get(field) == Some(other) && is.contains_key(k));
                    if looked_at && is.values().any(|item| item.get(field).is_some_and(|f| f.get("unseen").is_none())) {
                        wrong.push(format!("{path} {field}: the change to {other} does not come back"));
                    }
                }
                [(key, item)] => {
                    if item.get(field) != wanted.get(*key).and_then(|w| w.get(field)) {
                        wrong.push(format!("{path} {field}: came back as {:?}", item.get(field)));
                    }
                    let others = item.as_object().into_iter().flatten().filter(|(name, _)| *name != field);
                    for (name, value) in others {
                        if was.get(*key).and_then(|w| w.get(name)) != Some(value) {
                            wrong.push(format!("{path} {field}: its change also moved {name}"));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 60, "only {tried} fields were varied");
}
