//! EC2: one table for each description: where its things are, what filters select by, how one is shown.

use std::sync::LazyLock;

use sagescan_checks::snapshot::{
    AclEntry, FlowLog, InternetGateway, Listed, NatGateway, NetworkAcl, NetworkInterface, Region, Route, RouteTable,
    Rule, SecurityGroup, Seen, Subnet, Vpc, VpcEndpoint,
};
use serde_json::Value;

use super::call::{Answer, Call, Operation, Outcome, Protocol, Service};
use super::paging::Paging;
use super::refusal::Refusal;
use super::xml::Element;

macro_rules! read {
    ($name:literal, $answer:expr) => {
        Operation { name: $name, action: concat!("ec2:", $name), resource: "", answer: $answer }
    };
}

pub(super) static SERVICE: LazyLock<Service> = LazyLock::new(|| Service {
    name: "ec2",
    signed: "ec2",
    protocol: Protocol::Ec2,
    label: "2016-11-15",
    operations: vec![
        read!("DescribeRegions", describe_regions),
        read!("DescribeVpcs", |call| VPCS.describe(call)),
        read!("DescribeSubnets", |call| SUBNETS.describe(call)),
        read!("DescribeRouteTables", |call| ROUTE_TABLES.describe(call)),
        read!("DescribeNatGateways", |call| NAT_GATEWAYS.describe(call)),
        read!("DescribeInternetGateways", |call| INTERNET_GATEWAYS.describe(call)),
        read!("DescribeSecurityGroups", |call| SECURITY_GROUPS.describe(call)),
        read!("DescribeNetworkAcls", |call| NETWORK_ACLS.describe(call)),
        read!("DescribeVpcEndpoints", |call| VPC_ENDPOINTS.describe(call)),
        read!("DescribeFlowLogs", |call| FLOW_LOGS.describe(call)),
        read!("DescribeNetworkInterfaces", |call| NETWORK_INTERFACES.describe(call)),
    ],
});

/// Without a size everything comes at once.
const PAGES: Paging = Paging { size: "MaxResults", token: "NextToken", default: 1000, maximum: 1000 };

/// What a filter compares its values with.
type Compared<T> = for<'t> fn(&'t T) -> Result<Vec<&'t str>, Refusal>;

/// A filter of a request: its values, and what they are compared with.
type Asked<'c, T> = (Vec<&'c str>, Compared<T>);

/// A description: its set in the answer, and everything else about it.
struct Set<T: 'static> {
    name: &'static str,
    /// The parameter that names things outright, and the error for one that is not there.
    ids: (&'static str, &'static str),
    table: fn(&Region) -> &Listed<T>,
    /// The first one selects by id.
    filters: &'static [(&'static str, Compared<T>)],
    show: fn(&Call<'_>, &T) -> Result<Element, Refusal>,
}

impl<T> Set<T> {
    fn describe(&self, call: &Call<'_>) -> Outcome {
        let table = (self.table)(call.here()?);
        let filters = self.filters(call)?;
        let (parameter, absent) = self.ids;
        let wanted = numbered(call, &format!("{parameter}."));
        let mut chosen = Vec::new();
        let mut found = Vec::new();
        for item in table.iter() {
            let mut fits = true;
            for (values, of) in &filters {
                fits = fits && of(item)?.iter().any(|is| values.contains(is));
            }
            if !wanted.is_empty() {
                let id = self.filters.first().map(|(_, id)| id(item)).transpose()?.unwrap_or_default();
                fits = fits && id.iter().any(|id| wanted.contains(id));
                found.extend(id);
            }
            if fits {
                chosen.push(item);
            }
        }
        let gap = call.gap(table);
        if let Some(id) = wanted.iter().find(|id| gap.is_none() && !found.contains(*id)) {
            return Err(Refusal::absent(absent, format!("The ID '{id}' does not exist")));
        }
        let page = PAGES.page(call, chosen.len(), gap)?;
        let items = chosen[page.range].iter().map(|item| (self.show)(call, item)).collect::<Result<Vec<_>, _>>()?;
        Ok(Answer::Xml(Element::unnamed().list(self.name, "item", items).maybe("nextToken", page.next)))
    }

