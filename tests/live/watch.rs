//! What watches an account, as served and as asked: off is told apart from refused, and nothing is asked for nothing.

use sagescan::serve::{Options, Stats};
use sagescan_checks::snapshot::{Alarm, Listed, LogGroup, Reason, Region, Seen, Snapshot, Table};

use super::loopback::{obedient, sample, scan};

const HOME: &str = "us-east-1";

fn here(world: &mut Snapshot) -> &mut Region {
    world.regions.get_mut(HOME).expect("the sample has it")
}

async fn seen(world: &Snapshot, options: Options, tables: &[Table]) -> (Snapshot, Stats) {
    let (seen, stats) = scan(world, options, |request| request.tables = tables.iter().copied().collect()).await;
    (seen.expect("the loopback AWS answers"), stats)
}

fn asked(stats: &Stats, operation: &str) -> u64 {
    stats.calls.get(operation).and_then(|regions| regions.get(HOME)).map_or(0, |counts| counts.requests)
}

#[tokio::test(flavor = "multi_thread")]
async fn macie_that_is_off_is_known_to_be_off() {
    let mut world = sample();
    here(&mut world).macie_sessions = Listed::complete(Vec::new());
    let (mut seen, stats) = seen(&world, obedient(), &[Table::MacieSessions, Table::MacieBuckets]).await;
    assert_eq!(here(&mut seen).macie_sessions, Listed::complete(Vec::new()));
    assert_eq!(here(&mut seen).macie_buckets, Listed::complete(Vec::new()));
    assert_eq!(asked(&stats, "macie2:DescribeBuckets"), 0, "there is nothing to ask about");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_with_the_same_code_is_a_gap() {
    let deny = vec!["macie2:GetMacieSession".to_owned()];
    let (mut seen, _) = seen(&sample(), Options { deny, ..obedient() }, &[Table::MacieSessions]).await;
    let gap = here(&mut seen).macie_sessions.missing.clone().expect("refused is not off");
    assert_eq!((gap.reason, gap.grant.as_deref()), (Reason::Denied, Some("macie2:GetMacieSession")));
}

#[tokio::test(flavor = "multi_thread")]
async fn security_hub_that_is_off_is_known_to_be_off() {
    let mut world = sample();
    here(&mut world).security_hubs = Listed::complete(Vec::new());
    let (mut seen, _) = seen(&world, obedient(), &[Table::SecurityHubs]).await;
    assert_eq!(here(&mut seen).security_hubs, Listed::complete(Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detector_carries_the_id_that_only_the_list_tells() {
    let mut world = sample();
    let (mut seen, _) = seen(&world, obedient(), &[Table::Detectors]).await;
    assert_eq!(here(&mut seen).detectors, here(&mut world).detectors);
}

#[tokio::test(flavor = "multi_thread")]
async fn log_groups_beyond_a_page_are_all_seen() {
    let mut world = sample();
    let groups = &mut here(&mut world).log_groups;
    let one = groups.items[0].clone();
    groups.items.extend((0..120).map(|number| LogGroup { name: format!("{}-{number}", one.name), ..one.clone() }));
    let (mut seen, stats) = seen(&world, obedient(), &[Table::LogGroups]).await;
    assert_eq!(here(&mut seen).log_groups, here(&mut world).log_groups);
    assert_eq!(asked(&stats, "logs:DescribeLogGroups"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn alarms_on_other_things_are_left_out() {
    let mut world = sample();
    let alarms = &mut here(&mut world).alarms;
    let before = alarms.clone();
    let other = Alarm { name: "disks".into(), namespace: Seen::Is("AWS/EC2".into()), ..alarms.items[0].clone() };
    alarms.items.push(other);
    let (mut seen, _) = seen(&world, obedient(), &[Table::Alarms]).await;
    assert_eq!(here(&mut seen).alarms, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_trail_nobody_asks_for_metric_filters() {
    let mut world = sample();
    world.account.trails = Listed::complete(Vec::new());
    let (mut seen, stats) = seen(&world, obedient(), &[Table::MetricFilters]).await;
    assert_eq!(here(&mut seen).metric_filters, Listed::complete(Vec::new()));
    assert_eq!(asked(&stats, "logs:DescribeMetricFilters"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn trails_that_were_not_seen_leave_their_filters_unseen() {
    let deny = vec!["cloudtrail:DescribeTrails".to_owned()];
    let (mut seen, _) = seen(&sample(), Options { deny, ..obedient() }, &[Table::MetricFilters]).await;
    assert!(here(&mut seen).metric_filters.missing.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_watches_the_bill_is_asked_once_for_all_regions() {
    let world = sample();
    let (seen, stats) = seen(&world, obedient(), &[Table::Budgets, Table::AnomalyMonitors]).await;
    assert!(world.regions.len() > 1);
    assert_eq!(seen.account.budgets, world.account.budgets);
    assert_eq!(seen.account.anomaly_monitors, world.account.anomaly_monitors);
    for operation in ["budgets:DescribeBudgets", "ce:GetAnomalyMonitors"] {
        assert_eq!(stats.of(operation).requests, 1, "{operation}");
    }
}
