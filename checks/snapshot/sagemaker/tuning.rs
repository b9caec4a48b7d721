//! Hyperparameter tuning jobs.

use jiff::Timestamp;
use sagescan_secrets::Secret;
use serde_json::{Value, json};

use super::secrets::{Environment, Hyperparameters};
use super::{Instances, VpcConfig};
use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::{Form, Wire, look};
use crate::snapshot::{Ask, Jobs, List, Search, Seen, Spec, Table};

part! {
    /// One definition of training jobs: all that a tuning job starts by it are made like this.
    pub struct TuningDefinition {
        name: Option<String> = "DefinitionName",
        role: Option<String> = "RoleArn" => Role,
        image: Option<String> = "AlgorithmSpecification.TrainingImage" => Image,
        algorithm: Option<String> = "AlgorithmSpecification.AlgorithmName",
        /// `ResourceConfig` or `HyperParameterTuningResourceConfig`; several kinds where it may choose.
        instances: Vec<Instances> = "" as TuningCluster,
        volume_key: Option<String> = "ResourceConfig.VolumeKmsKeyId" | "HyperParameterTuningResourceConfig.VolumeKmsKeyId" => Key,
        /// An empty text counts as unset.
        output_key: Option<String> = "OutputDataConfig.KmsKeyId" => Key,
        output_path: Option<String> = "OutputDataConfig.S3OutputPath" => Data,
        checkpoints: Option<String> = "CheckpointConfig.S3Uri" => Data,
        inputs: Vec<String> = "InputDataConfig[].DataSource.S3DataSource.S3Uri" => Data,
        vpc: Option<VpcConfig> = "VpcConfig" => Subnet & SecurityGroup,
        network_isolation: Option<bool> = "EnableNetworkIsolation",
        inter_container_encryption: Option<bool> = "EnableInterContainerTrafficEncryption",
        /// Secrets found in its values.
        environment_secrets: Vec<Secret> = "Environment" as Environment,
        /// Secrets found in its values.
        parameter_secrets: Vec<Secret> = "StaticHyperParameters" as Hyperparameters,
    }
}

record! {
    /// A hyperparameter tuning job.
    pub struct HyperParameterTuningJob in tuning_jobs {
        name: String = "HyperParameterTuningJobName",
        arn: String = "HyperParameterTuningJobArn",
        status: Seen<String> = "HyperParameterTuningJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "HyperParameterTuningEndTime",
        /// `TrainingJobDefinition` or `TrainingJobDefinitions`.
        definitions: Seen<Vec<TuningDefinition>> = "" as Definitions => Role & Image & Key & Data & Subnet & SecurityGroup,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeHyperParameterTuningJob"),
            &[("HyperParameterTuningJobName", "HyperParameterTuningJobName")],
        )),
        search: Some(Search {
            resource: "HyperParameterTuningJob",
            record: "HyperParameterTuningJob",
            filter: None,
            whole: true,
            lacks: &[],
        }),
        jobs: Some(Jobs { status: "HyperParameterTuningJobStatus", running: &["InProgress", "Stopping"] }),
        arn: "HyperParameterTuningJobArn",
        resource: "hyper-parameter-tuning-job/{HyperParameterTuningJobName}",
        summary: &[
            "HyperParameterTuningJobName", "HyperParameterTuningJobArn", "HyperParameterTuningJobStatus",
            "Strategy=HyperParameterTuningJobConfig.Strategy", "CreationTime", "HyperParameterTuningEndTime",
            "TrainingJobStatusCounters", "ObjectiveStatusCounters",
        ],
        required: r#"{
            "HyperParameterTuningJobConfig": {"Strategy": "Bayesian", "ResourceLimits": {"MaxParallelTrainingJobs": 1}},
            "TrainingJobStatusCounters": {},
            "ObjectiveStatusCounters": {},
            "TrainingJobDefinition?": {
                "AlgorithmSpecification": {"TrainingInputMode": "File"},
                "RoleArn": "",
                "OutputDataConfig": {"S3OutputPath": ""},
                "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
                "ResourceConfig?": {"InstanceGroups?": [{"InstanceGroupName": "group"}]},
                "InputDataConfig?": [{"ChannelName": "channel", "DataSource": {"S3DataSource?": {"S3DataType": "S3Prefix"}}}]
            },
            "TrainingJobDefinitions?": [{
                "AlgorithmSpecification": {"TrainingInputMode": "File"},
                "RoleArn": "",
                "OutputDataConfig": {"S3OutputPath": ""},
                "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
                "ResourceConfig?": {"InstanceGroups?": [{"InstanceGroupName": "group"}]},
                "InputDataConfig?": [{"ChannelName": "channel", "DataSource": {"S3DataSource?": {"S3DataType": "S3Prefix"}}}]
            }]
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::TuningJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListHyperParameterTuningJobs"), "HyperParameterTuningJobSummaries")
        })
    }
}

