use crate::aws::buckets::{is_directory_bucket, is_of_sagemaker};
use crate::prelude::*;

pub(super) struct S3MlBucketAclDisabled;

impl Check for S3MlBucketAclDisabled {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-acl-disabled",
        title: "Buckets of SageMaker ignore access control lists",
        severity: Severity::Low,
        reads: &[Table::Buckets],
        practices: &["REST-4"],
        page: include_str!("s3_ml_bucket_acl_disabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("a directory bucket has no access control lists"));
        }
        let ownership = bucket.ownership.get()?.map(String::as_str);
        let verdict = match ownership {
            Some("BucketOwnerEnforced") => pass("access control lists are off: policies alone decide"),
            Some("BucketOwnerPreferred" | "ObjectWriter") => fail("access control lists of bucket and objects count"),
            None => fail("no ownership is set, so access control lists of bucket and objects count"),
            Some(other) => return Err(unclear(format!("object ownership {other}"))),
        };
        Ok(verdict.with("ownership", ownership))
    }
}
