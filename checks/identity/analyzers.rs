//! What findings of IAM Access Analyzer are about, seen from SageMaker.

use crate::engine::{Arn, World};
use crate::prelude::*;

/// Whether SageMaker uses the resource of a finding. A "no" needs everything that names such resources to be seen.
pub(super) fn is_used(kind: &str, arn: &str, world: &World<'_>) -> Result<bool, Unseen> {
    let unreadable = || unclear(format!("`{arn}` is not the ARN of the kind {kind}"));
    match kind {
        "AWS::S3::Bucket" => {
            let arn = Arn::parse(arn).filter(|arn| arn.service == "s3").ok_or_else(unreadable)?;
            yes_or_gap(world.is_ml_bucket(arn.resource), world.gap_in(What::Data))
        }
        "AWS::IAM::Role" => world.is_execution_role(arn),
        "AWS::KMS::Key" => is_key(arn, world),
        "AWS::ECR::Repository" => {
            let arn = Arn::parse(arn).ok_or_else(unreadable)?;
            let name = arn.named("repository").ok_or_else(unreadable)?;
            let registry = format!("{}.dkr.ecr.{}.", arn.account, arn.region);
            let is_it = |image: &str| {
                let (host, path) = image.split_once('/').unwrap_or_default();
                host.starts_with(&registry) && path.split(['@', ':']).next() == Some(name)
            };
            yes_or_gap(is_named(world, What::Image, is_it), world.gap_in(What::Image))
        }
        "AWS::EFS::FileSystem" => {
            let id = Arn::parse(arn).and_then(|arn| arn.named("file-system")).ok_or_else(unreadable)?;
            let is_it = |named: &str| named == id || named == arn;
            yes_or_gap(is_named(world, What::FileSystem, is_it), world.gap_in(What::FileSystem))
        }
        _ => Ok(false),
    }
}

fn yes_or_gap(used: bool, gap: Option<&Gap>) -> Result<bool, Unseen> {
    match (used, gap) {
        (true, _) => Ok(true),
        (false, Some(gap)) => Err(gap.into()),
        (false, None) => Ok(false),
    }
}

/// Whether a resource of any region names one that fits.
fn is_named(world: &World<'_>, what: What, fits: impl Fn(&str) -> bool) -> bool {
    let mut named = world.regions().flat_map(|here| crate::engine::references(here.region));
    named.any(|reference| reference.what == what && reference.value.is_ok_and(&fits))
}

/// Keys go by many names: those that resources and their buckets use are resolved in the table of keys.
fn is_key(arn: &str, world: &World<'_>) -> Result<bool, Unseen> {
    let keys = || world.regions().flat_map(|here| here.region.keys.iter());
    if keys().any(|key| key.arn == arn) {
        return Ok(true);
    }
    if let Some(key) = keys().find(|key| !key.arn.contains(":key/") && key.exists.shown() != Some(&false)) {
        return Err(unclear(format!("which key `{}` is was not seen", key.arn)));
    }
    let unlisted = world.regions().find_map(|here| {
        let missing = here.region.keys.missing.as_ref();
        missing.or_else(|| world.gap_in_bucket_keys(here.name))
    });
    yes_or_gap(false, unlisted.or_else(|| world.gap_in(What::Key)).or_else(|| world.gap_in(What::Data)))
}
