//! Jobs that make models fit for their instances: compilation (Neo), optimization and inference recommendations.

use jiff::Timestamp;
use sagescan_secrets::Secret;

use super::VpcConfig;
use super::secrets::OptimizationEnvironments;
use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::{Ask, Jobs, List, Seen, Spec, Table};

record! {
    /// A compilation job (Neo).
    pub struct CompilationJob in compilation_jobs {
        name: String = "CompilationJobName",
        arn: String = "CompilationJobArn",
        status: Seen<String> = "CompilationJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "CompilationEndTime",
        role: Seen<String> = "RoleArn" => Role,
        output_key: Seen<String> = "OutputConfig.KmsKeyId" => Key,
        output_path: Seen<String> = "OutputConfig.S3OutputLocation" => Data,
        input: Seen<String> = "InputConfig.S3Uri" => Data,
        model_package: Seen<String> = "ModelPackageVersionArn",
        vpc: Seen<VpcConfig> = "VpcConfig" => Subnet & SecurityGroup,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeCompilationJob"),
            &[("CompilationJobName", "CompilationJobName")],
        )),
        jobs: Some(Jobs { status: "CompilationJobStatus", running: &["INPROGRESS", "STARTING", "STOPPING"] }),
        arn: "CompilationJobArn",
        resource: "compilation-job/{CompilationJobName}",
        summary: &["CompilationJobName", "CompilationJobArn", "CreationTime", "CompilationEndTime", "CompilationJobStatus"],
        required: r#"{
            "StoppingCondition": {"MaxRuntimeInSeconds": 900},
            "LastModifiedTime": 1790000000,
            "FailureReason": "",
            "ModelArtifacts": {"S3ModelArtifacts": "s3://artifacts/model.tar.gz"},
            "RoleArn": "",
            "InputConfig": {"S3Uri": "", "Framework": "PYTORCH"},
            "OutputConfig": {"S3OutputLocation": ""}
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::CompilationJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListCompilationJobs"), "CompilationJobSummaries")
        })
    }
}

record! {
    /// An optimization job: quantizes, compiles or shards a model.
    pub struct OptimizationJob in optimization_jobs {
        name: String = "OptimizationJobName",
        arn: String = "OptimizationJobArn",
        status: Seen<String> = "OptimizationJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "OptimizationEndTime",
        instance_type: Seen<String> = "DeploymentInstanceType",
        role: Seen<String> = "RoleArn" => Role,
        output_key: Seen<String> = "OutputConfig.KmsKeyId" => Key,
        output_path: Seen<String> = "OutputConfig.S3OutputLocation" => Data,
        model: Seen<String> = "ModelSource.SageMakerModel.ModelName",
        model_data: Seen<String> = "ModelSource.S3.S3Uri" => Data,
        vpc: Seen<VpcConfig> = "VpcConfig" => Subnet & SecurityGroup,
        /// Secrets found in `OptimizationEnvironment`, and in `OverrideEnvironment` of any step.
        environment_secrets: Seen<Vec<Secret>> = "" as OptimizationEnvironments,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeOptimizationJob"),
            &[("OptimizationJobName", "OptimizationJobName")],
        )),
        jobs: Some(Jobs { status: "OptimizationJobStatus", running: &["INPROGRESS", "STARTING", "STOPPING"] }),
        arn: "OptimizationJobArn",
        resource: "optimization-job/{OptimizationJobName}",
        summary: &[
            "OptimizationJobName", "OptimizationJobArn", "CreationTime", "OptimizationJobStatus", "OptimizationEndTime",
            "DeploymentInstanceType", "OptimizationTypes=OptimizationConfigs",
        ],
        // Without steps, so that the list can call their types the same: none.
        required: r#"{
            "LastModifiedTime": 1790000000,
            "ModelSource": {},
            "DeploymentInstanceType": "ml.g5.xlarge",
            "OptimizationConfigs": [],
            "OutputConfig": {"S3OutputLocation": ""},
            "RoleArn": "",
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600}
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::OptimizationJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListOptimizationJobs"), "OptimizationJobSummaries")
        })
    }
}

record! {
    /// A job of the inference recommender: tries a model on instances, with endpoints of its own.
    pub struct InferenceRecommendationsJob in inference_recommendations_jobs {
        name: String = "JobName",
        arn: String = "JobArn",
        status: Seen<String> = "Status",
        created: Seen<Timestamp> = "CreationTime",
        ended: Seen<Timestamp> = "CompletionTime",
        role: Seen<String> = "RoleArn" => Role,
        /// Encrypts the volumes of the endpoints it makes.
        volume_key: Seen<String> = "InputConfig.VolumeKmsKeyId" => Key,
        vpc: Seen<VpcConfig> = "InputConfig.VpcConfig" => Subnet & SecurityGroup,
        model: Seen<String> = "InputConfig.ModelName" | "ModelName",
        model_package: Seen<String> = "InputConfig.ModelPackageVersionArn" | "ModelPackageVersionArn",
        payload: Seen<String> = "InputConfig.ContainerConfig.PayloadConfig.SamplePayloadUrl" | "SamplePayloadUrl" => Data,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeInferenceRecommendationsJob"), &[("JobName", "JobName")])),
        jobs: Some(Jobs { status: "Status", running: &["PENDING", "IN_PROGRESS", "STOPPING", "DELETING"] }),
        arn: "JobArn",
        resource: "inference-recommendations-job/{JobName}",
        summary: &[
            "JobName", "JobDescription", "JobType", "JobArn", "Status", "CreationTime", "CompletionTime", "RoleArn",
            "LastModifiedTime", "ModelName=InputConfig.ModelName",
            "ModelPackageVersionArn=InputConfig.ModelPackageVersionArn",
            "SamplePayloadUrl=InputConfig.ContainerConfig.PayloadConfig.SamplePayloadUrl",
        ],
        required: r#"{
            "JobDescription": "",
            "JobType": "Default",
            "RoleArn": "",
            "LastModifiedTime": 1790000000,
            "InputConfig": {}
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::InferenceRecommendationsJobs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListInferenceRecommendationsJobs"), "InferenceRecommendationsJobs")
        })
    }
}
