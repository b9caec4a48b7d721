use sagescan_policy::Context;

use super::patterns::{bounded, filled, is_open};
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
                Ok(found_open) => found.extend(found_open.map(|open| (way, open))),
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                }
            }
        }
        // An unlimited way speaks first.
        found.sort_by_key(|(_, open)| open.is_limited());
        let Some((way, open)) = found.first() else {
            return doubt.map_or_else(|| Ok(pass("no right of its policies leads to further rights")), Err);
        };
        let others = match found.len() {
            1 => String::new(),
            2 => " (and one more way)".to_owned(),
            n => format!(" (and {} more ways)", n - 1),
        };
        let says = format!("it may {}{others}: {}", way.words, open.proof.words());
        let ways: Vec<&str> = found.iter().map(|(way, _)| way.id).collect();
        let actions: Vec<&str> = way.steps.iter().map(|step| step.action).collect();
        let remedy = format!("this statement without {}, or a permissions boundary without it", actions.join(" or "));
        let verdict = open.proof.on(fail(says)).with("ways", ways).with("actions", actions).with("remedy", remedy);
        Ok(if open.is_limited() { verdict.severity(Severity::Medium) } else { verdict })
    }
}

/// A way, or a step of one, that is open to the role.
struct Open {
    proof: Proof,
    /// It reaches only a part of the names.
    partly: bool,
}

impl Open {
    fn is_limited(&self) -> bool {
        self.partly || !self.proof.keys.is_empty()
    }
}

/// Whether the role may go this way: its most limited step, if all are open.
fn open(way: &Escalation, role: &Role, permissions: &Permissions) -> Result<Option<Open>, Unseen> {
    let (mut steps, mut doubt): (Vec<Open>, Option<Unseen>) = (Vec::new(), None);
    for step in way.steps {
        match may(step, role, permissions) {
            Ok(Some(open)) => steps.push(open),
            Ok(None) => return Ok(None),
            Err(unseen) => {
                doubt.get_or_insert(unseen);
            }
        }
    }
    let narrowest = steps.iter().position(Open::is_limited).unwrap_or(0);
    doubt.map_or_else(|| Ok(steps.into_iter().nth(narrowest)), Err)
}

fn may(step: &Step, role: &Role, permissions: &Permissions) -> Result<Option<Open>, Unseen> {
    let any = |thing: &str| wide::spelled(permissions, thing);
    let ask = |things: Vec<String>| {
        first(things.into_iter().map(|thing| permissions.may(step.action, &thing, Context::open())))
    };
    let wholly = match &step.over {
        Over::PassedTo(service) => {
            let context = Context::open().with("iam:PassedToService", *service);
            let passes = permissions.may(step.action, &wide::any_role(permissions), context)?;
            return Ok(passes.map(|proof| Open { proof, partly: false }));
        }
        Over::Some(thing) => {
            let found = permissions.may_somewhere(step.action, &any(thing))?;
            return Ok(found.map(|proof| Open { proof, partly: false }));
        }
        Over::Any(thing) => ask(vec![any(thing)]),
        Over::AnyRoleOrItself => ask(vec![wide::any_role(permissions), role.arn.clone()]),
        Over::AnyPolicyOrAttached => {
            let attached = role.attached.shown().into_iter().flatten();
            let of_customer = |arn: &&String| Arn::parse(arn).is_some_and(|arn| arn.account == permissions.account());
            ask([any("arn:P:iam::A:policy/Q")].into_iter().chain(attached.filter(of_customer).cloned()).collect())
        }
    };
    if let Ok(Some(proof)) = wholly {
        return Ok(Some(Open { proof, partly: false }));
    }
    // A part of the names in IAM is wide as well: whoever may attach policies to some roles gets the rights of any policy.
    let written = permissions.resources_of(step.action).into_iter();
    let (written, more) = bounded(written.filter(|pattern| step.action.starts_with("iam:") && is_open(pattern)));
    let partly = ask(written.into_iter().map(|pattern| filled(pattern, permissions.account())).collect());
    match (wholly, partly) {
        (_, Ok(Some(proof))) => Ok(Some(Open { proof, partly: true })),
        (Err(unseen), _) | (_, Err(unseen)) => Err(unseen),
        _ => more.map_or(Ok(None), Err),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::World;

    /// The ways that are open to a role with these actions on everything.
    fn ways(actions: &[&str]) -> Vec<&'static str> {
        let arn = "arn:aws:iam::111122223333:role/ml";
        let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
        let document = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
        let role = json!({"name": "ml", "arn": arn, "attached": [], "boundary": null,
            "inline": [{"name": "work", "document": document}]});
        let snapshot: Snapshot =
            serde_json::from_value(json!({"format": FORMAT, "account": {"roles": [role], "policies": []}})).unwrap();
        let world = World::new(&snapshot);
        let role = &snapshot.account.roles.items[0];
        let permissions = world.role_permissions(role).unwrap();
        let open = ESCALATIONS.iter().filter(|way| open(way, role, permissions).unwrap().is_some());
        open.map(|way| way.id).collect()
    }

    #[test]
    fn each_way_takes_all_of_its_rights_and_no_others() {
        for way in ESCALATIONS {
            let actions: Vec<&str> = way.steps.iter().map(|step| step.action).collect();
            assert!(ways(&actions).contains(&way.id), "{}", way.id);
            for left_out in 0..actions.len() {
                let others: Vec<&str> =
                    actions.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, a)| *a).collect();
                assert!(!ways(&others).contains(&way.id), "{} without {}", way.id, actions[left_out]);
            }
        }
    }

    #[test]
    fn no_two_ways_have_one_name() {
        let mut names: Vec<&str> = ESCALATIONS.iter().map(|way| way.id).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ESCALATIONS.len());
    }
}
