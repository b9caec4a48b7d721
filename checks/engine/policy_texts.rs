//! Identity policies as texts, each judged by itself.

use super::subject::{Population, Resource, Subject};
use super::world::World;
use crate::snapshot::{Gap, InlinePolicy, Listed, Policy, Seen};

/// One identity policy: a managed one, or one that is embedded in a user, group or role.
#[derive(Clone, Copy)]
pub enum PolicyText<'w> {
    /// A managed policy, AWS's own ones included.
    Managed(&'w Policy),
    /// An embedded policy, with the kind, the name and the ARN of its owner.
    Inline(&'static str, &'w str, &'w str, &'w InlinePolicy),
    /// The embedded policies of an owner, which were not seen.
    Hidden(&'static str, &'w str, &'w str, &'w Gap),
}

impl<'w> Subject<'w> for PolicyText<'w> {
    const KIND: &'static str = "iam-policy";

    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        let (here, account) = (world.global(), &world.snapshot.account);
        let managed = account.policies.iter().map(PolicyText::Managed).collect();
        vec![
            Population { here, items: managed, missing: account.policies.missing.as_ref() },
            embedded(world, &account.users, |user| ("user", &user.name, &user.arn, &user.inline)),
            embedded(world, &account.groups, |group| ("group", &group.name, &group.arn, &group.inline)),
            embedded(world, &account.roles, |role| ("role", &role.name, &role.arn, &role.inline)),
        ]
    }

    fn resource(self) -> Resource {
        match self {
            PolicyText::Managed(policy) => Resource::new("iam-policy", policy.name.clone(), &policy.arn),
            PolicyText::Inline(kind, owner, arn, policy) => {
                Resource::new("iam-policy", format!("{kind}/{owner}/{}", policy.name), arn)
            }
            PolicyText::Hidden(kind, owner, arn, _) => Resource::new("iam-policy", format!("{kind}/{owner}/*"), arn),
        }
    }
}

/// What an owner of embedded policies tells: kind, name, ARN, policies.
type Owner<'w> = (&'static str, &'w str, &'w str, &'w Seen<Vec<InlinePolicy>>);

fn embedded<'w, T>(
    world: &'w World<'w>,
    owners: &'w Listed<T>,
    tell: impl Fn(&'w T) -> Owner<'w>,
) -> Population<'w, PolicyText<'w>> {
    let texts = |owner| match tell(owner) {
        (kind, name, arn, Seen::Is(all)) => {
            all.iter().map(|policy| PolicyText::Inline(kind, name, arn, policy)).collect()
        }
        (_, _, _, Seen::Unset) => Vec::new(),
        (kind, name, arn, Seen::Unseen(gap)) => vec![PolicyText::Hidden(kind, name, arn, gap)],
    };
    let items = owners.iter().flat_map(texts).collect();
    Population { here: world.global(), items, missing: owners.missing.as_ref() }
}
