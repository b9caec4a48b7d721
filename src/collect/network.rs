//! EC2 networking: the VPCs that resources refer to, and everything in them that decides who reaches whom.

use std::collections::BTreeSet;

use sagescan_checks::engine::{What, references};
use sagescan_checks::snapshot::wire::Wire;
use sagescan_checks::snapshot::{Domain, Gap, List, Listed, Region, SecurityGroup, Seen, Subnet};
use serde_json::json;

use super::call::{Call, read};
use super::places::Place;
use super::records;
use super::translate::first_gap;
use super::waves::Fill;

const SUBNETS: Call = read!("ec2", "DescribeSubnets");
const GROUPS: Call = read!("ec2", "DescribeSecurityGroups");
const VPCS: Call = read!("ec2", "DescribeVpcs");
const ROUTE_TABLES: Call = read!("ec2", "DescribeRouteTables");
const NATS: Call = read!("ec2", "DescribeNatGateways");
const INTERNET_GATEWAYS: Call = read!("ec2", "DescribeInternetGateways");
const ACLS: Call = read!("ec2", "DescribeNetworkAcls");
const ENDPOINTS: Call = read!("ec2", "DescribeVpcEndpoints");
const FLOW_LOGS: Call = read!("ec2", "DescribeFlowLogs");
const INTERFACES: Call = read!("ec2", "DescribeNetworkInterfaces");

/// The calls behind each table; all of them begin by finding the VPCs.
pub(super) const OF_SUBNETS: &[Call] = &[SUBNETS, GROUPS];
pub(super) const OF_GROUPS: &[Call] = &[GROUPS];
pub(super) const OF_VPCS: &[Call] = &[VPCS];
pub(super) const OF_ROUTE_TABLES: &[Call] = &[ROUTE_TABLES];
pub(super) const OF_NATS: &[Call] = &[NATS];
pub(super) const OF_INTERNET_GATEWAYS: &[Call] = &[INTERNET_GATEWAYS];
pub(super) const OF_ACLS: &[Call] = &[ACLS];
pub(super) const OF_ENDPOINTS: &[Call] = &[ENDPOINTS];
pub(super) const OF_FLOW_LOGS: &[Call] = &[FLOW_LOGS];
pub(super) const OF_INTERFACES: &[Call] = &[INTERFACES];

/// EC2 takes at most 200 values in one filter (DescribeSubnets and its like).
const VALUES: usize = 200;

/// What the resources of a region name, and the first name that was not seen.
pub(super) struct Named {
    subnets: BTreeSet<String>,
    groups: BTreeSet<String>,
    vpcs: BTreeSet<String>,
    gap: Option<Gap>,
    interfaces: Listed<String>,
}

/// Reads the network references out of the SageMaker tables of a region.
pub(super) fn named(region: &Region) -> Named {
    let mut named = Named {
        subnets: BTreeSet::new(),
        groups: BTreeSet::new(),
        vpcs: BTreeSet::new(),
        gap: None,
        interfaces: interfaces(&region.domains),
    };
    for reference in references(region) {
        match (reference.what, reference.value) {
            (What::Subnet, Ok(id)) => drop(named.subnets.insert(id.to_owned())),
            (What::SecurityGroup, Ok(id)) => drop(named.groups.insert(id.to_owned())),
            (What::Vpc, Ok(id)) => drop(named.vpcs.insert(id.to_owned())),
            // A group always lies in a VPC that a subnet or a domain names as well.
            (What::Subnet | What::Vpc, Err(gap)) if named.gap.is_none() => {
                named.gap = Some(gap.clone());
            }
            _ => {}
        }
    }
    named
}

/// The network interfaces of the homes of domains.
fn interfaces(domains: &Listed<Domain>) -> Listed<String> {
    let mut all = Listed { items: Vec::new(), missing: domains.missing.clone() };
    for domain in domains.iter().filter(|domain| !matches!(domain.file_system, Seen::Unset)) {
        match &domain.mount_targets {
            Seen::Is(targets) => all.items.extend(targets.iter().filter_map(|target| target.interface.clone())),
            Seen::Unset => {}
            Seen::Unseen(gap) => all.missing = all.missing.or_else(|| Some(gap.clone())),
        }
    }
    all
}

