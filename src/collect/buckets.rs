//! S3: the buckets that resources refer to, and the account's public access block.

use std::collections::BTreeMap;

use aws_sdk_s3::types::{ExpirationStatus, LifecycleRuleFilter, ObjectLockEnabled, ReplicationRuleStatus};
use sagescan_checks::snapshot::{
    AclGrant, Bucket, BucketEncryption, BucketSettings, Gap, LifecycleRule, ObjectLock, PublicAccessBlock, Reason,
    ReplicationRule, Seen,
};

use super::call::{Call, read};
use super::places::Place;
use super::translate::text;

const LIST: Call = read!("s3", "ListBuckets", "s3:ListAllMyBuckets");
const LOCATION: Call = read!("s3", "GetBucketLocation");
const ENCRYPTION: Call = read!("s3", "GetBucketEncryption", "s3:GetEncryptionConfiguration");
const BLOCK: Call = read!("s3", "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock");
const POLICY: Call = read!("s3", "GetBucketPolicy");
const POLICY_STATUS: Call = read!("s3", "GetBucketPolicyStatus");
const ACL: Call = read!("s3", "GetBucketAcl");
const VERSIONING: Call = read!("s3", "GetBucketVersioning");
const OWNERSHIP: Call = read!("s3", "GetBucketOwnershipControls");
const LOGGING: Call = read!("s3", "GetBucketLogging");
const LIFECYCLE: Call = read!("s3", "GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration");
const REPLICATION: Call = read!("s3", "GetBucketReplication", "s3:GetReplicationConfiguration");
const OBJECT_LOCK: Call = read!("s3", "GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration");
const ACCOUNT_BLOCK: Call = Call {
    source: "s3control:GetPublicAccessBlock",
    ..read!("s3-control", "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock")
};

pub(super) const BUCKETS: &[Call] =
    &[LIST, LOCATION, ENCRYPTION, BLOCK, POLICY, POLICY_STATUS, ACL, VERSIONING, OWNERSHIP];
pub(super) const SETTINGS: &[Call] = &[LOGGING, LIFECYCLE, REPLICATION, OBJECT_LOCK];
pub(super) const ACCOUNT_PUBLIC_ACCESS_BLOCK: &[Call] = &[ACCOUNT_BLOCK];

/// The account's own buckets.
pub(super) struct Own {
    /// Where each is, as far as the listing tells.
    pub(super) homes: BTreeMap<String, Option<String>>,
    missing: Option<Gap>,
}

impl Own {
    /// Whether a bucket is among them.
    pub(super) fn has(&self, bucket: &str) -> Seen<bool> {
        match &self.missing {
            _ if self.homes.contains_key(bucket) => Seen::Is(true),
            Some(gap) => Seen::Unseen(gap.clone()),
            None if is_directory_bucket(bucket) => {
                Seen::Unseen(Gap::new(Reason::Skipped, "directory buckets are not in the listing of buckets"))
            }
            None => Seen::Is(false),
        }
    }
}

/// Whether this is a directory bucket, by its name (Amazon S3 User Guide, "Directory bucket naming rules").
fn is_directory_bucket(name: &str) -> bool {
    name.ends_with("--x-s3")
}

/// The account's own buckets, by one listing.
pub(super) async fn own(place: &Place) -> Own {
    let s3 = &place.s3;
    let listed = place.asker.pages(
        &LIST,
        |token| s3.list_buckets().max_buckets(1000).set_continuation_token(token).send(),
        |page| (page.buckets.unwrap_or_default(), page.continuation_token),
        |_| false,
    );
    let listed = listed.await;
    let homes = listed.items.into_iter().filter_map(|b| Some((b.name?, b.bucket_region)));
    Own { homes: homes.collect(), missing: listed.missing }
}

/// The region of a bucket that the listing does not show: another account's, or in a listing without regions.
pub(super) async fn locate(place: &Place, bucket: &str) -> Seen<String> {
    let answer =
        place.asker.ask(&LOCATION, &["NoSuchBucket"], || place.s3.get_bucket_location().bucket(bucket).send()).await;
    answer.map(|answer| match answer.location_constraint().map(|c| c.as_str()) {
        // GetBucketLocation: buckets in us-east-1 have no constraint, and EU is the old name of eu-west-1.
        None | Some("") => "us-east-1".to_owned(),
        Some("EU") => "eu-west-1".to_owned(),
        Some(region) => region.to_owned(),
    })
}

