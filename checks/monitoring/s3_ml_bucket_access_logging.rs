use super::selectors;
use crate::aws::buckets::{is_directory_bucket, is_of_sagemaker};
use crate::prelude::*;

pub(super) struct S3MlBucketAccessLogging;

impl Check for S3MlBucketAccessLogging {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-access-logging",
        title: "Access to buckets of SageMaker is logged",
        severity: Severity::Low,
        reads: &[Table::Buckets, Table::BucketSettings, Table::Trails],
        practices: &["LOG-1"],
        page: include_str!("s3_ml_bucket_access_logging.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("a directory bucket has no access log"));
        }
        let settings = here.world.bucket_settings(&bucket.name)?;
        let logging = settings.logging.get();
        if let Ok(Some(target)) = &logging {
            let says = format!("its access log goes to bucket {target}");
            return Ok(pass(says).with("target", target.as_str()));
        }
        if let Some(trail) = by_trail(bucket, here)? {
            return Ok(pass(format!("trail {trail} records who reads and writes its objects")).with("trail", trail));
        }
        logging?;
        Ok(fail("neither an access log nor a trail tells who read or wrote its objects"))
    }
}

/// The trail that records the data events of every object of the bucket.
fn by_trail<'w>(bucket: &Bucket, here: &Here<'w>) -> Result<Option<&'w str>, Unseen> {
    let trails = &here.world.snapshot.account.trails;
    let mut doubt = trails.missing.as_ref().map(Unseen::from);
    for trail in trails.iter() {
        match records(trail, bucket) {
            Ok(true) => return Ok(Some(&trail.name)),
            Ok(false) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    doubt.map_or(Ok(None), Err)
}

fn records(trail: &Trail, bucket: &Bucket) -> Result<bool, Unseen> {
    let selectors = trail.selectors.known("EventSelectors")?;
    let prefix = |value: &str| {
        let rest = value.splitn(6, ':').nth(5).unwrap_or_default();
        // `arn:aws:s3` and `arn:aws:s3:::` stand for every bucket.
        rest.is_empty() || rest.strip_suffix('/') == Some(bucket.name.as_str())
    };
    let objects = |r: &DataResource| r.kind == "AWS::S3::Object" && r.values.iter().any(|value| prefix(value));
    let basic = selectors.basic.iter().filter(|s| s.data_resources.iter().any(objects));
    let (mut reads, mut writes) = (false, false);
    for selector in basic {
        reads |= selector.read_write != "WriteOnly";
        writes |= selector.read_write != "ReadOnly";
    }
    let advanced = selectors::data(&selectors.advanced, "AWS::S3::Object");
    let whole = reads && writes || advanced.is_whole();
    if !whole && !advanced.part {
        return Ok(false);
    }
    if !*trail.logging.known("IsLogging")? {
        return Ok(false);
    }
    if !*trail.multi_region.known("IsMultiRegionTrail")? {
        let home = trail.home_region.known("HomeRegion")?;
        if home != bucket.region.known("BucketRegion")? {
            return Ok(false);
        }
    }
    if whole {
        return Ok(true);
    }
    Err(unclear(format!("trail {} records some objects, by a condition that was not kept", trail.name)))
}
