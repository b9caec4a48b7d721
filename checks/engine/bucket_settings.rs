//! What else is set for a bucket: logging, lifecycle, replication, locks.

use super::world::World;
use crate::snapshot::{BucketSettings, Gap, Reason, Unseen};

impl World<'_> {
    /// The settings of the bucket of that name; `None` never: what is not in the snapshot was not looked at.
    ///
    /// # Errors
    /// The gap of the table, or that nobody looked.
    pub fn bucket_settings(&self, name: &str) -> Result<&BucketSettings, Unseen> {
        let all = &self.snapshot.account.bucket_settings;
        all.find(|settings| settings.name == name)?.ok_or_else(|| {
            Unseen(Gap::new(Reason::Skipped, format!("the settings of bucket {name} were not looked at")))
        })
    }
}
