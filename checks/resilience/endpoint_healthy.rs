use crate::prelude::*;

pub(super) struct EndpointHealthy;

impl Check for EndpointHealthy {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-healthy",
        title: "No endpoint is broken",
        severity: Severity::Low,
        reads: &[Table::Endpoints],
        practices: &["LOG-3"],
        page: include_str!("endpoint_healthy.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, _here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?.as_str();
        let verdict = match status {
            "Failed" => fail("it failed, and its role and network stay as they are"),
            "OutOfService" => fail("it is out of service, and its role and network stay as they are"),
            "UpdateRollbackFailed" => fail("an update failed, and so did taking it back: what serves now is uncertain"),
            "InService" | "Creating" | "Updating" | "SystemUpdating" | "RollingBack" | "Deleting" => {
                pass(format!("it is {status}"))
            }
            other => return Err(unclear(format!("endpoint status {other}"))),
        };
        let reason: Option<String> = endpoint.failure.shown().map(|reason| reason.chars().take(300).collect());
        Ok(verdict.with("status", status).with("failure_reason", reason))
    }
}
