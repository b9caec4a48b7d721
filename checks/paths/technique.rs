//! Ways to act as a role, or to become an administrator: data, one line a way.
//!
//! What each way needs follows from the parameters of the API operations (*Service Authorization Reference*, SageMaker and
//! IAM, state of September 2026) and from published research; `confidence` says which. Ids starting with `sm-new` hand a role
//! to something new, `sm-ex` use something that exists, `gen` are not about SageMaker.

use serde::Serialize;

/// What a way rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Others have run and described it, or AWS documents it.
    Published,
    /// It follows from the parameters of the API.
    Derived,
    /// It should work; nobody is known to have tried.
    Unverified,
}

/// What a way of handing over a role gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gives {
    /// Code of the caller runs as the role.
    Code,
    /// The service reads and writes as the role, where the caller says.
    Data,
}

/// One right that a way needs: an action, and a template for what it acts on. Text as `training-job/*` becomes the end of an
/// ARN in the account, with a name of the caller's choice; `@` stands for the thing at hand.
pub(crate) type Need = (&'static str, &'static str);

/// A way to hand a role to a service and to profit from it.
pub(crate) struct Handover {
    pub(crate) id: &'static str,
    /// The service principal that gets the role, without its domain.
    pub(crate) service: &'static str,
    /// Follows "can" and precedes the role: `start a training job as`.
    pub(crate) says: &'static str,
    pub(crate) needs: &'static [Need],
    /// One of these sets is needed besides; empty when nothing is.
    pub(crate) or: &'static [&'static [Need]],
    pub(crate) gives: Gives,
    pub(crate) confidence: Confidence,
}

use Confidence::{Derived, Published, Unverified};
use Gives::{Code, Data};

const fn new(
    id: &'static str,
    says: &'static str,
    needs: &'static [Need],
    gives: Gives,
    confidence: Confidence,
) -> Handover {
    Handover { id, service: "sagemaker", says, needs, or: &[], gives, confidence }
}

const fn other(
    id: &'static str,
    service: &'static str,
    says: &'static str,
    needs: &'static [Need],
    confidence: Confidence,
) -> Handover {
    Handover { id, service, says, needs, or: &[], gives: Code, confidence }
}

const NOTEBOOK: &str = "notebook-instance/*";
const PROFILE: &str = "user-profile/*";
const APP: &str = "app/*";

