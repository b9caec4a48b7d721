use std::sync::Arc;

use sagescan_policy::{Context, Document, Effect, Outcome, Policies, Request, Statement, decide};

use crate::engine::{PolicyText, STRANGER};
use crate::prelude::*;

pub(super) struct IamPolicyDenyShadowsAllow;

impl Check for IamPolicyDenyShadowsAllow {
    type On<'w> = PolicyText<'w>;

    const META: Meta = Meta {
        id: "iam-policy-deny-shadows-allow",
        title: "No policy grants what it denies itself",
        severity: Severity::Low,
        reads: &[Table::Policies, Table::Users, Table::Groups, Table::Roles],
        practices: &["ID-10"],
        page: include_str!("iam_policy_deny_shadows_allow.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, policy: PolicyText<'_>, here: &Here<'_>) -> Judged {
        let text = match policy {
            PolicyText::Managed(policy) if is_of_aws(policy) => return Ok(not_concerned()),
            PolicyText::Managed(policy) => policy.document.known("Document")?,
            PolicyText::Inline(_, _, _, policy) => &policy.document,
            PolicyText::Hidden(_, _, _, gap) => return Err(gap.into()),
        };
        let document = Document::parse("policy", text)
            .map_err(|error| unclear(format!("the policy could not be read: {error}")))?;
        let speaks = |effect: Effect| {
            let mut all = document.statements().iter().filter(move |one| one.effect == effect || one.flaw.is_some());
            all.any(|one| one.may_cover_some("sagemaker:*"))
        };
        if !speaks(Effect::Allow) || !speaks(Effect::Deny) {
            return Ok(not_concerned());
        }
        let document = Arc::new(document);
        let dead = document.statements().iter().filter(|one| one.effect == Effect::Allow);
        let dead = dead.flat_map(|allow| lines(allow).map(move |line| (allow, line)));
        // A policy has 6,144 characters; more lines than these are nobody's policy.
        let dead = dead.take(4096).find_map(|(allow, (action, resource))| {
            Some((allow, action, resource, denied(&document, action, resource, here)?))
        });
        let Some((allow, action, resource, deny)) = dead else {
            if let Some(flaw) = document.statements().iter().find_map(|one| one.flaw.as_ref()) {
                return Err(unclear(format!("a statement could not be understood: {flaw}")));
            }
            return Ok(pass("no statement about SageMaker is cancelled by a Deny of the same policy"));
        };
        let says = format!(
            "{} allows {action} on {resource}, which {} always denies",
            named(allow),
            document.statements().get(deny).map_or_else(String::new, named)
        );
        let cure = "NotResource with the allowed resources in the Deny, or a condition that spares them";
        Ok(fail(says).with("action", action).with("resource", resource).with("remedy", cure))
    }
}

fn is_of_aws(policy: &Policy) -> bool {
    Arn::parse(&policy.arn).is_some_and(|arn| arn.account == "aws")
}

/// What a statement allows in SageMaker, action by action and resource by resource.
fn lines(allow: &Statement) -> impl Iterator<Item = (&str, &str)> {
    let actions = allow.actions.only().iter().filter(|one| one.service().eq_ignore_ascii_case("sagemaker"));
    actions.flat_map(|action| allow.resources.only().iter().map(move |resource| (action.text(), resource.text())))
}

/// The statement that denies all of this whatever the circumstances, by its place in the document.
fn denied(document: &Arc<Document>, action: &str, resource: &str, here: &Here<'_>) -> Option<usize> {
    let scan = &here.world.snapshot.scan;
    let caller = format!("arn:{}:iam::{}:role/{STRANGER}", scan.partition, scan.account);
    let request = Request::new(&caller, action, resource).within(Context::open());
    let decision = decide(&request, &Policies { identity: vec![document.clone()], ..Policies::default() });
    if decision.outcome != Outcome::ExplicitDeny {
        return None;
    }
    decision.denied_by.first().map(|origin| origin.statement)
}

fn named(statement: &Statement) -> String {
    match &statement.sid {
        Some(sid) if !sid.is_empty() => format!("statement {sid}"),
        _ => format!("statement {}", statement.index + 1),
    }
}
