use super::event_pattern::may_hear;
use super::watch::heard;
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct EventbridgeSagemakerStateChanges;

impl Check for EventbridgeSagemakerStateChanges {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "eventbridge-sagemaker-state-changes",
        title: "Somebody is told when jobs, endpoints and models change their state",
        severity: Severity::Low,
        reads: workloads![EventRules],
        practices: &["LOG-6", "EX-5"],
        page: include_str!("eventbridge_sagemaker_state_changes.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        if !region.holds_workloads()? {
            return Ok(not_concerned());
        }
        let rules = &region.region.event_rules;
        let (mut kinds, mut names, mut doubt) = (Vec::new(), Vec::new(), None);
        for rule in rules.iter() {
            match heard(rule) {
                Ok(Some(pattern)) => {
                    let of_it = KINDS.iter().filter(|kind| may_hear(pattern, "aws.sagemaker", kind));
                    let before = kinds.len();
                    kinds.extend(of_it.filter(|kind| !kinds.contains(*kind)).copied().collect::<Vec<_>>());
                    if kinds.len() > before {
                        names.push(rule.name.as_str());
                    }
                }
                Ok(None) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        if !names.is_empty() {
            let says = format!("rules with targets hear of them: {}", names.join(", "));
            return Ok(pass(says).with("rules", names).with("kinds", kinds));
        }
        rules.all()?;
        doubt.map_or_else(|| Ok(fail("no rule with a target hears of a change of state")), Err)
    }
}

/// Source: Amazon SageMaker AI Developer Guide, "Events that Amazon SageMaker AI sends to Amazon EventBridge", November 2026.
const KINDS: [&str; 14] = [
    "SageMaker Training Job State Change",
    "SageMaker HyperParameter Tuning Job State Change",
    "SageMaker Transform Job State Change",
    "SageMaker Processing Job State Change",
    "SageMaker Endpoint State Change",
    "SageMaker Endpoint Config State Change",
    "SageMaker Endpoint Deployment State Change",
    "SageMaker Feature Group State Change",
    "SageMaker Model State Change",
    "SageMaker Model Package State Change",
    "SageMaker Model Card State Change",
    "SageMaker Image State Change",
    "SageMaker Image Version State Change",
    "SageMaker Model Building Pipeline Execution Status Change",
];
