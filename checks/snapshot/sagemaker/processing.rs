//! Processing jobs.

use jiff::Timestamp;
use sagescan_secrets::Secret;

use super::secrets::{Environment, ProcessingParameters};
use super::{Instances, VpcConfig};
use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::Every;
use crate::snapshot::{Ask, Jobs, List, Search, Seen, Spec, Table};

record! {
    /// A processing job.
    pub struct ProcessingJob in processing_jobs {
        name: String = "ProcessingJobName",
        arn: String = "ProcessingJobArn",
        status: Seen<String> = "ProcessingJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "ProcessingEndTime",
        role: Seen<String> = "RoleArn" => Role,
        instances: Seen<Instances> = "ProcessingResources.ClusterConfig",
        volume_key: Seen<String> = "ProcessingResources.ClusterConfig.VolumeKmsKeyId" => Key,
        /// An empty text counts as unset.
        output_key: Seen<String> = "ProcessingOutputConfig.KmsKeyId" => Key,
        outputs: Seen<Vec<String>> = "ProcessingOutputConfig.Outputs[].S3Output.S3Uri" as Every => Data,
        inputs: Seen<Vec<String>> = "ProcessingInputs[].S3Input.S3Uri" as Every => Data,
        vpc: Seen<VpcConfig> = "NetworkConfig.VpcConfig" => Subnet & SecurityGroup,
        network_isolation: Seen<bool> = "NetworkConfig.EnableNetworkIsolation",
        inter_container_encryption: Seen<bool> = "NetworkConfig.EnableInterContainerTrafficEncryption",
        /// In seconds.
        max_runtime: Seen<i32> = "StoppingCondition.MaxRuntimeInSeconds",
        image: Seen<String> = "AppSpecification.ImageUri" => Image,
        monitoring_schedule: Seen<String> = "MonitoringScheduleArn",
        auto_ml_job: Seen<String> = "AutoMLJobArn",
        training_job: Seen<String> = "TrainingJobArn",
        /// Secrets found in its values.
        environment_secrets: Seen<Vec<Secret>> = "Environment" as Environment,
        /// Secrets found in `AppSpecification.ContainerEntrypoint` and `ContainerArguments`.
        parameter_secrets: Seen<Vec<Secret>> = "" as ProcessingParameters,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeProcessingJob"), &[("ProcessingJobName", "ProcessingJobName")])),
        // SageMaker makes a trial component for every processing job, and its record holds the whole job (developer
        // guide, "Experiments FAQ"). It may have been deleted, and not every region has Experiments: the rest is described.
        search: Some(Search {
            resource: "ExperimentTrialComponent",
            record: "TrialComponent.SourceDetail.ProcessingJob",
            filter: Some(("Source.SourceType", "SageMakerProcessingJob")),
            whole: false,
            lacks: &[],
        }),
        jobs: Some(Jobs { status: "ProcessingJobStatus", running: &["InProgress", "Stopping"] }),
        arn: "ProcessingJobArn",
        resource: "processing-job/{ProcessingJobName}",
        summary: &["ProcessingJobName", "ProcessingJobArn", "ProcessingJobStatus", "CreationTime", "ProcessingEndTime"],
        required: r#"{
            "AppSpecification": {"ImageUri": ""},
            "ProcessingResources": {"ClusterConfig?": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}},
            "ProcessingInputs?": [{"InputName": "input", "S3Input?": {
                "LocalPath": "/opt/ml/processing/input", "S3DataType": "S3Prefix", "S3InputMode": "File"}}],
            "ProcessingOutputConfig?": {"Outputs": [{"OutputName": "output", "S3Output?": {
                "LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob"}}]}
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::ProcessingJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListProcessingJobs"), "ProcessingJobSummaries")
        })
    }
}
