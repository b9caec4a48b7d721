//! How what people and code run in reaches the internet, and buckets of other accounts.

use std::sync::Arc;

use sagescan_policy::{Choices, Context, Document, Outcome, Policies, Request, ResourcePolicy, reach};

use super::survey::abroad;
use crate::engine::{Egress, Here, STRANGER, unclear};
use crate::network::{endpoints, ways_out};
use crate::snapshot::{Domain, Notebook, Seen, Subnet, Unseen, VpcConfig, VpcEndpoint};

/// The way out in words; `None` where there provably is none.
pub(crate) type WayOut = Result<Option<&'static str>, Unseen>;

/// The way of a notebook to the internet.
pub(crate) fn of_notebook(notebook: &Notebook, here: &Here<'_>) -> WayOut {
    let direct = notebook.direct_internet.known("DirectInternetAccess").copied();
    if direct == Ok(true) {
        return Ok(Some("it has direct internet access"));
    }
    let inside = || -> WayOut {
        let Some(subnet) = notebook.subnet.get()? else { return Ok(None) };
        let groups = notebook.security_groups.shown().cloned().unwrap_or_default();
        of_vpc(&VpcConfig { subnets: vec![subnet.clone()], security_groups: groups }, here)
    };
    match inside() {
        Ok(None) => direct.map(|_| None),
        other => other,
    }
}

/// The way of the apps of a domain to the internet.
pub(crate) fn of_domain(domain: &Domain, here: &Here<'_>) -> WayOut {
    match domain.network_access.known("AppNetworkAccessType")?.as_str() {
        "PublicInternetOnly" => Ok(Some("its apps go straight to the internet")),
        "VpcOnly" => {
            // Profiles may wear groups of their own, so only routes count.
            let subnets = domain.subnets.known("SubnetIds")?.clone();
            if subnets.is_empty() {
                return Err(unclear(format!("domain {} names no subnet", domain.id)));
            }
            of_vpc(&VpcConfig { subnets, security_groups: Vec::new() }, here)
        }
        other => Err(unclear(format!("AppNetworkAccessType is `{other}`"))),
    }
}

/// The way to the internet of what runs in these subnets, with these security groups where any are told.
pub(crate) fn of_vpc(vpc: &VpcConfig, here: &Here<'_>) -> WayOut {
    if vpc.subnets.is_empty() {
        return Ok(Some("it is in no VPC"));
    }
    if ways_out::confined(vpc, here) {
        return Ok(None);
    }
    by_subnet(&vpc.subnets, here, |subnet| by_route(subnet, here))
}

/// The way of what runs in these subnets, or in no VPC, to buckets of any other account: an endpoint for S3 whose policy
/// keeps to known accounts closes it.
pub(crate) fn to_buckets_abroad(vpc: &Seen<VpcConfig>, here: &Here<'_>) -> WayOut {
    let Some(vpc) = vpc.get()?.filter(|vpc| !vpc.subnets.is_empty()) else {
        return Ok(Some("it is in no VPC"));
    };
    by_subnet(&vpc.subnets, here, |subnet| {
        // Where an endpoint stands, what goes to S3 takes it.
        match endpoint_for_s3(subnet, here)? {
            Some(endpoint) => match lets_abroad(endpoint, here)? {
                true => Ok(Some("the policy of its VPC endpoint for S3 names no account")),
                false => Ok(None),
            },
            None if ways_out::confined(vpc, here) => Ok(None),
            None => by_route(subnet, here),
        }
    })
}

fn by_subnet<'w>(subnets: &[String], here: &Here<'w>, way: impl Fn(&'w Subnet) -> WayOut) -> WayOut {
    let mut doubt = None;
    for id in subnets {
        let found = match here.subnet(id) {
            Ok(Some(subnet)) => way(subnet),
            Ok(None) => Err(unclear(format!("{id} is not among the subnets of the account"))),
            Err(unseen) => Err(unseen),
        };
        match found {
            Ok(Some(how)) => return Ok(Some(how)),
            Ok(None) => {}
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    doubt.map_or(Ok(None), Err)
}

fn by_route(subnet: &Subnet, here: &Here<'_>) -> WayOut {
    match here.egress(subnet)? {
        Egress::InternetGateway => Ok(Some("its subnet has a route to an internet gateway")),
        Egress::Nat => Ok(Some("its subnet leaves through a NAT gateway")),
        Egress::None => Ok(None),
        Egress::Inspected => Err(unclear(format!(
            "{} leaves through a gateway or appliance of yours, and what lies behind it was not seen",
            subnet.id
        ))),
    }
}

/// The endpoint that traffic of a subnet to S3 takes, if there is one.
fn endpoint_for_s3<'w>(subnet: &Subnet, here: &Here<'w>) -> Result<Option<&'w VpcEndpoint>, Unseen> {
    let table = here.route_table(subnet);
    endpoints::find(&subnet.vpc, "s3", here, |endpoint| match endpoints::is_interface(endpoint)? {
        true => endpoints::answers_public_name(endpoint),
        false => {
            let tables = endpoint.route_tables.known("RouteTableIds")?;
            Ok(tables.contains(&table.as_ref().map_err(Clone::clone)?.id))
        }
    })
}

/// Whether the policy of an endpoint lets a role of the account write to a bucket of a stranger's.
fn lets_abroad(endpoint: &VpcEndpoint, here: &Here<'_>) -> Result<bool, Unseen> {
    let text = endpoint.policy.known("PolicyDocument")?;
    let other = if here.account() == "999999999999" { "888888888888" } else { "999999999999" };
    let partition = here.partition();
    let caller = format!("arn:{partition}:iam::{}:role/{STRANGER}", here.account());
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let policies = Policies {
        identity: vec![Arc::new(Document::parse_or_doubt("anything", all))],
        resource: ResourcePolicy::LeftOut,
        endpoint: Some(vec![Arc::new(Document::parse_or_doubt(&endpoint.id, text))]),
        ..Policies::default()
    };
    let context = abroad(Context::open(), other)
        .with("aws:SecureTransport", "true")
        .with("aws:SourceVpc", endpoint.vpc.as_str())
        .with("aws:SourceVpce", endpoint.id.as_str());
    let arn = format!("arn:{partition}:s3:::{STRANGER}/{STRANGER}");
    let request = Request::new(&caller, "s3:PutObject", &arn).owned_by(other).within(context).with_known_keys();
    let choices = Choices { keys: vec!["s3:*".to_owned(), "aws:PrincipalTag/*".to_owned()], resource: false };
    let decision = reach(&request, &choices, &policies).decision;
    match decision.outcome {
        Outcome::Conditional if decision.keys.is_empty() => {
            let note = decision.notes.first().map_or("it could not be worked out", |note| &**note);
            Err(unclear(format!("the policy of {}: {note}", endpoint.id)))
        }
        _ => Ok(!decision.is_denied()),
    }
}
