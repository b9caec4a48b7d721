//! Over how many availability zones a set of subnets spreads.

use std::collections::BTreeSet;

use crate::prelude::*;

/// The ids of the zones of these subnets. Two zones are enough to be sure; with fewer, every subnet must have been seen.
pub(super) fn zones<'w>(subnets: &[String], here: &Here<'w>) -> Result<BTreeSet<&'w str>, Unseen> {
    let (mut zones, mut gap) = (BTreeSet::new(), None);
    for id in subnets {
        match zone(id, here) {
            Ok(Some(zone)) => {
                zones.insert(zone);
            }
            // A subnet that is gone carries nothing.
            Ok(None) => {}
            Err(unseen) => gap = gap.or(Some(unseen)),
        }
    }
    match gap {
        Some(unseen) if zones.len() < 2 => Err(unseen),
        _ => Ok(zones),
    }
}

fn zone<'w>(id: &str, here: &Here<'w>) -> Result<Option<&'w str>, Unseen> {
    let Some(subnet) = here.subnet(id)? else { return Ok(None) };
    Ok(Some(subnet.zone.known("AvailabilityZoneId")?.as_str()))
}

/// How a set of zones reads in a finding.
pub(super) fn in_words(zones: &BTreeSet<&str>) -> String {
    match zones.len() {
        0 => "no availability zone, for none of them exists any more".to_owned(),
        1 => format!("availability zone {} alone", zones.iter().copied().collect::<String>()),
        n => format!("{n} availability zones"),
    }
}
