//! Studio: domains, user profiles, spaces and apps.

use jiff::Timestamp;
use serde_json::Value;

use super::notebooks::RepositoryUrls;
use crate::read;
use crate::snapshot::file_systems::HOME;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::{Every, PresentText, UpperEnabled};
use crate::snapshot::{Ask, List, MountTarget, Seen, Spec, Table};

part! {
    /// A file system that apps mount beside their home: one of the three is set.
    pub struct MountedFileSystem {
        efs: Option<String> = "EFSFileSystemConfig.FileSystemId" => FileSystem,
        lustre: Option<String> = "FSxLustreFileSystemConfig.FileSystemId",
        s3: Option<String> = "S3FileSystemConfig.S3Uri",
    }

    /// The same as a space words it.
    pub struct SpaceFileSystem {
        efs: Option<String> = "EFSFileSystem.FileSystemId" => FileSystem,
        lustre: Option<String> = "FSxLustreFileSystem.FileSystemId",
        s3: Option<String> = "S3FileSystem.S3Uri",
    }
}

record! {
    /// A Studio domain.
    pub struct Domain in domains {
        name: String = "DomainName",
        arn: String = "DomainArn",
        id: String = "DomainId",
        status: Seen<String> = "Status",
        created: Seen<Timestamp> = "CreationTime",
        /// `SSO` or `IAM`.
        auth: Seen<String> = "AuthMode",
        /// The ARN of the application, or the id of one that an older domain manages.
        sso_application: Seen<String> =
            "SingleSignOnApplicationArn" | "SingleSignOnManagedApplicationInstanceId",
        /// `VpcOnly` or `PublicInternetOnly`.
        network_access: Seen<String> = "AppNetworkAccessType",
        vpc: Seen<String> = "VpcId" => Vpc,
        subnets: Seen<Vec<String>> = "SubnetIds" as Every => Subnet,
        /// Older domains only have the deprecated member.
        key: Seen<String> = "KmsKeyId" | "HomeEfsFileSystemKmsKeyId" => Key,
        file_system: Seen<String> = "HomeEfsFileSystemId" => FileSystem,
        /// Mounted into every app whose profile names none of its own.
        file_systems: Seen<Vec<MountedFileSystem>> =
            "DefaultUserSettings.CustomFileSystemConfigs" as Every => FileSystem,
        /// Mounted into every app of a shared space.
        space_file_systems: Seen<Vec<MountedFileSystem>> =
            "DefaultSpaceSettings.CustomFileSystemConfigs" as Every => FileSystem,
        role: Seen<String> = "DefaultUserSettings.ExecutionRole" => Role,
        space_role: Seen<String> = "DefaultSpaceSettings.ExecutionRole" => Role,
        security_groups: Seen<Vec<String>> = "DefaultUserSettings.SecurityGroups" as Every => SecurityGroup,
        space_security_groups: Seen<Vec<String>> = "DefaultSpaceSettings.SecurityGroups" as Every => SecurityGroup,
        domain_security_groups: Seen<Vec<String>> = "DomainSettings.SecurityGroupIds" as Every => SecurityGroup,
        boundary_security_group: Seen<String> = "SecurityGroupIdForDomainBoundary",
        /// `ENABLED` is true.
        jupyterlab_idle_shutdown: Seen<bool> =
            "DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.LifecycleManagement"
            as UpperEnabled,
        /// `ENABLED` is true.
        code_editor_idle_shutdown: Seen<bool> =
            "DefaultUserSettings.CodeEditorAppSettings.AppLifecycleManagement.IdleSettings.LifecycleManagement"
            as UpperEnabled,
        /// `USER_PROFILE_NAME` or `DISABLED`.
        role_identity: Seen<String> = "DomainSettings.ExecutionRoleIdentityConfig",
        /// `ENABLED` or `DISABLED`.
        identity_propagation: Seen<String> = "DomainSettings.TrustedIdentityPropagationSettings.Status",
        /// The Unified Studio domain that it belongs to.
        unified_studio: Seen<String> = "DomainSettings.UnifiedStudioSettings.DomainId",
        /// `USER_IDENTITY` or `STATIC`.
        session_name_mode: Seen<String> = "DefaultUserSettings.StudioWebPortalSettings.ExecutionRoleSessionNameMode",
        /// `ENABLED` or `DISABLED`.
        rstudio_access: Seen<String> = "DefaultUserSettings.RStudioServerProAppSettings.AccessStatus",
        /// `R_STUDIO_ADMIN` or `R_STUDIO_USER`.
        rstudio_group: Seen<String> = "DefaultUserSettings.RStudioServerProAppSettings.UserGroup",
        emr_assumable_roles: Seen<Vec<String>> = "DefaultUserSettings.JupyterLabAppSettings.EmrSettings.AssumableRoleArns",
        emr_execution_roles: Seen<Vec<String>> = "DefaultUserSettings.JupyterLabAppSettings.EmrSettings.ExecutionRoleArns",
        /// `ENABLED` or `DISABLED`.
        canvas_registration: Seen<String> = "DefaultUserSettings.CanvasAppSettings.ModelRegisterSettings.Status",
        /// In the other account.
        canvas_registration_role: Seen<String> =
            "DefaultUserSettings.CanvasAppSettings.ModelRegisterSettings.CrossAccountModelRegisterRoleArn",
        /// `ENABLED` or `DISABLED`.
        canvas_direct_deploy: Seen<String> = "DefaultUserSettings.CanvasAppSettings.DirectDeploySettings.Status",
        /// With which Canvas signs in to sources of data.
        canvas_secrets: Seen<Vec<String>> =
            "DefaultUserSettings.CanvasAppSettings.IdentityProviderOAuthSettings[].SecretArn" as Every => Secret,
        /// `ENABLED` is true.
        docker_access: Seen<bool> = "DomainSettings.DockerSettings.EnableDockerAccess" as UpperEnabled,
        /// `ENABLED` is true.
        rootless_docker: Seen<bool> = "DomainSettings.DockerSettings.RootlessDocker" as UpperEnabled,
        /// Whose images may run in a domain without internet access.
        docker_trusted_accounts: Seen<Vec<String>> = "DomainSettings.DockerSettings.VpcOnlyTrustedAccounts" as Every,
        /// URLs of repositories that are offered; `***` stands for user information, here and below.
        jupyterlab_repositories: Seen<Vec<String>> =
            "DefaultUserSettings.JupyterLabAppSettings.CodeRepositories[].RepositoryUrl" as RepositoryUrls,
        jupyter_server_repositories: Seen<Vec<String>> =
            "DefaultUserSettings.JupyterServerAppSettings.CodeRepositories[].RepositoryUrl" as RepositoryUrls,
        space_jupyterlab_repositories: Seen<Vec<String>> =
            "DefaultSpaceSettings.JupyterLabAppSettings.CodeRepositories[].RepositoryUrl" as RepositoryUrls,
        space_jupyter_server_repositories: Seen<Vec<String>> =
            "DefaultSpaceSettings.JupyterServerAppSettings.CodeRepositories[].RepositoryUrl" as RepositoryUrls,
    }
    also {
        /// The mount targets of its home.
        mount_targets: Seen<Vec<MountTarget>> = HOME, "MountTargets" as Every;
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeDomain"), &[("DomainId", "DomainId")])),
        arn: "DomainArn",
        resource: "domain/{DomainId}",
        summary: &["DomainId", "DomainArn", "DomainName", "Status", "CreationTime"],
        required: r#"{"DomainSettings?": {"TrustedIdentityPropagationSettings?": {"Status": "DISABLED"}}}"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::Domains, List::of(read!("sagemaker", "ListDomains"), "Domains"))
    }
}

