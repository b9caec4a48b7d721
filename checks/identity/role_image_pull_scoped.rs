use sagescan_policy::Context;

use super::patterns::{bounded, filled};
use super::{roles, wide};
use crate::aws::registries::is_published_by_aws;
use crate::engine::{Permissions, Proof, STRANGER, first};
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
            let (patterns, more) = bounded(permissions.resources_of(action).into_iter());
            doubt = doubt.or(more);
            for pattern in patterns {
                match abroad(permissions, action, pattern) {
                    Ok(Some((proof, whence))) => return Ok(finding(&proof, &whence)),
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

/// Where the pattern lets the role pull from in other accounts, if it leaves the account open, or all the repositories of
/// one that is not AWS's.
fn abroad(permissions: &Permissions, action: &str, pattern: &str) -> Result<Option<(Proof, String)>, Unseen> {
    let own = permissions.account();
    let Some(arn) = Arn::parse(pattern) else { return Ok(None) };
    let (region, account) = (filled(arn.region, own), filled(arn.account, own));
    let (owner, whence) = match account.contains(STRANGER) {
        true => {
            (if own == "999999999999" { "888888888888" } else { "999999999999" }, format!("{pattern}, in any account"))
        }
        false if account == own || is_published_by_aws(&account, beginning_of_regions(permissions.partition())) => {
            return Ok(None);
        }
        false if !matches!(arn.resource, "*" | "repository/*") => return Ok(None),
        false => (account.as_str(), format!("any repository of account {account}")),
    };
    let repository = match arn.resource {
        "*" => format!("repository/{STRANGER}"),
        resource => filled(resource, own),
    };
    let thing = format!("arn:{}:ecr:{region}:{owner}:{repository}", permissions.partition());
    Ok(permissions.may_abroad(action, &thing, owner)?.map(|proof| (proof, whence)))
}

/// How the names of the regions of a partition begin; those of the commercial one share nothing. Source: AWS General
/// Reference, "Regions and endpoints", 2026.
fn beginning_of_regions(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "cn-",
        "aws-us-gov" => "us-gov-",
        "aws-iso" => "us-iso-",
        "aws-iso-b" => "us-isob-",
        "aws-iso-e" => "eu-isoe-",
        "aws-iso-f" => "us-isof-",
        "aws-eusc" => "eusc-",
        _ => "",
    }
}
