//! Batch transform jobs.

use jiff::Timestamp;
use sagescan_secrets::Secret;

use super::Instances;
use super::secrets::Environment;
use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::{Ask, Jobs, List, Search, Seen, Spec, Table};

part! {
    /// `DataCaptureConfig` of a transform job: where it logs requests and answers.
    pub struct TransformCapture {
        destination: String = "DestinationS3Uri" => Data,
        key: Option<String> = "KmsKeyId" => Key,
    }
}

record! {
    /// A batch transform job.
    pub struct TransformJob in transform_jobs {
        name: String = "TransformJobName",
        arn: String = "TransformJobArn",
        status: Seen<String> = "TransformJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "TransformEndTime",
        /// Its role and network are those of the model.
        model: Seen<String> = "ModelName",
        instances: Seen<Instances> = "TransformResources",
        volume_key: Seen<String> = "TransformResources.VolumeKmsKeyId" => Key,
        /// An empty text counts as unset.
        output_key: Seen<String> = "TransformOutput.KmsKeyId" => Key,
        output_path: Seen<String> = "TransformOutput.S3OutputPath" => Data,
        input: Seen<String> = "TransformInput.DataSource.S3DataSource.S3Uri" => Data,
        capture: Seen<TransformCapture> = "DataCaptureConfig" => Key & Data,
        auto_ml_job: Seen<String> = "AutoMLJobArn",
        labeling_job: Seen<String> = "LabelingJobArn",
        /// Secrets found in its values.
        environment_secrets: Seen<Vec<Secret>> = "Environment" as Environment,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeTransformJob"), &[("TransformJobName", "TransformJobName")])),
        // As for processing jobs: the trial component that SageMaker makes for the job holds the whole of it.
        search: Some(Search {
            resource: "ExperimentTrialComponent",
            record: "TrialComponent.SourceDetail.TransformJob",
            filter: Some(("Source.SourceType", "SageMakerTransformJob")),
            whole: false,
            lacks: &[],
        }),
        jobs: Some(Jobs { status: "TransformJobStatus", running: &["InProgress", "Stopping"] }),
        arn: "TransformJobArn",
        resource: "transform-job/{TransformJobName}",
        summary: &["TransformJobName", "TransformJobArn", "CreationTime", "TransformEndTime", "TransformJobStatus"],
        required: r#"{
            "ModelName": "model",
            "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": ""}}},
            "TransformOutput?": {"S3OutputPath": ""},
            "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1}
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::TransformJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListTransformJobs"), "TransformJobSummaries")
        })
    }
}
