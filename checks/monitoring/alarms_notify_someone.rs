use super::ringing::{passed_on, scales};
use crate::prelude::*;

pub(super) struct AlarmsNotifySomeone;

impl Check for AlarmsNotifySomeone {
    type On<'w> = &'w Alarm;

    const META: Meta = Meta {
        id: "alarms-notify-someone",
        title: "Alarms on SageMaker do something when they go off",
        severity: Severity::Medium,
        reads: &[Table::Alarms, Table::CompositeAlarms],
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
        let fault = match (actions.is_empty(), on) {
            (true, _) => Some("it has no action for when it goes off"),
            (false, false) => Some("its actions are switched off"),
            (false, true) => None,
        };
        let verdict = if let Some(fault) = fault {
            match passed_on(alarm, here)? {
                Some(composite) => pass(format!("{fault}, but alarm {} goes off with it", composite.name)),
                None => fail(fault),
            }
        } else if actions.iter().all(|action| scales(action)) {
            exempt("it is there to add and remove instances, not to tell anybody")
        } else {
            pass("it has an action for when it goes off")
        };
        Ok(verdict.with("actions", actions.clone()))
    }
}
