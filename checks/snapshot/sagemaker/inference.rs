//! What serves beside and behind endpoints: inference components, experiments and routers.

use jiff::Timestamp;
use sagescan_secrets::Secret;
use serde_json::{Value, json};

use super::secrets::ComponentEnvironment;
use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::{Every, Form, Wire, look};
use crate::snapshot::{Ask, List, Seen, Spec, Table};

part! {
    /// What an inference component runs; there may be one for each type of instance.
    pub struct ComponentSpecification {
        instance_type: Option<String> = "InstanceType",
        model: Option<String> = "ModelName",
        image: Option<String> = "Container.DeployedImage.SpecifiedImage" => Image,
        /// With its digest.
        resolved_image: Option<String> = "Container.DeployedImage.ResolvedImage" => Image,
        artifacts: Option<String> = "Container.ArtifactUrl" => Data,
        /// The component whose model it adapts.
        base: Option<String> = "BaseInferenceComponentName",
    }
}

record! {
    /// An inference component: a model on an endpoint that it shares with others.
    pub struct InferenceComponent in inference_components {
        name: String = "InferenceComponentName",
        arn: String = "InferenceComponentArn",
        /// `InService`, `Creating`, `Updating`, `Failed`, `Deleting`.
        status: Seen<String> = "InferenceComponentStatus",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        endpoint: Seen<String> = "EndpointName",
        variant: Seen<String> = "VariantName",
        /// `Specification` or `Specifications`.
        specifications: Seen<Vec<ComponentSpecification>> = "" as Specifications => Image & Data,
        /// Secrets found in the containers' `Environment`.
        environment_secrets: Seen<Vec<Secret>> = "" as ComponentEnvironment,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeInferenceComponent"),
            &[("InferenceComponentName", "InferenceComponentName")],
        )),
        arn: "InferenceComponentArn",
        resource: "inference-component/{InferenceComponentName}",
        summary: &[
            "InferenceComponentName", "InferenceComponentArn", "CreationTime", "LastModifiedTime", "EndpointArn",
            "EndpointName", "VariantName", "InferenceComponentStatus",
        ],
        required: r#"{"EndpointName": "endpoint", "EndpointArn": "arn", "VariantName": "variant", "LastModifiedTime": 1761955200}"#,
        ..Spec::of(Table::InferenceComponents, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListInferenceComponents"), "InferenceComponents")
        })
    }
}

/// The one specification, or those for each type of instance.
#[derive(Debug)]
struct Specifications;

impl Form<Vec<ComponentSpecification>> for Specifications {
    fn read(value: &Value) -> Result<Option<Vec<ComponentSpecification>>, String> {
        let mut all = Vec::new();
        if let Some(one) = look(value, "Specification") {
            all.extend(ComponentSpecification::read(&one)?);
        }
        if let Some(each) = look(value, "Specifications") {
            all.extend(Vec::<ComponentSpecification>::read(&each)?.unwrap_or_default());
        }
        Ok(Some(all))
    }
    fn write(value: &Vec<ComponentSpecification>) -> Value {
        let Some((first, others)) = value.split_first() else { return Value::Null };
        let mut answer = json!({ "Specification": first.write() });
        if !others.is_empty() {
            answer["Specifications"] = others.iter().map(Wire::write).collect();
        }
        answer
    }
}

record! {
    /// An inference experiment: a part of the traffic copied to a shadow of the model.
    pub struct InferenceExperiment in inference_experiments {
        name: String = "Name",
        /// Only the description has it.
        arn: String = "Arn",
        /// `Running`, `Completed`, `Cancelled`, …
        status: Seen<String> = "Status",
        created: Seen<Timestamp> = "CreationTime",
        role: Seen<String> = "RoleArn" => Role,
        /// For the volumes of its instances.
        key: Seen<String> = "KmsKey" => Key,
        endpoint: Seen<String> = "EndpointMetadata.EndpointName",
        /// Where requests and responses are stored.
        storage: Seen<String> = "DataStorageConfig.Destination" => Data,
        storage_key: Seen<String> = "DataStorageConfig.KmsKey" => Key,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeInferenceExperiment"), &[("Name", "Name")])),
        arn: "Arn",
        resource: "inference-experiment/{Name}",
        summary: &["Name", "Type", "Status", "CreationTime", "LastModifiedTime", "RoleArn"],
        required: r#"{
            "Type": "ShadowMode", "LastModifiedTime": 1761955200, "ModelVariants": [],
            "EndpointMetadata": {"EndpointName": "endpoint"},
            "DataStorageConfig?": {"Destination": "s3://experiments/data"}
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::InferenceExperiments, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListInferenceExperiments"), "InferenceExperiments")
        })
    }
}

part! {
    /// A target of an inference router.
    pub struct RoutingTarget {
        name: String = "Name",
        /// The ARNs of endpoints or inference components, which may lie in other regions.
        destinations: Vec<String> = "Destinations[].ResourceArn",
        output: Option<String> = "AsyncInferenceConfig.OutputConfig.S3OutputPath" => Data,
        failure_output: Option<String> = "AsyncInferenceConfig.OutputConfig.S3FailurePath" => Data,
        key: Option<String> = "AsyncInferenceConfig.OutputConfig.KmsKeyId" => Key,
    }
}

record! {
    /// An inference router: one name for endpoints in several regions.
    pub struct InferenceRouter in inference_routers {
        name: String = "InferenceRouterName",
        arn: String = "InferenceRouterArn",
        /// `InService`, `Creating`, `Updating`, `Failed`, `Deleting`.
        status: Seen<String> = "Status",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        targets: Seen<Vec<RoutingTarget>> = "RoutingTargets" as Every => Data & Key,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeInferenceRouter"),
            &[("InferenceRouterName", "InferenceRouterName")],
        )),
        arn: "InferenceRouterArn",
        resource: "inference-router/{InferenceRouterName}",
        summary: &["InferenceRouterName", "InferenceRouterArn", "CreationTime", "LastModifiedTime"],
        required: r#"{
            "Status": "InService", "LastModifiedTime": 1761955200,
            "RoutingTargets": [{"Destinations": [], "AsyncInferenceConfig?": {"OutputConfig": {
                "S3OutputPath": "s3://routed/output", "S3FailurePath": "s3://routed/failure"}}}]
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::InferenceRouters, List::of(read!("sagemaker", "ListInferenceRouters"), "InferenceRouters"))
    }
}
