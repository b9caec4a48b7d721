//! Elastic File System: the homes of Studio domains, and what apps mount beside them.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::{part, record};
use super::wire::Every;
use super::{Ask, Known, List, Listed, Record, Reference, Region, Seen, Spec, Table, Tag, What, wire};
use crate::read;

/// A file system without a policy of its own answers so (EFS API reference, DescribeFileSystemPolicy).
const POLICY: Ask = Ask {
    absent: &["PolicyNotFound"],
    ..Ask::of(read!("elasticfilesystem", "DescribeFileSystemPolicy"), &[("FileSystemId", "FileSystemId")])
};

/// A file system that was never told about backups answers so (EFS API reference, DescribeBackupPolicy).
const BACKUP: Ask = Ask {
    absent: &["PolicyNotFound"],
    ..Ask::of(read!("elasticfilesystem", "DescribeBackupPolicy"), &[("FileSystemId", "FileSystemId")])
};

/// The tag that SageMaker puts on the file systems that it makes, with the ARN of the domain as its value (SageMaker AI
/// developer guide, "Manage your storage volume in Amazon SageMaker Studio Classic").
pub const MADE_FOR_DOMAIN: &str = "ManagedByAmazonSageMakerResource";

record! {
    /// A file system that something of SageMaker's names, or that SageMaker made (DescribeFileSystems).
    pub struct FileSystem in file_systems {
        id: String = "FileSystemId",
        arn: String = "FileSystemArn",
        status: Seen<String> = "LifeCycleState",
        created: Seen<Timestamp> = "CreationTime",
        /// Whether what it holds is encrypted at rest.
        encrypted: Seen<bool> = "Encrypted",
        key: Seen<String> = "KmsKeyId" => Key,
        /// How many mount targets it has: without one nothing can reach it.
        mount_targets: Seen<i32> = "NumberOfMountTargets",
        /// What it holds, in bytes.
        size: Seen<i64> = "SizeInBytes.Value",
        tags: Seen<Vec<Tag>> = "Tags" as Every,
    }
    also {
        /// The policy as it stands; none is unset.
        policy: Seen<String> = POLICY, "Policy";
        /// `ENABLED`, `ENABLING`, `DISABLED` or `DISABLING`.
        backup: Seen<String> = BACKUP, "BackupPolicy.Status";
    }
    by Spec {
        arn: "FileSystemArn",
        resource: "file-system/{FileSystemId}",
        summary: &[
            "FileSystemId", "FileSystemArn", "LifeCycleState", "CreationTime", "Encrypted", "KmsKeyId",
            "NumberOfMountTargets", "SizeInBytes", "Tags", "OwnerId", "CreationToken", "PerformanceMode",
        ],
        required: r#"{
            "OwnerId": "111122223333", "CreationToken": "d-abcdefghijkl", "PerformanceMode": "generalPurpose"
        }"#,
        missing: "FileSystemNotFound",
        needs: NAMED_BY,
        ..Spec::of(Table::FileSystems, List {
            size: Some(("MaxItems", 100)),
            token: "Marker=NextMarker",
            per: Some(where_they_are_named),
            keep: Some(is_of_sagemaker),
            ..List::of(read!("elasticfilesystem", "DescribeFileSystems"), "FileSystems")
        })
    }
}

part! {
    /// A mount target of the home of a domain: what it is reached through (DescribeMountTargets).
    pub struct MountTarget {
        id: String = "MountTargetId",
        file_system: String = "FileSystemId",
        status: Option<String> = "LifeCycleState",
        subnet: Option<String> = "SubnetId",
        /// Its network interface, which wears its security groups.
        interface: Option<String> = "NetworkInterfaceId",
    }
}

/// The mount targets of the home of a domain. EFS has one at most in each Availability Zone, so one page holds them all (EFS
/// API reference, CreateMountTarget).
pub(super) const HOME: Ask = Ask {
    // The file system went away after the domain was described.
    absent: &["FileSystemNotFound"],
    ..Ask::of(read!("elasticfilesystem", "DescribeMountTargets"), &[("FileSystemId", "HomeEfsFileSystemId")])
};

/// The tables whose resources name file systems.
const NAMED_BY: &[Table] = &[Table::Domains, Table::UserProfiles, Table::Spaces];

/// Every name of a file system in the tables of [`NAMED_BY`].
pub(crate) fn file_systems_named(region: &Region) -> impl Iterator<Item = Reference<'_>> {
    let domains = region.domains.iter().flat_map(Record::references);
    let profiles = region.user_profiles.iter().flat_map(Record::references);
    let spaces = region.spaces.iter().flat_map(Record::references);
    domains.chain(profiles).chain(spaces).filter(|reference| reference.what == What::FileSystem)
}

/// One question. What was not seen may name further file systems.
fn where_they_are_named(known: &Known<'_>) -> Listed<Value> {
    let region = known.region;
    let tables = [&region.domains.missing, &region.user_profiles.missing, &region.spaces.missing];
    let hidden = || file_systems_named(region).find_map(|reference| reference.value.err());
    let missing = tables.into_iter().flatten().next().or_else(hidden).cloned();
    Listed { items: vec![json!({})], missing }
}

/// Whether something names the file system, or SageMaker made it for a domain that may be gone.
fn is_of_sagemaker(known: &Known<'_>, summary: &Value) -> bool {
    let tags = wire::look(summary, "Tags[].Key");
    let made = tags.is_some_and(|tags| tags.as_array().is_some_and(|all| all.iter().any(|tag| tag == MADE_FOR_DOMAIN)));
    let id = summary.get("FileSystemId").and_then(Value::as_str);
    made || id.is_some_and(|id| file_systems_named(known.region).any(|reference| reference.value == Ok(id)))
}
