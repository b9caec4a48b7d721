//! The types of resources, a line each: type, table, key in a snapshot, kind in findings, what the table holds. `job` marks
//! types that pile up as history. Whatever goes through all types asks one of the macros here.

/// Calls a macro with the rows of the types that [`Workload`](crate::engine::Workload) does not know by name.
#[macro_export]
macro_rules! with_other_records {
    ($each:ident) => {
        $crate::with_other_records! { @after [$each] [] }
    };
    (@after [$($each:tt)*] [$($before:tt)*]) => {
        $($each)*! {
            $($before)*
            ModelPackageGroup ModelPackageGroups model_package_groups "model-package-group" "Model package groups";
            ModelPackage ModelPackages model_packages "model-package" "Model packages";
            ModelCard ModelCards model_cards "model-card" "Model cards";
            LineageGroup LineageGroups lineage_groups "lineage-group" "Lineage groups";
            Experiment Experiments experiments "experiment" "Experiments";
            Pipeline Pipelines pipelines "pipeline" "Pipelines";
            FeatureGroup FeatureGroups feature_groups "feature-group" "Feature groups";
            MonitoringSchedule MonitoringSchedules monitoring_schedules "monitoring-schedule" "Monitoring schedules";
            DataQualityJobDefinition DataQualityJobDefinitions data_quality_job_definitions "data-quality-job-definition" "Definitions of data quality jobs";
            ModelQualityJobDefinition ModelQualityJobDefinitions model_quality_job_definitions "model-quality-job-definition" "Definitions of model quality jobs";
            ModelBiasJobDefinition ModelBiasJobDefinitions model_bias_job_definitions "model-bias-job-definition" "Definitions of bias jobs";
            ModelExplainabilityJobDefinition ModelExplainabilityJobDefinitions model_explainability_job_definitions "model-explainability-job-definition" "Definitions of explainability jobs";
            Cluster Clusters clusters "cluster" "HyperPod clusters";
            ClusterNode ClusterNodes cluster_nodes "cluster-node" "Nodes of HyperPod clusters";
            MlflowTrackingServer MlflowTrackingServers mlflow_tracking_servers "mlflow-tracking-server" "MLflow tracking servers";
            MlflowApp MlflowApps mlflow_apps "mlflow-app" "MLflow apps";
            PartnerApp PartnerApps partner_apps "partner-app" "Apps of partners";
            Project Projects projects "project" "Projects";
            Hub Hubs hubs "hub" "Hubs";
            HubContent HubContents hub_contents "hub-content" "What lies in the account's hubs";
            InferenceComponent InferenceComponents inference_components "inference-component" "Inference components";
            InferenceExperiment InferenceExperiments inference_experiments "inference-experiment" "Inference experiments";
            InferenceRouter InferenceRouters inference_routers "inference-router" "Inference routers";
            Image Images images "image" "Custom images of Studio";
            ImageVersion ImageVersions image_versions "image-version" "Versions of custom images of Studio";
            AppImageConfig AppImageConfigs app_image_configs "app-image-config" "How Studio runs images";
            StudioLifecycleConfig StudioLifecycleConfigs studio_lifecycle_configs "studio-lifecycle-config" "Lifecycle configurations of Studio";
            CodeRepository CodeRepositories code_repositories "code-repository" "Git repositories";
            HyperParameterTuningJob TuningJobs tuning_jobs "hyper-parameter-tuning-job" "Hyperparameter tuning jobs within the look-back window, and running ones" job;
            TransformJob TransformJobs transform_jobs "transform-job" "Batch transform jobs within the look-back window, and running ones" job;
            AutoMLJob AutoMLJobs auto_ml_jobs "auto-ml-job" "AutoML jobs within the look-back window, and running ones" job;
            CompilationJob CompilationJobs compilation_jobs "compilation-job" "Neo compilation jobs within the look-back window, and running ones" job;
            OptimizationJob OptimizationJobs optimization_jobs "optimization-job" "Inference optimization jobs within the look-back window, and running ones" job;
            InferenceRecommendationsJob InferenceRecommendationsJobs inference_recommendations_jobs "inference-recommendations-job" "Inference recommender jobs within the look-back window, and running ones" job;
            LabelingJob LabelingJobs labeling_jobs "labeling-job" "Ground Truth labeling jobs within the look-back window, and running ones" job;
            FlowDefinition FlowDefinitions flow_definitions "flow-definition" "Human review workflows";
            HumanTaskUi HumanTaskUis human_task_uis "human-task-ui" "Worker task templates";
            Workteam Workteams workteams "workteam" "Private work teams";
            SubscribedWorkteam SubscribedWorkteams subscribed_workteams "subscribed-workteam" "Work teams of vendors";
            Workforce Workforces workforces "workforce" "Workforces";
            EdgePackagingJob EdgePackagingJobs edge_packaging_jobs "edge-packaging-job" "Edge packaging jobs within the look-back window, and running ones" job;
            DeviceFleet DeviceFleets device_fleets "device-fleet" "Fleets of edge devices";
            Device Devices devices "device" "Edge devices";
            Algorithm Algorithms algorithms "algorithm" "Algorithms";
            AIBenchmarkJob AIBenchmarkJobs ai_benchmark_jobs "ai-benchmark-job" "AI benchmark jobs within the look-back window, and running ones" job;
            AIRecommendationJob AIRecommendationJobs ai_recommendation_jobs "ai-recommendation-job" "AI recommendation jobs within the look-back window, and running ones" job;
            Job Jobs jobs "job" "Generic jobs of all categories within the look-back window, and running ones" job;
            TrainingSession TrainingSessions training_sessions "training-session" "Interactive training sessions" job;
            TrainingPlan TrainingPlans training_plans "training-plan" "Training plans";
        }
    };
}

