//! Logging and monitoring: what leaves a trace, and whether anyone would notice.

mod alarm_rule;
pub(crate) mod event_pattern;
mod filter_pattern;
mod guardduty;
mod listeners;
mod occurrence;
mod ringing;
mod selectors;
pub(crate) mod watch;

section! { Monitoring:
    cloudtrail_multi_region::CloudtrailMultiRegion,
    cloudtrail_log_validation::CloudtrailLogValidation,
    cloudtrail_kms::CloudtrailKms,
    cloudtrail_sagemaker_data_events::CloudtrailSagemakerDataEvents,
    vpc_flow_logs::VpcFlowLogs,
    endpoint_data_capture_enabled::EndpointDataCaptureEnabled,
    guardduty_enabled::GuarddutyEnabled,
    guardduty_ai_and_s3_protection::GuarddutyAiAndS3Protection,
    guardduty_hyperpod_runtime::GuarddutyHyperpodRuntime,
    securityhub_enabled::SecurityhubEnabled,
    config_recorder_sagemaker_types::ConfigRecorderSagemakerTypes,
    config_sagemaker_rules_present::ConfigSagemakerRulesPresent,
    cloudtrail_to_cloudwatch::CloudtrailToCloudwatch,
    cloudtrail_bucket_protected::CloudtrailBucketProtected,
    cloudtrail_s3_data_events_ml_buckets::CloudtrailS3DataEventsMlBuckets,
    cloudtrail_insights::CloudtrailInsights,
    sagemaker_log_groups_retention::SagemakerLogGroupsRetention,
    endpoint_log_group_exists::EndpointLogGroupExists,
    log_groups_not_public::LogGroupsNotPublic,
    alarm_iam_policy_changes::AlarmIamPolicyChanges,
    alarm_kms_key_disable_delete::AlarmKmsKeyDisableDelete,
    alarm_network_change::AlarmNetworkChange,
    alarm_s3_policy_change::AlarmS3PolicyChange,
    alarm_cloudtrail_and_config_changes::AlarmCloudtrailAndConfigChanges,
    alarm_unauthorized_api_calls::AlarmUnauthorizedApiCalls,
    alarm_console_auth_failures::AlarmConsoleAuthFailures,
    alarm_root_usage::AlarmRootUsage,
    alert_sagemaker_sensitive_actions::AlertSagemakerSensitiveActions,
    eventbridge_sagemaker_state_changes::EventbridgeSagemakerStateChanges,
    endpoint_alarms_errors_latency::EndpointAlarmsErrorsLatency,
    endpoint_alarms_instance_health::EndpointAlarmsInstanceHealth,
    labeling_alarms::LabelingAlarms,
    alarms_notify_someone::AlarmsNotifySomeone,
    dns_query_logging::DnsQueryLogging,
    endpoint_model_monitor_scheduled::EndpointModelMonitorScheduled,
    monitoring_schedule_healthy::MonitoringScheduleHealthy,
    monitoring_has_baseline::MonitoringHasBaseline,
    hyperpod_logging::HyperpodLogging,
    path_audit_blind_workload::PathAuditBlindWorkload,
    cost_anomaly_and_budget::CostAnomalyAndBudget,
    recent_sensitive_sagemaker_activity::RecentSensitiveSagemakerActivity,
    s3_ml_bucket_access_logging::S3MlBucketAccessLogging,
}
