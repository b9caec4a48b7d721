//! Model Monitor: schedules, and the definitions of the jobs that they run.

use jiff::Timestamp;
use sagescan_secrets::Secret;
use serde_json::{Value, json};

use super::secrets::{Environment, MonitoringArguments};
use super::{Instances, VpcConfig};
use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::{Every, PresentText};
use crate::snapshot::{Ask, Known, List, Listed, Seen, Spec, Table};

record! {
    /// A monitoring schedule. It names the definition of its job, or holds one: then the fields from `role` on tell of it.
    pub struct MonitoringSchedule in monitoring_schedules {
        name: String = "MonitoringScheduleName",
        arn: String = "MonitoringScheduleArn",
        /// `Pending`, `Failed`, `Scheduled`, `Stopped`.
        status: Seen<String> = "MonitoringScheduleStatus",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        /// `DataQuality`, `ModelQuality`, `ModelBias`, `ModelExplainability`.
        kind: Seen<String> = "MonitoringType",
        /// Not set for schedules on batch transform.
        endpoint: Seen<String> = "EndpointName",
        /// The name of the definition, where the schedule does not hold one.
        definition: Seen<String> = "MonitoringScheduleConfig.MonitoringJobDefinitionName" | "MonitoringJobDefinitionName",
        expression: Seen<String> = "MonitoringScheduleConfig.ScheduleConfig.ScheduleExpression",
        /// Whether there is one; the text stays behind.
        failure: Seen<bool> = "FailureReason" as PresentText,
        /// `Completed`, `CompletedWithViolations`, `Failed`, …
        last_status: Seen<String> = "LastMonitoringExecutionSummary.MonitoringExecutionStatus",
        last_scheduled: Seen<Timestamp> = "LastMonitoringExecutionSummary.ScheduledTime",
        role: Seen<String> = "MonitoringScheduleConfig.MonitoringJobDefinition.RoleArn" => Role,
        instances: Seen<Instances> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringResources.ClusterConfig",
        volume_key: Seen<String> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringResources.ClusterConfig.VolumeKmsKeyId" => Key,
        output_key: Seen<String> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringOutputConfig.KmsKeyId" => Key,
        outputs: Seen<Vec<String>> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringOutputConfig.MonitoringOutputs[].S3Output.S3Uri"
            as Every => Data,
        vpc: Seen<VpcConfig> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.VpcConfig" => Subnet & SecurityGroup,
        network_isolation: Seen<bool> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.EnableNetworkIsolation",
        inter_container_encryption: Seen<bool> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.EnableInterContainerTrafficEncryption",
        image: Seen<String> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification.ImageUri" => Image,
        /// The job that made the baseline.
        baseline_job: Seen<String> = "MonitoringScheduleConfig.MonitoringJobDefinition.BaselineConfig.BaseliningJobName",
        baseline_constraints: Seen<String> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.BaselineConfig.ConstraintsResource.S3Uri" => Data,
        baseline_statistics: Seen<String> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.BaselineConfig.StatisticsResource.S3Uri" => Data,
        /// Secrets found in its values.
        environment_secrets: Seen<Vec<Secret>> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.Environment" as Environment,
        /// Secrets found in `ContainerEntrypoint` and `ContainerArguments`.
        parameter_secrets: Seen<Vec<Secret>> =
            "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification" as MonitoringArguments,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeMonitoringSchedule"),
            &[("MonitoringScheduleName", "MonitoringScheduleName")],
        )),
        arn: "MonitoringScheduleArn",
        resource: "monitoring-schedule/{MonitoringScheduleName}",
        summary: &[
            "MonitoringScheduleName", "MonitoringScheduleArn", "CreationTime", "LastModifiedTime",
            "MonitoringScheduleStatus", "EndpointName", "MonitoringType",
            "MonitoringJobDefinitionName=MonitoringScheduleConfig.MonitoringJobDefinitionName",
        ],
        required: r#"{
            "MonitoringScheduleConfig": {"MonitoringJobDefinition?": {
                "MonitoringInputs": [],
                "MonitoringOutputConfig": {"MonitoringOutputs": [{"S3Output": {"LocalPath": "/opt/ml/processing/output"}}]},
                "MonitoringResources": {"ClusterConfig": {
                    "InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 20}},
                "MonitoringAppSpecification": {"ImageUri": ""},
                "RoleArn": ""
            }},
            "LastMonitoringExecutionSummary?": {
                "MonitoringScheduleName": "schedule", "ScheduledTime": 1761955200, "CreationTime": 1761955200,
                "LastModifiedTime": 1761955200, "MonitoringExecutionStatus": "Completed"
            }
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::MonitoringSchedules, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListMonitoringSchedules"), "MonitoringScheduleSummaries")
        })
    }
}

