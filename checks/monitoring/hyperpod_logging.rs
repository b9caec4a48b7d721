use crate::prelude::*;

pub(super) struct HyperpodLogging;

impl Check for HyperpodLogging {
    type On<'w> = &'w Cluster;

    const META: Meta = Meta {
        id: "hyperpod-logging",
        title: "HyperPod clusters leave logs",
        severity: Severity::Low,
        reads: &[Table::Clusters, Table::LogGroups, Table::EksClusters],
        practices: &["LOG-2"],
        page: include_str!("hyperpod_logging.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, cluster: &Cluster, here: &Here<'_>) -> Judged {
        let control_plane = control_plane(cluster, here);
        if let Ok(Some(why)) = &control_plane {
            return Ok(fail(why.as_str()));
        }
        // /aws/sagemaker/Clusters/NAME/ID
        let prefix = format!("/aws/sagemaker/Clusters/{}/", cluster.name);
        let Some(group) = here.region.log_groups.find(|group| group.name.starts_with(&prefix))? else {
            return Ok(fail(format!("there is no log group {prefix}…: its nodes may not be allowed to write logs")));
        };
        control_plane?;
        Ok(pass("its nodes write logs, and so does the control plane where it has one")
            .with("log_group", group.name.as_str()))
    }
}

/// What is wrong with the logs of the EKS cluster that orchestrates it, if one does.
fn control_plane(cluster: &Cluster, here: &Here<'_>) -> Result<Option<String>, Unseen> {
    let Some(arn) = cluster.eks.get()? else { return Ok(None) };
    let found = here.region.eks_clusters.find(|eks| eks.arn == *arn)?;
    let eks = found.ok_or_else(|| unclear(format!("EKS cluster {arn} was not found")))?;
    let logs = eks.logs.known("clusterLogging")?;
    let on = |kind: &str| logs.iter().any(|log| log.enabled == Some(true) && log.types.iter().any(|t| t == kind));
    let off: Vec<&str> = NEEDED.into_iter().filter(|kind| !on(kind)).collect();
    let name = &eks.name;
    Ok((!off.is_empty()).then(|| format!("the control plane of EKS cluster {name} does not log {}", off.join(" and "))))
}

/// Who signs in, and what they do; the logs of the other parts help to mend, not to find out.
const NEEDED: [&str; 2] = ["audit", "authenticator"];
