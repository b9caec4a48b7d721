use crate::prelude::*;

pub(super) struct DomainRoleSessionNameUserIdentity;

impl Check for DomainRoleSessionNameUserIdentity {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-role-session-name-user-identity",
        title: "Studio names role sessions after the person",
        severity: Severity::Low,
        reads: &[Table::Domains, Table::UserProfiles],
        practices: &["ID-12"],
        page: include_str!("domain_role_session_name_user_identity.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        // Unset means STATIC (API reference, StudioWebPortalSettings).
        if !is_personal(&domain.session_name_mode, "STATIC")? {
            let says = "every session of an execution role is called SageMaker, whoever works in it";
            return Ok(fail(says).with("session_name_mode", domain.session_name_mode.shown().cloned()));
        }
        let mut doubt = here.region.user_profiles.all().err();
        for profile in here.region.user_profiles.iter().filter(|profile| profile.domain == domain.id) {
            match is_personal(&profile.session_name_mode, "USER_IDENTITY") {
                Ok(true) => {}
                Ok(false) => {
                    let says = format!("user profile {} goes back to sessions called SageMaker", profile.name);
                    return Ok(fail(says).with("profile", profile.name.as_str()));
                }
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        match doubt {
            Some(unseen) => Err(unseen),
            None => Ok(pass("sessions of execution roles bear the name of the person")),
        }
    }
}

/// Whether sessions are named after the person, given what an unset mode means.
fn is_personal(mode: &Seen<String>, unset: &str) -> Result<bool, Unseen> {
    match mode.get()?.map_or(unset, String::as_str) {
        "USER_IDENTITY" => Ok(true),
        "STATIC" => Ok(false),
        other => Err(unclear(format!("ExecutionRoleSessionNameMode is `{other}`"))),
    }
}
