//! What S3 fixes about kinds of buckets, and which buckets are SageMaker's business.

use crate::prelude::*;

/// Whether this is a directory bucket of S3 Express One Zone: `name--zone-id--x-s3`.
///
/// Directory buckets refuse plain HTTP, keep ACLs off and public access blocked for good, and SageMaker cannot use KMS
/// keys with them. Sources: Amazon S3 User Guide, "Directory bucket naming rules", "Data protection and encryption" of
/// S3 Express One Zone and "Blocking public access"; SageMaker API Reference, `OutputDataConfig`; read November 2026.
pub(crate) fn is_directory_bucket(name: &str) -> bool {
    name.ends_with("--x-s3")
}

/// Whether a SageMaker resource names the bucket, as far as was seen. The engine reports by itself what was not.
pub(crate) fn is_of_sagemaker(bucket: &Bucket, here: &Here<'_>) -> bool {
    here.world.is_ml_bucket(&bucket.name)
}
