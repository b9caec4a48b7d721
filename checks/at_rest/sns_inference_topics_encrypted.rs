use super::custody;
use crate::prelude::*;

pub(super) struct SnsInferenceTopicsEncrypted;

impl Check for SnsInferenceTopicsEncrypted {
    type On<'w> = &'w Topic;

    const META: Meta = Meta {
        id: "sns-inference-topics-encrypted",
        title: "Topics of inference and labeling are encrypted with a key of KMS",
        severity: Severity::Low,
        reads: &[Table::EndpointConfigs, Table::LabelingJobs, Table::Workteams, Table::Topics],
        practices: &["REST-5"],
        page: include_str!("sns_inference_topics_encrypted.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, topic: &Topic, here: &Here<'_>) -> Judged {
        if !here.carries_results(&topic.name)? {
            return Ok(not_concerned());
        }
        let key = custody::named(topic.key.get()?);
        let verdict = match key {
            Some(_) => pass("messages are encrypted with a key of KMS"),
            None => fail("no key of KMS encrypts messages at rest"),
        };
        // Only then do messages hold what the model answered.
        let outputs = here.region.endpoint_configs.iter().filter_map(|config| config.async_output.shown());
        let carries_answers = outputs.into_iter().any(|output| {
            let told = |to: &str, topic_of: &Option<String>| {
                topic_of.as_ref() == Some(&topic.name) && output.answers_to.iter().any(|topic| topic == to)
            };
            told("SUCCESS_NOTIFICATION_TOPIC", &output.success_topic)
                || told("ERROR_NOTIFICATION_TOPIC", &output.error_topic)
        });
        Ok(verdict.with("key", key).with("carries_answers", carries_answers))
    }
}
