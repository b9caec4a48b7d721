use super::custody::{self, Custody};
use crate::prelude::*;

pub(super) struct DomainStorageCmk;

impl Check for DomainStorageCmk {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-storage-cmk",
        title: "Domain storage uses a customer managed key",
        severity: Severity::Medium,
        reads: &[Table::Domains, Table::Keys],
        practices: &["REST-2"],
        page: include_str!("domain_storage_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let key = custody::named(domain.key.get()?);
        let custody = match key {
            Some(key) => custody::of_key("the home directories and app volumes", key, here)?,
            None => Custody::unchosen("the home directories and app volumes"),
        };
        Ok(custody.verdict().with("key", key).with("file_system", domain.file_system.shown().cloned()))
    }
}