    /// The values of each filter that is asked for, with what they are compared with.
    fn filters<'c>(&self, call: &Call<'c>) -> Result<Vec<Asked<'c, T>>, Refusal> {
        let mut asked = Vec::new();
        for (name, values) in filters(call) {
            let known = self.filters.iter().find(|(known, _)| *known == name);
            let (_, of) = known.ok_or_else(|| Refusal::Invalid(format!("The filter '{name}' is invalid")))?;
            asked.push((values, *of));
        }
        Ok(asked)
    }
}

/// `Filter.N.Name` with its `Filter.N.Value.M`.
fn filters<'c>(call: &Call<'c>) -> Vec<(&'c str, Vec<&'c str>)> {
    let names = call.input.iter().filter_map(|(parameter, value)| {
        let number = parameter.strip_prefix("Filter.")?.strip_suffix(".Name")?;
        Some((value.as_str()?, numbered(call, &format!("Filter.{number}.Value."))))
    });
    names.collect()
}

/// The values of all parameters that begin so.
fn numbered<'c>(call: &Call<'c>, prefix: &str) -> Vec<&'c str> {
    let values = call.input.iter().filter(|(name, _)| name.starts_with(prefix));
    values.filter_map(|(_, value)| Value::as_str(value)).collect()
}

fn describe_regions(call: &Call<'_>) -> Outcome {
    let snapshot = call.snapshot();
    let mut regions: Vec<&str> =
        snapshot.scan.regions.iter().chain(snapshot.regions.keys()).map(String::as_str).collect();
    regions.sort_unstable();
    regions.dedup();
    let mut wanted = vec![numbered(call, "RegionName.")];
    for (name, values) in filters(call) {
        match name {
            "region-name" => wanted.push(values),
            "opt-in-status" => {}
            _ => return Err(Refusal::Invalid(format!("The filter '{name}' is invalid"))),
        }
    }
    regions.retain(|region| wanted.iter().all(|names| names.is_empty() || names.contains(region)));
    let items = regions.into_iter().map(|region| {
        let endpoint = format!("ec2.{region}.amazonaws.com");
        let item = Element::unnamed().text("regionName", region).text("regionEndpoint", endpoint);
        item.text("optInStatus", "opt-in-not-required")
    });
    Ok(Answer::Xml(Element::unnamed().list("regionInfo", "item", items)))
}

/// All strings of a list that was seen.
fn all(seen: &Seen<Vec<String>>) -> Result<Vec<&str>, Refusal> {
    Ok(seen.get()?.into_iter().flatten().map(String::as_str).collect())
}

const VPCS: Set<Vpc> = Set {
    name: "vpcSet",
    ids: ("VpcId", "InvalidVpcID.NotFound"),
    table: |region| &region.vpcs,
    filters: &[("vpc-id", |vpc| Ok(vec![&vpc.id]))],
    show: |_, vpc| {
        let cidrs = all(&vpc.cidrs)?;
        let association = |cidr: &&str| {
            let state = Element::new("cidrBlockState").text("state", "associated");
            Element::unnamed().text("cidrBlock", cidr).child(state)
        };
        let tag =
            |tag: &sagescan_checks::snapshot::Tag| Element::unnamed().text("key", &tag.key).text("value", &tag.value);
        Ok(Element::unnamed()
            .text("vpcId", &vpc.id)
            .text("state", "available")
            .maybe("cidrBlock", cidrs.first())
            .list("cidrBlockAssociationSet", "item", cidrs.iter().map(association))
            .maybe("isDefault", vpc.default.get()?)
            .maybe("ownerId", vpc.owner.get()?)
            .list("tagSet", "item", vpc.tags.get()?.into_iter().flatten().map(tag)))
    },
};

