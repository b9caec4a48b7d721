use super::ways_out::Ways;
use crate::prelude::*;

pub(super) struct EgressFiltered;

impl Check for EgressFiltered {
    type On<'w> = &'w Vpc;

    const META: Meta = Meta {
        id: "egress-filtered",
        title: "VPCs with a way to the internet filter what goes out",
        severity: Severity::Medium,
        reads: &[
            Table::Vpcs,
            Table::Subnets,
            Table::RouteTables,
            Table::NatGateways,
            Table::InternetGateways,
            Table::Firewalls,
            Table::DnsFirewalls,
        ],
        practices: &["NET-2"],
        page: include_str!("egress_filtered.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, vpc: &Vpc, here: &Here<'_>) -> Judged {
        let mut doubt = None;
        match filters_names(vpc, here) {
            Ok(None) => {}
            Ok(Some(id)) => {
                return Ok(pass("DNS firewall rules judge the names that it asks for").with("dns_firewall", id));
            }
            Err(unseen) => doubt = Some(unseen),
        }
        let mut idle = None;
        match firewall_on_the_way(vpc, here) {
            Ok(Walls::OnTheWay(name)) => {
                return Ok(pass("routes lead through its network firewall").with("firewall", name));
            }
            Ok(Walls::Aside(name)) => idle = Some(name),
            Ok(Walls::None) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
        let (named, gap) = here.workload_subnets_of(&vpc.id);
        let ways = Ways::of(named.iter().map(|(subnet, _)| *subnet), here);
        let out: Vec<String> = [ways.by(Egress::Nat), ways.by(Egress::InternetGateway)].concat();
        if !out.is_empty() {
            doubt.map_or(Ok(()), Err)?;
            if let Some(owner) = vpc.owner.get()?.filter(|owner| *owner != here.account()) {
                return Err(unclear(format!("account {owner} shares the VPC, and filters its traffic or does not")));
            }
            let aside = idle.map(|name| format!("; no route leads through its network firewall {name}"));
            let says = format!(
                "neither a network firewall nor DNS firewall rules filter what leaves through {} (subnets in use that \
                 lead out: {}){}",
                ways.widest(),
                out.len(),
                aside.unwrap_or_default(),
            );
            return Ok(fail(says).with("subnets", out));
        }
        gap.or(ways.doubt.clone()).map_or(Ok(()), Err)?;
        if named.is_empty() {
            return Ok(not_concerned());
        }
        Ok(if ways.by(Egress::Inspected).is_empty() {
            pass("no route leads out of the subnets in use")
        } else {
            pass("what goes out passes a gateway or appliance of the customer")
        })
    }
}

/// DNS firewall rules over a VPC.
fn filters_names(vpc: &Vpc, here: &Here<'_>) -> Result<Option<String>, Unseen> {
    let all = &here.region.dns_firewalls;
    let mut doubt = all.all().err();
    for firewall in all.iter().filter(|firewall| firewall.vpc == vpc.id) {
        match firewall.status.known("Status").map(String::as_str) {
            Ok("COMPLETE" | "UPDATING") => return Ok(Some(firewall.id.clone())),
            Ok(_) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    doubt.map_or(Ok(None), Err)
}

/// The network firewalls of a VPC.
enum Walls {
    None,
    /// There is one, and no route leads through it.
    Aside(String),
    /// Routes lead through this one.
    OnTheWay(String),
}

fn firewall_on_the_way(vpc: &Vpc, here: &Here<'_>) -> Result<Walls, Unseen> {
    let all = &here.region.firewalls;
    let (mut doubt, mut ready) = (all.all().err(), None);
    for firewall in all.iter() {
        match firewall.vpc.get().and_then(|of| Ok((of == Some(&vpc.id), firewall.status.known("Status")?))) {
            Ok((true, status)) if status == "READY" => ready = Some(firewall.name.clone()),
            Ok(_) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    let Some(name) = ready else { return doubt.map_or(Ok(Walls::None), Err) };
    let tables = &here.region.route_tables;
    let mut doubt = tables.all().err();
    for table in tables.iter().filter(|table| table.vpc == vpc.id) {
        // Routes to gateway endpoints have prefix lists as destinations; a firewall's have addresses.
        match table.routes.known("Routes") {
            Ok(routes) => {
                let through = |route: &Route| {
                    let addresses = !route.destination.starts_with("pl-");
                    addresses && route.state != "blackhole" && route.target.starts_with("vpce-")
                };
                if routes.iter().any(through) {
                    return Ok(Walls::OnTheWay(name));
                }
            }
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    doubt.map_or(Ok(Walls::Aside(name)), Err)
}
