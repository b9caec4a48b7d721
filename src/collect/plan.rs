//! What is asked for what, and in which order: all of it follows from what tables need.

use std::collections::{BTreeMap, BTreeSet};

use sagescan_checks::snapshot::Table;

use super::call::Call;
use super::{buckets, costs, iam, keys, network, organization, places, records, trails};

/// The calls behind each table: what is asked is declared beside the code that asks.
pub(super) fn calls_of(table: Table) -> BTreeSet<Call> {
    let by_hand: &[Call] = match table {
        Table::Users | Table::Groups | Table::Roles | Table::Policies => iam::PRINCIPALS,
        Table::Organization => organization::ORGANIZATION,
        Table::Summary => iam::ACCOUNT_SUMMARY,
        Table::PasswordPolicy => iam::PASSWORD_POLICY,
        Table::Credentials => iam::CREDENTIALS,
        Table::ServicesUsed => iam::SERVICES_USED,
        Table::PublicAccessBlock => buckets::ACCOUNT_PUBLIC_ACCESS_BLOCK,
        Table::Trails => trails::TRAILS,
        Table::EventDataStores => trails::EVENT_DATA_STORES,
        Table::Budgets => costs::BUDGETS,
        Table::AnomalyMonitors => costs::ANOMALY_MONITORS,
        Table::Subnets => network::OF_SUBNETS,
        Table::SecurityGroups => network::OF_GROUPS,
        Table::Vpcs => network::OF_VPCS,
        Table::RouteTables => network::OF_ROUTE_TABLES,
        Table::NatGateways => network::OF_NATS,
        Table::InternetGateways => network::OF_INTERNET_GATEWAYS,
        Table::NetworkAcls => network::OF_ACLS,
        Table::VpcEndpoints => network::OF_ENDPOINTS,
        Table::FlowLogs => network::OF_FLOW_LOGS,
        Table::NetworkInterfaces => network::OF_INTERFACES,
        Table::Buckets | Table::TrailBuckets => buckets::BUCKETS,
        Table::BucketSettings => buckets::SETTINGS,
        Table::Keys => keys::KEYS,
        _ => return records::calls_of(table),
    };
    by_hand.iter().copied().collect()
}

/// The tables with all that they need.
pub fn closure(tables: &BTreeSet<Table>) -> BTreeSet<Table> {
    let mut all = tables.clone();
    while let Some(more) = all.iter().flat_map(|t| t.needs()).copied().find(|t| !all.contains(t)) {
        all.insert(more);
    }
    // The network is one wave: a table of it brings the others.
    if all.contains(&Table::Subnets) {
        all.extend(NETWORK);
    }
    all
}

/// The tables of the network.
pub(super) const NETWORK: [Table; 10] = [
    Table::Subnets,
    Table::SecurityGroups,
    Table::Vpcs,
    Table::RouteTables,
    Table::NatGateways,
    Table::InternetGateways,
    Table::NetworkAcls,
    Table::VpcEndpoints,
    Table::FlowLogs,
    Table::NetworkInterfaces,
];

/// Every call that filling these tables may make, sorted, each once.
pub fn calls_for(tables: &BTreeSet<Table>) -> Vec<Call> {
    let who = [places::WHO, places::REGIONS];
    let calls: BTreeSet<Call> = closure(tables).into_iter().flat_map(calls_of).chain(who).collect();
    calls.into_iter().collect()
}

/// Tables of records in the order of their needs: what lies within something comes after it.
pub(super) fn by_depth(tables: impl Iterator<Item = Table>) -> Vec<BTreeSet<Table>> {
    let mut by_depth: BTreeMap<usize, BTreeSet<Table>> = BTreeMap::new();
    for table in tables {
        by_depth.entry(table.depth()).or_default().insert(table);
    }
    by_depth.into_values().collect()
}

/// Whether a table is filled with what a great many others name, or with what lies within such a table.
pub(super) fn comes_of_all(table: Table) -> bool {
    const FEW: usize = 3;
    table.needs().len() > FEW || table.needs().iter().any(|need| comes_of_all(*need))
}

/// Tables that need each other in one lane, so that no lane waits for another one's slowest.
pub(super) fn lanes(tables: &BTreeSet<Table>) -> Vec<BTreeSet<Table>> {
    let mut lanes: Vec<BTreeSet<Table>> = Vec::new();
    for table in tables {
        let near: BTreeSet<Table> = table.needs().iter().copied().chain([*table]).collect();
        let (joined, apart): (Vec<_>, Vec<_>) = lanes.into_iter().partition(|lane| !lane.is_disjoint(&near));
        lanes = apart;
        lanes.push(joined.into_iter().flatten().chain(near).collect());
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_one_lane_and_what_it_needs_is_in_it() {
        let own = Table::ALL.iter().copied().filter(|table| !table.of_account() && !table.follows_the_account());
        let early: BTreeSet<Table> = own.filter(|table| !comes_of_all(*table)).collect();
        let lanes = lanes(&early);
        for table in &early {
            let at: Vec<_> = lanes.iter().filter(|lane| lane.contains(table)).collect();
            assert_eq!(at.len(), 1, "{table:?}");
            assert!(table.needs().iter().all(|need| at[0].contains(need)), "{table:?}");
        }
        assert_eq!(lanes.iter().map(BTreeSet::len).sum::<usize>(), early.len());
        // Nodes of clusters do not wait for the jobs.
        let of = |table| lanes.iter().find(|lane| lane.contains(&table));
        assert_ne!(of(Table::ClusterNodes), of(Table::TrainingJobs));
        assert!(comes_of_all(Table::Subnets) && comes_of_all(Table::EcrScanning));
        // Whatever names buckets and roles is seen before they are asked for.
        assert!(Table::WORKLOADS.iter().all(|table| early.contains(table)));
    }
}