const SUBNETS: Set<Subnet> = Set {
    name: "subnetSet",
    ids: ("SubnetId", "InvalidSubnetID.NotFound"),
    table: |region| &region.subnets,
    filters: &[("subnet-id", |subnet| Ok(vec![&subnet.id])), ("vpc-id", |subnet| Ok(vec![&subnet.vpc]))],
    show: |_, subnet| {
        Ok(Element::unnamed()
            .text("subnetId", &subnet.id)
            .text("vpcId", &subnet.vpc)
            .text("state", "available")
            .maybe("availabilityZoneId", subnet.zone.get()?)
            .maybe("cidrBlock", subnet.cidr.get()?)
            .maybe("mapPublicIpOnLaunch", subnet.public_ip.get()?)
            .maybe("ownerId", subnet.owner.get()?))
    },
};

const ROUTE_TABLES: Set<RouteTable> = Set {
    name: "routeTableSet",
    ids: ("RouteTableId", "InvalidRouteTableID.NotFound"),
    table: |region| &region.route_tables,
    filters: &[
        ("route-table-id", |table| Ok(vec![&table.id])),
        ("vpc-id", |table| Ok(vec![&table.vpc])),
        ("association.subnet-id", |table| all(&table.subnets)),
    ],
    show: |_, table| {
        let association = |main: bool, subnet: Option<&str>| {
            let id = format!("rtbassoc-{}", subnet.unwrap_or(&table.id));
            let item = Element::unnamed().text("routeTableAssociationId", id).text("routeTableId", &table.id);
            let state = Element::new("associationState").text("state", "associated");
            item.text("main", main).maybe("subnetId", subnet).child(state)
        };
        let main = table.main.get()?.is_some_and(|main| *main).then(|| association(true, None));
        let subnets = all(&table.subnets)?.into_iter().map(|subnet| association(false, Some(subnet)));
        Ok(Element::unnamed()
            .text("routeTableId", &table.id)
            .text("vpcId", &table.vpc)
            .list("associationSet", "item", main.into_iter().chain(subnets))
            .list("routeSet", "item", table.routes.get()?.into_iter().flatten().map(route)))
    },
};

/// Which member holds a target, by the prefix of its id; everything else is a gateway (`local`, `igw-`, `vgw-`, `vpce-`).
const TARGETS: [(&str, &str); 9] = [
    ("nat-", "natGatewayId"),
    ("tgw-", "transitGatewayId"),
    ("eni-", "networkInterfaceId"),
    ("pcx-", "vpcPeeringConnectionId"),
    ("eigw-", "egressOnlyInternetGatewayId"),
    ("i-", "instanceId"),
    ("lgw-", "localGatewayId"),
    ("cagw-", "carrierGatewayId"),
    ("arn:", "coreNetworkArn"),
];

fn route(route: &Route) -> Element {
    let destination = match &route.destination {
        list if list.starts_with("pl-") => "destinationPrefixListId",
        v6 if v6.contains(':') => "destinationIpv6CidrBlock",
        _ => "destinationCidrBlock",
    };
    let target = TARGETS.iter().find(|(prefix, _)| route.target.starts_with(prefix));
    let origin = if route.target == "local" { "CreateRouteTable" } else { "CreateRoute" };
    let element = Element::unnamed().text(destination, &route.destination);
    let element = element.text(target.map_or("gatewayId", |(_, member)| member), &route.target);
    element.text("origin", origin).text("state", &route.state)
}

