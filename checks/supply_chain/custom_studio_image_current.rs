use jiff::ToSpan;

use crate::aws::registries::{Registry, is_published_by_aws};
use crate::prelude::*;

pub(super) struct CustomStudioImageCurrent;

/// Days after which the base of an image has surely had fixes: distributions publish some every few weeks.
const DAYS: i64 = 180;

impl Check for CustomStudioImageCurrent {
    type On<'w> = &'w ImageVersion;

    const META: Meta = Meta {
        id: "custom-studio-image-current",
        title: "Custom images of Studio are recent, and neither archived nor foreign",
        severity: Severity::Low,
        confidence: Confidence::Medium,
        reads: &[Table::Images, Table::ImageVersions],
        practices: &["SUP-1"],
        page: include_str!("custom_studio_image_current.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, version: &ImageVersion, here: &Here<'_>) -> Judged {
        let status = version.status.known("ImageVersionStatus")?;
        if status != "CREATED" {
            return Ok(exempt(format!("it is {status}, so nothing runs it")));
        }
        let guidance = version.guidance.get();
        if let Ok(Some(guidance)) = &guidance
            && let "ARCHIVED" | "TO_BE_ARCHIVED" = guidance.as_str()
        {
            return Ok(fail(format!("its publisher says that it is {guidance}: nobody mends it"))
                .with("guidance", guidance.as_str()));
        }
        let base = version.base_image.get();
        if let Ok(Some(base)) = &base
            && let Some(says) = foreign(base, here)
        {
            return Ok(fail(format!("it is made from {base}, {says}")).with("base_image", base.as_str()));
        }
        let (created, now) = (version.created.known("CreationTime")?, here.world.now());
        let old = *created < now.saturating_sub((24 * DAYS).hours()).unwrap_or(now);
        let verdict = match (old, is_newest(version, here)?) {
            (true, true) => fail(format!("it is the newest version of its image, and older than {DAYS} days")),
            (true, false) => return Ok(exempt("it is old, and its image has a newer version")),
            (false, _) => {
                guidance?;
                base?;
                pass(format!("it was made within {DAYS} days, in a registry of yours or AWS's"))
            }
        };
        Ok(verdict.with("created", created.to_string()))
    }
}

/// Why the registry of a base image is none to rely on.
fn foreign(image: &str, here: &Here<'_>) -> Option<&'static str> {
    match Registry::of(image) {
        Registry::Ecr { account, region } if account == here.account() || is_published_by_aws(account, region) => None,
        Registry::Ecr { .. } => Some("which lies in another account"),
        Registry::Public(_) | Registry::Other(_) => Some("which lies outside of ECR"),
    }
}

fn is_newest(version: &ImageVersion, here: &Here<'_>) -> Result<bool, Unseen> {
    let number = version.version.known("Version")?;
    let versions = &here.region.image_versions;
    let others = versions.iter().filter(|other| other.name == version.name && other.arn != version.arn);
    let mut doubt = None;
    for other in others {
        match (other.version.known("Version"), other.status.known("ImageVersionStatus")) {
            (Ok(newer), Ok(status)) if newer > number && status == "CREATED" => return Ok(false),
            (Ok(newer), Err(unseen)) if newer > number => drop(doubt.get_or_insert(unseen)),
            (Ok(_), _) => {}
            (Err(unseen), _) => drop(doubt.get_or_insert(unseen)),
        }
    }
    doubt.map_or(Ok(()), Err)?;
    versions.all()?;
    Ok(true)
}
