//! Supply chain and secrets: what runs, where it comes from, and what it carries.

mod credentials;
mod images;

section! { SupplyChain:
    notebook_platform_supported::NotebookPlatformSupported,
    notebook_imdsv2::NotebookImdsv2,
    path_imdsv1_public_notebook::PathImdsv1PublicNotebook,
    path_writable_artifact_to_endpoint::PathWritableArtifactToEndpoint,
    notebook_lifecycle_no_secrets::NotebookLifecycleNoSecrets,
    env_vars_no_secrets::EnvVarsNoSecrets,
    hyperparameters_no_secrets::HyperparametersNoSecrets,
    path_feature_store_poisoning::PathFeatureStorePoisoning,
    path_remote_shell_privileged::PathRemoteShellPrivileged,
    image_from_trusted_registry::ImageFromTrustedRegistry,
    image_digest_pinned::ImageDigestPinned,
    model_private_registry::ModelPrivateRegistry,
    ecr_scan_on_push::EcrScanOnPush,
    deployed_image_no_critical_cves::DeployedImageNoCriticalCves,
    ecr_tags_immutable::EcrTagsImmutable,
    ecr_repository_not_shared_for_push::EcrRepositoryNotSharedForPush,
    ecr_cmk::EcrCmk,
    inspector_ecr_enabled::InspectorEcrEnabled,
    secrets_rotated::SecretsRotated,
    secrets_not_shared::SecretsNotShared,
    code_repository_credentials_in_secrets_manager::CodeRepositoryCredentialsInSecretsManager,
    cicd_build_hardened::CicdBuildHardened,
    custom_studio_image_current::CustomStudioImageCurrent,
    endpoint_inference_ami_current::EndpointInferenceAmiCurrent,
    elastic_inference_not_used::ElasticInferenceNotUsed,
    model_artifact_bucket_owned::ModelArtifactBucketOwned,
    default_bucket_owned::DefaultBucketOwned,
    mlflow_bucket_owner_verification::MlflowBucketOwnerVerification,
    mlflow_version_supported::MlflowVersionSupported,
    training_remote_debug_disabled::TrainingRemoteDebugDisabled,
    domain_docker_access_disabled::DomainDockerAccessDisabled,
    endpoint_ssm_access_disabled::EndpointSsmAccessDisabled,
}
