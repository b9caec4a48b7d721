use ipnet::IpNet;

use super::security_groups::some_of;
use crate::engine::Addresses;
use crate::prelude::*;

pub(super) struct HyperpodEksEndpointPrivate;

impl Check for HyperpodEksEndpointPrivate {
    type On<'w> = &'w Cluster;

    const META: Meta = Meta {
        id: "hyperpod-eks-endpoint-private",
        title: "The Kubernetes API behind HyperPod is closed to the internet",
        severity: Severity::High,
        reads: &[Table::Clusters, Table::EksClusters],
        practices: &["NET-7"],
        page: include_str!("hyperpod_eks_endpoint_private.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, cluster: &Cluster, here: &Here<'_>) -> Judged {
        let Some(eks) = here.eks_behind(cluster)? else {
            return Ok(not_concerned());
        };
        if !*eks.public_endpoint.known("endpointPublicAccess")? {
            let says = format!("the API of EKS cluster {} answers inside its VPC only", eks.name);
            return Ok(pass(says).with("eks_cluster", eks.arn.as_str()));
        }
        let blocks = eks.public_cidrs.known("publicAccessCidrs")?;
        let readable: Vec<IpNet> = blocks.iter().filter_map(|block| block.parse().ok()).collect();
        let verdict = if Addresses::of(readable.iter().copied()).is_internet() {
            fail(format!("the API of EKS cluster {} answers the whole internet", eks.name))
        } else if blocks.is_empty() || readable.len() < blocks.len() {
            return Err(unclear("the answer does not tell which addresses may reach the API"));
        } else {
            pass(format!("the API of EKS cluster {} answers only {} on the internet", eks.name, some_of(blocks)))
        };
        Ok(verdict.with("eks_cluster", eks.arn.as_str()).with("public_cidrs", blocks.clone()))
    }
}
