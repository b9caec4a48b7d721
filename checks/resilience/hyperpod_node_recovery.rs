use crate::prelude::*;

pub(super) struct HyperpodNodeRecovery;

impl Check for HyperpodNodeRecovery {
    type On<'w> = &'w Cluster;

    const META: Meta = Meta {
        id: "hyperpod-node-recovery",
        title: "HyperPod replaces faulty nodes by itself",
        severity: Severity::Low,
        reads: &[Table::Clusters],
        practices: &["RES-6"],
        page: include_str!("hyperpod_node_recovery.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, cluster: &Cluster, _here: &Here<'_>) -> Judged {
        let recovers = *cluster.node_recovery.known("NodeRecovery")?;
        let groups = cluster.groups.shown().map(Vec::as_slice).unwrap_or_default();
        let checked: Vec<&str> = groups
            .iter()
            .filter(|group| !group.deep_health_checks.is_empty())
            .map(|group| group.name.as_deref().unwrap_or("without a name"))
            .collect();
        let verdict = match recovers {
            true => pass("faulty nodes are replaced or rebooted by themselves"),
            false => fail("node recovery is off: a faulty node stays until somebody replaces it"),
        };
        Ok(verdict.with("groups_with_deep_health_checks", checked))
    }
}
