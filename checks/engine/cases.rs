//! Runs the cases of every page, and holds the catalogue to its own rules.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use super::{Finding, Registered, Status, judge};
use crate::catalogue;
use crate::page::{Case, Page};
use crate::snapshot::{FORMAT, Snapshot, Table};
use crate::with_other_records;

/// Blows a case up to a snapshot: keys of `account`, of `scan` and of the one region may all stand at the top.
///
/// Everything a case leaves out is unseen, but for the types of `with_other_records!`: of those it has none. Regions other than `us-east-1` are given under `regions`.
pub(super) fn snapshot_of(case: &str) -> Result<Snapshot, String> {
    let given: Map<String, Value> = serde_json::from_str(case).map_err(|e| e.to_string())?;
    let mut scan = json!({
        "account": "111122223333", "partition": "aws", "caller": "arn:aws:iam::111122223333:role/auditor",
        "regions": ["us-east-1"], "started": "2026-11-01T12:00:00Z", "finished": "2026-11-01T12:00:00Z",
        "version": "case"
    });
    let (mut account, mut region, mut regions) = (Map::new(), Map::new(), Map::new());
    for (key, value) in given {
        match Table::ALL.iter().find(|t| t.key() == key) {
            Some(table) if table.of_account() => {
                account.insert(key, value);
            }
            Some(_) => {
                region.insert(key, value);
            }
            None if key == "regions" => regions = value.as_object().cloned().ok_or("`regions` is no object")?,
            None if key == "scan" => {
                let more = value.as_object().ok_or("`scan` is no object")?;
                scan.as_object_mut().ok_or("")?.extend(more.clone());
            }
            None => return Err(format!("unknown table `{key}`")),
        }
    }
    if !region.is_empty() || regions.is_empty() {
        regions.insert("us-east-1".to_owned(), Value::Object(region));
    }
    regions.values_mut().for_each(orphan);
    regions.values_mut().for_each(without_others);
    let whole = json!({ "format": FORMAT, "scan": scan, "account": account, "regions": regions });
    serde_json::from_value(whole).map_err(|e| e.to_string())
}

/// Of the types that few checks are about a case has none, unless it names their table.
fn without_others(region: &mut Value) {
    macro_rules! none {
        ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => { $(
            if let Some(tables) = region.as_object_mut() {
                tables.entry(stringify!($key)).or_insert_with(|| json!([]));
            }
        )* };
    }
    with_other_records!(none);
}

/// Jobs of a case have no parent unless it says so: hardly any case is about that.
fn orphan(region: &mut Value) {
    for table in ["training_jobs", "processing_jobs"] {
        let parents: &[&str] = match table {
            "training_jobs" => &["tuning_job", "auto_ml_job", "labeling_job"],
            _ => &["monitoring_schedule", "auto_ml_job"],
        };
        let jobs = region.get_mut(table).map(|t| if t.is_object() { &mut t["items"] } else { t });
        let jobs = jobs.and_then(Value::as_array_mut).into_iter().flatten();
        for job in jobs.filter_map(Value::as_object_mut) {
            for parent in parents {
                job.entry(*parent).or_insert(Value::Null);
            }
        }
    }
}

fn verdicts(registered: Registered, snapshot: &Snapshot) -> Vec<Finding> {
    judge(snapshot, &[registered], "test").findings
}

fn mismatch(registered: Registered, case: &Case<'_>) -> Option<String> {
    let snapshot = match snapshot_of(case.json) {
        Ok(snapshot) => snapshot,
        Err(error) => return Some(format!("the case cannot be read: {error}")),
    };
    let findings = verdicts(registered, &snapshot);
    let got =
        || findings.iter().map(|f| format!("{} {}", f.status.word(), f.message)).collect::<Vec<_>>().join("\n    ");
    if case.expects == "none" {
        return (!findings.is_empty()).then(|| format!("expected no finding, got\n    {}", got()));
    }
    let wanted = [Status::Fail, Status::Unknown, Status::Pass, Status::Exempt];
    let Some(wanted) = wanted.into_iter().find(|s| s.word() == case.expects) else {
        return Some(format!("`{}` is no verdict", case.expects));
    };
    if findings.is_empty() || findings.iter().any(|f| f.status != wanted) {
        return Some(format!("expected {}, got\n    {}", case.expects, got()));
    }
    match case.says {
        Some(says) if !findings.iter().any(|f| f.message.contains(says) || f.severity.word() == says) => {
            Some(format!("no message says `{says}`:\n    {}", got()))
        }
        _ => None,
    }
}

