//! S3: the buckets that resources refer to, and the account's public access block.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use sagescan_checks::snapshot::wire::Wire;
use sagescan_checks::snapshot::{
    Bucket, BucketEncryption, BucketSettings, Gap, List, Listed, PublicAccessBlock, Reason, Seen, Trail,
};
use serde_json::{Value, json};

use super::Places;
use super::ask::guarded;
use super::call::{Call, read};
use super::places::Place;
use super::records::{self, text_at};
use super::translate::at;

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

/// The buckets of these names, each asked in its own region; with what else is set for them, where that is wanted.
pub(super) async fn of_resources(
    places: &Places<'_>,
    names: Listed<String>,
    with_settings: bool,
) -> (Listed<Bucket>, Listed<BucketSettings>) {
    let Listed { items, missing } = names;
    let (items, settings) = named(places, items.into_iter().collect(), with_settings).await;
    (Listed { items, missing: missing.clone() }, Listed { items: settings, missing })
}

/// The buckets that trails write to.
pub(super) async fn of_trails(places: &Places<'_>, trails: &Listed<Trail>) -> Listed<Bucket> {
    let (mut names, mut missing) = (BTreeSet::<String>::new(), trails.missing.clone());
    for trail in trails.iter() {
        names.extend(trail.bucket.shown().cloned());
        missing = missing.or_else(|| trail.bucket.gap().cloned());
    }
    Listed { items: named(places, names, false).await.0, missing }
}

/// Buckets by name, each asked in its own region.
async fn named(
    places: &Places<'_>,
    names: BTreeSet<String>,
    with_settings: bool,
) -> (Vec<Bucket>, Vec<BucketSettings>) {
    let Some(home) = places.config.region().filter(|_| !names.is_empty()) else { return Default::default() };
    let home = places.at(home.as_ref()).await;
    let own = own(&home).await;
    let asked = names.iter().map(|name| async {
        let region = match own.homes.get(name) {
            Some(Some(region)) => Seen::Is(region.clone()),
            _ => locate(&home, name).await,
        };
        let place = match region.shown() {
            Some(region) => Some(places.at(region).await),
            None => None,
        };
        let bucket = async {
            let Some(place) = &place else { return lost(name, region.clone()) };
            guarded(bucket(place, name, region.clone()), |gap| lost(name, Seen::Unseen(gap))).await
        };
        let settings = async {
            match &place {
                _ if !with_settings => None,
                None => Some(no_settings(name, &unasked(name, &region))),
                Some(place) => Some(guarded(settings(place, name), |gap| no_settings(name, &gap)).await),
            }
        };
        let (bucket, settings) = tokio::join!(bucket, settings);
        (Bucket { owned: own.has(name), ..bucket }, settings)
    });
    let asked = futures_util::stream::iter(asked.collect::<Vec<_>>()).buffered(16);
    let (buckets, settings): (Vec<Bucket>, Vec<Option<BucketSettings>>) = asked.unzip().await;
    (buckets, settings.into_iter().flatten().collect())
}

/// The account's own buckets.
struct Own {
    /// Where each is, as far as the listing tells.
    homes: BTreeMap<String, Option<String>>,
    missing: Option<Gap>,
}

