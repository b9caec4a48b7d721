use sagescan_policy::Context;

use super::patterns::is_open;
use super::{roles, wide};
use crate::engine::{Principal, Proof};
use crate::prelude::*;

pub(super) struct RolePassrolePassedToService;

/// A service that no policy knows: whoever may pass a role to it may pass it to every service.
const ANY_SERVICE: &str = "qx7zwk.amazonaws.com";

impl Check for RolePassrolePassedToService {
    type On<'w> = Principal<'w>;

    const META: Meta = Meta {
        id: "role-passrole-passed-to-service",
        title: "Execution roles can be passed only to services that a policy names",
        severity: Severity::Medium,
        reads: roles::PRINCIPALS,
        practices: &["ID-7"],
        page: include_str!("role_passrole_passed_to_service.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, principal: Principal<'_>, here: &Here<'_>) -> Judged {
        let permissions = match principal {
            Principal::Role(role) if roles::is_service_linked(role) => return Ok(not_concerned()),
            Principal::Role(role) => here.world.role_permissions(role)?,
            Principal::User(user) => here.world.user_permissions(user)?,
        };
        let (all, anywhere) =
            (permissions.own_arn("iam", "", "role/*"), || Context::open().with("iam:PassedToService", ANY_SERVICE));
        if permissions.may_somewhere_within("iam:PassRole", &all, anywhere())?.is_none() {
            return Ok(match permissions.may_somewhere("iam:PassRole", &all)? {
                Some(_) => pass("it may pass roles only to services that its policies name"),
                None => not_concerned(),
            });
        }
        let mut doubt = here.world.gap_in(What::Role).map(Unseen::from);
        // A list of written-out roles is short, while there may be thousands of execution roles.
        let written = permissions.resources_of("iam:PassRole");
        // Roles cannot be passed across accounts (IAM user guide, "Grant a user permissions to pass a role").
        let own = |arn: &&str| Arn::parse(arn).is_some_and(|arn| arn.account == permissions.account());
        let named: Vec<&str> = match written.iter().any(|pattern| is_open(pattern)) {
            true => here.world.execution_roles().filter(own).collect(),
            false => written.into_iter().filter(|arn| own(arn) && here.world.uses_of_role(arn).is_some()).collect(),
        };
        for role in named {
            match permissions.may("iam:PassRole", role, anywhere()) {
                Ok(Some(proof)) => return Ok(finding(principal, role, &proof, here)),
                Ok(None) => {}
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                }
            }
        }
        doubt.map_or_else(|| Ok(not_concerned()), Err)
    }
}

fn finding(principal: Principal<'_>, role: &str, proof: &Proof, here: &Here<'_>) -> Verdict {
    let says = format!("it may pass {role}, which SageMaker runs under, to any AWS service: {}", proof.words());
    let verdict = proof.on(fail(says)).with("role", role);
    let verdict = verdict.with("remedy", "StringEquals iam:PassedToService sagemaker.amazonaws.com in this statement");
    match (wide::is_administrator_by_purpose(principal, here), proof.keys.is_empty()) {
        (true, _) => verdict.severity(Severity::Low).with("administrator", true),
        (false, true) => verdict,
        (false, false) => verdict.severity(Severity::Low),
    }
}
