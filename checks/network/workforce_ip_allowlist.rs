use crate::engine::Addresses;
use crate::prelude::*;

pub(super) struct WorkforceIpAllowlist;

impl Check for WorkforceIpAllowlist {
    type On<'w> = &'w Workforce;

    const META: Meta = Meta {
        id: "workforce-ip-allowlist",
        title: "The worker portal is open to known addresses only",
        severity: Severity::Medium,
        reads: &[Table::Workforces],
        practices: &["NET-7", "LOG-7"],
        page: include_str!("workforce_ip_allowlist.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, workforce: &Workforce, _: &Here<'_>) -> Judged {
        if let Some(vpc) = workforce.vpc.shown() {
            return Ok(pass(format!("its portal is reached from {vpc} only")).with("vpc", vpc.as_str()));
        }
        let cidrs = workforce.cidrs.get()?.map_or(&[][..], Vec::as_slice);
        let mut blocks = Vec::new();
        let mut odd = None;
        for cidr in cidrs {
            match cidr.parse() {
                Ok(block) => blocks.push(block),
                Err(_) => odd = odd.or(Some(cidr)),
            }
        }
        let verdict = if Addresses::of(blocks).is_internet() {
            fail("its portal is open to most of the internet")
        } else if cidrs.is_empty() {
            workforce.vpc.get()?;
            fail("its portal is open to every address")
        } else if let Some(odd) = odd {
            return Err(unclear(format!("`{odd}` is no block of addresses")));
        } else {
            pass(format!("its portal is open to {} block(s) of addresses", cidrs.len()))
        };
        Ok(verdict.with("cidrs", cidrs.to_vec()))
    }
}
