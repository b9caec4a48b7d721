use sagescan_policy::{Admission, Context, Principal, admissions};

use super::roles;
use super::trust::{Trust, WAYS};
use crate::prelude::*;

pub(super) struct RoleNotAssumableByHumans;

/// Identity providers through which people sign in. Source: IAM user guide, "Identity providers and federation", 2026.
const FOR_PEOPLE: [&str; 4] =
    ["cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com"];

impl Check for RoleNotAssumableByHumans {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-not-assumable-by-humans",
        title: "People cannot assume execution roles",
        severity: Severity::Medium,
        reads: roles::TRUST,
        practices: &["ID-6"],
        page: include_str!("role_not_assumable_by_humans.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let trust = Trust::of(role)?;
        let admitted = admissions(&trust.document, "sts:AssumeRole*");
        let people = |one: &Admission<'_>| human(&trust, one).map(|says| (says, one.statement.index + 1));
        let odd = || admitted.iter().find_map(|one| unheard_of(one.who));
        match (admitted.iter().find_map(people), trust.doubt().or_else(odd)) {
            (Some((says, statement)), _) => {
                let says = format!("{says}: statement {statement} of its trust policy");
                let verdict = fail(says).with("statement", statement);
                Ok(verdict.with("remedy", "this principal out of the trust policy, and a role of its own for people"))
            }
            (None, Some(unseen)) => Err(unseen),
            (None, None) => Ok(pass("its trust policy admits no people")),
        }
    }
}

/// A principal that AWS does not accept: whom it would let in is anybody's guess.
fn unheard_of(who: &Principal) -> Option<Unseen> {
    let (Principal::Canonical(text) | Principal::Unusable(text)) = who else { return None };
    Some(unclear(format!("the trust policy names {text}, which AWS does not accept as a principal")))
}

/// The words for the people that an admission lets in, if any.
fn human(trust: &Trust<'_>, admission: &Admission<'_>) -> Option<String> {
    if admission.statement.flaw.is_some() {
        return None;
    }
    let way = WAYS.into_iter().find(|way| admission.statement.covers_action(way))?;
    let admits = |caller: &str| !trust.decide(caller, way, Context::open()).is_denied();
    match admission.who {
        Principal::Identity(named) => {
            (is_person(named.arn()) && admits(named.arn())).then(|| format!("{} may assume it", named.arn()))
        }
        Principal::Account(_) | Principal::Everyone => {
            let listed = trust.callers(admission.who);
            let user = |caller: &String| caller.replace(":role/", ":user/");
            // A person, or somebody of whom nothing is known: it may be one.
            let unknown =
                |caller: &String| *caller == Arn::parse(caller).map_or(String::new(), |a| trust.stranger(a.account));
            listed.iter().rev().find_map(|caller| match (is_person(caller), unknown(caller)) {
                (true, _) if admits(caller) => Some(format!("{caller} may assume it")),
                (_, true) if admits(caller) || admits(&user(caller)) => {
                    let who = match Arn::parse(caller).map_or("", |arn| arn.account) {
                        own if own == trust.arn.account => "everyone in this account who is allowed to".to_owned(),
                        other if *admission.who == Principal::Everyone && other == trust.other_account() => {
                            "everyone with an AWS account".to_owned()
                        }
                        other => format!("everyone in account {other} who is allowed to"),
                    };
                    Some(format!("{who} may assume it, people included"))
                }
                _ => None,
            })
        }
        Principal::Federated(provider) => {
            let signs_people_in = provider.contains(":saml-provider/")
                || FOR_PEOPLE.iter().any(|name| provider.eq_ignore_ascii_case(name))
                || &**provider == "*";
            (signs_people_in && admits(provider))
                .then(|| format!("people who sign in through {provider} may assume it"))
        }
        _ => None,
    }
}

/// An IAM user, or a role of IAM Identity Center, which only people wear.
fn is_person(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| match arn.service {
        "iam" => {
            arn.named("user").is_some()
                || arn.named("role").is_some_and(|name| name.starts_with("aws-reserved/sso.amazonaws.com/"))
        }
        "sts" => arn.named("assumed-role").is_some_and(|name| name.starts_with("AWSReservedSSO_")),
        _ => false,
    })
}
