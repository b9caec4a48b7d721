//! SageMaker's own resources. Field comments name the API field that each value comes from.

use jiff::Timestamp;
use sagescan_secrets::Secret;

use super::{Seen, model};

model! {
    /// A tag as AWS returns it; names and values are whatever the account holds.
    pub struct Tag {
        /// `Key`
        pub key: String,
        /// `Value`
        pub value: String,
    }

    /// `VpcConfig`: where a container's network interfaces go.
    pub struct VpcConfig {
        /// `Subnets`
        pub subnets: Vec<String>,
        /// `SecurityGroupIds`
        pub security_groups: Vec<String>,
    }

    /// A notebook instance (ListNotebookInstances, DescribeNotebookInstance).
    pub struct Notebook {
        /// `NotebookInstanceName`
        pub name: String,
        /// `NotebookInstanceArn`
        pub arn: String,
        /// `NotebookInstanceStatus`, e.g. `InService`, `Stopped`
        pub status: Seen<String>,
        /// `InstanceType`
        pub instance_type: Seen<String>,
        /// `CreationTime`
        pub created: Seen<Timestamp>,
        /// `LastModifiedTime`
        pub modified: Seen<Timestamp>,
        /// `NotebookInstanceLifecycleConfigName`
        pub lifecycle_config: Seen<String>,
        /// `RootAccess`: `Enabled` is true
        pub root_access: Seen<bool>,
        /// `DirectInternetAccess`: `Enabled` is true
        pub direct_internet: Seen<bool>,
        /// `SubnetId`
        pub subnet: Seen<String>,
        /// `SecurityGroups`
        pub security_groups: Seen<Vec<String>>,
        /// `KmsKeyId`
        pub key: Seen<String>,
        /// `RoleArn`
        pub role: Seen<String>,
        /// `PlatformIdentifier`
        pub platform: Seen<String>,
        /// `InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion`: `1` or `2`
        pub imds_version: Seen<String>,
        /// `IpAddressType`: `ipv4` or `dualstack`
        pub ip_address_type: Seen<String>,
        /// `DefaultCodeRepository` and `AdditionalCodeRepositories`; user information in URLs is removed
        pub code_repositories: Seen<Vec<String>>,
        /// ListTags
        pub tags: Seen<Vec<Tag>>,
    }

    /// A notebook lifecycle configuration; of its scripts only what was found in them is kept.
    pub struct LifecycleConfig {
        /// `NotebookInstanceLifecycleConfigName`
        pub name: String,
        /// `NotebookInstanceLifecycleConfigArn`
        pub arn: String,
        /// `LastModifiedTime`
        pub modified: Seen<Timestamp>,
        /// The scripts that exist: `OnCreate`, `OnStart`
        pub scripts: Seen<Vec<String>>,
        /// Secrets found in the scripts' `Content`
        pub secrets: Seen<Vec<Secret>>,
    }

    /// One homogeneous group of instances of a job.
    pub struct Instances {
        /// `InstanceType`
        pub instance_type: String,
        /// `InstanceCount`; absent for serverless jobs
        pub count: Option<i32>,
    }

    /// A training job (ListTrainingJobs, DescribeTrainingJob).
    pub struct TrainingJob {
        /// `TrainingJobName`
        pub name: String,
        /// `TrainingJobArn`
        pub arn: String,
        /// `TrainingJobStatus`
        pub status: Seen<String>,
        /// `CreationTime`
        pub created: Seen<Timestamp>,
        /// `TrainingEndTime`
        pub ended: Seen<Timestamp>,
        /// `RoleArn`
        pub role: Seen<String>,
        /// `ResourceConfig.InstanceType`/`InstanceCount`, or `ResourceConfig.InstanceGroups`
        pub instances: Seen<Vec<Instances>>,
        /// `ServerlessJobConfig` is present
        pub serverless: Seen<bool>,
        /// `ResourceConfig.VolumeKmsKeyId`
        pub volume_key: Seen<String>,
        /// `OutputDataConfig.KmsKeyId`; an empty string counts as unset
        pub output_key: Seen<String>,
        /// `OutputDataConfig.S3OutputPath`
        pub output_path: Seen<String>,
        /// `InputDataConfig[].DataSource.S3DataSource.S3Uri`
        pub inputs: Seen<Vec<String>>,
        /// `VpcConfig`
        pub vpc: Seen<VpcConfig>,
        /// `EnableNetworkIsolation`
        pub network_isolation: Seen<bool>,
        /// `EnableInterContainerTrafficEncryption`
        pub inter_container_encryption: Seen<bool>,
        /// `AlgorithmSpecification.TrainingImage`
        pub image: Seen<String>,
        /// `AlgorithmSpecification.AlgorithmName`
        pub algorithm: Seen<String>,
        /// `TuningJobArn`
        pub tuning_job: Seen<String>,
        /// `AutoMLJobArn`
        pub auto_ml_job: Seen<String>,
        /// `LabelingJobArn`
        pub labeling_job: Seen<String>,
        /// Secrets found in `Environment`
        pub environment_secrets: Seen<Vec<Secret>>,
        /// Secrets found in `HyperParameters`, `ContainerArguments` and `ContainerEntrypoint`
        pub parameter_secrets: Seen<Vec<Secret>>,
        /// ListTags
        pub tags: Seen<Vec<Tag>>,
    }

    /// A processing job (ListProcessingJobs, DescribeProcessingJob).
    pub struct ProcessingJob {
        /// `ProcessingJobName`
        pub name: String,
        /// `ProcessingJobArn`
        pub arn: String,
        /// `ProcessingJobStatus`
        pub status: Seen<String>,
        /// `CreationTime`
        pub created: Seen<Timestamp>,
        /// `ProcessingEndTime`
        pub ended: Seen<Timestamp>,
        /// `RoleArn`
        pub role: Seen<String>,
        /// `ProcessingResources.ClusterConfig`
        pub instances: Seen<Instances>,
        /// `ProcessingResources.ClusterConfig.VolumeKmsKeyId`
        pub volume_key: Seen<String>,
        /// `ProcessingOutputConfig.KmsKeyId`; an empty string counts as unset
        pub output_key: Seen<String>,
        /// `ProcessingOutputConfig.Outputs[].S3Output.S3Uri`
        pub outputs: Seen<Vec<String>>,
        /// `ProcessingInputs[].S3Input.S3Uri`
        pub inputs: Seen<Vec<String>>,
        /// `NetworkConfig.VpcConfig`
        pub vpc: Seen<VpcConfig>,
        /// `NetworkConfig.EnableNetworkIsolation`
        pub network_isolation: Seen<bool>,
        /// `NetworkConfig.EnableInterContainerTrafficEncryption`
        pub inter_container_encryption: Seen<bool>,
        /// `AppSpecification.ImageUri`
        pub image: Seen<String>,
        /// `MonitoringScheduleArn`
        pub monitoring_schedule: Seen<String>,
        /// `AutoMLJobArn`
        pub auto_ml_job: Seen<String>,
        /// `TrainingJobArn`
        pub training_job: Seen<String>,
        /// Secrets found in `Environment`
        pub environment_secrets: Seen<Vec<Secret>>,
        /// Secrets found in `AppSpecification.ContainerArguments` and `ContainerEntrypoint`
        pub parameter_secrets: Seen<Vec<Secret>>,
        /// ListTags
        pub tags: Seen<Vec<Tag>>,
    }

    /// One container of a model (`PrimaryContainer` or an entry of `Containers`).
    pub struct Container {
        /// `ContainerHostname`
        pub hostname: Option<String>,
        /// `Image`
        pub image: Option<String>,
        /// `ModelDataUrl` and `ModelDataSource.S3DataSource.S3Uri`
        pub data: Vec<String>,
        /// `Mode`: `SingleModel` or `MultiModel`
        pub mode: Option<String>,
        /// `ImageConfig.RepositoryAccessMode`: `Platform` or `Vpc`
        pub repository_access: Option<String>,
        /// `ModelPackageName`
        pub model_package: Option<String>,
    }

    /// A model (ListModels, DescribeModel).
    pub struct Model {
        /// `ModelName`
        pub name: String,
        /// `ModelArn`
        pub arn: String,
        /// `CreationTime`
        pub created: Seen<Timestamp>,
        /// `ExecutionRoleArn`
        pub role: Seen<String>,
        /// `PrimaryContainer` or `Containers`
        pub containers: Seen<Vec<Container>>,
        /// `VpcConfig`
        pub vpc: Seen<VpcConfig>,
        /// `EnableNetworkIsolation`
        pub network_isolation: Seen<bool>,
        /// Secrets found in the containers' `Environment`
        pub environment_secrets: Seen<Vec<Secret>>,
        /// ListTags
        pub tags: Seen<Vec<Tag>>,
    }

    /// A variant of an endpoint configuration.
    pub struct Variant {
        /// `VariantName`
        pub name: String,
        /// `ModelName`; absent where inference components bring the models
        pub model: Option<String>,
        /// `InstanceType`
        pub instance_type: Option<String>,
        /// `InitialInstanceCount`
        pub initial_count: Option<i32>,
        /// `InitialVariantWeight`
        pub weight: Option<f64>,
        /// `ServerlessConfig` is present
        pub serverless: bool,
        /// `ManagedInstanceScaling.MinInstanceCount`
        pub managed_minimum: Option<i32>,
    }

    /// `DataCaptureConfig` of an endpoint configuration.
    pub struct DataCapture {
        /// `EnableCapture`
        pub enabled: bool,
        /// `InitialSamplingPercentage`
        pub percentage: Option<i32>,
        /// `DestinationS3Uri`
        pub destination: Option<String>,
        /// `KmsKeyId`
        pub key: Option<String>,
        /// `CaptureOptions[].CaptureMode`: `Input`, `Output`, `InputAndOutput`
        pub modes: Vec<String>,
    }

    /// `AsyncInferenceConfig.OutputConfig` of an endpoint configuration.
    pub struct AsyncOutput {
        /// `S3OutputPath`
        pub path: Option<String>,
        /// `S3FailurePath`
        pub failure_path: Option<String>,
        /// `KmsKeyId`
        pub key: Option<String>,
    }

    /// An endpoint configuration (ListEndpointConfigs, DescribeEndpointConfig).
    pub struct EndpointConfig {
        /// `EndpointConfigName`
        pub name: String,
        /// `EndpointConfigArn`
        pub arn: String,
        /// `CreationTime`
        pub created: Seen<Timestamp>,
        /// `KmsKeyId`
        pub key: Seen<String>,
        /// `ProductionVariants`
        pub variants: Seen<Vec<Variant>>,
        /// `ShadowProductionVariants`
        pub shadow_variants: Seen<Vec<Variant>>,
        /// `DataCaptureConfig`
        pub data_capture: Seen<DataCapture>,
        /// `AsyncInferenceConfig.OutputConfig`
        pub async_output: Seen<AsyncOutput>,
        /// `VpcConfig`, for inference components
        pub vpc: Seen<VpcConfig>,
        /// `EnableNetworkIsolation`, for inference components
        pub network_isolation: Seen<bool>,
        /// `ExecutionRoleArn`, for inference components
        pub role: Seen<String>,
        /// ListTags
        pub tags: Seen<Vec<Tag>>,
    }

    /// What a variant of an endpoint runs now.
    pub struct LiveVariant {
        /// `VariantName`
        pub name: String,
        /// `CurrentInstanceCount`
        pub count: Option<i32>,
        /// `CurrentWeight`
        pub weight: Option<f64>,
        /// `CurrentServerlessConfig` is present
        pub serverless: bool,
        /// `ManagedInstanceScaling.MinInstanceCount`
        pub managed_minimum: Option<i32>,
    }

    /// `DataCaptureConfig` of a live endpoint.
    pub struct CaptureState {
        /// `EnableCapture`
        pub enabled: bool,
        /// `CaptureStatus`: `Started` or `Stopped`
        pub status: Option<String>,
        /// `CurrentSamplingPercentage`
        pub percentage: Option<i32>,
        /// `DestinationS3Uri`
        pub destination: Option<String>,
        /// `KmsKeyId`
        pub key: Option<String>,
    }

    /// An endpoint (ListEndpoints, DescribeEndpoint).
    pub struct Endpoint {
        /// `EndpointName`
        pub name: String,
        /// `EndpointArn`
        pub arn: String,
        /// `EndpointStatus`
        pub status: Seen<String>,
        /// `CreationTime`
        pub created: Seen<Timestamp>,
        /// `LastModifiedTime`
        pub modified: Seen<Timestamp>,
        /// `EndpointConfigName`
        pub config: Seen<String>,
        /// `ProductionVariants`
        pub variants: Seen<Vec<LiveVariant>>,
        /// `ShadowProductionVariants`
        pub shadow_variants: Seen<Vec<LiveVariant>>,
        /// `DataCaptureConfig`
        pub capture: Seen<CaptureState>,
        /// `AsyncInferenceConfig` is present
        pub asynchronous: Seen<bool>,
        /// ListTags
        pub tags: Seen<Vec<Tag>>,
    }

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
        /// `DomainSettings.ExecutionRoleIdentityConfig`: `USER_PROFILE_NAME` or `DISABLED`
        pub role_identity: Seen<String>,
        /// `DomainSettings.TrustedIdentityPropagationSettings.Status`: `ENABLED` or `DISABLED`
        pub identity_propagation: Seen<String>,
        /// `DomainSettings.UnifiedStudioSettings.DomainId`: the Unified Studio domain that it belongs to
        pub unified_studio: Seen<String>,
        /// `DefaultUserSettings.StudioWebPortalSettings.ExecutionRoleSessionNameMode`: `USER_IDENTITY` or `STATIC`
        pub session_name_mode: Seen<String>,
        /// `DefaultUserSettings.RStudioServerProAppSettings.AccessStatus`: `ENABLED` or `DISABLED`
        pub rstudio_access: Seen<String>,
        /// `DefaultUserSettings.RStudioServerProAppSettings.UserGroup`: `R_STUDIO_ADMIN` or `R_STUDIO_USER`
        pub rstudio_group: Seen<String>,
        /// `DefaultUserSettings.JupyterLabAppSettings.EmrSettings.AssumableRoleArns`
        pub emr_assumable_roles: Seen<Vec<String>>,
        /// `DefaultUserSettings.JupyterLabAppSettings.EmrSettings.ExecutionRoleArns`
        pub emr_execution_roles: Seen<Vec<String>>,
        /// `DefaultUserSettings.CanvasAppSettings.ModelRegisterSettings.Status`: `ENABLED` or `DISABLED`
        pub canvas_registration: Seen<String>,
        /// `DefaultUserSettings.CanvasAppSettings.ModelRegisterSettings.CrossAccountModelRegisterRoleArn`
        pub canvas_registration_role: Seen<String>,
        /// `DefaultUserSettings.CanvasAppSettings.DirectDeploySettings.Status`: `ENABLED` or `DISABLED`
        pub canvas_direct_deploy: Seen<String>,
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
        /// `UserSettings.StudioWebPortalSettings.ExecutionRoleSessionNameMode`: `USER_IDENTITY` or `STATIC`
        pub session_name_mode: Seen<String>,
        /// `UserSettings.RStudioServerProAppSettings.AccessStatus`: `ENABLED` or `DISABLED`
        pub rstudio_access: Seen<String>,
        /// `UserSettings.RStudioServerProAppSettings.UserGroup`: `R_STUDIO_ADMIN` or `R_STUDIO_USER`
        pub rstudio_group: Seen<String>,
        /// `UserSettings.JupyterLabAppSettings.EmrSettings.AssumableRoleArns`
        pub emr_assumable_roles: Seen<Vec<String>>,
        /// `UserSettings.JupyterLabAppSettings.EmrSettings.ExecutionRoleArns`
        pub emr_execution_roles: Seen<Vec<String>>,
        /// `UserSettings.CanvasAppSettings.ModelRegisterSettings.Status`: `ENABLED` or `DISABLED`
        pub canvas_registration: Seen<String>,
        /// `UserSettings.CanvasAppSettings.ModelRegisterSettings.CrossAccountModelRegisterRoleArn`
        pub canvas_registration_role: Seen<String>,
        /// `UserSettings.CanvasAppSettings.DirectDeploySettings.Status`: `ENABLED` or `DISABLED`
        pub canvas_direct_deploy: Seen<String>,
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
        /// `EffectiveTrustedIdentityPropagationStatus` of DescribeApp: `ENABLED` or `DISABLED`
        pub identity_propagation: Seen<String>,
    }
}
