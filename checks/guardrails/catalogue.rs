//! The guardrails: what each prevents, the hostile requests that must fail, and the statement that makes them fail.
//!
//! Sources: service authorization reference of SageMaker, September 2026 (which action knows which condition key); API
//! reference (what a parameter means when it is left out); Amazon SageMaker AI Developer Guide, "Control creation of SageMaker
//! AI resources with condition keys" and "Set up local remote access". Two things are not documented: the reference attaches
//! the keys for KMS under their long names (`VolumeKmsKeyArn`), the guide uses the short ones, so either counts as a key given;
//! and whether SageMaker fills a key with the default of a parameter that is left out, so both shapes are tried.

use std::collections::BTreeSet;

use crate::draft::{Conditions, Resources, condition, literal};
use crate::engine::{STRANGER, What, World};
use crate::snapshot::{Region, Role};

/// A preventive control.
#[derive(Debug, Clone)]
pub struct Guardrail {
    /// Kebab-case; options and documents name it.
    pub id: &'static str,
    /// What it prevents, for people.
    pub prevents: &'static str,
    /// What works no more once it holds, and should be known before.
    pub beware: &'static str,
    /// Whom it is about.
    pub(super) concerns: Concerns,
    /// Whether it is wanted by everybody; the others are tried too, but written only when they are named.
    pub common: bool,
    /// Where it can be enforced.
    pub(super) by: Enforced,
    pub(super) rules: Vec<Rule>,
    /// Why no statement can be written for this account.
    pub(super) unwritten: Option<String>,
}

/// Whom a guardrail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concerns {
    /// Every user and role.
    Everyone,
    /// Roles that people have in Studio.
    StudioRoles,
}

/// What kind of policy can enforce a guardrail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Enforced {
    /// Any.
    Anywhere,
    /// Policies of the principals alone: a policy of the organization would hit administrators too.
    ByIdentity,
}

/// One statement, and the requests that show whether it is needed.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) sid: &'static str,
    pub(super) actions: &'static [&'static str],
    pub(super) resource: Resources,
    pub(super) deny: Conditions,
    /// The keys that the rule decides: not in a request unless a shape puts them there.
    pub(super) about: &'static [&'static str],
    pub(super) hostile: Vec<Shape>,
    /// A request that must stay possible; `None` where the action as such is hostile.
    pub(super) good: Option<Shape>,
    pub(super) target: Target,
}

/// The resource that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Something of the kind that the action makes or changes, of any name.
    OfAction,
    /// This.
    Is(String),
}

/// The keys of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) says: &'static str,
    pub(super) keys: Vec<(&'static str, String)>,
}

fn shape(says: &'static str, keys: &[(&'static str, &str)]) -> Shape {
    Shape { says, keys: keys.iter().map(|(key, value)| (*key, (*value).to_owned())).collect() }
}

const LEFT_OUT: &str = "the parameter left out";
const GOOD: &str = "as it should be";

const JOBS: [&str; 3] = ["CreateTrainingJob", "CreateProcessingJob", "CreateHyperParameterTuningJob"];
const DEFINITIONS: [&str; 4] = [
    "CreateDataQualityJobDefinition",
    "CreateModelQualityJobDefinition",
    "CreateModelBiasJobDefinition",
    "CreateModelExplainabilityJobDefinition",
];

