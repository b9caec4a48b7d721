use crate::prelude::*;

pub(super) struct DomainDockerAccessDisabled;

impl Check for DomainDockerAccessDisabled {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-docker-access-disabled",
        title: "Studio domains run no Docker, or run it rootless with images of your own",
        severity: Severity::Medium,
        reads: &[Table::Domains],
        practices: &["ID-11"],
        page: include_str!("domain_docker_access_disabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        // Left out is disabled (API reference, `DockerSettings`).
        if !domain.docker_access.get()?.copied().unwrap_or_default() {
            return Ok(pass("Docker is not available in its apps"));
        }
        let trusted = domain.docker_trusted_accounts.get();
        let foreign = |account: &&String| account.as_str() != here.account();
        if let Ok(Some(trusted)) = &trusted
            && let Some(account) = trusted.iter().find(foreign)
        {
            let says = format!("its apps run Docker, and images of account {account} too");
            return Ok(fail(says).with("trusted_accounts", (*trusted).clone()));
        }
        if !domain.rootless_docker.get()?.copied().unwrap_or_default() {
            return Ok(fail("its apps run Docker as root: who runs a container rules the instance below it"));
        }
        trusted?;
        Ok(pass("its apps run Docker without root, and images of no other account"))
    }
}
