use crate::prelude::*;

pub(super) struct TrainingHasMaxRuntime;

impl Check for TrainingHasMaxRuntime {
    type On<'w> = Job<'w>;

    const META: Meta = Meta {
        id: "training-has-max-runtime",
        title: "Jobs have a time limit of their own",
        severity: Severity::Low,
        reads: &[Table::TrainingJobs, Table::ProcessingJobs],
        practices: &["LOG-5"],
        page: include_str!("training_has_max_runtime.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: Job<'_>, _here: &Here<'_>) -> Judged {
        let (limit, most) = match job.0 {
            Workload::TrainingJob(job) => (&job.max_runtime, TRAINING),
            Workload::ProcessingJob(job) => (&job.max_runtime, PROCESSING),
            _ => return Ok(not_concerned()),
        };
        let limit = limit.get()?.copied();
        let verdict = match limit {
            None => fail("it sets no time limit"),
            Some(limit) if limit >= most => {
                fail(format!("its time limit is {}, the most that SageMaker allows", in_words(limit)))
            }
            Some(limit) => pass(format!("it is stopped after {}", in_words(limit))),
        };
        Ok(verdict.with("max_runtime_seconds", limit))
    }
}

/// The longest that SageMaker lets a job run, in seconds: 28 days (SageMaker API Reference, `StoppingCondition`).
const TRAINING: i32 = 28 * 24 * 3600;
/// The same of a processing job (SageMaker API Reference, `ProcessingStoppingCondition`).
const PROCESSING: i32 = 777_600;

fn in_words(seconds: i32) -> String {
    match seconds {
        s if s >= 2 * 24 * 3600 => format!("{} days", s / (24 * 3600)),
        s if s >= 2 * 3600 => format!("{} hours", s / 3600),
        s if s >= 120 => format!("{} minutes", s / 60),
        s => format!("{s} seconds"),
    }
}
