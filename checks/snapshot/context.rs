//! Keys and buckets: what SageMaker resources lean on.

use jiff::Timestamp;

use super::record::part;
use super::wire::{EnabledDisabled, Present};
use super::{Seen, model};

part! {
    /// Public access block settings, of a bucket or of the account.
    pub struct PublicAccessBlock {
        block_acls: bool = "BlockPublicAcls",
        ignore_acls: bool = "IgnorePublicAcls",
        block_policy: bool = "BlockPublicPolicy",
        restrict_buckets: bool = "RestrictPublicBuckets",
    }

    /// Default encryption of a bucket (`ApplyServerSideEncryptionByDefault`).
    pub struct BucketEncryption {
        /// `AES256`, `aws:kms`, `aws:kms:dsse`
        algorithm: String = "SSEAlgorithm",
        /// Absent with `aws:kms` means the AWS managed key
        key: Option<String> = "KMSMasterKeyID",
    }

    /// A grant of a bucket's access control list.
    pub struct AclGrant {
        /// A group by its URI, an account by its id
        grantee: String = "Grantee.URI" | "Grantee.ID",
        permission: String = "Permission",
    }

    /// A rule of a bucket's lifecycle.
    pub struct LifecycleRule {
        id: String = "ID",
        enabled: bool = "Status" as EnabledDisabled,
        /// Empty for all objects
        prefix: String = "Filter.Prefix" | "Filter.And.Prefix" | "Prefix",
        /// It also asks for tags or sizes, so the rule is not about every object of the prefix
        narrowed: bool = "Filter.Tag" | "Filter.ObjectSizeGreaterThan" | "Filter.ObjectSizeLessThan" | "Filter.And.Tag"
            | "Filter.And.ObjectSizeGreaterThan" | "Filter.And.ObjectSizeLessThan" as Present,
        /// Objects are deleted; a rule that only removes delete markers has neither
        expires: bool = "Expiration.Days" | "Expiration.Date" as Present,
        /// Objects move to cheaper storage
        moves: bool = "Transition" as Present,
        /// Old versions are deleted
        expires_versions: bool = "NoncurrentVersionExpiration" as Present,
    }

    /// A rule of a bucket's replication.
    pub struct ReplicationRule {
        id: String = "ID",
        enabled: bool = "Status" as EnabledDisabled,
        /// An ARN
        destination: String = "Destination.Bucket",
        /// Where the owner of the copies is another
        account: Option<String> = "Destination.Account",
    }

    /// Object Lock of a bucket.
    pub struct ObjectLock {
        enabled: bool = "ObjectLockEnabled" as EnabledDisabled,
        /// `GOVERNANCE` or `COMPLIANCE`; without one, objects are locked one by one
        mode: Option<String> = "Rule.DefaultRetention.Mode",
    }
}

model! {
    /// A KMS key that something refers to (DescribeKey, GetKeyPolicy, GetKeyRotationStatus).
    pub struct Key {
        /// `KeyMetadata.Arn`; the reference itself where the key could not be resolved
        pub arn: String,
        /// The ids, ARNs and aliases under which resources of the region name this key
        pub references: Vec<String>,
        /// Whether DescribeKey found it; `NotFoundException` is false
        pub exists: Seen<bool>,
        /// `KeyMetadata.KeyManager`: `CUSTOMER` or `AWS`
        pub manager: Seen<String>,
        /// `KeyMetadata.AWSAccountId`
        pub account: Seen<String>,
        /// `KeyMetadata.KeyState`
        pub state: Seen<String>,
        /// `KeyMetadata.DeletionDate`
        pub deletion: Seen<Timestamp>,
        /// `KeyMetadata.KeySpec`
        pub spec: Seen<String>,
        /// `KeyMetadata.Origin`: `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM`, `EXTERNAL_KEY_STORE`
        pub origin: Seen<String>,
        /// `KeyRotationEnabled`
        pub rotation: Seen<bool>,
        /// `RotationPeriodInDays`
        pub rotation_days: Seen<i32>,
        /// `Policy` of GetKeyPolicy
        pub policy: Seen<String>,
    }

    /// An S3 bucket that something refers to.
    pub struct Bucket {
        /// The bucket's name
        pub name: String,
        /// HeadBucket's or GetBucketLocation's region
        pub region: Seen<String>,
        /// Whether ListBuckets shows it: the account's own
        pub owned: Seen<bool>,
        /// GetBucketEncryption; no configuration is unset
        pub encryption: Seen<BucketEncryption>,
        /// GetPublicAccessBlock; no configuration is unset
        pub public_access_block: Seen<PublicAccessBlock>,
        /// GetBucketPolicy; no policy is unset
        pub policy: Seen<String>,
        /// GetBucketPolicyStatus `IsPublic`; no policy is unset
        pub policy_public: Seen<bool>,
        /// GetBucketAcl `Grants`
        pub acl: Seen<Vec<AclGrant>>,
        /// GetBucketVersioning `Status`; never enabled is unset
        pub versioning: Seen<String>,
        /// GetBucketVersioning `MFADelete`: `Enabled` or `Disabled`; never set is unset
        pub mfa_delete: Seen<String>,
        /// GetBucketOwnershipControls `ObjectOwnership`
        pub ownership: Seen<String>,
    }

    /// What else is set for a bucket: asked only where a check reads it.
    pub struct BucketSettings {
        /// The bucket's name
        pub name: String,
        /// GetBucketLogging `LoggingEnabled.TargetBucket`; no logging is unset
        pub logging: Seen<String>,
        /// GetBucketLifecycleConfiguration `Rules`; no configuration is unset
        pub lifecycle: Seen<Vec<LifecycleRule>>,
        /// GetBucketReplication `ReplicationConfiguration.Rules`; no configuration is unset
        pub replication: Seen<Vec<ReplicationRule>>,
        /// GetObjectLockConfiguration; no configuration is unset
        pub object_lock: Seen<ObjectLock>,
    }
}
