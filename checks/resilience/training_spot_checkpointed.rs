use crate::prelude::*;

pub(super) struct TrainingSpotCheckpointed;

impl Check for TrainingSpotCheckpointed {
    type On<'w> = &'w TrainingJob;

    const META: Meta = Meta {
        id: "training-spot-checkpointed",
        title: "Training on spare capacity writes checkpoints",
        severity: Severity::Info,
        reads: &[Table::TrainingJobs],
        practices: &["RES-6"],
        page: include_str!("training_spot_checkpointed.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &TrainingJob, _here: &Here<'_>) -> Judged {
        if job.spot.get()? != Some(&true) {
            return Ok(not_concerned());
        }
        let checkpoints = job.checkpoints.get()?;
        let verdict = match checkpoints {
            Some(uri) => pass(format!("it runs on spare capacity, with checkpoints in {uri}")),
            None => fail("it runs on spare capacity without checkpoints: an interruption starts it from the beginning"),
        };
        Ok(verdict.with("checkpoints", checkpoints.cloned()))
    }
}
