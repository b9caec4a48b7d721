use crate::prelude::*;

pub(super) struct HyperpodAutoPatch;

impl Check for HyperpodAutoPatch {
    type On<'w> = &'w Cluster;

    const META: Meta = Meta {
        id: "hyperpod-auto-patch",
        title: "HyperPod nodes are patched on a schedule",
        severity: Severity::Low,
        reads: &[Table::Clusters],
        practices: &["SUP-4"],
        page: include_str!("hyperpod_auto_patch.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, cluster: &Cluster, _here: &Here<'_>) -> Judged {
        let groups = cluster.groups.known("InstanceGroups")?;
        let restricted = cluster.restricted_groups.get()?.map(Vec::as_slice).unwrap_or_default();
        let planned = groups.iter().map(|g| (g.name.as_deref(), g.patching.is_some() || g.update_schedule.is_some()));
        let planned = planned.chain(restricted.iter().map(|g| (g.name.as_deref(), g.update_schedule.is_some())));
        let all: Vec<(&str, bool)> =
            planned.map(|(name, planned)| (name.unwrap_or("without a name"), planned)).collect();
        let by_hand: Vec<&str> = all.iter().filter(|(_, planned)| !planned).map(|(name, _)| *name).collect();
        Ok(match (all.is_empty(), by_hand.as_slice()) {
            (true, _) => exempt("it has no group of instances to patch"),
            (false, []) => pass("every group of instances has a schedule or a strategy for patches"),
            (false, names) => fail(format!("nothing patches group {} unless somebody thinks of it", names.join(", ")))
                .with("groups", by_hand),
        })
    }
}
