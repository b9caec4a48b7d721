use crate::aws::openness::{self, Openness};
use crate::prelude::*;

pub(super) struct CloudtrailBucketProtected;

impl Check for CloudtrailBucketProtected {
    type On<'w> = &'w Trail;

    const META: Meta = Meta {
        id: "cloudtrail-bucket-protected",
        title: "The buckets of trails are not public",
        severity: Severity::High,
        reads: &[Table::Trails, Table::TrailBuckets, Table::PublicAccessBlock],
        practices: &["LOG-1"],
        page: include_str!("cloudtrail_bucket_protected.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, trail: &Trail, here: &Here<'_>) -> Judged {
        let name = trail.bucket.known("S3BucketName")?;
        let bucket = here.world.snapshot.account.trail_buckets.find(|bucket| bucket.name == *name)?;
        let bucket = bucket.ok_or_else(|| unclear(format!("bucket {name} was not looked at")))?;
        if bucket.region.get()?.is_none() {
            let says = format!("its bucket {name} does not exist: whoever creates one of that name gets the log files");
            return Ok(fail(says).with("bucket", name.as_str()));
        }
        let verdict = match openness::of(bucket, here)? {
            Openness::Closed => pass(format!("its bucket {name} is not public")),
            Openness::ByPolicy => fail(format!("the policy of its bucket {name} lets everyone in")),
            Openness::ByGrant(grant, whom) => {
                fail(format!("the access control list of its bucket {name} grants {} to {whom}", grant.permission))
            }
        };
        Ok(verdict.with("bucket", name.as_str()).with("versioning", bucket.versioning.shown().cloned()))
    }
}
