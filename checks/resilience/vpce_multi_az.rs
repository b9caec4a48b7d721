use super::zones::{in_words, zones};
use crate::network::endpoints::{Use, is_interface};
use crate::prelude::*;

pub(super) struct VpceMultiAz;

impl Check for VpceMultiAz {
    type On<'w> = &'w VpcEndpoint;

    const META: Meta = Meta {
        id: "vpce-multi-az",
        title: "Interface endpoints stand in two availability zones",
        severity: Severity::Low,
        reads: &[Table::Subnets, Table::VpcEndpoints],
        practices: &["NET-5"],
        page: include_str!("vpce_multi_az.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &VpcEndpoint, here: &Here<'_>) -> Judged {
        if !is_interface(endpoint)? || !Use::of(&endpoint.vpc, here).concerns()? {
            return Ok(not_concerned());
        }
        let subnets = endpoint.subnets.known("SubnetIds")?;
        let zones = zones(subnets, here)?;
        let says = format!("its interfaces stand in {}", in_words(&zones));
        let verdict = if zones.len() < 2 { fail(says) } else { pass(says) };
        Ok(verdict
            .with("service", endpoint.service.as_str())
            .with("subnets", subnets.clone())
            .with("zones", zones.into_iter().collect::<Vec<_>>()))
    }
}
