//! EC2 networking around the VPCs that ML resources use. Paths are those of EC2's answers in XML.

use serde_json::{Value, json};

use super::record::part;
use super::wire::{self, Every, Form, Wire};
use super::{Seen, Tag};

part! {
    /// A VPC (DescribeVpcs).
    pub struct Vpc {
        id: String = "vpcId",
        cidrs: Seen<Vec<String>> = "cidrBlockAssociationSet[].cidrBlock" as Every,
        default: Seen<bool> = "isDefault",
        owner: Seen<String> = "ownerId",
        tags: Seen<Vec<Tag>> = "tagSet" as Tags,
    }

    /// A subnet (DescribeSubnets).
    pub struct Subnet {
        id: String = "subnetId",
        vpc: String = "vpcId",
        zone: Seen<String> = "availabilityZoneId",
        cidr: Seen<String> = "cidrBlock",
        public_ip: Seen<bool> = "mapPublicIpOnLaunch",
        /// Differs from the account in shared VPCs
        owner: Seen<String> = "ownerId",
    }

    /// A route of a route table.
    pub struct Route {
        destination: String = "destinationCidrBlock" | "destinationIpv6CidrBlock" | "destinationPrefixListId",
        /// Whatever it leads to; the beginning of the id tells what that is
        target: String = "gatewayId" | "natGatewayId" | "transitGatewayId" | "egressOnlyInternetGatewayId"
            | "vpcPeeringConnectionId" | "localGatewayId" | "carrierGatewayId" | "networkInterfaceId" | "instanceId"
            | "coreNetworkArn",
        /// `active` or `blackhole`
        state: String = "state",
    }

    /// A route table (DescribeRouteTables).
    pub struct RouteTable {
        id: String = "routeTableId",
        vpc: String = "vpcId",
        /// Whether it is the main one of its VPC
        main: Seen<bool> = "associationSet" as IsMain,
        subnets: Seen<Vec<String>> = "associationSet[].subnetId" as Every,
        routes: Seen<Vec<Route>> = "routeSet" as Every,
    }

    /// A NAT gateway (DescribeNatGateways).
    pub struct NatGateway {
        id: String = "natGatewayId",
        vpc: String = "vpcId",
        subnet: Seen<String> = "subnetId",
        state: Seen<String> = "state",
        /// `public` or `private`
        connectivity: Seen<String> = "connectivityType",
    }

    /// An internet gateway (DescribeInternetGateways).
    pub struct InternetGateway {
        id: String = "internetGatewayId",
        vpcs: Seen<Vec<String>> = "attachmentSet[].vpcId" as Every,
    }

    /// A rule of a security group.
    pub struct Rule {
        /// `tcp`, `udp`, `icmp`, a number, or `-1` for all
        protocol: String = "ipProtocol",
        from: Option<i32> = "fromPort",
        to: Option<i32> = "toPort",
        /// Of both IP versions
        cidrs: Vec<String> = "" as Cidrs,
        groups: Vec<String> = "groups[].groupId",
        prefix_lists: Vec<String> = "prefixListIds[].prefixListId",
    }

    /// A security group (DescribeSecurityGroups).
    pub struct SecurityGroup {
        id: String = "groupId",
        /// `default` is the VPC's default group
        name: String = "groupName",
        vpc: String = "vpcId",
        ingress: Seen<Vec<Rule>> = "ipPermissions" as Every,
        egress: Seen<Vec<Rule>> = "ipPermissionsEgress" as Every,
    }

    /// An entry of a network ACL.
    pub struct AclEntry {
        /// Evaluated in ascending order; 32767 is the final deny
        number: i32 = "ruleNumber",
        /// Whether it lets traffic through
        allow: bool = "ruleAction" as NotDeny,
        egress: bool = "egress",
        /// A number, `-1` for all
        protocol: String = "protocol",
        cidr: String = "cidrBlock" | "ipv6CidrBlock",
        from: Option<i32> = "portRange.from",
        to: Option<i32> = "portRange.to",
    }

    /// A network ACL (DescribeNetworkAcls).
    pub struct NetworkAcl {
        id: String = "networkAclId",
        vpc: String = "vpcId",
        subnets: Seen<Vec<String>> = "associationSet[].subnetId" as Every,
        entries: Seen<Vec<AclEntry>> = "entrySet" as Every,
    }

    /// A VPC endpoint (DescribeVpcEndpoints).
    pub struct VpcEndpoint {
        id: String = "vpcEndpointId",
        vpc: String = "vpcId",
        /// For example `com.amazonaws.us-east-1.sagemaker.api`
        service: String = "serviceName",
        /// `Interface`, `Gateway`, …
        kind: Seen<String> = "vpcEndpointType",
        /// `available` once usable
        state: Seen<String> = "state",
        private_dns: Seen<bool> = "privateDnsEnabled",
        policy: Seen<String> = "policyDocument",
        subnets: Seen<Vec<String>> = "subnetIdSet" as Every,
        route_tables: Seen<Vec<String>> = "routeTableIdSet" as Every,
        security_groups: Seen<Vec<String>> = "groupSet[].groupId" as Every,
    }

    /// A network interface (DescribeNetworkInterfaces).
    pub struct NetworkInterface {
        id: String = "networkInterfaceId",
        security_groups: Seen<Vec<String>> = "groupSet[].groupId" as Every,
    }

    /// A flow log (DescribeFlowLogs).
    pub struct FlowLog {
        id: String = "flowLogId",
        /// A VPC, subnet or network interface
        resource: String = "resourceId",
        /// `ACTIVE`
        status: Seen<String> = "flowLogStatus",
        /// `SUCCESS` or `FAILED`
        delivery: Seen<String> = "deliverLogsStatus",
        /// `ACCEPT`, `REJECT`, `ALL`
        traffic: Seen<String> = "trafficType",
    }
}

