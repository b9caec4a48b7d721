use super::traffic;
use crate::prelude::*;

pub(super) struct TrainingInterContainerEncryption;

impl Check for TrainingInterContainerEncryption {
    type On<'w> = &'w TrainingJob;

    const META: Meta = Meta {
        id: "training-inter-container-encryption",
        title: "Distributed training encrypts the traffic between its containers",
        severity: Severity::Medium,
        reads: &[Table::TrainingJobs],
        practices: &["TRAN-2"],
        page: include_str!("training_inter_container_encryption.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &TrainingJob, _here: &Here<'_>) -> Judged {
        if job.serverless.get()? == Some(&true) {
            return Ok(exempt("the job is serverless and has no instances of its own"));
        }
        let count = traffic::instances_of(job.instances.known("ResourceConfig")?)?;
        if count < 2 {
            return Ok(exempt("the job runs on one instance, so no traffic leaves it").with("instances", count));
        }
        let encrypted = *job.inter_container_encryption.known("EnableInterContainerTrafficEncryption")?;
        let verdict = match (encrypted, health_tag(job)) {
            (true, _) => pass(format!("traffic between its {count} instances is encrypted")),
            (false, None) => fail(format!("traffic between its {count} instances is not encrypted")),
            (false, Some(tag)) => {
                let says =
                    format!("traffic between its {count} instances is not encrypted, and tag {tag} says health data");
                fail(says).severity(Severity::High)
            }
        };
        Ok(verdict.with("instances", count).with("inter_container_encryption", encrypted))
    }
}

/// A tag that says that the job works on health data. It makes a failure worse and never decides one.
fn health_tag(job: &TrainingJob) -> Option<&str> {
    let says_health = |text: &str| {
        let text = text.to_ascii_lowercase();
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| {
            ["phi", "ephi", "hipaa", "health", "healthcare", "medical", "patient", "clinical"].contains(&word)
        })
    };
    let denies = |value: &str| ["", "false", "no", "none"].contains(&value.to_ascii_lowercase().as_str());
    let tags = job.tags.shown()?;
    let tag = tags.iter().find(|tag| says_health(&tag.value) || (says_health(&tag.key) && !denies(&tag.value)))?;
    Some(&tag.key)
}
