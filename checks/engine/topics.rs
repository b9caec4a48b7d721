//! Topics of SNS: which of them carry results.

use super::subject::{Population, Resource, Subject, by_region};
use super::world::{Here, World};
use crate::snapshot::{Topic, Unseen, topics_of_results};

impl<'w> Subject<'w> for &'w Topic {
    const KIND: &'static str = "sns-topic";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        by_region(world, |region| &region.topics, |topic| topic)
    }
    fn resource(self) -> Resource {
        Resource::new("sns-topic", self.name.rsplit(':').next().unwrap_or_default(), &self.name)
    }
}

impl Here<'_> {
    /// Whether results of inference or labeling go through the topic of that ARN.
    ///
    /// # Errors
    /// The gap where a name was not seen that may be this one's.
    pub fn carries_results(&self, topic: &str) -> Result<bool, Unseen> {
        let all = topics_of_results(self.region);
        if all.names.iter().any(|(name, _)| *name == topic) {
            return Ok(true);
        }
        all.gap.map_or(Ok(false), |gap| Err(gap.into()))
    }
}
