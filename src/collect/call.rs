//! A call of the AWS API, declared once beside its use. Permissions, pacing and documentation follow from it.

/// One read operation of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The service as IAM spells it: `sagemaker`, `ec2`, …
    pub service: &'static str,
    /// The operation's name in the service model.
    pub operation: &'static str,
    /// `service:Operation`, the name in the coverage ledger.
    pub source: &'static str,
    /// The IAM actions that the operation needs; not always named as the operation (S3's never are).
    pub actions: &'static [&'static str],
}

/// Declares a read: `read!("sagemaker", "ListModels")`, or with the IAM actions where they are named differently.
macro_rules! read {
    ($service:literal, $operation:literal) => {
        read!($service, $operation, concat!($service, ":", $operation))
    };
    ($service:literal, $operation:literal, $($action:expr),+) => {
        crate::collect::call::Call {
            service: $service,
            operation: $operation,
            source: concat!($service, ":", $operation),
            actions: &[$($action),+],
        }
    };
}
pub(crate) use read;

impl Call {
    /// Requests a second to begin with, where no quota is published: cautious, and raised while AWS does not object.
    ///
    /// Sources: KMS, CloudTrail and EC2 request quotas of their guides; for SageMaker's lists public reports of two a
    /// second for ListTrainingJobs (SageMaker publishes none).
    pub(crate) fn starting_rate(&self) -> f64 {
        match (self.service, self.operation) {
            ("sagemaker", op) if op.starts_with("List") && op != "ListTags" => 2.0,
            ("kms", _) => 50.0,
            ("cloudtrail" | "ec2" | "sts" | "s3" | "s3-control", _) => 10.0,
            _ => 5.0,
        }
    }
}