record! {
    /// A user profile of a domain.
    pub struct UserProfile in user_profiles {
        name: String = "UserProfileName",
        /// Only the description has it.
        arn: String = "UserProfileArn",
        /// The id of the domain.
        domain: String = "DomainId",
        status: Seen<String> = "Status",
        /// Whether it is set: the identity itself is personal data.
        sso_user: Seen<bool> = "SingleSignOnUserValue" as PresentText,
        role: Seen<String> = "UserSettings.ExecutionRole" => Role,
        /// Replaces the domain's.
        security_groups: Seen<Vec<String>> = "UserSettings.SecurityGroups" as Every => SecurityGroup,
        file_systems: Seen<Vec<MountedFileSystem>> = "UserSettings.CustomFileSystemConfigs" as Every => FileSystem,
        /// `USER_IDENTITY` or `STATIC`.
        session_name_mode: Seen<String> = "UserSettings.StudioWebPortalSettings.ExecutionRoleSessionNameMode",
        /// `ENABLED` or `DISABLED`.
        rstudio_access: Seen<String> = "UserSettings.RStudioServerProAppSettings.AccessStatus",
        /// `R_STUDIO_ADMIN` or `R_STUDIO_USER`.
        rstudio_group: Seen<String> = "UserSettings.RStudioServerProAppSettings.UserGroup",
        emr_assumable_roles: Seen<Vec<String>> = "UserSettings.JupyterLabAppSettings.EmrSettings.AssumableRoleArns",
        emr_execution_roles: Seen<Vec<String>> = "UserSettings.JupyterLabAppSettings.EmrSettings.ExecutionRoleArns",
        /// `ENABLED` or `DISABLED`.
        canvas_registration: Seen<String> = "UserSettings.CanvasAppSettings.ModelRegisterSettings.Status",
        /// In the other account.
        canvas_registration_role: Seen<String> =
            "UserSettings.CanvasAppSettings.ModelRegisterSettings.CrossAccountModelRegisterRoleArn",
        /// `ENABLED` or `DISABLED`.
        canvas_direct_deploy: Seen<String> = "UserSettings.CanvasAppSettings.DirectDeploySettings.Status",
        /// With which Canvas signs in to sources of data.
        canvas_secrets: Seen<Vec<String>> =
            "UserSettings.CanvasAppSettings.IdentityProviderOAuthSettings[].SecretArn" as Every => Secret,
        /// URLs of repositories that are offered; `***` stands for user information, here and below.
        jupyterlab_repositories: Seen<Vec<String>> =
            "UserSettings.JupyterLabAppSettings.CodeRepositories[].RepositoryUrl" as RepositoryUrls,
        jupyter_server_repositories: Seen<Vec<String>> =
            "UserSettings.JupyterServerAppSettings.CodeRepositories[].RepositoryUrl" as RepositoryUrls,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeUserProfile"),
            &[("DomainId", "DomainId"), ("UserProfileName", "UserProfileName")],
        )),
        arn: "UserProfileArn",
        resource: "user-profile/{DomainId}/{UserProfileName}",
        summary: &["DomainId", "UserProfileName", "Status"],
        missing: "ResourceNotFound",
        ..Spec::of(Table::UserProfiles, List::of(read!("sagemaker", "ListUserProfiles"), "UserProfiles"))
    }
}

