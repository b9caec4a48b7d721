use jiff::Timestamp;

use super::age::{STALE, ago, days_since};
use super::roles;
use crate::engine::{Principal, Proof};
use crate::prelude::*;

pub(super) struct IdentityStaleSagemakerPermissions;

impl Check for IdentityStaleSagemakerPermissions {
    type On<'w> = Principal<'w>;

    const META: Meta = Meta {
        id: "identity-stale-sagemaker-permissions",
        title: "Whoever holds SageMaker rights makes use of them",
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        preview: true,
        reads: &[Table::Users, Table::Groups, Table::Roles, Table::Policies, Table::Credentials, Table::ServicesUsed],
        practices: &["ID-9"],
        page: include_str!("identity_stale_sagemaker_permissions.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, principal: Principal<'_>, here: &Here<'_>) -> Judged {
        let permissions = match principal {
            Principal::Role(role) if roles::is_service_linked(role) => return Ok(not_concerned()),
            Principal::Role(role) => here.world.role_permissions(role)?,
            Principal::User(user) => here.world.user_permissions(user)?,
        };
        let Some(proof) = permissions.any_right_in("sagemaker")? else {
            return Ok(not_concerned());
        };
        let last = match principal {
            Principal::Role(role) => Last::of_any(role.last_used.get()?.copied()),
            Principal::User(user) => of_user(here.world.credentials(user)?)?,
        };
        let created = match principal {
            Principal::Role(role) => &role.created,
            Principal::User(user) => &user.created,
        };
        let recent = |at: &Timestamp| days_since(*at, here) <= STALE;
        if last.in_sagemaker.as_ref().is_some_and(recent) {
            permissions.complete()?;
            return Ok(pass("it called SageMaker in the last 90 days"));
        }
        match last.at_all {
            Some(at) if recent(&at) => match principal {
                Principal::Role(role) => by_report(here.world.services_used(&role.arn)?, &proof, here),
                Principal::User(_) => Err(unclear(
                    "it was used in the last 90 days, and the credential report does not tell for which services",
                )),
            },
            Some(at) => Ok(stale(&proof, format!("it was last used {}", ago(days_since(at, here))))),
            None if recent(created.known("CreateDate")?) => {
                permissions.complete()?;
                Ok(pass("it was created less than 90 days ago"))
            }
            None => Ok(stale(&proof, "it was never used as far as AWS looks back".to_owned())),
        }
    }
}

fn stale(proof: &Proof, says: String) -> Verdict {
    let says = format!("{says} and still holds SageMaker rights: {}", proof.words());
    proof.on(fail(says)).with("remedy", "this policy detached, or the identity deleted")
}

/// The judgement of a role that is in use, by the services that it used.
fn by_report(used: &[ServiceUse], proof: &Proof, here: &Here<'_>) -> Judged {
    let Some(sagemaker) = used.iter().find(|used| used.service.eq_ignore_ascii_case("sagemaker")) else {
        // IAM lists whatever the role may use: its rights changed since, or it has them from elsewhere.
        return Err(unclear("the report on the services that it used does not list SageMaker"));
    };
    Ok(match sagemaker.last_used {
        Some(at) if days_since(at, here) <= STALE => pass("it called SageMaker in the last 90 days"),
        Some(at) => {
            let says = format!("it is in use, but last called SageMaker {}", ago(days_since(at, here)));
            stale(proof, says).with("last_used", at.to_string())
        }
        None => stale(proof, "it is in use, but did not call SageMaker in the 400 days that IAM remembers".to_owned()),
    })
}

/// When an identity was last used.
struct Last {
    at_all: Option<Timestamp>,
    /// For SageMaker, where that is known.
    in_sagemaker: Option<Timestamp>,
}

impl Last {
    fn of_any(at_all: Option<Timestamp>) -> Last {
        Last { at_all, in_sagemaker: None }
    }
}

/// The credential report tells the last use of a password and, for each key, the last use and its service.
fn of_user(row: &Credentials) -> Result<Last, Unseen> {
    let mut last = Last::of_any(row.password_last_used);
    for (used, service) in [(&row.key_1_used, &row.key_1_service), (&row.key_2_used, &row.key_2_service)] {
        let Some(used) = used.get()? else { continue };
        last.at_all = last.at_all.max(Some(*used));
        if service.shown().is_some_and(|service| service.eq_ignore_ascii_case("sagemaker")) {
            last.in_sagemaker = last.in_sagemaker.max(Some(*used));
        }
    }
    Ok(last)
}
