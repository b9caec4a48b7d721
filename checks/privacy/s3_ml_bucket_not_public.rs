use crate::aws::buckets::{is_directory_bucket, is_of_sagemaker};
use crate::aws::openness::{self, Openness};
use crate::prelude::*;

pub(super) struct S3MlBucketNotPublic;

impl Check for S3MlBucketNotPublic {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-not-public",
        title: "Buckets of SageMaker are not public",
        severity: Severity::Critical,
        reads: &[Table::Buckets, Table::PublicAccessBlock],
        practices: &["REST-4"],
        page: include_str!("s3_ml_bucket_not_public.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("public access to a directory bucket is always blocked"));
        }
        Ok(match openness::of(bucket, here)? {
            Openness::ByPolicy => {
                fail("its policy lets everyone in, and no public access block stops that").with("by", "policy")
            }
            Openness::ByGrant(grant, whom) => {
                let says = format!(
                    "its access control list grants {} to {whom}, and no public access block stops that",
                    grant.permission
                );
                fail(says).with("by", "acl").with("permission", grant.permission.as_str())
            }
            Openness::Closed => pass("neither its policy nor its access control list opens it to the public"),
        })
    }
}
