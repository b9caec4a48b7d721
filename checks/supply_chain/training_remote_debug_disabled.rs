use crate::prelude::*;

pub(super) struct TrainingRemoteDebugDisabled;

impl Check for TrainingRemoteDebugDisabled {
    type On<'w> = &'w TrainingJob;

    const META: Meta = Meta {
        id: "training-remote-debug-disabled",
        title: "Nobody can open a shell into a training job",
        severity: Severity::Medium,
        reads: &[Table::TrainingJobs],
        practices: &["SUP-4"],
        page: include_str!("training_remote_debug_disabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &TrainingJob, _: &Here<'_>) -> Judged {
        // Left out is off (API reference, `RemoteDebugConfig`).
        if !job.remote_debug.get()?.copied().unwrap_or_default() {
            return Ok(pass("remote debugging is off"));
        }
        let verdict = fail("remote debugging is on: a shell in its container has its role and its data");
        Ok(match job.status.shown().map(String::as_str) {
            Some("InProgress" | "Stopping") => verdict.severity(Severity::High),
            Some("Completed" | "Failed" | "Stopped") => verdict.severity(Severity::Info),
            _ => verdict,
        })
    }
}
