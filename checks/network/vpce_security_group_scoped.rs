use ipnet::IpNet;

use super::endpoints::{Use, is_interface};
use super::security_groups::{Worn, ports, some_of};
use crate::engine::Addresses;
use crate::prelude::*;

pub(super) struct VpceSecurityGroupScoped;

impl Check for VpceSecurityGroupScoped {
    type On<'w> = &'w VpcEndpoint;

    const META: Meta = Meta {
        id: "vpce-security-group-scoped",
        title: "Interface endpoints answer only their VPC",
        severity: Severity::Low,
        reads: &[Table::Subnets, Table::VpcEndpoints, Table::SecurityGroups, Table::Vpcs],
        practices: &["NET-5"],
        page: include_str!("vpce_security_group_scoped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &VpcEndpoint, here: &Here<'_>) -> Judged {
        if !is_interface(endpoint)? || !Use::of(&endpoint.vpc, here).concerns()? {
            return Ok(not_concerned());
        }
        let ids = endpoint.security_groups.known("Groups")?;
        if ids.is_empty() {
            return Err(unclear("the answer names no security group"));
        }
        let Some(vpc) = here.region.vpcs.find(|vpc| vpc.id == endpoint.vpc)? else {
            return Err(unclear(format!("{} is not among the VPCs of the account", endpoint.vpc)));
        };
        let own =
            Addresses::of(vpc.cidrs.known("CidrBlockAssociationSet")?.iter().filter_map(|cidr| cidr.parse().ok()));
        let worn = Worn::of(ids, here).held();
        let (mut doubt, mut wide) = (worn.doubt, Vec::new());
        for group in &worn.groups {
            let rules = match group.ingress.known("IpPermissions") {
                Ok(rules) => rules,
                Err(unseen) => {
                    doubt = doubt.or(Some(unseen));
                    continue;
                }
            };
            for rule in rules.iter().filter(|rule| admits_https(rule)) {
                for cidr in &rule.cidrs {
                    match cidr.parse::<IpNet>() {
                        Ok(block) if own.contains(block) => {}
                        // The IPv6 blocks of a VPC are not kept; those of the internet are no VPC's.
                        Ok(block @ IpNet::V6(_)) if !Addresses::of([block]).is_internet() => {
                            doubt =
                                doubt.or_else(|| Some(unclear(format!("whether {block} is of the VPC was not seen"))));
                        }
                        Ok(block) => wide.push(format!("{} admits {block} on {}", group.id, ports(rule))),
                        Err(_) => doubt = doubt.or_else(|| Some(unclear("a rule names what is no address block"))),
                    }
                }
            }
        }
        let verdict = match (wide.is_empty(), doubt) {
            (false, _) => fail(format!("{}, which is more than its VPC", some_of(&wide))),
            (true, Some(unseen)) => return Err(unseen),
            (true, None) => pass("its security groups admit only its VPC and groups that they name"),
        };
        Ok(verdict.with("service", endpoint.service.as_str()).with("security_groups", ids.clone()))
    }
}

/// Whether a rule lets HTTPS through, the only thing that endpoints of AWS services answer.
fn admits_https(rule: &Rule) -> bool {
    match rule.protocol.as_str() {
        "-1" => true,
        "tcp" | "6" => rule.from.is_none_or(|from| from <= 443) && rule.to.is_none_or(|to| to >= 443),
        _ => false,
    }
}
