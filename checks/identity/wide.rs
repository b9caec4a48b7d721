//! Rights over things that no policy names: the questions behind "too wide".

use sagescan_policy::Context;

use crate::engine::{Permissions, Principal, Proof, STRANGER, first};
use crate::prelude::*;

/// What a question answers: the statement that gives the right, or none.
pub(super) type Answer = Result<Option<Proof>, Unseen>;

/// Whether all of IAM is open to the principal: whoever can change roles at will is an administrator.
pub(super) fn administers(permissions: &Permissions) -> Answer {
    permissions.may(&format!("iam:{STRANGER}"), &any_role(permissions), Context::open())
}

/// Whether the principal is an administrator without further conditions, and may well be: passing roles gives it nothing
/// new. An execution role has no business being one.
pub(super) fn is_administrator_by_purpose(principal: Principal<'_>, here: &Here<'_>) -> bool {
    let permissions = match principal {
        Principal::User(user) => here.world.user_permissions(user),
        Principal::Role(role) if here.world.is_execution_role(&role.arn) == Ok(false) => {
            here.world.role_permissions(role)
        }
        Principal::Role(_) => return false,
    };
    permissions.is_ok_and(|one| matches!(administers(one), Ok(Some(proof)) if proof.keys.is_empty()))
}

/// Whether even a service that nobody ever heard of is open to the principal.
pub(super) fn does_anything(permissions: &Permissions) -> Answer {
    let thing = permissions.own_arn(STRANGER, STRANGER, STRANGER);
    permissions.may(&format!("{STRANGER}:{STRANGER}"), &thing, Context::open())
}

/// Whether the principal may do whatever it likes in SageMaker.
pub(super) fn does_anything_in_sagemaker(permissions: &Permissions) -> Answer {
    let job = permissions.own_arn("sagemaker", STRANGER, &format!("training-job/{STRANGER}"));
    permissions.may(&format!("sagemaker:{STRANGER}"), &job, Context::open())
}

/// Whether the principal may pass a role that its policies do not name to SageMaker.
pub(super) fn passes_any_role(permissions: &Permissions) -> Answer {
    let role = any_role(permissions);
    // Source: service authorization reference of SageMaker, 2026; the last one is how China may spell it.
    let services = ["sagemaker.amazonaws.com", "job.sagemaker.amazonaws.com", "sagemaker.amazonaws.com.cn"];
    first(
        services.into_iter().map(|service| {
            permissions.may("iam:PassRole", &role, Context::open().with("iam:PassedToService", service))
        }),
    )
}

/// The first operation that hands a role to SageMaker and that the principal may call on something.
pub(super) fn hands_over_a_role(permissions: &Permissions) -> Result<Option<&'static str>, Unseen> {
    let things = permissions.own_arn("sagemaker", "*", "*");
    let mut doubt = None;
    for operation in PASSING_OPERATIONS {
        match permissions.may_somewhere(&format!("sagemaker:{operation}"), &things) {
            Ok(Some(_)) => return Ok(Some(operation)),
            Ok(None) => {}
            Err(unseen) => {
                doubt.get_or_insert(unseen);
            }
        }
    }
    doubt.map_or(Ok(None), Err)
}

/// A thing written with `P` for the partition, `A` for the account and `Q` for names that no policy knows.
pub(super) fn spelled(permissions: &Permissions, thing: &str) -> String {
    let part = |part: &str| match part {
        "P" => permissions.partition().to_owned(),
        "A" => permissions.account().to_owned(),
        other => other.split('/').map(|p| if p == "Q" { STRANGER } else { p }).collect::<Vec<_>>().join("/"),
    };
    thing.split(':').map(part).collect::<Vec<_>>().join(":")
}

pub(super) fn any_role(permissions: &Permissions) -> String {
    permissions.own_arn("iam", "", &format!("role/{STRANGER}"))
}

/// The operations that depend on `iam:PassRole`. Source: service authorization reference of SageMaker, operations table,
/// September 2026, and five more whose SDK input has a role.
pub(crate) const PASSING_OPERATIONS: &[&str] = &[
    "CreateNotebookInstance",
    "CreateTrainingJob",
    "CreateProcessingJob",
    "CreateModel",
    "CreatePipeline",
    "CreateDomain",
    "CreateUserProfile",
    "CreateHyperParameterTuningJob",
    "CreateAutoMLJob",
    "CreateAutoMLJobV2",
    "CreateCluster",
    "CreateEndpointConfig",
    "CreateMonitoringSchedule",
    "CreateDataQualityJobDefinition",
    "CreateModelQualityJobDefinition",
    "CreateModelBiasJobDefinition",
    "CreateModelExplainabilityJobDefinition",
    "CreateFeatureGroup",
    "CreateLabelingJob",
    "CreateFlowDefinition",
    "CreateModelPackage",
    "CreateAlgorithm",
    "CreateImage",
    "CreateProject",
    "CreateCompilationJob",
    "CreateOptimizationJob",
    "CreateEdgePackagingJob",
    "CreateDeviceFleet",
    "CreateInferenceExperiment",
    "CreateInferenceRecommendationsJob",
    "CreateMlflowApp",
    "CreateMlflowTrackingServer",
    "CreatePartnerApp",
    "CreateAIBenchmarkJob",
    "CreateAIRecommendationJob",
    "CreateJob",
    "CreateTrainingSession",
    "RenderUiTemplate",
    "StartPipelineExecution",
    "UpdateCluster",
    "UpdateDeviceFleet",
    "UpdateDomain",
    "UpdateImage",
    "UpdateMonitoringSchedule",
    "UpdateNotebookInstance",
    "UpdatePipeline",
    "UpdateUserProfile",
];
