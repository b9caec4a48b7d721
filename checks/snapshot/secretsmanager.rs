//! Secrets Manager: the secrets that SageMaker resources name. Their values are never asked for.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::record;
use super::reference::What;
use super::wire::Every;
use super::{Ask, Known, List, Listed, Seen, Spec, Table, Tag};
use crate::engine::references;
use crate::read;

/// A secret without a policy answers without one; a secret that is to be deleted has none to show.
const POLICY: Ask = Ask::of(read!("secretsmanager", "GetResourcePolicy"), &[("SecretId", "ARN")]);

record! {
    /// A secret that a SageMaker resource of the region names (DescribeSecret).
    pub struct ManagedSecret in managed_secrets {
        name: String = "Name",
        arn: String = "ARN",
        /// How resources name it, as it was asked for.
        reference: String = "SecretId",
        created: Seen<Timestamp> = "CreatedDate",
        /// Unset is the AWS managed key.
        key: Seen<String> = "KmsKeyId" => Key,
        /// Unset where rotation was never set up.
        rotates: Seen<bool> = "RotationEnabled",
        rotated: Seen<Timestamp> = "LastRotatedDate",
        changed: Seen<Timestamp> = "LastChangedDate",
        /// When it goes away.
        deleted: Seen<Timestamp> = "DeletedDate",
        /// The service that made it and looks after it.
        service: Seen<String> = "OwningService",
        tags: Seen<Vec<Tag>> = "Tags" as Every,
    }
    also {
        /// The resource policy as it stands; none is unset.
        policy: Seen<String> = POLICY, "ResourcePolicy";
    }
    by Spec {
        arn: "ARN",
        created: "CreatedDate",
        resource: "secret:{SecretId}",
        summary: &[
            "Name", "ARN", "CreatedDate", "KmsKeyId", "RotationEnabled", "LastRotatedDate", "LastChangedDate",
            "DeletedDate", "OwningService", "Tags",
        ],
        missing: "ResourceNotFoundException",
        needs: Table::WORKLOADS,
        ..Spec::of(Table::ManagedSecrets, List {
            size: None,
            per: Some(named),
            absent: &["ResourceNotFoundException"],
            ..List::of(read!("secretsmanager", "DescribeSecret"), "")
        })
    }
}

fn named(known: &Known<'_>) -> Listed<Value> {
    let (mut names, mut missing) = (BTreeSet::new(), None);
    for reference in references(known.region).filter(|reference| reference.what == What::Secret) {
        match reference.value {
            Ok(name) => drop(names.insert(name)),
            Err(gap) => missing = missing.or_else(|| Some(gap.clone())),
        }
    }
    Listed { items: names.into_iter().map(|name| json!({ "SecretId": name })).collect(), missing }
}
