use crate::aws::buckets::{is_directory_bucket, is_of_sagemaker};
use crate::prelude::*;

pub(super) struct S3MlBucketReplication;

impl Check for S3MlBucketReplication {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-replication",
        title: "Buckets of SageMaker have a copy elsewhere",
        severity: Severity::Info,
        reads: &[Table::Buckets, Table::BucketSettings],
        practices: &["SUP-4"],
        page: include_str!("s3_ml_bucket_replication.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("a directory bucket cannot be replicated"));
        }
        let rules = here.world.bucket_settings(&bucket.name)?.replication.get()?.map(Vec::as_slice).unwrap_or_default();
        let verdict = match rules.iter().find(|rule| rule.enabled) {
            Some(rule) => {
                let to = rule.destination.rsplit(':').next().unwrap_or_default();
                pass(format!("its objects are replicated to bucket {to}"))
                    .with("destination", rule.destination.as_str())
                    .with("destination_account", rule.account.as_deref())
            }
            None if rules.is_empty() => fail("its objects are not replicated anywhere"),
            None => fail("its replication rules are all disabled"),
        };
        Ok(verdict.with("rules", rules.len()))
    }
}
