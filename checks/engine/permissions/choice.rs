//! What a principal can do with the choices that are a requester's: the names of resources and the parameters of a call.

use std::collections::BTreeSet;

use sagescan_policy::{Choices, Chosen, Context, Guardrails, Key, Request, Statement, Value as Known, Witness, reach};

use serde_json::Value;

use super::{Permissions, Proof};
use crate::engine::check::{Verdict, unclear};
use crate::snapshot::Unseen;

/// The condition keys that follow from what a requester asks for. Tags of existing resources count as chosen too: whoever
/// looks for a resource to act on picks one whose tags fit, unless the question fixes them.
const CHOSEN: [&str; 5] =
    ["sagemaker:*", "aws:ResourceTag/*", "aws:RequestTag/*", "aws:TagKeys", "aws:RequestedRegion"];

/// The profile of a Studio session is the requester's own, not theirs to choose: the key, and a name for questions.
/// Source: SageMaker developer guide, "Condition keys", `sagemaker:UserProfileName`.
pub const OWN_PROFILE: (&str, &str) = ("sagemaker:UserProfileName", "own-profile");

/// A right, and the request that makes use of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// The statement that gives it.
    pub proof: Proof,
    /// What the request is about.
    pub resource: String,
}

impl Right {
    /// Adds to the evidence of a verdict the statement and what would take the right away.
    #[must_use]
    pub fn on(&self, verdict: Verdict, cure: impl Into<Value>) -> Verdict {
        self.proof.on(verdict).with("remedy", cure)
    }
}

impl Permissions {
    /// Whether the principal can make some request for the action pass, by every policy that was seen. Every `*` of the
    /// pattern is its to choose, and so are the parameters and tags that the context does not fix; everything else that is
    /// not fixed is unknown.
    pub fn may_by_choice(&self, action: &str, pattern: &str, context: Context) -> Result<Option<Right>, Unseen> {
        if !self.speaks_of(action) {
            return self.complete().map(|()| None);
        }
        let context = match context.get(&Key::new(OWN_PROFILE.0)) {
            Known::Known(_) => context,
            _ => context.with(OWN_PROFILE.0, OWN_PROFILE.1),
        };
        let (request, policies) = (self.request(action, pattern, context), self.over(pattern));
        let choices = Choices { keys: CHOSEN.map(str::to_owned).to_vec(), resource: true };
        let found = reach(&request, &choices, &policies);
        let Some(witness) = found.witness else {
            return match found.decision.is_denied() {
                true => self.complete().map(|()| None),
                false => Err(unclear(format!("it could not be worked out whether the policies allow {action}"))),
            };
        };
        let request = self.as_chosen(request, &witness);
        let proof = self.weigh(&request, &policies, found.decision)?;
        Ok(proof.map(|proof| Right { proof, resource: witness.resource }))
    }

    /// The request of a witness: what it does not set it leaves out.
    fn as_chosen(&self, request: Request, witness: &Witness) -> Request {
        let mut context = request.context;
        for name in self.condition_keys() {
            let is_chosen = CHOSEN.iter().any(|choice| match choice.strip_suffix('*') {
                Some(start) => name.starts_with(&start.to_ascii_lowercase()),
                None => name.eq_ignore_ascii_case(choice),
            });
            if is_chosen && matches!(context.get(&Key::new(&name)), Known::Unknown(_)) {
                context = context.without(&name);
            }
        }
        for (name, value) in &witness.context {
            context = match value {
                Chosen::One(value) => context.with(name, value),
                Chosen::Many(values) => context.with_all(name, values),
            };
        }
        Request { resource: witness.resource.clone(), context, ..request }
    }

    /// Fixes every tag that the policies ask about in a resource: to this value, or, with `None`, as not there.
    pub fn on_tagged(&self, context: Context, value: Option<&str>) -> Context {
        self.resource_tags().iter().fold(context, |context, key| match value {
            Some(value) => context.with(key, value),
            None => context.without(key),
        })
    }

    /// The tags of resources that the policies have conditions on, as condition keys in lower case.
    pub fn resource_tags(&self) -> BTreeSet<String> {
        let mut keys = self.condition_keys();
        keys.retain(|key| key.contains(":resourcetag/"));
        keys
    }

