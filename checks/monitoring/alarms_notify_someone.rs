use super::listeners::{anybody, is_heard};
use super::ringing::{passed_on, scales};
use crate::prelude::*;

pub(super) struct AlarmsNotifySomeone;

impl Check for AlarmsNotifySomeone {
    type On<'w> = &'w Alarm;

    const META: Meta = Meta {
        id: "alarms-notify-someone",
        title: "Alarms on SageMaker do something when they go off",
        severity: Severity::Medium,
        reads: &[Table::Alarms, Table::CompositeAlarms, Table::TopicSubscriptions],
        practices: &["LOG-3"],
        page: include_str!("alarms_notify_someone.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, alarm: &Alarm, here: &Here<'_>) -> Judged {
        let own = alarm.namespace.get()?.is_some_and(|namespace| Alarm::is_of_sagemaker(namespace));
        let lines = alarm.lines.known("Metrics")?;
        let in_lines = lines.iter().any(|line| {
            let namespace = line.namespace.as_ref().is_some_and(|namespace| Alarm::is_of_sagemaker(namespace));
            namespace || line.expression.as_ref().is_some_and(|text| text.to_lowercase().contains("sagemaker"))
        });
        if !own && !in_lines {
            return Ok(not_concerned());
        }
        let actions = alarm.actions.known("AlarmActions")?;
        let on = *alarm.actions_enabled.known("ActionsEnabled")?;
        let fault = if actions.is_empty() {
            Ok("it has no action for when it goes off")
        } else if !on {
            Ok("its actions are switched off")
        } else if actions.iter().all(|action| scales(action)) {
            return Ok(exempt("it is there to add and remove instances, not to tell anybody"));
        } else {
            match anybody(actions, here) {
                Ok(true) => return Ok(pass("somebody hears of it when it goes off").with("actions", actions.clone())),
                Ok(false) => Ok("nobody has agreed to be told by its topics"),
                Err(unseen) => Err(unseen),
            }
        };
        let verdict = match passed_on(alarm, here, &|enabled, actions| is_heard(enabled, actions, here))? {
            Some(composite) => pass(format!("alarm {} goes off with it, and somebody hears of that", composite.name)),
            None => fail(fault?),
        };
        Ok(verdict.with("actions", actions.clone()))
    }
}
