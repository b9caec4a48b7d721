//! Resource Access Manager: which SageMaker resources the account shares, and with whom.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::record;
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

record! {
    /// A SageMaker resource in a share of the account's own (ListResources).
    pub struct SharedResource in shared_resources {
        /// The ARN of the resource.
        id: String = "arn",
        /// The ARN of the share.
        share: String = "resourceShareArn",
        /// `sagemaker:Hub`, `sagemaker:FeatureGroup`, …
        resource_type: Seen<String> = "type",
    }
    by Spec {
        arn: "arn",
        created: "creationTime",
        summary: &["arn", "resourceShareArn", "type"],
        missing: "UnknownResourceException",
        ..Spec::of(Table::SharedResources, List {
            size: Some(("maxResults", 500)),
            token: "nextToken",
            with: r#"{"resourceOwner": "SELF"}"#,
            keep: Some(is_sagemakers),
            ..List::of(read!("ram", "ListResources"), "resources")
        })
    }
}

record! {
    /// A share of the account's own that holds SageMaker resources (GetResourceShares).
    pub struct ResourceShare in resource_shares {
        name: String = "name",
        arn: String = "resourceShareArn",
        /// `ACTIVE`, `PENDING`, `FAILED`, `DELETING` or `DELETED`
        status: Seen<String> = "status",
        created: Seen<Timestamp> = "creationTime",
        /// Whether accounts outside of the organization may be let in.
        allows_outsiders: Seen<bool> = "allowExternalPrincipals",
    }
    by Spec {
        arn: "resourceShareArn",
        created: "creationTime",
        summary: &["name", "resourceShareArn", "status", "creationTime", "allowExternalPrincipals"],
        missing: "UnknownResourceException",
        needs: &[Table::SharedResources],
        ..Spec::of(Table::ResourceShares, List {
            size: Some(("maxResults", 500)),
            token: "nextToken",
            with: r#"{"resourceOwner": "SELF"}"#,
            per: Some(shares),
            // A share went away after its resources were listed.
            absent: &["UnknownResourceException"],
            ..List::of(read!("ram", "GetResourceShares"), "resourceShares")
        })
    }
}

record! {
    /// Whom a share of SageMaker resources lets in (ListPrincipals).
    pub struct SharePrincipal in share_principals {
        /// An account id, or the ARN of an organization, a unit of it, a role, a user, or the name of a service.
        id: String = "id",
        /// The ARN of the share.
        share: String = "resourceShareArn",
        /// Whether the account is outside of the organization.
        external: Seen<bool> = "external",
    }
    by Spec {
        arn: "",
        created: "creationTime",
        summary: &["id", "resourceShareArn", "external"],
        missing: "UnknownResourceException",
        needs: &[Table::SharedResources],
        ..Spec::of(Table::SharePrincipals, List {
            size: Some(("maxResults", 500)),
            token: "nextToken",
            with: r#"{"resourceOwner": "SELF"}"#,
            per: Some(shares),
            absent: &["UnknownResourceException"],
            ..List::of(read!("ram", "ListPrincipals"), "principals")
        })
    }
}

/// Types are `sagemaker:Hub` and the like (user guide, "Shareable AWS resources"); where a type is another word, the ARN tells.
fn is_sagemakers(_: &Known<'_>, resource: &Value) -> bool {
    let text = |member: &str| resource.get(member).and_then(Value::as_str);
    text("type").is_none_or(|kind| kind.to_ascii_lowercase().starts_with("sagemaker"))
        || text("arn").is_some_and(|arn| arn.split(':').nth(2) == Some("sagemaker"))
}

/// The shares that hold SageMaker resources, one question each: an answer tells of which share it is, a refusal does not.
fn shares(known: &Known<'_>) -> Listed<Value> {
    let resources = &known.region.shared_resources;
    let shares: BTreeSet<&str> = resources.iter().map(|resource| resource.share.as_str()).collect();
    let items = shares.into_iter().map(|share| json!({ "resourceShareArns": [share] })).collect();
    Listed { items, missing: resources.missing.clone() }
}
