use super::domain_sg_restricted::worn_in;
use super::security_groups::{Worn, ports, some_of};
use crate::prelude::*;

pub(super) struct DomainHomeEfsMountTargetsRestricted;

/// The port of NFS, the only one that EFS answers on.
const NFS: i32 = 2049;

impl Check for DomainHomeEfsMountTargetsRestricted {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-home-efs-mount-targets-restricted",
        title: "Only Studio reaches the mount targets of its home directories",
        severity: Severity::Medium,
        reads: &[Table::Domains, Table::UserProfiles, Table::MountTargets, Table::SecurityGroups],
        practices: &["NET-4"],
        page: include_str!("domain_home_efs_mount_targets_restricted.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let Some(id) = domain.file_system.get()? else {
            return Ok(exempt("it has no home file system"));
        };
        let (own, hidden) = worn_in(domain, here);
        let all = &here.region.mount_targets;
        let mut doubt = all.missing.as_ref().map(Unseen::from);
        let (mut seen, mut open, mut strangers) = (0, Vec::new(), Vec::new());
        for target in all.iter().filter(|target| target.file_system == *id) {
            seen += 1;
            let groups = match target.security_groups.known("SecurityGroups") {
                Ok(groups) => groups,
                Err(unseen) => {
                    doubt = doubt.or(Some(unseen));
                    continue;
                }
            };
            let worn = Worn::of(groups, here).held();
            doubt = doubt.or(worn.doubt);
            for group in worn.groups {
                match group.ingress.known("IpPermissions") {
                    Ok(rules) => {
                        for rule in rules.iter().filter(|rule| admits_nfs(rule)) {
                            let blocks: Vec<String> = rule.cidrs.iter().chain(&rule.prefix_lists).cloned().collect();
                            if !blocks.is_empty() {
                                open.push(format!("{} admits {} on {}", group.id, some_of(&blocks), ports(rule)));
                            }
                            let others = rule.groups.iter().filter(|id| !own.contains(id));
                            strangers.extend(others.map(|id| (group.id.as_str(), id.as_str())));
                        }
                    }
                    Err(unseen) => doubt = doubt.or(Some(unseen)),
                }
            }
        }
        let mut others = Vec::new();
        for (group, id) in strangers {
            match here.security_group(id) {
                Ok(Some(peer)) if is_made_for(&peer.name, domain) => {}
                Ok(_) => others.push(format!("{group} admits {id}, which the domain does not wear")),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        open.sort();
        open.dedup();
        others.sort();
        others.dedup();
        let verdict = match (open.is_empty(), others.is_empty(), doubt.or(hidden)) {
            (false, _, _) => fail(some_of(&open)),
            // A stranger may turn out to be a group of the domain that was not seen.
            (true, _, Some(unseen)) => return Err(unseen),
            (true, false, None) => fail(some_of(&others)),
            (true, true, None) if seen == 0 => exempt(format!("{id} has no mount target, so nothing reaches it")),
            (true, true, None) => pass("its mount targets admit only security groups of the domain"),
        };
        Ok(verdict.with("file_system", id.as_str()).with("mount_targets", seen))
    }
}

/// Whether a rule lets NFS through.
fn admits_nfs(rule: &Rule) -> bool {
    match rule.protocol.as_str() {
        "-1" => true,
        "tcp" | "6" => rule.from.is_none_or(|from| from <= NFS) && rule.to.is_none_or(|to| to >= NFS),
        _ => false,
    }
}

/// Whether SageMaker made a group of that name so that apps of the domain reach their home (SageMaker AI Developer Guide,
/// "Connect Studio notebooks in a VPC to external resources": one group for inbound and one for outbound NFS).
fn is_made_for(name: &str, domain: &Domain) -> bool {
    name.strip_prefix("security-group-for-outbound-nfs-").is_some_and(|id| id == domain.id)
}
