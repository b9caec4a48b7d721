use super::credentials;
use crate::prelude::*;

pub(super) struct NotebookLifecycleNoSecrets;

impl Check for NotebookLifecycleNoSecrets {
    type On<'w> = &'w LifecycleConfig;

    const META: Meta = Meta {
        id: "notebook-lifecycle-no-secrets",
        title: "Lifecycle scripts of notebook instances hold no credentials",
        severity: Severity::High,
        reads: &[Table::LifecycleConfigs],
        practices: &["SUP-3"],
        page: include_str!("notebook_lifecycle_no_secrets.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, config: &LifecycleConfig, _here: &Here<'_>) -> Judged {
        let found = config.secrets.get()?;
        let scripts = config.scripts.get()?.map_or(&[][..], Vec::as_slice);
        let verdict = match found {
            Some(found) if !found.is_empty() => credentials::verdict(found, ""),
            _ if scripts.is_empty() => exempt("it has no script"),
            Some(found) => credentials::verdict(found, format!("no credential in {}", scripts.join(" and "))),
            None => return Err(unclear("the scripts were not searched")),
        };
        Ok(verdict.with("scripts", scripts.to_vec()))
    }
}
