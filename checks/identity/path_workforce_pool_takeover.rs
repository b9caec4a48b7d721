use sagescan_policy::Context;

use super::roles;
use crate::engine::Proof;
use crate::paths::Telling;
use crate::prelude::*;

pub(super) struct PathWorkforcePoolTakeover;

/// What lets somebody into a workforce, each with its words. Source: service authorization reference of Amazon Cognito user
/// pools, 2026.
const RIGHTS: [(&str, &str); 4] = [
    ("cognito-idp:AdminCreateUser", "add people to its user pool"),
    ("cognito-idp:AdminSetUserPassword", "set the passwords of its workers"),
    ("cognito-idp:AdminAddUserToGroup", "put people into its work teams"),
    ("cognito-idp:CreateGroup", "make groups in its user pool"),
];

impl Check for PathWorkforcePoolTakeover {
    type On<'w> = &'w Workforce;

    const META: Meta = Meta {
        id: "path-workforce-pool-takeover",
        title: "No execution role can let outsiders into a workforce",
        severity: Severity::High,
        reads: roles::POLICIES,
        practices: &["LOG-7"],
        page: include_str!("path_workforce_pool_takeover.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, workforce: &Workforce, here: &Here<'_>) -> Judged {
        let Some(pool) = workforce.user_pool.get()? else {
            return Ok(not_concerned());
        };
        let arn = format!("arn:{}:cognito-idp:{}:{}:userpool/{pool}", here.partition(), here.name, here.account());
        let roles = &here.world.snapshot.account.roles;
        let (mut found, mut doubt): (Vec<(&Role, Vec<Held>)>, _) = (Vec::new(), None);
        for role in roles.iter() {
            match rights_of(role, &arn, here, &mut doubt) {
                Ok(held) if !held.is_empty() => found.push((role, held)),
                Ok(_) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        found.sort_by_key(|(role, held)| (!takes_over(held), conditions(held), &role.name));
        let Some((role, held)) = found.first() else {
            doubt.map_or(Ok(()), Err)?;
            roles.all()?;
            return Ok(pass("no execution role can change who is in its user pool").with("user_pool", pool.as_str()));
        };
        let Some(first) = held.iter().min_by_key(|one| one.proof.keys.len()) else {
            return Ok(not_concerned());
        };
        let words: Vec<&str> = held.iter().map(|one| one.words).collect();
        let says = format!("role {} can {}: {}", role.name, words.join(", "), first.proof.words());
        let verdict = first.proof.on(fail(says));
        let verdict = match takes_over(held) && conditions(held) == 0 {
            true => verdict,
            false => verdict.severity(Severity::Medium),
        };
        let mut telling = Telling::default();
        for one in held {
            telling = telling.by(format!("whoever runs code as role {} can {}", role.name, one.words), &one.proof);
        }
        let telling =
            telling.seen("workers see the data of their tasks and decide the labels", "CognitoConfig.UserPool");
        let names: Vec<&str> = found.iter().take(20).map(|(role, _)| role.name.as_str()).collect();
        let verdict = verdict
            .with("user_pool", pool.as_str())
            .with("actions", held.iter().map(|one| one.action).collect::<Vec<_>>())
            .with("roles", names);
        Ok(telling.on(verdict, format!("deny the administration of {pool} to execution roles")))
    }
}

/// A right over the user pool.
struct Held {
    action: &'static str,
    words: &'static str,
    proof: Proof,
}

/// The rights of a role over a user pool; what could not be told becomes a doubt. None for a role that runs nothing.
fn rights_of(role: &Role, pool: &str, here: &Here<'_>, doubt: &mut Option<Unseen>) -> Result<Vec<Held>, Unseen> {
    if !roles::is_concerned(role, here)? {
        return Ok(Vec::new());
    }
    let permissions = here.world.role_permissions(role)?;
    let mut held = Vec::new();
    for (action, words) in RIGHTS {
        match permissions.may(action, pool, Context::open()) {
            Ok(Some(proof)) => held.push(Held { action, words, proof }),
            Ok(None) => {}
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    Ok(held)
}

/// Whether the rights suffice to sign in as a worker: as one who is there, or as a new one of a team.
fn takes_over(held: &[Held]) -> bool {
    let has = |action: &str| held.iter().any(|one| one.action.ends_with(action));
    has("AdminSetUserPassword") || (has("AdminCreateUser") && has("AdminAddUserToGroup"))
}

fn conditions(held: &[Held]) -> usize {
    held.iter().map(|one| one.proof.keys.len()).min().unwrap_or(0)
}
