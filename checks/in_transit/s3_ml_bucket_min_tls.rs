use sagescan_policy::{Context, Document, Truth, denies_everyone};

use crate::aws::buckets::{is_directory_bucket, is_of_sagemaker};
use crate::prelude::*;

pub(super) struct S3MlBucketMinTls;

impl Check for S3MlBucketMinTls {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-min-tls",
        title: "Buckets of SageMaker refuse old versions of TLS",
        severity: Severity::Info,
        reads: &[Table::Buckets],
        practices: &["TRAN-1"],
        page: include_str!("s3_ml_bucket_min_tls.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("a directory bucket never accepts anything older than TLS 1.2"));
        }
        let Some(policy) = bucket.policy.get()? else {
            return Ok(fail("it has no bucket policy that would refuse TLS before 1.2"));
        };
        let policy = Document::parse_or_doubt("the bucket policy", policy);
        let arn = format!("arn:{}:s3:::{}", here.partition(), bucket.name);
        let mut denied = Truth::Yes;
        for version in ["1.0", "1.1"] {
            let old = Context::open().with("s3:TlsVersion", version).with("aws:SecureTransport", "true");
            denied = denied.and(denies_everyone(&policy, "s3:*", &format!("{arn}/*"), &old).0);
        }
        match denied {
            Truth::Yes => Ok(pass("its policy denies everyone TLS before 1.2")),
            Truth::No => Ok(fail("its policy does not deny TLS before 1.2")),
            Truth::Maybe(doubts) if doubts.notes.is_empty() => {
                let keys: Vec<&str> = doubts.keys.iter().map(|key| &**key).collect();
                let on = keys.join(", ");
                let says = format!("its policy denies TLS before 1.2 only under a further condition on {on}");
                Ok(fail(says).with("condition_keys", keys))
            }
            Truth::Maybe(doubts) => {
                let notes: Vec<&str> = doubts.notes.iter().map(|note| &**note).collect();
                Err(unclear(format!("the bucket policy cannot be read with certainty: {}", notes.join("; "))))
            }
        }
    }
}
