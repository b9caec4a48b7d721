use super::images::{self, Images};
use crate::aws::registries::{EcrImage, Registry, is_pinned, is_published_by_aws};
use crate::prelude::*;

pub(super) struct ImageDigestPinned;

impl Check for ImageDigestPinned {
    type On<'w> = Containers<'w>;

    const META: Meta = Meta {
        id: "image-digest-pinned",
        title: "Container images are named by digest",
        severity: Severity::Medium,
        reads: &[
            Table::TrainingJobs,
            Table::ProcessingJobs,
            Table::Models,
            // Which models are served, and so matter.
            Table::EndpointConfigs,
            Table::Endpoints,
            Table::EcrRepositories,
        ],
        practices: &["SUP-1"],
        page: include_str!("image_digest_pinned.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, Containers(workload): Containers<'_>, here: &Here<'_>) -> Judged {
        let images = match images::of(workload)? {
            Some(Images::Named(images)) => images,
            Some(Images::Elsewhere(says)) => return Ok(exempt(says)),
            None => return Ok(not_concerned()),
        };
        let by_tag: Vec<&str> = images.iter().copied().filter(|image| !is_pinned(image) && !is_of_aws(image)).collect();
        let verdict = match by_tag.first() {
            None if images.iter().any(|image| is_pinned(image)) => pass("its images are named by their digests"),
            None => pass("its images come from AWS, which moves their tags only to mend them"),
            Some(first) if by_tag.iter().all(|image| stays(image, here)) => {
                fail(format!("{first} is named by a tag, which its repository does not let anybody move"))
                    .severity(Severity::Low)
            }
            Some(first) => fail(format!("{first} is named by a tag: whoever may push decides what it is next time")),
        };
        Ok(verdict.with("images", images))
    }
}

fn is_of_aws(image: &str) -> bool {
    matches!(Registry::of(image), Registry::Ecr { account, region } if is_published_by_aws(account, region))
}

/// Whether the image lies in a repository of the account that was seen to have immutable tags. Even then an image can be
/// deleted, and its tag given to another one.
fn stays(image: &str, here: &Here<'_>) -> bool {
    let Some(image) = EcrImage::of(image) else { return false };
    let repository = here.region.ecr_repositories.iter().find(|r| image.lies_in(&r.arn, &r.name));
    repository.is_some_and(|r| r.tag_mutability.shown().is_some_and(|mutability| mutability == "IMMUTABLE"))
}