    /// Every statement that has a say on the principal's side.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        let (own, boundary) = (&self.policies.identity, &self.policies.boundary);
        let above = [&self.ceiling.scps, &self.ceiling.rcps].into_iter().flat_map(|guardrails| match guardrails {
            Guardrails::Levels(levels) => levels.as_slice(),
            Guardrails::None | Guardrails::Unknown => &[],
        });
        let documents = own.iter().chain(boundary.iter().flatten()).chain(above.flatten());
        documents.flat_map(|document| document.statements())
    }

    fn condition_keys(&self) -> BTreeSet<String> {
        self.statements().flat_map(|one| &one.conditions).map(|one| one.key().folded().to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::World;
    use crate::snapshot::{FORMAT, Snapshot};
    use serde_json::json;

    fn right(statements: &str, action: &str, pattern: &str, context: Context) -> Option<Right> {
        let document = format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#);
        let role = json!({"name": "a", "arn": "arn:aws:iam::111122223333:role/a", "attached": [], "boundary": null,
            "inline": [{"name": "p", "document": document}]});
        let seen: Snapshot = serde_json::from_value(json!({"format": FORMAT, "account": {"roles": [role]}})).unwrap();
        let world = World::new(&seen);
        let permissions = world.role_permissions(&seen.account.roles.items[0]).unwrap();
        permissions.may_by_choice(action, pattern, context).unwrap()
    }

    const NOTEBOOK: &str = "arn:aws:sagemaker:*:111122223333:notebook-instance/*";
    const PROFILE: &str = "arn:aws:sagemaker:*:111122223333:user-profile/*/other";

    #[test]
    fn names_and_parameters_are_chosen_so_that_the_request_passes() {
        let found = right(
            r#"{"Effect":"Allow","Action":"sagemaker:CreateNotebookInstance","Resource":"arn:aws:sagemaker:eu-west-1:*:notebook-instance/a-*",
                "Condition":{"StringEquals":{"sagemaker:RootAccess":"Disabled","aws:RequestTag/team":"x"}}}"#,
            "sagemaker:CreateNotebookInstance",
            NOTEBOOK,
            Context::open(),
        );
        let found = found.unwrap();
        assert!(found.proof.keys.is_empty(), "{found:?}");
        assert!(found.resource.starts_with("arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/a-"));
        assert_eq!(found.proof.action, "sagemaker:CreateNotebookInstance");
        assert!(found.proof.resources[0].starts_with("arn:aws:sagemaker:eu-west-1"));
    }

    #[test]
    fn a_service_control_policy_that_was_read_decides_and_leaves_the_choices() {
        let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let under = |statement: &str| {
            let scp = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"*","Resource":"*"}},{statement}]}}"#
            );
            let level =
                json!({"id": "r-1", "kind": "ROOT", "rcps": [], "scps": [{"id": "p-1", "name": "p", "document": scp}]});
            let account = json!({"roles": [{"name": "a", "arn": "arn:aws:iam::111122223333:role/a", "attached": [],
                "boundary": null, "inline": [{"name": "p", "document": all}]}],
                "organization": {"id": "o-1", "management_account": "999999999999", "feature_set": "ALL", "levels": [level]}});
            let seen = json!({"format": FORMAT, "scan": {"account": "111122223333"}, "account": account});
            let seen: Snapshot = serde_json::from_value(seen).unwrap();
            let world = World::new(&seen);
            let permissions = world.role_permissions(&seen.account.roles.items[0]).unwrap();
            permissions.may_by_choice("sagemaker:CreateNotebookInstance", NOTEBOOK, Context::open()).unwrap()
        };
        let deny = |condition: &str| {
            format!(r#"{{"Effect":"Deny","Action":"sagemaker:Create*","Resource":"*","Condition":{condition}}}"#)
        };
        assert_eq!(under(&deny("{}")), None);
        let rooted = under(&deny(r#"{"StringNotEquals":{"sagemaker:RootAccess":"Disabled"}}"#)).unwrap();
        assert!(rooted.proof.keys.is_empty(), "{rooted:?}");
        let of_others = under(&deny(r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/b"}}"#));
        assert!(of_others.unwrap().proof.keys.is_empty());
    }

    #[test]
    fn what_the_question_fixes_is_not_chosen() {
        let guarded = r#"[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"sagemaker:Create*",
            "Resource":"*","Condition":{"StringNotEquals":{"sagemaker:RootAccess":"Disabled"}}}]"#;
        let ask = |context| right(guarded, "sagemaker:CreateNotebookInstance", NOTEBOOK, context);
        assert_eq!(ask(Context::open().with("sagemaker:RootAccess", "Enabled")), None);
        assert_eq!(ask(Context::open().without("sagemaker:RootAccess")), None);
        assert!(ask(Context::open()).is_some());
    }

    #[test]
    fn the_profile_of_a_session_is_not_chosen() {
        let own = r#"{"Effect":"Allow","Action":"sagemaker:CreatePresignedDomainUrl",
            "Resource":"arn:aws:sagemaker:*:*:user-profile/${sagemaker:DomainId}/${sagemaker:UserProfileName}"}"#;
        assert_eq!(right(own, "sagemaker:CreatePresignedDomainUrl", PROFILE, Context::open()), None);
        let any = own.replace("${sagemaker:UserProfileName}", "*");
        assert!(right(&any, "sagemaker:CreatePresignedDomainUrl", PROFILE, Context::open()).is_some());
    }
}
