//! SNS: the topics that results of inference and labeling go to, and that alarms tell.

use serde_json::{Value, json};

use super::record::record;
use super::{Gap, Known, List, Listed, Reason, Region, Seen, Spec, Table};
use crate::read;

record! {
    /// A topic of the account (GetTopicAttributes).
    pub struct Topic in topics {
        /// Its ARN.
        name: String = "TopicArn",
        /// Not set: what it holds is not encrypted with a key of KMS.
        key: Seen<String> = "Attributes.KmsMasterKeyId" => Key,
        /// Who may publish and subscribe, as it stands.
        policy: Seen<String> = "Attributes.Policy",
    }
    by Spec {
        created: "",
        summary: &["TopicArn", "Attributes"],
        needs: &[
            Table::EndpointConfigs, Table::LabelingJobs, Table::Workteams, Table::Alarms, Table::CompositeAlarms,
        ],
        ..Spec::of(Table::Topics, List {
            size: None,
            per: Some(named),
            // Something names a topic that is gone.
            absent: &["NotFound"],
            ..List::of(read!("sns", "GetTopicAttributes"), "")
        })
    }
}

record! {
    /// Somebody who is told what is published to a topic (ListSubscriptionsByTopic). Who that is is not kept.
    pub struct TopicSubscription in topic_subscriptions {
        /// Its ARN, or `PendingConfirmation` until whoever it is agrees, or `Deleted`.
        name: String = "SubscriptionArn",
        /// The ARN of the topic.
        topic: String = "TopicArn",
        /// `email`, `https`, `http`, `sqs`, `lambda`, …
        protocol: Seen<String> = "Protocol",
    }
    by Spec {
        created: "",
        summary: &["SubscriptionArn", "TopicArn", "Protocol"],
        needs: &[Table::Topics],
        ..Spec::of(Table::TopicSubscriptions, List {
            size: None,
            per: Some(of_topics),
            absent: &["NotFound"],
            ..List::of(read!("sns", "ListSubscriptionsByTopic"), "Subscriptions")
        })
    }
}

impl TopicSubscription {
    /// Whether whoever is told has agreed.
    pub fn is_confirmed(&self) -> bool {
        self.name.starts_with("arn:")
    }
}

/// The names of topics in some tables, each with the ARN of what names it, and why there may be more.
pub(crate) struct TopicNames<'r> {
    pub(crate) names: Vec<(&'r str, &'r str)>,
    pub(crate) gap: Option<&'r Gap>,
}

/// The topics that results of inference and labeling go to.
pub(crate) fn topics_of_results(region: &Region) -> TopicNames<'_> {
    let mut all = TopicNames { names: Vec::new(), gap: None };
    for config in region.endpoint_configs.iter() {
        let output = config.async_output.shown();
        let topics = output.into_iter().flat_map(|output| [&output.success_topic, &output.error_topic]);
        all.names.extend(topics.flatten().map(|topic| (topic.as_str(), config.arn.as_str())));
        all.gap = all.gap.or(config.async_output.gap());
    }
    for job in region.labeling_jobs.iter() {
        for topic in [&job.output_topic, &job.input_topic] {
            all.names.extend(topic.shown().map(|topic| (topic.as_str(), job.arn.as_str())));
            all.gap = all.gap.or(topic.gap());
        }
    }
    for team in region.workteams.iter() {
        all.names.extend(team.notification_topic.shown().map(|topic| (topic.as_str(), team.arn.as_str())));
        all.gap = all.gap.or(team.notification_topic.gap());
    }
    let listings = [&region.endpoint_configs.missing, &region.labeling_jobs.missing, &region.workteams.missing];
    all.gap = all.gap.or(listings.into_iter().find_map(Option::as_ref));
    all
}

