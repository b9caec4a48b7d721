use super::custody::{self, Custody};
use crate::prelude::*;

pub(super) struct HyperpodVolumesCmk;

impl Check for HyperpodVolumesCmk {
    type On<'w> = &'w Cluster;

    const META: Meta = Meta {
        id: "hyperpod-volumes-cmk",
        title: "HyperPod volumes use a customer managed key",
        severity: Severity::Medium,
        reads: &[Table::Clusters, Table::Keys],
        practices: &["REST-1"],
        page: include_str!("hyperpod_volumes_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, cluster: &Cluster, here: &Here<'_>) -> Judged {
        let groups = cluster.groups.known("InstanceGroups")?;
        let restricted = cluster.restricted_groups.get()?.map(Vec::as_slice).unwrap_or_default();
        let of_groups = groups.iter().map(|group| (group.name.as_deref(), group.volumes.as_slice()));
        let of_restricted = restricted.iter().map(|group| (group.name.as_deref(), group.volumes.as_slice()));
        let volumes = of_groups.chain(of_restricted).flat_map(|(name, volumes)| {
            let name = name.unwrap_or("without a name");
            let ebs = volumes.iter().filter(|volume| volume.ebs);
            let secondary = ebs.clone().filter(|volume| volume.root != Some(true));
            let secondary =
                secondary.map(move |volume| custody_of(volume, &format!("the added volume of group {name}"), here));
            // Without an entry of its own the root volume has a key of AWS (CreateCluster, `RootVolume`).
            let what = format!("the root volume of group {name}");
            let mut root = ebs.filter(|volume| volume.root == Some(true)).peekable();
            let root: Vec<_> = match root.peek() {
                None => vec![Ok(Custody::unchosen(&what))],
                Some(_) => root.map(|volume| custody_of(volume, &what, here)).collect(),
            };
            secondary.chain(root)
        });
        match custody::worst(volumes)? {
            Some(worst) => Ok(worst.verdict()),
            None => Ok(exempt("it has no group of instances, and so no volume")),
        }
    }
}

fn custody_of(volume: &GroupVolume, what: &str, here: &Here<'_>) -> Result<Custody, Unseen> {
    match custody::named(volume.key.as_ref()) {
        Some(key) => custody::of_key(what, key, here),
        None => Ok(Custody::unchosen(what)),
    }
}