/// Everything about one bucket, asked in the bucket's own region.
pub(super) async fn bucket(place: &Place, name: &str, region: Seen<String>) -> Bucket {
    let (ask, s3) = (&place.asker, &place.s3);
    let (encryption, block, policy, status, acl, versioning, ownership) = tokio::join!(
        ask.ask(&ENCRYPTION, &["ServerSideEncryptionConfigurationNotFoundError"], || s3
            .get_bucket_encryption()
            .bucket(name)
            .send()),
        ask.ask(&BLOCK, &["NoSuchPublicAccessBlockConfiguration"], || s3.get_public_access_block().bucket(name).send()),
        ask.ask(&POLICY, &["NoSuchBucketPolicy"], || s3.get_bucket_policy().bucket(name).send()),
        ask.ask(&POLICY_STATUS, &["NoSuchBucketPolicy"], || s3.get_bucket_policy_status().bucket(name).send()),
        ask.ask(&ACL, &[], || s3.get_bucket_acl().bucket(name).send()),
        ask.ask(&VERSIONING, &[], || s3.get_bucket_versioning().bucket(name).send()),
        ask.ask(&OWNERSHIP, &["OwnershipControlsNotFoundError"], || s3
            .get_bucket_ownership_controls()
            .bucket(name)
            .send()),
    );
    Bucket {
        name: name.to_owned(),
        region,
        owned: Seen::default(),
        encryption: encryption.field(|e| {
            let rules = e.server_side_encryption_configuration()?.rules();
            let default = rules.iter().find_map(|r| r.apply_server_side_encryption_by_default())?;
            Some(BucketEncryption {
                algorithm: default.sse_algorithm().as_str().to_owned(),
                key: text(default.kms_master_key_id()),
            })
        }),
        public_access_block: block.field(|b| {
            let block = b.public_access_block_configuration()?;
            Some(PublicAccessBlock {
                block_acls: block.block_public_acls().unwrap_or_default(),
                ignore_acls: block.ignore_public_acls().unwrap_or_default(),
                block_policy: block.block_public_policy().unwrap_or_default(),
                restrict_buckets: block.restrict_public_buckets().unwrap_or_default(),
            })
        }),
        policy: policy.field(|p| text(p.policy())),
        policy_public: status.field(|s| s.policy_status()?.is_public()),
        acl: acl.field(|a| {
            let grant = |g: &aws_sdk_s3::types::Grant| {
                let grantee = g.grantee()?;
                Some(AclGrant {
                    grantee: text(grantee.uri()).or_else(|| text(grantee.id())).unwrap_or_default(),
                    permission: g.permission().map(|p| p.as_str().to_owned()).unwrap_or_default(),
                })
            };
            Some(a.grants().iter().filter_map(grant).collect())
        }),
        mfa_delete: versioning.field(|v| v.mfa_delete().map(|s| s.as_str().to_owned())),
        versioning: versioning.field(|v| v.status().map(|s| s.as_str().to_owned())),
        ownership: ownership
            .field(|o| Some(o.ownership_controls()?.rules().first()?.object_ownership().as_str().to_owned())),
    }
}

/// What else is set for a bucket, asked in its own region. Directory buckets have none of it (Amazon S3 User Guide,
/// "Differences for directory buckets").
pub(super) async fn settings(place: &Place, name: &str) -> BucketSettings {
    let (ask, s3) = (&place.asker, &place.s3);
    if name.ends_with("--x-s3") {
        let gap = Gap::new(Reason::Skipped, "a directory bucket has no such settings");
        return no_settings(name, &gap);
    }
    let (logging, lifecycle, replication, lock) = tokio::join!(
        ask.ask(&LOGGING, &[], || s3.get_bucket_logging().bucket(name).send()),
        ask.ask(&LIFECYCLE, &["NoSuchLifecycleConfiguration"], || s3
            .get_bucket_lifecycle_configuration()
            .bucket(name)
            .send()),
        ask.ask(&REPLICATION, &["ReplicationConfigurationNotFoundError"], || s3
            .get_bucket_replication()
            .bucket(name)
            .send()),
        ask.ask(&OBJECT_LOCK, &["ObjectLockConfigurationNotFoundError"], || s3
            .get_object_lock_configuration()
            .bucket(name)
            .send()),
    );
    BucketSettings {
        name: name.to_owned(),
        logging: logging.field(|l| Some(l.logging_enabled()?.target_bucket().to_owned())),
        lifecycle: lifecycle.field(|l| Some(l.rules().iter().map(lifecycle_rule).collect())),
        replication: replication
            .field(|r| Some(r.replication_configuration()?.rules().iter().map(replication_rule).collect())),
        object_lock: lock.field(|l| {
            let lock = l.object_lock_configuration()?;
            let default = lock.rule().and_then(|rule| rule.default_retention());
            Some(ObjectLock {
                enabled: lock.object_lock_enabled() == Some(&ObjectLockEnabled::Enabled),
                mode: default.and_then(|default| default.mode()).map(|mode| mode.as_str().to_owned()),
            })
        }),
    }
}

