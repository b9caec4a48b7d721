use sagescan_policy::Context;

use super::{roles, wide};
use crate::aws::escalations::{ESCALATIONS, Escalation, Over, Step};
use crate::engine::{Permissions, Proof, first};
use crate::prelude::*;

pub(super) struct RoleNoIamEscalationActions;

impl Check for RoleNoIamEscalationActions {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-no-iam-escalation-actions",
        title: "Execution roles cannot give themselves more rights",
        severity: Severity::High,
        reads: roles::POLICIES,
        practices: &["ID-7"],
        page: include_str!("role_no_iam_escalation_actions.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let permissions = here.world.role_permissions(role)?;
        let (mut found, mut doubt) = (Vec::new(), None);
        for way in ESCALATIONS {
            match open(way, role, permissions) {
                Ok(proof) => found.extend(proof.map(|proof| (way, proof))),
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                }
            }
        }
        // A way without conditions speaks first.
        found.sort_by_key(|(_, proof)| !proof.keys.is_empty());
        let Some((way, proof)) = found.first() else {
            return doubt.map_or_else(|| Ok(pass("no right of its policies leads to further rights")), Err);
        };
        let others = match found.len() {
            1 => String::new(),
            2 => " (and one more way)".to_owned(),
            n => format!(" (and {} more ways)", n - 1),
        };
        let says = format!("it may {}{others}: {}", way.words, proof.words());
        let ways: Vec<&str> = found.iter().map(|(way, _)| way.id).collect();
        let actions: Vec<&str> = way.steps.iter().map(|step| step.action).collect();
        let remedy = format!("this statement without {}, or a permissions boundary without it", actions.join(" or "));
        let verdict = proof.on(fail(says)).with("ways", ways).with("actions", actions).with("remedy", remedy);
        Ok(if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) })
    }
}

/// The proof that the role may go this way: that of a step under conditions, if one is, else that of the first.
fn open(way: &Escalation, role: &Role, permissions: &Permissions) -> wide::Answer {
    let (mut proofs, mut doubt): (Vec<Proof>, Option<Unseen>) = (Vec::new(), None);
    for step in way.steps {
        match may(step, role, permissions) {
            Ok(Some(proof)) => proofs.push(proof),
            Ok(None) => return Ok(None),
            Err(unseen) => {
                doubt.get_or_insert(unseen);
            }
        }
    }
    if let Some(unseen) = doubt {
        return Err(unseen);
    }
    let weakest = proofs.iter().position(|proof| !proof.keys.is_empty()).unwrap_or(0);
    Ok(proofs.into_iter().nth(weakest))
}

fn may(step: &Step, role: &Role, permissions: &Permissions) -> wide::Answer {
    let any = |thing: &str| wide::spelled(permissions, thing);
    let things = match &step.over {
        Over::PassedTo(service) => {
            let context = Context::open().with("iam:PassedToService", *service);
            return permissions.may(step.action, &wide::any_role(permissions), context);
        }
        Over::Any(thing) => vec![any(thing)],
        Over::AnyRoleOrItself => vec![wide::any_role(permissions), role.arn.clone()],
        Over::AnyPolicyOrAttached => {
            let attached = role.attached.shown().into_iter().flatten();
            let of_customer = |arn: &&String| Arn::parse(arn).is_some_and(|arn| arn.account == permissions.account());
            [any("arn:P:iam::A:policy/Q")].into_iter().chain(attached.filter(of_customer).cloned()).collect()
        }
    };
    first(things.iter().map(|thing| permissions.may(step.action, thing, Context::open())))
}
