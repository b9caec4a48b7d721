//! The context of other services: what is asked, what is kept, and how lists with other tokens are read.

use std::collections::BTreeSet;

use sagescan::serve::Stats;
use sagescan_checks::snapshot::{FileSystem, Listed, Region, Snapshot, Table};

use super::loopback::{obedient, sample, scan};

/// What a scan for these tables saw of us-east-1, and what it asked.
async fn seen(world: &Snapshot, tables: &[Table]) -> (Region, Stats) {
    let (seen, stats) =
        scan(world, obedient(), |request| request.tables = tables.iter().copied().collect::<BTreeSet<_>>()).await;
    let mut seen = seen.expect("the loopback AWS answers");
    (seen.regions.remove("us-east-1").expect("it was scanned"), stats)
}

fn asked(stats: &Stats, call: &str) -> u64 {
    stats.calls.get(call).and_then(|regions| regions.get("us-east-1")).map_or(0, |counts| counts.requests)
}

fn here(world: &mut Snapshot) -> &mut Region {
    world.regions.get_mut("us-east-1").expect("it is there")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_whose_token_changes_its_name_is_read_to_the_end() {
    let mut world = sample();
    let table = &mut here(&mut world).file_systems;
    let one = table.items[0].clone();
    table.items.extend((0..250).map(|number| FileSystem { id: format!("fs-{number}"), ..one.clone() }));
    let expected: BTreeSet<String> = table.iter().map(|file_system| file_system.id.clone()).collect();
    let (region, stats) = seen(&world, &[Table::FileSystems]).await;
    assert_eq!(region.file_systems.missing, None);
    let found: BTreeSet<String> = region.file_systems.iter().map(|file_system| file_system.id.clone()).collect();
    assert_eq!(found, expected);
    assert_eq!(asked(&stats, "elasticfilesystem:DescribeFileSystems"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nothing_of_sagemaker_names_is_not_kept() {
    let mut world = sample();
    let region = here(&mut world);
    let mut other = region.file_systems.items[1].clone();
    other.id = "fs-of-somebody".to_owned();
    region.file_systems.items.push(other);
    let mut function = region.lambda_functions.items[0].clone();
    (function.name, function.arn) = ("payroll".to_owned(), format!("{}-payroll", function.arn));
    region.lambda_functions.items.push(function);
    let (region, stats) = seen(&world, &[Table::FileSystems, Table::LambdaFunctions]).await;
    assert!(region.file_systems.iter().all(|file_system| file_system.id != "fs-of-somebody"));
    assert!(region.lambda_functions.iter().all(|function| function.name != "payroll"));
    assert_eq!(asked(&stats, "lambda:ListFunctionUrlConfigs"), 2, "only what is kept is asked about further");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_are_no_endpoints_nobody_asks_what_stands_in_front_of_them() {
    let mut world = sample();
    let region = here(&mut world);
    (region.endpoints, region.clusters) = (Listed::complete(Vec::new()), Listed::complete(Vec::new()));
    let tables = [Table::RestApis, Table::ApiResources, Table::HttpApis, Table::ScalableTargets, Table::EksClusters];
    let (region, stats) = seen(&world, &tables).await;
    for call in [
        "apigateway:GetRestApis",
        "apigateway:GetResources",
        "apigateway:GetApis",
        "application-autoscaling:DescribeScalableTargets",
        "eks:DescribeCluster",
    ] {
        assert_eq!(asked(&stats, call), 0, "{call}");
    }
    assert_eq!((region.rest_apis.missing, region.eks_clusters.missing), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_of_buckets_are_asked_only_where_a_check_reads_them() {
    let world = sample();
    let calls = ["s3:GetBucketLogging", "s3:GetBucketLifecycleConfiguration", "s3:GetBucketReplication"];
    let (_, stats) = seen(&world, &[Table::Buckets]).await;
    assert!(calls.iter().all(|call| asked(&stats, call) == 0));
    let (_, stats) = seen(&world, &[Table::BucketSettings]).await;
    assert!(calls.iter().all(|call| asked(&stats, call) > 0));
}
