use std::collections::BTreeSet;

use sagescan_policy::Context;

use super::studio::profiles_of;
use super::trust::Trust;
use crate::prelude::*;

pub(super) struct DomainExecutionRoleSourceIdentity;

impl Check for DomainExecutionRoleSourceIdentity {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-execution-role-source-identity",
        title: "Studio sessions carry the user profile as their source identity",
        severity: Severity::Medium,
        reads: &[Table::Domains, Table::UserProfiles, Table::Roles],
        practices: &["ID-12"],
        page: include_str!("domain_execution_role_source_identity.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let mode = domain.role_identity.get()?.map_or("DISABLED", String::as_str);
        match mode {
            "USER_PROFILE_NAME" => {}
            "DISABLED" => return unmarked(domain, here),
            other => return Err(unclear(format!("ExecutionRoleIdentityConfig is `{other}`"))),
        }
        let mut roles: BTreeSet<&str> = BTreeSet::new();
        let mut doubt = here.region.user_profiles.all().err();
        let of_profiles = here.region.user_profiles.iter().filter(|profile| profile.domain == domain.id);
        for role in of_profiles.map(|profile| &profile.role).chain([&domain.role]) {
            match role.get() {
                Ok(arn) => roles.extend(arn.map(String::as_str)),
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        for arn in &roles {
            match lets_mark(arn, here) {
                Ok(true) => {}
                Ok(false) => {
                    let says = format!("it is switched on, but without effect: {arn} does not let SageMaker set it");
                    let verdict = fail(says).severity(Severity::Low).with("role", *arn);
                    return Ok(verdict.with("missing", "sts:SetSourceIdentity in the trust policy"));
                }
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        match doubt {
            Some(unseen) => Err(unseen),
            None => Ok(pass("CloudTrail shows the user profile as the source identity").with("role_identity", mode)),
        }
    }
}

/// The verdict where profiles do not mark their sessions: harmless only where each has a role of its own.
fn unmarked(domain: &Domain, here: &Here<'_>) -> Judged {
    let profiles = profiles_of(domain, here);
    let mut seen = BTreeSet::new();
    let mut doubt = profiles.as_ref().err().cloned();
    let known = here.region.user_profiles.iter().filter(|profile| profile.domain == domain.id);
    let mut count = 0;
    for profile in known {
        count += 1;
        let role = match profile.role.get() {
            Ok(Some(role)) => Ok(Some(role)),
            Ok(None) => domain.role.get(),
            Err(unseen) => Err(unseen),
        };
        match role {
            Ok(Some(role)) if !seen.insert(role.as_str()) => {
                let says = format!("several user profiles share {role}, and CloudTrail cannot tell them apart");
                return Ok(fail(says).with("role_identity", "DISABLED").with("role", role.as_str()));
            }
            Ok(_) => {}
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    match (doubt, count) {
        (Some(unseen), _) => Err(unseen),
        (None, 0) => {
            let says = "sessions do not carry the user profile, so CloudTrail will show the execution role alone";
            Ok(fail(says).severity(Severity::Low).with("role_identity", "DISABLED"))
        }
        (None, _) => Ok(exempt("each user profile has a role of its own, which tells them apart")),
    }
}

/// Whether the trust policy of a role lets SageMaker set the source identity of its sessions.
fn lets_mark(arn: &str, here: &Here<'_>) -> Result<bool, Unseen> {
    let role = here.world.role(arn)?.ok_or_else(|| unclear(format!("{arn} is not a role of this account")))?;
    let trust = Trust::of(role)?;
    let mut doubt = None;
    for service in ["sagemaker.amazonaws.com", "sagemaker.amazonaws.com.cn"] {
        let decision = trust.decide(service, "sts:SetSourceIdentity", Context::open());
        match decision.notes.first() {
            _ if decision.is_denied() => {}
            Some(note) => drop(doubt.get_or_insert(unclear(format!("trust policy: {note}")))),
            None => return Ok(true),
        }
    }
    doubt.map_or(Ok(false), Err)
}