/// What can be given subnets and has no reason to be without. Monitoring schedules mostly name a definition, which has them;
/// endpoint configurations mostly name models, which have them; domains always have them.
const IN_VPC: &[&str] = &[
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateAutoMLJob",
    "sagemaker:CreateAutoMLJobV2",
    "sagemaker:CreateModel",
    "sagemaker:CreateDataQualityJobDefinition",
    "sagemaker:CreateModelQualityJobDefinition",
    "sagemaker:CreateModelBiasJobDefinition",
    "sagemaker:CreateModelExplainabilityJobDefinition",
    "sagemaker:CreateCluster",
    "sagemaker:CreateJob",
];
const ISOLATED: &[&str] = &[
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateModel",
    "sagemaker:CreateDataQualityJobDefinition",
    "sagemaker:CreateModelQualityJobDefinition",
    "sagemaker:CreateModelBiasJobDefinition",
    "sagemaker:CreateModelExplainabilityJobDefinition",
];
const WITH_TRAFFIC: &[&str] = &[
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateAutoMLJob",
    "sagemaker:CreateAutoMLJobV2",
    "sagemaker:CreateDataQualityJobDefinition",
    "sagemaker:CreateModelQualityJobDefinition",
    "sagemaker:CreateModelBiasJobDefinition",
    "sagemaker:CreateModelExplainabilityJobDefinition",
];
/// Labeling jobs have a volume only when they label by themselves.
const WITH_VOLUME: &[&str] = &[
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateAutoMLJob",
    "sagemaker:CreateAutoMLJobV2",
    "sagemaker:CreateEndpointConfig",
    "sagemaker:CreateTransformJob",
    "sagemaker:CreateDataQualityJobDefinition",
    "sagemaker:CreateModelQualityJobDefinition",
    "sagemaker:CreateModelBiasJobDefinition",
    "sagemaker:CreateModelExplainabilityJobDefinition",
    "sagemaker:CreateDomain",
];
const WITH_OUTPUT: &[&str] = &[
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateAutoMLJob",
    "sagemaker:CreateAutoMLJobV2",
    "sagemaker:CreateTransformJob",
    "sagemaker:CreateLabelingJob",
    "sagemaker:CreateDataQualityJobDefinition",
    "sagemaker:CreateModelQualityJobDefinition",
    "sagemaker:CreateModelBiasJobDefinition",
    "sagemaker:CreateModelExplainabilityJobDefinition",
];
const WITH_INSTANCES: &[&str] = &[
    "sagemaker:CreateNotebookInstance",
    "sagemaker:UpdateNotebookInstance",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateEndpointConfig",
    "sagemaker:CreateTransformJob",
    "sagemaker:CreateCluster",
    "sagemaker:CreateApp",
];

/// The condition keys of requests, and who knows them: what the requester of an action may choose.
const KEYS: &[(&[&str], &[&str])] = &[
    (
        &["VpcSubnets", "VpcSecurityGroupIds"],
        &[
            "CreateNotebookInstance",
            "CreateAutoMLJob",
            "CreateAutoMLJobV2",
            "CreateModel",
            "CreateEndpointConfig",
            "CreateMonitoringSchedule",
            "UpdateMonitoringSchedule",
            "CreateDomain",
            "UpdateDomain",
            "CreateCluster",
            "UpdateCluster",
            "CreateJob",
            "JOBS",
            "DEFINITIONS",
        ],
    ),
    (
        &["NetworkIsolation"],
        &[
            "CreateModel",
            "CreateEndpointConfig",
            "CreateMonitoringSchedule",
            "UpdateMonitoringSchedule",
            "JOBS",
            "DEFINITIONS",
        ],
    ),
    (
        &["VolumeKmsKey", "VolumeKmsKeyArn"],
        &[
            "CreateNotebookInstance",
            "CreateAutoMLJob",
            "CreateAutoMLJobV2",
            "CreateEndpointConfig",
            "CreateTransformJob",
            "CreateLabelingJob",
            "CreateMonitoringSchedule",
            "UpdateMonitoringSchedule",
            "CreateDomain",
            "JOBS",
            "DEFINITIONS",
        ],
    ),
    (
        &["OutputKmsKey", "OutputKmsKeyArn"],
        &[
            "CreateAutoMLJob",
            "CreateAutoMLJobV2",
            "CreateTransformJob",
            "CreateLabelingJob",
            "CreateMonitoringSchedule",
            "UpdateMonitoringSchedule",
            "CreateJob",
            "JOBS",
            "DEFINITIONS",
        ],
    ),
    (
        &["InterContainerTrafficEncryption"],
        &[
            "CreateAutoMLJob",
            "CreateAutoMLJobV2",
            "CreateMonitoringSchedule",
            "UpdateMonitoringSchedule",
            "JOBS",
            "DEFINITIONS",
        ],
    ),
    (&["DirectInternetAccess"], &["CreateNotebookInstance"]),
    (
        &[
            "RootAccess",
            "MinimumInstanceMetadataServiceVersion",
            "AcceleratorTypes",
            "NotebookInstanceLifecycleConfigArns",
        ],
        &["CreateNotebookInstance", "UpdateNotebookInstance"],
    ),
    (
        &["StudioLifecycleConfigArns", "ImageArns", "ImageVersionArns"],
        &[
            "CreateDomain",
            "UpdateDomain",
            "CreateUserProfile",
            "UpdateUserProfile",
            "CreateSpace",
            "UpdateSpace",
            "CreateApp",
        ],
    ),
    (
        &["AppNetworkAccessType", "DomainSharingOutputKmsKey", "DomainSharingOutputKmsKeyArn"],
        &["CreateDomain", "UpdateDomain"],
    ),
    (&["AuthMode"], &["CreateDomain"]),
    (
        &["OwnerUserProfileArn", "SpaceSharingType"],
        &["CreateApp", "DeleteApp", "CreateSpace", "UpdateSpace", "DeleteSpace"],
    ),
    (&["RemoteAccess"], &["CreateSpace", "UpdateSpace"]),
    (&["EnableRemoteDebug", "KeepAlivePeriod"], &["CreateTrainingJob", "UpdateTrainingJob"]),
    (
        &["InstanceTypes"],
        &[
            "CreateNotebookInstance",
            "UpdateNotebookInstance",
            "CreateEndpointConfig",
            "CreateTransformJob",
            "CreateCluster",
            "UpdateCluster",
            "CreateDomain",
            "UpdateDomain",
            "CreateUserProfile",
            "UpdateUserProfile",
            "CreateSpace",
            "UpdateSpace",
            "CreateApp",
            "CreateMonitoringSchedule",
            "UpdateMonitoringSchedule",
            "UpdateTrainingJob",
            "JOBS",
            "DEFINITIONS",
        ],
    ),
    (&["MaxRuntimeInSeconds"], &["CreateMonitoringSchedule", "UpdateMonitoringSchedule", "JOBS", "DEFINITIONS"]),
    (
        &["FileSystemId", "FileSystemType", "FileSystemAccessMode", "FileSystemDirectoryPath"],
        &["CreateTrainingJob", "CreateHyperParameterTuningJob"],
    ),
    (&["ModelArn"], &["CreateEndpointConfig", "CreateTransformJob"]),
    (&["ServerlessMaxConcurrency", "ServerlessMemorySize"], &["CreateEndpointConfig"]),
    (&["WorkteamArn", "WorkteamType"], &["CreateFlowDefinition", "CreateLabelingJob"]),
    (&["DirectGatedModelAccess"], &["CreateModel", "CreateTrainingJob"]),
];