/// Tags as EC2 writes them.
#[derive(Debug)]
struct Tags;

impl Form<Vec<Tag>> for Tags {
    fn read(value: &Value) -> Result<Option<Vec<Tag>>, String> {
        let all = value.as_array().ok_or_else(|| "is not a list".to_owned())?;
        let text = |tag: &Value, name: &str| tag.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Some(all.iter().map(|tag| Tag { key: text(tag, "key"), value: text(tag, "value") }).collect()))
    }
    fn write(value: &Vec<Tag>) -> Value {
        value.iter().map(|tag| json!({ "key": tag.key, "value": tag.value })).collect()
    }
    fn absent() -> Option<Vec<Tag>> {
        Some(Vec::new())
    }
}

/// Whether one of the associations is that of the main table.
#[derive(Debug)]
struct IsMain;

impl Form<bool> for IsMain {
    fn read(value: &Value) -> Result<Option<bool>, String> {
        let all = value.as_array().ok_or_else(|| "is not a list".to_owned())?;
        let main = |one: &Value| wire::look(one, "main").map_or(Ok(Some(false)), |main| bool::read(&main));
        let all: Vec<Option<bool>> = all.iter().map(main).collect::<Result<_, _>>()?;
        Ok(Some(all.contains(&Some(true))))
    }
    fn write(value: &bool) -> Value {
        if *value { json!([{ "main": true }]) } else { Value::Null }
    }
    fn absent() -> Option<bool> {
        Some(false)
    }
}

/// The ranges of a rule, which stand in two lists.
#[derive(Debug)]
struct Cidrs;

impl Form<Vec<String>> for Cidrs {
    fn read(value: &Value) -> Result<Option<Vec<String>>, String> {
        let mut all = Vec::new();
        for path in ["ipRanges[].cidrIp", "ipv6Ranges[].cidrIpv6"] {
            if let Some(list) = wire::look(value, path) {
                all.extend(Vec::<String>::read(&list)?.unwrap_or_default());
            }
        }
        Ok(Some(all))
    }
    fn write(value: &Vec<String>) -> Value {
        let (v6, v4): (Vec<&String>, Vec<&String>) = value.iter().partition(|cidr| cidr.contains(':'));
        let list = |name: &str, all: Vec<&String>| all.into_iter().map(|cidr| json!({ name: cidr })).collect::<Value>();
        json!({ "ipRanges": list("cidrIp", v4), "ipv6Ranges": list("cidrIpv6", v6) })
    }
}

/// Only a plain "deny" closes anything.
#[derive(Debug)]
struct NotDeny;

impl Form<bool> for NotDeny {
    fn read(value: &Value) -> Result<Option<bool>, String> {
        Ok(Some(value != "deny"))
    }
    fn write(value: &bool) -> Value {
        Value::from(if *value { "allow" } else { "deny" })
    }
    fn absent() -> Option<bool> {
        Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_associations_one_makes_a_table_the_main_one() {
        let table = |associations: Value| {
            RouteTable::read(&json!({ "routeTableId": "rtb-1", "associationSet": associations })).unwrap().unwrap()
        };
        let main = table(json!([{ "main": "false", "subnetId": "subnet-1" }, { "main": "true" }]));
        assert_eq!((main.main, main.subnets), (Seen::Is(true), Seen::Is(vec!["subnet-1".to_owned()])));
        assert_eq!(table(json!([{ "main": "false" }])).main, Seen::Is(false));
        assert!(matches!(table(json!([{ "main": "perhaps" }])).main, Seen::Unseen(_)));
    }

    #[test]
    fn ranges_of_both_versions_count_and_only_deny_denies() {
        let answer = json!({ "ipProtocol": "tcp", "fromPort": "22", "toPort": "22",
            "ipRanges": [{ "cidrIp": "10.0.0.0/8" }], "ipv6Ranges": [{ "cidrIpv6": "::/0" }] });
        let rule = Rule::read(&answer).unwrap().unwrap();
        assert_eq!((rule.cidrs, rule.from), (vec!["10.0.0.0/8".to_owned(), "::/0".to_owned()], Some(22)));
        assert!(Rule::read(&json!({ "fromPort": "many" })).is_err());
        let entry = |action: &str| AclEntry::read(&json!({ "ruleAction": action })).unwrap().unwrap().allow;
        assert!(entry("allow") && entry("odd") && !entry("deny"));
    }
}
