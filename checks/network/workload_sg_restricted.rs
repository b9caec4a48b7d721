use super::security_groups::{self, Worn};
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct WorkloadSgRestricted;

impl Check for WorkloadSgRestricted {
    type On<'w> = Workload<'w>;

    const META: Meta = Meta {
        id: "workload-sg-restricted",
        title: "Security groups of jobs and models are closed to the internet",
        severity: Severity::High,
        reads: workloads![Subnets, SecurityGroups, RouteTables],
        practices: &["NET-7", "EX-4"],
        page: include_str!("workload_sg_restricted.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, it: Workload<'_>, here: &Here<'_>) -> Judged {
        let Some(vpc) = it.vpc() else {
            return Ok(not_concerned());
        };
        let Some(vpc) = vpc.get()? else {
            return Ok(exempt("it has no network interface of yours"));
        };
        if vpc.security_groups.is_empty() {
            return Err(unclear("its VpcConfig names no security group"));
        }
        let worn = Worn::of(&vpc.security_groups, here);
        let default = |group: &&&SecurityGroup| group.name == "default";
        let says = |group: &&SecurityGroup| format!("{} is the default group, shared by all that names none", group.id);
        let flaws = worn.groups.iter().filter(default).map(|group| (Severity::Medium, says(group))).collect();
        security_groups::judge(worn, &vpc.subnets, flaws, here)
    }
}