/// Asks for the network tables of a region.
pub(super) async fn network(place: &Place, named: Named) -> Fill<Region> {
    let Named { subnets, groups, mut vpcs, gap, interfaces } = named;
    let named = interfaces.items.into_iter().collect();
    let found = described::<Subnet>(place, SUBNETS, "subnetSet", ("subnet-id", &subnets)).await;
    vpcs.extend(found.items.iter().map(|s| s.vpc.clone()));
    let mut gaps = vec![gap, found.missing];
    // A resource may name groups alone; their VPC counts as well.
    if vpcs.is_empty() && !groups.is_empty() {
        let found = described::<SecurityGroup>(place, GROUPS, "securityGroupInfo", ("group-id", &groups)).await;
        vpcs.extend(found.items.iter().map(|g| g.vpc.clone()));
        gaps.push(found.missing);
    }
    let missing = first_gap(gaps);
    let within = ("vpc-id", &vpcs);
    let (subnets, groups, all, tables, nats, internet, acls, endpoints, worn) = tokio::join!(
        described::<Subnet>(place, SUBNETS, "subnetSet", within),
        described(place, GROUPS, "securityGroupInfo", within),
        described(place, VPCS, "vpcSet", within),
        described(place, ROUTE_TABLES, "routeTableSet", within),
        described(place, NATS, "natGatewaySet", within),
        described(place, INTERNET_GATEWAYS, "internetGatewaySet", ("attachment.vpc-id", &vpcs)),
        described(place, ACLS, "networkAclSet", within),
        described(place, ENDPOINTS, "vpcEndpointSet", within),
        described(place, INTERFACES, "networkInterfaceSet", ("network-interface-id", &named)),
    );
    let logged = vpcs.iter().cloned().chain(subnets.items.iter().map(|s| s.id.clone())).collect();
    let flow_logs = described(place, FLOW_LOGS, "flowLogSet", ("resource-id", &logged)).await;
    let flow_logs = also_missing(flow_logs, &first_gap([missing.clone(), subnets.missing.clone()]));
    Box::new(move |region| {
        region.flow_logs = flow_logs;
        region.network_interfaces = also_missing(worn, &interfaces.missing);
        region.subnets = also_missing(subnets, &missing);
        region.security_groups = also_missing(groups, &missing);
        region.vpcs = also_missing(all, &missing);
        region.route_tables = also_missing(tables, &missing);
        region.nat_gateways = also_missing(nats, &missing);
        region.internet_gateways = also_missing(internet, &missing);
        region.network_acls = also_missing(acls, &missing);
        region.vpc_endpoints = also_missing(endpoints, &missing);
    })
}

/// The network tables of a region when nothing of them was seen.
pub(super) fn lost(gap: Gap) -> Fill<Region> {
    Box::new(move |region| {
        region.flow_logs.missing = Some(gap.clone());
        region.network_interfaces.missing = Some(gap.clone());
        region.subnets.missing = Some(gap.clone());
        region.security_groups.missing = Some(gap.clone());
        region.vpcs.missing = Some(gap.clone());
        region.route_tables.missing = Some(gap.clone());
        region.nat_gateways.missing = Some(gap.clone());
        region.internet_gateways.missing = Some(gap.clone());
        region.network_acls.missing = Some(gap.clone());
        region.vpc_endpoints.missing = Some(gap);
    })
}

/// What hangs on names that were not all seen may lack something, too.
fn also_missing<T>(mut listed: Listed<T>, missing: &Option<Gap>) -> Listed<T> {
    listed.missing = listed.missing.or_else(|| missing.clone());
    listed
}

/// What a call describes with a filter, in as many requests as the values need; nothing to look for is no request.
async fn described<T: Wire>(
    place: &Place,
    call: Call,
    set: &'static str,
    (name, values): (&str, &BTreeSet<String>),
) -> Listed<T> {
    // DescribeRouteTables gives a hundred a page, the others a thousand (API reference, MaxResults).
    let most = if call.operation == ROUTE_TABLES.operation { 100 } else { 1000 };
    let list = List { size: Some(("MaxResults", most)), token: "NextToken=nextToken", ..List::of(call, set) };
    let mut all = Listed::complete(Vec::new());
    let values: Vec<&String> = values.iter().collect();
    for chunk in values.chunks(VALUES) {
        let request = json!({ "Filter": [{ "Name": name, "Value": chunk }] });
        let listed = records::parts(place, &list, request).await;
        all.items.extend(listed.items);
        all.missing = all.missing.or(listed.missing);
    }
    all
}
