use crate::prelude::*;

pub(super) struct DomainOrphanedEfs;

impl Check for DomainOrphanedEfs {
    type On<'w> = &'w FileSystem;

    const META: Meta = Meta {
        id: "domain-orphaned-efs",
        title: "No home directories outlive their domain",
        severity: Severity::Medium,
        reads: &[Table::FileSystems, Table::Domains, Table::UserProfiles, Table::Spaces],
        practices: &["PRIV-5"],
        page: include_str!("domain_orphaned_efs.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, file_system: &FileSystem, here: &Here<'_>) -> Judged {
        let tags = file_system.tags.get()?.map(Vec::as_slice).unwrap_or_default();
        let Some(tag) = tags.iter().find(|tag| tag.key == MADE_FOR_DOMAIN) else {
            return Ok(not_concerned());
        };
        let own = |domain: &&Domain| {
            domain.arn == tag.value || domain.file_system.shown().is_some_and(|home| *home == file_system.id)
        };
        if let Some(domain) = here.region.domains.find(own)? {
            return Ok(pass(format!("its domain {} is there", domain.id)));
        }
        if !Arn::parse(&tag.value).is_some_and(|arn| arn.service == "sagemaker" && arn.named("domain").is_some()) {
            return Err(unclear(format!("its tag {MADE_FOR_DOMAIN} does not name a domain")));
        }
        let targets = file_system.mount_targets.shown().copied();
        let says = match targets {
            Some(0) => "its domain is gone, and what its users kept is still there, though nothing mounts it",
            _ => "its domain is gone, and what its users kept is still there",
        };
        Ok(fail(says)
            .with("domain", short_name(&tag.value))
            .with("mount_targets", targets)
            .with("bytes", file_system.size.shown().copied())
            .with("created", file_system.created.shown().map(ToString::to_string)))
    }
}
