use super::zones::{in_words, zones};
use crate::prelude::*;

pub(super) struct DomainMultiAzSubnets;

impl Check for DomainMultiAzSubnets {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-multi-az-subnets",
        title: "Studio domains span two availability zones",
        severity: Severity::Low,
        reads: &[Table::Domains, Table::Subnets],
        practices: &["RES-1"],
        page: include_str!("domain_multi_az_subnets.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let subnets = domain.subnets.known("SubnetIds")?;
        let zones = zones(subnets, here)?;
        let verdict = if zones.len() < 2 {
            fail(format!("its subnets lie in {}", in_words(&zones)))
        } else {
            pass(format!("its subnets lie in {}", in_words(&zones)))
        };
        Ok(verdict.with("subnets", subnets.clone()).with("zones", zones.into_iter().collect::<Vec<_>>()))
    }
}
