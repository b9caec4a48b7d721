//! Counting: a call or two for each type, whatever there is of it.

use std::sync::Arc;

use sagescan::collect::{Census, CollectError, Count, census};
use sagescan::serve::{Options, Stats, start};
use sagescan_checks::snapshot::{Region, Seen, Snapshot, Table};

use super::loopback::{Silent, everything, obedient, sample};

async fn counted(world: Snapshot, options: Options, probe: bool) -> (Result<Census, CollectError>, Stats) {
    let regions = world.regions.keys().cloned().collect();
    let server = start(Arc::new(world), options).await.expect("loopback can be bound");
    let (_go_on, stop) = tokio::sync::watch::channel(false);
    let seen = census(everything(server.url(), regions), probe, Arc::new(Silent), stop).await;
    let stats = server.stats();
    server.stop().await;
    (seen, stats)
}

fn requests(stats: &Stats) -> u64 {
    stats.calls.keys().filter(|call| call.starts_with("sagemaker:")).map(|call| stats.of(call).requests).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_is_counted_as_it_is() {
    let world = sample();
    let (seen, _) = counted(world.clone(), obedient(), false).await;
    let seen = seen.expect("counted");
    for (name, region) in &world.regions {
        let of = |table| seen.regions[name].get(&table).cloned();
        assert_eq!(of(Table::Notebooks), Some(Count::Exactly(region.notebooks.items.len() as u64)));
        assert_eq!(of(Table::Domains), Some(Count::Exactly(region.domains.items.len() as u64)));
        assert_eq!(of(Table::Jobs), Some(Count::Exactly(region.jobs.items.len() as u64)));
        assert_eq!(of(Table::ClusterNodes), None);
    }
    assert!(seen.not_counted.contains(&Table::ClusterNodes));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_crowd_the_index_tells_the_number_and_a_list_only_that_there_are_more() {
    let mut world = sample();
    let region = world.regions.get_mut("us-east-1").unwrap();
    for number in 0..250 {
        let mut job = region.training_jobs.items[0].clone();
        job.name = format!("job-{number}");
        job.arn = format!("arn:aws:sagemaker:us-east-1:111122223333:training-job/job-{number}");
        region.training_jobs.items.push(job);
        let mut notebook = region.notebooks.items[0].clone();
        notebook.name = format!("notebook-{number}");
        region.notebooks.items.push(notebook);
    }
    // Search knows only what was described whole.
    region.training_jobs.items.iter_mut().for_each(|job| job.remote_debug = Seen::Unset);
    let jobs = region.training_jobs.items.len() as u64;
    let (seen, stats) = counted(world, obedient(), false).await;
    let counts = &seen.expect("counted").regions["us-east-1"];
    assert_eq!(counts[&Table::TrainingJobs], Count::Exactly(jobs));
    assert_eq!(counts[&Table::Notebooks], Count::AtLeast(100));
    assert_eq!(stats.of("sagemaker:DescribeTrainingJob").requests, 0);
    assert_eq!(stats.of("sagemaker:DescribeNotebookInstance").requests, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_region_is_probed_with_twelve_questions() {
    let mut world = sample();
    world.regions = [("eu-west-1".to_owned(), Region::default())].into();
    let empty = serde_json::json!({});
    let tables = Table::ALL.iter().filter(|table| !table.of_account());
    let mut region = empty;
    tables.for_each(|table| region[table.key()] = serde_json::json!([]));
    world.regions.insert("eu-west-1".to_owned(), serde_json::from_value(region).expect("a region"));
    let (seen, stats) = counted(world, obedient(), true).await;
    let seen = seen.expect("counted");
    assert_eq!(requests(&stats), 12, "{:?}", stats.calls.keys());
    assert!(seen.regions["eu-west-1"].values().all(|count| *count == Count::Exactly(0)));
    assert!(seen.not_counted.contains(&Table::LabelingJobs));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_listed_is_not_nothing() {
    let options = Options { deny: vec!["sagemaker:ListNotebookInstances".to_owned()], ..obedient() };
    let (seen, _) = counted(sample(), options, false).await;
    let seen = seen.expect("counted");
    assert!(matches!(seen.regions["us-east-1"][&Table::Notebooks], Count::Unseen(_)));
    assert!(seen.gaps().values().flatten().any(|what| what == "notebooks in us-east-1"));
}
