//! Endpoints and their configurations.

use jiff::Timestamp;

use super::VpcConfig;
use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::{Every, Present, UpperEnabled};
use crate::snapshot::{Ask, List, Seen, Spec, Table};

part! {
    /// A variant of an endpoint configuration.
    pub struct Variant {
        name: String = "VariantName",
        /// Absent where inference components bring the models.
        model: Option<String> = "ModelName",
        instance_type: Option<String> = "InstanceType",
        initial_count: Option<i32> = "InitialInstanceCount",
        weight: Option<f64> = "InitialVariantWeight",
        /// Whether it is there.
        serverless: bool = "ServerlessConfig" as Present,
        /// Whether AWS Systems Manager may open sessions on the instances.
        ssm_access: Option<bool> = "EnableSSMAccess",
        /// The system that the instances run, where it is chosen.
        ami: Option<String> = "InferenceAmiVersion",
        /// Of Elastic Inference.
        accelerator: Option<String> = "AcceleratorType",
        max_concurrency: Option<i32> = "ServerlessConfig.MaxConcurrency",
        provisioned_concurrency: Option<i32> = "ServerlessConfig.ProvisionedConcurrency",
        /// Whether SageMaker itself scales the instances.
        managed_scaling: Option<bool> = "ManagedInstanceScaling.Status" as UpperEnabled,
        managed_minimum: Option<i32> = "ManagedInstanceScaling.MinInstanceCount",
    }

    /// `DataCaptureConfig` of an endpoint configuration.
    pub struct DataCapture {
        enabled: bool = "EnableCapture",
        percentage: Option<i32> = "InitialSamplingPercentage",
        destination: Option<String> = "DestinationS3Uri" => Data,
        key: Option<String> = "KmsKeyId" => Key,
        /// `Input`, `Output`, `InputAndOutput`.
        modes: Vec<String> = "CaptureOptions[].CaptureMode",
    }

    /// `AsyncInferenceConfig.OutputConfig` of an endpoint configuration.
    pub struct AsyncOutput {
        path: Option<String> = "S3OutputPath" => Data,
        failure_path: Option<String> = "S3FailurePath" => Data,
        key: Option<String> = "KmsKeyId" => Key,
        /// The topic that is told of answers.
        success_topic: Option<String> = "NotificationConfig.SuccessTopic",
        /// The topic that is told of failures.
        error_topic: Option<String> = "NotificationConfig.ErrorTopic",
        /// The topics whose messages hold the answer: `SUCCESS_NOTIFICATION_TOPIC`, `ERROR_NOTIFICATION_TOPIC`.
        answers_to: Vec<String> = "NotificationConfig.IncludeInferenceResponseIn",
    }

    /// What a variant of an endpoint runs now.
    pub struct LiveVariant {
        name: String = "VariantName",
        count: Option<i32> = "CurrentInstanceCount",
        weight: Option<f64> = "CurrentWeight",
        /// Whether it is there.
        serverless: bool = "CurrentServerlessConfig" as Present,
        /// The images that run, by their digests.
        images: Vec<String> = "DeployedImages[].ResolvedImage" => Image,
        /// Whether SageMaker itself scales the instances.
        managed_scaling: Option<bool> = "ManagedInstanceScaling.Status" as UpperEnabled,
        managed_minimum: Option<i32> = "ManagedInstanceScaling.MinInstanceCount",
        managed_maximum: Option<i32> = "ManagedInstanceScaling.MaxInstanceCount",
    }

    /// `DataCaptureConfig` of a live endpoint.
    pub struct CaptureState {
        enabled: bool = "EnableCapture",
        /// `Started` or `Stopped`.
        status: Option<String> = "CaptureStatus",
        percentage: Option<i32> = "CurrentSamplingPercentage",
        destination: Option<String> = "DestinationS3Uri" => Data,
        key: Option<String> = "KmsKeyId" => Key,
    }
}

