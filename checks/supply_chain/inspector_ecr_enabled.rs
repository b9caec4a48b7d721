use crate::prelude::*;

pub(super) struct InspectorEcrEnabled;

impl Check for InspectorEcrEnabled {
    type On<'w> = &'w InspectorStatus;

    const META: Meta = Meta {
        id: "inspector-ecr-enabled",
        title: "Inspector watches the registry of images that SageMaker runs",
        severity: Severity::Low,
        reads: &[Table::Inspector],
        practices: &["SUP-1"],
        page: include_str!("inspector_ecr_enabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, inspector: &InspectorStatus, _: &Here<'_>) -> Judged {
        let verdict = match inspector.ecr.known("resourceState.ecr.status")?.as_str() {
            "ENABLED" => pass("Inspector scans images in ECR again whenever a vulnerability is published"),
            status @ ("ENABLING" | "DISABLING" | "DISABLED" | "SUSPENDING" | "SUSPENDED") => {
                fail(format!("Inspector's scanning of ECR is {status}: what is published after a push goes unnoticed"))
            }
            other => return Err(unclear(format!("Inspector's scanning of ECR is `{other}`"))),
        };
        Ok(verdict.with("lambda", inspector.lambda.shown().cloned()))
    }
}
