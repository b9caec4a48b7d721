use sagescan_policy::Context;

use super::callers::{administers_by_purpose, permissions_of};
use super::roles;
use crate::engine::{Permissions, Principal, Right, STRANGER};
use crate::prelude::*;

pub(super) struct ProfileBoundToSingleIdentity;

impl Check for ProfileBoundToSingleIdentity {
    type On<'w> = &'w UserProfile;

    const META: Meta = Meta {
        id: "profile-bound-to-single-identity",
        title: "Each user profile belongs to one identity",
        severity: Severity::Medium,
        reads: roles::PRINCIPALS,
        practices: &["ID-12"],
        page: include_str!("profile_bound_to_single_identity.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, profile: &UserProfile, here: &Here<'_>) -> Judged {
        let domain = here.region.domains.find(|domain| domain.id == profile.domain)?;
        let domain = domain.ok_or_else(|| unclear(format!("its domain {} was not listed", profile.domain)))?;
        match domain.auth.known("AuthMode")?.as_str() {
            "SSO" => {
                return Ok(match profile.sso_user.known("SingleSignOnUserValue")? {
                    true => pass("it belongs to one user of IAM Identity Center"),
                    false => fail("it names no user of IAM Identity Center, through which its domain signs people in"),
                });
            }
            "IAM" => {}
            other => return Err(unclear(format!("AuthMode is `{other}`"))),
        }
        if domain.unified_studio.get()?.is_some() {
            return Ok(exempt("its domain belongs to Unified Studio, which hands out no presigned URLs"));
        }
        by_policies(profile, here)
    }
}

const CALL: &str = "sagemaker:CreatePresignedDomainUrl";
const CURE: &str =
    "a Resource that names the caller's own profile, or a condition that compares a tag of the profile with the caller";

/// In a domain without Identity Center, whoever may ask for a URL enters. That is one identity if all who may enter this
/// profile are one, and it enters no other.
fn by_policies(profile: &UserProfile, here: &Here<'_>) -> Judged {
    let account = &here.world.snapshot.account;
    let mut doubt = account.users.all().err().or_else(|| account.roles.all().err());
    let users = account.users.iter().map(Principal::User);
    let mut entering = Vec::new();
    for principal in users.chain(account.roles.iter().map(Principal::Role)) {
        match enters(principal, profile, here) {
            Ok(None) => {}
            Ok(Some(Entry { right, also: Some(other) })) => {
                let says = format!("{} may enter it and {other}: {}", named(principal), right.proof.words());
                return Ok(right.on(fail(says), CURE).with("who", named(principal)).with("also_enters", other));
            }
            Ok(Some(entry)) => entering.push((named(principal), entry.right)),
            Err(unseen) => {
                doubt.get_or_insert(unseen);
            }
        }
    }
    let names: Vec<&str> = entering.iter().map(|(name, _)| name.as_str()).collect();
    if let ([one, two, ..], Some((_, right))) = (&names[..], entering.get(1)) {
        let says = format!("{one} and {two} may both enter it: {}", right.proof.words());
        return Ok(right.on(fail(says), CURE).with("who", names));
    }
    if let Some(unseen) = doubt {
        return Err(unseen);
    }
    Ok(match names.first() {
        Some(only) => pass(format!("only {only} may enter it")).with("who", *only),
        None => pass("nobody may enter it but administrators and those whose own identity the policies compare"),
    })
}

/// The right to enter a profile, and what else it opens.
struct Entry {
    right: Right,
    also: Option<String>,
}

fn enters(principal: Principal<'_>, profile: &UserProfile, here: &Here<'_>) -> Result<Option<Entry>, Unseen> {
    let Some(permissions) = permissions_of(principal, here)? else {
        return Ok(None);
    };
    let Some(right) = may_enter(permissions, profile)? else {
        return Ok(None);
    };
    // A condition on who is asking admits one person at a time, however many wear the role.
    if right.proof.keys.iter().any(|key| tells_the_person(key)) || administers_by_purpose(principal, permissions, here)
    {
        return Ok(None);
    }
    let stranger = format!("user-profile/{}/{STRANGER}", profile.domain);
    let untagged = permissions.on_tagged(Context::open(), None);
    if permissions.may_by_choice(CALL, &permissions.own_arn("sagemaker", "*", &stranger), untagged)?.is_some() {
        return Ok(Some(Entry { right, also: Some("any other of its domain".to_owned()) }));
    }
    let mut others = here.region.user_profiles.iter().filter(|p| p.domain == profile.domain && p.name != profile.name);
    let also = others.find_map(|other| match may_enter(permissions, other) {
        Ok(Some(_)) => Some(Ok(format!("user profile {}", other.name))),
        Ok(None) => None,
        Err(unseen) => Some(Err(unseen)),
    });
    let also = also.transpose()?;
    if also.is_none() {
        here.region.user_profiles.all()?;
    }
    Ok(Some(Entry { right, also }))
}

fn may_enter(permissions: &Permissions, profile: &UserProfile) -> Result<Option<Right>, Unseen> {
    let tags = profile.tags.get()?.into_iter().flatten();
    let context = tags.fold(permissions.on_tagged(Context::open(), None), |context, tag| {
        let context = context.with(&format!("aws:ResourceTag/{}", tag.key), &tag.value);
        context.with(&format!("sagemaker:ResourceTag/{}", tag.key), &tag.value)
    });
    let arn = permissions.own_arn("sagemaker", "*", &format!("user-profile/{}/{}", profile.domain, profile.name));
    let arn = if profile.arn.is_empty() { &arn } else { &profile.arn };
    permissions.may_by_choice(CALL, arn, context)
}

/// Whether a condition key says who is asking. Source: IAM user guide, "AWS global condition context keys".
fn tells_the_person(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let keys = ["aws:userid", "aws:username", "sts:rolesessionname", "aws:sourceidentity", "sts:sourceidentity"];
    keys.contains(&&*key) || ["aws:principaltag/", "saml:", "identitystore:"].iter().any(|start| key.starts_with(start))
}

fn named(principal: Principal<'_>) -> String {
    match principal {
        Principal::User(user) => format!("user {}", user.name),
        Principal::Role(role) => format!("role {}", role.name),
    }
}
