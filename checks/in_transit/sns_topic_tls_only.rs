use sagescan_policy::{Context, Document, Truth, denies_everyone};

use crate::prelude::*;

pub(super) struct SnsTopicTlsOnly;

impl Check for SnsTopicTlsOnly {
    type On<'w> = &'w Topic;

    const META: Meta = Meta {
        id: "sns-topic-tls-only",
        title: "Topics of inference and labeling refuse plain HTTP",
        severity: Severity::Low,
        reads: &[
            Table::EndpointConfigs,
            Table::LabelingJobs,
            Table::Workteams,
            Table::Topics,
            Table::TopicSubscriptions,
        ],
        practices: &["TRAN-1"],
        page: include_str!("sns_topic_tls_only.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, topic: &Topic, here: &Here<'_>) -> Judged {
        if !here.carries_results(&topic.name)? {
            return Ok(not_concerned());
        }
        match (listens_in_plain(topic, here), publishes_in_plain(topic)) {
            (Ok(Some(why)), Ok(Some(more))) => Ok(fail(format!("{why}, and {more}"))),
            (Ok(Some(why)), _) | (_, Ok(Some(why))) => Ok(fail(why)),
            (Err(unseen), _) | (_, Err(unseen)) => Err(unseen),
            (Ok(None), Ok(None)) => Ok(pass("its policy denies plain HTTP, and nobody is told over it")),
        }
    }
}

/// Whether somebody is told over plain HTTP.
fn listens_in_plain(topic: &Topic, here: &Here<'_>) -> Result<Option<String>, Unseen> {
    let all = &here.region.topic_subscriptions;
    let mut doubt = all.all().err();
    for subscription in all.iter().filter(|one| one.topic == topic.name) {
        match subscription.protocol.known("Protocol").map(String::as_str) {
            Ok("http") => return Ok(Some("a subscription is told over plain HTTP".to_owned())),
            Ok(_) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    doubt.map_or(Ok(None), Err)
}

/// Whether somebody may publish over plain HTTP.
fn publishes_in_plain(topic: &Topic) -> Result<Option<String>, Unseen> {
    let Some(policy) = topic.policy.get()? else {
        return Ok(Some("it has no policy that denies plain HTTP".to_owned()));
    };
    let policy = Document::parse_or_doubt("the topic policy", policy);
    let plain = Context::open().with("aws:SecureTransport", "false");
    match denies_everyone(&policy, "sns:Publish", &topic.name, &plain).0 {
        Truth::Yes => Ok(None),
        Truth::No => Ok(Some("its policy does not deny publishing over plain HTTP".to_owned())),
        Truth::Maybe(doubts) if doubts.notes.is_empty() => {
            let keys: Vec<&str> = doubts.keys.iter().map(|key| &**key).collect();
            let on = keys.join(", ");
            Ok(Some(format!("its policy denies publishing over plain HTTP only under a further condition on {on}")))
        }
        Truth::Maybe(doubts) => {
            let notes: Vec<&str> = doubts.notes.iter().map(|note| &**note).collect();
            Err(unclear(format!("the topic policy cannot be read with certainty: {}", notes.join("; "))))
        }
    }
}
