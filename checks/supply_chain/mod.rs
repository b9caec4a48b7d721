//! Supply chain and secrets: what runs, where it comes from, and what it carries.

mod credentials;

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
    hyperpod_eks_version_supported::HyperpodEksVersionSupported,
    hyperpod_auto_patch::HyperpodAutoPatch,
    hyperpod_image_patched::HyperpodImagePatched,
    hyperpod_lifecycle_scripts_protected::HyperpodLifecycleScriptsProtected,
}
