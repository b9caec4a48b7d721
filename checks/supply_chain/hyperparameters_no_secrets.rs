use super::credentials;
use crate::prelude::*;

pub(super) struct HyperparametersNoSecrets;

impl Check for HyperparametersNoSecrets {
    type On<'w> = Job<'w>;

    const META: Meta = Meta {
        id: "hyperparameters-no-secrets",
        title: "Hyperparameters and arguments of jobs hold no credentials",
        severity: Severity::High,
        reads: &[Table::TrainingJobs, Table::ProcessingJobs],
        practices: &["SUP-3"],
        page: include_str!("hyperparameters_no_secrets.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, Job(workload): Job<'_>, _here: &Here<'_>) -> Judged {
        let Some(found) = workload.parameter_secrets() else { return Ok(not_concerned()) };
        Ok(match found.get()? {
            Some(found) => credentials::verdict(found, "no credential in hyperparameters or arguments"),
            None => pass("it sets no hyperparameters and no arguments"),
        })
    }
}
