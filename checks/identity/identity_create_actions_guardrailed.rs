use std::collections::BTreeSet;

use sagescan_policy::Context;

use super::callers::{Answers, Caller, permissions_of};
use super::guardrails::{self, Guardrail, Shape};
use super::roles;
use crate::engine::{Permissions, Principal, Right};
use crate::prelude::*;

pub(super) struct IdentityCreateActionsGuardrailed;

impl Check for IdentityCreateActionsGuardrailed {
    type On<'w> = Principal<'w>;

    const META: Meta = Meta {
        id: "identity-create-actions-guardrailed",
        title: "Conditions stop insecure SageMaker resources from being created",
        severity: Severity::Medium,
        reads: roles::PRINCIPALS,
        practices: &["ID-1"],
        page: include_str!("identity_create_actions_guardrailed.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, principal: Principal<'_>, here: &Here<'_>) -> Judged {
        let Some(permissions) = permissions_of(principal, here)? else {
            return Ok(not_concerned());
        };
        let open = here.world.once_for_alike(permissions, &ABOUT, || Holes(holes(permissions)));
        let open = match &open.0 {
            Ok(open) => open,
            Err(unseen) => return Err(unseen.clone()),
        };
        // One that refuses the bad value but not its absence may hold in practice: AWS does not say for which parameters it
        // fills in the default before it looks at the policies.
        let hard = open.iter().find(|(hole, _)| !is_soft(hole, open));
        let Some((hole, right)) = hard.or(open.first()) else {
            return without_holes(permissions);
        };
        let missing: Vec<&Guardrail> = guardrails::ALL.iter().filter(|one| of(open, one.risk)).collect();
        let others = match missing.len() {
            0 | 1 => String::new(),
            n => format!(" (and {} more kinds of insecure resources)", n - 1),
        };
        let says = format!(
            "nothing stops it from making {}{others}: {}, by {}",
            hole.guardrail.risk,
            passes(open, hole.guardrail, hole.call),
            right.proof.words()
        );
        let deny = |one: &&Guardrail| {
            let calls: Vec<&str> = one.calls.iter().map(|(call, _)| *call).collect();
            format!("Deny {} when {}", calls.join(", "), one.deny_when)
        };
        let cures: Vec<String> = missing.iter().map(deny).collect();
        let passing = |one: &&Guardrail| {
            let one = *one;
            let calls = one.calls.iter().map(|(call, _)| *call);
            let calls = calls.filter(|call| open.iter().any(|(hole, _)| hole.is_of(one, call)));
            calls.map(|call| passes(open, one, call)).collect::<Vec<_>>()
        };
        let passing: Vec<String> = missing.iter().flat_map(passing).collect();
        let risks: Vec<&str> = missing.iter().map(|one| one.risk).collect();
        let verdict = Caller { principal, here }.failure(says, right, cures, Severity::Low);
        let verdict = if hard.is_none() { verdict.severity(Severity::Low) } else { verdict };
        Ok(verdict.with("missing", risks).with("passes", passing))
    }
}

/// All calls of all guardrails.
const ABOUT: [&str; 2] = ["sagemaker:Create*", "sagemaker:Update*"];

/// What passes for a principal, worked out once for all who are like it.
struct Holes(Result<Vec<(Hole, Right)>, Unseen>);

/// Every request that should be stopped and passes.
fn holes(permissions: &Permissions) -> Result<Vec<(Hole, Right)>, Unseen> {
    let mut answers = Answers::none();
    for guardrail in guardrails::ALL {
        for (call, resource) in guardrail.calls {
            for (shape, context) in guardrail.hostile(call) {
                answers.ask(Hole { guardrail, call, shape }, ask(permissions, call, resource, context));
            }
        }
    }
    answers.settle()
}

/// The verdict on a caller for whom every insecure request is stopped, unless it may make no request at all.
fn without_holes(permissions: &Permissions) -> Judged {
    let calls: BTreeSet<_> = guardrails::ALL.iter().flat_map(|guardrail| guardrail.calls).collect();
    let mut some = Answers::none();
    for (call, resource) in calls {
        some.ask(*call, ask(permissions, call, resource, Context::open()));
    }
    let some: Vec<&str> = some.settle()?.into_iter().map(|(call, _)| call).collect();
    Ok(match some.is_empty() {
        true => not_concerned(),
        false => pass("its policies stop every insecure request that was tried").with("calls", some),
    })
}

/// A request that should be stopped and is not.
struct Hole {
    guardrail: &'static Guardrail,
    call: &'static str,
    shape: Shape,
}

impl Hole {
    fn is_of(&self, guardrail: &Guardrail, call: &str) -> bool {
        self.guardrail.risk == guardrail.risk && self.call == call
    }
}

/// The requests of a call that pass a guardrail: `CreateModel passes with VpcSubnets left out`.
fn passes(open: &[(Hole, Right)], guardrail: &Guardrail, call: &str) -> String {
    let shapes = open.iter().filter(|(hole, _)| hole.is_of(guardrail, call)).map(|(hole, _)| hole.shape);
    let mut shapes: Vec<Shape> = shapes.collect();
    shapes.sort_by_key(|shape| *shape == Shape::LeftOut);
    let shapes: Vec<String> = shapes.into_iter().map(Shape::words).collect();
    format!("{call} passes with {} {}", guardrail.parameter(), shapes.join(" or "))
}

fn ask(permissions: &Permissions, call: &str, resource: &str, context: Context) -> Result<Option<Right>, Unseen> {
    permissions.may_by_choice(&format!("sagemaker:{call}"), &permissions.own_arn("sagemaker", "*", resource), context)
}

fn of(open: &[(Hole, Right)], risk: &str) -> bool {
    open.iter().any(|(hole, _)| hole.guardrail.risk == risk)
}

/// Whether the guardrail stops the bad value of the same call and gives way only when the parameter is left out.
fn is_soft(hole: &Hole, open: &[(Hole, Right)]) -> bool {
    let set = |other: &Hole| other.is_of(hole.guardrail, hole.call) && other.shape != Shape::LeftOut;
    hole.shape == Shape::LeftOut && hole.guardrail.has_bad_value() && !open.iter().any(|(other, _)| set(other))
}
