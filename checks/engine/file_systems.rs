//! File systems of EFS: which one an id means, and what Studio does with it.

use super::subject::{Population, Resource, Subject, by_region};
use super::world::{Here, World};
use crate::snapshot::{Domain, FileSystem, Unseen, What, file_systems_named};

/// What Studio does with a file system.
#[derive(Clone, Copy)]
pub enum FileSystemUse<'w> {
    /// The home directories of this domain lie on it.
    Home(&'w Domain),
    /// Apps mount it beside their home.
    Mounted,
    /// Nothing.
    Unused,
}

impl<'w> Subject<'w> for &'w FileSystem {
    const KIND: &'static str = "efs-file-system";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        let mut all = by_region(world, |region| &region.file_systems, |it| it);
        for population in &mut all {
            population.missing = population.missing.or(population.here.gap_in(What::FileSystem));
        }
        all
    }
    fn resource(self) -> Resource {
        Resource::new("efs-file-system", self.id.clone(), &self.arn)
    }
}

impl<'w> Here<'w> {
    /// The file system of that id, which something of Studio names; `None` when it provably is not there (any more).
    ///
    /// # Errors
    /// The gap of a listing that does not hold it and is not complete.
    pub fn file_system(&self, id: &str) -> Result<Option<&'w FileSystem>, Unseen> {
        self.region.file_systems.find(|file_system| file_system.id == id)
    }

    /// What Studio does with the file system of that id.
    ///
    /// # Errors
    /// The gap where a name was not seen that may be this one's.
    pub fn use_of_file_system(&self, id: &str) -> Result<FileSystemUse<'w>, Unseen> {
        let home = |domain: &&Domain| domain.file_system.shown().is_some_and(|home| home == id);
        if let Some(domain) = self.region.domains.iter().find(home) {
            return Ok(FileSystemUse::Home(domain));
        }
        if file_systems_named(self.region).any(|reference| reference.value == Ok(id)) {
            return Ok(FileSystemUse::Mounted);
        }
        match self.gap_in(What::FileSystem) {
            Some(gap) => Err(gap.into()),
            None => Ok(FileSystemUse::Unused),
        }
    }
}
