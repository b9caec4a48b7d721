//! How fast a call may be asked to begin with, and its declaration (`checks/snapshot/call.rs`).

pub(super) use sagescan_checks::read;
pub use sagescan_checks::snapshot::Call;

/// Requests a second to begin with, where no quota is published: cautious, and raised while AWS does not object.
///
/// Sources: KMS, CloudTrail and EC2 request quotas of their guides; for SageMaker's lists public reports of two a
/// second for ListTrainingJobs (SageMaker publishes none).
pub(crate) fn starting_rate(call: &Call) -> f64 {
    match (call.service, call.operation) {
        ("sagemaker", "Search") => 3.0,
        ("sagemaker", op) if op.starts_with("List") && op != "ListTags" => 2.0,
        // The organization shares its quotas among all its accounts.
        ("organizations", _) => 1.0,
        ("access-analyzer", _) => 2.0,
        // AWS advises against many reports at once.
        ("iam", "GenerateServiceLastAccessedDetails") => 1.0,
        ("kms", _) => 50.0,
        ("cloudtrail" | "ec2" | "sts" | "s3" | "s3-control", _) => 10.0,
        _ => 5.0,
    }
}
