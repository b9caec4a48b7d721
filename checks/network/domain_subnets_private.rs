use super::ways_out::Ways;
use crate::prelude::*;

pub(super) struct DomainSubnetsPrivate;

impl Check for DomainSubnetsPrivate {
    type On<'w> = &'w Domain;

    const META: Meta = Meta {
        id: "domain-subnets-private",
        title: "Studio domains use private subnets",
        severity: Severity::Medium,
        reads: &[Table::Domains, Table::Subnets, Table::RouteTables],
        practices: &["NET-4"],
        page: include_str!("domain_subnets_private.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, domain: &Domain, here: &Here<'_>) -> Judged {
        let ids = domain.subnets.known("SubnetIds")?;
        let (mut subnets, mut doubt) = (Vec::new(), ids.is_empty().then(|| unclear("the domain names no subnet")));
        for id in ids {
            match here.subnet(id) {
                Ok(Some(subnet)) => subnets.push(subnet),
                Ok(None) => doubt = doubt.or(Some(unclear(format!("{id} is not among the subnets of the account")))),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        let ways = Ways::of(subnets, here);
        let public = ways.by(Egress::InternetGateway);
        let verdict = match (public.as_slice(), doubt.or(ways.doubt.clone())) {
            ([_, ..], _) => fail(format!("{} has a route to an internet gateway", public.join(", "))),
            ([], Some(unseen)) => return Err(unseen),
            ([], None) => pass(format!("no subnet has an internet gateway; what leaves them takes {}", ways.widest())),
        };
        Ok(verdict.with("subnets", ids.clone()).with("egress", ways.widest()))
    }
}
