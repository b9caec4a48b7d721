//! Jobs of the newer kinds: benchmarks and recommendations for generative models, and generic jobs by category.

use jiff::Timestamp;
use sagescan_secrets::Secret;
use serde_json::json;

use super::VpcConfig;
use super::secrets::JobDocument;
use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::{Ask, Jobs, List, Listed, Search, Seen, Spec, Table};

record! {
    /// A benchmark job: puts load on an endpoint.
    pub struct AIBenchmarkJob in ai_benchmark_jobs {
        name: String = "AIBenchmarkJobName",
        arn: String = "AIBenchmarkJobArn",
        status: Seen<String> = "AIBenchmarkJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "EndTime",
        role: Seen<String> = "RoleArn" => Role,
        /// Name or ARN.
        endpoint: Seen<String> = "BenchmarkTarget.Endpoint.Identifier",
        output_path: Seen<String> = "OutputConfig.S3OutputLocation" => Data,
        /// The MLflow server that keeps its results.
        mlflow: Seen<String> = "OutputConfig.MlflowConfig.MlflowResourceArn",
        vpc: Seen<VpcConfig> = "NetworkConfig.VpcConfig" => Subnet & SecurityGroup,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeAIBenchmarkJob"),
            &[("AIBenchmarkJobName", "AIBenchmarkJobName")],
        )),
        jobs: Some(Jobs { status: "AIBenchmarkJobStatus", running: &["InProgress", "Stopping"] }),
        arn: "AIBenchmarkJobArn",
        resource: "ai-benchmark-job/{AIBenchmarkJobName}",
        summary: &["AIBenchmarkJobName", "AIBenchmarkJobArn", "AIBenchmarkJobStatus", "CreationTime", "EndTime"],
        required: r#"{
            "BenchmarkTarget": {"Endpoint?": {"Identifier": ""}},
            "OutputConfig": {"S3OutputLocation": ""},
            "AIWorkloadConfigIdentifier": "workload",
            "RoleArn": ""
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::AIBenchmarkJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListAIBenchmarkJobs"), "AIBenchmarkJobs")
        })
    }
}

record! {
    /// A recommendation job: looks for the best way to serve a model.
    pub struct AIRecommendationJob in ai_recommendation_jobs {
        name: String = "AIRecommendationJobName",
        arn: String = "AIRecommendationJobArn",
        status: Seen<String> = "AIRecommendationJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "EndTime",
        role: Seen<String> = "RoleArn" => Role,
        model_data: Seen<String> = "ModelSource.S3.S3Uri" => Data,
        output_path: Seen<String> = "OutputConfig.S3OutputLocation" => Data,
        /// Name or ARN of the group that its models are registered in.
        model_package_group: Seen<String> = "OutputConfig.ModelPackageGroupIdentifier",
        /// The MLflow server that keeps its results.
        mlflow: Seen<String> = "OutputConfig.MlflowConfig.MlflowResourceArn",
        /// Whether it may change the model too.
        optimizes: Seen<bool> = "OptimizeModel",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeAIRecommendationJob"),
            &[("AIRecommendationJobName", "AIRecommendationJobName")],
        )),
        jobs: Some(Jobs { status: "AIRecommendationJobStatus", running: &["InProgress", "Stopping"] }),
        arn: "AIRecommendationJobArn",
        resource: "ai-recommendation-job/{AIRecommendationJobName}",
        summary: &[
            "AIRecommendationJobName", "AIRecommendationJobArn", "AIRecommendationJobStatus", "CreationTime", "EndTime",
        ],
        required: r#"{
            "ModelSource": {},
            "OutputConfig": {"S3OutputLocation": ""},
            "AIWorkloadConfigIdentifier": "workload",
            "RoleArn": ""
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::AIRecommendationJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListAIRecommendationJobs"), "AIRecommendationJobs")
        })
    }
}

/// `JobCategory` (service model of botocore 1.44.5, November 2026). ListJobs wants one; there is no list of all.
const CATEGORIES: [&str; 5] =
    ["AgentRFT", "SyntheticDataGeneration", "DataQualityEvaluation", "AgentRFTEvaluation", "DataTransformation"];

record! {
    /// A generic job; of its configuration only what was found in it is kept.
    pub struct Job in jobs {
        name: String = "JobName",
        arn: String = "JobArn",
        /// E.g. `AgentRFT`.
        category: Seen<String> = "JobCategory",
        status: Seen<String> = "JobStatus",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "EndTime",
        role: Seen<String> = "RoleArn" => Role,
        /// Secrets found in the document.
        configuration_secrets: Seen<Vec<Secret>> = "JobConfigDocument" as JobDocument,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeJob"),
            &[("JobName", "JobName"), ("JobCategory", "JobCategory")],
        )),
        search: Some(Search { resource: "Job", record: "Job", filter: None, whole: true, lacks: &[] }),
        jobs: Some(Jobs { status: "JobStatus", running: &["InProgress", "Stopping", "Deleting"] }),
        arn: "JobArn",
        resource: "job/{JobCategory}/{JobName}",
        summary: &[
            "JobArn", "JobName", "JobCategory", "JobStatus", "JobSecondaryStatus=SecondaryStatus", "CreationTime",
            "LastModifiedTime", "EndTime",
        ],
        required: r#"{
            "RoleArn": "",
            "JobConfigSchemaVersion": "1.0.0",
            "LastModifiedTime": 1790000000,
            "SecondaryStatus": "Completed",
            "SecondaryStatusTransitions": []
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::Jobs, List {
            newest_first: true,
            per: Some(|_| {
                Listed::complete(CATEGORIES.iter().map(|category| json!({ "JobCategory": category })).collect())
            }),
            ..List::of(read!("sagemaker", "ListJobs"), "JobSummaries")
        })
    }
}
