use crate::aws::buckets::{is_of_sagemaker, is_predictable};
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct DefaultBucketOwned;

impl Check for DefaultBucketOwned {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "default-bucket-owned",
        title: "Default buckets that SageMaker uses belong to this account",
        severity: Severity::High,
        reads: workloads![Buckets],
        practices: &["SUP-4"],
        page: include_str!("default_bucket_owned.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_predictable(&bucket.name, here.account()) || !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if *bucket.owned.known("Buckets")? {
            return Ok(pass("it belongs to this account"));
        }
        Ok(match bucket.region.get() {
            Ok(None) => {
                fail("nobody owns it: whoever takes its name, which anybody can work out, gets what is written to it")
            }
            _ => fail("it belongs to another account, which gets what is written to it"),
        })
    }
}
