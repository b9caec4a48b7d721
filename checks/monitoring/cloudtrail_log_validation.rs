use crate::prelude::*;

pub(super) struct CloudtrailLogValidation;

impl Check for CloudtrailLogValidation {
    type On<'w> = &'w Trail;

    const META: Meta = Meta {
        id: "cloudtrail-log-validation",
        title: "Trails sign the log files they deliver",
        severity: Severity::Medium,
        reads: &[Table::Trails],
        practices: &["LOG-1"],
        page: include_str!("cloudtrail_log_validation.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, trail: &Trail, _here: &Here<'_>) -> Judged {
        let on = *trail.validation.known("LogFileValidationEnabled")?;
        let verdict = if on {
            pass("log file validation is on")
        } else {
            fail("log file validation is off, so a changed or deleted log file goes unnoticed")
        };
        Ok(verdict.with("validation", on).with("organization", trail.organization.shown().copied()))
    }
}
