use crate::prelude::*;

pub(super) struct DomainEfsBackup;

impl Check for DomainEfsBackup {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-efs-backup",
        title: "Home directories of Studio are backed up",
        severity: Severity::Low,
        reads: &[Table::Domains, Table::FileSystems],
        practices: &["SUP-4"],
        page: include_str!("domain_efs_backup.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let Some(id) = domain.file_system.get()? else {
            return Ok(exempt("it has no home file system"));
        };
        let Some(home) = here.file_system(id)? else {
            return Err(unclear(format!("its home file system {id} is not among those of the account")));
        };
        let status = home.backup.get()?.map(String::as_str);
        let verdict = match status {
            Some("ENABLED" | "ENABLING") => pass(format!("automatic backups of {id} are on")),
            Some("DISABLED" | "DISABLING") => fail(format!("automatic backups of its home file system {id} are off")),
            None => fail(format!("automatic backups of its home file system {id} were never turned on")),
            Some(other) => return Err(unclear(format!("backup status {other}"))),
        };
        Ok(verdict.with("file_system", id.as_str()).with("backup", status))
    }
}
