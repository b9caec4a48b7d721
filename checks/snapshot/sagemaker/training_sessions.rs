//! Interactive training sessions, and the capacity that is bought ahead for training.

use jiff::Timestamp;

use super::VpcConfig;
use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::Every;
use crate::snapshot::{Ask, List, Seen, Spec, Table};

record! {
    /// A training session. Its list cannot be sorted, so it is read whole, and every session is described.
    pub struct TrainingSession in training_sessions {
        name: String = "TrainingSessionDetail.TrainingSessionName" | "TrainingSessionArn/",
        arn: String = "TrainingSessionDetail.TrainingSessionArn" | "TrainingSessionArn",
        status: Seen<String> = "TrainingSessionDetail.TrainingSessionStatus" | "TrainingSessionStatus",
        created: Seen<Timestamp> = "TrainingSessionDetail.CreationTime" | "CreationTime",
        ended: Seen<Timestamp> = "TrainingSessionDetail.EndTime",
        role: Seen<String> = "TrainingSessionDetail.RoleArn" => Role,
        vpc: Seen<VpcConfig> = "TrainingSessionDetail.VpcConfig" => Subnet & SecurityGroup,
        output_key: Seen<String> = "TrainingSessionDetail.OutputConfig.S3Location.KmsKeyArn" => Key,
        output_path: Seen<String> = "TrainingSessionDetail.OutputConfig.S3Location.Path" => Data,
        base_model: Seen<String> = "TrainingSessionDetail.ModelConfig.BaseModelArn",
        model_package_group: Seen<String> = "TrainingSessionDetail.ModelPackageGroupArn",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeTrainingSession"),
            &[("TrainingSessionName", "TrainingSessionArn/")],
        )),
        arn: "TrainingSessionArn",
        resource: "training-session/{TrainingSessionName}",
        summary: &[
            "TrainingSessionArn=TrainingSessionDetail.TrainingSessionArn",
            "TrainingSessionStatus=TrainingSessionDetail.TrainingSessionStatus",
            "CreationTime=TrainingSessionDetail.CreationTime",
        ],
        required: r#"{"TrainingSessionDetail": {
            "OutputConfig?": {"S3Location": {"Path": ""}},
            "ModelConfig?": {"BaseModelArn": ""}
        }}"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::TrainingSessions, List::of(read!("sagemaker", "ListTrainingSessions"), "TrainingSessionSummaries"))
    }
}

record! {
    /// A training plan: reserved instances. ListTrainingPlans shows all that matters.
    pub struct TrainingPlan in training_plans {
        name: String = "TrainingPlanName",
        arn: String = "TrainingPlanArn",
        status: Seen<String> = "Status",
        starts: Seen<Timestamp> = "StartTime",
        ends: Seen<Timestamp> = "EndTime",
        /// `training-job`, `hyperpod-cluster`, `endpoint`, `studio-apps`.
        targets: Seen<Vec<String>> = "TargetResources" as Every,
    }
    with tags
    by Spec {
        arn: "TrainingPlanArn",
        created: "StartTime",
        resource: "training-plan/{TrainingPlanName}",
        summary: &["TrainingPlanArn", "TrainingPlanName", "Status", "StartTime", "EndTime", "TargetResources"],
        ..Spec::of(Table::TrainingPlans, List::of(read!("sagemaker", "ListTrainingPlans"), "TrainingPlanSummaries"))
    }
}
