//! Processing jobs.

use jiff::Timestamp;
use sagescan_secrets::Secret;

use super::secrets::{Environment, ProcessingParameters};
use super::{Instances, VpcConfig};
use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::Every;
use crate::snapshot::{Ask, Jobs, List, Search, Seen, Spec, Table};

part! {
    /// Where the answer to a query lands before a job reads it.
    pub struct DatasetOutput {
        output: Option<String> = "OutputS3Uri" => Data,
        key: Option<String> = "KmsKeyId" => Key,
        /// Of Athena, where the job names one.
        workgroup: Option<String> = "WorkGroup",
    }

    /// An input of a job that is the answer to a query. What is asked is not kept.
    pub struct DatasetQuery {
        athena: Option<DatasetOutput> = "AthenaDatasetDefinition" => Data & Key,
        redshift: Option<DatasetOutput> = "RedshiftDatasetDefinition" => Data & Key,
    }
}

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
        /// What Athena or Redshift is asked for it.
        dataset_queries: Seen<Vec<DatasetQuery>> = "ProcessingInputs[].DatasetDefinition" as Every => Data & Key,
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
                "LocalPath": "/opt/ml/processing/input", "S3DataType": "S3Prefix", "S3InputMode": "File"},
                "DatasetDefinition?": {
                    "AthenaDatasetDefinition?": {
                        "Catalog": "AwsDataCatalog", "Database": "sales", "QueryString": "select 1", "OutputFormat": "PARQUET",
                        "OutputS3Uri": "s3://answers/"},
                    "RedshiftDatasetDefinition?": {
                        "ClusterId": "sales", "Database": "sales", "DbUser": "reader", "QueryString": "select 1",
                        "ClusterRoleArn": "arn:aws:iam::111122223333:role/redshift", "OutputFormat": "PARQUET",
                        "OutputS3Uri": "s3://answers/"}
                }}],
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