/// The definitions of a tuning job: one stands alone, several form a list.
#[derive(Debug)]
struct Definitions;

impl Form<Vec<TuningDefinition>> for Definitions {
    fn read(value: &Value) -> Result<Option<Vec<TuningDefinition>>, String> {
        let mut all = Vec::new();
        if let Some(one) = look(value, "TrainingJobDefinition") {
            all.extend(TuningDefinition::read(&one)?);
        }
        if let Some(several) = look(value, "TrainingJobDefinitions") {
            all.extend(Vec::<TuningDefinition>::read(&several)?.unwrap_or_default());
        }
        Ok(Some(all))
    }
    fn write(value: &Vec<TuningDefinition>) -> Value {
        match &value[..] {
            [] => Value::Null,
            [one] => json!({ "TrainingJobDefinition": one.write() }),
            several => json!({ "TrainingJobDefinitions": several.write_all() }),
        }
    }
}

/// The instances of a definition, in whichever of the four ways they are given.
#[derive(Debug)]
struct TuningCluster;

impl Form<Vec<Instances>> for TuningCluster {
    fn read(value: &Value) -> Result<Option<Vec<Instances>>, String> {
        let mut all = Vec::new();
        for path in ["ResourceConfig", "HyperParameterTuningResourceConfig"] {
            if let Some(cluster) = look(value, path).filter(|cluster| look(cluster, "InstanceType").is_some()) {
                all.extend(Instances::read(&cluster)?);
            }
        }
        for path in [
            "ResourceConfig.InstanceGroups",
            "ResourceConfig.InstancePreferences",
            "HyperParameterTuningResourceConfig.InstanceConfigs",
        ] {
            if let Some(several) = look(value, path) {
                all.extend(Vec::<Instances>::read(&several)?.unwrap_or_default());
            }
        }
        Ok(Some(all))
    }
    fn write(value: &Vec<Instances>) -> Value {
        match &value[..] {
            [] => Value::Null,
            [one] => json!({ "ResourceConfig": one.write() }),
            several => json!({ "ResourceConfig": { "InstanceGroups": several.write_all() } }),
        }
    }
}

trait WriteAll {
    fn write_all(&self) -> Value;
}

impl<T: Wire> WriteAll for [T] {
    fn write_all(&self) -> Value {
        self.iter().map(Wire::write).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_and_volume_key_are_read_in_every_form() {
        let cases = [
            json!({ "ResourceConfig": { "InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeKmsKeyId": "k" } }),
            json!({ "ResourceConfig": { "InstanceGroups": [{ "InstanceType": "ml.m5.large", "InstanceCount": 2 }], "VolumeKmsKeyId": "k" } }),
            json!({ "ResourceConfig": { "InstancePreferences": [{ "InstanceType": "ml.m5.large", "InstanceCount": 2 }], "VolumeKmsKeyId": "k" } }),
            json!({ "HyperParameterTuningResourceConfig": { "InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeKmsKeyId": "k" } }),
            json!({ "HyperParameterTuningResourceConfig": { "InstanceConfigs": [{ "InstanceType": "ml.m5.large", "InstanceCount": 2 }], "VolumeKmsKeyId": "k" } }),
        ];
        for case in cases {
            let definition = TuningDefinition::read(&case).unwrap().unwrap();
            let [one] = &definition.instances[..] else { panic!("{case}") };
            assert_eq!((one.instance_type.as_str(), one.count), ("ml.m5.large", Some(2)), "{case}");
            assert_eq!(definition.volume_key.as_deref(), Some("k"), "{case}");
        }
    }
}
