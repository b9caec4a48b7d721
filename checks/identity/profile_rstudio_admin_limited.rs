use crate::prelude::*;

pub(super) struct ProfileRstudioAdminLimited;

impl Check for ProfileRstudioAdminLimited {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "profile-rstudio-admin-limited",
        title: "RStudio administrators are appointed one by one",
        severity: Severity::Low,
        reads: &[Table::Domains, Table::UserProfiles],
        practices: &["ID-8"],
        page: include_str!("profile_rstudio_admin_limited.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let access = domain.rstudio_access.get()?.map(String::as_str);
        let group = domain.rstudio_group.get()?.map(String::as_str);
        if access != Some("ENABLED") {
            return Ok(match group {
                Some(ADMIN) => {
                    exempt("the default group is that of administrators, but profiles have no access to RStudio")
                }
                _ => not_concerned(),
            });
        }
        let administrators: Vec<&str> = here
            .region
            .user_profiles
            .iter()
            .filter(|profile| profile.domain == domain.id && profile.rstudio_group.shown().is_some_and(|g| g == ADMIN))
            .map(|profile| profile.name.as_str())
            .collect();
        let verdict = match group {
            Some(ADMIN) => fail("every user profile is an RStudio administrator unless it says otherwise"),
            Some("R_STUDIO_USER") | None => pass("user profiles are plain RStudio users unless they say otherwise"),
            Some(other) => return Err(unclear(format!("RStudioServerProAppSettings.UserGroup is `{other}`"))),
        };
        Ok(verdict.with("rstudio_group", group).with("appointed", administrators))
    }
}

const ADMIN: &str = "R_STUDIO_ADMIN";
