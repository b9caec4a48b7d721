use crate::aws::buckets::{is_directory_bucket, is_of_sagemaker};
use crate::prelude::*;

pub(super) struct S3MlBucketNotPublic;

impl Check for S3MlBucketNotPublic {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-not-public",
        title: "Buckets of SageMaker are not public",
        severity: Severity::Critical,
        reads: &[Table::Buckets, Table::PublicAccessBlock],
        practices: &["REST-4"],
        page: include_str!("s3_ml_bucket_not_public.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("public access to a directory bucket is always blocked"));
        }
        let account = &here.world.snapshot.account.public_access_block;
        let blocked = |setting: fn(&PublicAccessBlock) -> bool| -> Result<bool, Unseen> {
            // The account's settings and the bucket's add up: one seen to be on is enough.
            match (account.get(), bucket.public_access_block.get()) {
                (Ok(Some(block)), _) | (_, Ok(Some(block))) if setting(block) => Ok(true),
                (Err(gap), _) | (_, Err(gap)) => Err(gap),
                _ => Ok(false),
            }
        };
        let by_policy =
            opened_by(bucket.policy_public.get().map(|p| p.copied().unwrap_or(false)), blocked(|b| b.restrict_buckets));
        let granted = || -> Result<Option<&AclGrant>, Unseen> {
            if bucket.ownership.shown().is_some_and(|ownership| ownership == "BucketOwnerEnforced") {
                return Ok(None);
            }
            Ok(bucket.acl.known("Grants")?.iter().find(|grant| audience(grant).is_some()))
        };
        let grant = granted();
        let by_acl = opened_by(grant.clone().map(|g| g.is_some()), blocked(|b| b.ignore_acls));

        if by_policy == Ok(true) {
            return Ok(fail("its policy lets everyone in, and no public access block stops that").with("by", "policy"));
        }
        if let (Ok(true), Ok(Some(grant))) = (&by_acl, &grant) {
            let whom = audience(grant).unwrap_or_default();
            let says = format!(
                "its access control list grants {} to {whom}, and no public access block stops that",
                grant.permission
            );
            return Ok(fail(says).with("by", "acl").with("permission", grant.permission.as_str()));
        }
        by_policy.and(by_acl)?;
        Ok(pass("neither its policy nor its access control list opens it to the public"))
    }
}

/// Something is open when it is granted and not blocked; a "no" to either is enough.
fn opened_by(granted: Result<bool, Unseen>, blocked: Result<bool, Unseen>) -> Result<bool, Unseen> {
    match (granted, blocked) {
        (Ok(false), _) | (_, Ok(true)) => Ok(false),
        (Ok(true), Ok(false)) => Ok(true),
        (Err(gap), _) | (_, Err(gap)) => Err(gap),
    }
}

/// Whom a grant lets in, if it is the public: the groups of the S3 User Guide, "Access control list (ACL) overview".
fn audience(grant: &AclGrant) -> Option<&'static str> {
    match grant.grantee.rsplit_once("/groups/global/")?.1 {
        "AllUsers" => Some("everyone"),
        "AuthenticatedUsers" => Some("every AWS account"),
        _ => None,
    }
}
