//! A call of the AWS API, declared once beside the type that it fills. Permissions, pacing and documentation follow from it.

/// One read operation of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
#[macro_export]
macro_rules! read {
    ($service:literal, $operation:literal) => {
        $crate::read!($service, $operation, concat!($service, ":", $operation))
    };
    ($service:literal, $operation:literal, $($action:expr),+) => {
        $crate::snapshot::Call {
            service: $service,
            operation: $operation,
            source: concat!($service, ":", $operation),
            actions: &[$($action),+],
        }
    };
}
