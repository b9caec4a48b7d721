use crate::aws::endpoint_status;
use crate::prelude::*;

pub(super) struct EndpointDataCaptureEnabled;

impl Check for EndpointDataCaptureEnabled {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-data-capture-enabled",
        title: "Endpoints capture what goes in and what comes out",
        severity: Severity::Low,
        reads: &[Table::Endpoints, Table::EndpointConfigs],
        practices: &["RES-4"],
        page: include_str!("endpoint_data_capture_enabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?;
        if !endpoint_status::serves(status) {
            return Ok(exempt(format!("it is {status} and takes no requests")));
        }
        let variants = endpoint.variants.known("ProductionVariants")?;
        if !variants.is_empty() && variants.iter().all(|v| v.serverless) {
            return Ok(exempt("it is serverless, and serverless inference has no data capture"));
        }
        if endpoint.asynchronous.get()?.is_some_and(|yes| *yes) {
            return Ok(exempt("it is asynchronous: requests and responses already are objects in S3"));
        }
        let Some(capture) = endpoint.capture.get()?.filter(|c| c.enabled) else {
            return Ok(fail("data capture is off"));
        };
        let verdict = match capture.status.as_deref() {
            Some("Stopped") => fail("data capture is enabled, but it has stopped"),
            Some("Started") => match capture.percentage {
                Some(..=0) => fail("data capture samples none of the requests"),
                Some(percentage) => captured(endpoint, percentage, here)?,
                None => return Err(unclear("the answer carries no CurrentSamplingPercentage")),
            },
            Some(other) => return Err(unclear(format!("capture status {other}"))),
            None => return Err(unclear("the answer carries no CaptureStatus")),
        };
        Ok(verdict.with("percentage", capture.percentage).with("capture_status", capture.status.as_deref()))
    }
}

/// Which directions are captured stands in the endpoint's configuration only.
fn captured(endpoint: &Endpoint, percentage: i32, here: &Here<'_>) -> Judged {
    let name = endpoint.config.known("EndpointConfigName")?;
    let config =
        here.endpoint_config(name)?.ok_or_else(|| unclear(format!("endpoint configuration {name} is gone")))?;
    let modes = &config.data_capture.known("DataCaptureConfig")?.modes;
    let has = |direction: &str| modes.iter().any(|mode| mode == direction || mode == "InputAndOutput");
    Ok(match (has("Input"), has("Output")) {
        (true, true) => pass(format!("{percentage} percent of requests and responses are captured")),
        (true, false) => fail("requests are captured, responses are not"),
        (false, true) => fail("responses are captured, requests are not"),
        (false, false) => fail("neither requests nor responses are captured"),
    })
}
