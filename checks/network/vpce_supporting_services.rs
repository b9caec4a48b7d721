use super::endpoints::{self, Use};
use crate::prelude::*;

pub(super) struct VpceSupportingServices;

/// What SageMaker containers call besides SageMaker and S3 (SageMaker developer guide, "Connect Studio in a VPC to
/// External Resources", and the catalogue of checks; August 2026).
const SERVICES: [&str; 6] = ["ecr.api", "ecr.dkr", "logs", "monitoring", "sts", "kms"];

impl Check for VpceSupportingServices {
    type On<'w> = &'w Vpc;

    const META: Meta = Meta {
        id: "vpce-supporting-services",
        title: "VPCs without NAT have endpoints for ECR, CloudWatch, STS and KMS",
        severity: Severity::Low,
        reads: &[Table::Vpcs, Table::VpcEndpoints, Table::RouteTables],
        practices: &["NET-5"],
        page: include_str!("vpce_supporting_services.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, vpc: &Vpc, here: &Here<'_>) -> Judged {
        let used = Use::of(&vpc.id, here);
        if let Some(verdict) = used.idle() {
            return verdict;
        }
        let (mut missing, mut doubt) = (Vec::new(), None);
        for service in SERVICES {
            match endpoints::find(&vpc.id, service, here, endpoints::is_interface) {
                Ok(Some(_)) => {}
                Ok(None) => missing.push(service),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        let verdict = match missing.as_slice() {
            [] => pass("it has an endpoint for each of ECR, CloudWatch, STS and KMS"),
            _ => {
                let says = format!("no endpoint leads to {}", missing.join(", "));
                doubt = doubt.or(used.doubt);
                endpoints::without(vpc, used.subnets, says, here)?
            }
        };
        match doubt {
            Some(unseen) if !verdict.is_fail() => Err(unseen),
            _ => Ok(verdict.with("services", SERVICES.len() - missing.len())),
        }
    }
}
