use crate::prelude::*;

pub(super) struct PartnerAppRoleGroupsScoped;

impl Check for PartnerAppRoleGroupsScoped {
    type On<'w> = &'w PartnerApp;

    const META: Meta = Meta {
        id: "partner-app-role-groups-scoped",
        title: "Partner apps do not make every group their administrator",
        severity: Severity::Low,
        reads: &[Table::PartnerApps],
        practices: &["ID-8"],
        page: include_str!("partner_app_role_groups_scoped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, app: &PartnerApp, _: &Here<'_>) -> Judged {
        if app.status.known("Status")? == "Deleted" {
            return Ok(not_concerned());
        }
        let roles = app.role_groups.get()?.map_or(&[][..], Vec::as_slice);
        let admins = roles.iter().filter(|one| administers(&one.role));
        if let Some((one, pattern)) = admins.filter_map(|one| Some((one, one.patterns.iter().find(fits_all)?))).next() {
            let says = format!("its role {} belongs to every group that fits `{pattern}`: everyone", one.role);
            return Ok(fail(says).with("role", one.role.as_str()).with("pattern", pattern.as_str()));
        }
        let admitted = app.group_patterns.get()?.map_or(&[][..], Vec::as_slice);
        if roles.is_empty() && admitted.is_empty() {
            return Ok(not_concerned());
        }
        let open = admitted.iter().any(|pattern| fits_all(&pattern));
        Ok(pass("none of its roles for administrators belongs to every group").with("admits_every_group", open))
    }
}

/// Whether a role of a partner's app reads like one of administrators; each partner has its own names.
fn administers(role: &str) -> bool {
    let role = role.to_ascii_lowercase();
    ["admin", "owner", "superuser", "root"].iter().any(|word| role.contains(word))
}

/// Whether a pattern fits every name: `*` alone, or with others.
fn fits_all(pattern: &&String) -> bool {
    !pattern.is_empty() && pattern.trim().bytes().all(|byte| byte == b'*')
}
