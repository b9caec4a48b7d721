//! VPC endpoints: which service they lead to, who needs them, and where else they may be.

use super::ways_out::Ways;
use crate::prelude::*;

/// The service an endpoint leads to, as the end of its name: `sagemaker.api` of
/// `com.amazonaws.us-east-1.sagemaker.api`. What stands before the region differs by partition and service
/// (`com.amazonaws`, `cn.com.amazonaws`, `aws.sagemaker`); a FIPS variant counts as its service, an endpoint to another
/// region as nothing.
pub(super) fn service<'a>(endpoint: &'a VpcEndpoint, region: &str) -> Option<&'a str> {
    let (_, rest) = endpoint.service.split_once(region).filter(|(before, _)| before.ends_with('.'))?;
    let service = rest.strip_prefix('.')?;
    Some(service.strip_suffix("-fips").unwrap_or(service))
}

/// Who uses a VPC.
pub(crate) struct Use<'w> {
    /// The subnets of it that workloads use, each once.
    pub(super) subnets: Vec<&'w Subnet>,
    /// A domain sits in it whose apps do not send their traffic through it.
    pub(super) bypassed: bool,
    /// Why there may be more.
    pub(super) doubt: Option<Unseen>,
}

impl<'w> Use<'w> {
    /// Who uses the VPC, as far as was seen.
    pub(crate) fn of(vpc: &str, here: &Here<'w>) -> Use<'w> {
        let (named, doubt) = here.workload_subnets_of(vpc);
        let subnets = named.iter().filter(|(_, runs)| *runs).map(|(subnet, _)| *subnet).collect();
        let mut found = Use { subnets, bypassed: false, doubt };
        for domain in here.region.domains.iter() {
            let own = domain.subnets.shown().into_iter().flatten().filter_map(|id| here.subnet(id).ok()?);
            let mut own = own.filter(|subnet| subnet.vpc == vpc);
            match domain.network_access.known("AppNetworkAccessType").map(String::as_str) {
                Ok("PublicInternetOnly") => found.bypassed |= own.next().is_some(),
                Ok(_) => found.subnets.extend(own),
                Err(unseen) => found.doubt = found.doubt.or(Some(unseen)),
            }
        }
        found.subnets.sort_by(|a, b| a.id.cmp(&b.id));
        found.subnets.dedup_by(|a, b| a.id == b.id);
        found
    }

    /// Whether anything of SageMaker is in the VPC.
    pub(crate) fn concerns(self) -> Result<bool, Unseen> {
        match self.doubt {
            _ if self.bypassed || !self.subnets.is_empty() => Ok(true),
            Some(unseen) => Err(unseen),
            None => Ok(false),
        }
    }

    /// The verdict on a VPC that no traffic of workloads goes through; `None` when some does.
    pub(super) fn idle(&self) -> Option<Judged> {
        match (self.subnets.is_empty(), &self.doubt, self.bypassed) {
            (false, _, _) => None,
            (true, Some(unseen), _) => Some(Err(unseen.clone())),
            (true, None, true) => Some(Ok(exempt("only Studio uses it, for home directories; its apps go around it"))),
            (true, None, false) => Some(Ok(not_concerned())),
        }
    }
}

/// The first available endpoint of the VPC to this service that is fit for use. `None` needs every endpoint.
pub(crate) fn find<'w>(
    vpc: &str,
    wanted: &str,
    here: &Here<'w>,
    fit: impl Fn(&VpcEndpoint) -> Result<bool, Unseen>,
) -> Result<Option<&'w VpcEndpoint>, Unseen> {
    let endpoints = &here.region.vpc_endpoints;
    let mut doubt = endpoints.missing.as_ref().map(Unseen::from);
    for endpoint in endpoints.iter().filter(|e| e.vpc == vpc && service(e, here.name) == Some(wanted)) {
        match (is_available(endpoint), fit(endpoint)) {
            (Ok(true), Ok(true)) => return Ok(Some(endpoint)),
            (Ok(false), _) | (_, Ok(false)) => {}
            (Err(unseen), _) | (_, Err(unseen)) => doubt = doubt.or(Some(unseen)),
        }
    }
    doubt.map_or(Ok(None), Err)
}

fn is_available(endpoint: &VpcEndpoint) -> Result<bool, Unseen> {
    Ok(endpoint.state.known("State")?.eq_ignore_ascii_case("available"))
}

/// Whether it is an interface that answers to the public name of the service.
pub(crate) fn answers_public_name(endpoint: &VpcEndpoint) -> Result<bool, Unseen> {
    Ok(is_interface(endpoint)? && *endpoint.private_dns.known("PrivateDnsEnabled")?)
}

/// Whether it is an interface in subnets, not an entry in route tables.
pub(crate) fn is_interface(endpoint: &VpcEndpoint) -> Result<bool, Unseen> {
    Ok(endpoint.kind.known("VpcEndpointType")?.eq_ignore_ascii_case("interface"))
}

