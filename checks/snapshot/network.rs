//! EC2 networking around the VPCs that ML resources use.

use super::{Seen, Tag, model};

model! {
    /// A VPC (DescribeVpcs).
    pub struct Vpc {
        /// `VpcId`
        pub id: String,
        /// `CidrBlockAssociationSet[].CidrBlock`
        pub cidrs: Seen<Vec<String>>,
        /// `IsDefault`
        pub default: Seen<bool>,
        /// `OwnerId`
        pub owner: Seen<String>,
        /// `Tags`
        pub tags: Seen<Vec<Tag>>,
    }

    /// A subnet (DescribeSubnets).
    pub struct Subnet {
        /// `SubnetId`
        pub id: String,
        /// `VpcId`
        pub vpc: String,
        /// `AvailabilityZoneId`
        pub zone: Seen<String>,
        /// `CidrBlock`
        pub cidr: Seen<String>,
        /// `MapPublicIpOnLaunch`
        pub public_ip: Seen<bool>,
        /// `OwnerId`; differs from the account in shared VPCs
        pub owner: Seen<String>,
    }

    /// A route (`RouteTables[].Routes[]`).
    pub struct Route {
        /// `DestinationCidrBlock`, `DestinationIpv6CidrBlock` or `DestinationPrefixListId`
        pub destination: String,
        /// The one of `GatewayId`, `NatGatewayId`, `TransitGatewayId`, `NetworkInterfaceId`, `VpcPeeringConnectionId`,
        /// `EgressOnlyInternetGatewayId`, `InstanceId`, … that is set; its prefix tells which
        pub target: String,
        /// `State`: `active` or `blackhole`
        pub state: String,
    }

    /// A route table (DescribeRouteTables).
    pub struct RouteTable {
        /// `RouteTableId`
        pub id: String,
        /// `VpcId`
        pub vpc: String,
        /// An association with `Main` true exists
        pub main: Seen<bool>,
        /// `Associations[].SubnetId`
        pub subnets: Seen<Vec<String>>,
        /// `Routes`
        pub routes: Seen<Vec<Route>>,
    }

    /// A NAT gateway (DescribeNatGateways).
    pub struct NatGateway {
        /// `NatGatewayId`
        pub id: String,
        /// `VpcId`
        pub vpc: String,
        /// `SubnetId`
        pub subnet: Seen<String>,
        /// `State`
        pub state: Seen<String>,
        /// `ConnectivityType`: `public` or `private`
        pub connectivity: Seen<String>,
    }

    /// An internet gateway (DescribeInternetGateways).
    pub struct InternetGateway {
        /// `InternetGatewayId`
        pub id: String,
        /// `Attachments[].VpcId`
        pub vpcs: Seen<Vec<String>>,
    }

    /// A rule of a security group (`IpPermissions`, `IpPermissionsEgress`).
    pub struct Rule {
        /// `IpProtocol`: `tcp`, `udp`, `icmp`, a number, or `-1` for all
        pub protocol: String,
        /// `FromPort`
        pub from: Option<i32>,
        /// `ToPort`
        pub to: Option<i32>,
        /// `IpRanges[].CidrIp` and `Ipv6Ranges[].CidrIpv6`
        pub cidrs: Vec<String>,
        /// `UserIdGroupPairs[].GroupId`
        pub groups: Vec<String>,
        /// `PrefixListIds[].PrefixListId`
        pub prefix_lists: Vec<String>,
    }

    /// A security group (DescribeSecurityGroups).
    pub struct SecurityGroup {
        /// `GroupId`
        pub id: String,
        /// `GroupName`; `default` is the VPC's default group
        pub name: String,
        /// `VpcId`
        pub vpc: String,
        /// `IpPermissions`
        pub ingress: Seen<Vec<Rule>>,
        /// `IpPermissionsEgress`
        pub egress: Seen<Vec<Rule>>,
    }

    /// An entry of a network ACL.
    pub struct AclEntry {
        /// `RuleNumber`; evaluated in ascending order, 32767 is the final deny
        pub number: i32,
        /// `RuleAction` is `allow`
        pub allow: bool,
        /// `Egress`
        pub egress: bool,
        /// `Protocol`: a number, `-1` for all
        pub protocol: String,
        /// `CidrBlock` or `Ipv6CidrBlock`
        pub cidr: String,
        /// `PortRange.From`
        pub from: Option<i32>,
        /// `PortRange.To`
        pub to: Option<i32>,
    }

    /// A network ACL (DescribeNetworkAcls).
    pub struct NetworkAcl {
        /// `NetworkAclId`
        pub id: String,
        /// `VpcId`
        pub vpc: String,
        /// `Associations[].SubnetId`
        pub subnets: Seen<Vec<String>>,
        /// `Entries`
        pub entries: Seen<Vec<AclEntry>>,
    }

    /// A VPC endpoint (DescribeVpcEndpoints).
    pub struct VpcEndpoint {
        /// `VpcEndpointId`
        pub id: String,
        /// `VpcId`
        pub vpc: String,
        /// `ServiceName`, e.g. `com.amazonaws.us-east-1.sagemaker.api`
        pub service: String,
        /// `VpcEndpointType`: `Interface`, `Gateway`, …
        pub kind: Seen<String>,
        /// `State`: `available` once usable
        pub state: Seen<String>,
        /// `PrivateDnsEnabled`
        pub private_dns: Seen<bool>,
        /// `PolicyDocument`
        pub policy: Seen<String>,
        /// `SubnetIds`
        pub subnets: Seen<Vec<String>>,
        /// `RouteTableIds`
        pub route_tables: Seen<Vec<String>>,
        /// `Groups[].GroupId`
        pub security_groups: Seen<Vec<String>>,
    }

    /// A flow log (DescribeFlowLogs).
    pub struct FlowLog {
        /// `FlowLogId`
        pub id: String,
        /// `ResourceId`: a VPC, subnet or network interface
        pub resource: String,
        /// `FlowLogStatus`: `ACTIVE`
        pub status: Seen<String>,
        /// `DeliverLogsStatus`: `SUCCESS` or `FAILED`
        pub delivery: Seen<String>,
        /// `TrafficType`: `ACCEPT`, `REJECT`, `ALL`
        pub traffic: Seen<String>,
    }
}
