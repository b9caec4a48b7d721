use sagescan_policy::Context;

use super::callers::{Answers, Caller, permissions_of};
use super::{roles, sessions};
use crate::engine::Principal;
use crate::prelude::*;

pub(super) struct IdentityPresignedUrlScoped;

impl Check for IdentityPresignedUrlScoped {
    type On<'w> = Principal<'w>;

    const META: Meta = Meta {
        id: "identity-presigned-url-scoped",
        title: "Presigned URLs are granted for named profiles, notebooks and apps only",
        severity: Severity::High,
        reads: roles::PRINCIPALS,
        practices: &["ID-10"],
        page: include_str!("identity_presigned_url_scoped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, principal: Principal<'_>, here: &Here<'_>) -> Judged {
        let Some(permissions) = permissions_of(principal, here)? else {
            return Ok(not_concerned());
        };
        let mut answers = Answers::none();
        for session in &sessions::PRESIGNED {
            answers.ask(session, session.any(permissions));
        }
        let wide = answers.settle()?;
        let Some((session, right)) = wide.first() else {
            let some = sessions::open(&sessions::PRESIGNED, permissions, &Context::open())?;
            return Ok(match some.is_empty() {
                true => not_concerned(),
                false => pass("it may ask only for URLs of what its policies single out, by name or by tag")
                    .with("calls", sessions::calls(&some)),
            });
        };
        let says = format!("it may open {} with a URL from {}: {}", session.opens, session.call, right.proof.words());
        let caller = Caller { principal, here };
        let verdict = caller.failure(says, right, CURE, Severity::Medium);
        Ok(verdict.with("calls", sessions::calls(&wide)).with("for_example", right.resource.as_str()))
    }
}

const CURE: &str =
    "a Resource that names profiles and notebooks, or a condition that compares a tag of the resource with the caller";
