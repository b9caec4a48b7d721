//! MLflow tracking servers and apps, and the apps of partners.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::{ActiveInactive, AutoModelRegistration, Every, Form, UpperEnabled};
use crate::snapshot::{Ask, List, Seen, Spec, Table};

record! {
    /// An MLflow tracking server.
    pub struct MlflowTrackingServer in mlflow_tracking_servers {
        name: String = "TrackingServerName",
        arn: String = "TrackingServerArn",
        status: Seen<String> = "TrackingServerStatus",
        created: Seen<Timestamp> = "CreationTime",
        role: Seen<String> = "RoleArn" => Role,
        artifacts: Seen<String> = "ArtifactStoreUri" => Data,
        /// Of MLflow.
        version: Seen<String> = "MlflowVersion",
        /// `Active` is true.
        active: Seen<bool> = "IsActive" as ActiveInactive,
        /// `MaintenanceInProgress`, `MaintenanceComplete`, `MaintenanceFailed`.
        maintenance: Seen<String> = "TrackingServerMaintenanceStatus",
        /// Whether models that are logged are registered with SageMaker.
        automatic_registration: Seen<bool> = "AutomaticModelRegistration",
        /// Whether every request says whose bucket it must be.
        bucket_owner_verification: Seen<bool> = "S3BucketOwnerVerification",
        /// The account whose bucket it must be.
        bucket_owner: Seen<String> = "S3BucketOwnerAccountId",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeMlflowTrackingServer"),
            &[("TrackingServerName", "TrackingServerName")],
        )),
        arn: "TrackingServerArn",
        resource: "mlflow-tracking-server/{TrackingServerName}",
        summary: &[
            "TrackingServerName", "TrackingServerArn", "CreationTime", "TrackingServerStatus", "IsActive",
            "MlflowVersion",
        ],
        missing: "ResourceNotFound",
        ..Spec::of(Table::MlflowTrackingServers, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListMlflowTrackingServers"), "TrackingServerSummaries")
        })
    }
}

record! {
    /// An MLflow app: MLflow without a server of one's own.
    pub struct MlflowApp in mlflow_apps {
        name: String = "Name",
        arn: String = "Arn",
        status: Seen<String> = "Status",
        created: Seen<Timestamp> = "CreationTime",
        role: Seen<String> = "RoleArn" => Role,
        artifacts: Seen<String> = "ArtifactStoreUri" => Data,
        key: Seen<String> = "KmsKeyId" => Key,
        /// Of MLflow.
        version: Seen<String> = "MlflowVersion",
        /// `MaintenanceInProgress`, `MaintenanceComplete`, `MaintenanceFailed`.
        maintenance: Seen<String> = "MaintenanceStatus",
        /// `AutoModelRegistrationEnabled` is true.
        automatic_registration: Seen<bool> = "ModelRegistrationMode" as AutoModelRegistration,
        /// Whether whoever names no app gets this one: `ENABLED` is true.
        account_default: Seen<bool> = "AccountDefaultStatus" as UpperEnabled,
        /// The ids of the domains whose default it is.
        default_domains: Seen<Vec<String>> = "DefaultDomainIdList" as Every,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeMlflowApp"), &[("Arn", "Arn")])),
        arn: "Arn",
        resource: "mlflow-app/{Arn}",
        summary: &["Arn", "Name", "Status", "CreationTime", "MlflowVersion"],
        missing: "ResourceNotFound",
        ..Spec::of(Table::MlflowApps, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListMlflowApps"), "Summaries")
        })
    }
}

part! {
    /// A role of a partner app and the groups of IAM Identity Center that have it.
    pub struct RoleGroups {
        role: String = "RoleName",
        /// May hold `*`.
        patterns: Vec<String> = "GroupPatterns",
    }
}

record! {
    /// An app of a partner.
    pub struct PartnerApp in partner_apps {
        name: String = "Name",
        arn: String = "Arn",
        status: Seen<String> = "Status",
        created: Seen<Timestamp> = "CreationTime",
        /// `comet`, `fiddler`, …
        kind: Seen<String> = "Type",
        role: Seen<String> = "ExecutionRoleArn" => Role,
        key: Seen<String> = "KmsKeyId" => Key,
        /// `IAM` or `IDC`.
        auth: Seen<String> = "AuthType",
        /// Whether the app tells people of one role apart by their session's name.
        session_identity: Seen<bool> = "EnableIamSessionBasedIdentity",
        /// Whether any are named; who they are stays behind.
        admin_users: Seen<bool> = "ApplicationConfig.AdminUsers" as SomeNames,
        /// The groups that may use it; may hold `*`.
        group_patterns: Seen<Vec<String>> = "ApplicationConfig.AssignedGroupPatterns" as Every,
        role_groups: Seen<Vec<RoleGroups>> = "ApplicationConfig.RoleGroupAssignments" as Every,
        /// Of the app.
        version: Seen<String> = "Version",
        /// Whether minor versions are installed without asking.
        automatic_upgrade: Seen<bool> = "EnableAutoMinorVersionUpgrade",
        /// When the version is no longer supported.
        end_of_life: Seen<Timestamp> = "CurrentVersionEolDate",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribePartnerApp"), &[("Arn", "Arn")])),
        arn: "Arn",
        resource: "partner-app/{Arn}",
        summary: &["Arn", "Name", "Type", "Status", "CreationTime"],
        missing: "ResourceNotFound",
        ..Spec::of(Table::PartnerApps, List::of(read!("sagemaker", "ListPartnerApps"), "Summaries"))
    }
}

/// Whether a list of names has any.
#[derive(Debug)]
struct SomeNames;

impl Form<bool> for SomeNames {
    fn read(value: &Value) -> Result<Option<bool>, String> {
        value.as_array().map(|names| Some(!names.is_empty())).ok_or_else(|| "is not a list".to_owned())
    }
    fn write(value: &bool) -> Value {
        if *value { json!(["somebody"]) } else { json!([]) }
    }
    fn absent() -> Option<bool> {
        Some(false)
    }
}
