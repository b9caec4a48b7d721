use jiff::tz::TimeZone;

use crate::aws::eks_versions::{Support, support};
use crate::prelude::*;

pub(super) struct HyperpodEksVersionSupported;

impl Check for HyperpodEksVersionSupported {
    type On<'w> = &'w Cluster;

    const META: Meta = Meta {
        id: "hyperpod-eks-version-supported",
        title: "HyperPod runs on a Kubernetes version in standard support",
        severity: Severity::Medium,
        reads: &[Table::Clusters, Table::EksClusters],
        practices: &["SUP-4"],
        page: include_str!("hyperpod_eks_version_supported.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, cluster: &Cluster, here: &Here<'_>) -> Judged {
        let Some(eks) = here.eks_behind(cluster)? else {
            return Ok(not_concerned());
        };
        let version = eks.version.known("version")?;
        let today = here.world.now().to_zoned(TimeZone::UTC).date();
        let verdict = match support(version) {
            Some(Support::Until(last)) if today <= last => {
                pass(format!("EKS cluster {} runs Kubernetes {version}, in standard support until {last}", eks.name))
            }
            Some(Support::Until(last)) => fail(format!(
                "EKS cluster {} runs Kubernetes {version}, whose standard support ended on {last}",
                eks.name
            )),
            Some(Support::Over) => fail(format!(
                "EKS cluster {} runs Kubernetes {version}, whose standard support ended long ago",
                eks.name
            )),
            Some(Support::Newer) | None => {
                return Err(unclear(format!("Kubernetes {version} is not in this version's list of EKS versions")));
            }
        };
        Ok(verdict
            .with("eks_cluster", eks.arn.as_str())
            .with("version", version.as_str())
            .with("platform_version", eks.platform.shown().cloned())
            .with("upgrade_policy", eks.support.shown().cloned()))
    }
}
