//! SageMaker's own resources, one file a family.

pub(super) mod studio;

use sagescan_checks::snapshot::{Gap, Listed, Reason, Seen, Tag};

use super::call::{Call, read};
use super::places::Place;
use super::translate::text;

/// One call for each resource that has tags.
pub(super) const TAGS: Call = read!("sagemaker", "ListTags");

/// The tags of a resource, all pages.
async fn tags(place: &Place, arn: &str) -> Seen<Vec<Tag>> {
    if arn.is_empty() {
        return Seen::Unseen(Gap::new(Reason::Failed, "the resource's ARN was not seen"));
    }
    let sm = &place.sagemaker;
    let pages = place.asker.pages(
        &TAGS,
        |token| sm.list_tags().resource_arn(arn).max_results(100).set_next_token(token).send(),
        |page| (page.tags.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let listed: Listed<_> = pages.await;
    match listed.missing {
        Some(gap) => Seen::Unseen(gap),
        None => Seen::Is(listed.items.into_iter().map(tag).collect()),
    }
}

fn tag(tag: aws_sdk_sagemaker::types::Tag) -> Tag {
    Tag { key: tag.key.unwrap_or_default(), value: tag.value.unwrap_or_default() }
}

fn strings(values: &[String]) -> Option<Vec<String>> {
    Some(values.to_vec())
}

fn name(value: Option<&str>) -> String {
    text(value).unwrap_or_default()
}
