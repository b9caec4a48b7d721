use super::wide;
use crate::prelude::*;

pub(super) struct SpaceDefaultRoleLeastPrivilege;

impl Check for SpaceDefaultRoleLeastPrivilege {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "space-default-role-least-privilege",
        title: "Shared spaces run under a role of their own that is no administrator",
        severity: Severity::Medium,
        reads: &[Table::Domains, Table::Spaces, Table::Roles, Table::Policies],
        practices: &["ID-3"],
        page: include_str!("space_default_role_least_privilege.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let Some(space) = shared_space(domain, here)? else {
            return Ok(match domain.space_role.get()? {
                Some(_) => exempt("it has no shared space"),
                None => pass("it names no role for shared spaces, so none can be created"),
            });
        };
        let name = &space.name;
        let Some(role) = domain.space_role.get()? else {
            return Ok(fail(format!("shared space {name} exists, but the domain names no role for shared spaces")));
        };
        let found = |says: String| fail(says).with("space", name.as_str()).with("role", role.as_str());
        let default = domain.role.get();
        if default == Ok(Some(role)) {
            let says = format!("shared space {name} and the private spaces run under the same role, {role}");
            return Ok(found(says).with("remedy", "a role of its own in DefaultSpaceSettings.ExecutionRole"));
        }
        let held = here.world.role(role)?.ok_or_else(|| unclear(format!("{role} does not exist in this account")))?;
        if let Some(proof) = wide::administers(here.world.role_permissions(held)?)? {
            let says =
                format!("every member of shared space {name} is an administrator, through {role}: {}", proof.words());
            let verdict = proof.on(found(says)).with("remedy", "a narrower policy for the role of shared spaces");
            return Ok(verdict);
        }
        default?;
        Ok(pass(format!("shared spaces run under {role}, which is no administrator")).with("role", role.as_str()))
    }
}

/// A shared space of the domain; `None` when there provably is none.
fn shared_space<'w>(domain: &Domain, here: &Here<'w>) -> Result<Option<&'w Space>, Unseen> {
    let mut doubt = here.region.spaces.missing.as_ref().map(Unseen::from);
    for space in here.region.spaces.iter().filter(|space| space.domain == domain.id) {
        match space.sharing.known("SharingType") {
            Ok(sharing) if sharing == "Shared" => return Ok(Some(space)),
            Ok(sharing) if sharing == "Private" => {}
            Ok(other) => drop(doubt.get_or_insert(unclear(format!("SharingType is `{other}`")))),
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    doubt.map_or(Ok(None), Err)
}
