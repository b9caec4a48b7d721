use crate::prelude::*;

pub(super) struct HyperpodInVpc;

impl Check for HyperpodInVpc {
    type On<'w> = &'w Cluster;

    const META: Meta = Meta {
        id: "hyperpod-in-vpc",
        title: "HyperPod nodes lie in subnets of yours",
        severity: Severity::High,
        reads: &[Table::Clusters, Table::Subnets],
        practices: &["NET-1"],
        page: include_str!("hyperpod_in_vpc.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, cluster: &Cluster, here: &Here<'_>) -> Judged {
        let groups = cluster.groups.known("InstanceGroups")?;
        let restricted = cluster.restricted_groups.get()?.map(Vec::as_slice).unwrap_or_default();
        let overrides: Vec<(&str, &[String])> = groups
            .iter()
            .map(|group| (group.name.as_deref(), group.subnets.as_slice()))
            .chain(restricted.iter().map(|group| (group.name.as_deref(), group.subnets.as_slice())))
            .map(|(name, subnets)| (name.unwrap_or("without a name"), subnets))
            .collect();
        let Some(vpc) = cluster.vpc.get()? else {
            let outside: Vec<&str> =
                overrides.iter().filter(|(_, own)| own.is_empty()).map(|(name, _)| *name).collect();
            if overrides.is_empty() || !outside.is_empty() {
                let says = match outside.as_slice() {
                    [] => "it has no VpcConfig, so its nodes lie in a network of SageMaker's".to_owned(),
                    names => format!("nodes of group {} lie in a network of SageMaker's", names.join(", ")),
                };
                return Ok(fail(says).with("groups", outside));
            }
            return Ok(pass("every group of it names subnets of yours"));
        };
        if vpc.subnets.is_empty() {
            return Err(unclear("its VpcConfig names no subnet"));
        }
        let home: Vec<&str> = vpcs_of(&vpc.subnets, here)?;
        for (name, subnets) in overrides.iter().filter(|(_, subnets)| !subnets.is_empty()) {
            let own = vpcs_of(subnets, here)?;
            if let Some(other) = own.iter().find(|vpc| !home.contains(vpc)) {
                let says = format!("group {name} has subnets in {other}, another VPC than the cluster's");
                return Ok(fail(says).severity(Severity::Medium).with("subnets", subnets.to_vec()));
            }
        }
        Ok(pass("its nodes lie in subnets of yours").with("subnets", vpc.subnets.clone()))
    }
}

/// The VPCs of these subnets, each of which must have been seen.
fn vpcs_of<'w>(subnets: &[String], here: &Here<'w>) -> Result<Vec<&'w str>, Unseen> {
    let found = subnets.iter().map(|id| {
        let subnet =
            here.subnet(id)?.ok_or_else(|| unclear(format!("subnet {id} is not among those of the account")))?;
        Ok(subnet.vpc.as_str())
    });
    found.collect()
}