const NAT_GATEWAYS: Set<NatGateway> = Set {
    name: "natGatewaySet",
    ids: ("NatGatewayId", "NatGatewayNotFound"),
    table: |region| &region.nat_gateways,
    filters: &[
        ("nat-gateway-id", |gateway| Ok(vec![&gateway.id])),
        ("vpc-id", |gateway| Ok(vec![&gateway.vpc])),
        ("subnet-id", |gateway| Ok(gateway.subnet.get()?.into_iter().map(String::as_str).collect())),
        ("state", |gateway| Ok(gateway.state.get()?.into_iter().map(String::as_str).collect())),
    ],
    show: |_, gateway| {
        Ok(Element::unnamed()
            .text("natGatewayId", &gateway.id)
            .text("vpcId", &gateway.vpc)
            .maybe("subnetId", gateway.subnet.get()?)
            .maybe("state", gateway.state.get()?)
            .maybe("connectivityType", gateway.connectivity.get()?))
    },
};

const INTERNET_GATEWAYS: Set<InternetGateway> = Set {
    name: "internetGatewaySet",
    ids: ("InternetGatewayId", "InvalidInternetGatewayID.NotFound"),
    table: |region| &region.internet_gateways,
    filters: &[
        ("internet-gateway-id", |gateway| Ok(vec![&gateway.id])),
        ("attachment.vpc-id", |gateway| all(&gateway.vpcs)),
    ],
    show: |_, gateway| {
        let attachment = |vpc: &str| Element::unnamed().text("vpcId", vpc).text("state", "available");
        let attachments = all(&gateway.vpcs)?.into_iter().map(attachment);
        Ok(Element::unnamed().text("internetGatewayId", &gateway.id).list("attachmentSet", "item", attachments))
    },
};

const SECURITY_GROUPS: Set<SecurityGroup> = Set {
    name: "securityGroupInfo",
    ids: ("GroupId", "InvalidGroup.NotFound"),
    table: |region| &region.security_groups,
    filters: &[
        ("group-id", |group| Ok(vec![&group.id])),
        ("group-name", |group| Ok(vec![&group.name])),
        ("vpc-id", |group| Ok(vec![&group.vpc])),
    ],
    show: |call, group| {
        let account = &call.snapshot().scan.account;
        let rules = |seen: &Seen<Vec<Rule>>| -> Result<Vec<Element>, Refusal> {
            Ok(seen.get()?.into_iter().flatten().map(|one| rule(one, account)).collect())
        };
        Ok(Element::unnamed()
            .text("groupId", &group.id)
            .text("groupName", &group.name)
            .text("groupDescription", &group.name)
            .text("vpcId", &group.vpc)
            .text("ownerId", account)
            .list("ipPermissions", "item", rules(&group.ingress)?)
            .list("ipPermissionsEgress", "item", rules(&group.egress)?))
    },
};

fn rule(rule: &Rule, account: &str) -> Element {
    let (v6, v4): (Vec<&String>, Vec<&String>) = rule.cidrs.iter().partition(|cidr| cidr.contains(':'));
    let group = |id: &String| Element::unnamed().text("groupId", id).text("userId", account);
    Element::unnamed()
        .text("ipProtocol", &rule.protocol)
        .maybe("fromPort", rule.from)
        .maybe("toPort", rule.to)
        .list("groups", "item", rule.groups.iter().map(group))
        .list("ipRanges", "item", v4.into_iter().map(|cidr| Element::unnamed().text("cidrIp", cidr)))
        .list("ipv6Ranges", "item", v6.into_iter().map(|cidr| Element::unnamed().text("cidrIpv6", cidr)))
        .list("prefixListIds", "item", rule.prefix_lists.iter().map(|id| Element::unnamed().text("prefixListId", id)))
}

const NETWORK_ACLS: Set<NetworkAcl> = Set {
    name: "networkAclSet",
    ids: ("NetworkAclId", "InvalidNetworkAclID.NotFound"),
    table: |region| &region.network_acls,
    filters: &[
        ("network-acl-id", |acl| Ok(vec![&acl.id])),
        ("vpc-id", |acl| Ok(vec![&acl.vpc])),
        ("association.subnet-id", |acl| all(&acl.subnets)),
    ],
    show: |_, acl| {
        let association = |subnet: &str| {
            let item = Element::unnamed().text("networkAclAssociationId", format!("aclassoc-{subnet}"));
            item.text("networkAclId", &acl.id).text("subnetId", subnet)
        };
        Ok(Element::unnamed()
            .text("networkAclId", &acl.id)
            .text("vpcId", &acl.vpc)
            .list("associationSet", "item", all(&acl.subnets)?.into_iter().map(association))
            .list("entrySet", "item", acl.entries.get()?.into_iter().flatten().map(acl_entry)))
    },
};

