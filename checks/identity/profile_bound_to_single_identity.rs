use sagescan_policy::{Context, Element};

use super::callers::permissions_of;
use super::roles;
use super::wide::is_administrator_by_purpose;
use crate::engine::{OWN_PROFILE, Permissions, Principal, Proof, Right, STRANGER};
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
        let by_center = match domain.auth.known("AuthMode")?.as_str() {
            "SSO" => true,
            "IAM" => false,
            other => return Err(unclear(format!("AuthMode is `{other}`"))),
        };
        if by_center && *profile.sso_user.known("SingleSignOnUserValue")? {
            return Ok(pass("it belongs to one user of IAM Identity Center"));
        }
        if domain.unified_studio.get()?.is_some() {
            return Ok(exempt("its domain belongs to Unified Studio, which signs people in itself"));
        }
        if by_center {
            return Ok(fail("it names no user of IAM Identity Center, through which its domain signs people in"));
        }
        if Arn::parse(&profile.arn).is_none() {
            return Err(unclear("its ARN was not seen"));
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
    if names_only_others(principal, permissions, profile) {
        return Ok(None);
    }
    let Some(proof) = may_enter(permissions, profile)? else {
        return Ok(None);
    };
    // A condition on who is asking admits one person at a time, however many wear the role.
    if proof.keys.iter().any(|key| tells_the_person(key)) || is_administrator_by_purpose(principal, here) {
        return Ok(None);
    }
    let right = Right { proof, resource: profile.arn.clone() };
    let stranger = permissions.own_arn("sagemaker", "*", &format!("user-profile/{}/{STRANGER}", profile.domain));
    let untagged = permissions.on_tagged(Context::open(), None);
    if permissions.may_by_choice(CALL, &stranger, untagged)?.is_some() {
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

/// Whether all that the policies allow bears another name: most pairs of a person and a profile, answered in passing.
fn names_only_others(principal: Principal<'_>, permissions: &Permissions, profile: &UserProfile) -> bool {
    let is_other = |pattern: &str| match pattern.rsplit(['/', ':']).next().unwrap_or_default() {
        "${aws:username}" => !matches!(principal, Principal::User(user) if user.name == profile.name),
        name => name != profile.name && !name.contains(['*', '?', '$']),
    };
    let mut speaking = permissions.allows().filter(|one| one.flaw.is_some() || one.covers_action(CALL));
    permissions.complete().is_ok()
        && speaking.all(|one| match &one.resources {
            Element::Only(listed) => one.flaw.is_none() && listed.iter().all(|pattern| is_other(pattern.text())),
            _ => false,
        })
}

/// The right to enter an existing profile, with the tags that it bears; there is nothing for the caller to choose.
fn may_enter(permissions: &Permissions, profile: &UserProfile) -> Result<Option<Proof>, Unseen> {
    let tags = profile.tags.get()?.into_iter().flatten();
    let context = tags.fold(Context::open().with(OWN_PROFILE.0, OWN_PROFILE.1), |context, tag| {
        let context = context.with(&format!("aws:ResourceTag/{}", tag.key), &tag.value);
        context.with(&format!("sagemaker:ResourceTag/{}", tag.key), &tag.value)
    });
    permissions.may(CALL, &profile.arn, context)
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
