use sagescan_policy::Context;

use super::callers::Caller;
use super::sessions::{self, Session};
use crate::engine::Principal;
use crate::prelude::*;

pub(super) struct IamMfaConditionOnSensitiveActions;

impl Check for IamMfaConditionOnSensitiveActions {
    type On<'w> = &'w User;

    const META: Meta = Meta {
        id: "iam-mfa-condition-on-sensitive-actions",
        title: "IAM users open SageMaker sessions only with MFA",
        severity: Severity::Low,
        reads: &[Table::Users, Table::Groups, Table::Policies],
        practices: &["ID-2"],
        page: include_str!("iam_mfa_condition_on_sensitive_actions.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, user: &User, here: &Here<'_>) -> Judged {
        let permissions = here.world.user_permissions(user)?;
        let open = |context: &Context| {
            let sessions: Vec<&Session> = sessions::PRESIGNED.iter().chain([&sessions::REMOTE]).collect();
            sessions::open(sessions, permissions, context)
        };
        if open(&Context::open())?.is_empty() {
            return Ok(not_concerned());
        }
        // An access key carries no MFA keys at all; a session that was opened without MFA says `false`.
        let ways = [
            ("an access key alone", Context::open().without("aws:MultiFactorAuthPresent")),
            ("a session opened without MFA", Context::open().with("aws:MultiFactorAuthPresent", "false")),
        ];
        let mut passing = Vec::new();
        let mut found = None;
        for (way, context) in ways {
            let without_mfa = open(&context.without("aws:MultiFactorAuthAge"))?;
            if !without_mfa.is_empty() {
                passing.push(way);
                found.get_or_insert(without_mfa);
            }
        }
        let Some((found, (session, right))) = found.as_ref().and_then(|all| Some((all, all.first()?))) else {
            return Ok(
                pass("without MFA it can open no session").with("calls", sessions::calls(&open(&Context::open())?))
            );
        };
        let says = format!("{} suffices for {}: {}", passing.join(" or "), session.call, right.proof.words());
        let caller = Caller { principal: Principal::User(user), here };
        let verdict = caller.failure(says, right, CURE, Severity::Low);
        Ok(verdict.with("calls", sessions::calls(found)).with("passes_with", passing))
    }
}

const CURE: &str = "a Deny of the call with BoolIfExists aws:MultiFactorAuthPresent false, or Bool true in the Allow";
