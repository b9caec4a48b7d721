//! Elastic Kubernetes Service: the clusters that orchestrate HyperPod.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::record;
use super::wire::Every;
use super::{Known, List, Listed, Seen, Spec, Table, short_name};
use crate::read;

record! {
    /// The EKS cluster behind a HyperPod cluster (DescribeCluster).
    pub struct EksCluster in eks_clusters {
        /// As it was asked for.
        name: String = "name",
        arn: String = "cluster.arn",
        status: Seen<String> = "cluster.status",
        created: Seen<Timestamp> = "cluster.createdAt",
        /// The minor version of Kubernetes: `1.33`.
        version: Seen<String> = "cluster.version",
        platform: Seen<String> = "cluster.platformVersion",
        /// What becomes of it when standard support ends: `STANDARD` (it is upgraded) or `EXTENDED` (it stays).
        support: Seen<String> = "cluster.upgradePolicy.supportType",
        /// Whether its API answers on the internet.
        public_endpoint: Seen<bool> = "cluster.resourcesVpcConfig.endpointPublicAccess",
        /// Whether its API answers inside the VPC.
        private_endpoint: Seen<bool> = "cluster.resourcesVpcConfig.endpointPrivateAccess",
        /// Who may reach the API over the internet.
        public_cidrs: Seen<Vec<String>> = "cluster.resourcesVpcConfig.publicAccessCidrs" as Every,
    }
    by Spec {
        arn: "cluster.arn",
        created: "cluster.createdAt",
        resource: "cluster/{name}",
        summary: &["name", "cluster"],
        missing: "ResourceNotFoundException",
        needs: &[Table::Clusters],
        ..Spec::of(Table::EksClusters, List {
            size: None,
            token: "",
            per: Some(orchestrators),
            absent: &["ResourceNotFoundException"],
            ..List::of(read!("eks", "DescribeCluster"), "")
        })
    }
}

/// The EKS clusters that HyperPod clusters name, each once.
fn orchestrators(known: &Known<'_>) -> Listed<Value> {
    let clusters = &known.region.clusters;
    let mut missing = clusters.missing.clone();
    let mut names = BTreeSet::new();
    for cluster in clusters.iter() {
        match &cluster.eks {
            Seen::Is(arn) => drop(names.insert(short_name(arn))),
            Seen::Unset => {}
            Seen::Unseen(gap) => missing = missing.or_else(|| Some(gap.clone())),
        }
    }
    Listed { items: names.into_iter().map(|name| json!({ "name": name })).collect(), missing }
}