/// The condition keys that the request of an action carries.
pub(super) fn keys_of(action: &str) -> impl Iterator<Item = String> {
    let name = action.split(':').nth(1).unwrap_or_default().to_owned();
    let knows = move |who: &&&str| match **who {
        "JOBS" => JOBS.contains(&name.as_str()),
        "DEFINITIONS" => DEFINITIONS.contains(&name.as_str()),
        one => one == name,
    };
    let known = KEYS.iter().filter(move |(_, actions)| actions.iter().any(|who| knows(&who)));
    known.flat_map(|(keys, _)| keys.iter().map(|key| format!("sagemaker:{key}")))
}

/// What the action makes or changes, as the resource part of an ARN.
pub(super) fn kind_of(action: &str) -> &'static str {
    match action.split(':').nth(1).unwrap_or_default() {
        "CreateNotebookInstance" | "UpdateNotebookInstance" | "CreatePresignedNotebookInstanceUrl" => {
            "notebook-instance/*"
        }
        "CreateTrainingJob" | "UpdateTrainingJob" => "training-job/*",
        "CreateProcessingJob" => "processing-job/*",
        "CreateHyperParameterTuningJob" => "hyper-parameter-tuning-job/*",
        "CreateAutoMLJob" | "CreateAutoMLJobV2" => "automl-job/*",
        "CreateModel" => "model/*",
        "CreateJob" => "job/*",
        "CreateEndpointConfig" => "endpoint-config/*",
        "CreateTransformJob" => "transform-job/*",
        "CreateLabelingJob" => "labeling-job/*",
        "CreateFlowDefinition" => "flow-definition/*",
        "CreateDataQualityJobDefinition" => "data-quality-job-definition/*",
        "CreateModelQualityJobDefinition" => "model-quality-job-definition/*",
        "CreateModelBiasJobDefinition" => "model-bias-job-definition/*",
        "CreateModelExplainabilityJobDefinition" => "model-explainability-job-definition/*",
        "CreateDomain" | "UpdateDomain" => "domain/*",
        "CreateCluster" => "cluster/*",
        "CreateSpace" | "UpdateSpace" | "DeleteSpace" => "space/*",
        "CreateApp" | "DeleteApp" => "app/*",
        "CreatePresignedDomainUrl" => "user-profile/*",
        "PutModelPackageGroupPolicy" => "model-package-group/*",
        _ => "*",
    }
}