/// Every way to hand over a role, those that give most and are known best first. All operations of SageMaker that take a
/// role are here; of other services those that run code of the caller's choice.
pub(crate) const HANDOVERS: &[Handover] = &[
    new("sm-new-02", "start a training job as", &[("sagemaker:CreateTrainingJob", "training-job/*")], Code, Published),
    new(
        "sm-new-03",
        "start a processing job as",
        &[("sagemaker:CreateProcessingJob", "processing-job/*")],
        Code,
        Published,
    ),
    Handover {
        or: &[
            &[("sagemaker:CreatePresignedNotebookInstanceUrl", NOTEBOOK)],
            &[("sagemaker:CreateNotebookInstanceLifecycleConfig", "notebook-instance-lifecycle-config/*")],
        ],
        ..new("sm-new-01", "open a new notebook as", &[("sagemaker:CreateNotebookInstance", NOTEBOOK)], Code, Published)
    },
    new(
        "sm-new-04",
        "start a tuning job as",
        &[("sagemaker:CreateHyperParameterTuningJob", "hyper-parameter-tuning-job/*")],
        Code,
        Published,
    ),
    new(
        "sm-new-08",
        "run a new pipeline as",
        &[("sagemaker:CreatePipeline", "pipeline/*"), ("sagemaker:StartPipelineExecution", "pipeline/*")],
        Code,
        Derived,
    ),
    new(
        "sm-new-05",
        "serve a container on a new endpoint as",
        &[
            ("sagemaker:CreateModel", "model/*"),
            ("sagemaker:CreateEndpointConfig", "endpoint-config/*"),
            ("sagemaker:CreateEndpoint", "endpoint/*"),
        ],
        Code,
        Derived,
    ),
    new(
        "sm-new-06",
        "run a container in a transform job as",
        &[("sagemaker:CreateModel", "model/*"), ("sagemaker:CreateTransformJob", "transform-job/*")],
        Code,
        Derived,
    ),
    new(
        "sm-new-07",
        "add an inference component as",
        &[
            ("sagemaker:CreateEndpointConfig", "endpoint-config/*"),
            ("sagemaker:CreateEndpoint", "endpoint/*"),
            ("sagemaker:CreateInferenceComponent", "inference-component/*"),
        ],
        Code,
        Derived,
    ),
    new(
        "sm-new-09",
        "schedule monitoring jobs as",
        &[("sagemaker:CreateMonitoringSchedule", "monitoring-schedule/*")],
        Code,
        Derived,
    ),
    Handover {
        or: &[
            &[("sagemaker:CreateDataQualityJobDefinition", "data-quality-job-definition/*")],
            &[("sagemaker:CreateModelQualityJobDefinition", "model-quality-job-definition/*")],
            &[("sagemaker:CreateModelBiasJobDefinition", "model-bias-job-definition/*")],
            &[("sagemaker:CreateModelExplainabilityJobDefinition", "model-explainability-job-definition/*")],
        ],
        ..new(
            "sm-new-10",
            "schedule a monitoring definition as",
            &[("sagemaker:UpdateMonitoringSchedule", "monitoring-schedule/*")],
            Code,
            Derived,
        )
    },
    new("sm-new-11", "create a cluster as", &[("sagemaker:CreateCluster", "cluster/*")], Code, Derived),
    new("sm-new-12", "add instances to a cluster as", &[("sagemaker:UpdateCluster", "cluster/*")], Code, Derived),
    new(
        "sm-new-15",
        "give a user profile the role",
        &[
            ("sagemaker:UpdateUserProfile", PROFILE),
            ("sagemaker:CreatePresignedDomainUrl", PROFILE),
            ("sagemaker:CreateApp", APP),
        ],
        Code,
        Published,
    ),
    new(
        "sm-new-14",
        "open a new user profile as",
        &[("sagemaker:CreateUserProfile", PROFILE), ("sagemaker:CreatePresignedDomainUrl", PROFILE)],
        Code,
        Derived,
    ),
    new(
        "sm-new-16",
        "give a Studio domain the role",
        &[
            ("sagemaker:UpdateDomain", "domain/*"),
            ("sagemaker:CreateUserProfile", PROFILE),
            ("sagemaker:CreatePresignedDomainUrl", PROFILE),
            ("sagemaker:CreateApp", APP),
        ],
        Code,
        Published,
    ),
    new(
        "sm-new-13",
        "create a Studio domain as",
        &[
            ("sagemaker:CreateDomain", "domain/*"),
            ("sagemaker:CreateUserProfile", PROFILE),
            ("sagemaker:CreatePresignedDomainUrl", PROFILE),
        ],
        Code,
        Derived,
    ),
    Handover {
        or: &[
            &[("sagemaker:CreatePresignedNotebookInstanceUrl", NOTEBOOK)],
            &[("sagemaker:CreateNotebookInstanceLifecycleConfig", "notebook-instance-lifecycle-config/*")],
        ],
        ..new(
            "sm-new-17",
            "give a notebook the role",
            &[
                ("sagemaker:UpdateNotebookInstance", NOTEBOOK),
                ("sagemaker:StopNotebookInstance", NOTEBOOK),
                ("sagemaker:StartNotebookInstance", NOTEBOOK),
            ],
            Code,
            Derived,
        )
    },
    Handover {
        or: &[&[("sagemaker:CreateModelPackage", "model-package/*")], &[("sagemaker:CreateAlgorithm", "algorithm/*")]],
        ..new("sm-new-18", "run a model or algorithm validation as", &[], Code, Derived)
    },
    new(
        "sm-new-19",
        "start an inference recommendation job as",
        &[("sagemaker:CreateInferenceRecommendationsJob", "inference-recommendations-job/*")],
        Code,
        Derived,
    ),
    new(
        "sm-new-20",
        "start an inference experiment as",
        &[("sagemaker:CreateInferenceExperiment", "inference-experiment/*")],
        Code,
        Derived,
    ),
    new("sm-new-34", "create a project as", &[("sagemaker:CreateProject", "project/*")], Code, Unverified),
    new("sm-new-21", "start an AutoML job as", &[("sagemaker:CreateAutoMLJob", "automl-job/*")], Data, Derived),
    new("sm-new-22", "start an AutoML job as", &[("sagemaker:CreateAutoMLJobV2", "automl-job/*")], Data, Derived),
    new(
        "sm-new-23",
        "start a compilation job as",
        &[("sagemaker:CreateCompilationJob", "compilation-job/*")],
        Data,
        Derived,
    ),
    new(
        "sm-new-24",
        "start an optimization job as",
        &[("sagemaker:CreateOptimizationJob", "optimization-job/*")],
        Data,
        Derived,
    ),
    new(
        "sm-new-25",
        "start an edge packaging job as",
        &[("sagemaker:CreateEdgePackagingJob", "edge-packaging-job/*")],
        Data,
        Derived,
    ),
    new("sm-new-26", "start a labeling job as", &[("sagemaker:CreateLabelingJob", "labeling-job/*")], Data, Derived),
    new(
        "sm-new-27",
        "create a human review flow as",
        &[("sagemaker:CreateFlowDefinition", "flow-definition/*")],
        Data,
        Derived,
    ),
    new(
        "sm-new-28",
        "create a feature group as",
        &[("sagemaker:CreateFeatureGroup", "feature-group/*")],
        Data,
        Derived,
    ),
    new(
        "sm-new-29",
        "open a new MLflow tracking server as",
        &[
            ("sagemaker:CreateMlflowTrackingServer", "mlflow-tracking-server/*"),
            ("sagemaker:CreatePresignedMlflowTrackingServerUrl", "mlflow-tracking-server/*"),
        ],
        Data,
        Derived,
    ),
    new(
        "sm-new-30",
        "open a new MLflow app as",
        &[("sagemaker:CreateMlflowApp", "mlflow-app/*"), ("sagemaker:CreatePresignedMlflowAppUrl", "mlflow-app/*")],
        Data,
        Derived,
    ),
    new(
        "sm-new-31",
        "open a new partner app as",
        &[("sagemaker:CreatePartnerApp", "partner-app/*"), ("sagemaker:CreatePartnerAppPresignedUrl", "partner-app/*")],
        Data,
        Derived,
    ),
    Handover {
        or: &[&[("sagemaker:CreateImage", "image/*")], &[("sagemaker:UpdateImage", "image/*")]],
        ..new("sm-new-32", "pull images as", &[], Data, Derived)
    },
    new("sm-new-35", "render a task template as", &[("sagemaker:RenderUiTemplate", "*")], Data, Derived),
    Handover {
        or: &[
            &[("sagemaker:CreateAIBenchmarkJob", "*")],
            &[("sagemaker:CreateAIRecommendationJob", "*")],
            &[("sagemaker:CreateTrainingSession", "*")],
            &[("sagemaker:CreateJob", "*")],
        ],
        ..new("sm-new-33", "start a customization or benchmark job as", &[], Data, Unverified)
    },
    Handover {
        service: "job.sagemaker",
        ..new("sm-new-33", "start a customization job as", &[("sagemaker:CreateJob", "*")], Data, Unverified)
    },
    Handover {
        or: &[
            &[("sagemaker:CreateDeviceFleet", "device-fleet/*")],
            &[("sagemaker:UpdateDeviceFleet", "device-fleet/*")],
        ],
        ..new("sm-new-36", "hand a device fleet the role", &[], Data, Derived)
    },
    other(
        "gen-lambda-001",
        "lambda",
        "run a Lambda function as",
        &[("lambda:CreateFunction", "*"), ("lambda:InvokeFunction", "*")],
        Published,
    ),
    other(
        "gen-glue-003",
        "glue",
        "run a Glue job as",
        &[("glue:CreateJob", "*"), ("glue:StartJobRun", "*")],
        Published,
    ),
    other(
        "gen-glue-createsession",
        "glue",
        "run a Glue session as",
        &[("glue:CreateSession", "*"), ("glue:RunStatement", "*")],
        Published,
    ),
    other("gen-ec2-001", "ec2", "start an EC2 instance as", &[("ec2:RunInstances", "*")], Published),
    other(
        "gen-ecs-004",
        "ecs-tasks",
        "run an ECS task as",
        &[("ecs:RegisterTaskDefinition", "*"), ("ecs:RunTask", "*")],
        Published,
    ),
    other(
        "gen-codebuild-001",
        "codebuild",
        "run a CodeBuild project as",
        &[("codebuild:CreateProject", "*"), ("codebuild:StartBuild", "*")],
        Published,
    ),
    other(
        "gen-cloudformation-001",
        "cloudformation",
        "create a stack as",
        &[("cloudformation:CreateStack", "*")],
        Published,
    ),
    other(
        "gen-states-createstatemachine",
        "states",
        "run a state machine as",
        &[("states:CreateStateMachine", "*"), ("states:StartExecution", "*")],
        Published,
    ),
    other(
        "gen-emr-serverless",
        "emr-serverless",
        "run an EMR Serverless job as",
        &[("emr-serverless:CreateApplication", "*"), ("emr-serverless:StartJobRun", "*")],
        Published,
    ),
    other(
        "gen-scheduler-createschedule",
        "scheduler",
        "schedule calls as",
        &[("scheduler:CreateSchedule", "*")],
        Published,
    ),
];

