use std::collections::BTreeSet;

use sagescan_policy::{Context, Key};

use super::callers::{Answers, Caller, permissions_of};
use super::roles;
use crate::engine::{Permissions, Principal, STRANGER};
use crate::prelude::*;

pub(super) struct IdentityAbacTagConditions;

impl Check for IdentityAbacTagConditions {
    type On<'w> = Principal<'w>;

    const META: Meta = Meta {
        id: "identity-abac-tag-conditions",
        title: "Whoever is limited by tags cannot change the tags",
        severity: Severity::Low,
        reads: roles::PRINCIPALS,
        practices: &["ID-9"],
        page: include_str!("identity_abac_tag_conditions.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, principal: Principal<'_>, here: &Here<'_>) -> Judged {
        let Some(permissions) = permissions_of(principal, here)? else {
            return Ok(not_concerned());
        };
        let tags = separating_tags(permissions);
        if tags.is_empty() {
            // What was not seen could hold such conditions.
            return permissions.complete().map(|()| not_concerned());
        }
        let mut answers = Answers::none();
        for kind in KINDS {
            let thing = permissions.own_arn("sagemaker", "*", &format!("{kind}/{STRANGER}"));
            let foreign = foreign(permissions);
            // A tag that comes with a create call says which call; one that is put on later does not.
            let foreign = foreign.without("sagemaker:TaggingAction");
            answers.ask(kind, permissions.may_by_choice("sagemaker:AddTags", &thing, foreign));
        }
        let open = answers.settle()?;
        let names: Vec<&str> = tags.iter().map(String::as_str).collect();
        let Some((kind, right)) = open.first() else {
            permissions.complete()?;
            return Ok(pass("it cannot put tags on what is tagged for others").with("tags", names));
        };
        let says = format!(
            "its rights hang on the tag {}, and it may change the tags of any {kind}, those of others included: {}",
            names.first().copied().unwrap_or_default(),
            right.proof.words()
        );
        let verdict = Caller { principal, here }.failure(says, right, CURE, Severity::Low);
        Ok(verdict.with("tags", names).with("kinds", open.iter().map(|(kind, _)| *kind).collect::<Vec<_>>()))
    }
}

const CURE: &str = "AddTags only with sagemaker:TaggingAction (tags of new resources), or with the same aws:ResourceTag condition as the rest";

/// Kinds of resources that teams work with. Source: service authorization reference of SageMaker, 2026, `AddTags`.
const KINDS: [&str; 8] = [
    "notebook-instance",
    "training-job",
    "processing-job",
    "model",
    "endpoint",
    "endpoint-config",
    "pipeline",
    "model-package",
];

/// The tags that decide on rights in SageMaker, without what stands before their name.
fn separating_tags(permissions: &Permissions) -> BTreeSet<String> {
    let speaking = permissions.statements().filter(|one| one.may_cover_some("sagemaker:*"));
    let keys = speaking.flat_map(|one| &one.conditions).map(|one| one.key().folded().to_owned());
    keys.filter_map(|key| key.split_once(":resourcetag/").map(|(_, name)| name.to_owned())).collect()
}

/// Circumstances in which a resource is tagged for somebody else: its tags have a value that the caller's do not have.
fn foreign(permissions: &Permissions) -> Context {
    let context = permissions.on_tagged(Context::open(), Some(STRANGER));
    let of_tags = permissions.statements().flat_map(|one| &one.conditions);
    let compared = of_tags.filter(|one| one.key().folded().contains("tag/")).flat_map(|one| one.values());
    let variables: BTreeSet<&str> = compared.flat_map(variables).collect();
    let asked_about = |name: &str| {
        let key = Key::new(name);
        // `Null` asks only whether the caller has the tag, and a caller to whom the tags matter does.
        let mut telling =
            permissions.statements().flat_map(|one| &one.conditions).filter(|one| one.operator() != "Null");
        telling.any(|one| one.key().folded() == key.folded())
    };
    let own = variables.into_iter().filter(|name| is_of_caller(name) && !asked_about(name));
    own.fold(context, |context, name| context.with(name, "own-value"))
}

/// Whether a variable tells something of the caller that no foreign tag equals. `aws:username` is known anyway.
fn is_of_caller(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("aws:principaltag/") || name == "aws:userid" || name == "sts:rolesessionname"
}

/// The names of the policy variables in a text: `aws:PrincipalTag/team` of `${aws:PrincipalTag/team, 'none'}`.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    inside.filter_map(|(inside, _)| inside.split(',').next()).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn variables_are_found_with_and_without_defaults() {
        let found: Vec<&str> = variables("a${aws:userid}-${aws:PrincipalTag/team, 'x'}${open").collect();
        assert_eq!(found, ["aws:userid", "aws:PrincipalTag/team"]);
    }
}
