//! Route 53 Resolver: which VPCs have their DNS queries logged, and which filtered.

use serde_json::{Value, json};

use super::record::record;
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

record! {
    /// The logging of the DNS queries of one VPC.
    pub struct QueryLogAssociation in query_log_associations {
        id: String = "Id",
        vpc: String = "ResourceId",
        /// The query logging configuration.
        config: Seen<String> = "ResolverQueryLogConfigId",
        /// `ACTIVE`, `CREATING`, `ACTION_NEEDED`, `DELETING` or `FAILED`
        status: Seen<String> = "Status",
        /// `NONE`, or why the queries do not arrive.
        error: Seen<String> = "Error",
    }
    by Spec {
        created: "",
        summary: &["Id", "ResourceId", "ResolverQueryLogConfigId", "Status", "Error"],
        needs: &[Table::Vpcs],
        ..Spec::of(Table::QueryLogAssociations, List {
            per: Some(if_there_are_vpcs),
            keep: Some(is_of_a_vpc),
            ..List::of(
                read!("route53resolver", "ListResolverQueryLogConfigAssociations"),
                "ResolverQueryLogConfigAssociations",
            )
        })
    }
}

record! {
    /// A group of DNS firewall rules over one VPC (ListFirewallRuleGroupAssociations).
    pub struct DnsFirewall in dns_firewalls {
        id: String = "Id",
        arn: String = "Arn",
        vpc: String = "VpcId",
        /// The group of rules.
        rules: Seen<String> = "FirewallRuleGroupId",
        /// `COMPLETE`, `UPDATING` or `DELETING`
        status: Seen<String> = "Status",
    }
    by Spec {
        arn: "Arn",
        created: "",
        summary: &["Id", "Arn", "VpcId", "FirewallRuleGroupId", "Status"],
        needs: &[Table::Vpcs],
        ..Spec::of(Table::DnsFirewalls, List {
            per: Some(if_there_are_vpcs),
            keep: Some(is_over_a_vpc),
            ..List::of(
                read!("route53resolver", "ListFirewallRuleGroupAssociations"),
                "FirewallRuleGroupAssociations",
            )
        })
    }
}

/// One question, unless there is provably nothing to ask about.
fn if_there_are_vpcs(known: &Known<'_>) -> Listed<Value> {
    let vpcs = &known.region.vpcs;
    let items = if vpcs.is_empty() { Vec::new() } else { vec![json!({})] };
    Listed { items, missing: vpcs.missing.clone() }
}

fn is_of_a_vpc(known: &Known<'_>, association: &Value) -> bool {
    names_a_vpc(known, association, "ResourceId")
}

fn is_over_a_vpc(known: &Known<'_>, association: &Value) -> bool {
    names_a_vpc(known, association, "VpcId")
}

fn names_a_vpc(known: &Known<'_>, association: &Value, member: &str) -> bool {
    let of = association.get(member).and_then(Value::as_str);
    known.region.vpcs.iter().any(|vpc| Some(vpc.id.as_str()) == of)
}