/// What the session of a takeover needs from the thing that is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Notebook,
    Profile,
    LifecycleConfig,
    Space,
    TrainingJob,
    Pipeline,
}

impl Kind {
    /// The kinds of pieces that can be entered, and what they are called there.
    pub(crate) const ENTERED: [(Kind, &'static str); 5] = [
        (Kind::Notebook, "notebook-instance"),
        (Kind::Profile, "user-profile"),
        (Kind::Space, "space"),
        (Kind::TrainingJob, "training-job"),
        (Kind::Pipeline, "pipeline"),
    ];
}

/// A way into something that runs already.
pub(crate) struct Takeover {
    pub(crate) id: &'static str,
    pub(crate) on: Kind,
    /// Follows "can" and precedes the name of the thing.
    pub(crate) says: &'static str,
    pub(crate) needs: &'static [Need],
    /// The right that is needed besides when the thing does not run.
    pub(crate) wake: Option<Need>,
    /// It takes effect only when somebody else starts the thing.
    pub(crate) waits: bool,
    pub(crate) confidence: Confidence,
}

/// Every way into something that runs already, as far as a snapshot holds the thing.
pub(crate) const TAKEOVERS: &[Takeover] = &[
    Takeover {
        id: "sm-ex-01",
        on: Kind::Notebook,
        says: "open",
        needs: &[("sagemaker:CreatePresignedNotebookInstanceUrl", "@")],
        wake: Some(("sagemaker:StartNotebookInstance", "@")),
        waits: false,
        confidence: Published,
    },
    Takeover {
        id: "sm-ex-04",
        on: Kind::Notebook,
        says: "attach a start script to",
        needs: &[
            ("sagemaker:CreateNotebookInstanceLifecycleConfig", "notebook-instance-lifecycle-config/*"),
            ("sagemaker:StopNotebookInstance", "@"),
            ("sagemaker:UpdateNotebookInstance", "@"),
            ("sagemaker:StartNotebookInstance", "@"),
        ],
        wake: None,
        waits: false,
        confidence: Published,
    },
    Takeover {
        id: "sm-ex-02",
        on: Kind::Profile,
        says: "sign in as",
        needs: &[("sagemaker:CreatePresignedDomainUrl", "@")],
        wake: None,
        waits: false,
        confidence: Published,
    },
    Takeover {
        id: "sm-ex-06",
        on: Kind::Profile,
        says: "attach a start script to the apps of",
        needs: &[
            ("sagemaker:CreateStudioLifecycleConfig", "studio-lifecycle-config/*"),
            ("sagemaker:UpdateUserProfile", "@"),
        ],
        wake: None,
        waits: true,
        confidence: Published,
    },
    Takeover {
        id: "sm-ex-10",
        on: Kind::Space,
        says: "attach an editor to",
        needs: &[("sagemaker:StartSession", "@")],
        wake: None,
        waits: false,
        confidence: Published,
    },
    // Remote debugging can be switched on while the job runs (API reference, UpdateTrainingJob; developer guide, "Access a
    // training container through AWS Systems Manager for remote debugging").
    Takeover {
        id: "sm-ex-11",
        on: Kind::TrainingJob,
        says: "open a shell in",
        needs: &[("ssm:StartSession", "@")],
        wake: Some(("sagemaker:UpdateTrainingJob", "@")),
        waits: false,
        confidence: Published,
    },
    // The role of a pipeline stays when its definition changes. The service authorization reference lists iam:PassRole for
    // the operation, though its role is optional; so this is derived, not published.
    Takeover {
        id: "sm-ex-14",
        on: Kind::Pipeline,
        says: "rewrite and start",
        needs: &[("sagemaker:UpdatePipeline", "@"), ("sagemaker:StartPipelineExecution", "@")],
        wake: None,
        waits: false,
        confidence: Derived,
    },
    Takeover {
        id: "sm-ex-05",
        on: Kind::LifecycleConfig,
        says: "rewrite",
        needs: &[("sagemaker:UpdateNotebookInstanceLifecycleConfig", "@")],
        wake: None,
        waits: false,
        confidence: Published,
    },
];

/// On what a way to become administrator acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    /// A role that no policy names: the right extends to all of them.
    AnyRole,
    /// A role of a new name.
    NewRole,
    /// The user or role itself.
    Itself,
    /// A customer managed policy that is attached to it or to its groups.
    ItsPolicies,
    /// A group that it is in.
    ItsGroups,
}

