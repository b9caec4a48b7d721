use std::collections::BTreeSet;

use sagescan_policy::Context;

use super::{roles, wide};
use crate::engine::{Permissions, Proof, STRANGER};
use crate::prelude::*;

pub(super) struct RoleNoServiceWildcards;

/// The services whose wide rights reach far beyond machine learning, each with what is dearest in it, in a place and of a
/// name that no policy knows. A service without an ARN knows no resources.
const SENSITIVE: [(&str, &str); 14] = [
    ("iam", "arn:P:iam::A:role/Q"),
    ("s3", "arn:P:s3:::Q/Q"),
    ("kms", "arn:P:kms:Q:A:key/Q"),
    ("secretsmanager", "arn:P:secretsmanager:Q:A:secret:Q"),
    ("ec2", "arn:P:ec2:Q:A:instance/Q"),
    ("lambda", "arn:P:lambda:Q:A:function:Q"),
    ("sts", "arn:P:iam::A:role/Q"),
    ("organizations", "arn:P:organizations::A:account/Q/Q"),
    ("ssm", "arn:P:ssm:Q:A:parameter/Q"),
    ("dynamodb", "arn:P:dynamodb:Q:A:table/Q"),
    ("rds", "arn:P:rds:Q:A:db:Q"),
    ("redshift", "arn:P:redshift:Q:A:cluster:Q"),
    ("glue", "arn:P:glue:Q:A:table/Q/Q"),
    ("lakeformation", "*"),
];

impl Check for RoleNoServiceWildcards {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-no-service-wildcards",
        title: "Execution roles have no wildcard rights over sensitive services",
        severity: Severity::High,
        reads: roles::POLICIES,
        practices: &["ID-4", "ID-10"],
        page: include_str!("role_no_service_wildcards.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let permissions = here.world.role_permissions(role)?;
        let (mut found, mut doubt) = (Vec::new(), None);
        for (service, dearest) in SENSITIVE {
            match wildcard(permissions, service, dearest) {
                Ok(wildcard) => found.extend(wildcard),
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                }
            }
        }
        // An unconditional grant speaks first.
        found.sort_by_key(|(_, proof)| !proof.keys.is_empty());
        let Some((actions, proof)) = found.first() else {
            return doubt.map_or_else(|| Ok(pass("no wildcard over a sensitive service is granted everywhere")), Err);
        };
        let others = match found.len() {
            1 => String::new(),
            n => format!(" (and wildcards of {} more services)", n - 1),
        };
        let says = format!("it may call {actions} on every resource{others}: {}", proof.words());
        let granted: Vec<&str> = found.iter().map(|(actions, _)| actions.as_str()).collect();
        let verdict = proof.on(fail(says)).with("actions", granted);
        Ok(if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) })
    }
}

/// The widest wildcard of one service that is granted on everything, with its statement.
fn wildcard(permissions: &Permissions, service: &str, dearest: &str) -> Result<Option<(String, Proof)>, Unseen> {
    let thing = wide::spelled(permissions, dearest);
    let ask = |action: &str| permissions.may(action, &thing, Context::open());
    let mut doubt = None;
    let whole = [(format!("{service}:*"), format!("{service}:{STRANGER}"))];
    let partial: BTreeSet<&str> = permissions
        .allows()
        .flat_map(|statement| statement.actions.only())
        .filter(|pattern| pattern.service().eq_ignore_ascii_case(service) && is_telling(pattern.text()))
        .map(|pattern| pattern.text())
        .collect();
    for (named, asked) in whole.into_iter().chain(partial.into_iter().map(|p| (p.to_owned(), p.to_owned()))) {
        match ask(&asked) {
            Ok(Some(proof)) => return Ok(Some((named, proof))),
            Ok(None) => {}
            Err(unseen) => {
                doubt.get_or_insert(unseen);
            }
        }
    }
    doubt.map_or(Ok(None), Err)
}

/// Whether a pattern has a wildcard that matters. That of the whole service is asked about by itself, and lists and
/// descriptions show names and settings, not contents.
fn is_telling(pattern: &str) -> bool {
    let verb = pattern.split_once(':').map_or("", |(_, verb)| verb);
    let starts = |word: &str| verb.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    verb.contains(['*', '?']) && verb != "*" && !starts("List") && !starts("Describe")
}

#[cfg(test)]
mod tests {
    use super::is_telling;

    #[test]
    fn listing_and_describing_everything_is_no_wildcard_that_matters() {
        for telling in ["s3:Put*", "s3:G?t*", "iam:*Role", "s3:é*"] {
            assert!(is_telling(telling), "{telling}");
        }
        for harmless in ["s3:PutObject", "s3:*", "s3:list*", "ec2:Describe*", "*", ""] {
            assert!(!is_telling(harmless), "{harmless}");
        }
    }
}
