use super::custody::{self, Custody};
use crate::prelude::*;

pub(super) struct SecretsCmk;

impl Check for SecretsCmk {
    type On<'w> = &'w ManagedSecret;

    const META: Meta = Meta {
        id: "secrets-cmk",
        title: "Secrets that SageMaker uses are encrypted with a customer managed key",
        severity: Severity::Low,
        reads: &[Table::ManagedSecrets, Table::Keys],
        practices: &["REST-2"],
        page: include_str!("secrets_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, secret: &ManagedSecret, here: &Here<'_>) -> Judged {
        let key = custody::named(secret.key.get()?);
        let custody =
            key.map_or_else(|| Ok(Custody::unchosen("its value")), |key| custody::of_key("its value", key, here))?;
        Ok(custody.verdict().with("key", key))
    }
}
