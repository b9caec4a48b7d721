//! Users and roles as callers of SageMaker: whose rights are judged, and how a right that should not be is reported.

use super::{roles, wide};
use crate::engine::{Permissions, Principal, Right};
use crate::prelude::*;

/// What a caller may do; `None` for service-linked roles, whose policies are AWS's.
pub(super) fn permissions_of<'w>(principal: Principal<'_>, here: &Here<'w>) -> Result<Option<&'w Permissions>, Unseen> {
    match principal {
        Principal::Role(role) if roles::is_service_linked(role) => Ok(None),
        Principal::Role(role) => here.world.role_permissions(role).map(Some),
        Principal::User(user) => here.world.user_permissions(user).map(Some),
    }
}

/// A caller that is judged.
pub(super) struct Caller<'c> {
    pub(super) principal: Principal<'c>,
    pub(super) here: &'c Here<'c>,
}

impl Caller<'_> {
    /// The failure that a right is; milder under conditions, and low for administrators.
    pub(super) fn failure(
        &self,
        says: String,
        right: &Right,
        cure: impl Into<serde_json::Value>,
        milder: Severity,
    ) -> Verdict {
        let verdict = right.on(fail(says), cure);
        if wide::is_administrator_by_purpose(self.principal, self.here) {
            return verdict.severity(Severity::Low).with("administrator", true);
        }
        if right.proof.keys.is_empty() { verdict } else { verdict.severity(milder) }
    }
}

/// Several answers to questions that are asked alike: what was granted, and the first doubt.
pub(super) struct Answers<T> {
    granted: Vec<(T, Right)>,
    doubt: Option<Unseen>,
}

impl<T> Answers<T> {
    /// Before the first question.
    pub(super) fn none() -> Self {
        Answers { granted: Vec::new(), doubt: None }
    }

    /// Notes the answer to one question.
    pub(super) fn ask(&mut self, about: T, answer: Result<Option<Right>, Unseen>) {
        match answer {
            Ok(Some(right)) => self.granted.push((about, right)),
            Ok(None) => {}
            Err(unseen) => {
                self.doubt.get_or_insert(unseen);
            }
        }
    }

    /// What was granted, unconditional rights first. That nothing was is an error if any question stayed open.
    pub(super) fn settle(mut self) -> Result<Vec<(T, Right)>, Unseen> {
        self.granted.sort_by_key(|(_, right)| !right.proof.keys.is_empty());
        match self.doubt {
            Some(unseen) if self.granted.is_empty() => Err(unseen),
            _ => Ok(self.granted),
        }
    }
}
