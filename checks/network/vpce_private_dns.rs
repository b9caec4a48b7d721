use super::endpoints::{self, Use};
use crate::prelude::*;

pub(super) struct VpcePrivateDns;

impl Check for VpcePrivateDns {
    type On<'w> = &'w VpcEndpoint;

    const META: Meta = Meta {
        id: "vpce-private-dns",
        title: "SageMaker interface endpoints answer to the usual names",
        severity: Severity::Medium,
        reads: &[Table::Subnets, Table::VpcEndpoints],
        practices: &["NET-5"],
        page: include_str!("vpce_private_dns.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &VpcEndpoint, here: &Here<'_>) -> Judged {
        let service = endpoints::service(endpoint, here.name).unwrap_or_default();
        let studio = endpoint.service.starts_with("aws.sagemaker.") && matches!(service, "studio" | "notebook");
        if !(studio || service.starts_with("sagemaker.")) || !endpoints::is_interface(endpoint)? {
            return Ok(not_concerned());
        }
        if !Use::of(&endpoint.vpc, here).concerns()? {
            return Ok(not_concerned());
        }
        if *endpoint.private_dns.known("PrivateDnsEnabled")? {
            return Ok(pass("private DNS is on").with("service", endpoint.service.clone()));
        }
        // Of several endpoints to a service in one VPC only one can have its name.
        let named = endpoints::find(&endpoint.vpc, service, here, |other| {
            Ok(other.service == endpoint.service && endpoints::answers_public_name(other)?)
        })?;
        Ok(match named {
            Some(other) => pass(format!("{} of the same VPC has the name", other.id)),
            None => fail("private DNS is off: clients that use the usual name go around it"),
        }
        .with("service", endpoint.service.clone()))
    }
}