/// Calls a macro with the rows of all types of SageMaker's.
#[macro_export]
macro_rules! with_records {
    ($each:ident) => {
        $crate::with_records! { @after [$each] [] }
    };
    (@after [$($each:tt)*] [$($before:tt)*]) => {
        $crate::with_other_records! { @after [$($each)*] [
            $($before)*
            Notebook Notebooks notebooks "notebook-instance" "Notebook instances";
            LifecycleConfig LifecycleConfigs lifecycle_configs "notebook-lifecycle-config" "Notebook lifecycle configurations";
            TrainingJob TrainingJobs training_jobs "training-job" "Training jobs within the look-back window, and running ones" job;
            ProcessingJob ProcessingJobs processing_jobs "processing-job" "Processing jobs within the look-back window, and running ones" job;
            Model Models models "model" "Models";
            EndpointConfig EndpointConfigs endpoint_configs "endpoint-config" "Endpoint configurations";
            Endpoint Endpoints endpoints "endpoint" "Endpoints";
            Domain Domains domains "domain" "Studio domains";
            UserProfile UserProfiles user_profiles "user-profile" "User profiles of all domains";
            Space Spaces spaces "space" "Spaces of all domains";
            App Apps apps "app" "Apps of all domains";
        ] }
    };
}

/// Calls a macro with the rows of the types of other services that tell something about SageMaker's. They are no
/// [`Workload`](crate::engine::Workload).
#[macro_export]
macro_rules! with_context_records {
    ($each:ident) => {
        $crate::with_context_records! { @after [$each] [] }
    };
    (@after [$($each:tt)*] [$($before:tt)*]) => {
        $($each)*! {
            $($before)*
            Analyzer Analyzers analyzers "access-analyzer" "Analyzers of IAM Access Analyzer";
            AnalyzerFinding AnalyzerFindings analyzer_findings "access-analyzer-finding" "Active findings of external access, of analyzers of the account";
            Repository EcrRepositories ecr_repositories "ecr-repository" "Repositories of the account whose images SageMaker resources name";
            RepositoryScanning EcrScanning ecr_scanning "ecr-repository-scanning" "How often those repositories are scanned";
            RegistryScanning EcrRegistryScanning ecr_registry_scanning "ecr-registry-scanning" "How the registry of those repositories scans";
            ImageScan EcrImageScans ecr_image_scans "ecr-image-scan" "What scans found in the images that endpoints run";
            InspectorStatus Inspector inspector "inspector" "What Inspector does where SageMaker runs images of the account";
            ManagedSecret ManagedSecrets managed_secrets "secret" "Secrets of Secrets Manager that SageMaker resources name";
            UserPool UserPools user_pools "user-pool" "User pools of Cognito that workforces name";
            BuildProjectName BuildProjectNames build_project_names "codebuild-project-name" "Names of CodeBuild projects";
            BuildProject BuildProjects build_projects "codebuild-project" "CodeBuild projects that work for SageMaker";
            SharedResource SharedResources shared_resources "shared-resource" "SageMaker resources that the account shares";
            ResourceShare ResourceShares resource_shares "resource-share" "Shares of SageMaker resources";
            SharePrincipal SharePrincipals share_principals "share-principal" "Whom shares of SageMaker resources let in";
            Detector Detectors detectors "guardduty-detector" "Detectors of GuardDuty";
            SecurityHub SecurityHubs security_hubs "security-hub" "Security Hub CSPM, where it is enabled";
            EnabledStandard EnabledStandards enabled_standards "security-standard" "Standards that Security Hub CSPM checks";
            MacieSession MacieSessions macie_sessions "macie-session" "Macie, where it is enabled";
            MacieBucket MacieBuckets macie_buckets "macie-bucket" "What Macie knows of the buckets that resources refer to";
            ConfigRecorder ConfigRecorders config_recorders "config-recorder" "Configuration recorders";
            RecorderStatus RecorderStatuses recorder_statuses "config-recorder-status" "What configuration recorders are doing";
            ConfigRule ConfigRules config_rules "config-rule" "Rules of AWS Config about SageMaker";
            LogGroup LogGroups log_groups "log-group" "Log groups of SageMaker";
            LogsResourcePolicy LogsResourcePolicies logs_resource_policies "logs-resource-policy" "Resource policies of CloudWatch Logs";
            MetricFilter MetricFilters metric_filters "metric-filter" "Metric filters of the log groups that trails write to";
            Alarm Alarms alarms "alarm" "Alarms on metrics of SageMaker and of those metric filters";
            EventRule EventRules event_rules "event-rule" "Rules of EventBridge for events of SageMaker and of CloudTrail";
            QueryLogAssociation QueryLogAssociations query_log_associations "query-log-association" "VPCs used by SageMaker whose DNS queries are logged";
            EksCluster EksClusters eks_clusters "eks-cluster" "EKS clusters that orchestrate HyperPod";
            FileSystem FileSystems file_systems "efs-file-system" "EFS file systems that Studio names or SageMaker made";
            ScalableTarget ScalableTargets scalable_targets "scalable-target" "What of endpoints may be scaled";
            ScalingPolicy ScalingPolicies scaling_policies "scaling-policy" "Policies that scale endpoints";
            RestApi RestApis rest_apis "rest-api" "REST APIs, where there are endpoints";
            ApiResource ApiResources api_resources "api-resource" "Resources of REST APIs that call SageMaker or a function";
            HttpApi HttpApis http_apis "http-api" "HTTP and WebSocket APIs, where there are endpoints";
            HttpRoute HttpRoutes http_routes "http-route" "Routes of HTTP and WebSocket APIs";
            HttpIntegration HttpIntegrations http_integrations "http-integration" "What HTTP and WebSocket APIs call of SageMaker and Lambda";
            ApiDomain ApiDomains api_domains "api-domain" "Domain names in front of APIs";
            LambdaFunction LambdaFunctions lambda_functions "lambda-function" "Functions that may invoke endpoints, or that SageMaker roles may invoke by their names";
            KeyGrants KeyGrants key_grants "kms-key-grants" "Grants on the customer's keys that resources name";
            ServiceQuota ServiceQuotas service_quotas "service-quota" "Quotas on instances of endpoints, of the types that are configured";
            LustreFileSystem LustreFileSystems lustre_file_systems "fsx-file-system" "FSx for Lustre file systems that resources name";
            CompositeAlarm CompositeAlarms composite_alarms "composite-alarm" "Alarms on other alarms, where there are alarms of interest";
            Firewall Firewalls firewalls "network-firewall" "Network firewalls of VPCs used by SageMaker";
            DnsFirewall DnsFirewalls dns_firewalls "dns-firewall-association" "DNS firewall rules over VPCs used by SageMaker";
            CatalogEncryption CatalogEncryption catalog_encryption "glue-catalog" "How the Glue catalog of feature groups is encrypted";
            AthenaWorkgroup AthenaWorkgroups athena_workgroups "athena-workgroup" "Workgroups of Athena that query for SageMaker";
            Topic Topics topics "sns-topic" "Topics of SNS that carry results or that alarms tell";
            TopicSubscription TopicSubscriptions topic_subscriptions "sns-subscription" "Who is told by those topics";
            MonitoringAlert MonitoringAlerts monitoring_alerts "monitoring-alert" "Alerts of monitoring schedules";
            LastLogEvent LastLogEvents last_log_events "last-log-event" "When the endpoints that serve last wrote to their log groups";
            LogSample LogSamples log_samples "log-sample" "What the newest lines of log groups give away";
            SensitiveCall SensitiveCalls sensitive_calls "sensitive-call" "Sensitive calls to SageMaker of the last 90 days";
            ThreatFinding ThreatFindings threat_findings "guardduty-finding" "Findings of GuardDuty about calls to SageMaker that nobody archived";
            AuditManager AuditManager audit_manager "audit-manager" "Whether Audit Manager is on";
            AuditAssessment AuditAssessments audit_assessments "audit-assessment" "Assessments of Audit Manager, where it is on";
            LineageArtifacts LineageArtifacts lineage_artifacts "lineage-artifacts" "Whether lineage tracking holds anything, where there are models or training jobs";
        }
    };
}

