//! What Studio runs: images, their versions and configurations, and lifecycle scripts.

use jiff::Timestamp;
use sagescan_secrets::Secret;
use serde_json::{Value, json};

use super::secrets::{AppArguments, AppEnvironment, StudioScript};
use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::{Form, Wire};
use crate::snapshot::{Ask, Known, List, Listed, Seen, Spec, Table, short_name};

record! {
    /// A custom image of Studio.
    pub struct Image in images {
        name: String = "ImageName",
        arn: String = "ImageArn",
        status: Seen<String> = "ImageStatus",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        /// With which SageMaker reads the repository.
        role: Seen<String> = "RoleArn" => Role,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeImage"), &[("ImageName", "ImageName")])),
        arn: "ImageArn",
        resource: "image/{ImageName}",
        summary: &["ImageName", "ImageArn", "ImageStatus", "CreationTime", "LastModifiedTime"],
        required: r#"{"LastModifiedTime": 1761955200}"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::Images, List::of(read!("sagemaker", "ListImages"), "Images"))
    }
}

record! {
    /// A version of a custom image of Studio.
    pub struct ImageVersion in image_versions {
        /// The name of the image. Findings go by the end of the ARN, which tells the version too.
        name: String = "ImageName" | "ImageArn" as ImageName,
        arn: String = "ImageVersionArn",
        status: Seen<String> = "ImageVersionStatus",
        created: Seen<Timestamp> = "CreationTime",
        image: Seen<String> = "ImageArn",
        version: Seen<i64> = "Version",
        /// The image in ECR that it was made from.
        base_image: Seen<String> = "BaseImage" => Image,
        /// The image that runs.
        container_image: Seen<String> = "ContainerImage" => Image,
        /// `NOT_PROVIDED`, `STABLE`, `TO_BE_ARCHIVED`, `ARCHIVED`.
        guidance: Seen<String> = "VendorGuidance",
    }
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeImageVersion"),
            &[("ImageName", "ImageName"), ("Version", "Version")],
        )),
        arn: "ImageVersionArn",
        resource: "image-version/{ImageName}/{Version}",
        summary: &["ImageArn", "ImageVersionArn", "ImageVersionStatus", "CreationTime", "LastModifiedTime", "Version"],
        required: r#"{"LastModifiedTime": 1761955200}"#,
        missing: "ResourceNotFound",
        needs: &[Table::Images],
        ..Spec::of(Table::ImageVersions, List {
            per: Some(images),
            // The image went away after it was listed.
            absent: &["ResourceNotFound"],
            ..List::of(read!("sagemaker", "ListImageVersions"), "ImageVersions")
        })
    }
}

fn images(known: &Known<'_>) -> Listed<Value> {
    let items = known.region.images.iter().map(|image| json!({ "ImageName": image.name })).collect();
    Listed { items, missing: known.region.images.missing.clone() }
}

/// The name of an image, which descriptions of its versions only tell as its ARN.
#[derive(Debug)]
struct ImageName;

impl Form<String> for ImageName {
    fn read(value: &Value) -> Result<Option<String>, String> {
        Ok(String::read(value)?.map(|name| short_name(&name).to_owned()))
    }
    fn write(value: &String) -> Value {
        value.write()
    }
}

record! {
    /// How Studio runs an image.
    pub struct AppImageConfig in app_image_configs {
        name: String = "AppImageConfigName",
        arn: String = "AppImageConfigArn",
        created: Seen<Timestamp> = "CreationTime",
        /// The user that apps run as, where it is set; 0 is root.
        kernel_gateway_uid: Seen<i64> = "KernelGatewayImageConfig.FileSystemConfig.DefaultUid",
        /// As above.
        jupyterlab_uid: Seen<i64> = "JupyterLabAppImageConfig.FileSystemConfig.DefaultUid",
        /// As above.
        code_editor_uid: Seen<i64> = "CodeEditorAppImageConfig.FileSystemConfig.DefaultUid",
        /// Secrets found in `ContainerEnvironmentVariables`.
        environment_secrets: Seen<Vec<Secret>> = "" as AppEnvironment,
        /// Secrets found in `ContainerEntrypoint` and `ContainerArguments`.
        parameter_secrets: Seen<Vec<Secret>> = "" as AppArguments,
    }
    with tags
    by Spec {
        arn: "AppImageConfigArn",
        resource: "app-image-config/{AppImageConfigName}",
        summary: &[
            "AppImageConfigName", "AppImageConfigArn", "CreationTime", "KernelGatewayImageConfig",
            "JupyterLabAppImageConfig", "CodeEditorAppImageConfig",
        ],
        required: r#"{"KernelGatewayImageConfig?": {"KernelSpecs": [{"Name": "python3"}]}}"#,
        ..Spec::of(Table::AppImageConfigs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListAppImageConfigs"), "AppImageConfigs")
        })
    }
}

record! {
    /// A lifecycle configuration of Studio; of its script only what was found in it is kept.
    pub struct StudioLifecycleConfig in studio_lifecycle_configs {
        name: String = "StudioLifecycleConfigName",
        arn: String = "StudioLifecycleConfigArn",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        /// `JupyterLab`, `CodeEditor`, `KernelGateway`, `JupyterServer`.
        app_type: Seen<String> = "StudioLifecycleConfigAppType",
        /// Secrets found in the script.
        secrets: Seen<Vec<Secret>> = "StudioLifecycleConfigContent" as StudioScript,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeStudioLifecycleConfig"),
            &[("StudioLifecycleConfigName", "StudioLifecycleConfigName")],
        )),
        arn: "StudioLifecycleConfigArn",
        resource: "studio-lifecycle-config/{StudioLifecycleConfigName}",
        summary: &[
            "StudioLifecycleConfigName", "StudioLifecycleConfigArn", "CreationTime", "LastModifiedTime",
            "StudioLifecycleConfigAppType",
        ],
        missing: "ResourceNotFound",
        ..Spec::of(Table::StudioLifecycleConfigs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListStudioLifecycleConfigs"), "StudioLifecycleConfigs")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Fields;

    #[test]
    fn a_version_is_named_by_its_image_whichever_answer_tells_it() {
        let described = json!({ "ImageArn": "arn:aws:sagemaker:us-east-1:111122223333:image/kernel", "Version": 2 });
        let version = ImageVersion::from_answers(&Value::Null, &Seen::Is(described));
        assert_eq!(version.name, "kernel");
        let listed = ImageVersion::from_answers(&json!({ "ImageName": "kernel" }), &Seen::default());
        assert_eq!(listed.name, "kernel");
    }
}
