use crate::aws::registries::EcrImage;
use crate::aws::tag_mutability::covers;
use crate::engine::references;
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct EcrTagsImmutable;

impl Check for EcrTagsImmutable {
    type On<'w> = &'w Repository;

    const META: Meta = Meta {
        id: "ecr-tags-immutable",
        title: "Tags of images that SageMaker runs cannot be moved",
        severity: Severity::Low,
        reads: workloads![EcrRepositories],
        practices: &["SUP-1"],
        page: include_str!("ecr_tags_immutable.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, repository: &Repository, here: &Here<'_>) -> Judged {
        let mutability = repository.tag_mutability.known("imageTagMutability")?;
        let movable = match mutability.as_str() {
            "IMMUTABLE" => return Ok(pass("a tag stays with the image that it was given to")),
            "MUTABLE" => return Ok(fail("whoever may push can move any tag to another image")),
            "IMMUTABLE_WITH_EXCLUSION" => true,
            "MUTABLE_WITH_EXCLUSION" => false,
            other => return Err(unclear(format!("its tags are `{other}`"))),
        };
        let filters = repository.exclusions.known("imageTagMutabilityExclusionFilters")?;
        let excluded = |tag: &str| filters.iter().any(|filter| covers(filter, tag));
        // A tag is what the exclusion says if a filter covers it, and the opposite otherwise.
        let all = filters.iter().any(|filter| filter.chars().all(|sign| sign == '*'));
        let evidence =
            |verdict: Verdict| verdict.with("mutability", mutability.as_str()).with("filters", filters.clone());
        if all {
            return Ok(evidence(match movable {
                true => fail("its tags are immutable, and an exclusion covers all of them"),
                false => pass("an exclusion makes all of its tags immutable"),
            }));
        }
        for reference in references(here.region).filter(|reference| reference.what == What::Image) {
            let Ok(image) = reference.value else { continue };
            let tag = EcrImage::of(image).filter(|image| image.lies_in(&repository.arn, &repository.name));
            if let Some(tag) = tag.and_then(|image| image.tag).filter(|tag| excluded(tag) == movable) {
                return Ok(evidence(fail(format!(
                    "the tag `{tag}`, which SageMaker runs, can be moved to another image"
                ))));
            }
        }
        if let Some(gap) = here.gap_in(What::Image) {
            return Err(gap.into());
        }
        Ok(evidence(pass("no tag that SageMaker runs can be moved: an exclusion covers other tags only")))
    }
}
