//! The sample account, spread over many regions.

use sagescan_checks::snapshot::{Region, Snapshot};

use super::loopback::sample;

/// The sample account with copies of its regions under new names, until there are so many.
pub fn wide(regions: usize) -> Snapshot {
    let mut world = sample();
    let originals: Vec<(String, Region)> =
        world.regions.iter().map(|(name, region)| (name.clone(), region.clone())).collect();
    for number in originals.len()..regions {
        let (name, region) = &originals[number % originals.len()];
        let (place, _) = name.rsplit_once('-').expect("names of regions end in a number");
        let copy = format!("{place}-{}", 100 + number);
        let text = serde_json::to_string(region).expect("a region is JSON").replace(name.as_str(), &copy);
        world.regions.insert(copy.clone(), serde_json::from_str(&text).expect("still a region"));
        world.scan.regions.push(copy);
    }
    world.scan.regions.sort();
    world
}
