//! Regions as something to judge: what holds for a region as a whole.

use super::subject::{Population, Resource, Subject};
use super::workload;
use super::world::{Here, World};
use crate::snapshot::Unseen;

impl<'w> Subject<'w> for Here<'w> {
    const KIND: &'static str = "region";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        world.regions().map(|here| Population { here, items: vec![here], missing: None }).collect()
    }
    fn resource(self) -> Resource {
        Resource::new("region", self.name, "")
    }
}

impl Here<'_> {
    /// Whether the region holds any SageMaker resource. A "no" needs every listing to be seen.
    ///
    /// # Errors
    /// The gap of a listing that might hold one.
    pub fn holds_workloads(&self) -> Result<bool, Unseen> {
        if self.workloads().next().is_some() {
            return Ok(true);
        }
        match workload::listings(self.region).into_iter().find_map(|(missing, _)| missing) {
            Some(gap) => Err(gap.into()),
            None => Ok(false),
        }
    }
}

impl World<'_> {
    /// Whether any scanned region holds a SageMaker resource. A "no" needs every listing to be seen.
    ///
    /// # Errors
    /// The gap of a listing that might hold one.
    pub fn holds_workloads(&self) -> Result<bool, Unseen> {
        let mut doubt = None;
        for region in self.regions() {
            match region.holds_workloads() {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        doubt.map_or(Ok(false), Err)
    }
}
