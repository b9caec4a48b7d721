use crate::engine::Mlflow;
use crate::prelude::*;

pub(super) struct MlflowVersionSupported;

/// The major version that the MLflow project still mends (MLflow release notes, November 2026).
const MAJOR: u32 = 3;

impl Check for MlflowVersionSupported {
    type On<'w> = Mlflow<'w>;

    const META: Meta = Meta {
        id: "mlflow-version-supported",
        title: "MLflow runs in a version that is still mended",
        severity: Severity::Low,
        confidence: Confidence::Medium,
        reads: &[Table::MlflowTrackingServers, Table::MlflowApps],
        practices: &["SUP-4"],
        page: include_str!("mlflow_version_supported.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, mlflow: Mlflow<'_>, _: &Here<'_>) -> Judged {
        let version = mlflow.version().known("MlflowVersion");
        let major = version.and_then(|version| {
            let number = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
            number.map(|number| (number, version)).ok_or_else(|| unclear(format!("its version is `{version}`")))
        });
        if let Ok((number, version)) = &major
            && *number < MAJOR
        {
            let says = format!("it runs MLflow {version}; what is found now is mended in {MAJOR}.x");
            return Ok(fail(says).with("version", version.as_str()));
        }
        let maintenance = mlflow.maintenance().get();
        if let Ok(Some(maintenance)) = &maintenance
            && maintenance.as_str() == "MaintenanceFailed"
        {
            return Ok(
                fail("its last maintenance failed, so it may lack fixes").with("maintenance", maintenance.as_str())
            );
        }
        maintenance?;
        let (_, version) = major?;
        Ok(pass(format!("it runs MLflow {version}")).with("version", version.as_str()))
    }
}
