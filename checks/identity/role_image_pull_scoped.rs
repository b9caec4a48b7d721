use sagescan_policy::Context;

use super::patterns::{filled, is_open};
use super::{roles, wide};
use crate::engine::{Permissions, Proof, first};
use crate::prelude::*;

pub(super) struct RoleImagePullScoped;

/// What pulling an image takes, besides GetAuthorizationToken, which knows no resources. Source: Amazon ECR user guide,
/// "Private repository policy examples", 2026.
const PULLING: [&str; 2] = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

impl Check for RoleImagePullScoped {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-image-pull-scoped",
        title: "Execution roles pull images only from named repositories",
        severity: Severity::Low,
        reads: roles::POLICIES,
        practices: &["ID-4", "EX-1"],
        page: include_str!("role_image_pull_scoped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let permissions = here.world.role_permissions(role)?;
        let any = wide::spelled(permissions, "arn:P:ecr:Q:A:repository/Q");
        let own = first(PULLING.iter().map(|action| permissions.may(action, &any, Context::open())));
        if let Ok(Some(proof)) = &own {
            return Ok(finding(proof, "any repository of this account"));
        }
        let mut doubt = own.err();
        for action in PULLING {
            for pattern in permissions.resources_of(action) {
                match abroad(permissions, action, pattern) {
                    Ok(Some(proof)) => return Ok(finding(&proof, &format!("{pattern}, in any account"))),
                    Ok(None) => {}
                    Err(unseen) => {
                        doubt.get_or_insert(unseen);
                    }
                }
            }
        }
        if let Some(unseen) = doubt {
            return Err(unseen);
        }
        permissions.complete()?;
        Ok(pass("it pulls images only from repositories that its policies name"))
    }
}

fn finding(proof: &Proof, whence: &str) -> Verdict {
    let verdict = proof.on(fail(format!("it may pull images from {whence}: {}", proof.words())));
    verdict.with("remedy", "the ARNs of the approved repositories in this statement")
}

/// Whether the pattern leaves the account open, and a repository of a foreign one is within reach.
fn abroad(permissions: &Permissions, action: &str, pattern: &str) -> wide::Answer {
    let own = permissions.account();
    let Some(arn) = Arn::parse(pattern).filter(|arn| is_open(arn.account) && arn.account != "${aws:PrincipalAccount}")
    else {
        return Ok(None);
    };
    let other = if own == "999999999999" { "888888888888" } else { "999999999999" };
    let (region, repository) = (filled(arn.region, own), filled(arn.resource, own));
    let thing = format!("arn:{}:ecr:{region}:{other}:{repository}", permissions.partition());
    permissions.may_abroad(action, &thing, other)
}
