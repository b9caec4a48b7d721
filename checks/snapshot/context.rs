//! Keys and buckets: what SageMaker resources lean on.

use jiff::Timestamp;

use super::{Seen, model};

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

    /// Public access block settings, of a bucket or of the account.
    pub struct PublicAccessBlock {
        /// `BlockPublicAcls`
        pub block_acls: bool,
        /// `IgnorePublicAcls`
        pub ignore_acls: bool,
        /// `BlockPublicPolicy`
        pub block_policy: bool,
        /// `RestrictPublicBuckets`
        pub restrict_buckets: bool,
    }

    /// Default encryption of a bucket.
    pub struct BucketEncryption {
        /// `SSEAlgorithm`: `AES256`, `aws:kms`, `aws:kms:dsse`
        pub algorithm: String,
        /// `KMSMasterKeyID`; absent with `aws:kms` means the AWS managed key
        pub key: Option<String>,
    }

    /// A grant of a bucket's access control list.
    pub struct AclGrant {
        /// `Grantee.URI`, or `Grantee.ID` for an account
        pub grantee: String,
        /// `Permission`
        pub permission: String,
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

    /// A rule of a bucket's lifecycle (`Rules[]`).
    pub struct LifecycleRule {
        /// `ID`
        pub id: String,
        /// `Status` is `Enabled`
        pub enabled: bool,
        /// `Filter.Prefix`, `Filter.And.Prefix` or the older `Prefix`; empty for all objects
        pub prefix: String,
        /// `Filter` also asks for tags or sizes, so the rule is not about every object of the prefix
        pub narrowed: bool,
        /// `Expiration` has days or a date: objects are deleted
        pub expires: bool,
        /// `Transitions` is not empty: objects move to cheaper storage
        pub moves: bool,
        /// `NoncurrentVersionExpiration` is there: old versions are deleted
        pub expires_versions: bool,
    }

    /// A rule of a bucket's replication (`ReplicationConfiguration.Rules[]`).
    pub struct ReplicationRule {
        /// `ID`
        pub id: String,
        /// `Status` is `Enabled`
        pub enabled: bool,
        /// `Destination.Bucket`, an ARN
        pub destination: String,
        /// `Destination.Account`, where the owner of the copies is another
        pub account: Option<String>,
    }

    /// Object Lock of a bucket (`ObjectLockConfiguration`).
    pub struct ObjectLock {
        /// `ObjectLockEnabled` is `Enabled`
        pub enabled: bool,
        /// `Rule.DefaultRetention.Mode`: `GOVERNANCE` or `COMPLIANCE`; without one, objects are locked one by one
        pub mode: Option<String>,
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
