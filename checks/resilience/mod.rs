//! Resilience: what happens when a zone, a model or an update fails.

mod zones;

section! { Resilience:
    endpoint_variant_multi_instance::EndpointVariantMultiInstance,
    endpoint_multi_az_subnets::EndpointMultiAzSubnets,
    domain_multi_az_subnets::DomainMultiAzSubnets,
    s3_ml_bucket_versioning::S3MlBucketVersioning,
    domain_efs_backup::DomainEfsBackup,
    s3_ml_bucket_replication::S3MlBucketReplication,
    s3_model_bucket_immutable::S3ModelBucketImmutable,
    hyperpod_node_recovery::HyperpodNodeRecovery,
    endpoint_autoscaling::EndpointAutoscaling,
    endpoint_serverless_concurrency_capped::EndpointServerlessConcurrencyCapped,
    endpoint_auto_rollback::EndpointAutoRollback,
    endpoint_progressive_deployment::EndpointProgressiveDeployment,
    endpoint_healthy::EndpointHealthy,
    endpoint_orphans::EndpointOrphans,
    training_has_max_runtime::TrainingHasMaxRuntime,
    training_spot_checkpointed::TrainingSpotCheckpointed,
    vpce_multi_az::VpceMultiAz,
    service_quotas_headroom::ServiceQuotasHeadroom,
}
