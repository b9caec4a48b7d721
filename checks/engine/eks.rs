//! The EKS clusters that orchestrate HyperPod.

use super::check::unclear;
use super::world::Here;
use crate::snapshot::{Cluster, EksCluster, Unseen, short_name};

impl<'w> Here<'w> {
    /// The EKS cluster behind a HyperPod cluster; `None` where Slurm orchestrates it.
    ///
    /// # Errors
    /// The gap where the cluster was not seen, or that it is not there although it is named.
    pub fn eks_behind(&self, cluster: &Cluster) -> Result<Option<&'w EksCluster>, Unseen> {
        let Some(arn) = cluster.eks.get()? else { return Ok(None) };
        match self
            .region
            .eks_clusters
            .find(|eks| eks.arn == *arn || eks.arn.is_empty() && eks.name == short_name(arn))?
        {
            Some(eks) => Ok(Some(eks)),
            None => Err(unclear(format!("EKS cluster {arn} is not there (any more)"))),
        }
    }
}
