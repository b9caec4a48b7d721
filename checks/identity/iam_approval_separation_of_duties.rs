use std::collections::BTreeSet;

use sagescan_policy::Context;

use super::callers::permissions_of;
use super::roles;
use super::wide::is_administrator_by_purpose;
use crate::engine::{Permissions, Principal, Right};
use crate::prelude::*;

pub(super) struct IamApprovalSeparationOfDuties;

impl Check for IamApprovalSeparationOfDuties {
    type On<'w> = Principal<'w>;

    const META: Meta = Meta {
        id: "iam-approval-separation-of-duties",
        title: "Nobody both registers a model and approves it",
        severity: Severity::Medium,
        reads: roles::PRINCIPALS,
        practices: &["ID-8"],
        page: include_str!("iam_approval_separation_of_duties.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, principal: Principal<'_>, here: &Here<'_>) -> Judged {
        let Some(permissions) = permissions_of(principal, here)? else {
            return Ok(not_concerned());
        };
        let package = permissions.own_arn("sagemaker", "*", "model-package/*");
        let registers = permissions.may_by_choice(REGISTER, &package, Context::open());
        let approves = permissions.may_by_choice(APPROVE, &package, approved());
        let at_once = permissions.may_by_choice(REGISTER, &package, approved());
        if matches!((&registers, &approves), (Ok(None), Ok(None))) {
            return Ok(not_concerned());
        }
        if matches!(&registers, Ok(Some(_)) | Err(_)) && is_administrator_by_purpose(principal, here) {
            return Ok(exempt("it administers the account and could give itself either right"));
        }
        if let Ok(Some(right)) = &at_once {
            let says = format!("it may register models that are approved from the start: {}", right.proof.words());
            return Ok(milder(right.on(fail(says), CURE_AT_ONCE), right).with("calls", [REGISTER].as_slice()));
        }
        match (registers, approves) {
            (Ok(Some(_)), Ok(Some(_))) => {}
            (Ok(None), _) => return Ok(pass("it cannot register models")),
            (Ok(Some(_)), Ok(None)) => {
                at_once?;
                return Ok(pass("it may register models, but not approve them"));
            }
            (Err(unseen), _) | (_, Err(unseen)) => return Err(unseen),
        }
        let Some((register, approve)) = both(permissions, &package)? else {
            at_once?;
            return Ok(pass("the models that it may register are not those that it may approve"));
        };
        let says = format!(
            "it may register {} ({}) and then approve it itself: {}",
            short_name(&register.resource),
            register.proof.words(),
            approve.proof.words()
        );
        let verdict = milder(approve.on(fail(says), CURE), &approve).with("calls", [REGISTER, APPROVE].as_slice());
        Ok(verdict.with("registers_by", register.proof.words()).with("for_example", approve.resource.as_str()))
    }
}

const REGISTER: &str = "sagemaker:CreateModelPackage";
const APPROVE: &str = "sagemaker:UpdateModelPackage";
const CURE: &str = "a Deny of UpdateModelPackage where sagemaker:ModelApprovalStatus is Approved";
const CURE_AT_ONCE: &str = "a Deny of CreateModelPackage where sagemaker:ModelApprovalStatus is Approved";

/// Patterns of one policy that are tried; beyond them a doubt remains.
const MAX_PATTERNS: usize = 64;

fn approved() -> Context {
    Context::open().with("sagemaker:ModelApprovalStatus", "Approved")
}

fn milder(verdict: Verdict, right: &Right) -> Verdict {
    if right.proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Low) }
}

/// Both rights over one and the same model package: the best name for one call is tried with the other, within each pattern
/// that the policies list, for a name that suits one call need not suit the other.
fn both(permissions: &Permissions, package: &str) -> Result<Option<(Right, Right)>, Unseen> {
    let speaking = permissions.allows().filter(|one| one.covers_action(REGISTER) || one.covers_action(APPROVE));
    let listed = speaking.flat_map(|one| one.resources.only()).map(|pattern| pattern.text());
    let patterns: BTreeSet<&str> = listed.filter(|text| Arn::parse(text).is_some() && !text.contains('$')).collect();
    let too_many = patterns.len() > MAX_PATTERNS;
    for pattern in [package].into_iter().chain(patterns.into_iter().take(MAX_PATTERNS)) {
        if let Some(right) = permissions.may_by_choice(REGISTER, pattern, Context::open())?
            && let Some(other) = permissions.may_by_choice(APPROVE, &right.resource, approved())?
        {
            return Ok(Some((right, other)));
        }
        if let Some(right) = permissions.may_by_choice(APPROVE, pattern, approved())?
            && let Some(other) = permissions.may_by_choice(REGISTER, &right.resource, Context::open())?
        {
            return Ok(Some((other, right)));
        }
    }
    match too_many {
        true => Err(unclear("the policies list more model packages than are compared")),
        false => Ok(None),
    }
}
