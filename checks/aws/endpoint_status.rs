//! What the status of an endpoint says about whether anything serves behind it.

/// Statuses in which an endpoint takes no requests, from `EndpointStatus` of DescribeEndpoint (Amazon SageMaker API
/// Reference, read 2026-11). The others are `InService` and the states of an update, during which it serves on; a status
/// that is new to us counts as serving.
const IDLE: [&str; 4] = ["Creating", "OutOfService", "Deleting", "Failed"];

/// Whether an endpoint of this status takes requests.
pub(crate) fn serves(status: &str) -> bool {
    !IDLE.contains(&status)
}
