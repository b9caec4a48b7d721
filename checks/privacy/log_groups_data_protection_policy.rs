use crate::prelude::*;

pub(super) struct LogGroupsDataProtectionPolicy;

/// Where containers that see the data print.
const PREFIXES: [&str; 3] =
    ["/aws/sagemaker/Endpoints/", "/aws/sagemaker/InferenceComponents/", "/aws/sagemaker/ProcessingJobs"];

impl Check for LogGroupsDataProtectionPolicy {
    type On<'w> = &'w LogGroup;

    const META: Meta = Meta {
        id: "log-groups-data-protection-policy",
        title: "Log groups of endpoints and processing jobs mask personal data",
        severity: Severity::Low,
        confidence: Confidence::Medium,
        reads: &[Table::LogGroups],
        practices: &["PRIV-1"],
        page: include_str!("log_groups_data_protection_policy.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, group: &LogGroup, _here: &Here<'_>) -> Judged {
        if !PREFIXES.iter().any(|prefix| group.name.starts_with(prefix)) {
            return Ok(not_concerned());
        }
        if group.inherited.known("inheritedProperties")?.iter().any(|one| one == "ACCOUNT_DATA_PROTECTION") {
            return Ok(pass("the account has a data protection policy for all log groups"));
        }
        let status = group.data_protection.get()?.map(String::as_str);
        if status == Some("ACTIVATED") {
            return Ok(pass("it has a data protection policy"));
        }
        Ok(match group.class.get()?.map(String::as_str) {
            Some(class @ ("INFREQUENT_ACCESS" | "DELIVERY")) => {
                exempt(format!("log groups of class {class} have no data protection"))
            }
            _ => fail("no data protection policy masks what containers print of personal data").with("status", status),
        })
    }
}
