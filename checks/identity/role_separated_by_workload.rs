use super::roles;
use crate::engine::Work;
use crate::prelude::*;

pub(super) struct RoleSeparatedByWorkload;

impl Check for RoleSeparatedByWorkload {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-separated-by-workload",
        title: "Models are served under another role than they are built",
        severity: Severity::Medium,
        reads: roles::TRUST,
        practices: &["ID-3"],
        page: include_str!("role_separated_by_workload.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let uses = here.world.uses_of_role(&role.arn);
        let live = |work: Work| uses.map_or(0, |uses| uses.live(work));
        let all = uses.into_iter().flat_map(|uses| &uses.work).filter(|(_, uses)| uses.live > 0);
        let all: Vec<(Work, usize, &str)> =
            all.map(|(work, uses)| (*work, uses.live, uses.example.as_deref().unwrap_or_default())).collect();
        let words: Vec<&str> = all.iter().map(|(work, _, _)| work.words()).collect();
        let builds = all.iter().any(|(work, _, _)| !matches!(work, Work::Hosting | Work::Monitoring));
        if live(Work::Hosting) > 0 && builds {
            let says =
                format!("{} all run under it: who takes over one of them has the rights of the rest", words.join(", "));
            let lists: Vec<String> =
                all.iter().map(|(work, n, first)| format!("{}: {n}, {first}", work.words())).collect();
            let verdict = fail(says).with("used_by", lists).with("remedy", "a role of its own for hosting");
            return Ok(if is_workshop(here) { verdict.severity(Severity::Info) } else { verdict });
        }
        if let Some(gap) = here.world.gap_in(What::Role) {
            return Err(gap.into());
        }
        Ok(match words.as_slice() {
            [] => pass("only what is history names it"),
            _ => pass(format!("it is used for {} alone", words.join(", "))).with("used_by", words.clone()),
        })
    }
}

/// An account with one notebook instance and no Studio, in all regions: builder and operator are one person.
fn is_workshop(here: &Here<'_>) -> bool {
    let regions = || here.world.snapshot.regions.values();
    let all_seen = regions().all(|region| region.notebooks.missing.is_none() && region.domains.missing.is_none());
    let notebooks: usize = regions().map(|region| region.notebooks.items.len()).sum();
    all_seen && notebooks == 1 && regions().all(|region| region.domains.is_empty())
}
