use crate::prelude::*;

pub(super) struct RoleNotSharedAcrossDomains;

impl Check for RoleNotSharedAcrossDomains {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "role-not-shared-across-domains",
        title: "Each Studio domain has execution roles of its own",
        severity: Severity::Medium,
        reads: &[Table::Domains, Table::UserProfiles],
        practices: &["ID-3"],
        page: include_str!("role_not_shared_across_domains.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let profiles = here.region.user_profiles.iter().filter(|profile| profile.domain == domain.id);
        let of_profiles = profiles.filter_map(|p| Some((format!("of profile {}", p.name), p.role.shown()?)));
        let defaults = [("by default", &domain.role), ("for shared spaces", &domain.space_role)];
        let defaults = defaults.into_iter().filter_map(|(how, role)| Some((how.to_owned(), role.shown()?)));
        for (how, role) in defaults.chain(of_profiles) {
            let others = here.world.uses_of_role(role).map(|uses| &uses.domains).into_iter().flatten();
            let others: Vec<String> = others
                .filter(|(region, id)| (region.as_str(), id) != (here.name, &domain.id))
                .take(20)
                .map(|(region, id)| format!("{id} ({region})"))
                .collect();
            if let Some(first) = others.first() {
                let says = format!("its role {how}, {role}, is also a role of domain {first}");
                let verdict = fail(says).with("role", role.as_str()).with("domains", others);
                return Ok(verdict.with("remedy", "an execution role for each domain"));
            }
        }
        match here.world.gap_in_studio() {
            Some(gap) => Err(gap.into()),
            None => Ok(pass("no other domain names one of its roles").with("role", domain.role.shown().cloned())),
        }
    }
}