/// Calls a macro with the rows of all types: SageMaker's and those of other services.
#[macro_export]
macro_rules! with_all_records {
    ($each:ident) => {
        $crate::with_records! { @after [$crate::with_all_records] [@before $each] }
    };
    (@before $each:ident $($before:tt)*) => {
        $crate::with_context_records! { @after [$each] [$($before)*] }
    };
}

use super::{Call, Record, Spec, Table};

/// A type of resource as data: for whatever needs no instance of it.
#[derive(Debug)]
pub struct About {
    /// The type.
    pub record: &'static str,
    /// The table it fills.
    pub table: Table,
    /// How it is asked for.
    pub spec: Spec,
    /// The places that its fields come from, in the description or in the summary of a type without one.
    pub paths: &'static [&'static str],
    /// Every call that filling the table may make.
    pub calls: Vec<Call>,
}

/// All types, in collection order.
pub fn all() -> Vec<About> {
    macro_rules! about {
        ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
            vec![$( About {
                record: stringify!($record),
                table: Table::$table,
                spec: <super::$record as Record>::SPEC,
                paths: <super::$record as super::Fields>::PATHS,
                calls: Spec::calls::<super::$record>(),
            }, )*]
        };
    }
    with_all_records!(about)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::snapshot::{Account, Known, Region};

    /// Where nothing was seen of what a type's resources are picked by, the list either says that it may lack something or
    /// takes all there are.
    #[test]
    fn what_is_picked_by_something_unseen_may_lack_something() {
        let (region, account, regions) = (Region::default(), Account::default(), BTreeMap::new());
        let known = Known { name: "us-east-1", region: &region, account: &account, regions: &regions };
        let mut wrong = Vec::new();
        for about in all().into_iter().filter(|about| !about.spec.needs.is_empty()) {
            let list = about.spec.list;
            let within = list.per.map(|per| per(&known));
            let says_so = within.as_ref().is_some_and(|within| within.missing.is_some());
            let asks = within.is_none_or(|within| !within.items.is_empty());
            let takes_all = asks && list.keep.is_none_or(|keep| keep(&known, &json!({})));
            if !says_so && !takes_all {
                wrong.push(about.record);
            }
        }
        assert!(wrong.is_empty(), "these lose what they do not see: {wrong:?}");
    }
}
