use crate::prelude::*;

pub(super) struct NotebookSubnetPrivate;

impl Check for NotebookSubnetPrivate {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "notebook-subnet-private",
        title: "Notebook instances sit in private subnets",
        severity: Severity::Medium,
        reads: &[Table::Notebooks, Table::Subnets, Table::RouteTables],
        practices: &["NET-2"],
        page: include_str!("notebook_subnet_private.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, here: &Here<'_>) -> Judged {
        let Some(id) = notebook.subnet.get()? else {
            return Ok(exempt("it has no subnet of yours"));
        };
        let Some(subnet) = here.subnet(id)? else {
            return Err(unclear(format!("{id} is not among the subnets of the account")));
        };
        let (four, six) = gateway_routes(here.route_table(subnet)?)?;
        // An instance without IPv6 does not care where IPv6 routes lead.
        let gateway = match (four, six) {
            (Some(gateway), _) => Some(gateway),
            (None, None) => None,
            (None, Some(gateway)) => match notebook.ip_address_type.known("IpAddressType")?.as_str() {
                "ipv4" => None,
                "dualstack" => Some(gateway),
                other => return Err(unclear(format!("address type {other}"))),
            },
        };
        let egress = here.egress(subnet)?;
        let verdict = match gateway {
            Some(gateway) => fail(format!("{id} is public: it has a route to {gateway}")),
            None if *subnet.public_ip.known("MapPublicIpOnLaunch")? => {
                fail(format!("{id} gives public addresses to what starts in it"))
            }
            None => pass(format!("{id} has no internet gateway; what leaves it takes {}", egress.word())),
        };
        Ok(verdict.with("subnet", id.clone()).with("egress", egress.word()))
    }
}

/// The internet gateways that a table has active routes to, for IPv4 and for IPv6.
fn gateway_routes(table: &RouteTable) -> Result<(Option<&str>, Option<&str>), Unseen> {
    let routes = table.routes.known("Routes")?;
    let to_gateway = |r: &&Route| r.state != "blackhole" && r.target.starts_with("igw-");
    let (six, four): (Vec<&Route>, Vec<&Route>) =
        routes.iter().filter(to_gateway).partition(|r| r.destination.contains(':'));
    Ok((four.first().map(|r| r.target.as_str()), six.first().map(|r| r.target.as_str())))
}
