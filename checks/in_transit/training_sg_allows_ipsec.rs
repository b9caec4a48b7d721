use ipnet::IpNet;

use crate::engine::Addresses;
use crate::network::security_groups::Worn;
use crate::prelude::*;

pub(super) struct TrainingSgAllowsIpsec;

/// What encrypted traffic between the hosts of a job consists of: key exchange on UDP 500, and ESP, IP protocol 50
/// (SageMaker developer guide, "Protect Communications Between ML Compute Instances in a Distributed Training Job").
const KEY_EXCHANGE_PORT: i32 = 500;

#[derive(Clone, Copy)]
enum Traffic {
    KeyExchange,
    Esp,
}

impl Check for TrainingSgAllowsIpsec {
    type On<'w> = &'w TrainingJob;

    const META: Meta = Meta {
        id: "training-sg-allows-ipsec",
        title: "Security groups of encrypted training clusters let IPsec through",
        severity: Severity::Low,
        reads: &[Table::TrainingJobs, Table::Subnets, Table::SecurityGroups],
        practices: &["TRAN-2"],
        page: include_str!("training_sg_allows_ipsec.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &TrainingJob, here: &Here<'_>) -> Judged {
        if !*job.inter_container_encryption.known("EnableInterContainerTrafficEncryption")? {
            return Ok(exempt("traffic between its containers is not encrypted, so there is no IPsec"));
        }
        let Some(vpc) = job.vpc.get()? else {
            return Ok(exempt("it has no security groups of yours"));
        };
        let hosts = |groups: &Vec<Instances>| groups.iter().map(|g| g.count.map(i64::from)).sum::<Option<i64>>();
        let hosts = job.instances.get()?.and_then(hosts);
        if hosts.is_some_and(|hosts| hosts <= 1) {
            return Ok(exempt("it runs on one instance, so nothing travels between hosts"));
        }
        let worn = Worn::of(&vpc.security_groups, here);
        let home = home(vpc, here);
        let mut doubt = worn.doubt;
        let mut shut = Vec::new();
        for (traffic, called) in [(Traffic::KeyExchange, "UDP 500"), (Traffic::Esp, "ESP (protocol 50)")] {
            for (inward, way) in [(true, "in"), (false, "out")] {
                let mut open = false;
                for group in &worn.groups {
                    let rules = if inward {
                        group.ingress.known("IpPermissions")
                    } else {
                        group.egress.known("IpPermissionsEgress")
                    };
                    match rules.and_then(|rules| lets_through(rules, traffic, &vpc.security_groups, &home)) {
                        Ok(yes) => open |= yes,
                        Err(unseen) => doubt = doubt.or(Some(unseen)),
                    }
                }
                if !open {
                    shut.push(format!("{called} {way}"));
                }
            }
        }
        let groups: Vec<String> = worn.groups.iter().map(|g| g.id.clone()).collect();
        let verdict = match (shut.as_slice(), doubt) {
            ([], _) => pass("its security groups let the hosts exchange keys and encrypted packets"),
            (_, Some(unseen)) => return Err(unseen),
            (_, None) if groups.is_empty() => exempt("its security groups are no longer there"),
            (_, None) => fail(format!("its security groups do not let {} between its hosts", shut.join(", "))),
        };
        Ok(verdict.with("security_groups", groups))
    }
}

/// The address blocks of the job's subnets; an error where one was not seen.
fn home(vpc: &VpcConfig, here: &Here<'_>) -> Result<Vec<IpNet>, Unseen> {
    let block = |id: &String| {
        let subnet = here.subnet(id)?.ok_or_else(|| unclear(format!("{id} is no longer there")))?;
        let cidr = subnet.cidr.known("CidrBlock")?;
        cidr.parse().map_err(|_| unclear(format!("{id} has no readable address block")))
    };
    vpc.subnets.iter().map(block).collect()
}

/// Whether rules let the traffic pass between wearers of these groups, by naming a group or all subnets' addresses.
fn lets_through(
    rules: &[Rule],
    traffic: Traffic,
    groups: &[String],
    home: &Result<Vec<IpNet>, Unseen>,
) -> Result<bool, Unseen> {
    let fits: Vec<&Rule> = rules.iter().filter(|rule| covers(rule, traffic)).collect();
    if fits.iter().any(|rule| rule.groups.iter().any(|id| groups.contains(id))) {
        return Ok(true);
    }
    let blocks = fits.iter().flat_map(|rule| &rule.cidrs).filter_map(|cidr| cidr.parse().ok()).collect::<Vec<IpNet>>();
    if !blocks.is_empty() {
        let peers = Addresses::of(blocks);
        let home = home.as_ref().map_err(Clone::clone)?;
        if !home.is_empty() && home.iter().all(|block| peers.contains(*block)) {
            return Ok(true);
        }
    }
    match fits.iter().flat_map(|rule| &rule.prefix_lists).next() {
        Some(list) => Err(unclear(format!("what addresses {list} holds was not seen"))),
        None => Ok(false),
    }
}

fn covers(rule: &Rule, traffic: Traffic) -> bool {
    match (rule.protocol.as_str(), traffic) {
        ("-1", _) | ("50" | "esp", Traffic::Esp) => true,
        ("udp" | "17", Traffic::KeyExchange) => {
            rule.from.is_some_and(|from| from <= KEY_EXCHANGE_PORT) && rule.to.is_some_and(|to| KEY_EXCHANGE_PORT <= to)
        }
        _ => false,
    }
}
