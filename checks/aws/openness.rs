//! Whether a bucket is open to the public, by its policy or its access control list, past the public access blocks.

use crate::prelude::*;

/// What opens a bucket to everybody, as far as was seen.
pub(crate) enum Openness<'w> {
    /// Nothing does.
    Closed,
    /// Its policy.
    ByPolicy,
    /// A grant of its access control list, and whom it lets in.
    ByGrant(&'w AclGrant, &'static str),
}

/// Looks at a bucket that is no directory bucket.
///
/// # Errors
/// The gap behind which an opening may lie, where none was seen.
pub(crate) fn of<'w>(bucket: &'w Bucket, here: &Here<'_>) -> Result<Openness<'w>, Unseen> {
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
        return Ok(Openness::ByPolicy);
    }
    if let (Ok(true), Ok(Some(grant))) = (&by_acl, &grant) {
        return Ok(Openness::ByGrant(grant, audience(grant).unwrap_or_default()));
    }
    by_policy.and(by_acl)?;
    Ok(Openness::Closed)
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