/// A way to give oneself every right.
pub(crate) struct Escalation {
    pub(crate) id: &'static str,
    /// Follows "can".
    pub(crate) says: &'static str,
    pub(crate) needs: &'static [(&'static str, On)],
}

/// An action that no policy knows: whoever may call it may call every action of IAM.
pub(crate) const ANY_IAM: &str = "iam:Qx7zwk";

/// Every way to give oneself all rights that needs nobody else, the plainest first.
pub(crate) const ESCALATIONS: &[Escalation] = &[
    Escalation { id: "gen-iam-all", says: "call every IAM operation", needs: &[(ANY_IAM, On::AnyRole)] },
    Escalation {
        id: "gen-iam-createrole-admin",
        says: "create a role and attach any policy to it",
        needs: &[("iam:CreateRole", On::NewRole), ("iam:AttachRolePolicy", On::NewRole)],
    },
    Escalation {
        id: "gen-iam-createrole-admin",
        says: "create a role and write a policy for it",
        needs: &[("iam:CreateRole", On::NewRole), ("iam:PutRolePolicy", On::NewRole)],
    },
    Escalation {
        id: "gen-iam-009",
        says: "attach any policy to itself",
        needs: &[("iam:AttachRolePolicy", On::Itself)],
    },
    Escalation { id: "gen-iam-005", says: "write a policy for itself", needs: &[("iam:PutRolePolicy", On::Itself)] },
    Escalation {
        id: "gen-iam-008",
        says: "attach any policy to itself",
        needs: &[("iam:AttachUserPolicy", On::Itself)],
    },
    Escalation { id: "gen-iam-007", says: "write a policy for itself", needs: &[("iam:PutUserPolicy", On::Itself)] },
    Escalation {
        id: "gen-iam-001",
        says: "rewrite a policy that it has",
        needs: &[("iam:CreatePolicyVersion", On::ItsPolicies)],
    },
    Escalation {
        id: "gen-iam-010",
        says: "attach any policy to a group that it is in",
        needs: &[("iam:AttachGroupPolicy", On::ItsGroups)],
    },
    Escalation {
        id: "gen-iam-011",
        says: "write a policy for a group that it is in",
        needs: &[("iam:PutGroupPolicy", On::ItsGroups)],
    },
];