impl Own {
    /// Whether a bucket is among them.
    fn has(&self, bucket: &str) -> Seen<bool> {
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
async fn own(place: &Place) -> Own {
    let list = List {
        size: Some(("max-buckets", 1000)),
        token: "continuation-token=ContinuationToken",
        ..List::of(LIST, "Buckets.Bucket")
    };
    let Listed { items, missing } = records::pages(place, &list, json!({}), records::everything).await;
    let home = |bucket: &Value| bucket.get("BucketRegion").and_then(Value::as_str).map(str::to_owned);
    let homes = items.iter().map(|bucket| (text_at(bucket, "Name"), home(bucket)));
    Own { homes: homes.filter(|(name, _)| !name.is_empty()).collect(), missing }
}

/// The region of a bucket that the listing does not show: another account's, or in a listing without regions.
async fn locate(place: &Place, bucket: &str) -> Seen<String> {
    if is_directory_bucket(bucket) {
        return Seen::Unseen(directory_bucket());
    }
    let answer = place.question(&LOCATION, &["NoSuchBucket"], json!({ "Bucket": bucket })).await;
    answer.map(|answer| match answer.get("LocationConstraint").and_then(Value::as_str) {
        // GetBucketLocation: buckets in us-east-1 have no constraint, and EU is the old name of eu-west-1.
        None | Some("") => "us-east-1".to_owned(),
        Some("EU") => "eu-west-1".to_owned(),
        Some(region) => region.to_owned(),
    })
}

/// Directory buckets answer at endpoints of their own, to sessions of their own (Amazon S3 User Guide, "Differences for
/// directory buckets").
fn directory_bucket() -> Gap {
    Gap::new(Reason::Skipped, "directory buckets are not asked about: they answer to sessions of their own only")
}

/// Everything about one bucket, asked in the bucket's own region.
async fn bucket(place: &Place, name: &str, region: Seen<String>) -> Bucket {
    let ask = async |call: &Call, absent: &[&str]| place.question(call, absent, json!({ "Bucket": name })).await;
    let (encryption, block, policy, status, acl, versioning, ownership) = tokio::join!(
        ask(&ENCRYPTION, &["ServerSideEncryptionConfigurationNotFoundError"]),
        ask(&BLOCK, &["NoSuchPublicAccessBlockConfiguration"]),
        ask(&POLICY, &["NoSuchBucketPolicy"]),
        ask(&POLICY_STATUS, &["NoSuchBucketPolicy"]),
        ask(&ACL, &[]),
        ask(&VERSIONING, &[]),
        ask(&OWNERSHIP, &["OwnershipControlsNotFoundError"]),
    );
    Bucket {
        name: name.to_owned(),
        region,
        owned: Seen::default(),
        encryption: first(at::<Vec<BucketEncryption>>(&encryption, "Rule[].ApplyServerSideEncryptionByDefault")),
        public_access_block: at(&block, ""),
        policy: at(&policy, "Policy"),
        policy_public: at(&status, "IsPublic"),
        acl: all(&acl, "AccessControlList.Grant"),
        mfa_delete: at(&versioning, "MfaDelete"),
        versioning: at(&versioning, "Status"),
        ownership: first(at::<Vec<String>>(&ownership, "Rule[].ObjectOwnership")),
    }
}

/// The first of a list.
fn first<T>(listed: Seen<Vec<T>>) -> Seen<T> {
    match listed {
        Seen::Is(all) => all.into_iter().next().map_or(Seen::Unset, Seen::Is),
        Seen::Unset => Seen::Unset,
        Seen::Unseen(gap) => Seen::Unseen(gap),
    }
}

/// A list that is empty where an answer has none.
fn all<T: Wire>(answer: &Seen<Value>, path: &str) -> Seen<Vec<T>> {
    match at(answer, path) {
        Seen::Unset if answer.shown().is_some() => Seen::Is(Vec::new()),
        listed => listed,
    }
}

/// What else is set for a bucket, asked in its own region.
async fn settings(place: &Place, name: &str) -> BucketSettings {
    let ask = async |call: &Call, absent: &[&str]| place.question(call, absent, json!({ "Bucket": name })).await;
    let (logging, lifecycle, replication, lock) = tokio::join!(
        ask(&LOGGING, &[]),
        ask(&LIFECYCLE, &["NoSuchLifecycleConfiguration"]),
        ask(&REPLICATION, &["ReplicationConfigurationNotFoundError"]),
        ask(&OBJECT_LOCK, &["ObjectLockConfigurationNotFoundError"]),
    );
    BucketSettings {
        name: name.to_owned(),
        logging: at(&logging, "LoggingEnabled.TargetBucket"),
        lifecycle: all(&lifecycle, "Rule"),
        replication: all(&replication, "Rule"),
        object_lock: at(&lock, ""),
    }
}

/// The settings of a bucket of which nothing could be asked.
fn no_settings(name: &str, gap: &Gap) -> BucketSettings {
    BucketSettings {
        name: name.to_owned(),
        logging: Seen::Unseen(gap.clone()),
        lifecycle: Seen::Unseen(gap.clone()),
        replication: Seen::Unseen(gap.clone()),
        object_lock: Seen::Unseen(gap.clone()),
    }
}

/// Why nothing is asked about a bucket: nobody said where it is.
fn unasked(name: &str, region: &Seen<String>) -> Gap {
    match region {
        Seen::Unseen(gap) => gap.clone(),
        Seen::Unset => Gap::new(Reason::Skipped, format!("bucket {name} does not exist")),
        Seen::Is(_) => Gap::not_collected(),
    }
}

/// A bucket of which nothing could be asked, because nobody said where it is.
fn lost(name: &str, region: Seen<String>) -> Bucket {
    let gap = unasked(name, &region);
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
pub(super) async fn account_block(place: &Place, account: &str) -> Seen<PublicAccessBlock> {
    let absent = &["NoSuchPublicAccessBlockConfiguration"];
    at(&place.question(&ACCOUNT_BLOCK, absent, json!({ "AccountId": account })).await, "")
}
