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
        let on = job.remote_debug.get();
        if let "Completed" | "Failed" | "Stopped" = job.status.known("TrainingJobStatus")?.as_str() {
            // Search leaves the setting out, and nothing depends on it any more.
            return Ok(match on {
                Ok(Some(true)) => fail("remote debugging was on while it ran").severity(Severity::Info),
                _ => exempt("it has ended, so there is no container to open a shell in"),
            });
        }
        // Left out is off (API reference, `RemoteDebugConfig`).
        Ok(match on?.copied().unwrap_or_default() {
            true => fail("remote debugging is on: a shell in its container has its role and its data")
                .severity(Severity::High),
            false => pass("remote debugging is off"),
        })
    }
}
