//! EC2 networking: the VPCs that resources refer to, and everything in them that decides who reaches whom.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{Filter, IpPermission};
use sagescan_checks::engine::{Reference, What};
use sagescan_checks::snapshot::{
    AclEntry, FlowLog, Gap, InternetGateway, Listed, NatGateway, NetworkAcl, Region, Route, RouteTable, Rule,
    SecurityGroup, Seen, Subnet, Tag, Vpc, VpcEndpoint,
};

use super::call::{Call, read};
use super::places::Place;
use super::translate::{first_gap, strings_of, text};

const SUBNETS: Call = read!("ec2", "DescribeSubnets");
const GROUPS: Call = read!("ec2", "DescribeSecurityGroups");
const VPCS: Call = read!("ec2", "DescribeVpcs");
const ROUTE_TABLES: Call = read!("ec2", "DescribeRouteTables");
const NATS: Call = read!("ec2", "DescribeNatGateways");
const INTERNET_GATEWAYS: Call = read!("ec2", "DescribeInternetGateways");
const ACLS: Call = read!("ec2", "DescribeNetworkAcls");
const ENDPOINTS: Call = read!("ec2", "DescribeVpcEndpoints");
const FLOW_LOGS: Call = read!("ec2", "DescribeFlowLogs");

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

/// EC2 takes at most 200 values in one filter (DescribeSubnets and its like).
const VALUES: usize = 200;

/// What the resources of a region name, and the first name that was not seen.
pub(super) struct Named {
    subnets: BTreeSet<String>,
    groups: BTreeSet<String>,
    vpcs: BTreeSet<String>,
    gap: Option<Gap>,
}

