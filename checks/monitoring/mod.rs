//! Logging and monitoring: what leaves a trace, and whether anyone would notice.

mod selectors;

section! { Monitoring:
    cloudtrail_multi_region::CloudtrailMultiRegion,
    cloudtrail_log_validation::CloudtrailLogValidation,
    cloudtrail_kms::CloudtrailKms,
    cloudtrail_sagemaker_data_events::CloudtrailSagemakerDataEvents,
    vpc_flow_logs::VpcFlowLogs,
    endpoint_data_capture_enabled::EndpointDataCaptureEnabled,
    s3_ml_bucket_access_logging::S3MlBucketAccessLogging,
}
