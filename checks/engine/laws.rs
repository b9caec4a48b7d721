//! Laws that hold for every snapshot. The worlds are the cases of all pages put together and mutilated at random.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Finding, Registered, Severity, Status, cases, judge, score};
use crate::catalogue;
use crate::page::Page;
use crate::snapshot::{Snapshot, Table};

/// Every case of every page, as snapshots in JSON, made once.
pub(super) fn worlds() -> &'static [Value] {
    static WORLDS: LazyLock<Vec<Value>> = LazyLock::new(make_worlds);
    &WORLDS
}

fn make_worlds() -> Vec<Value> {
    let pages = catalogue().flat_map(|c| Page::parse(c.meta().page).cases);
    let snapshots = pages.filter_map(|case| cases::snapshot_of(case.json).ok());
    snapshots.map(|s| serde_json::to_value(s).expect("a snapshot is JSON")).collect()
}

/// The paths of everything that was seen and might not have been: whole tables, and the fields of their items.
fn forgettable(world: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    let mut scope = |prefix: String, tables: &Value, of_account: bool| {
        for table in Table::ALL.iter().filter(|t| t.of_account() == of_account) {
            let path = format!("{prefix}/{}", table.key());
            let Some(value) = tables.get(table.key()).filter(|value| !is_unseen(value)) else { continue };
            paths.push(path.clone());
            let (base, items) = match value {
                Value::Array(items) => (path, items.as_slice()),
                Value::Object(o) if o.contains_key("items") => {
                    (format!("{path}/items"), o["items"].as_array().map_or(&[][..], Vec::as_slice))
                }
                Value::Object(_) if *table == Table::Organization => {
                    below(&path, value, &mut paths);
                    continue;
                }
                _ => continue,
            };
            for (i, item) in items.iter().enumerate() {
                let fields = item.as_object().into_iter().flatten().filter(|(_, value)| !is_unseen(value));
                let fields = fields.map(|(field, _)| field).filter(|f| !PLAIN.contains(&f.as_str()));
                paths.extend(fields.map(|f| format!("{base}/{i}/{f}")));
            }
        }
    };
    scope("/account".into(), &world["account"], true);
    for (name, region) in world["regions"].as_object().into_iter().flatten() {
        scope(format!("/regions/{name}"), region, false);
    }
    paths
}

/// Every field of an object, and of the objects in it.
fn below(path: &str, value: &Value, paths: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(key, inner)| (key.clone(), inner)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, inner)| (at.to_string(), inner)).collect(),
        _ => Vec::new(),
    };
    for (key, inner) in inner {
        let path = format!("{path}/{key}");
        below(&path, inner, paths);
        paths.push(path);
    }
}

/// Whether nothing of it was seen: no field, and not one item of a table.
fn is_unseen(value: &Value) -> bool {
    value.get("unseen").is_some() && value.get("items").is_none_or(|items| items.as_array().is_some_and(Vec::is_empty))
}

/// Fields that identify an item and therefore are always there.
const PLAIN: &[&str] = &[
    "name",
    "arn",
    "id",
    "domain",
    "path",
    "kind",
    "profile",
    "space",
    "vpc",
    "service",
    "resource",
    "user",
    "references",
    "password",
    "password_last_used",
    "mfa",
    "key_1",
    "key_1_rotated",
    "key_2",
    "key_2_rotated",
];

fn read(world: &Value) -> Option<Snapshot> {
    Snapshot::deserialize(world).ok()
}

fn findings(world: &Value, checks: &[Registered]) -> Vec<Finding> {
    read(world).map(|s| judge(&s, checks, "test").findings).unwrap_or_default()
}

fn statuses(findings: &[Finding]) -> HashMap<String, Status> {
    findings.iter().map(|f| (f.id.clone(), f.status)).collect()
}

/// Forgetting one thing in `world` must add no pass to what it `had`; returns what got one. The world stays as it was.
fn passes_gained(world: &mut Value, path: &str, had: &HashMap<String, Status>, checks: &[Registered]) -> Vec<String> {
    let Some(place) = world.pointer_mut(path) else { return Vec::new() };
    let was = std::mem::replace(place, json!({"unseen": {"reason": "denied", "source": "test:Forgotten"}}));
    let less = read(world);
    if let Some(place) = world.pointer_mut(path) {
        *place = was;
    }
    // A plain field cannot be unseen.
    let after = less.map(|snapshot| judge(&snapshot, checks, "test").findings).unwrap_or_default();
    after
        .iter()
        .filter(|f| f.status == Status::Pass && had.get(&f.id) != Some(&Status::Pass))
        .map(|f| format!("{path} unseen makes this a pass: {} ({})", f.message, f.check))
        .collect()
}

