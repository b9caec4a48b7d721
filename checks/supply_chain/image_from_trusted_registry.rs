use super::images::{self, Images};
use crate::aws::registries::{Registry, is_pinned, is_published_by_aws};
use crate::prelude::*;

pub(super) struct ImageFromTrustedRegistry;

impl Check for ImageFromTrustedRegistry {
    type On<'w> = Containers<'w>;

    const META: Meta = Meta {
        id: "image-from-trusted-registry",
        title: "Container images come from registries you can answer for",
        severity: Severity::High,
        confidence: Confidence::Medium,
        reads: &[
            Table::TrainingJobs,
            Table::ProcessingJobs,
            Table::Models,
            // Which models are served, and so matter.
            Table::EndpointConfigs,
            Table::Endpoints,
        ],
        practices: &["SUP-1"],
        page: include_str!("image_from_trusted_registry.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, Containers(workload): Containers<'_>, here: &Here<'_>) -> Judged {
        let images = match images::of(workload)? {
            Some(Images::Named(images)) => images,
            Some(Images::Elsewhere(says)) => return Ok(exempt(says)),
            None => return Ok(not_concerned()),
        };
        let mut doubts: Vec<(Severity, String)> = images.iter().filter_map(|image| doubt(image, here)).collect();
        doubts.sort_by(|a, b| b.cmp(a));
        doubts.dedup();
        let verdict = match doubts.first() {
            None => pass("every image comes from this account or from AWS"),
            Some((worst, _)) => {
                let says: Vec<&str> = doubts.iter().map(|(_, says)| says.as_str()).collect();
                fail(format!("an image comes from {}", says.join(", another from "))).severity(*worst)
            }
        };
        Ok(verdict.with("images", images))
    }
}

/// Why the registry of an image is none to rely on, and how bad that is.
fn doubt(image: &str, here: &Here<'_>) -> Option<(Severity, String)> {
    match Registry::of(image) {
        Registry::Ecr { account, region } if account == here.account() || is_published_by_aws(account, region) => None,
        Registry::Ecr { account, .. } => {
            let says =
                format!("the registry of account {account}, which is neither this account nor one AWS publishes from");
            Some((Severity::High, says))
        }
        Registry::Public(host) if is_pinned(image) => {
            Some((Severity::Low, format!("the public registry {host}, though pinned by digest")))
        }
        Registry::Public(host) => {
            Some((Severity::High, format!("the public registry {host} by a tag that its publisher can move")))
        }
        Registry::Other(host) => {
            Some((Severity::Medium, format!("registry {host} outside ECR, and AWS cannot tell whose that is")))
        }
    }
}