/// An error when endpoints that serve the VPC may be where this account does not show them: the VPC belongs to another
/// account, or routes lead to a network that may hold central endpoints.
pub(super) fn nowhere_else(vpc: &Vpc, here: &Here<'_>) -> Result<(), Unseen> {
    let owner = vpc.owner.known("OwnerId")?;
    if owner != here.account() {
        return Err(unclear(format!("the VPC belongs to account {owner}, which alone sees its endpoints")));
    }
    let mut doubt = here.region.route_tables.missing.as_ref().map(Unseen::from);
    for table in here.region.route_tables.iter().filter(|t| t.vpc == vpc.id) {
        let routes = match table.routes.known("Routes") {
            Ok(routes) => routes,
            Err(unseen) => {
                doubt = doubt.or(Some(unseen));
                continue;
            }
        };
        if let Some(route) = routes.iter().find(|r| r.state != "blackhole" && leads_to_networks(&r.target)) {
            return Err(unclear(format!(
                "{} leads to other networks; an endpoint there may serve this VPC, which only DNS can tell",
                route.target
            )));
        }
    }
    doubt.map_or(Ok(()), Err)
}

fn leads_to_networks(target: &str) -> bool {
    target.starts_with("tgw-") || target.starts_with("pcx-") || target.contains("core-network")
}

/// Judges whether workloads in a VPC reach a service of SageMaker through an interface endpoint under its usual name.
pub(super) fn judge(vpc: &Vpc, wanted: &str, called: &str, here: &Here<'_>) -> Judged {
    if let Some(verdict) = Use::of(&vpc.id, here).idle() {
        return verdict;
    }
    let found = find(&vpc.id, wanted, here, answers_public_name)?;
    if let Some(endpoint) = found {
        return Ok(pass(format!("{} leads to {called} under its usual name", endpoint.id))
            .with("endpoint", endpoint.id.clone()));
    }
    nowhere_else(vpc, here)?;
    Ok(match find(&vpc.id, wanted, here, is_interface)? {
        Some(endpoint) => fail(format!("{} leads to {called}, but without private DNS nobody takes it", endpoint.id))
            .with("endpoint", endpoint.id.clone()),
        None => fail(format!("no endpoint leads to {called}: calls take the internet, or do not arrive")),
    })
}

/// Judges a VPC whose workloads lack an endpoint, by how they get out without it: NAT will do for them, anything else
/// that the customer runs may.
pub(super) fn without<'w>(vpc: &Vpc, lacking: Vec<&'w Subnet>, says: String, here: &Here<'w>) -> Judged {
    let ways = Ways::of(lacking, here);
    let by_nat = ways.by(Egress::Nat);
    let stuck: Vec<String> = [ways.by(Egress::None), ways.by(Egress::InternetGateway)].concat();
    if !stuck.is_empty() {
        nowhere_else(vpc, here)?;
        return Ok(fail(says).with("subnets", stuck));
    }
    if let Some(unseen) = ways.doubt {
        return Err(unseen);
    }
    match ways.by(Egress::Inspected).first() {
        Some(id) => Err(unclear(format!(
            "{id} leaves through a gateway or appliance of yours, and what lies behind it was not seen"
        ))),
        None => Ok(exempt("its workloads leave through NAT").with("subnets", by_nat)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads_to(name: &str, region: &str) -> Option<String> {
        let endpoint = VpcEndpoint { service: name.to_owned(), ..VpcEndpoint::default() };
        service(&endpoint, region).map(str::to_owned)
    }

    #[test]
    fn services_are_told_by_what_follows_the_region() {
        let is = |name: &str, region: &str, wanted: &str| assert_eq!(leads_to(name, region).as_deref(), Some(wanted));
        is("com.amazonaws.us-east-1.sagemaker.api", "us-east-1", "sagemaker.api");
        is("com.amazonaws.us-gov-west-1.sagemaker.api-fips", "us-gov-west-1", "sagemaker.api");
        is("com.amazonaws.us-east-1.sagemaker.runtime-fips", "us-east-1", "sagemaker.runtime");
        is("cn.com.amazonaws.cn-north-1.sagemaker.runtime", "cn-north-1", "sagemaker.runtime");
        is("aws.sagemaker.eu-west-1.studio", "eu-west-1", "studio");
        is("com.amazonaws.eu-west-1.s3", "eu-west-1", "s3");
        for other in
            ["com.amazonaws.eu-west-1.s3", "com.amazonaws.s3-global.accesspoint", "", "us-east-1", ".us-east-1"]
        {
            assert_eq!(leads_to(other, "us-east-1"), None, "{other}");
        }
        assert_eq!(
            leads_to("com.amazonaws.vpce.us-east-1.vpce-svc-0123.s3", "us-east-1").as_deref(),
            Some("vpce-svc-0123.s3")
        );
    }
}