#[test]
fn every_case_of_every_page_holds() {
    let mut wrong = Vec::new();
    for registered in catalogue() {
        for case in Page::parse(registered.meta().page).cases {
            if let Some(why) = mismatch(registered, &case) {
                wrong.push(format!("{} line {}: {why}", registered.meta().id, case.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases do not hold:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a check does not declare under `reads` it must not need: the plan of a scan follows the declaration.
#[test]
fn no_check_reads_a_table_that_it_does_not_declare() {
    let mut wrong = Vec::new();
    for registered in catalogue() {
        let meta = registered.meta();
        let mut declared: BTreeSet<Table> = meta.reads.iter().copied().collect();
        while let Some(more) = declared.iter().flat_map(|t| t.needs()).find(|t| !declared.contains(t)) {
            declared.insert(*more);
        }
        for case in Page::parse(meta.page).cases {
            let Ok(snapshot) = snapshot_of(case.json) else { continue };
            let mut without = serde_json::to_value(&snapshot).expect("a snapshot is JSON");
            for table in Table::ALL.iter().filter(|t| !declared.contains(t)) {
                forget(&mut without, *table);
            }
            let without: Snapshot = serde_json::from_value(without).expect("a table may be missing");
            if verdicts(registered, &snapshot) != verdicts(registered, &without) {
                wrong.push(format!("{} line {}", meta.id, case.line));
            }
        }
    }
    assert!(wrong.is_empty(), "these cases need tables outside `reads`: {wrong:#?}");
}

fn forget(snapshot: &mut Value, table: Table) {
    let remove = |place: &mut Value| {
        place.as_object_mut().map(|fields| fields.remove(table.key()));
    };
    if table.of_account() {
        remove(&mut snapshot["account"]);
    } else if let Some(regions) = snapshot["regions"].as_object_mut() {
        regions.values_mut().for_each(remove);
    }
}

#[test]
fn every_check_has_a_whole_page() {
    let mut wrong = Vec::new();
    for registered in catalogue() {
        let meta = registered.meta();
        let mut say = |what: String| wrong.push(format!("{}: {what}", meta.id));
        let page = Page::parse(meta.page);
        if page.title != meta.title {
            say(format!("the page is titled `{}`, the check `{}`", page.title, meta.title));
        }
        if page.summary.len() < 40 {
            say("the page does not begin by saying what the check looks at".into());
        }
        for heading in ["Why it matters", "How to fix", "When it is fine", "References"] {
            if !page.sections.iter().any(|(h, body)| *h == heading && body.len() > 20) {
                say(format!("no section `{heading}`"));
            }
        }
        for expected in ["pass", "fail", "unknown"] {
            if !page.cases.iter().any(|c| c.expects == expected) {
                say(format!("no `{expected}` case"));
            }
        }
        if meta.reads.is_empty() || meta.practices.is_empty() {
            say("`reads` or `practices` is empty".into());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_registered_and_every_id_is_unique() {
    let mut ids = HashSet::new();
    let files: BTreeSet<String> = catalogue().map(|c| c.meta().id.replace('-', "_")).collect();
    for registered in catalogue() {
        assert!(ids.insert(registered.meta().id), "{} is registered twice", registered.meta().id);
    }
    for section in super::Section::ALL {
        let folder = format!("{}/{}", env!("CARGO_MANIFEST_DIR"), section.id().replace('-', "_"));
        for entry in std::fs::read_dir(&folder).expect("each section has a folder") {
            let path = entry.expect("readable").path();
            let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
            if path.extension().is_some_and(|e| e == "md") {
                assert!(files.contains(&stem), "{} belongs to no registered check", path.display());
            }
        }
    }
}

#[test]
fn frameworks_and_practices_name_only_what_exists() {
    let ids: HashSet<&str> = catalogue().map(|c| c.meta().id).collect();
    for framework in crate::frameworks::all() {
        for (control, checks) in &framework.controls {
            for check in checks {
                assert!(ids.contains(check.as_str()), "{} {control} names {check}, which is no check", framework.id);
            }
        }
    }
}
