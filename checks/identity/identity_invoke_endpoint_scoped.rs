use sagescan_policy::Context;

use super::callers::{Answers, Caller, permissions_of};
use super::roles;
use crate::engine::{Principal, STRANGER};
use crate::prelude::*;

pub(super) struct IdentityInvokeEndpointScoped;

impl Check for IdentityInvokeEndpointScoped {
    type On<'w> = Principal<'w>;

    const META: Meta = Meta {
        id: "identity-invoke-endpoint-scoped",
        title: "The right to invoke endpoints is granted endpoint by endpoint",
        severity: Severity::Medium,
        reads: roles::PRINCIPALS,
        practices: &["ID-1", "ID-10", "NET-8"],
        page: include_str!("identity_invoke_endpoint_scoped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, principal: Principal<'_>, here: &Here<'_>) -> Judged {
        let Some(permissions) = permissions_of(principal, here)? else {
            return Ok(not_concerned());
        };
        let asked = |whose: &str, context: Context| {
            let endpoint = permissions.own_arn("sagemaker", "*", &format!("endpoint/{whose}"));
            let mut answers = Answers::none();
            for call in CALLS {
                answers.ask(call, permissions.may_by_choice(&format!("sagemaker:{call}"), &endpoint, context.clone()));
            }
            answers.settle()
        };
        let wide = asked(STRANGER, permissions.on_tagged(Context::open(), None))?;
        let Some((call, right)) = wide.first() else {
            let some: Vec<&str> = asked("*", Context::open())?.into_iter().map(|(call, _)| call).collect();
            return Ok(match some.is_empty() {
                true => not_concerned(),
                false => pass("it may invoke only endpoints that its policies single out").with("calls", some),
            });
        };
        let says = format!("it may invoke every endpoint of the account ({call}): {}", right.proof.words());
        let verdict = Caller { principal, here }.failure(says, right, CURE, Severity::Low);
        Ok(verdict.with("calls", wide.iter().map(|(call, _)| *call).collect::<Vec<_>>()))
    }
}

const CURE: &str = "a Resource that names the endpoints, or a condition on aws:ResourceTag";

/// The calls that run inference. Source: service authorization reference of SageMaker, 2026.
const CALLS: [&str; 4] = [
    "InvokeEndpoint",
    "InvokeEndpointAsync",
    "InvokeEndpointWithResponseStream",
    "InvokeEndpointWithBidirectionalStream",
];
