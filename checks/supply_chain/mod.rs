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
    image_from_trusted_registry::ImageFromTrustedRegistry,
}