/// Ways to act as another user or role: the action, the id, whether it is about roles, and the words between "can" and the
/// name. Assuming a role is asked together with its trust policy.
pub(crate) const SEIZURES: &[(&str, &str, bool, &str)] = &[
    ("iam:UpdateAssumeRolePolicy", "gen-iam-012", true, "rewrite the trust policy of"),
    ("iam:CreateAccessKey", "gen-iam-002", false, "make an access key for"),
    ("iam:CreateLoginProfile", "gen-iam-004", false, "set a password for"),
    ("iam:UpdateLoginProfile", "gen-iam-006", false, "change the password of"),
];

/// A way to change what somebody else relies on, without becoming anybody.
pub(crate) struct Tampering {
    pub(crate) id: &'static str,
    pub(crate) on: Sway,
    /// Follows "can" and precedes the name of the thing.
    pub(crate) says: &'static str,
    pub(crate) needs: &'static [Need],
    pub(crate) confidence: Confidence,
    /// The change that ends it.
    pub(crate) cut: &'static str,
}

/// On what somebody has sway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sway {
    /// What goes through an endpoint whose role writes wherever it is told.
    Traffic,
    /// The key that training data are encrypted with.
    DataKey,
    /// The labels of a work team, through its user pool.
    UserPool,
    /// The labels of a work team, through SageMaker.
    Workteam,
    /// What models read from an online feature group.
    Features,
    /// What is deployed once a model package is approved.
    Releases,
    /// The home directories of a domain.
    Homes,
    /// A copy of training data in another account.
    Abroad,
    /// What everybody does who works under the same role.
    SharedRole,
    /// What is written to a bucket whose name anybody can work out.
    DefaultBucket,
}

