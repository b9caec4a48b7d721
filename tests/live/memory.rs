//! What a scan need not ask again: after it was ended, and after an earlier one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sagescan::collect::{CheckpointError, CollectError, Request};
use sagescan::serve::{Fault, Options, Stats};
use sagescan_checks::snapshot::{Listed, Seen, Snapshot, State, Table};

use super::loopback::{items, obedient, sample, scan};

/// A file of one test, which is not there yet.
fn file(name: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.checkpoint"));
    let _ = std::fs::remove_file(&file);
    file
}

fn noting(file: &Path) -> impl FnOnce(&mut Request) {
    let file = file.to_owned();
    move |request| request.checkpoint = Some(file)
}

/// The credentials run out at the last questions of all.
fn expiring_at_the_end() -> Options {
    Options { faults: vec![("GetKeyPolicy".into(), Fault::Expired)], ..obedient() }
}

fn asked_of_sagemaker(stats: &Stats) -> u64 {
    let calls = stats.calls.keys().filter(|call| call.starts_with("sagemaker:"));
    calls.map(|call| stats.of(call).requests).sum()
}

/// What two scans saw differently, by table and resource. What only one of them saw is no difference: Search tells less
/// than Describe, and which of them is asked depends on how much there is to ask.
fn differences(one: &Snapshot, other: &Snapshot) -> Vec<String> {
    let seen = |snapshot| {
        let mut all = items(snapshot);
        for item in all.values_mut().filter_map(serde_json::Value::as_object_mut) {
            item.retain(|_, field| field.get("unseen").is_none());
        }
        all
    };
    let (mut one, mut other) = (seen(one), seen(other));
    for (key, item) in &mut one {
        if let Some((item, other)) = item.as_object_mut().zip(other.get_mut(key).and_then(|o| o.as_object_mut())) {
            item.retain(|field, _| other.contains_key(field));
            other.retain(|field, _| item.contains_key(field));
        }
    }
    let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let of =
        |key: &String| [one.get(key), other.get(key)].map(|item| item.map(ToString::to_string).unwrap_or_default());
    let differing = keys.into_iter().filter(|key| one.get(*key) != other.get(*key));
    differing.map(|key| format!("{key}: {:.600?}", of(key))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_that_was_ended_goes_on_where_it_was() {
    let (world, file) = (sample(), file("ended"));
    let (fresh, _) = scan(&world, obedient(), |_| {}).await;
    let (ended, first) = scan(&world, expiring_at_the_end(), noting(&file)).await;
    let ended = ended.expect("something was seen");
    assert!(ended.scan.interrupted.is_some());
    assert!(asked_of_sagemaker(&first) > 100);

    let (whole, second) = scan(&world, obedient(), noting(&file)).await;
    let whole = whole.expect("it goes on");
    assert_eq!(asked_of_sagemaker(&second), 0, "{:?}", second.calls.keys());
    assert_eq!(second.of("iam:GetAccountAuthorizationDetails").requests, 0);
    // Only the keys, and what follows from them, had not been seen whole; who asks and where is always asked.
    let asked: BTreeSet<&str> =
        second.calls.keys().map(String::as_str).filter(|call| second.of(call).requests > 0).collect();
    assert_eq!(
        asked,
        BTreeSet::from([
            "ec2:DescribeRegions",
            "kms:DescribeKey",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListGrants",
            "sts:GetCallerIdentity",
        ])
    );
    assert_eq!(differences(&whole, &fresh.unwrap()), Vec::<String>::new());
    assert_eq!(whole.scan.started, ended.scan.started);
    let asked: u64 = second.calls.keys().map(|call| second.of(call).requests).sum();
    assert!(whole.scan.api_calls > asked, "what the first run asked counts as well");
    let told = |state| whole.coverage.iter().filter(move |line| line.state == state).count();
    assert!(whole.coverage.iter().any(|line| line.source == "sagemaker:ListModels" && line.calls > 0));
    assert_eq!(told(State::Failed), 0, "{:?}", whole.coverage);

    // A scan that came to its end begins anew.
    let (_, third) = scan(&world, obedient(), noting(&file)).await;
    assert!(asked_of_sagemaker(&third) > 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_scan_was_writing_is_asked_again() {
    let (world, file) = (sample(), file("killed"));
    let (fresh, _) = scan(&world, obedient(), |_| {}).await;
    let _ = scan(&world, expiring_at_the_end(), noting(&file)).await;
    let written = std::fs::read(&file).expect("it was written");
    for part in [written.len() - 10, written.len() / 2, written.len() / 10] {
        std::fs::write(&file, &written[..part]).expect("it can be cut");
        let (whole, _) = scan(&world, obedient(), noting(&file)).await;
        assert_eq!(differences(&whole.expect("it goes on"), fresh.as_ref().unwrap()), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_may_be_killed_more_than_once() {
    let (world, file) = (sample(), file("killed-twice"));
    let _ = scan(&world, expiring_at_the_end(), noting(&file)).await;
    let written = std::fs::read(&file).expect("it was written");
    std::fs::write(&file, &written[..written.len() / 2]).expect("it can be cut");
    let _ = scan(&world, expiring_at_the_end(), noting(&file)).await;
    let (_, third) = scan(&world, obedient(), noting(&file)).await;
    assert_eq!(asked_of_sagemaker(&third), 0, "{:?}", third.calls.keys());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_search_showed_of_an_unfinished_table_is_not_asked_again() {
    let (world, file) = (sample(), file("slices"));
    let crowd = |faults: &[(&str, Fault)]| Options {
        crowd: 5_000,
        faults: faults.iter().map(|(call, fault)| ((*call).to_owned(), *fault)).collect(),
        ..obedient()
    };
    let noting = |request: &mut Request| {
        request.checkpoint = Some(file.clone());
        request.tables = BTreeSet::from([Table::TrainingJobs]);
    };
    let (fresh, all) = scan(&world, crowd(&[]), |request| request.tables = [Table::TrainingJobs].into()).await;
    let (ended, first) = scan(&world, crowd(&[("DescribeTrainingJob", Fault::Expired)]), noting).await;
    assert!(ended.expect("something was seen").scan.interrupted.is_some());
    assert!(first.of("sagemaker:Search").requests > 50, "{}", first.of("sagemaker:Search").requests);

    let (whole, second) = scan(&world, crowd(&[]), noting).await;
    let (whole, fresh) = (whole.expect("it goes on"), fresh.expect("the loopback AWS answers"));
    assert_eq!(differences(&whole, &fresh), Vec::<String>::new());
    assert!(whole.regions.values().map(|region| region.training_jobs.items.len()).sum::<usize>() >= 5_000);
    let asked = |stats: &Stats| stats.of("sagemaker:Search").requests;
    // How many are older is asked in each region.
    assert!(asked(&second) <= 2 * world.regions.len() as u64, "{} of {}", asked(&second), asked(&all));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_for_its_rate_or_failed_is_no_knowledge() {
    let (world, file) = (sample(), file("failed"));
    let faults = vec![("DescribeModel".into(), Fault::Error500), ("GetKeyPolicy".into(), Fault::Expired)];
    let _ = scan(&world, Options { faults, ..obedient() }, noting(&file)).await;
    let (whole, second) = scan(&world, obedient(), noting(&file)).await;
    assert!(second.of("sagemaker:DescribeModel").requests > 0);
    // The models that were not seen may name further networks: what follows from them is asked again as well.
    assert!(second.of("ec2:DescribeSubnets").requests > 0);
    assert_eq!(second.of("sagemaker:ListDomains").requests, 0);
    let (fresh, _) = scan(&world, obedient(), |_| {}).await;
    assert_eq!(differences(&whole.unwrap(), &fresh.unwrap()), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_of_something_else_is_an_error_and_stays_as_it_is() {
    let (world, file) = (sample(), file("other"));
    std::fs::write(&file, "my thesis\n").unwrap();
    let (refused, _) = scan(&world, obedient(), noting(&file)).await;
    assert!(matches!(refused, Err(CollectError::Checkpoint(CheckpointError::Foreign(_)))), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "my thesis\n");

    std::fs::remove_file(&file).unwrap();
    let _ = scan(&world, expiring_at_the_end(), noting(&file)).await;
    let mut other = world.clone();
    other.scan.account = "444455556666".to_owned();
    let (refused, _) = scan(&other, obedient(), noting(&file)).await;
    assert!(matches!(refused, Err(CollectError::Checkpoint(CheckpointError::OtherAccount(..)))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_holds_no_secret() {
    // The loopback AWS serves stand-ins where the sample says that a secret was found.
    let (world, file) = (sample(), file("secret"));
    let _ = scan(&world, expiring_at_the_end(), noting(&file)).await;
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.contains("aws-access-key"), "the sample has secrets to find");
    for start in ["AKIA", "ghp_", "xoxb-", "BEGIN RSA"] {
        assert!(!written.contains(start), "{start}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn since_the_last_scan_only_what_may_have_changed_is_asked() {
    let mut world = sample();
    let (last, first) = scan(&world, obedient(), |_| {}).await;
    let last = Arc::new(last.unwrap());
    let region = world.regions.get_mut("us-east-1").unwrap();
    // Of what is known already a tag changes, and a job ends; and there is a new job.
    let jobs = &mut region.training_jobs.items;
    let mut new = jobs[0].clone();
    new.name = "brand-new".to_owned();
    new.arn = new.arn.replace(&jobs[0].name, "brand-new");
    new.created = Seen::Is(jiff::Timestamp::from_millisecond(jiff::Timestamp::now().as_millisecond()).unwrap());
    jobs.push(new);
    if let Some(running) = jobs.iter_mut().find(|job| job.status.shown().is_some_and(|s| s == "InProgress")) {
        running.status = Seen::Is("Completed".to_owned());
    }
    region.models.items[0].tags = Seen::Is(Vec::new());

    let since = last.clone();
    let (incremental, second) = scan(&world, obedient(), move |request| request.since_last = Some(since)).await;
    let (fresh, _) = scan(&world, obedient(), |_| {}).await;
    let (incremental, fresh) = (incremental.unwrap(), fresh.unwrap());
    assert_eq!(differences(&incremental, &fresh), Vec::<String>::new());
    assert_eq!(incremental.scan.since_last, Some(last.scan.finished));
    let spared = ["sagemaker:DescribeTransformJob", "sagemaker:DescribeEndpointConfig"];
    for call in spared {
        assert!(second.of(call).requests < first.of(call).requests, "{call}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_last_scan_did_not_see_is_asked() {
    let world = sample();
    let (last, _) = scan(&world, obedient(), |_| {}).await;
    let mut last = last.unwrap();
    let (fresh, all) = scan(&world, obedient(), |_| {}).await;
    for region in last.regions.values_mut() {
        region.endpoint_configs = Listed::default();
    }
    let last = Arc::new(last);
    let (seen_now, some) = scan(&world, obedient(), move |request| request.since_last = Some(last)).await;
    let call = "sagemaker:DescribeEndpointConfig";
    assert_eq!(some.of(call).requests, all.of(call).requests);
    assert_eq!(differences(&seen_now.unwrap(), &fresh.unwrap()), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_scan_of_another_account_is_an_error() {
    let world = sample();
    let mut last = world.clone();
    last.scan.account = "444455556666".to_owned();
    let (refused, _) = scan(&world, obedient(), move |request| request.since_last = Some(Arc::new(last))).await;
    assert!(matches!(refused, Err(CollectError::OtherAccount(..))), "{refused:?}");
}
