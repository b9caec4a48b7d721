//! Every type of resource by the samples in `tests/worlds`: what its declaration writes, it reads again.
//!
//! A file holds the items of some tables under the tables' keys, in the snapshot's own words.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::wire::{self, look};
use super::{Gap, Reason, Record, Seen};
use crate::with_all_records;

/// The samples of all types, by the key of their table.
fn samples() -> BTreeMap<String, Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/worlds");
    let mut all = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read(&path).unwrap();
        let tables: BTreeMap<String, Vec<Value>> =
            serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for (key, items) in tables {
            assert!(all.insert(key.clone(), items).is_none(), "{}: {key} has samples in another file", path.display());
        }
    }
    all
}

fn plain(item: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(item) {
        Ok(Value::Object(fields)) => fields,
        other => panic!("a record is an object, not {other:?}"),
    }
}

fn read<R: Record + for<'de> serde::Deserialize<'de>>(key: &str, item: &Value) -> R {
    serde_json::from_value(item.clone()).unwrap_or_else(|e| panic!("{key}: {e} in {item}"))
}

/// The description that would be answered for an item.
fn described<R: Record>(record: &R) -> Value {
    let (mut answer, gap) = record.to_answer();
    assert_eq!(gap, None, "samples are seen");
    if let Some(finish) = R::SPEC.finish {
        finish(&mut answer);
    }
    answer
}

/// Calls a generic function for every type, with its key and its samples.
macro_rules! for_each_type {
    ($do:ident) => { for_each_type!(@with $do $) };
    (@with $do:ident $d:tt) => {{
        let mut samples = samples();
        macro_rules! each {
            ($d($record:ident $table:ident $key:ident $kind:literal $doc:literal $d($job:ident)?;)*) => {
                $d( $do::<super::$record>(stringify!($key), &samples.remove(stringify!($key)).unwrap_or_default()); )*
            };
        }
        with_all_records!(each);
        assert!(samples.is_empty(), "samples of no type: {:?}", samples.keys());
    }};
}

#[test]
fn the_samples_set_every_field() {
    fn check<R: Record + Serialize + for<'de> serde::Deserialize<'de>>(key: &str, items: &[Value]) {
        let items: Vec<Map<String, Value>> = items.iter().map(|item| plain(&read::<R>(key, item))).collect();
        let nothing = |value: &Value| match value {
            Value::Null => true,
            Value::Array(all) => all.is_empty(),
            Value::Object(members) => members.contains_key("unseen"),
            _ => false,
        };
        for field in plain(&R::default()).keys() {
            let set = items.iter().filter_map(|item| item.get(field)).any(|value| !nothing(value));
            assert!(set, "{key}: no sample sets `{field}`");
        }
    }
    for_each_type!(check);
}

#[test]
fn the_samples_leave_nothing_unseen() {
    fn check<R: Record + Serialize + for<'de> serde::Deserialize<'de>>(key: &str, items: &[Value]) {
        for item in items {
            assert_eq!(&Value::Object(plain(&read::<R>(key, item))), item, "{key}: the sample does not say it all");
        }
    }
    for_each_type!(check);
}

#[test]
fn a_written_answer_is_read_as_the_same_item() {
    fn check<R: Record + Serialize + for<'de> serde::Deserialize<'de>>(key: &str, items: &[Value]) {
        for item in items {
            let record: R = read(key, item);
            let mut again = R::from_answers(&Value::Null, &Seen::Is(described(&record)));
            for number in 0..R::ALSO.len() {
                let answer = record.spill_also(number).unwrap_or_else(|gap| panic!("{key}: {gap:?}"));
                again.fill_also(number, &Seen::Is(answer));
            }
            assert_eq!(plain(&again), plain(&record), "{key}");
        }
    }
    for_each_type!(check);
}

#[test]
fn a_refused_description_leaves_unseen_what_the_list_does_not_tell() {
    fn check<R: Record + Serialize + for<'de> serde::Deserialize<'de>>(key: &str, items: &[Value]) {
        let refused = Seen::Unseen(Gap::new(Reason::Denied, "not allowed"));
        if R::SPEC.summary == [""] {
            // The list shows names, and nobody describes them.
            return;
        }
        for item in items {
            let record: R = read(key, item);
            let description = described(&record);
            let mut summary = json!({});
            for member in R::SPEC.summary {
                let (theirs, ours) = member.split_once('=').unwrap_or((member, member));
                if let Some(value) = look(&description, ours) {
                    wire::put(&mut summary, theirs, value.into_owned());
                }
            }
            let listed = plain(&R::from_answers(&summary, &refused));
            for (field, value) in plain(&record) {
                let seen = listed.get(&field).unwrap();
                // What cannot say "unseen" (an ARN) is empty.
                let unseen = seen.get("unseen").is_some() || seen == "";
                assert!(*seen == value || (unseen && field != "name"), "{key}: `{field}` became {seen}");
            }
        }
    }
    for_each_type!(check);
}
