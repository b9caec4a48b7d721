use crate::aws::buckets::{is_directory_bucket, is_of_sagemaker};
use crate::prelude::*;

pub(super) struct S3MlBucketLifecycle;

impl Check for S3MlBucketLifecycle {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-lifecycle",
        title: "Buckets of SageMaker let data go after a while",
        severity: Severity::Low,
        confidence: Confidence::Medium,
        reads: &[Table::Buckets, Table::BucketSettings],
        practices: &["PRIV-5"],
        page: include_str!("s3_ml_bucket_lifecycle.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("a directory bucket holds what a running job works on"));
        }
        let rules = here.world.bucket_settings(&bucket.name)?.lifecycle.get()?.map(Vec::as_slice).unwrap_or_default();
        let works = |rule: &&LifecycleRule| rule.enabled && (rule.expires || rule.moves);
        let working: Vec<&LifecycleRule> = rules.iter().filter(works).filter(|rule| !rule.narrowed).collect();
        let verdict = if working.iter().any(|rule| rule.prefix.is_empty()) {
            pass("a lifecycle rule expires or moves all its objects")
        } else if !working.is_empty() {
            let prefixes: Vec<&str> = working.iter().map(|rule| rule.prefix.as_str()).take(10).collect();
            pass(format!("lifecycle rules expire or move what lies under {}", prefixes.join(", ")))
        } else if rules.is_empty() {
            fail("it has no lifecycle rule, so what is written there stays for ever")
        } else if rules.iter().any(|rule| works(&rule)) {
            fail("its lifecycle rules are only about objects of certain tags or sizes")
        } else if rules.iter().any(|rule| !rule.enabled && (rule.expires || rule.moves)) {
            fail("its lifecycle rules that expire or move objects are disabled")
        } else {
            fail("no lifecycle rule expires or moves its objects: only old versions or unfinished uploads go")
        };
        let names: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).take(10).collect();
        Ok(verdict.with("rules", names))
    }
}
