use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct ConfigRecorderSagemakerTypes;

impl Check for ConfigRecorderSagemakerTypes {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "config-recorder-sagemaker-types",
        title: "AWS Config records SageMaker resources in each region that has some",
        severity: Severity::Medium,
        reads: workloads![ConfigRecorders, RecorderStatuses],
        practices: &["LOG-8", "PRIV-2"],
        page: include_str!("config_recorder_sagemaker_types.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        if !region.holds_workloads()? {
            return Ok(not_concerned());
        }
        let (mut poor, mut doubt) = (Vec::new(), None);
        for recorder in region.region.config_recorders.iter() {
            match records(recorder, &region) {
                Ok(Ok(says)) => return Ok(pass(says).with("recorder", recorder.name.as_str())),
                Ok(Err(why)) => poor.push(format!("recorder {} {why}", recorder.name)),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        region.region.config_recorders.all()?;
        doubt.map_or(Ok(()), Err)?;
        Ok(match poor.is_empty() {
            true => fail("there is no configuration recorder"),
            false => fail(poor.join("; ")).with("recorders", poor),
        })
    }
}

/// What a recorder records of SageMaker, or why it records nothing of it.
fn records(recorder: &ConfigRecorder, region: &Here<'_>) -> Result<Result<String, String>, Unseen> {
    if let Some(service) = recorder.service.get()? {
        return Ok(Err(format!("records for {service} alone")));
    }
    let statuses = &region.region.recorder_statuses;
    let status = statuses.find(|status| status.name == recorder.name)?;
    let status = status.ok_or_else(|| unclear(format!("recorder {} has no status", recorder.name)))?;
    if !*status.recording.known("recording")? {
        return Ok(Err("is stopped".to_owned()));
    }
    if status.status.get()?.is_some_and(|status| status == "Failure") {
        return Ok(Err("could not deliver what it recorded last".to_owned()));
    }
    if recorder.all_supported.get()? == Some(&true) {
        return Ok(Ok("every supported type is recorded".to_owned()));
    }
    let strategy = recorder.strategy.get()?.map(String::as_str);
    let named = |types: &Seen<Vec<String>>| -> Result<Vec<String>, Unseen> {
        let of_sagemaker = |kind: &&String| kind.starts_with("AWS::SageMaker::");
        Ok(types.get()?.into_iter().flatten().filter(of_sagemaker).cloned().collect())
    };
    Ok(match strategy {
        Some("ALL_SUPPORTED_RESOURCE_TYPES") => Ok("every supported type is recorded".to_owned()),
        Some("EXCLUSION_BY_RESOURCE_TYPES") => match named(&recorder.excluded)? {
            none if none.is_empty() => Ok("no type of SageMaker is left out of what is recorded".to_owned()),
            some => Err(format!("leaves out {}", some.join(", "))),
        },
        // Recorders that are older than strategies only have the list.
        Some("INCLUSION_BY_RESOURCE_TYPES") | None => match named(&recorder.types)? {
            none if none.is_empty() => Err("records no type of SageMaker".to_owned()),
            some => Ok(format!("recorded: {}", some.join(", "))),
        },
        Some(other) => return Err(unclear(format!("the recording strategy is {other}"))),
    })
}