/// The topics that alarms tell.
fn topics_of_alarms(region: &Region) -> TopicNames<'_> {
    let alarms = region.alarms.iter().map(|alarm| (&alarm.actions, alarm.arn.as_str()));
    let composites = region.composite_alarms.iter().map(|alarm| (&alarm.actions, alarm.arn.as_str()));
    let mut all = TopicNames { names: Vec::new(), gap: None };
    for (actions, arn) in alarms.chain(composites) {
        let actions_shown = actions.shown().into_iter().flatten();
        all.names
            .extend(actions_shown.filter(|action| part(action, 2) == Some("sns")).map(|topic| (topic.as_str(), arn)));
        all.gap = all.gap.or(actions.gap());
    }
    all.gap = all.gap.or(region.alarms.missing.as_ref()).or(region.composite_alarms.missing.as_ref());
    all
}

/// A part of an ARN.
fn part(arn: &str, number: usize) -> Option<&str> {
    arn.split(':').nth(number)
}

/// A question for each topic of this account and region.
fn named(known: &Known<'_>) -> Listed<Value> {
    let (results, alarms) = (topics_of_results(known.region), topics_of_alarms(known.region));
    let mut missing = results.gap.or(alarms.gap).cloned();
    let is_ours = |topic: &str, namer: &str| part(topic, 3) == Some(known.name) && part(topic, 4) == part(namer, 4);
    if let Some((topic, _)) = results.names.iter().find(|(topic, namer)| !is_ours(topic, namer)) {
        let why = || Gap::new(Reason::Skipped, format!("{topic} belongs to another account or region"));
        missing = missing.or_else(|| Some(why()));
    }
    let all = results.names.into_iter().chain(alarms.names);
    let mut ours: Vec<&str> = all.filter(|(topic, namer)| is_ours(topic, namer)).map(|(topic, _)| topic).collect();
    ours.sort_unstable();
    ours.dedup();
    Listed { items: ours.into_iter().map(|topic| json!({ "TopicArn": topic })).collect(), missing }
}

fn of_topics(known: &Known<'_>) -> Listed<Value> {
    let topics = &known.region.topics;
    let items = topics.iter().map(|topic| json!({ "TopicArn": topic.name })).collect();
    Listed { items, missing: topics.missing.clone() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::snapshot::{Account, Alarm, LabelingJob};

    #[test]
    fn only_topics_of_this_account_and_region_are_asked_for() {
        let topic = |region: &str, account: &str| format!("arn:aws:sns:{region}:{account}:t");
        let alarm = Alarm {
            arn: "arn:aws:cloudwatch:us-east-1:111122223333:alarm:a".to_owned(),
            actions: Seen::Is(vec![
                topic("us-east-1", "111122223333"),
                topic("us-east-1", "444455556666"),
                "arn:aws:lambda:us-east-1:111122223333:function:f".to_owned(),
            ]),
            ..Alarm::default()
        };
        let mut region = Region {
            alarms: Listed::complete(vec![alarm]),
            composite_alarms: Listed::complete(Vec::new()),
            endpoint_configs: Listed::complete(Vec::new()),
            labeling_jobs: Listed::complete(Vec::new()),
            workteams: Listed::complete(Vec::new()),
            ..Region::default()
        };
        let (account, regions) = (Account::default(), BTreeMap::new());
        let asked = |region: &Region| named(&Known { name: "us-east-1", region, account: &account, regions: &regions });
        let all = asked(&region);
        assert_eq!(all.items, [json!({ "TopicArn": topic("us-east-1", "111122223333") })]);
        assert!(all.missing.is_none());
        region.labeling_jobs.items.push(LabelingJob {
            arn: "arn:aws:sagemaker:us-east-1:111122223333:labeling-job/l".to_owned(),
            output_topic: Seen::Is(topic("eu-west-1", "111122223333")),
            input_topic: Seen::Unset,
            ..LabelingJob::default()
        });
        assert!(asked(&region).missing.is_some(), "what carries results elsewhere is not seen");
    }
}
