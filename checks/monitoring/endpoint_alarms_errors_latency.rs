use super::ringing::of_variants;
use crate::aws::endpoint_status;
use crate::prelude::*;

pub(super) struct EndpointAlarmsErrorsLatency;

impl Check for EndpointAlarmsErrorsLatency {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-alarms-errors-latency",
        title: "Alarms ring when an endpoint errs or slows down",
        severity: Severity::Medium,
        reads: &[Table::Endpoints, Table::InferenceComponents, Table::Alarms, Table::CompositeAlarms],
        practices: &["LOG-3", "EX-5"],
        page: include_str!("endpoint_alarms_errors_latency.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?;
        if !endpoint_status::serves(status) {
            return Ok(exempt(format!("it is {status} and takes no requests")));
        }
        let variants = endpoint.variants.known("ProductionVariants")?;
        let variants: Vec<&str> = variants.iter().map(|variant| variant.name.as_str()).collect();
        let errors = of_variants(endpoint, &variants, (&["AWS/SageMaker"], &ERRORS), here);
        let latency = of_variants(endpoint, &variants, (&["AWS/SageMaker"], &LATENCY), here);
        let mut lacks = Vec::new();
        let mut doubt = Ok(());
        for (cover, what) in [(&errors, "errors"), (&latency, "latency")] {
            match cover.certain() {
                Ok(()) if cover.bare.is_empty() => {}
                Ok(()) => lacks.push(format!("{what} of {}", cover.bare.join(", "))),
                Err(unseen) => doubt = doubt.and(Err(unseen)),
            }
        }
        if !lacks.is_empty() {
            let silent: Vec<&str> = errors.silent.iter().chain(&latency.silent).copied().collect();
            let why = if silent.is_empty() { "" } else { ", though alarms without an action look at it" };
            return Ok(fail(format!("no alarm rings for {}{why}", lacks.join(" and "))).with("without_action", silent));
        }
        doubt?;
        let mut ringing: Vec<&str> = errors.ringing.iter().chain(&latency.ringing).copied().collect();
        ringing.sort_unstable();
        ringing.dedup();
        Ok(pass("alarms ring for errors and latency of each variant").with("alarms", ringing))
    }
}

const ERRORS: [&str; 3] = ["Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors"];
const LATENCY: [&str; 2] = ["ModelLatency", "OverheadLatency"];
