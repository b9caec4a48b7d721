//! Work for people: labeling jobs (Ground Truth), human review workflows (Augmented AI) and the pages people see.

use jiff::Timestamp;
use serde_json::Value;

use super::VpcConfig;
use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::{Every, Form, Present, Wire};
use crate::snapshot::{Ask, Jobs, List, Seen, Spec, Table};

record! {
    /// A labeling job.
    pub struct LabelingJob in labeling_jobs {
        name: String = "LabelingJobName",
        arn: String = "LabelingJobArn",
        status: Seen<String> = "LabelingJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        role: Seen<String> = "RoleArn" => Role,
        output_key: Seen<String> = "OutputConfig.KmsKeyId" => Key,
        output_path: Seen<String> = "OutputConfig.S3OutputPath" => Data,
        /// A streaming job tells it what was labeled.
        output_topic: Seen<String> = "OutputConfig.SnsTopicArn",
        manifest: Seen<String> = "InputConfig.DataSource.S3DataSource.ManifestS3Uri" => Data,
        /// A streaming job takes its work from it.
        input_topic: Seen<String> = "InputConfig.DataSource.SnsDataSource.SnsTopicArn",
        /// `FreeOfPersonallyIdentifiableInformation`, `FreeOfAdultContent`.
        content_classifiers: Seen<Vec<String>> = "InputConfig.DataAttributes.ContentClassifiers" as Every,
        label_categories: Seen<String> = "LabelCategoryConfigS3Uri" => Data,
        /// Set where a model labels too (active learning).
        algorithm: Seen<String> = "LabelingJobAlgorithmsConfig.LabelingJobAlgorithmSpecificationArn",
        /// Of the instances on which that model learns.
        volume_key: Seen<String> = "LabelingJobAlgorithmsConfig.LabelingJobResourceConfig.VolumeKmsKeyId" => Key,
        /// Of the instances on which that model learns.
        vpc: Seen<VpcConfig> = "LabelingJobAlgorithmsConfig.LabelingJobResourceConfig.VpcConfig" => Subnet & SecurityGroup,
        workteam: Seen<String> = "HumanTaskConfig.WorkteamArn" | "WorkteamArn",
        /// Whether it is there: only work for the public crowd has a price.
        public_price: Seen<bool> = "HumanTaskConfig.PublicWorkforceTaskPrice" as Present,
        ui_template: Seen<String> = "HumanTaskConfig.UiConfig.UiTemplateS3Uri" => Data,
        human_task_ui: Seen<String> = "HumanTaskConfig.UiConfig.HumanTaskUiArn",
        /// The Lambda function that prepares each task.
        prepared_by: Seen<String> = "HumanTaskConfig.PreHumanTaskLambdaArn" | "PreHumanTaskLambdaArn",
        /// The Lambda function that makes one label of several answers.
        consolidated_by: Seen<String> =
            "HumanTaskConfig.AnnotationConsolidationConfig.AnnotationConsolidationLambdaArn" | "AnnotationConsolidationLambdaArn",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeLabelingJob"), &[("LabelingJobName", "LabelingJobName")])),
        jobs: Some(Jobs { status: "LabelingJobStatus", running: &["Initializing", "InProgress", "Stopping"] }),
        arn: "LabelingJobArn",
        resource: "labeling-job/{LabelingJobName}",
        summary: &[
            "LabelingJobName", "LabelingJobArn", "CreationTime", "LastModifiedTime", "LabelingJobStatus", "LabelCounters",
            "WorkteamArn=HumanTaskConfig.WorkteamArn", "PreHumanTaskLambdaArn=HumanTaskConfig.PreHumanTaskLambdaArn",
            "AnnotationConsolidationLambdaArn=HumanTaskConfig.AnnotationConsolidationConfig.AnnotationConsolidationLambdaArn",
            "InputConfig",
        ],
        required: r#"{
            "LabelCounters": {},
            "JobReferenceCode": "0123456789",
            "LastModifiedTime": 1790000000,
            "InputConfig": {"DataSource": {}},
            "OutputConfig": {"S3OutputPath": ""},
            "RoleArn": "",
            "LabelingJobAlgorithmsConfig?": {"LabelingJobAlgorithmSpecificationArn": ""},
            "HumanTaskConfig": {
                "WorkteamArn": "", "UiConfig": {}, "TaskTitle": "title", "TaskDescription": "description",
                "NumberOfHumanWorkersPerDataObject": 1, "TaskTimeLimitInSeconds": 600
            }
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::LabelingJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListLabelingJobs"), "LabelingJobSummaryList")
        })
    }
}

