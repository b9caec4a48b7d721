//! Whether anybody listens where an alarm speaks.

use super::ringing::scales;
use crate::prelude::*;

/// Whether actions are switched on, and one reaches somebody.
pub(super) fn is_heard(enabled: &Seen<bool>, actions: &Seen<Vec<String>>, here: &Here<'_>) -> Result<bool, Unseen> {
    let actions = actions.known("AlarmActions")?;
    Ok(*enabled.known("ActionsEnabled")? && anybody(actions, here)?)
}

/// Whether one of these actions reaches somebody. Scaling does not count.
pub(super) fn anybody(actions: &[String], here: &Here<'_>) -> Result<bool, Unseen> {
    let mut doubt = None;
    for action in actions.iter().filter(|action| !scales(action)) {
        match reaches(action, here) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    doubt.map_or(Ok(false), Err)
}

/// Of topics somebody must have agreed to be told; functions, incidents and the like do something by themselves.
fn reaches(action: &str, here: &Here<'_>) -> Result<bool, Unseen> {
    let Some(topic) = Arn::parse(action).filter(|arn| arn.service == "sns") else { return Ok(true) };
    if topic.account != here.account() || topic.region != here.name {
        return Err(unclear(format!("who listens to {action}, of another account or region, is not seen")));
    }
    let subscriptions = &here.region.topic_subscriptions;
    Ok(subscriptions.find(|one| one.topic == action && one.is_confirmed())?.is_some())
}