record! {
    /// An alert of a monitoring schedule: what the model dashboard shows of its violations.
    pub struct MonitoringAlert in monitoring_alerts {
        name: String = "MonitoringAlertName",
        /// The name of the schedule, as the list was asked for it.
        schedule: String = "MonitoringScheduleName",
        /// `InAlert` or `OK`
        status: Seen<String> = "AlertStatus",
        /// Whether the dashboard shows it.
        on_dashboard: Seen<bool> = "Actions.ModelDashboardIndicator.Enabled",
    }
    by Spec {
        summary: &["MonitoringAlertName", "AlertStatus", "Actions", "CreationTime", "LastModifiedTime", "DatapointsToAlert", "EvaluationPeriod"],
        required: r#"{
            "CreationTime": 1761955200, "LastModifiedTime": 1761955200, "DatapointsToAlert": 1, "EvaluationPeriod": 1,
            "Actions": {}
        }"#,
        needs: &[Table::MonitoringSchedules],
        ..Spec::of(Table::MonitoringAlerts, List {
            per: Some(schedules),
            // The schedule went away after it was listed.
            absent: &["ResourceNotFound"],
            ..List::of(read!("sagemaker", "ListMonitoringAlerts"), "MonitoringAlertSummaries")
        })
    }
}

fn schedules(known: &Known<'_>) -> Listed<Value> {
    let schedules = &known.region.monitoring_schedules;
    let items = schedules.iter().map(|schedule| json!({ "MonitoringScheduleName": schedule.name })).collect();
    Listed { items, missing: schedules.missing.clone() }
}