/// The law that everything stands on, exhaustively over the cases: what was not seen never counts as safe.
#[test]
fn making_anything_unseen_never_adds_a_pass() {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let share = |first: usize| catalogue().skip(first).step_by(workers).flat_map(passes_by_forgetting).collect();
        let shares: Vec<_> = (0..workers).map(|first| scope.spawn(move || -> Vec<String> { share(first) })).collect();
        shares.into_iter().flat_map(|share| share.join().expect("no judgement panics")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What passes in a case of this check as soon as one thing is not seen.
fn passes_by_forgetting(registered: Registered) -> Vec<String> {
    let mut gained = Vec::new();
    for case in Page::parse(registered.meta().page).cases {
        let Ok(snapshot) = cases::snapshot_of(case.json) else { continue };
        let had = statuses(&judge(&snapshot, &[registered], "test").findings);
        let mut world = serde_json::to_value(snapshot).expect("a snapshot is JSON");
        for path in forgettable(&world) {
            gained.extend(passes_gained(&mut world, &path, &had, &[registered]));
        }
    }
    gained
}

/// A world in which every table is complete and every scalar is as a case has it, from several cases at once.
pub(super) fn merged(picks: &[usize], worlds: &[Value]) -> Value {
    let mut whole = worlds[picks[0] % worlds.len()].clone();
    for pick in &picks[1..] {
        let other = &worlds[pick % worlds.len()];
        merge(&mut whole["account"], &other["account"]);
        for (name, region) in other["regions"].as_object().into_iter().flatten() {
            let regions = whole["regions"].as_object_mut().expect("regions");
            merge(regions.entry(name.clone()).or_insert_with(|| json!({})), region);
        }
    }
    whole
}

fn merge(into: &mut Value, from: &Value) {
    let (Some(into), Some(from)) = (into.as_object_mut(), from.as_object()) else { return };
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Array(mine)), Value::Array(theirs)) => mine.extend(theirs.iter().cloned()),
            (Some(mine), theirs) if mine.get("unseen").is_some() => *mine = theirs.clone(),
            (None, theirs) => {
                into.insert(key.clone(), theirs.clone());
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn judging_never_panics_and_same_input_gives_same_bytes(picks in prop::collection::vec(any::<usize>(), 1..8)) {
        let checks: Vec<_> = catalogue().collect();
        let snapshot = read(&merged(&picks, worlds())).expect("a merged world is a snapshot");
        let one = serde_json::to_vec(&judge(&snapshot, &checks, "test")).expect("a report is JSON");
        let two = serde_json::to_vec(&judge(&snapshot, &checks, "test")).expect("a report is JSON");
        prop_assert_eq!(one, two);
    }

    #[test]
    fn in_any_world_forgetting_several_things_adds_no_pass(
        picks in prop::collection::vec(any::<usize>(), 1..6),
        forgotten in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let checks: Vec<_> = catalogue().collect();
        let mut world = merged(&picks, worlds());
        for index in forgotten {
            let paths = forgettable(&world);
            if paths.is_empty() { break }
            let path = index.get(&paths).clone();
            let had = statuses(&findings(&world, &checks));
            let gained = passes_gained(&mut world, &path, &had, &checks);
            prop_assert!(gained.is_empty(), "{}", gained.join("\n"));
            let Some(place) = world.pointer_mut(&path) else { break };
            let was = std::mem::replace(place, json!({"unseen": "throttled"}));
            if read(&world).is_none() && let Some(place) = world.pointer_mut(&path) { *place = was; }
        }
    }

    #[test]
    fn the_order_of_items_does_not_matter(picks in prop::collection::vec(any::<usize>(), 1..6)) {
        let checks: Vec<_> = catalogue().collect();
        let world = merged(&picks, worlds());
        let mut turned = world.clone();
        let reverse = |scope: &mut Value| {
            scope.as_object_mut().into_iter().flat_map(|o| o.values_mut()).filter_map(Value::as_array_mut).for_each(|a| a.reverse());
        };
        reverse(&mut turned["account"]);
        turned["regions"].as_object_mut().into_iter().flat_map(|o| o.values_mut()).for_each(reverse);
        // Two resources of one name (from two cases) are one finding, and which of them speaks may differ in its words.
        let words = |world: &Value| -> BTreeMap<String, Status> {
            findings(world, &checks).into_iter().map(|f| (f.id, f.status)).collect()
        };
        prop_assert_eq!(words(&world).len(), words(&turned).len());
    }

    #[test]
    fn mending_a_finding_never_lowers_a_score(
        picks in prop::collection::vec(any::<usize>(), 2..12),
        mended in any::<prop::sample::Index>(),
    ) {
        let checks: Vec<_> = catalogue().collect();
        let before = findings(&merged(&picks, worlds()), &checks);
        let failing: Vec<usize> = (0..before.len()).filter(|i| before[*i].status == Status::Fail).collect();
        prop_assume!(!failing.is_empty());
        let mut after = before.clone();
        let which = *mended.get(&failing);
        after[which].status = Status::Pass;
        let weight = |id: &str| checks.iter().find(|c| c.meta().id == id).map(|c| c.meta().severity.weight());
        after[which].severity = checks.iter().find(|c| after[which].check == c.meta().id).map_or(Severity::Low, |c| c.meta().severity);
        let (old, new) = (score::score(&before, weight), score::score(&after, weight));
        prop_assert!(new.overall >= old.overall, "{:?} became {:?}", old.overall, new.overall);
        for (old, new) in old.sections.iter().zip(&new.sections) {
            prop_assert!(new.score >= old.score, "{:?} became {:?}", old, new);
        }
        prop_assert_eq!(old.coverage, new.coverage);
    }

    #[test]
    fn an_unknown_lowers_the_coverage_and_leaves_the_score(picks in prop::collection::vec(any::<usize>(), 2..12)) {
        let checks: Vec<_> = catalogue().collect();
        let before = findings(&merged(&picks, worlds()), &checks);
        prop_assume!(before.iter().any(|f| f.status == Status::Pass));
        let weight = |id: &str| checks.iter().find(|c| c.meta().id == id).map(|c| c.meta().severity.weight());
        let mut after = before.clone();
        let mut unknown = before.iter().find(|f| f.status == Status::Pass).expect("assumed").clone();
        unknown.status = Status::Unknown;
        after.push(unknown);
        let (old, new) = (score::score(&before, weight), score::score(&after, weight));
        prop_assert_eq!(old.overall, new.overall);
        prop_assert!(new.coverage <= old.coverage);
    }
}
