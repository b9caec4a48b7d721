use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct ConfigSagemakerRulesPresent;

impl Check for ConfigSagemakerRulesPresent {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "config-sagemaker-rules-present",
        title: "Rules of AWS Config judge SageMaker resources where there are some",
        severity: Severity::Low,
        reads: workloads![ConfigRules],
        practices: &["PRIV-2"],
        page: include_str!("config_sagemaker_rules_present.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        if !region.holds_workloads()? {
            return Ok(not_concerned());
        }
        let (mut active, mut doubt) = (Vec::new(), None);
        for rule in region.region.config_rules.iter() {
            match rule.status.known("ConfigRuleState") {
                Ok(status) if ["ACTIVE", "EVALUATING"].contains(&status.as_str()) => active.push(rule.name.as_str()),
                Ok(_) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        if !active.is_empty() {
            let says = format!("rules about SageMaker: {}", active.len());
            return Ok(pass(says).with("rules", active));
        }
        region.region.config_rules.all()?;
        doubt.map_or_else(|| Ok(fail("no rule of AWS Config is about SageMaker")), Err)
    }
}
