use super::credentials;
use crate::prelude::*;

pub(super) struct EnvVarsNoSecrets;

impl Check for EnvVarsNoSecrets {
    type On<'w> = Containers<'w>;

    const META: Meta = Meta {
        id: "env-vars-no-secrets",
        title: "Environment variables of containers hold no credentials",
        severity: Severity::High,
        reads: &[
            Table::TrainingJobs,
            Table::ProcessingJobs,
            Table::Models,
            // Which models are served, and so matter.
            Table::EndpointConfigs,
            Table::Endpoints,
        ],
        practices: &["SUP-3"],
        page: include_str!("env_vars_no_secrets.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, Containers(workload): Containers<'_>, _here: &Here<'_>) -> Judged {
        let Some(found) = workload.environment_secrets() else { return Ok(not_concerned()) };
        Ok(match found.get()? {
            Some(found) => credentials::verdict(found, "no credential in the environment"),
            None => pass("it sets no environment variable"),
        })
    }
}