/// The four kinds of definition say the same in different places.
macro_rules! definitions {
    ($(
        $(#[$meta:meta])*
        $name:ident in $table:ident, $of:ident, $list:literal, $describe:literal, $resource:literal:
        $endpoint:literal $summary_endpoint:literal $image:literal $environment:literal $(with $application:literal)? $outputs:literal $output_key:literal
        $job:literal $constraints:literal $required:literal;
    )+) => { $(
        record! {
            $(#[$meta])*
            pub struct $name in $table {
                name: String = "JobDefinitionName" | "MonitoringJobDefinitionName",
                arn: String = "JobDefinitionArn" | "MonitoringJobDefinitionArn",
                created: Seen<Timestamp> = "CreationTime",
                /// Not set for definitions on batch transform.
                endpoint: Seen<String> = $endpoint | "EndpointName",
                role: Seen<String> = "RoleArn" => Role,
                instances: Seen<Instances> = "JobResources.ClusterConfig",
                volume_key: Seen<String> = "JobResources.ClusterConfig.VolumeKmsKeyId" => Key,
                output_key: Seen<String> = $output_key => Key,
                outputs: Seen<Vec<String>> = $outputs as Every => Data,
                vpc: Seen<VpcConfig> = "NetworkConfig.VpcConfig" => Subnet & SecurityGroup,
                network_isolation: Seen<bool> = "NetworkConfig.EnableNetworkIsolation",
                inter_container_encryption: Seen<bool> = "NetworkConfig.EnableInterContainerTrafficEncryption",
                image: Seen<String> = $image => Image,
                /// The job that made the baseline.
                baseline_job: Seen<String> = $job,
                baseline_constraints: Seen<String> = $constraints => Data,
                /// Secrets found in its values.
                environment_secrets: Seen<Vec<Secret>> = $environment as Environment,
                $( /// Secrets found in `ContainerEntrypoint` and `ContainerArguments`.
                parameter_secrets: Seen<Vec<Secret>> = $application as MonitoringArguments, )?
            }
            with tags
            by Spec {
                describe: Some(Ask::of(read!("sagemaker", $describe), &[("JobDefinitionName", "JobDefinitionName")])),
                arn: "JobDefinitionArn",
                resource: $resource,
                summary: &[
                    "MonitoringJobDefinitionName=JobDefinitionName", "MonitoringJobDefinitionArn=JobDefinitionArn",
                    "CreationTime", $summary_endpoint,
                ],
                required: $required,
                missing: "ResourceNotFound",
                ..Spec::of(Table::$of, List {
                    newest_first: true,
                    ..List::of(read!("sagemaker", $list), "JobDefinitionSummaries")
                })
            }
        }
    )+ };
}

definitions! {
    /// The definition of a data quality job: are the inputs still like those of the training?
    DataQualityJobDefinition in data_quality_job_definitions, DataQualityJobDefinitions, "ListDataQualityJobDefinitions", "DescribeDataQualityJobDefinition", "data-quality-job-definition/{JobDefinitionName}":
        "DataQualityJobInput.EndpointInput.EndpointName" "EndpointName=DataQualityJobInput.EndpointInput.EndpointName"
        "DataQualityAppSpecification.ImageUri" "DataQualityAppSpecification.Environment" with "DataQualityAppSpecification"
        "DataQualityJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri" "DataQualityJobOutputConfig.KmsKeyId"
        "DataQualityBaselineConfig.BaseliningJobName" "DataQualityBaselineConfig.ConstraintsResource.S3Uri"
        r#"{
            "DataQualityAppSpecification": {"ImageUri": ""},
            "DataQualityJobInput": {"EndpointInput?": {"LocalPath": "/opt/ml/processing/input"}},
            "DataQualityJobOutputConfig": {"MonitoringOutputs": [{"S3Output": {"LocalPath": "/opt/ml/processing/output"}}]},
            "JobResources": {"ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 20}},
            "RoleArn": ""
        }"#;
    /// The definition of a model quality job: are the predictions still right?
    ModelQualityJobDefinition in model_quality_job_definitions, ModelQualityJobDefinitions, "ListModelQualityJobDefinitions", "DescribeModelQualityJobDefinition", "model-quality-job-definition/{JobDefinitionName}":
        "ModelQualityJobInput.EndpointInput.EndpointName" "EndpointName=ModelQualityJobInput.EndpointInput.EndpointName"
        "ModelQualityAppSpecification.ImageUri" "ModelQualityAppSpecification.Environment" with "ModelQualityAppSpecification"
        "ModelQualityJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri" "ModelQualityJobOutputConfig.KmsKeyId"
        "ModelQualityBaselineConfig.BaseliningJobName" "ModelQualityBaselineConfig.ConstraintsResource.S3Uri"
        r#"{
            "ModelQualityAppSpecification": {"ImageUri": ""},
            "ModelQualityJobInput": {"GroundTruthS3Input": {}, "EndpointInput?": {"LocalPath": "/opt/ml/processing/input"}},
            "ModelQualityJobOutputConfig": {"MonitoringOutputs": [{"S3Output": {"LocalPath": "/opt/ml/processing/output"}}]},
            "JobResources": {"ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 20}},
            "RoleArn": ""
        }"#;
    /// The definition of a bias job.
    ModelBiasJobDefinition in model_bias_job_definitions, ModelBiasJobDefinitions, "ListModelBiasJobDefinitions", "DescribeModelBiasJobDefinition", "model-bias-job-definition/{JobDefinitionName}":
        "ModelBiasJobInput.EndpointInput.EndpointName" "EndpointName=ModelBiasJobInput.EndpointInput.EndpointName"
        "ModelBiasAppSpecification.ImageUri" "ModelBiasAppSpecification.Environment"
        "ModelBiasJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri" "ModelBiasJobOutputConfig.KmsKeyId"
        "ModelBiasBaselineConfig.BaseliningJobName" "ModelBiasBaselineConfig.ConstraintsResource.S3Uri"
        r#"{
            "ModelBiasAppSpecification": {"ConfigUri": "s3://monitoring/config.json", "ImageUri": ""},
            "ModelBiasJobInput": {"GroundTruthS3Input": {}, "EndpointInput?": {"LocalPath": "/opt/ml/processing/input"}},
            "ModelBiasJobOutputConfig": {"MonitoringOutputs": [{"S3Output": {"LocalPath": "/opt/ml/processing/output"}}]},
            "JobResources": {"ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 20}},
            "RoleArn": ""
        }"#;
    /// The definition of an explainability job.
    ModelExplainabilityJobDefinition in model_explainability_job_definitions, ModelExplainabilityJobDefinitions, "ListModelExplainabilityJobDefinitions", "DescribeModelExplainabilityJobDefinition", "model-explainability-job-definition/{JobDefinitionName}":
        "ModelExplainabilityJobInput.EndpointInput.EndpointName" "EndpointName=ModelExplainabilityJobInput.EndpointInput.EndpointName"
        "ModelExplainabilityAppSpecification.ImageUri" "ModelExplainabilityAppSpecification.Environment"
        "ModelExplainabilityJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri" "ModelExplainabilityJobOutputConfig.KmsKeyId"
        "ModelExplainabilityBaselineConfig.BaseliningJobName" "ModelExplainabilityBaselineConfig.ConstraintsResource.S3Uri"
        r#"{
            "ModelExplainabilityAppSpecification": {"ConfigUri": "s3://monitoring/config.json", "ImageUri": ""},
            "ModelExplainabilityJobInput": {"EndpointInput?": {"LocalPath": "/opt/ml/processing/input"}},
            "ModelExplainabilityJobOutputConfig": {"MonitoringOutputs": [{"S3Output": {"LocalPath": "/opt/ml/processing/output"}}]},
            "JobResources": {"ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 20}},
            "RoleArn": ""
        }"#;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::snapshot::Record;

    #[test]
    fn a_summary_gets_the_places_of_the_description() {
        let mut summary = json!({ "MonitoringJobDefinitionName": "churn", "EndpointName": "live" });
        DataQualityJobDefinition::SPEC.align(&mut summary);
        assert_eq!(summary["JobDefinitionName"], "churn");
        assert_eq!(summary["DataQualityJobInput"]["EndpointInput"]["EndpointName"], "live");
        assert_eq!(summary["MonitoringJobDefinitionName"], "churn");
    }
}
