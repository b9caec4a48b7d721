//! Data at rest: whose keys stand between a disk or bucket and its reader.

mod custody;
mod disks;

section! { AtRest:
    notebook_volume_cmk::NotebookVolumeCmk,
    domain_storage_cmk::DomainStorageCmk,
    training_volume_cmk::TrainingVolumeCmk,
    training_output_cmk::TrainingOutputCmk,
    processing_volume_cmk::ProcessingVolumeCmk,
    processing_output_cmk::ProcessingOutputCmk,
    endpoint_config_volume_cmk::EndpointConfigVolumeCmk,
    endpoint_data_capture_cmk::EndpointDataCaptureCmk,
    s3_ml_bucket_default_kms::S3MlBucketDefaultKms,
    secrets_cmk::SecretsCmk,
    kms_key_rotation::KmsKeyRotation,
    kms_key_usable::KmsKeyUsable,
    kms_key_policy_restricted::KmsKeyPolicyRestricted,
    log_groups_cmk::LogGroupsCmk,
    domain_home_efs_encrypted::DomainHomeEfsEncrypted,
    domain_custom_filesystems_encrypted::DomainCustomFilesystemsEncrypted,
    kms_key_in_account_region::KmsKeyInAccountRegion,
    hyperpod_volumes_cmk::HyperpodVolumesCmk,
    sns_inference_topics_encrypted::SnsInferenceTopicsEncrypted,
    processing_dataset_query_cmk::ProcessingDatasetQueryCmk,
    feature_store_catalog_encrypted::FeatureStoreCatalogEncrypted,
}