fn acl_entry(entry: &AclEntry) -> Element {
    let cidr = if entry.cidr.contains(':') { "ipv6CidrBlock" } else { "cidrBlock" };
    let element = Element::unnamed()
        .text("ruleNumber", entry.number)
        .text("protocol", &entry.protocol)
        .text("ruleAction", if entry.allow { "allow" } else { "deny" })
        .text("egress", entry.egress)
        .text(cidr, &entry.cidr);
    match (entry.from, entry.to) {
        (None, None) => element,
        (from, to) => element.child(Element::new("portRange").maybe("from", from).maybe("to", to)),
    }
}

const VPC_ENDPOINTS: Set<VpcEndpoint> = Set {
    name: "vpcEndpointSet",
    ids: ("VpcEndpointId", "InvalidVpcEndpointId.NotFound"),
    table: |region| &region.vpc_endpoints,
    filters: &[
        ("vpc-endpoint-id", |endpoint| Ok(vec![&endpoint.id])),
        ("vpc-id", |endpoint| Ok(vec![&endpoint.vpc])),
        ("service-name", |endpoint| Ok(vec![&endpoint.service])),
    ],
    show: |_, endpoint| {
        let group = |id: &str| Element::unnamed().text("groupId", id).text("groupName", id);
        Ok(Element::unnamed()
            .text("vpcEndpointId", &endpoint.id)
            .text("vpcId", &endpoint.vpc)
            .text("serviceName", &endpoint.service)
            .maybe("vpcEndpointType", endpoint.kind.get()?)
            .maybe("state", endpoint.state.get()?)
            .maybe("privateDnsEnabled", endpoint.private_dns.get()?)
            .maybe("policyDocument", endpoint.policy.get()?)
            .texts("subnetIdSet", "item", all(&endpoint.subnets)?)
            .texts("routeTableIdSet", "item", all(&endpoint.route_tables)?)
            .list("groupSet", "item", all(&endpoint.security_groups)?.into_iter().map(group)))
    },
};

const NETWORK_INTERFACES: Set<NetworkInterface> = Set {
    name: "networkInterfaceSet",
    ids: ("NetworkInterfaceId", "InvalidNetworkInterfaceID.NotFound"),
    table: |region| &region.network_interfaces,
    filters: &[
        ("network-interface-id", |interface| Ok(vec![&interface.id])),
        ("group-id", |interface| all(&interface.security_groups)),
    ],
    show: |_, interface| {
        let groups = interface.security_groups.get()?.into_iter().flatten();
        let groups = groups.map(|group| Element::unnamed().text("groupId", group));
        Ok(Element::unnamed().text("networkInterfaceId", &interface.id).list("groupSet", "item", groups))
    },
};

const FLOW_LOGS: Set<FlowLog> = Set {
    name: "flowLogSet",
    ids: ("FlowLogId", "InvalidFlowLogId.NotFound"),
    table: |region| &region.flow_logs,
    filters: &[
        ("flow-log-id", |log| Ok(vec![&log.id])),
        ("resource-id", |log| Ok(vec![&log.resource])),
        ("traffic-type", |log| Ok(log.traffic.get()?.into_iter().map(String::as_str).collect())),
    ],
    show: |_, log| {
        Ok(Element::unnamed()
            .text("flowLogId", &log.id)
            .text("resourceId", &log.resource)
            .maybe("flowLogStatus", log.status.get()?)
            .maybe("deliverLogsStatus", log.delivery.get()?)
            .maybe("trafficType", log.traffic.get()?))
    },
};
