//! Data in transit: what travels in the clear.

mod traffic;

section! { InTransit:
    training_inter_container_encryption::TrainingInterContainerEncryption,
    processing_inter_container_encryption::ProcessingInterContainerEncryption,
    code_repository_https::CodeRepositoryHttps,
    s3_ml_bucket_tls_only::S3MlBucketTlsOnly,
    sns_topic_tls_only::SnsTopicTlsOnly,
    training_sg_allows_ipsec::TrainingSgAllowsIpsec,
    efs_tls_enforced::EfsTlsEnforced,
    s3_ml_bucket_min_tls::S3MlBucketMinTls,
    api_front_door_tls::ApiFrontDoorTls,
}
