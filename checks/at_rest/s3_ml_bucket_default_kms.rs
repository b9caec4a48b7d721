use super::custody;
use crate::aws::buckets::is_of_sagemaker;
use crate::prelude::*;

pub(super) struct S3MlBucketDefaultKms;

impl Check for S3MlBucketDefaultKms {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-default-kms",
        title: "Buckets of SageMaker default to a customer managed key",
        severity: Severity::Medium,
        reads: &[Table::Buckets, Table::Keys],
        practices: &["REST-4"],
        page: include_str!("s3_ml_bucket_default_kms.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        let verdict = custody::of_bucket(bucket, here)?.after("it ").verdict();
        let default = bucket.encryption.shown();
        Ok(verdict
            .with("algorithm", default.map(|d| d.algorithm.clone()))
            .with("default_key", default.and_then(|d| d.key.clone())))
    }
}
