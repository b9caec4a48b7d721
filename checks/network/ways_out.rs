//! How traffic of a workload can leave: routes of its subnets, egress of its groups.

use super::security_groups::{Worn, open_to_internet};
use crate::prelude::*;

/// Whether it was seen that no route leads from these subnets to the internet. Doubt is no: this only ever makes a
/// failure milder.
pub(super) fn closed(subnets: &[String], here: &Here<'_>) -> bool {
    let none = |id: &String| match here.subnet(id) {
        Ok(Some(subnet)) => here.egress(subnet) == Ok(Egress::None),
        _ => false,
    };
    !subnets.is_empty() && subnets.iter().all(none)
}

/// Whether it was seen that a container in this VPC cannot reach the internet: its subnets have no route there, or its
/// security groups let nothing out to it.
pub(crate) fn confined(vpc: &VpcConfig, here: &Here<'_>) -> bool {
    let worn = Worn::of(&vpc.security_groups, here);
    let held_back = worn.doubt.is_none()
        && !worn.groups.is_empty()
        && worn.groups.iter().all(|group| {
            group.egress.known("IpPermissionsEgress").and_then(|rules| open_to_internet(rules)) == Ok(None)
        });
    held_back || closed(&vpc.subnets, here)
}

/// How a set of subnets reaches the internet: each with its way, and why not all could be told.
pub(super) struct Ways<'w> {
    /// Subnet and way, in the order of the ids.
    pub(super) seen: Vec<(&'w Subnet, Egress)>,
    /// Why there may be more.
    pub(super) doubt: Option<Unseen>,
}

impl<'w> Ways<'w> {
    /// The ways out of these subnets.
    pub(super) fn of(subnets: impl IntoIterator<Item = &'w Subnet>, here: &Here<'w>) -> Ways<'w> {
        let mut ways = Ways { seen: Vec::new(), doubt: None };
        for subnet in subnets {
            match here.egress(subnet) {
                Ok(egress) => ways.seen.push((subnet, egress)),
                Err(unseen) => ways.doubt = ways.doubt.or(Some(unseen)),
            }
        }
        ways
    }

    /// The widest of the ways, in words.
    pub(super) fn widest(&self) -> &'static str {
        self.seen.iter().map(|(_, egress)| *egress).max().unwrap_or(Egress::None).word()
    }

    /// The ids of the subnets with a way of this kind.
    pub(super) fn by(&self, kind: Egress) -> Vec<String> {
        self.seen.iter().filter(|(_, egress)| *egress == kind).map(|(subnet, _)| subnet.id.clone()).collect()
    }
}
