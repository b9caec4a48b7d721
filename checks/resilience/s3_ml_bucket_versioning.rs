use crate::prelude::*;

pub(super) struct S3MlBucketVersioning;

impl Check for S3MlBucketVersioning {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-versioning",
        title: "Buckets with data and models keep old versions",
        severity: Severity::Medium,
        reads: &[Table::Buckets],
        practices: &["REST-4"],
        page: include_str!("s3_ml_bucket_versioning.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, _here: &Here<'_>) -> Judged {
        // The ending is reserved for directory buckets (Amazon S3 User Guide, "Directory bucket naming rules").
        if bucket.name.ends_with("--x-s3") {
            return Ok(exempt("it is a directory bucket, which cannot keep versions"));
        }
        let versioning = bucket.versioning.get()?.map(String::as_str);
        let verdict = match versioning {
            Some("Enabled") => pass("versioning is enabled"),
            Some("Suspended") => fail("versioning is suspended: new objects overwrite each other"),
            None => fail("versioning was never enabled: what is overwritten or deleted is gone"),
            Some(other) => return Err(unclear(format!("versioning status {other}"))),
        };
        Ok(verdict.with("versioning", versioning))
    }
}
