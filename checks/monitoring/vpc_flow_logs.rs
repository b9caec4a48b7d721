use crate::prelude::*;

pub(super) struct VpcFlowLogs;

impl Check for VpcFlowLogs {
    type On<'w> = &'w Vpc;

    const META: Meta = Meta {
        id: "vpc-flow-logs",
        title: "VPCs used by SageMaker have flow logs",
        severity: Severity::Medium,
        reads: &[Table::Vpcs, Table::FlowLogs],
        practices: &["LOG-9"],
        page: include_str!("vpc_flow_logs.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, vpc: &Vpc, here: &Here<'_>) -> Judged {
        let whole_vpc = traffic_of(&vpc.id, here);
        if whole_vpc.seen.is_all() {
            return Ok(pass("flow logs record all its traffic"));
        }
        let (named, mut gap) = here.workload_subnets_of(&vpc.id);
        let in_use = named.len();
        let mut short = Vec::new();
        for id in named.iter().map(|(subnet, _)| subnet.id.as_str()) {
            let own = traffic_of(id, here);
            let seen = own.seen.or(whole_vpc.seen);
            match own.gap {
                _ if seen.is_all() => {}
                Some(unseen) => gap = gap.or(Some(unseen)),
                None => short.push((id, seen)),
            }
        }
        if in_use > 0 && short.is_empty() && gap.is_none() {
            return Ok(pass(format!("flow logs record all traffic of the subnets in use ({in_use})")));
        }
        // One subnet that is known to fall short is enough; with none, every one must have been seen.
        whole_vpc.gap.or(gap.filter(|_| short.is_empty())).map_or(Ok(()), Err)?;
        here.region.flow_logs.all()?;
        if let Some(owner) = vpc.owner.get()?.filter(|owner| *owner != here.account()) {
            // AWS shows flow logs to the account that made them.
            return Err(unclear(format!("account {owner} shares the VPC, and this account cannot see its flow logs")));
        }
        let bare: Vec<&str> = short.iter().filter(|(_, seen)| seen.is_none()).map(|(id, _)| *id).collect();
        let verdict = if bare.is_empty() && !(short.is_empty() && whole_vpc.seen.is_none()) {
            fail("flow logs record only the accepted or only the rejected part of its traffic").severity(Severity::Low)
        } else if bare.len() < in_use {
            fail(format!("no working flow log covers {}", bare.join(", ")))
        } else {
            fail("no working flow log covers it or the subnets in use")
        };
        Ok(verdict.with("subnets_without_flow_log", bare))
    }
}

/// The kinds of traffic that reach a log.
#[derive(Debug, Default, Clone, Copy)]
struct Traffic {
    accepted: bool,
    rejected: bool,
}

impl Traffic {
    fn or(self, other: Traffic) -> Traffic {
        Traffic { accepted: self.accepted || other.accepted, rejected: self.rejected || other.rejected }
    }

    fn is_all(self) -> bool {
        self.accepted && self.rejected
    }

    fn is_none(self) -> bool {
        !self.accepted && !self.rejected
    }
}

/// What is logged of a VPC or subnet, as far as was seen.
struct Logged {
    seen: Traffic,
    gap: Option<Unseen>,
}

fn traffic_of(resource: &str, here: &Here<'_>) -> Logged {
    let mut logged = Logged { seen: Traffic::default(), gap: None };
    for log in here.region.flow_logs.iter().filter(|log| log.resource == resource) {
        match traffic(log) {
            Ok(traffic) => logged.seen = logged.seen.or(traffic),
            Err(unseen) => logged.gap = logged.gap.or(Some(unseen)),
        }
    }
    logged
}

/// What a flow log records; a log that is not active or cannot be delivered records nothing.
fn traffic(log: &FlowLog) -> Result<Traffic, Unseen> {
    if log.status.known("FlowLogStatus")? != "ACTIVE" || log.delivery.get()?.is_some_and(|state| state == "FAILED") {
        return Ok(Traffic::default());
    }
    match log.traffic.known("TrafficType")?.as_str() {
        "ALL" => Ok(Traffic { accepted: true, rejected: true }),
        "ACCEPT" => Ok(Traffic { accepted: true, rejected: false }),
        "REJECT" => Ok(Traffic { accepted: false, rejected: true }),
        other => Err(unclear(format!("flow log traffic type {other}"))),
    }
}
