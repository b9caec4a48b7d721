//! SageMaker's own resources, one file a family.

pub(super) mod endpoints;
pub(super) mod models;
pub(super) mod notebooks;
pub(super) mod processing;
pub(super) mod studio;
pub(super) mod training;

use jiff::{Timestamp, ToSpan};
use sagescan_checks::snapshot::{Gap, Listed, Reason, Seen, Tag, VpcConfig};

use super::call::{Call, read};
use super::places::Place;
use super::translate::{text, time};

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

fn vpc(vpc: &aws_sdk_sagemaker::types::VpcConfig) -> VpcConfig {
    VpcConfig { subnets: vpc.subnets().to_vec(), security_groups: vpc.security_group_ids().to_vec() }
}

/// The part of a list of jobs, newest first, that a scan looks at: what is young or still runs.
struct Window {
    since: Timestamp,
    /// No SageMaker job runs longer than 28 days (quotas page: longest run time of a training job), so what is older
    /// than this is finished.
    certainly_finished: Timestamp,
    older: u64,
}

/// Jobs beyond the window that are counted before the count becomes "more than".
const COUNTED: u64 = 1_000;

impl Window {
    fn new(place: &Place) -> Self {
        let longest_run = place.started.saturating_sub((28 * 24).hours()).unwrap_or(Timestamp::MIN);
        Window { since: place.jobs_since, certainly_finished: place.jobs_since.min(longest_run), older: 0 }
    }

    /// Whether the listing may end here.
    fn ends(&mut self, created: Option<&aws_smithy_types::DateTime>) -> bool {
        if created.and_then(time).is_some_and(|at| at < self.certainly_finished) {
            self.older += 1;
        }
        self.older > COUNTED
    }

    /// Drops what lies outside, and says so in the ledger.
    fn cut<T>(
        mut self,
        place: &Place,
        call: &Call,
        mut listed: Listed<T>,
        created: impl Fn(&T) -> Option<&aws_smithy_types::DateTime>,
        runs: impl Fn(&T) -> bool,
    ) -> Listed<T> {
        let before = listed.items.len();
        let young = |at: Option<Timestamp>| at.is_none_or(|at| at >= self.since);
        listed.items.retain(|job| runs(job) || young(created(job).and_then(time)));
        let dropped = before - listed.items.len();
        if self.older > COUNTED {
            self.older = 0;
            place.asker.leave_out(
                call,
                format!("more than {dropped} finished jobs created before {} were left out", self.since),
            );
        } else if dropped > 0 {
            place.asker.leave_out(call, format!("{dropped} finished jobs created before {} were left out", self.since));
        }
        listed
    }
}

fn strings(values: &[String]) -> Option<Vec<String>> {
    Some(values.to_vec())
}

fn name(value: Option<&str>) -> String {
    text(value).unwrap_or_default()
}
