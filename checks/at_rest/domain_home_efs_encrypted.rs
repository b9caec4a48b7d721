use super::custody;
use crate::prelude::*;

pub(super) struct DomainHomeEfsEncrypted;

impl Check for DomainHomeEfsEncrypted {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-home-efs-encrypted",
        title: "Home directories of Studio are encrypted with a customer managed key",
        severity: Severity::High,
        reads: &[Table::Domains, Table::FileSystems, Table::Keys],
        practices: &["REST-5"],
        page: include_str!("domain_home_efs_encrypted.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let Some(id) = domain.file_system.get()? else {
            return Ok(exempt("it has no home file system"));
        };
        let Some(home) = here.file_system(id)? else {
            return Err(unclear(format!("its home file system {id} is not among those of the account")));
        };
        if !*home.encrypted.known("Encrypted")? {
            let says = format!("its home file system {id} is not encrypted");
            return Ok(fail(says).with("file_system", id.as_str()).with("encrypted", false));
        }
        let key = home.key.known("KmsKeyId")?;
        let verdict = custody::of_key(&format!("its home file system {id}"), key, here)?.verdict();
        // Encrypted all the same: what is missing is control over the key.
        let verdict = if verdict.is_fail() { verdict.severity(Severity::Medium) } else { verdict };
        Ok(verdict.with("file_system", id.as_str()).with("key", key.as_str()))
    }
}
