//! The EKS clusters that orchestrate HyperPod.

use serde_json::{Value, json};

use super::record::{part, record};
use super::wire::Every;
use super::{Known, List, Listed, Seen, Spec, Table, short_name};
use crate::read;

part! {
    /// Logs of the control plane that are sent, or are not.
    pub struct ControlPlaneLogs {
        /// `api`, `audit`, `authenticator`, `controllerManager`, `scheduler`
        types: Vec<String> = "types",
        enabled: Option<bool> = "enabled",
    }
}

record! {
    /// An EKS cluster that a HyperPod cluster is orchestrated by.
    pub struct EksCluster in eks_clusters {
        name: String = "cluster.name",
        arn: String = "cluster.arn",
        status: Seen<String> = "cluster.status",
        logs: Seen<Vec<ControlPlaneLogs>> = "cluster.logging.clusterLogging" as Every,
    }
    by Spec {
        arn: "cluster.arn",
        created: "",
        resource: "cluster/{name}",
        summary: &["name=cluster.name", "cluster"],
        missing: "ResourceNotFoundException",
        needs: &[Table::Clusters],
        ..Spec::of(Table::EksClusters, List {
            size: None,
            per: Some(orchestrators),
            absent: &["ResourceNotFoundException"],
            ..List::of(read!("eks", "DescribeCluster"), "")
        })
    }
}

fn orchestrators(known: &Known<'_>) -> Listed<Value> {
    let clusters = &known.region.clusters;
    let (mut names, mut missing) = (Vec::new(), clusters.missing.clone());
    for cluster in clusters.iter() {
        match &cluster.eks {
            Seen::Is(arn) => names.push(short_name(arn)),
            Seen::Unset => {}
            Seen::Unseen(gap) => missing = missing.or_else(|| Some(gap.clone())),
        }
    }
    names.sort_unstable();
    names.dedup();
    Listed { items: names.into_iter().map(|name| json!({ "name": name })).collect(), missing }
}