record! {
    /// A space of a domain.
    pub struct Space in spaces {
        name: String = "SpaceName",
        /// Only the description has it.
        arn: String = "SpaceArn",
        /// The id of the domain.
        domain: String = "DomainId",
        status: Seen<String> = "Status",
        /// `Private` or `Shared`.
        sharing: Seen<String> = "SpaceSharingSettings.SharingType" | "SpaceSharingSettingsSummary.SharingType",
        /// The name of a user profile.
        owner: Seen<String> =
            "OwnershipSettings.OwnerUserProfileName" | "OwnershipSettingsSummary.OwnerUserProfileName",
        app_type: Seen<String> = "SpaceSettings.AppType" | "SpaceSettingsSummary.AppType",
        /// Whether an editor elsewhere may connect to the space: `ENABLED` is true.
        remote_access: Seen<bool> = "SpaceSettings.RemoteAccess" | "SpaceSettingsSummary.RemoteAccess" as UpperEnabled,
        /// URLs of repositories that are offered; `***` stands for user information, here and below.
        jupyterlab_repositories: Seen<Vec<String>> =
            "SpaceSettings.JupyterLabAppSettings.CodeRepositories[].RepositoryUrl" as RepositoryUrls,
        jupyter_server_repositories: Seen<Vec<String>> =
            "SpaceSettings.JupyterServerAppSettings.CodeRepositories[].RepositoryUrl" as RepositoryUrls,
        file_systems: Seen<Vec<SpaceFileSystem>> = "SpaceSettings.CustomFileSystems" as Every => FileSystem,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeSpace"),
            &[("DomainId", "DomainId"), ("SpaceName", "SpaceName")],
        )),
        arn: "SpaceArn",
        resource: "space/{DomainId}/{SpaceName}",
        summary: &[
            "DomainId", "SpaceName", "Status", "SpaceSettingsSummary.AppType=SpaceSettings.AppType",
            "SpaceSettingsSummary.RemoteAccess=SpaceSettings.RemoteAccess",
            "SpaceSharingSettingsSummary=SpaceSharingSettings", "OwnershipSettingsSummary=OwnershipSettings",
        ],
        missing: "ResourceNotFound",
        ..Spec::of(Table::Spaces, List::of(read!("sagemaker", "ListSpaces"), "Spaces"))
    }
}

/// Only the description tells when someone last used the app, and only a running app can be idle.
const APP: Ask = Ask {
    when: Some(runs),
    ..Ask::of(
        read!("sagemaker", "DescribeApp"),
        &[
            ("DomainId", "DomainId"),
            ("UserProfileName", "UserProfileName"),
            ("SpaceName", "SpaceName"),
            ("AppType", "AppType"),
            ("AppName", "AppName"),
        ],
    )
};

fn runs(summary: &Value) -> bool {
    summary.get("Status").and_then(Value::as_str) == Some("InService")
}

record! {
    /// An app of a user profile or space.
    pub struct App in apps {
        name: String = "AppName",
        /// Empty for apps that were not described.
        arn: String = "AppArn",
        /// The id of the domain.
        domain: String = "DomainId",
        /// `JupyterLab`, `CodeEditor`, `Canvas`, …
        kind: String = "AppType",
        profile: Option<String> = "UserProfileName",
        space: Option<String> = "SpaceName",
        status: Seen<String> = "Status",
        created: Seen<Timestamp> = "CreationTime",
        instance_type: Seen<String> = "ResourceSpec.InstanceType",
        /// Only of apps that run.
        last_activity: Seen<Timestamp> = "LastUserActivityTimestamp",
        identity_propagation: Seen<String> = "EffectiveTrustedIdentityPropagationStatus",
    }
    by Spec {
        describe: Some(APP),
        arn: "AppArn",
        resource: "app/{DomainId}/{UserProfileName}/{AppType}/{AppName}",
        summary: &[
            "DomainId", "UserProfileName", "SpaceName", "AppType", "AppName", "Status", "CreationTime", "ResourceSpec",
        ],
        missing: "ResourceNotFound",
        ..Spec::of(Table::Apps, List::of(read!("sagemaker", "ListApps"), "Apps"))
    }
}