fn rule(sid: &'static str, actions: &'static [&'static str], deny: Conditions, about: &'static [&'static str]) -> Rule {
    Rule {
        sid,
        actions,
        resource: Resources::all(),
        deny,
        about,
        hostile: Vec::new(),
        good: None,
        target: Target::OfAction,
    }
}

impl Rule {
    fn fails(mut self, says: &'static str, keys: &[(&'static str, &str)]) -> Rule {
        self.hostile.push(shape(says, keys));
        self
    }

    fn passes(mut self, keys: &[(&'static str, &str)]) -> Rule {
        self.good = Some(shape(GOOD, keys));
        self
    }
}

fn guardrail(id: &'static str, prevents: &'static str, beware: &'static str, rules: Vec<Rule>) -> Guardrail {
    Guardrail {
        id,
        prevents,
        beware,
        concerns: Concerns::Everyone,
        common: true,
        by: Enforced::Anywhere,
        rules,
        unwritten: None,
    }
}

fn both_missing(short: &str, long: &str) -> Conditions {
    // Two keys in one block: both must be missing.
    let mut missing = condition("Null", short, ["true"]);
    missing
        .entry("Null".to_owned())
        .or_default()
        .extend(condition("Null", long, ["true"]).remove("Null").unwrap_or_default());
    missing
}

const CREATE_NOTEBOOK: &[&str] = &["sagemaker:CreateNotebookInstance"];
const UPDATE_NOTEBOOK: &[&str] = &["sagemaker:UpdateNotebookInstance"];
const A_KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// Every guardrail, filled in for an account.
pub fn catalogue(world: &World<'_>) -> Vec<Guardrail> {
    let mut all =
        vec![notebook_internet(), notebook_root(), notebook_metadata(), notebook_scripts(world), studio_internet()];
    all.extend([vpc(), network_isolation(), volume_key(), output_key(), traffic_encryption()]);
    all.extend([remote_debug(), remote_access(), private_spaces(world), signed_urls(world)]);
    all.extend([pass_role(world), pass_role_elsewhere(world), public_crowd(), package_sharing()]);
    all.extend([accelerators(), runtime()]);
    all
}

/// The ids, in the order of the catalogue.
pub const IDS: [&str; 20] = [
    "notebook-internet",
    "notebook-root",
    "notebook-metadata",
    "notebook-scripts",
    "studio-internet",
    "vpc",
    "network-isolation",
    "volume-key",
    "output-key",
    "traffic-encryption",
    "remote-debug",
    "remote-access",
    "private-spaces",
    "signed-urls",
    "pass-role",
    "pass-role-elsewhere",
    "public-crowd",
    "package-sharing",
    "accelerators",
    "runtime",
];

fn notebook_internet() -> Guardrail {
    const KEY: &str = "sagemaker:DirectInternetAccess";
    let deny = condition("StringNotEquals", KEY, ["Disabled"]);
    let rule = rule("NotebookInternet", CREATE_NOTEBOOK, deny, &[KEY])
        .fails("DirectInternetAccess Enabled", &[(KEY, "Enabled")])
        .fails(LEFT_OUT, &[])
        .passes(&[(KEY, "Disabled")]);
    guardrail(
        "notebook-internet",
        "notebooks with an internet connection of their own",
        "Notebooks then need a subnet with a way to what they use.",
        vec![rule],
    )
}

fn notebook_root() -> Guardrail {
    const KEY: &str = "sagemaker:RootAccess";
    let create = rule("NotebookRoot", CREATE_NOTEBOOK, condition("StringNotEquals", KEY, ["Disabled"]), &[KEY])
        .fails("RootAccess Enabled", &[(KEY, "Enabled")])
        .fails(LEFT_OUT, &[])
        .passes(&[(KEY, "Disabled")]);
    // An update that leaves it out changes nothing.
    let update = rule("NotebookRootLater", UPDATE_NOTEBOOK, condition("StringEquals", KEY, ["Enabled"]), &[KEY])
        .fails("RootAccess Enabled", &[(KEY, "Enabled")])
        .passes(&[]);
    guardrail(
        "notebook-root",
        "notebooks whose users are root",
        "Users can then no longer install system packages; lifecycle scripts still run as root.",
        vec![create, update],
    )
}

fn notebook_metadata() -> Guardrail {
    const KEY: &str = "sagemaker:MinimumInstanceMetadataServiceVersion";
    let create = rule("NotebookMetadata", CREATE_NOTEBOOK, condition("StringNotEquals", KEY, ["2"]), &[KEY])
        .fails("metadata service version 1", &[(KEY, "1")])
        .fails(LEFT_OUT, &[])
        .passes(&[(KEY, "2")]);
    let update = rule("NotebookMetadataLater", UPDATE_NOTEBOOK, condition("StringEquals", KEY, ["1"]), &[KEY])
        .fails("metadata service version 1", &[(KEY, "1")])
        .passes(&[]);
    guardrail(
        "notebook-metadata",
        "notebooks that hand out credentials over metadata service version 1",
        "Old SDKs in custom images may not know version 2.",
        vec![create, update],
    )
}

fn notebook_scripts(world: &World<'_>) -> Guardrail {
    const KEY: &str = "sagemaker:NotebookInstanceLifecycleConfigArns";
    const BOTH: &[&str] = &["sagemaker:CreateNotebookInstance", "sagemaker:UpdateNotebookInstance"];
    let mut approved: BTreeSet<String> = BTreeSet::new();
    let mut unwritten = None;
    for here in world.regions() {
        let configs = &here.region.lifecycle_configs;
        if let Some(gap) = &configs.missing {
            unwritten = Some(format!("the lifecycle configurations of {} were not seen ({gap})", here.name));
        }
        approved.extend(configs.iter().filter(|config| !config.arn.is_empty()).map(|config| literal(&config.arn)));
    }
    if size_of(&approved) > LISTED {
        unwritten = Some(format!("{} lifecycle configurations do not fit into a policy", approved.len()));
    }
    let deny = match approved.is_empty() {
        true => condition("Null", KEY, ["false"]),
        false => condition("ForAnyValue:ArnNotEquals", KEY, approved),
    };
    let stranger = format!(
        "arn:{}:sagemaker:us-east-1:{}:notebook-instance-lifecycle-config/{STRANGER}",
        world.snapshot.scan.partition, world.snapshot.scan.account
    );
    let rule = rule("NotebookScripts", BOTH, deny, &[KEY])
        .fails("a lifecycle configuration that is not approved", &[(KEY, &stranger)])
        .passes(&[]);
    Guardrail {
        unwritten,
        ..guardrail(
            "notebook-scripts",
            "notebooks with start scripts that nobody approved",
            "Approved are the lifecycle configurations that exist today; their contents can be changed by whoever may update them.",
            vec![rule],
        )
    }
}

fn studio_internet() -> Guardrail {
    const KEY: &str = "sagemaker:AppNetworkAccessType";
    const PUBLIC: (&str, &str) = (KEY, "PublicInternetOnly");
    let create =
        rule("StudioInternet", &["sagemaker:CreateDomain"], condition("StringNotEquals", KEY, ["VpcOnly"]), &[KEY])
            .fails("AppNetworkAccessType PublicInternetOnly", &[PUBLIC])
            .fails(LEFT_OUT, &[])
            .passes(&[(KEY, "VpcOnly")]);
    let update = rule(
        "StudioInternetLater",
        &["sagemaker:UpdateDomain"],
        condition("StringEquals", KEY, ["PublicInternetOnly"]),
        &[KEY],
    )
    .fails("AppNetworkAccessType PublicInternetOnly", &[PUBLIC])
    .passes(&[]);
    guardrail(
        "studio-internet",
        "Studio domains whose apps go to the internet past the VPC",
        "Domains then need VPC endpoints or a NAT gateway.",
        vec![create, update],
    )
}

fn vpc() -> Guardrail {
    const SUBNETS: &str = "sagemaker:VpcSubnets";
    const GROUPS: &str = "sagemaker:VpcSecurityGroupIds";
    let rule = rule("Vpc", IN_VPC, condition("Null", SUBNETS, ["true"]), &[SUBNETS, GROUPS])
        .fails("no subnets", &[])
        .passes(&[(SUBNETS, "subnet-0a"), (GROUPS, "sg-0a")]);
    guardrail(
        "vpc",
        "notebooks, jobs and models outside your VPCs",
        "Everything that is created then names subnets; the VPC needs endpoints for what it uses.",
        vec![rule],
    )
}

fn network_isolation() -> Guardrail {
    const KEY: &str = "sagemaker:NetworkIsolation";
    // Left out counts as false: `IfExists` holds for an absent key.
    let rule = rule("NetworkIsolation", ISOLATED, condition("BoolIfExists", KEY, ["false"]), &[KEY])
        .fails("EnableNetworkIsolation false", &[(KEY, "false")])
        .fails(LEFT_OUT, &[])
        .passes(&[(KEY, "true")]);
    guardrail(
        "network-isolation",
        "job and model containers that can reach a network",
        "Containers that fetch packages or call services, and distributed jobs that talk to S3 themselves, fail.",
        vec![rule],
    )
}

fn volume_key() -> Guardrail {
    const SHORT: &str = "sagemaker:VolumeKmsKey";
    const LONG: &str = "sagemaker:VolumeKmsKeyArn";
    let rule = rule("VolumeKey", WITH_VOLUME, both_missing(SHORT, LONG), &[SHORT, LONG])
        .fails("no key", &[])
        .passes(&[(SHORT, A_KEY), (LONG, A_KEY)]);
    guardrail(
        "volume-key",
        "volumes that no key of yours protects",
        "Serverless endpoints, and instance types with local storage, take no key and are refused.",
        vec![rule],
    )
}

fn output_key() -> Guardrail {
    const SHORT: &str = "sagemaker:OutputKmsKey";
    const LONG: &str = "sagemaker:OutputKmsKeyArn";
    let rule = rule("OutputKey", WITH_OUTPUT, both_missing(SHORT, LONG), &[SHORT, LONG])
        .fails("no key", &[])
        .passes(&[(SHORT, A_KEY), (LONG, A_KEY)]);
    guardrail(
        "output-key",
        "results that no key of yours protects",
        "Buckets that encrypt with a key of yours by default make this unnecessary.",
        vec![rule],
    )
}

fn traffic_encryption() -> Guardrail {
    const KEY: &str = "sagemaker:InterContainerTrafficEncryption";
    let rule = rule("TrafficEncryption", WITH_TRAFFIC, condition("BoolIfExists", KEY, ["false"]), &[KEY])
        .fails("inter-container encryption false", &[(KEY, "false")])
        .fails(LEFT_OUT, &[])
        .passes(&[(KEY, "true")]);
    guardrail(
        "traffic-encryption",
        "distributed jobs that talk in the clear",
        "Jobs on one instance must then set it as well; distributed training may slow down.",
        vec![rule],
    )
}

fn remote_debug() -> Guardrail {
    const KEY: &str = "sagemaker:EnableRemoteDebug";
    const BOTH: &[&str] = &["sagemaker:CreateTrainingJob", "sagemaker:UpdateTrainingJob"];
    let rule = rule("RemoteDebug", BOTH, condition("Bool", KEY, ["true"]), &[KEY])
        .fails("EnableRemoteDebug true", &[(KEY, "true")])
        .passes(&[]);
    guardrail("remote-debug", "shells in running training jobs", "Nobody can look into a job that hangs.", vec![rule])
}

fn remote_access() -> Guardrail {
    const KEY: &str = "sagemaker:RemoteAccess";
    const BOTH: &[&str] = &["sagemaker:CreateSpace", "sagemaker:UpdateSpace"];
    let rule = rule("RemoteAccess", BOTH, condition("StringEquals", KEY, ["ENABLED"]), &[KEY])
        .fails("RemoteAccess ENABLED", &[(KEY, "ENABLED")])
        .passes(&[]);
    guardrail(
        "remote-access",
        "Studio spaces that local editors connect to",
        "People who work in a local editor can no longer do so.",
        vec![rule],
    )
}

fn private_spaces(world: &World<'_>) -> Guardrail {
    const OWNER: &str = "sagemaker:OwnerUserProfileArn";
    const SHARING: &str = "sagemaker:SpaceSharingType";
    const DOMAIN: &str = "sagemaker:DomainId";
    const PROFILE: &str = "sagemaker:UserProfileName";
    const ACTIONS: &[&str] =
        &["sagemaker:CreateApp", "sagemaker:DeleteApp", "sagemaker:UpdateSpace", "sagemaker:DeleteSpace"];
    let (partition, account) = (&world.snapshot.scan.partition, &world.snapshot.scan.account);
    let profile =
        |region: &str, name: &str| format!("arn:{partition}:sagemaker:{region}:{account}:user-profile/{name}");
    let own = profile("*", "${sagemaker:DomainId}/${sagemaker:UserProfileName}");
    let mut deny = condition("ArnNotLike", OWNER, [own]);
    deny.extend(condition("StringEquals", SHARING, ["Private"]));
    let session = [(SHARING, "Private"), (DOMAIN, "d-own"), (PROFILE, "ana")];
    let (ana, bob) = (profile("us-east-1", "d-own/ana"), profile("us-east-1", "d-own/bob"));
    let rule = rule("PrivateSpaces", ACTIONS, deny, &[OWNER, SHARING, DOMAIN, PROFILE])
        .fails("the private space of somebody else", &[&[(OWNER, bob.as_str())], &session[..]].concat())
        .passes(&[&[(OWNER, ana.as_str())], &session[..]].concat());
    Guardrail {
        concerns: Concerns::StudioRoles,
        by: Enforced::ByIdentity,
        ..guardrail(
            "private-spaces",
            "Studio users in the private spaces of others",
            "Attach it to the roles of Studio users only: administrators delete the spaces of people who left.",
            vec![rule],
        )
    }
}

fn signed_urls(world: &World<'_>) -> Guardrail {
    const ADDRESS: &str = "aws:SourceIp";
    const VPC: &str = "aws:SourceVpc";
    const ENDPOINT: &str = "aws:SourceVpce";
    const INSIDE: &str = "aws:VpcSourceIp";
    const BOTH: &[&str] = &["sagemaker:CreatePresignedDomainUrl", "sagemaker:CreatePresignedNotebookInstanceUrl"];
    let vpcs: BTreeSet<String> = world.regions().flat_map(|here| vpcs_of(here.region)).collect();
    let unwritten = vpcs.is_empty().then(|| "no VPC of the account was seen from which people come".to_owned());
    let a_vpc = vpcs.first().cloned().unwrap_or_default();
    let mut deny = condition("StringNotEquals", VPC, vpcs);
    deny.extend(condition("Bool", "aws:ViaAWSService", ["false"]));
    // An address that is nobody's: RFC 5737.
    let rule = rule("SignedUrls", BOTH, deny, &[ADDRESS, VPC, ENDPOINT, INSIDE])
        .fails("from the internet", &[(ADDRESS, "203.0.113.77")])
        .passes(&[(VPC, &a_vpc)]);
    Guardrail {
        unwritten,
        ..guardrail(
            "signed-urls",
            "signed links to Studio and notebooks that are made outside your network",
            "People must come through the VPC endpoint of the SageMaker API; add the networks of your offices if they do not.",
            vec![rule],
        )
    }
}

fn vpcs_of(region: &Region) -> Vec<String> {
    region.vpcs.iter().map(|vpc| vpc.id.clone()).filter(|id| id.starts_with("vpc-")).collect()
}

/// So many characters of exceptions fit into a policy beside the rest: a list of them cannot be divided among documents.
const LISTED: usize = 4_000;

fn size_of(names: &BTreeSet<String>) -> usize {
    names.iter().map(|name| name.chars().count() + 3).sum()
}

/// The ARNs of the roles that workloads run as, or why they cannot be listed.
fn execution_roles(world: &World<'_>) -> Result<BTreeSet<String>, String> {
    if let Some(gap) = world.gap_in(What::Role) {
        return Err(format!("not all execution roles were seen ({gap})"));
    }
    let in_use = |role: &&Role| world.is_execution_role(&role.arn) == Ok(true);
    let roles: BTreeSet<String> =
        world.snapshot.account.roles.iter().filter(in_use).map(|role| literal(&role.arn)).collect();
    match (roles.is_empty(), size_of(&roles) > LISTED) {
        (true, _) => Err("no execution role is in use".to_owned()),
        (_, true) => Err(format!("{} execution roles do not fit into a policy; give them a common path", roles.len())),
        _ => Ok(roles),
    }
}

const PASSED_TO: &str = "iam:PassedToService";
const PASS: &[&str] = &["iam:PassRole"];
/// Source: service authorization reference of SageMaker, September 2026, operations table.
const SAGEMAKER: &str = "sagemaker.amazonaws.com";
const SAGEMAKER_JOBS: &str = "job.sagemaker.amazonaws.com";

fn pass_role(world: &World<'_>) -> Guardrail {
    let scan = &world.snapshot.scan;
    let (roles, unwritten) = match execution_roles(world) {
        Ok(roles) => (roles, None),
        Err(why) => (BTreeSet::new(), Some(why)),
    };
    let rule = Rule {
        resource: Resources::AllBut(roles),
        target: Target::Is(format!("arn:{}:iam::{}:role/{STRANGER}", scan.partition, scan.account)),
        ..rule("PassRole", PASS, condition("StringEquals", PASSED_TO, [SAGEMAKER, SAGEMAKER_JOBS]), &[PASSED_TO])
            .fails("a role that runs no workload", &[(PASSED_TO, SAGEMAKER)])
            .fails("a role that runs no workload, to a new kind of job", &[(PASSED_TO, SAGEMAKER_JOBS)])
    };
    Guardrail {
        unwritten,
        ..guardrail(
            "pass-role",
            "roles that run no workload being passed to SageMaker",
            "Approved are the roles that workloads run as today; a new execution role must be added first.",
            vec![rule],
        )
    }
}

fn pass_role_elsewhere(world: &World<'_>) -> Guardrail {
    let scan = &world.snapshot.scan;
    let (roles, unwritten) = match execution_roles(world) {
        Ok(roles) => (roles, None),
        Err(why) => (BTreeSet::new(), Some(why)),
    };
    let in_use = world.snapshot.account.roles.iter().find(|role| world.is_execution_role(&role.arn) == Ok(true));
    let stranger = || format!("arn:{}:iam::{}:role/{STRANGER}", scan.partition, scan.account);
    let rule = Rule {
        resource: Resources::These(roles),
        target: Target::Is(in_use.map_or_else(stranger, |role| role.arn.clone())),
        ..rule(
            "PassRoleElsewhere",
            PASS,
            condition("StringNotEquals", PASSED_TO, [SAGEMAKER, SAGEMAKER_JOBS]),
            &[PASSED_TO],
        )
        .fails("an execution role to Lambda", &[(PASSED_TO, "lambda.amazonaws.com")])
        .fails("an execution role to EC2", &[(PASSED_TO, "ec2.amazonaws.com")])
        .fails("an execution role to Glue", &[(PASSED_TO, "glue.amazonaws.com")])
        .passes(&[(PASSED_TO, SAGEMAKER)])
    };
    Guardrail {
        unwritten,
        ..guardrail(
            "pass-role-elsewhere",
            "execution roles being passed to other services",
            "Roles that also serve Lambda, Glue or EventBridge must be left out.",
            vec![rule],
        )
    }
}

fn public_crowd() -> Guardrail {
    const KEY: &str = "sagemaker:WorkteamType";
    const BOTH: &[&str] = &["sagemaker:CreateFlowDefinition", "sagemaker:CreateLabelingJob"];
    let rule = rule("PublicCrowd", BOTH, condition("StringEquals", KEY, ["public-crowd"]), &[KEY])
        .fails("WorkteamType public-crowd", &[(KEY, "public-crowd")])
        .passes(&[(KEY, "private-crowd")]);
    guardrail(
        "public-crowd",
        "data being shown to the public crowd of Mechanical Turk",
        "Labeling then needs a team of your own or a vendor's.",
        vec![rule],
    )
}

fn package_sharing() -> Guardrail {
    const ACTION: &[&str] = &["sagemaker:PutModelPackageGroupPolicy"];
    let rule = rule("PackageSharing", ACTION, Conditions::new(), &[]).fails("any policy on a model package group", &[]);
    guardrail(
        "package-sharing",
        "model package groups being shared with other accounts",
        "Central model registries share groups on purpose: leave the role of their pipeline out.",
        vec![rule],
    )
}

fn accelerators() -> Guardrail {
    const KEY: &str = "sagemaker:InstanceTypes";
    let deny = condition("ForAnyValue:StringLike", KEY, ["ml.p*", "ml.trn*"]);
    let rule = rule("Accelerators", WITH_INSTANCES, deny, &[KEY])
        .fails("an ml.p5.48xlarge", &[(KEY, "ml.p5.48xlarge")])
        .passes(&[(KEY, "ml.m5.xlarge")]);
    Guardrail {
        common: false,
        ..guardrail(
            "accelerators",
            "instances of the most expensive families",
            "Teams that train on them need an exception.",
            vec![rule],
        )
    }
}

fn runtime() -> Guardrail {
    const KEY: &str = "sagemaker:MaxRuntimeInSeconds";
    const ACTIONS: &[&str] =
        &["sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob", "sagemaker:CreateHyperParameterTuningJob"];
    // Five days; SageMaker lets a job run for 28, and for one where the limit is left out.
    let rule = rule("Runtime", ACTIONS, condition("NumericGreaterThan", KEY, ["432000"]), &[KEY])
        .fails("a job of 28 days", &[(KEY, "2419200")])
        .passes(&[(KEY, "86400")]);
    Guardrail {
        common: false,
        ..guardrail(
            "runtime",
            "jobs that run for weeks",
            "Training that takes longer than five days needs an exception.",
            vec![rule],
        )
    }
}
