use super::traffic;
use crate::prelude::*;

pub(super) struct ProcessingInterContainerEncryption;

impl Check for ProcessingInterContainerEncryption {
    type On<'w> = &'w ProcessingJob;

    const META: Meta = Meta {
        id: "processing-inter-container-encryption",
        title: "Distributed processing encrypts the traffic between its containers",
        severity: Severity::Medium,
        reads: &[Table::ProcessingJobs],
        practices: &["TRAN-2"],
        page: include_str!("processing_inter_container_encryption.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &ProcessingJob, _here: &Here<'_>) -> Judged {
        let instances = job.instances.known("ClusterConfig")?;
        let count = traffic::instances_of(std::slice::from_ref(instances))?;
        if count < 2 {
            return Ok(exempt("the job runs on one instance, so no traffic leaves it").with("instances", count));
        }
        // A job without a network configuration has asked for nothing, and gets the default.
        let encrypted = job.inter_container_encryption.get()?.copied();
        let verdict = match encrypted {
            Some(true) => pass(format!("traffic between its {count} instances is encrypted")),
            Some(false) => fail(format!("traffic between its {count} instances is not encrypted")),
            None => fail(format!("no network configuration asks to encrypt the traffic between its {count} instances")),
        };
        Ok(verdict.with("instances", count).with("inter_container_encryption", encrypted))
    }
}