/// Every way to tamper, as far as a snapshot holds the thing. Source: service authorization reference of SageMaker, KMS and
/// Cognito user pools, 2026.
pub(crate) const TAMPERINGS: &[Tampering] = &[
    Tampering {
        id: "sm-ex-16",
        on: Sway::Traffic,
        says: "have the traffic captured, in a bucket of choice, of endpoint",
        needs: &[("sagemaker:CreateEndpointConfig", "endpoint-config/*"), ("sagemaker:UpdateEndpoint", "@")],
        confidence: Derived,
        cut: "keep the updating of endpoints to the release role",
    },
    Tampering {
        id: "gen-kms-putkeypolicy",
        on: Sway::DataKey,
        says: "rewrite the policy of the key of bucket",
        needs: &[("kms:PutKeyPolicy", "@")],
        confidence: Published,
        cut: "keep key policies to the administrators of keys",
    },
    Tampering {
        id: "gen-kms-creategrant",
        on: Sway::DataKey,
        says: "hand out the use of the key of bucket",
        needs: &[("kms:CreateGrant", "@")],
        confidence: Published,
        cut: "allow grants only for AWS services (kms:GrantIsForAWSResource)",
    },
    Tampering {
        id: "sm-ex-26",
        on: Sway::UserPool,
        says: "put people of its own into work team",
        needs: &[("cognito-idp:AdminCreateUser", "@"), ("cognito-idp:AdminAddUserToGroup", "@")],
        confidence: Published,
        cut: "keep the user pool of workers to its administrators",
    },
    Tampering {
        id: "sm-ex-26",
        on: Sway::Workteam,
        says: "change who is in work team",
        needs: &[("sagemaker:UpdateWorkteam", "@")],
        confidence: Published,
        cut: "keep work teams to their administrators",
    },
    Tampering {
        id: "sm-ex-22",
        on: Sway::Features,
        says: "change what models read online from feature group",
        needs: &[("sagemaker:PutRecord", "@")],
        confidence: Published,
        cut: "let only the ingestion role write records",
    },
    Tampering {
        id: APPROVAL,
        on: Sway::Releases,
        says: "approve, without anybody else, what is deployed of model package group",
        needs: &[("sagemaker:UpdateModelPackage", "@")],
        confidence: Published,
        cut: "let only reviewers set the approval status",
    },
];

/// Ways to lift the own permissions boundary: the action, and whether it is about roles.
pub(crate) const LIFTINGS: &[(&str, bool)] =
    &[("iam:DeleteRolePermissionsBoundary", true), ("iam:DeleteUserPermissionsBoundary", false)];

/// Rights to take a policy off oneself, or off a group that one is in: of a user, of a role, of a group; detaching a managed
/// one, deleting one that is embedded. Whoever may write such policies instead has everything anyway.
pub(crate) const UNDOINGS: [(&str, &str); 3] = [
    ("iam:DetachUserPolicy", "iam:DeleteUserPolicy"),
    ("iam:DetachRolePolicy", "iam:DeleteRolePolicy"),
    ("iam:DetachGroupPolicy", "iam:DeleteGroupPolicy"),
];

/// The right to leave a group, with all its policies.
pub(crate) const LEAVING: &str = "iam:RemoveUserFromGroup";