/// Reads the network references out of the SageMaker tables of a region.
pub(super) fn named(references: &[Reference<'_>]) -> Named {
    let mut named = Named { subnets: BTreeSet::new(), groups: BTreeSet::new(), vpcs: BTreeSet::new(), gap: None };
    for reference in references {
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

/// Asks for the network tables of a region.
pub(super) async fn network(place: &Place, named: Named) -> super::Fill<Region> {
    let Named { subnets, groups, mut vpcs, gap } = named;
    let found = describe_subnets(place, "subnet-id", &subnets).await;
    vpcs.extend(found.items.iter().map(|s| s.vpc.clone()));
    let mut gaps = vec![gap, found.missing];
    // A resource may name groups alone; their VPC counts as well.
    if vpcs.is_empty() && !groups.is_empty() {
        let found = describe_groups(place, "group-id", &groups).await;
        vpcs.extend(found.items.iter().map(|g| g.vpc.clone()));
        gaps.push(found.missing);
    }
    let missing = first_gap(gaps);
    let (subnets, groups, all, tables, nats, internet, acls, endpoints) = tokio::join!(
        describe_subnets(place, "vpc-id", &vpcs),
        describe_groups(place, "vpc-id", &vpcs),
        describe_vpcs(place, &vpcs),
        route_tables(place, &vpcs),
        nat_gateways(place, &vpcs),
        internet_gateways(place, &vpcs),
        network_acls(place, &vpcs),
        vpc_endpoints(place, &vpcs),
    );
    let logged = vpcs.iter().cloned().chain(subnets.items.iter().map(|s| s.id.clone())).collect();
    let flow_logs =
        also_missing(flow_logs(place, &logged).await, &first_gap([missing.clone(), subnets.missing.clone()]));
    Box::new(move |region| {
        region.flow_logs = flow_logs;
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
pub(super) fn lost(gap: Gap) -> super::Fill<Region> {
    Box::new(move |region| {
        region.flow_logs.missing = Some(gap.clone());
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

/// Asks with a filter, in as many requests as its values need; nothing to look for is no request.
async fn filtered<T, Fut>(name: &str, values: &BTreeSet<String>, ask: impl Fn(Filter) -> Fut) -> Listed<T>
where
    Fut: Future<Output = Listed<T>>,
{
    let mut all = Listed::complete(Vec::new());
    let values: Vec<String> = values.iter().cloned().collect();
    for chunk in values.chunks(VALUES) {
        let listed = ask(Filter::builder().name(name).set_values(Some(chunk.to_vec())).build()).await;
        all.items.extend(listed.items);
        all.missing = all.missing.or(listed.missing);
    }
    all
}

/// One described table: the filter, the request, the list in its answer, and the translation.
macro_rules! described {
    ($place:ident, $call:expr, $name:expr, $values:expr, $request:ident, filter $filter:ident, max $max:expr, list $list:ident, $translate:expr) => {
        filtered($name, $values, |filter| async move {
            let listed = $place
                .asker
                .pages(
                    &$call,
                    |token| {
                        $place.ec2.$request().$filter(filter.clone()).max_results($max).set_next_token(token).send()
                    },
                    |page| (page.$list.unwrap_or_default(), page.next_token),
                    |_| false,
                )
                .await;
            Listed { items: listed.items.iter().map($translate).collect(), missing: listed.missing }
        })
        .await
    };
}

async fn describe_subnets(place: &Place, by: &str, values: &BTreeSet<String>) -> Listed<Subnet> {
    described!(place, SUBNETS, by, values, describe_subnets, filter filters, max 1000, list subnets,
        |s: &aws_sdk_ec2::types::Subnet| Subnet {
            id: id(s.subnet_id()),
            vpc: id(s.vpc_id()),
            zone: text(s.availability_zone_id()).into(),
            cidr: text(s.cidr_block()).into(),
            public_ip: s.map_public_ip_on_launch().into(),
            owner: text(s.owner_id()).into(),
        }
    )
}

async fn describe_groups(place: &Place, by: &str, values: &BTreeSet<String>) -> Listed<SecurityGroup> {
    described!(place, GROUPS, by, values, describe_security_groups, filter filters, max 1000, list security_groups,
        |g: &aws_sdk_ec2::types::SecurityGroup| SecurityGroup {
            id: id(g.group_id()),
            name: id(g.group_name()),
            vpc: id(g.vpc_id()),
            ingress: Seen::Is(g.ip_permissions().iter().map(rule).collect()),
            egress: Seen::Is(g.ip_permissions_egress().iter().map(rule).collect()),
        }
    )
}

fn rule(p: &IpPermission) -> Rule {
    let v4 = p.ip_ranges().iter().filter_map(|r| text(r.cidr_ip()));
    let v6 = p.ipv6_ranges().iter().filter_map(|r| text(r.cidr_ipv6()));
    Rule {
        protocol: id(p.ip_protocol()),
        from: p.from_port(),
        to: p.to_port(),
        cidrs: v4.chain(v6).collect(),
        groups: p.user_id_group_pairs().iter().filter_map(|g| text(g.group_id())).collect(),
        prefix_lists: p.prefix_list_ids().iter().filter_map(|l| text(l.prefix_list_id())).collect(),
    }
}

async fn describe_vpcs(place: &Place, vpcs: &BTreeSet<String>) -> Listed<Vpc> {
    described!(place, VPCS, "vpc-id", vpcs, describe_vpcs, filter filters, max 1000, list vpcs,
        |v: &aws_sdk_ec2::types::Vpc| Vpc {
            id: id(v.vpc_id()),
            cidrs: Seen::Is(v.cidr_block_association_set().iter().filter_map(|a| text(a.cidr_block())).collect()),
            default: v.is_default().into(),
            owner: text(v.owner_id()).into(),
            tags: Seen::Is(v.tags().iter().map(|t| Tag { key: id(t.key()), value: id(t.value()) }).collect()),
        }
    )
}

async fn route_tables(place: &Place, vpcs: &BTreeSet<String>) -> Listed<RouteTable> {
    described!(place, ROUTE_TABLES, "vpc-id", vpcs, describe_route_tables, filter filters, max 100, list route_tables,
        |t: &aws_sdk_ec2::types::RouteTable| RouteTable {
            id: id(t.route_table_id()),
            vpc: id(t.vpc_id()),
            main: Seen::Is(t.associations().iter().any(|a| a.main() == Some(true))),
            subnets: Seen::Is(t.associations().iter().filter_map(|a| text(a.subnet_id())).collect()),
            routes: Seen::Is(t.routes().iter().map(route).collect()),
        }
    )
}

fn route(r: &aws_sdk_ec2::types::Route) -> Route {
    let destinations = [r.destination_cidr_block(), r.destination_ipv6_cidr_block(), r.destination_prefix_list_id()];
    let targets = [
        r.gateway_id(),
        r.nat_gateway_id(),
        r.transit_gateway_id(),
        r.egress_only_internet_gateway_id(),
        r.vpc_peering_connection_id(),
        r.local_gateway_id(),
        r.carrier_gateway_id(),
        r.network_interface_id(),
        r.instance_id(),
        r.core_network_arn(),
    ];
    let first = |all: &[Option<&str>]| all.iter().flatten().next().map(|s| (*s).to_owned()).unwrap_or_default();
    Route {
        destination: first(&destinations),
        target: first(&targets),
        state: r.state().map(|s| s.as_str().to_owned()).unwrap_or_default(),
    }
}

async fn nat_gateways(place: &Place, vpcs: &BTreeSet<String>) -> Listed<NatGateway> {
    described!(place, NATS, "vpc-id", vpcs, describe_nat_gateways, filter filter, max 1000, list nat_gateways,
        |n: &aws_sdk_ec2::types::NatGateway| NatGateway {
            id: id(n.nat_gateway_id()),
            vpc: id(n.vpc_id()),
            subnet: text(n.subnet_id()).into(),
            state: n.state().map(|s| s.as_str().to_owned()).into(),
            connectivity: n.connectivity_type().map(|c| c.as_str().to_owned()).into(),
        }
    )
}

async fn internet_gateways(place: &Place, vpcs: &BTreeSet<String>) -> Listed<InternetGateway> {
    described!(place, INTERNET_GATEWAYS, "attachment.vpc-id", vpcs, describe_internet_gateways, filter filters, max 1000,
        list internet_gateways,
        |g: &aws_sdk_ec2::types::InternetGateway| InternetGateway {
            id: id(g.internet_gateway_id()),
            vpcs: Seen::Is(g.attachments().iter().filter_map(|a| text(a.vpc_id())).collect()),
        }
    )
}

async fn network_acls(place: &Place, vpcs: &BTreeSet<String>) -> Listed<NetworkAcl> {
    described!(place, ACLS, "vpc-id", vpcs, describe_network_acls, filter filters, max 1000, list network_acls,
        |a: &aws_sdk_ec2::types::NetworkAcl| NetworkAcl {
            id: id(a.network_acl_id()),
            vpc: id(a.vpc_id()),
            subnets: Seen::Is(a.associations().iter().filter_map(|s| text(s.subnet_id())).collect()),
            entries: Seen::Is(a.entries().iter().map(acl_entry).collect()),
        }
    )
}

fn acl_entry(e: &aws_sdk_ec2::types::NetworkAclEntry) -> AclEntry {
    AclEntry {
        number: e.rule_number().unwrap_or_default(),
        // Only a plain "deny" closes anything.
        allow: e.rule_action() != Some(&aws_sdk_ec2::types::RuleAction::Deny),
        egress: e.egress().unwrap_or_default(),
        protocol: id(e.protocol()),
        cidr: text(e.cidr_block()).or_else(|| text(e.ipv6_cidr_block())).unwrap_or_default(),
        from: e.port_range().and_then(|r| r.from()),
        to: e.port_range().and_then(|r| r.to()),
    }
}

async fn vpc_endpoints(place: &Place, vpcs: &BTreeSet<String>) -> Listed<VpcEndpoint> {
    described!(place, ENDPOINTS, "vpc-id", vpcs, describe_vpc_endpoints, filter filters, max 1000, list vpc_endpoints,
        |e: &aws_sdk_ec2::types::VpcEndpoint| VpcEndpoint {
            id: id(e.vpc_endpoint_id()),
            vpc: id(e.vpc_id()),
            service: id(e.service_name()),
            kind: e.vpc_endpoint_type().map(|t| t.as_str().to_owned()).into(),
            state: e.state().map(|s| s.as_str().to_owned()).into(),
            private_dns: e.private_dns_enabled().into(),
            policy: text(e.policy_document()).into(),
            subnets: strings_of(e.subnet_ids()),
            route_tables: strings_of(e.route_table_ids()),
            security_groups: Seen::Is(e.groups().iter().filter_map(|g| text(g.group_id())).collect()),
        }
    )
}

async fn flow_logs(place: &Place, resources: &BTreeSet<String>) -> Listed<FlowLog> {
    described!(place, FLOW_LOGS, "resource-id", resources, describe_flow_logs, filter filter, max 1000, list flow_logs,
        |f: &aws_sdk_ec2::types::FlowLog| FlowLog {
            id: id(f.flow_log_id()),
            resource: id(f.resource_id()),
            status: text(f.flow_log_status()).into(),
            delivery: text(f.deliver_logs_status()).into(),
            traffic: f.traffic_type().map(|t| t.as_str().to_owned()).into(),
        }
    )
}

fn id(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}