record! {
    /// A human review workflow (Augmented AI).
    pub struct FlowDefinition in flow_definitions {
        name: String = "FlowDefinitionName",
        arn: String = "FlowDefinitionArn",
        status: Seen<String> = "FlowDefinitionStatus",
        created: Seen<Timestamp> = "CreationTime",
        role: Seen<String> = "RoleArn" => Role,
        output_key: Seen<String> = "OutputConfig.KmsKeyId" => Key,
        output_path: Seen<String> = "OutputConfig.S3OutputPath" => Data,
        workteam: Seen<String> = "HumanLoopConfig.WorkteamArn",
        human_task_ui: Seen<String> = "HumanLoopConfig.HumanTaskUiArn",
        /// Whether it is there: only work for the public crowd has a price.
        public_price: Seen<bool> = "HumanLoopConfig.PublicWorkforceTaskPrice" as Present,
        /// The AWS service whose answers are reviewed.
        source: Seen<String> = "HumanLoopRequestSource.AwsManagedHumanLoopRequestSource",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeFlowDefinition"),
            &[("FlowDefinitionName", "FlowDefinitionName")],
        )),
        arn: "FlowDefinitionArn",
        resource: "flow-definition/{FlowDefinitionName}",
        summary: &["FlowDefinitionName", "FlowDefinitionArn", "FlowDefinitionStatus", "CreationTime"],
        required: r#"{
            "OutputConfig": {"S3OutputPath": ""},
            "RoleArn": "",
            "HumanLoopConfig?": {
                "WorkteamArn": "", "HumanTaskUiArn": "", "TaskTitle": "title", "TaskDescription": "description", "TaskCount": 1
            }
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::FlowDefinitions, List::of(read!("sagemaker", "ListFlowDefinitions"), "FlowDefinitionSummaries"))
    }
}

record! {
    /// A worker task template: the page that people see. What the page does is not read.
    pub struct HumanTaskUi in human_task_uis {
        name: String = "HumanTaskUiName",
        arn: String = "HumanTaskUiArn",
        status: Seen<String> = "HumanTaskUiStatus",
        created: Seen<Timestamp> = "CreationTime",
        /// Without its query, which may be a signature.
        template: Seen<String> = "UiTemplate.Url" as WithoutQuery,
        template_sha256: Seen<String> = "UiTemplate.ContentSha256",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeHumanTaskUi"), &[("HumanTaskUiName", "HumanTaskUiName")])),
        arn: "HumanTaskUiArn",
        resource: "human-task-ui/{HumanTaskUiName}",
        summary: &["HumanTaskUiName", "HumanTaskUiArn", "CreationTime"],
        required: r#"{"UiTemplate": {}}"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::HumanTaskUis, List::of(read!("sagemaker", "ListHumanTaskUis"), "HumanTaskUiSummaries"))
    }
}

/// A URL up to its query.
#[derive(Debug)]
struct WithoutQuery;

impl Form<String> for WithoutQuery {
    fn read(value: &Value) -> Result<Option<String>, String> {
        let bare = |url: String| url.split(['?', '#']).next().unwrap_or_default().to_owned();
        Ok(String::read(value)?.map(bare))
    }
    fn write(value: &String) -> Value {
        value.write()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_of_a_template_url_is_not_kept() {
        let url = Value::from("https://bucket.s3.amazonaws.com/ui.liquid.html?X-Amz-Signature=0123#part");
        let kept = WithoutQuery::read(&url).unwrap().unwrap();
        assert_eq!(kept, "https://bucket.s3.amazonaws.com/ui.liquid.html");
    }
}
