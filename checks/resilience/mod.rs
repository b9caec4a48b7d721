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
}
