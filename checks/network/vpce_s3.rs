use super::endpoints::{self, Use};
use crate::prelude::*;

pub(super) struct VpceS3;

impl Check for VpceS3 {
    type On<'w> = &'w Vpc;

    const META: Meta = Meta {
        id: "vpce-s3",
        title: "Workload subnets without NAT reach S3 through an endpoint",
        severity: Severity::High,
        reads: &[Table::Vpcs, Table::VpcEndpoints, Table::RouteTables],
        practices: &["NET-5", "EX-2"],
        page: include_str!("vpce_s3.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, vpc: &Vpc, here: &Here<'_>) -> Judged {
        let used = Use::of(&vpc.id, here);
        if let Some(verdict) = used.idle() {
            return verdict;
        }
        let interface = endpoints::find(&vpc.id, "s3", here, endpoints::answers_public_name);
        let (mut lacking, mut doubt) = (Vec::new(), used.doubt.clone());
        for subnet in &used.subnets {
            match attached(subnet, here) {
                Ok(true) => {}
                Ok(false) => match &interface {
                    Ok(Some(_)) => {}
                    Ok(None) => lacking.push(*subnet),
                    Err(unseen) => doubt = doubt.or(Some(unseen.clone())),
                },
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        if lacking.is_empty() {
            return match doubt {
                Some(unseen) => Err(unseen),
                None => {
                    let says = "every workload subnet reaches S3 through an endpoint";
                    Ok(pass(says).with("subnets", used.subnets.len()))
                }
            };
        }
        let names: Vec<String> = lacking.iter().map(|s| s.id.clone()).collect();
        let says = match endpoints::find(&vpc.id, "s3", here, |_| Ok(true)) {
            Ok(Some(other)) => format!("{} leads to S3, but not from {}", other.id, names.join(", ")),
            _ => format!("no endpoint leads to S3 from {}", names.join(", ")),
        };
        let verdict = endpoints::without(vpc, lacking, says, here)?;
        // Only a failure stands on its own; that NAT will do holds when all was seen.
        if verdict.is_fail() { Ok(verdict) } else { doubt.map_or(Ok(verdict), Err) }
    }
}

/// Whether a gateway endpoint for S3 stands in the route table of the subnet.
fn attached(subnet: &Subnet, here: &Here<'_>) -> Result<bool, Unseen> {
    let table = here.route_table(subnet)?;
    let fit = |endpoint: &VpcEndpoint| {
        Ok(!endpoints::is_interface(endpoint)? && endpoint.route_tables.known("RouteTableIds")?.contains(&table.id))
    };
    Ok(endpoints::find(&subnet.vpc, "s3", here, fit)?.is_some())
}
