use sagescan_policy::{Context, Document, Truth, denies_everyone};

use crate::aws::buckets::{is_directory_bucket, is_of_sagemaker};
use crate::prelude::*;

pub(super) struct S3MlBucketTlsOnly;

impl Check for S3MlBucketTlsOnly {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-tls-only",
        title: "Buckets of SageMaker refuse plain HTTP",
        severity: Severity::Medium,
        reads: &[Table::Buckets],
        practices: &["TRAN-1"],
        page: include_str!("s3_ml_bucket_tls_only.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("a directory bucket never accepts plain HTTP"));
        }
        let Some(policy) = bucket.policy.get()? else {
            return Ok(fail("it has no bucket policy, so it accepts plain HTTP"));
        };
        let policy = Document::parse_or_doubt("the bucket policy", policy);
        let plain = Context::open().with("aws:SecureTransport", "false");
        let arn = format!("arn:{}:s3:::{}", here.partition(), bucket.name);
        let (of_bucket, _) = denies_everyone(&policy, "s3:*", &arn, &plain);
        let (of_objects, _) = denies_everyone(&policy, "s3:*", &format!("{arn}/*"), &plain);
        match (of_bucket, of_objects) {
            (Truth::Yes, Truth::Yes) => {
                Ok(pass("its policy denies everyone plain HTTP, to the bucket and its objects"))
            }
            (Truth::No, Truth::No) => Ok(fail("its policy does not deny every request over plain HTTP")),
            (Truth::Yes, Truth::No) => Ok(fail("its policy denies plain HTTP to the bucket, but not to its objects")),
            (Truth::No, Truth::Yes) => {
                Ok(fail("its policy denies plain HTTP to the objects, but not to the bucket itself"))
            }
            (of_bucket, of_objects) => match of_bucket.and(of_objects) {
                Truth::Maybe(doubts) if doubts.notes.is_empty() => {
                    let keys: Vec<&str> = doubts.keys.iter().map(|key| &**key).collect();
                    let says =
                        format!("its policy denies plain HTTP only under a further condition on {}", keys.join(", "));
                    Ok(fail(says).with("condition_keys", keys))
                }
                Truth::Maybe(doubts) => {
                    let notes: Vec<&str> = doubts.notes.iter().map(|note| &**note).collect();
                    Err(unclear(format!("the bucket policy cannot be read with certainty: {}", notes.join("; "))))
                }
                _ => Ok(fail("its policy does not deny every request over plain HTTP")),
            },
        }
    }
}
