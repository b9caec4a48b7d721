use jiff::SignedDuration;

use crate::prelude::*;

pub(super) struct MonitoringScheduleHealthy;

/// A schedule runs once a day at least, up to twenty minutes late (developer guide, "Schedule Model Monitor jobs").
const LONGEST: SignedDuration = SignedDuration::from_hours(25);

impl Check for MonitoringScheduleHealthy {
    type On<'w> = &'w MonitoringSchedule;

    const META: Meta = Meta {
        id: "monitoring-schedule-healthy",
        title: "Monitoring schedules run and succeed",
        severity: Severity::Low,
        reads: &[Table::MonitoringSchedules, Table::MonitoringAlerts],
        practices: &["RES-4"],
        page: include_str!("monitoring_schedule_healthy.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, schedule: &MonitoringSchedule, here: &Here<'_>) -> Judged {
        match schedule.status.known("MonitoringScheduleStatus")?.as_str() {
            "Stopped" => return Ok(exempt("it is stopped")),
            "Pending" => return Ok(exempt("it is being set up")),
            "Failed" => return Ok(fail("it could not be set up")),
            "Scheduled" => {}
            other => return Err(unclear(format!("its status is {other}"))),
        }
        let Some(last) = schedule.last_status.get()? else {
            let created = schedule.created.known("CreationTime")?;
            return Ok(match here.world.now().duration_since(*created) > LONGEST {
                true => fail(format!("it has not run since it was created at {created}")),
                false => exempt("it is new and has not run yet"),
            });
        };
        if ["Failed", "Stopped", "Stopping"].contains(&last.as_str()) {
            return Ok(fail(format!("its last run is {last}")).with("last_status", last.as_str()));
        }
        if !["Completed", "CompletedWithViolations", "InProgress", "Pending"].contains(&last.as_str()) {
            return Err(unclear(format!("its last run is {last}")));
        }
        let at = schedule.last_scheduled.known("ScheduledTime")?;
        // One that runs once, now, is over.
        let once = schedule.expression.get()?.is_some_and(|expression| expression == "NOW");
        let verdict = if !once && here.world.now().duration_since(*at) > LONGEST {
            fail(format!("its last run was planned for {at}"))
        } else if last == "CompletedWithViolations" {
            pass("it runs, and its last run found violations: look at them")
        } else {
            pass("it runs and succeeds")
        };
        let on = |alert: &&MonitoringAlert| {
            alert.schedule == schedule.name && alert.status.shown().is_some_and(|status| status == "InAlert")
        };
        let alerts: Vec<&str> = here.region.monitoring_alerts.iter().filter(on).map(|a| a.name.as_str()).collect();
        let verdict = verdict.with("last_status", last.as_str());
        Ok(if alerts.is_empty() { verdict } else { verdict.with("alerts_on", alerts) })
    }
}
