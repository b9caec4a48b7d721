//! Which principals cannot differ in their answers about some actions: the same statements, seen in the same way.
//!
//! Accounts have thousands of roles and few kinds of them. What is worked out for one holds for all who are like it, as
//! long as everything that decides an answer about these actions is part of the likeness.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sagescan_policy::{Document, Guardrails, Statement};

use super::Permissions;

/// What answers about some actions follow from. Equal likenesses mean equal answers, proofs included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Likeness(String);

impl Permissions {
    /// The likeness of the principal as to all actions that these patterns cover, such as `sagemaker:Create*`.
    pub fn likeness(&self, actions: &[&str]) -> Likeness {
        let speaks = |one: &&Statement| one.flaw.is_some() || actions.iter().any(|action| one.may_cover_some(action));
        // Service-linked roles obey no policy of the organization; there are few of them.
        let linked = self.arn.contains(":role/aws-service-role/");
        let kind = self.arn.rsplit(':').next().and_then(|name| name.split('/').next()).unwrap_or_default();
        let (own, mut personal) = (&self.policies, linked);
        let mut text = format!("{kind} {} {} {:?}", self.partition, self.account, self.gaps);
        text.push_str(if own.boundary.is_some() { "bounded" } else { "free" });
        let mut parts: Vec<String> = Vec::new();
        let mut add = |layer: &str, document: &Document, whole: bool| {
            for statement in document.statements().iter().filter(speaks) {
                let view = statement.view_of(&self.arn);
                personal |= view.is_none();
                let said = if whole { format!("{statement:?}") } else { String::new() };
                parts.push(format!("{layer} {:?} {} {view:?} {said}", document.name(), statement.index));
            }
        };
        // A managed policy is known by its name, and so are those of the organization; what is written into a user or role
        // is not.
        for document in own.identity.iter() {
            add("own", document, !document.name().starts_with("arn:"));
        }
        for document in own.boundary.iter().flatten() {
            add("boundary", document, !document.name().starts_with("arn:"));
        }
        for guardrails in [&self.ceiling.scps, &self.ceiling.rcps] {
            if let Guardrails::Levels(levels) = guardrails {
                levels.iter().flatten().for_each(|document| add("above", document, false));
            }
        }
        // In whichever order policies are attached, the answers are the same, and each proof is as good.
        parts.sort_unstable();
        if personal {
            parts.push(self.arn.clone());
        }
        Likeness(text + &parts.join("\n"))
    }
}

/// What was worked out for a likeness, by what kind of thing it is.
#[derive(Default)]
pub(in crate::engine) struct Memory(Mutex<HashMap<(TypeId, Likeness), Arc<dyn Any + Send + Sync>>>);

impl Memory {
    /// What was worked out before for principals like this one, or what is now.
    pub(in crate::engine) fn recall<T: Any + Send + Sync>(&self, like: Likeness, work: impl FnOnce() -> T) -> Arc<T> {
        let key = (TypeId::of::<T>(), like);
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known.and_then(|known| known.downcast::<T>().ok()) {
            return known;
        }
        let made = Arc::new(work());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, made.clone());
        made
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::engine::World;
    use crate::snapshot::{FORMAT, Snapshot};

    fn role(name: &str, statements: &[Value]) -> Value {
        let document = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        json!({"name": name, "arn": format!("arn:aws:iam::111122223333:role/{name}"), "attached": [], "boundary": null,
            "inline": [{"name": "own", "document": document}]})
    }

    /// Whether the first two roles are alike as to SageMaker.
    fn alike(roles: [Value; 2], scp: &Value) -> bool {
        let all = json!({"Version": "2012-10-17", "Statement": scp}).to_string();
        let level =
            json!({"id": "r-1", "kind": "ROOT", "rcps": [], "scps": [{"id": "p-1", "name": "p", "document": all}]});
        let account = json!({"roles": roles, "policies": [], "organization": {"id": "o-1", "feature_set": "ALL",
            "management_account": "999999999999", "levels": [level]}});
        let seen: Snapshot =
            serde_json::from_value(json!({"format": FORMAT, "scan": {"account": "111122223333"}, "account": account}))
                .unwrap();
        let world = World::new(&seen);
        let of = |at: usize| {
            let role = &seen.account.roles.items[at];
            world.role_permissions(role).unwrap().likeness(&["sagemaker:*"])
        };
        of(0) == of(1)
    }

    fn allow(action: &str, resource: &str) -> Value {
        json!({"Effect": "Allow", "Action": action, "Resource": resource})
    }

    #[test]
    fn only_what_speaks_of_the_service_tells_principals_apart() {
        let all = allow("*", "*");
        let with = |name: &str, more: Value| role(name, &[allow("sagemaker:Create*", "*"), more]);
        assert!(alike([with("a", allow("s3:*", "a")), with("b", allow("s3:*", "b"))], &all));
        assert!(!alike([with("a", allow("sagemaker:*", "a")), with("b", allow("sagemaker:*", "b"))], &all));
        assert!(!alike([with("a", allow("*", "a")), with("b", allow("s3:*", "b"))], &all));
    }

    #[test]
    fn whom_the_organization_names_is_like_nobody_whom_it_does_not() {
        let deny = |condition: Value| json!([allow("*", "*"), {"Effect": "Deny", "Action": "sagemaker:*", "Resource": "*", "Condition": condition}]);
        let pair = |one: &str, two: &str| [one, two].map(|name| role(name, &[allow("sagemaker:*", "*")]));
        let named = deny(json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/dev-*"}}));
        assert!(alike(pair("dev-a", "dev-b"), &named));
        assert!(alike(pair("a", "b"), &named));
        assert!(!alike(pair("a", "dev-b"), &named));
        let own = deny(json!({"StringNotLike": {"sagemaker:OwnerUserProfileArn": "*${aws:PrincipalArn}"}}));
        assert!(!alike(pair("a", "b"), &own));
    }
}
