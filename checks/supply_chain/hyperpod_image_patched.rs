use crate::prelude::*;

pub(super) struct HyperpodImagePatched;

impl Check for HyperpodImagePatched {
    type On<'w> = &'w Cluster;

    const META: Meta = Meta {
        id: "hyperpod-image-patched",
        title: "HyperPod nodes run an image without known security updates",
        severity: Severity::High,
        reads: &[Table::Clusters, Table::ClusterNodes],
        practices: &["SUP-4"],
        page: include_str!("hyperpod_image_patched.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, cluster: &Cluster, here: &Here<'_>) -> Judged {
        let groups = cluster.groups.known("InstanceGroups")?;
        let restricted = cluster.restricted_groups.get()?.map(Vec::as_slice).unwrap_or_default();
        let nodes = &here.region.cluster_nodes;
        let mut doubt = nodes.missing.as_ref().map(Unseen::from);
        let mut found: Vec<(Severity, String)> = Vec::new();
        let mut told = Vec::new();
        for node in nodes.iter().filter(|node| node.cluster == cluster.name) {
            match node.image_status.get() {
                Ok(Some(status)) => {
                    told.extend(node.group.shown().map(String::as_str));
                    found.extend(flaw(status, &format!("node {}", node.name))?);
                }
                // The group may tell it.
                Ok(None) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        for group in groups {
            let name = group.name.as_deref().unwrap_or("without a name");
            match &group.image_status {
                Some(status) => found.extend(flaw(status, &format!("group {name}"))?),
                None if told.contains(&name) || group.count == Some(0) => {}
                None => {
                    doubt = doubt
                        .or_else(|| Some(unclear(format!("the answer does not tell the image status of group {name}"))))
                }
            }
        }
        for group in restricted.iter().filter(|group| group.count != Some(0)) {
            let name = group.name.as_deref().unwrap_or("without a name");
            if !told.contains(&name) {
                doubt = doubt
                    .or_else(|| Some(unclear(format!("the answer does not tell the image status of group {name}"))));
            }
        }
        found.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
        match (found.first(), doubt) {
            // An available update is the mildest there is: what was not seen may be worse.
            (Some((Severity::Low, _)), Some(unseen)) | (None, Some(unseen)) => Err(unseen),
            (Some((severity, says)), _) => {
                let all: Vec<&str> = found.iter().map(|(_, says)| says.as_str()).take(10).collect();
                Ok(fail(says.clone()).severity(*severity).with("found", all))
            }
            (None, None) if groups.is_empty() && restricted.is_empty() => Ok(exempt("it has no group of instances")),
            (None, None) => Ok(pass("all its groups and nodes run an image that is up to date")),
        }
    }
}

/// What an image status says, if it says anything bad.
fn flaw(status: &str, who: &str) -> Result<Option<(Severity, String)>, Unseen> {
    Ok(match status {
        "UpToDate" => None,
        "UpdateAvailable" => Some((Severity::Low, format!("{who} runs an image for which there is an update"))),
        "SecurityUpdateRequired" => Some((Severity::High, format!("{who} runs an image that needs a security update"))),
        "EndOfLife" => Some((Severity::High, format!("{who} runs an image that gets no updates any more"))),
        other => return Err(unclear(format!("image status {other} of {who}"))),
    })
}