/// The technique of approving what automation deploys.
pub(crate) const APPROVAL: &str = "sm-ex-18";

/// The technique of moving the tag of an image that something runs.
pub(crate) const IMAGES: &str = "sm-ex-20";

/// The technique of changing home directories over the network.
pub(crate) const HOMES: &str = "sm-ex-25";

/// The technique of giving something the tags that a right asks for.
pub(crate) const RETAGGING: &str = "sm-ex-27";

/// The technique of owning a bucket that others take for theirs.
pub(crate) const SQUATTING: &str = "sm-ex-32";

/// The technique of replacing what the nodes of a cluster run as root when they are made.
pub(crate) const SCRIPTS: &str = "sm-ex-13";

/// The technique of lifting the own boundary and becoming administrator then.
pub(crate) const LIFTED: &str = "gen-iam-boundary";

/// Every action that the analysis asks about; its place here is its bit in a [`Mask`].
pub(crate) fn actions() -> &'static [&'static str] {
    static ALL: std::sync::LazyLock<Vec<&'static str>> = std::sync::LazyLock::new(|| {
        let handovers = HANDOVERS.iter().flat_map(|h| h.needs.iter().chain(h.or.iter().copied().flatten()));
        let takeovers = TAKEOVERS.iter().flat_map(|t| t.needs.iter().chain(&t.wake));
        let mut all: Vec<&str> = handovers.chain(takeovers).map(|(action, _)| *action).collect();
        all.extend(ESCALATIONS.iter().flat_map(|e| e.needs).map(|(action, _)| *action));
        all.extend(SEIZURES.iter().map(|(action, ..)| *action));
        all.extend(TAMPERINGS.iter().flat_map(|t| t.needs).map(|(action, _)| *action));
        all.extend(LIFTINGS.iter().map(|(action, _)| *action));
        all.extend(UNDOINGS.iter().flat_map(|(detach, delete)| [*detach, *delete]));
        all.extend([
            "iam:PassRole",
            "sts:AssumeRole",
            "s3:GetObject",
            "s3:PutObject",
            "kms:Decrypt",
            "ecr:PutImage",
            "ssmmessages:CreateDataChannel",
            "secretsmanager:GetSecretValue",
            "sagemaker:AddTags",
            "sagemaker:InvokeEndpoint",
            LEAVING,
            "sagemaker:PutRecord",
            "sagemaker:DeleteRecord",
        ]);
        all.sort_unstable();
        all.dedup();
        all
    });
    &ALL
}

/// A set of the [`actions`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Mask([u64; 4]);

impl Mask {
    /// The set of one action; empty for one that is not asked about.
    pub(crate) fn of(action: &str) -> Mask {
        let mut mask = Mask::default();
        if let Ok(at) = actions().binary_search(&action) {
            mask.add(at);
        }
        mask
    }

    pub(crate) fn add(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    pub(crate) fn join(&mut self, other: Mask) {
        self.0.iter_mut().zip(other.0).for_each(|(word, more)| *word |= more);
    }

    /// Whether the sets share an action.
    pub(crate) fn meets(self, other: Mask) -> bool {
        self.0.iter().zip(other.0).any(|(one, two)| one & two != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_bit_of_its_own() {
        assert!(actions().len() <= 256, "{} actions", actions().len());
        for action in actions() {
            assert_ne!(Mask::of(action), Mask::default(), "{action}");
        }
        assert!(!Mask::of("iam:PassRole").meets(Mask::of("sts:AssumeRole")));
    }

    #[test]
    fn every_operation_that_takes_a_role_is_a_way_to_hand_one_over() {
        let known = |operation: &str| {
            HANDOVERS.iter().any(|h| {
                let needs = h.needs.iter().chain(h.or.iter().copied().flatten());
                needs.into_iter().any(|(action, _)| action.strip_prefix("sagemaker:") == Some(operation))
            })
        };
        // A project's pipeline and a started pipeline take a role only from what AWS manages: no way of the caller's.
        let aside = ["UpdatePipeline"];
        let missing: Vec<_> = crate::identity::wide::PASSING_OPERATIONS
            .iter()
            .filter(|operation| !known(operation) && !aside.contains(operation))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
