//! AutoML (Autopilot) jobs.

use jiff::Timestamp;

use super::VpcConfig;
use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::Every;
use crate::snapshot::{Ask, Jobs, List, Seen, Spec, Table};

record! {
    /// An AutoML job of either version: the second version of the description tells of both.
    pub struct AutoMLJob in auto_ml_jobs {
        name: String = "AutoMLJobName",
        arn: String = "AutoMLJobArn",
        status: Seen<String> = "AutoMLJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "EndTime",
        role: Seen<String> = "RoleArn" => Role,
        /// Of an EMR Serverless application that works for it.
        compute_role: Seen<String> = "AutoMLComputeConfig.EmrServerlessComputeConfig.ExecutionRoleARN" => Role,
        volume_key: Seen<String> = "SecurityConfig.VolumeKmsKeyId" => Key,
        /// An empty text counts as unset.
        output_key: Seen<String> = "OutputDataConfig.KmsKeyId" => Key,
        output_path: Seen<String> = "OutputDataConfig.S3OutputPath" => Data,
        inputs: Seen<Vec<String>> = "AutoMLJobInputDataConfig[].DataSource.S3DataSource.S3Uri" as Every => Data,
        vpc: Seen<VpcConfig> = "SecurityConfig.VpcConfig" => Subnet & SecurityGroup,
        inter_container_encryption: Seen<bool> = "SecurityConfig.EnableInterContainerTrafficEncryption",
        /// Whether the best model goes to an endpoint with a name of SageMaker's.
        deploys: Seen<bool> = "ModelDeployConfig.AutoGenerateEndpointName",
        /// The endpoint that the best model goes to.
        endpoint: Seen<String> = "ModelDeployConfig.EndpointName",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeAutoMLJobV2"), &[("AutoMLJobName", "AutoMLJobName")])),
        jobs: Some(Jobs { status: "AutoMLJobStatus", running: &["InProgress", "Stopping"] }),
        arn: "AutoMLJobArn",
        resource: "automl-job/{AutoMLJobName}",
        summary: &[
            "AutoMLJobName", "AutoMLJobArn", "AutoMLJobStatus", "AutoMLJobSecondaryStatus", "CreationTime", "EndTime",
            "LastModifiedTime",
        ],
        required: r#"{
            "AutoMLJobSecondaryStatus": "Completed",
            "LastModifiedTime": 1790000000,
            "RoleArn": "",
            "OutputDataConfig": {"S3OutputPath": ""},
            "AutoMLJobInputDataConfig": [{"DataSource?": {"S3DataSource": {"S3DataType": "S3Prefix"}}}]
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::AutoMLJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListAutoMLJobs"), "AutoMLJobSummaries")
        })
    }
}
