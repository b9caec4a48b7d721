use crate::aws::endpoint_status;
use crate::prelude::*;

pub(super) struct EndpointLogGroupExists;

impl Check for EndpointLogGroupExists {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-log-group-exists",
        title: "Endpoints write to a log group",
        severity: Severity::Medium,
        reads: &[Table::Endpoints, Table::InferenceComponents, Table::LogGroups],
        practices: &["LOG-2"],
        page: include_str!("endpoint_log_group_exists.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?;
        if !endpoint_status::serves(status) {
            return Ok(exempt(format!("it is {status} and takes no requests")));
        }
        let own = format!("/aws/sagemaker/Endpoints/{}", endpoint.name);
        if let Some(group) = group(&own, here)? {
            return Ok(found(group));
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
            match group(&format!("/aws/sagemaker/InferenceComponents/{}", component.name), here)? {
                Some(group) => return Ok(found(group)),
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

fn found(group: &LogGroup) -> Verdict {
    let says = format!("it writes to log group {}", group.name);
    pass(says).with("stored_bytes", group.stored_bytes.shown().copied())
}
