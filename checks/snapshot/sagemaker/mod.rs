//! SageMaker's own resources. Field comments name the API field that each value comes from.

use jiff::Timestamp;

use super::record::part;
use super::{Seen, model};

mod clusters;
mod endpoints;
mod features;
mod hubs;
mod images;
mod inference;
mod lifecycle_configs;
mod lineage;
mod mlflow;
mod models;
mod monitoring;
mod notebooks;
mod packages;
mod pipelines;
mod processing;
mod secrets;
mod training;

pub use clusters::*;
pub use endpoints::*;
pub use features::*;
pub use hubs::*;
pub use images::*;
pub use inference::*;
pub use lifecycle_configs::*;
pub use lineage::*;
pub use mlflow::*;
pub use models::*;
pub use monitoring::*;
pub use notebooks::*;
pub use packages::*;
pub use pipelines::*;
pub use processing::*;
pub use training::*;

part! {
    /// A tag as AWS returns it; names and values are whatever the account holds.
    pub struct Tag {
        key: String = "Key",
        value: String = "Value",
    }

    /// `VpcConfig`: where a container's network interfaces go.
    pub struct VpcConfig {
        subnets: Vec<String> = "Subnets" => Subnet,
        security_groups: Vec<String> = "SecurityGroupIds" => SecurityGroup,
    }
}

model! {
    /// A Studio domain (ListDomains, DescribeDomain).
    pub struct Domain {
        /// `DomainName`
        pub name: String,
        /// `DomainArn`
        pub arn: String,
        /// `DomainId`
        pub id: String,
        /// `Status`
        pub status: Seen<String>,
        /// `CreationTime`
        pub created: Seen<Timestamp>,
        /// `AuthMode`: `SSO` or `IAM`
        pub auth: Seen<String>,
        /// `SingleSignOnApplicationArn` or `SingleSignOnManagedApplicationInstanceId`
        pub sso_application: Seen<String>,
        /// `AppNetworkAccessType`: `VpcOnly` or `PublicInternetOnly`
        pub network_access: Seen<String>,
        /// `VpcId`
        pub vpc: Seen<String>,
        /// `SubnetIds`
        pub subnets: Seen<Vec<String>>,
        /// `KmsKeyId`, else the deprecated `HomeEfsFileSystemKmsKeyId`
        pub key: Seen<String>,
        /// `HomeEfsFileSystemId`
        pub file_system: Seen<String>,
        /// `DefaultUserSettings.ExecutionRole`
        pub role: Seen<String>,
        /// `DefaultSpaceSettings.ExecutionRole`
        pub space_role: Seen<String>,
        /// `DefaultUserSettings.SecurityGroups`
        pub security_groups: Seen<Vec<String>>,
        /// `DefaultSpaceSettings.SecurityGroups`
        pub space_security_groups: Seen<Vec<String>>,
        /// `DomainSettings.SecurityGroupIds`
        pub domain_security_groups: Seen<Vec<String>>,
        /// `SecurityGroupIdForDomainBoundary`
        pub boundary_security_group: Seen<String>,
        /// `DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.LifecycleManagement`: `ENABLED` is true
        pub jupyterlab_idle_shutdown: Seen<bool>,
        /// The same below `CodeEditorAppSettings`
        pub code_editor_idle_shutdown: Seen<bool>,
        /// ListTags
        pub tags: Seen<Vec<Tag>>,
    }

    /// A user profile of a domain (ListUserProfiles, DescribeUserProfile).
    pub struct UserProfile {
        /// `UserProfileName`
        pub name: String,
        /// `UserProfileArn`; only the description has it
        pub arn: String,
        /// `DomainId`
        pub domain: String,
        /// `Status`
        pub status: Seen<String>,
        /// `SingleSignOnUserValue`, reduced to whether it is set: the identity itself is personal data
        pub sso_user: Seen<bool>,
        /// `UserSettings.ExecutionRole`
        pub role: Seen<String>,
        /// `UserSettings.SecurityGroups`; replaces the domain's
        pub security_groups: Seen<Vec<String>>,
        /// ListTags
        pub tags: Seen<Vec<Tag>>,
    }

    /// A space of a domain (ListSpaces, DescribeSpace).
    pub struct Space {
        /// `SpaceName`
        pub name: String,
        /// `SpaceArn`; only the description has it
        pub arn: String,
        /// `DomainId`
        pub domain: String,
        /// `Status`
        pub status: Seen<String>,
        /// `SpaceSharingSettings.SharingType`: `Private` or `Shared`
        pub sharing: Seen<String>,
        /// `OwnershipSettings.OwnerUserProfileName`
        pub owner: Seen<String>,
        /// `SpaceSettings.AppType`
        pub app_type: Seen<String>,
        /// ListTags
        pub tags: Seen<Vec<Tag>>,
    }

    /// An app of a user profile or space (ListApps; DescribeApp for running ones).
    pub struct App {
        /// `AppName`
        pub name: String,
        /// `AppArn`, from DescribeApp; empty where that was not asked
        pub arn: String,
        /// `DomainId`
        pub domain: String,
        /// `AppType`
        pub kind: String,
        /// `UserProfileName`
        pub profile: Option<String>,
        /// `SpaceName`
        pub space: Option<String>,
        /// `Status`
        pub status: Seen<String>,
        /// `CreationTime`
        pub created: Seen<Timestamp>,
        /// `ResourceSpec.InstanceType`
        pub instance_type: Seen<String>,
        /// `LastUserActivityTimestamp` of DescribeApp
        pub last_activity: Seen<Timestamp>,
    }
}
