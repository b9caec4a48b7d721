//! Training jobs.

use jiff::Timestamp;
use sagescan_secrets::Secret;
use serde_json::{Value, json};

use super::VpcConfig;
use super::secrets::{Environment, TrainingParameters};
use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::{Every, Form, Wire, look};
use crate::snapshot::{Ask, Jobs, List, Search, Seen, Spec, Table};

part! {
    /// One homogeneous group of instances of a job.
    pub struct Instances {
        instance_type: String = "InstanceType",
        /// Absent for serverless jobs.
        count: Option<i32> = "InstanceCount",
    }
}

part! {
    /// A file system that a job reads its data from.
    pub struct FileSystemSource {
        id: Option<String> = "FileSystemId",
        /// `EFS` or `FSxLustre`
        kind: Option<String> = "FileSystemType",
    }
}

record! {
    /// A training job.
    pub struct TrainingJob in training_jobs {
        name: String = "TrainingJobName",
        arn: String = "TrainingJobArn",
        status: Seen<String> = "TrainingJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "TrainingEndTime",
        role: Seen<String> = "RoleArn" => Role,
        /// `ResourceConfig`: one kind of instance, or its groups.
        instances: Seen<Vec<Instances>> = "ResourceConfig" as Cluster,
        /// `ServerlessJobConfig` is present; `ResourceConfig` with instances says as much as its absence.
        serverless: Seen<bool> = "" as Serverless,
        volume_key: Seen<String> = "ResourceConfig.VolumeKmsKeyId" => Key,
        /// An empty text counts as unset.
        output_key: Seen<String> = "OutputDataConfig.KmsKeyId" => Key,
        output_path: Seen<String> = "OutputDataConfig.S3OutputPath" => Data,
        inputs: Seen<Vec<String>> = "InputDataConfig[].DataSource.S3DataSource.S3Uri" as Every => Data,
        /// What it reads from file systems rather than buckets.
        file_systems: Seen<Vec<FileSystemSource>> = "InputDataConfig[].DataSource.FileSystemDataSource" as Every,
        vpc: Seen<VpcConfig> = "VpcConfig" => Subnet & SecurityGroup,
        network_isolation: Seen<bool> = "EnableNetworkIsolation",
        inter_container_encryption: Seen<bool> = "EnableInterContainerTrafficEncryption",
        /// In seconds.
        max_runtime: Seen<i32> = "StoppingCondition.MaxRuntimeInSeconds",
        /// Whether it runs on spare capacity that may be taken away.
        spot: Seen<bool> = "EnableManagedSpotTraining",
        checkpoints: Seen<String> = "CheckpointConfig.S3Uri",
        /// Whether a shell into the running job may be opened.
        remote_debug: Seen<bool> = "RemoteDebugConfig.EnableRemoteDebug",
        image: Seen<String> = "AlgorithmSpecification.TrainingImage" => Image,
        /// `Platform` or `Vpc`; unset is the first.
        repository_access: Seen<String> = "AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAccessMode",
        algorithm: Seen<String> = "AlgorithmSpecification.AlgorithmName",
        tuning_job: Seen<String> = "TuningJobArn",
        auto_ml_job: Seen<String> = "AutoMLJobArn",
        labeling_job: Seen<String> = "LabelingJobArn",
        /// Secrets found in its values.
        environment_secrets: Seen<Vec<Secret>> = "Environment" as Environment,
        /// Secrets found in `HyperParameters`, `ContainerEntrypoint` and `ContainerArguments`.
        parameter_secrets: Seen<Vec<Secret>> = "" as TrainingParameters,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeTrainingJob"), &[("TrainingJobName", "TrainingJobName")])),
        search: Some(Search {
            resource: "TrainingJob",
            record: "TrainingJob",
            filter: None,
            // What Search leaves out of a training job (service model, `TrainingJob` beside `DescribeTrainingJobResponse`).
            whole: true,
            lacks: &["RemoteDebugConfig", "ServerlessJobConfig"],
        }),
        jobs: Some(Jobs { status: "TrainingJobStatus", running: &["InProgress", "Stopping"] }),
        arn: "TrainingJobArn",
        resource: "training-job/{TrainingJobName}",
        summary: &["TrainingJobName", "TrainingJobArn", "TrainingJobStatus", "CreationTime", "TrainingEndTime"],
        required: r#"{
            "ModelArtifacts": {"S3ModelArtifacts": "s3://artifacts/model.tar.gz"},
            "SecondaryStatus": "Completed",
            "StoppingCondition": {},
            "ResourceConfig": {"VolumeSizeInGB": 30, "InstanceGroups?": [{"InstanceGroupName": "group"}]},
            "AlgorithmSpecification": {"TrainingInputMode": "File"},
            "InputDataConfig?": [{"ChannelName": "channel", "DataSource?": {
                "S3DataSource?": {"S3DataType": "S3Prefix"},
                "FileSystemDataSource?": {"FileSystemAccessMode": "ro", "DirectoryPath": "/fsx"}
            }}],
            "ServerlessJobConfig?": {"BaseModelArn": "hub-content", "JobType": "FineTuning"}
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::TrainingJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListTrainingJobs"), "TrainingJobSummaries")
        })
    }
}

/// `ResourceConfig` of a training job: one kind of instance stands alone, several form groups.
#[derive(Debug)]
struct Cluster;

impl Form<Vec<Instances>> for Cluster {
    fn read(value: &Value) -> Result<Option<Vec<Instances>>, String> {
        let mut all = Vec::new();
        if value.get("InstanceType").is_some_and(|kind| !kind.is_null()) {
            all.extend(Instances::read(value)?);
        }
        if let Some(groups) = look(value, "InstanceGroups") {
            all.extend(Vec::<Instances>::read(&groups)?.unwrap_or_default());
        }
        Ok(Some(all))
    }
    fn write(value: &Vec<Instances>) -> Value {
        match &value[..] {
            [] => json!({}),
            [one] => one.write(),
            groups => json!({ "InstanceGroups": groups.iter().map(Wire::write).collect::<Vec<_>>() }),
        }
    }
}

/// Whether a training job is serverless. Search leaves `ServerlessJobConfig` out, but a job with instances is none.
#[derive(Debug)]
struct Serverless;

impl Form<bool> for Serverless {
    fn read(value: &Value) -> Result<Option<bool>, String> {
        let has = |path| look(value, path).is_some();
        if has("ServerlessJobConfig") {
            Ok(Some(true))
        } else if has("ResourceConfig.InstanceType") || has("ResourceConfig.InstanceGroups") {
            Ok(Some(false))
        } else {
            Err("has neither instances nor ServerlessJobConfig".to_owned())
        }
    }
    fn write(value: &bool) -> Value {
        if *value { json!({ "ServerlessJobConfig": {} }) } else { Value::Null }
    }
}
