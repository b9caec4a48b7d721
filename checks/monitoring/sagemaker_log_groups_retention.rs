use crate::prelude::*;

pub(super) struct SagemakerLogGroupsRetention;

/// The least that is kept at hand: three months (PCI DSS 4.0.1, requirement 10.5.1).
const LEAST_DAYS: i32 = 90;

impl Check for SagemakerLogGroupsRetention {
    type On<'w> = &'w LogGroup;

    const META: Meta = Meta {
        id: "sagemaker-log-groups-retention",
        title: "Log groups of SageMaker keep what is written for a set time",
        severity: Severity::Medium,
        reads: &[Table::LogGroups],
        practices: &["LOG-2"],
        page: include_str!("sagemaker_log_groups_retention.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, group: &LogGroup, _here: &Here<'_>) -> Judged {
        let verdict = match group.retention_days.get()? {
            None => fail("what is written is kept for ever, with whatever inputs and answers it repeats")
                .severity(Severity::Low),
            Some(days) if *days < LEAST_DAYS => fail(format!("what is written is gone after {days} days")),
            Some(days) => pass(format!("what is written is kept for {days} days")),
        };
        Ok(verdict.with("retention_days", group.retention_days.shown().copied()))
    }
}
