//! Settings that domains give their user profiles as a default, and that profiles may have for themselves.

use crate::engine::StudioSettings;
use crate::prelude::*;

/// The settings of a domain or profile.
pub(super) struct Settings<'w> {
    pub(super) is_domain: bool,
    pub(super) emr_assumable_roles: &'w Seen<Vec<String>>,
    pub(super) emr_execution_roles: &'w Seen<Vec<String>>,
    pub(super) canvas_registration: &'w Seen<String>,
    pub(super) canvas_registration_role: &'w Seen<String>,
    pub(super) canvas_direct_deploy: &'w Seen<String>,
}

macro_rules! settings {
    ($of:ident, $is_domain:literal) => {
        Some(Settings {
            is_domain: $is_domain,
            emr_assumable_roles: &$of.emr_assumable_roles,
            emr_execution_roles: &$of.emr_execution_roles,
            canvas_registration: &$of.canvas_registration,
            canvas_registration_role: &$of.canvas_registration_role,
            canvas_direct_deploy: &$of.canvas_direct_deploy,
        })
    };
}

/// What a domain or profile sets; `None` for what is neither.
pub(super) fn settings(of: StudioSettings<'_>) -> Option<Settings<'_>> {
    match of.0 {
        Workload::Domain(domain) => settings!(domain, true),
        Workload::UserProfile(profile) => settings!(profile, false),
        _ => None,
    }
}

/// The account of a role, by its ARN.
pub(super) fn account_of_role(arn: &str) -> Result<&str, Unseen> {
    let parts = Arn::parse(arn).filter(|parts| parts.named("role").is_some() && is_account_id(parts.account));
    parts.map(|parts| parts.account).ok_or_else(|| unclear(format!("`{arn}` is not the ARN of a role")))
}

/// The profiles of a domain; an error if there may be more.
pub(super) fn profiles_of<'w>(domain: &Domain, here: &Here<'w>) -> Result<Vec<&'w UserProfile>, Unseen> {
    Ok(here.region.user_profiles.all()?.iter().filter(|profile| profile.domain == domain.id).collect())
}