record! {
    /// An endpoint configuration.
    pub struct EndpointConfig in endpoint_configs {
        name: String = "EndpointConfigName",
        arn: String = "EndpointConfigArn",
        created: Seen<Timestamp> = "CreationTime",
        key: Seen<String> = "KmsKeyId" => Key,
        variants: Seen<Vec<Variant>> = "ProductionVariants" as Every,
        shadow_variants: Seen<Vec<Variant>> = "ShadowProductionVariants" as Every,
        data_capture: Seen<DataCapture> = "DataCaptureConfig" => Key & Data,
        async_output: Seen<AsyncOutput> = "AsyncInferenceConfig.OutputConfig" => Key & Data,
        /// For inference components.
        vpc: Seen<VpcConfig> = "VpcConfig" => Subnet & SecurityGroup,
        /// For inference components.
        network_isolation: Seen<bool> = "EnableNetworkIsolation",
        /// For inference components.
        role: Seen<String> = "ExecutionRoleArn" => Role,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeEndpointConfig"), &[("EndpointConfigName", "EndpointConfigName")])),
        arn: "EndpointConfigArn",
        resource: "endpoint-config/{EndpointConfigName}",
        summary: &["EndpointConfigName", "EndpointConfigArn", "CreationTime"],
        required: r#"{
            "ProductionVariants": [{
                "ServerlessConfig?": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
                "ManagedInstanceScaling?": {"Status": "ENABLED"}
            }],
            "ShadowProductionVariants?": [{
                "ServerlessConfig?": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
                "ManagedInstanceScaling?": {"Status": "ENABLED"}
            }],
            "DataCaptureConfig?": {"InitialSamplingPercentage": 100, "DestinationS3Uri": "", "CaptureOptions": []}
        }"#,
        // There is no call to update one.
        fixed: true,
        ..Spec::of(Table::EndpointConfigs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListEndpointConfigs"), "EndpointConfigs")
        })
    }
}

/// An endpoint without a policy answers so (API reference, GetEndpointPolicy).
const POLICY: Ask = Ask {
    absent: &["ValidationException"],
    ..Ask::of(read!("sagemaker", "GetEndpointPolicy"), &[("EndpointName", "EndpointName")])
};

record! {
    /// An endpoint.
    pub struct Endpoint in endpoints {
        name: String = "EndpointName",
        arn: String = "EndpointArn",
        status: Seen<String> = "EndpointStatus",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        config: Seen<String> = "EndpointConfigName",
        variants: Seen<Vec<LiveVariant>> = "ProductionVariants" as Every => Image,
        shadow_variants: Seen<Vec<LiveVariant>> = "ShadowProductionVariants" as Every => Image,
        capture: Seen<CaptureState> = "DataCaptureConfig" => Key & Data,
        /// Whether it is there.
        asynchronous: Seen<bool> = "AsyncInferenceConfig" as Present,
        /// Whether it was ever updated.
        deployed_again: Seen<bool> = "LastDeploymentConfig" as Present,
        /// How the last update moved traffic from old instances to new ones: `ALL_AT_ONCE`, `CANARY` or `LINEAR`.
        traffic_routing: Seen<String> = "LastDeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.Type",
        /// Whether the last update went batch by batch.
        rolling_update: Seen<bool> = "LastDeploymentConfig.RollingUpdatePolicy" as Present,
        /// The alarms that would have taken the last update back.
        rollback_alarms: Seen<Vec<String>> =
            "LastDeploymentConfig.AutoRollbackConfiguration.Alarms[].AlarmName" as Every,
        /// Why it failed, in the words of SageMaker.
        failure: Seen<String> = "FailureReason",
    }
    also {
        /// The resource policy as it stands; none is unset.
        policy: Seen<String> = POLICY, "ResourcePolicy";
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeEndpoint"), &[("EndpointName", "EndpointName")])),
        // Search leaves `AsyncInferenceConfig` out, so each is described.
        arn: "EndpointArn",
        resource: "endpoint/{EndpointName}",
        summary: &["EndpointName", "EndpointArn", "EndpointStatus", "CreationTime", "LastModifiedTime"],
        required: r#"{
            "ProductionVariants?": [{
                "CurrentServerlessConfig?": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
                "ManagedInstanceScaling?": {"Status": "ENABLED"}
            }],
            "ShadowProductionVariants?": [{
                "CurrentServerlessConfig?": {"MemorySizeInMB": 2048, "MaxConcurrency": 5},
                "ManagedInstanceScaling?": {"Status": "ENABLED"}
            }],
            "LastDeploymentConfig?": {
                "BlueGreenUpdatePolicy?": {"TrafficRoutingConfiguration": {"WaitIntervalInSeconds": 600}},
                "RollingUpdatePolicy?": {
                    "MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1}, "WaitIntervalInSeconds": 600}
            },
            "DataCaptureConfig?": {"CaptureStatus": "Stopped", "CurrentSamplingPercentage": 100, "DestinationS3Uri": "", "KmsKeyId": ""},
            "AsyncInferenceConfig?": {"OutputConfig": {}}
        }"#,
        ..Spec::of(Table::Endpoints, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListEndpoints"), "Endpoints")
        })
    }
}
