use crate::prelude::*;

pub(super) struct EcrScanOnPush;

impl Check for EcrScanOnPush {
    type On<'w> = &'w Repository;

    const META: Meta = Meta {
        id: "ecr-scan-on-push",
        title: "Images that SageMaker runs are scanned when they are pushed",
        severity: Severity::Medium,
        reads: &[Table::EcrRepositories, Table::EcrScanning, Table::EcrRegistryScanning],
        practices: &["SUP-1"],
        page: include_str!("ecr_scan_on_push.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, repository: &Repository, here: &Here<'_>) -> Judged {
        let region = here.region;
        let scanning = region.ecr_scanning.find(|scanning| scanning.arn == repository.arn)?;
        let scanning = scanning.ok_or_else(|| unclear("ECR did not say how this repository is scanned"))?;
        // For the words only: the frequency is that of the rules and the repository together.
        let kind = match region.ecr_registry_scanning.iter().find_map(|registry| registry.scan_type.shown()) {
            Some(kind) if kind == "ENHANCED" => "Inspector scans",
            Some(_) => "ECR scans",
            None => "its images are scanned:",
        };
        let verdict = match scanning.frequency.known("scanFrequency")?.as_str() {
            "CONTINUOUS_SCAN" => {
                pass(format!("{kind} each image when it is pushed and again when something is published"))
            }
            "SCAN_ON_PUSH" => pass(format!("{kind} each image when it is pushed")),
            "MANUAL" => fail("an image is only scanned when somebody asks for it"),
            other => return Err(unclear(format!("it is scanned as `{other}`"))),
        };
        let verdict = verdict.with("frequency", scanning.frequency.shown().cloned());
        Ok(verdict.with("filters", scanning.filters.shown().cloned()))
    }
}
