use crate::aws::endpoint_status;
use crate::prelude::*;

pub(super) struct EndpointModelMonitorScheduled;

impl Check for EndpointModelMonitorScheduled {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-model-monitor-scheduled",
        title: "Endpoints have a monitoring schedule",
        severity: Severity::Medium,
        reads: &[Table::Endpoints, Table::MonitoringSchedules],
        practices: &["LOG-5", "RES-4", "EX-5"],
        page: include_str!("endpoint_model_monitor_scheduled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?;
        if !endpoint_status::serves(status) {
            return Ok(exempt(format!("it is {status} and takes no requests")));
        }
        let variants = endpoint.variants.known("ProductionVariants")?;
        if !variants.is_empty() && variants.iter().all(|variant| variant.serverless) {
            return Ok(exempt("it is serverless, which Model Monitor does not support"));
        }
        let schedules = &here.region.monitoring_schedules;
        let (mut others, mut doubt) = (Vec::new(), None);
        for schedule in schedules.iter() {
            match state(schedule, &endpoint.name) {
                Ok(Some("Scheduled")) => {
                    let kind = schedule.kind.shown().cloned();
                    return Ok(pass(format!("schedule {} monitors it", schedule.name)).with("kind", kind));
                }
                Ok(Some(status)) => others.push(format!("{} is {status}", schedule.name)),
                Ok(None) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        schedules.all()?;
        doubt.map_or(Ok(()), Err)?;
        if !others.is_empty() {
            return Ok(fail(format!("no schedule that monitors it is active: {}", others.join(", "))));
        }
        let verdict = fail("no schedule monitors it");
        let unused = here.world.regions().all(|at| at.region.monitoring_schedules.all().is_ok_and(<[_]>::is_empty));
        // Model Monitor takes no new customers (developer guide, 2026): whoever never had it cannot mend this with it.
        Ok(if unused { verdict.with("model_monitor", "never used").severity(Severity::Info) } else { verdict })
    }
}

/// The status of a schedule, if it is one of this endpoint.
fn state<'w>(schedule: &'w MonitoringSchedule, endpoint: &str) -> Result<Option<&'w str>, Unseen> {
    // Schedules on batch transform have no endpoint.
    if schedule.endpoint.get()?.is_none_or(|name| name != endpoint) {
        return Ok(None);
    }
    schedule.status.known("MonitoringScheduleStatus").map(|status| Some(status.as_str()))
}
