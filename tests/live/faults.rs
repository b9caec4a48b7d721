//! For every declared operation: denied, throttled for ever, broken, cut in half, hung, half a document, repeated tokens, empty
//! pages, expired credentials, words of the future, nothing optional. The scan ends in bounded time, names the gap, and adds
//! no pass.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use sagescan::collect::calls_for;
use sagescan::serve::{Fault, Options};
use sagescan_checks::engine::{Finding, Report, Status, judge};
use sagescan_checks::snapshot::{Reason, Snapshot, State, Table};

use super::loopback::{obedient, sample, scan};

fn report(snapshot: &Snapshot) -> Report {
    let checks: Vec<_> = sagescan_checks::catalogue().collect();
    judge(snapshot, &checks, "test")
}

/// The two regions of the sample account that between them hold something of every kind.
fn small() -> Snapshot {
    let mut world = sample();
    world.regions.retain(|name, _| name != "us-west-2");
    world
}

fn passes(report: &Report) -> HashMap<&str, &str> {
    let passed = report.findings.iter().filter(|f| f.status == Status::Pass);
    passed.map(|f| (f.id.as_str(), f.message.as_str())).collect()
}

/// Scans with operations failing in one way. Says which of them the ledger does not name, and what else is wrong.
async fn outcome(
    world: &Snapshot,
    healthy: &Report,
    operations: &[&'static str],
    fault: Option<Fault>,
) -> (Vec<&'static str>, Option<String>) {
    let named = |operation: &&str| (*operation).to_owned();
    let options = match &fault {
        None => Options { deny: operations.iter().map(named).collect(), ..obedient() },
        Some(fault) => Options { faults: operations.iter().map(|o| (named(o), *fault)).collect(), ..obedient() },
    };
    let how = fault.map_or_else(|| "denied".to_owned(), |f| format!("{f:?}"));
    let (seen, _) = scan(world, options, |request| {
        request.call_timeout = Duration::from_millis(400);
        request.timeout = Duration::from_secs(90);
    })
    .await;
    let seen = match seen {
        Ok(seen) => seen,
        // Without the caller's identity there is nothing to report, and the error says so.
        Err(_) if operations == ["GetCallerIdentity"] => return (Vec::new(), None),
        Err(error) => return (Vec::new(), Some(format!("{operations:?} {how}: the scan failed: {error}"))),
    };
    let silent = operations.iter().copied().filter(|operation| {
        !seen.coverage.iter().any(|line| {
            line.source.ends_with(&format!(":{operation}")) && line.state != State::Complete && !line.detail.is_empty()
        })
    });
    let silent = silent.collect();
    let report = report(&seen);
    let before = passes(healthy);
    let gained: Vec<_> = passes(&report).into_iter().filter(|(id, _)| !before.contains_key(id)).collect();
    let gained = (!gained.is_empty()).then(|| format!("{operations:?} {how}: these became a pass: {gained:#?}"));
    (silent, gained)
}

/// Operations that are asked only where another one did not answer: denied alone, they are never missed.
/// An endpoint without a policy says so in a header, which is whole when the body is not.
const SPARES: [&str; 4] = ["GetBucketLocation", "ListTags", "DescribeHubContent", "GetEndpointPolicy"];

async fn matrix(fault: Option<Fault>) {
    let world = small();
    let (seen, _) = scan(&world, obedient(), |_| ()).await;
    let healthy = report(&seen.expect("the loopback AWS answers"));
    let mut operations: Vec<_> = calls_for(&Table::ALL.iter().copied().collect()).iter().map(|c| c.operation).collect();
    operations.retain(|operation| *operation != "GetCallerIdentity");
    operations.sort_unstable();
    operations.dedup();
    let (alone, wrong) = outcome(&world, &healthy, &["GetCallerIdentity"], fault).await;
    assert!(alone.is_empty() && wrong.is_none(), "{wrong:?}");
    // Many at a time, for most of a faulty scan is waiting; in alphabetical order a group rarely holds both a list and
    // what hangs on it. What a group hides is tried alone.
    let mut hidden = Vec::new();
    let groups: Vec<&[&str]> = operations.chunks(16).collect();
    let mut all = Vec::new();
    for group in &groups {
        let (silent, gained) = outcome(&world, &healthy, group, fault).await;
        hidden.extend(silent);
        all.extend(gained);
    }
    for operation in hidden {
        let (silent, gained) = outcome(&world, &healthy, &[operation], fault).await;
        all.extend(gained);
        if !silent.is_empty() && !SPARES.contains(&operation) {
            all.push(format!("{operation} {fault:?}: the ledger does not name it"));
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_denied() {
    matrix(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_throttled_for_ever() {
    matrix(Some(Fault::Throttle)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_broken() {
    matrix(Some(Fault::Error500)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_cut_in_half() {
    matrix(Some(Fault::Cut)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_hung() {
    matrix(Some(Fault::Hang)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answering_half_a_document() {
    matrix(Some(Fault::Malformed)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_repeating_its_token() {
    let world = small();
    let (healthy, _) = scan(&world, obedient(), |_| ()).await;
    let healthy = report(&healthy.expect("the loopback AWS answers"));
    let options = Options { faults: vec![("*".into(), Fault::RepeatToken)], ..obedient() };
    let (seen, _) = scan(&world, options, |request| request.timeout = Duration::from_secs(90)).await;
    let report = report(&seen.expect("what was seen"));
    let before = passes(&healthy);
    let gained: Vec<_> = passes(&report).into_iter().filter(|(id, _)| !before.contains_key(id)).collect();
    assert!(gained.is_empty(), "{gained:#?}");
}

/// Scans with one group of operations after the other going wrong, and returns what became a pass by that.
async fn gained_by(fault: Fault, mut look: impl FnMut(&Snapshot)) -> Vec<String> {
    let world = small();
    let (healthy, _) = scan(&world, obedient(), |_| ()).await;
    let healthy = report(&healthy.expect("the loopback AWS answers"));
    // What was not asked on purpose or does not matter any more, such as the tags of a finished job, is asked and judged where
    // nobody can tell that it is finished.
    let spared = |finding: &&Finding| {
        finding.status == Status::Exempt || finding.gap.as_ref().is_some_and(|gap| gap.reason == Reason::Skipped)
    };
    let spared = healthy.findings.iter().filter(spared).map(|finding| finding.id.as_str());
    let before: HashSet<&str> = passes(&healthy).into_keys().chain(spared).collect();
    let mut calls = calls_for(&Table::ALL.iter().copied().collect());
    calls.retain(|call| call.operation != "GetCallerIdentity");
    let mut all = Vec::new();
    for group in calls.chunks(16) {
        let faults = group.iter().map(|call| (call.source.replace("s3-control", "s3control"), fault)).collect();
        let (seen, _) = scan(&world, Options { faults, ..obedient() }, |_| ()).await;
        let seen = seen.expect("what was seen");
        look(&seen);
        let report = report(&seen);
        let gained = passes(&report).into_iter().filter(|(id, _)| !before.contains(id));
        let of: Vec<&str> = group.iter().map(|call| call.source).collect();
        all.extend(gained.map(|(id, message)| format!("{id} {message}, with {fault:?} of {of:?}")));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_in_words_of_the_future() {
    let gained = gained_by(Fault::UnknownEnum, |seen| assert_eq!(bugs(seen), 0)).await;
    assert!(gained.is_empty(), "{gained:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_expiring_at_any_operation() {
    let expired = |seen: &Snapshot| {
        let why = seen.scan.interrupted.as_deref();
        assert!(why.is_some_and(|why| why.contains("expired")), "{why:?}");
    };
    let gained = gained_by(Fault::Expired, expired).await;
    assert!(gained.is_empty(), "{gained:#?}");
}

/// How often the collector stumbled over what it was told.
fn bugs(seen: &Snapshot) -> usize {
    serde_json::to_string(seen).expect("a snapshot is JSON").matches("which is a bug worth reporting").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_without_anything_optional_are_answers() {
    let world = small();
    let mut whole = serde_json::to_value(&world).expect("a snapshot is JSON");
    let mut left_out = 0;
    for region in whole["regions"].as_object_mut().expect("regions").values_mut() {
        for (key, table) in region.as_object_mut().expect("tables") {
            let Some(item) = table.as_array().and_then(|items| items.first()).cloned() else { continue };
            let mut bare = item.clone();
            for field in item.as_object().expect("an item is an object").keys() {
                let mut less = bare.clone();
                less[field] = serde_json::Value::Null;
                // What may not be missing does not read.
                let alone = serde_json::json!({ key.as_str(): [less] });
                if serde_json::from_value::<sagescan_checks::snapshot::Region>(alone).is_ok() {
                    left_out += usize::from(!bare[field].is_null());
                    bare[field] = serde_json::Value::Null;
                }
            }
            table[0] = bare;
        }
    }
    assert!(left_out > 500, "{left_out}");
    let bare: Snapshot = serde_json::from_value(whole).expect("still a snapshot");
    let (seen, _) = scan(&bare, obedient(), |_| ()).await;
    let seen = seen.expect("what was seen");
    assert_eq!(bugs(&seen), 0);
    let failed = seen.coverage.iter().filter(|line| line.state == State::Failed);
    let failed: Vec<_> = failed.map(|line| format!("{} {}", line.source, line.detail)).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    // Whatever is judged of it is judged without a stumble.
    let stumbled =
        report(&seen).findings.into_iter().find(|finding| finding.message.contains("the check itself failed"));
    assert!(stumbled.is_none(), "{stumbled:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_page_with_a_token_hides_nothing() {
    let world = small();
    let options = Options { faults: vec![("*".into(), Fault::EmptyPage)], ..obedient() };
    let (seen, _) = scan(&world, options, |_| ()).await;
    let seen = seen.expect("what was seen");
    let (healthy, _) = scan(&world, obedient(), |_| ()).await;
    let healthy = healthy.expect("the loopback AWS answers");
    let names = |snapshot: &Snapshot| super::loopback::items(snapshot).into_keys().collect::<Vec<_>>();
    assert_eq!(names(&seen), names(&healthy));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_answers_nothing_gives_an_error_and_no_report() {
    let (seen, _) = scan(&small(), Options { deny: vec!["*".into()], ..obedient() }, |_| ()).await;
    assert!(seen.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_limit_ends_a_scan_with_what_was_seen() {
    let options = Options { faults: vec![("ListModels".into(), Fault::Hang)], ..obedient() };
    let (seen, _) = scan(&small(), options, |request| request.timeout = Duration::from_millis(1500)).await;
    let seen = seen.expect("what was seen so far");
    assert!(seen.scan.interrupted.is_some());
    let region = seen.regions.values().next().expect("a region");
    assert!(!region.notebooks.is_empty(), "what was seen before the limit is kept");
    assert!(region.models.missing.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_credentials_end_the_asking_and_say_so() {
    let options = Options { faults: vec![("DescribeNotebookInstance".into(), Fault::Expired)], ..obedient() };
    let (seen, _) = scan(&small(), options, |_| ()).await;
    let seen = seen.expect("what was seen so far");
    assert!(seen.scan.interrupted.is_some_and(|why| why.contains("expired")));
}
