use crate::prelude::*;

pub(super) struct MlflowBucketOwnerVerification;

impl Check for MlflowBucketOwnerVerification {
    type On<'w> = &'w MlflowTrackingServer;

    const META: Meta = Meta {
        id: "mlflow-bucket-owner-verification",
        title: "MLflow tracking servers check whose bucket they write to",
        severity: Severity::Medium,
        reads: &[Table::MlflowTrackingServers],
        practices: &["SUP-4"],
        page: include_str!("mlflow_bucket_owner_verification.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, server: &MlflowTrackingServer, here: &Here<'_>) -> Judged {
        let checked = server.bucket_owner_verification.get()?.copied().unwrap_or_default();
        let verdict = if !checked {
            fail("it writes to its bucket whoever owns that by now")
        } else {
            match server.bucket_owner.known("S3BucketOwnerAccountId")? {
                owner if owner == here.account() => pass("it writes to its bucket only while this account owns it"),
                owner => fail(format!("it expects its bucket to belong to account {owner}, which is not this one")),
            }
        };
        Ok(verdict.with("owner", server.bucket_owner.shown().cloned()).with("store", server.artifacts.shown().cloned()))
    }
}
