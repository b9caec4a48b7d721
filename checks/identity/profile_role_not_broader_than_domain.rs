use super::probes::PROBES;
use super::wide::Answer;
use crate::prelude::*;

pub(super) struct ProfileRoleNotBroaderThanDomain;

impl Check for ProfileRoleNotBroaderThanDomain {
    type On<'w> = &'w UserProfile;

    const META: Meta = Meta {
        id: "profile-role-not-broader-than-domain",
        title: "No user profile has a stronger role than its domain gives by default",
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        reads: &[Table::UserProfiles, Table::Domains, Table::Roles, Table::Policies],
        practices: &["ID-3"],
        page: include_str!("profile_role_not_broader_than_domain.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, profile: &UserProfile, here: &Here<'_>) -> Judged {
        let Some(own) = profile.role.get()? else {
            return Ok(not_concerned());
        };
        let domain = here.region.domains.find(|domain| domain.id == profile.domain)?;
        let domain = domain.ok_or_else(|| unclear(format!("there is no domain {}", profile.domain)))?;
        let default = domain.role.known("DefaultUserSettings.ExecutionRole")?;
        if own == default {
            return Ok(pass("its role is the default role of the domain").with("role", own.as_str()));
        }
        let permissions = |arn: &str| {
            let role = here.world.role(arn)?.ok_or_else(|| unclear(format!("{arn} does not exist in this account")))?;
            here.world.role_permissions(role)
        };
        let (mine, theirs) = (permissions(own)?, permissions(default)?);
        let (mut surplus, mut doubt) = (Vec::new(), None);
        for probe in PROBES {
            match gained(probe.ask(mine), || probe.ask(theirs)) {
                Ok(proof) => surplus.extend(proof.map(|proof| (probe.words, proof))),
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                }
            }
        }
        let Some((words, proof)) = surplus.first() else {
            if let Some(unseen) = doubt {
                return Err(unseen);
            }
            theirs.complete()?;
            return Ok(
                pass("its role reaches no further than the default role of the domain").with("role", own.as_str())
            );
        };
        let others = match surplus.len() {
            1 => String::new(),
            n => format!(" (and has {} more rights like it)", n - 1),
        };
        let says =
            format!("under {own} it may {words}{others}, which the default role {default} may not: {}", proof.words());
        let all: Vec<&str> = surplus.iter().map(|(words, _)| *words).collect();
        let verdict = proof.on(fail(says)).with("role", own.as_str()).with("default_role", default.as_str());
        Ok(verdict
            .with("surplus", all)
            .with("remedy", "the default role for this profile, or this statement out of the policy"))
    }
}

/// The proof of a right that the profile has and the default role has not, or has only under conditions.
fn gained(mine: Answer, theirs: impl FnOnce() -> Answer) -> Answer {
    let Some(proof) = mine? else { return Ok(None) };
    Ok(match theirs()? {
        Some(other) if other.keys.is_empty() || !proof.keys.is_empty() => None,
        _ => Some(proof),
    })
}
