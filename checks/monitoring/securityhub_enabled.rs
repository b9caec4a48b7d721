use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct SecurityhubEnabled;

impl Check for SecurityhubEnabled {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "securityhub-enabled",
        title: "Security Hub CSPM checks each region with SageMaker resources by the AWS standard",
        severity: Severity::Medium,
        reads: workloads![SecurityHubs, EnabledStandards],
        practices: &["PRIV-2"],
        page: include_str!("securityhub_enabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        if !region.holds_workloads()? {
            return Ok(not_concerned());
        }
        if region.region.security_hubs.is_empty() {
            region.region.security_hubs.all()?;
            return Ok(fail("Security Hub CSPM is not enabled"));
        }
        // arn:PARTITION:securityhub:REGION::standards/aws-foundational-security-best-practices/v/1.0.0
        let is_foundational = |standard: &&EnabledStandard| {
            standard.name.contains(":standards/aws-foundational-security-best-practices/")
        };
        let standards = &region.region.enabled_standards;
        let Some(standard) = standards.find(is_foundational)? else {
            let others: Vec<&str> = standards.iter().map(|standard| standard.name.as_str()).collect();
            let says = "the AWS Foundational Security Best Practices standard is not enabled";
            return Ok(fail(says).with("standards", others));
        };
        let status = standard.status.known("StandardsStatus")?;
        let verdict = match status.as_str() {
            // Incomplete: controls that the region does not offer could not be switched on.
            "READY" | "INCOMPLETE" => pass("the AWS Foundational Security Best Practices standard is enabled"),
            "PENDING" | "FAILED" | "DELETING" => {
                fail(format!("the AWS Foundational Security Best Practices standard is {status}"))
            }
            other => return Err(unclear(format!("the standard is {other}"))),
        };
        Ok(verdict.with("status", status.as_str()))
    }
}
