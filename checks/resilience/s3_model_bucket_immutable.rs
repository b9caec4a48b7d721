use crate::aws::buckets::{is_directory_bucket, is_of_sagemaker};
use crate::prelude::*;

pub(super) struct S3ModelBucketImmutable;

impl Check for S3ModelBucketImmutable {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-model-bucket-immutable",
        title: "Buckets with models are protected against deletion",
        severity: Severity::Low,
        reads: &[Table::Buckets, Table::BucketSettings, Table::Models],
        practices: &["SUP-4"],
        page: include_str!("s3_model_bucket_immutable.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        if !holds_models(bucket, here)? {
            return Ok(not_concerned());
        }
        if is_directory_bucket(&bucket.name) {
            return Ok(exempt("a directory bucket can neither lock objects nor ask for MFA"));
        }
        let mfa = bucket.mfa_delete.get();
        if let Ok(Some("Enabled")) = mfa.as_ref().map(|mfa| mfa.map(String::as_str)) {
            return Ok(
                pass("deleting a version takes the second factor of the root user").with("mfa_delete", "Enabled")
            );
        }
        let lock = here.world.bucket_settings(&bucket.name)?.object_lock.get()?.filter(|lock| lock.enabled);
        let Some(lock) = lock else {
            mfa?;
            let says = "neither Object Lock nor MFA delete keeps anybody from deleting or replacing models for good";
            return Ok(fail(says));
        };
        Ok(match &lock.mode {
            Some(mode) => {
                pass(format!("Object Lock holds every new object in mode {mode}")).with("mode", mode.as_str())
            }
            None => pass("Object Lock is on, and objects are locked one by one"),
        })
    }
}

/// Whether a model takes its artifacts from this bucket. A "no" needs every model.
fn holds_models(bucket: &Bucket, here: &Here<'_>) -> Result<bool, Unseen> {
    let mut doubt = None;
    for region in here.world.snapshot.regions.values() {
        doubt = doubt.or_else(|| region.models.missing.as_ref().map(Unseen::from));
        for reference in region.models.iter().flat_map(Record::references).filter(|r| r.what == What::Data) {
            match reference.value {
                Ok(uri) if bucket_of(uri) == Some(bucket.name.as_str()) => return Ok(true),
                Ok(_) => {}
                Err(gap) => doubt = doubt.or_else(|| Some(gap.into())),
            }
        }
    }
    doubt.map_or(Ok(false), Err)
}
