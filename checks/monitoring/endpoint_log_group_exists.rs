use jiff::SignedDuration;

use crate::aws::endpoint_status;
use crate::prelude::*;

pub(super) struct EndpointLogGroupExists;

/// How long without a line until a log group looks forgotten: our own measure.
const QUIET: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Check for EndpointLogGroupExists {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-log-group-exists",
        title: "Endpoints write to a log group, and did of late",
        severity: Severity::Medium,
        reads: &[Table::Endpoints, Table::InferenceComponents, Table::LogGroups, Table::LastLogEvents],
        practices: &["LOG-2"],
        page: include_str!("endpoint_log_group_exists.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?;
        if !endpoint_status::serves(status) {
            return Ok(exempt(format!("it is {status} and takes no requests")));
        }
        let own = LogGroup::of_endpoint(&endpoint.name);
        if let Some(group) = group(&own, here)? {
            return found(group, here);
        }
        // What runs as inference components writes to groups of their names.
        let (mut silent, mut doubt) = (Vec::new(), None);
        for component in here.region.inference_components.iter() {
            match component.endpoint.known("EndpointName") {
                Ok(name) if *name == endpoint.name => {}
                Ok(_) => continue,
                Err(unseen) => {
                    doubt = doubt.or(Some(unseen));
                    continue;
                }
            }
            match group(&LogGroup::of_component(&component.name), here)? {
                Some(group) => return found(group, here),
                None => silent.push(component.name.as_str()),
            }
        }
        here.region.inference_components.all()?;
        doubt.map_or(Ok(()), Err)?;
        let says = format!("there is no log group {own}: its role may not be allowed to write logs");
        Ok(fail(says).with("components", silent))
    }
}

fn group<'w>(name: &str, here: &Here<'w>) -> Result<Option<&'w LogGroup>, Unseen> {
    here.region.log_groups.find(|group| group.name == name)
}

/// A container that has nothing to say is quiet, too: silence is worth a look and no more.
fn found(group: &LogGroup, here: &Here<'_>) -> Judged {
    let name = &group.name;
    let last = here.region.last_log_events.find(|last| last.group == *name)?;
    let last = last.ok_or_else(|| unclear(format!("nobody asked when something was last written to {name}")))?;
    let verdict = match last.at.get()? {
        None => fail(format!("nothing was ever written to log group {name}")).severity(Severity::Info),
        Some(at) if here.world.now().duration_since(*at) > QUIET => {
            fail(format!("nothing was written to log group {name} since {at}")).severity(Severity::Info)
        }
        Some(at) => pass(format!("it writes to log group {name}")).with("last_event", at.to_string()),
    };
    Ok(verdict.with("stored_bytes", group.stored_bytes.shown().copied()))
}
