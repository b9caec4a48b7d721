use crate::prelude::*;

pub(super) struct RamSharesApprovedAccounts;

impl Check for RamSharesApprovedAccounts {
    type On<'w> = &'w ResourceShare;

    const META: Meta = Meta {
        id: "ram-shares-approved-accounts",
        title: "SageMaker resources are shared within the organization only",
        severity: Severity::Medium,
        reads: &[Table::ResourceShares, Table::SharePrincipals, Table::SharedResources],
        practices: &["RES-5"],
        page: include_str!("ram_shares_approved_accounts.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, share: &ResourceShare, here: &Here<'_>) -> Judged {
        let status = share.status.known("status")?;
        if let "DELETED" | "DELETING" | "FAILED" = status.as_str() {
            return Ok(exempt(format!("it is {status}, so it shares nothing")));
        }
        let of_share = |one: &str| one == share.arn;
        let resources = here.region.shared_resources.iter().filter(|resource| of_share(&resource.share));
        let mut resources: Vec<&str> = resources.map(|resource| resource.id.as_str()).collect();
        resources.sort_unstable();
        let principals = &here.region.share_principals;
        let (mut outside, mut count, mut doubt) = (Vec::new(), 0, None);
        for principal in principals.iter().filter(|principal| of_share(&principal.share)) {
            count += 1;
            match principal.external.known("external") {
                Ok(true) => outside.push(principal.id.as_str()),
                Ok(false) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        outside.sort_unstable();
        if let Some(first) = outside.first() {
            let more = if outside.len() > 1 { format!(" and {} more", outside.len() - 1) } else { String::new() };
            let what = resources.first().copied().unwrap_or("SageMaker resources");
            let says = format!("it shares {what} with {first}{more}, outside of the organization");
            return Ok(fail(says).with("principals", outside).with("resources", resources));
        }
        doubt.map_or(Ok(()), Err)?;
        principals.all()?;
        let verdict = match count {
            0 => pass("it lets nobody in"),
            _ => pass("everybody that it lets in is of the organization"),
        };
        let outsiders = share.allows_outsiders.shown().copied();
        Ok(verdict.with("allows_outsiders", outsiders).with("resources", resources))
    }
}
