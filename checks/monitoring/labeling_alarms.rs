use super::ringing::{acts, search};
use crate::prelude::*;

pub(super) struct LabelingAlarms;

impl Check for LabelingAlarms {
    type On<'w> = &'w LabelingJob;

    const META: Meta = Meta {
        id: "labeling-alarms",
        title: "Alarms ring while labeling jobs run",
        severity: Severity::Low,
        confidence: Confidence::Medium,
        reads: &[Table::LabelingJobs, Table::Alarms, Table::CompositeAlarms],
        practices: &["LOG-7"],
        page: include_str!("labeling_alarms.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &LabelingJob, here: &Here<'_>) -> Judged {
        if !["Initializing", "InProgress"].contains(&job.status.known("LabelingJobStatus")?.as_str()) {
            return Ok(not_concerned());
        }
        let found = search(
            here,
            |watched| {
                let own = watched.dimension("LabelingJobName").is_none_or(|name| name == job.name);
                NAMESPACES.contains(&watched.namespace) && own
            },
            &acts,
        );
        match (found.ringing.is_empty(), found.doubt) {
            (false, _) => Ok(pass(format!("alarm {} rings", found.ringing.join(", "))).with("alarms", found.ringing)),
            (true, Some(unseen)) => Err(unseen),
            (true, None) => {
                Ok(fail("no alarm rings for its workers or its tasks").with("without_action", found.silent))
            }
        }
    }
}

/// Source: Amazon SageMaker AI Developer Guide, "Amazon SageMaker AI metrics in Amazon CloudWatch", November 2026.
const NAMESPACES: [&str; 2] = ["AWS/SageMaker/Workteam", "AWS/SageMaker/LabelingJobs"];
