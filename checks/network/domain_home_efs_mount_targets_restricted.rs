use super::home_access::{Admission, HomeAccess};
use super::security_groups::some_of;
use crate::prelude::*;

pub(super) struct DomainHomeEfsMountTargetsRestricted;

impl Check for DomainHomeEfsMountTargetsRestricted {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-home-efs-mount-targets-restricted",
        title: "Only Studio reaches the mount targets of its home directories",
        severity: Severity::Medium,
        reads: &[Table::Domains, Table::UserProfiles, Table::NetworkInterfaces, Table::SecurityGroups],
        practices: &["NET-4"],
        page: include_str!("domain_home_efs_mount_targets_restricted.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let Some(id) = domain.file_system.get()? else {
            return Ok(exempt("it has no home file system"));
        };
        let reached = HomeAccess::of(domain, here);
        let says = |one: &Admission| format!("{} admits {} on {}", one.group, some_of(&one.whom), one.ports);
        let mut open: Vec<String> = reached.open.iter().map(says).collect();
        let says = |(group, id): &(String, String)| format!("{group} admits {id}, which the domain does not wear");
        let mut others: Vec<String> = reached.strangers.iter().map(says).collect();
        open.sort();
        open.dedup();
        others.sort();
        others.dedup();
        let verdict = match (open.is_empty(), others.is_empty(), reached.doubt.or(reached.hidden)) {
            (false, _, _) => fail(some_of(&open)),
            // A stranger may turn out to be a group of the domain that was not seen.
            (true, _, Some(unseen)) => return Err(unseen),
            (true, false, None) => fail(some_of(&others)),
            (true, true, None) if reached.mount_targets == 0 => {
                exempt(format!("{id} has no mount target, so nothing reaches it"))
            }
            (true, true, None) => pass("its mount targets admit only security groups of the domain"),
        };
        Ok(verdict.with("file_system", id.as_str()).with("mount_targets", reached.mount_targets))
    }
}
