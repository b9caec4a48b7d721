use std::collections::HashSet;

use super::security_groups::{Worn, open_to_internet, ports, some_of};
use crate::prelude::*;

pub(super) struct DomainSgRestricted;

impl Check for DomainSgRestricted {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-sg-restricted",
        title: "Security groups of Studio admit only each other and NFS",
        severity: Severity::High,
        reads: &[Table::Domains, Table::UserProfiles, Table::SecurityGroups],
        practices: &["NET-4"],
        page: include_str!("domain_sg_restricted.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let (ids, mut doubt) = worn_in(domain, here);
        let worn = Worn::of(&ids, here).held();
        doubt = doubt.or(worn.doubt);
        let (mut open, mut strangers) = (Vec::new(), Vec::new());
        for group in &worn.groups {
            let rules = match group.ingress.known("IpPermissions") {
                Ok(rules) => rules,
                Err(unseen) => {
                    doubt = doubt.or(Some(unseen));
                    continue;
                }
            };
            match open_to_internet(rules) {
                Ok(Some(ports)) => open.push(format!("{} admits the internet on {ports}", group.id)),
                Ok(None) => strangers.extend(rules.iter().filter_map(|rule| stranger(group, rule, &ids))),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        let seen: Vec<String> = worn.groups.iter().map(|group| group.id.clone()).collect();
        let verdict = match (open.as_slice(), doubt, strangers.as_slice()) {
            ([_, ..], _, _) => fail(some_of(&open)),
            // A stranger may turn out to be a group of the domain that was not seen.
            ([], Some(unseen), _) => return Err(unseen),
            ([], None, [_, ..]) => fail(some_of(&strangers)).severity(Severity::Medium),
            ([], None, []) if seen.is_empty() => exempt("no security group of yours applies to its apps"),
            ([], None, []) => pass("its security groups admit only each other and NFS"),
        };
        Ok(verdict.with("security_groups", seen))
    }
}

/// The groups that apps of the domain wear: its defaults, its own, and those of profiles, which replace the defaults.
pub(super) fn worn_in(domain: &Domain, here: &Here<'_>) -> (Vec<String>, Option<Unseen>) {
    let profiles = &here.region.user_profiles;
    let of_profiles = profiles.iter().filter(|p| p.domain == domain.id).map(|p| &p.security_groups);
    let of_domain = [&domain.security_groups, &domain.space_security_groups, &domain.domain_security_groups];
    let mut doubt = profiles.missing.as_ref().map(Unseen::from);
    let mut ids: Vec<String> = Vec::new();
    for groups in of_domain.into_iter().chain(of_profiles) {
        match groups.get() {
            Ok(groups) => ids.extend(groups.into_iter().flatten().cloned()),
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    match domain.boundary_security_group.get() {
        Ok(group) => ids.extend(group.cloned()),
        Err(unseen) => doubt = doubt.or(Some(unseen)),
    }
    let mut known = HashSet::new();
    ids.retain(|id| !id.is_empty() && known.insert(id.clone()));
    (ids, doubt)
}

/// Whom a rule admits besides the domain's own groups; NFS is for all inside.
fn stranger(group: &SecurityGroup, rule: &Rule, own: &[String]) -> Option<String> {
    let nfs = matches!(rule.protocol.as_str(), "tcp" | "6") && rule.from == Some(2049) && rule.to == Some(2049);
    let others = rule.groups.iter().filter(|id| !own.contains(id));
    let whom: Vec<String> = rule.cidrs.iter().chain(&rule.prefix_lists).chain(others).cloned().collect();
    (!nfs && !whom.is_empty()).then(|| format!("{} admits {} on {}", group.id, some_of(&whom), ports(rule)))
}