/// The settings of a bucket of which nothing could be asked.
pub(super) fn no_settings(name: &str, gap: &Gap) -> BucketSettings {
    BucketSettings {
        name: name.to_owned(),
        logging: Seen::Unseen(gap.clone()),
        lifecycle: Seen::Unseen(gap.clone()),
        replication: Seen::Unseen(gap.clone()),
        object_lock: Seen::Unseen(gap.clone()),
    }
}

fn lifecycle_rule(rule: &aws_sdk_s3::types::LifecycleRule) -> LifecycleRule {
    let filter = rule.filter();
    let both = filter.and_then(LifecycleRuleFilter::and);
    // Rules of before 2016 have their prefix beside the filter.
    #[allow(deprecated)]
    let old = rule.prefix();
    let prefix = both.and_then(|both| both.prefix()).or_else(|| filter?.prefix()).or(old).unwrap_or_default();
    let narrow = |f: &LifecycleRuleFilter| {
        f.tag().is_some() || f.object_size_greater_than().is_some() || f.object_size_less_than().is_some()
    };
    let narrowed = filter.is_some_and(narrow)
        || both.is_some_and(|both| {
            !both.tags().is_empty()
                || both.object_size_greater_than().is_some()
                || both.object_size_less_than().is_some()
        });
    let expires = rule.expiration().is_some_and(|e| e.days().is_some() || e.date().is_some());
    LifecycleRule {
        id: text(rule.id()).unwrap_or_default(),
        enabled: *rule.status() == ExpirationStatus::Enabled,
        prefix: prefix.to_owned(),
        narrowed,
        expires,
        moves: !rule.transitions().is_empty(),
        expires_versions: rule.noncurrent_version_expiration().is_some(),
    }
}

fn replication_rule(rule: &aws_sdk_s3::types::ReplicationRule) -> ReplicationRule {
    let destination = rule.destination();
    ReplicationRule {
        id: text(rule.id()).unwrap_or_default(),
        enabled: *rule.status() == ReplicationRuleStatus::Enabled,
        destination: destination.map(|d| d.bucket().to_owned()).unwrap_or_default(),
        account: destination.and_then(|d| text(d.account())),
    }
}

/// A bucket of which nothing could be asked, because nobody said where it is.
pub(super) fn lost(name: &str, region: Seen<String>) -> Bucket {
    let gap = match &region {
        Seen::Unseen(gap) => gap.clone(),
        Seen::Unset => Gap::new(Reason::Skipped, format!("bucket {name} does not exist")),
        Seen::Is(_) => Gap::not_collected(),
    };
    Bucket {
        name: name.to_owned(),
        region,
        owned: Seen::default(),
        encryption: Seen::Unseen(gap.clone()),
        public_access_block: Seen::Unseen(gap.clone()),
        policy: Seen::Unseen(gap.clone()),
        policy_public: Seen::Unseen(gap.clone()),
        acl: Seen::Unseen(gap.clone()),
        versioning: Seen::Unseen(gap.clone()),
        mfa_delete: Seen::Unseen(gap.clone()),
        ownership: Seen::Unseen(gap),
    }
}

/// The account's own public access block, which overrides every bucket's.
pub(super) async fn account_block(
    place: &Place,
    s3control: &aws_sdk_s3control::Client,
    account: &str,
) -> Seen<PublicAccessBlock> {
    let absent = &["NoSuchPublicAccessBlockConfiguration"];
    let request = || s3control.get_public_access_block().account_id(account);
    let answer = place.asker.ask(&ACCOUNT_BLOCK, absent, || request().send()).await;
    answer.field(|answer| {
        let block = answer.public_access_block_configuration()?;
        Some(PublicAccessBlock {
            block_acls: block.block_public_acls().unwrap_or_default(),
            ignore_acls: block.ignore_public_acls().unwrap_or_default(),
            block_policy: block.block_public_policy().unwrap_or_default(),
            restrict_buckets: block.restrict_public_buckets().unwrap_or_default(),
        })
    })
}
