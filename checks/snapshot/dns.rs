//! Route 53 Resolver: which VPCs have their DNS queries logged.

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

/// One question, unless there is provably nothing to ask about.
fn if_there_are_vpcs(known: &Known<'_>) -> Listed<Value> {
    let vpcs = &known.region.vpcs;
    let items = if vpcs.is_empty() { Vec::new() } else { vec![json!({})] };
    Listed { items, missing: vpcs.missing.clone() }
}

fn is_of_a_vpc(known: &Known<'_>, association: &Value) -> bool {
    let of = association.get("ResourceId").and_then(Value::as_str);
    known.region.vpcs.iter().any(|vpc| Some(vpc.id.as_str()) == of)
}
