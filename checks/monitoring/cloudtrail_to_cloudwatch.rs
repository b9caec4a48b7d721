use jiff::SignedDuration;

use crate::prelude::*;

pub(super) struct CloudtrailToCloudwatch;

impl Check for CloudtrailToCloudwatch {
    type On<'w> = &'w Trail;

    const META: Meta = Meta {
        id: "cloudtrail-to-cloudwatch",
        title: "Trails deliver to CloudWatch Logs",
        severity: Severity::Low,
        reads: &[Table::Trails],
        practices: &["LOG-1"],
        page: include_str!("cloudtrail_to_cloudwatch.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, trail: &Trail, here: &Here<'_>) -> Judged {
        if !*trail.logging.known("IsLogging")? {
            return Ok(exempt("it is stopped and delivers nothing anywhere"));
        }
        let Some(group) = trail.log_group.get()? else {
            return Ok(fail("it delivers to no log group, so no alarm can hear of what it records"));
        };
        if let Some(error) = trail.log_group_error.get()?.filter(|error| !error.is_empty()) {
            return Ok(fail(format!("it cannot deliver to its log group: {error}")).with("log_group", group.as_str()));
        }
        let verdict = match trail.log_group_delivered.get()? {
            None => fail("it has a log group and never delivered to it"),
            Some(last) if here.world.now().duration_since(*last) > SignedDuration::from_hours(24) => {
                fail(format!("it delivered to its log group last at {last}"))
            }
            Some(last) => pass(format!("it delivered to its log group last at {last}")),
        };
        Ok(verdict.with("log_group", group.as_str()))
    }
}
