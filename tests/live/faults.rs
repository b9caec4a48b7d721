//! For every declared operation in turn: denied, throttled for ever, broken, cut in half, hung. The scan ends in bounded
//! time, names the gap, and adds no pass.

use std::collections::HashMap;
use std::time::Duration;

use sagescan::collect::calls_for;
use sagescan::serve::{Fault, Options};
use sagescan_checks::engine::{Report, Status, judge};
use sagescan_checks::snapshot::{Snapshot, State, Table};

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

/// Scans with one operation failing in one way, and says what is wrong with the outcome.
async fn outcome(world: &Snapshot, healthy: &Report, operation: &str, fault: Option<Fault>) -> Option<String> {
    let options = match &fault {
        None => Options { deny: vec![operation.to_owned()], ..obedient() },
        Some(fault) => Options { faults: vec![(operation.to_owned(), *fault)], ..obedient() },
    };
    let how = fault.map_or_else(|| "denied".to_owned(), |f| format!("{f:?}"));
    let (seen, _) = scan(world, options, |request| {
        request.call_timeout = Duration::from_millis(400);
        request.timeout = Duration::from_secs(60);
    })
    .await;
    let seen = match seen {
        Ok(seen) => seen,
        // Without the caller's identity there is nothing to report, and the error says so.
        Err(_) if operation == "GetCallerIdentity" => return None,
        Err(error) => return Some(format!("{operation} {how}: the scan failed: {error}")),
    };
    let named = seen.coverage.iter().any(|line| {
        line.source.ends_with(&format!(":{operation}")) && line.state != State::Complete && !line.detail.is_empty()
    });
    // Where buckets can all be listed, none is located.
    if !named && operation != "GetBucketLocation" {
        return Some(format!("{operation} {how}: the ledger does not name it"));
    }
    let report = report(&seen);
    let before = passes(healthy);
    let gained: Vec<_> = passes(&report).into_iter().filter(|(id, _)| !before.contains_key(id)).collect();
    (!gained.is_empty()).then(|| format!("{operation} {how}: these became a pass: {gained:#?}"))
}

async fn matrix(fault: Option<Fault>) {
    let world = small();
    let (seen, _) = scan(&world, obedient(), |_| ()).await;
    let healthy = report(&seen.expect("the loopback AWS answers"));
    let mut operations: Vec<_> = calls_for(&Table::ALL.iter().copied().collect()).iter().map(|c| c.operation).collect();
    operations.dedup();
    let mut wrong = Vec::new();
    // Several at a time: most of a faulty scan is waiting.
    for chunk in operations.chunks(8) {
        let outcomes = chunk.iter().map(|operation| outcome(&world, &healthy, operation, fault));
        wrong.extend(futures_util::future::join_all(outcomes).await.into_iter().flatten());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
