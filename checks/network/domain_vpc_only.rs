use crate::prelude::*;

pub(super) struct DomainVpcOnly;

impl Check for DomainVpcOnly {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-vpc-only",
        title: "Studio domains send all traffic through your VPC",
        severity: Severity::High,
        reads: &[Table::Domains],
        practices: &["NET-4", "EX-2"],
        page: include_str!("domain_vpc_only.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, _here: &Here<'_>) -> Judged {
        let access = domain.network_access.known("AppNetworkAccessType")?;
        let verdict = match access.as_str() {
            "VpcOnly" => pass("apps reach everything through your VPC"),
            "PublicInternetOnly" => {
                fail("apps reach the internet through a network of AWS; only the home directories are in your VPC")
            }
            other => return Err(unclear(format!("network access type {other}"))),
        };
        Ok(verdict.with("network_access", access.clone()).with("vpc", domain.vpc.shown().cloned()))
    }
}
