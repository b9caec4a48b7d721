//! Who reaches the mount targets of the home directories of a domain.

use super::domain_sg_restricted::worn_in;
use super::security_groups::{Worn, ports};
use crate::prelude::*;

/// The port of NFS, the only one that EFS answers on.
const NFS: i32 = 2049;

/// A rule that lets addresses in.
pub(crate) struct Admission {
    pub(crate) group: String,
    /// Address blocks and prefix lists.
    pub(crate) whom: Vec<String>,
    pub(crate) ports: String,
}

/// Whom the security groups of mount targets let in besides the domain itself.
pub(crate) struct HomeAccess {
    /// How many mount targets there are.
    pub(crate) mount_targets: usize,
    /// Addresses.
    pub(crate) open: Vec<Admission>,
    /// Security groups that the domain does not wear: which group of a mount target, and whom it admits.
    pub(crate) strangers: Vec<(String, String)>,
    /// What was not seen of the mount targets and their groups.
    pub(crate) doubt: Option<Unseen>,
    /// Why a stranger may be a group of the domain.
    pub(crate) hidden: Option<Unseen>,
}

impl HomeAccess {
    /// Looks at the mount targets of the home of a domain.
    pub(crate) fn of(domain: &Domain, here: &Here<'_>) -> HomeAccess {
        let (own, hidden) = worn_in(domain, here);
        let (targets, mut doubt) = match domain.mount_targets.get() {
            Ok(targets) => (targets.map_or(&[][..], Vec::as_slice), None),
            Err(unseen) => (&[][..], Some(unseen)),
        };
        let (mut open, mut others) = (Vec::new(), Vec::new());
        for target in targets {
            let groups = match groups_of(target, here) {
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
                            let whom: Vec<String> = rule.cidrs.iter().chain(&rule.prefix_lists).cloned().collect();
                            if !whom.is_empty() {
                                open.push(Admission { group: group.id.clone(), whom, ports: ports(rule) });
                            }
                            let strange = rule.groups.iter().filter(|id| !own.contains(id));
                            others.extend(strange.map(|id| (group.id.clone(), id.clone())));
                        }
                    }
                    Err(unseen) => doubt = doubt.or(Some(unseen)),
                }
            }
        }
        let mut strangers = Vec::new();
        for (group, id) in others {
            match here.security_group(&id) {
                Ok(Some(peer)) if is_made_for(&peer.name, domain) => {}
                Ok(_) => strangers.push((group, id)),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        HomeAccess { mount_targets: targets.len(), open, strangers, doubt, hidden }
    }
}

/// The security groups of a mount target are those of its network interface.
fn groups_of<'w>(target: &MountTarget, here: &Here<'w>) -> Result<&'w [String], Unseen> {
    let nameless = || unclear(format!("mount target {} names no network interface", target.id));
    let id = target.interface.as_ref().ok_or_else(nameless)?;
    let interface = here.region.network_interfaces.find(|interface| interface.id == *id)?;
    let interface = interface.ok_or_else(|| unclear(format!("network interface {id} was not shown")))?;
    Ok(interface.security_groups.get()?.map_or(&[], Vec::as_slice))
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
