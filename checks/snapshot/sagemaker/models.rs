//! Models.

use jiff::Timestamp;
use sagescan_secrets::Secret;
use serde_json::{Map, Value, json};

use super::VpcConfig;
use super::secrets::ContainerEnvironment;
use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::{Form, Wire, look};
use crate::snapshot::{Ask, List, Search, Seen, Spec, Table};

part! {
    /// One container of a model (`PrimaryContainer` or an entry of `Containers`).
    pub struct Container {
        hostname: Option<String> = "ContainerHostname",
        image: Option<String> = "Image" => Image,
        /// `ModelDataUrl` and `ModelDataSource.S3DataSource.S3Uri`.
        data: Vec<String> = "" as Artifacts => Data,
        /// `AdditionalModelDataSources`.
        more_data: Vec<String> = "AdditionalModelDataSources[].S3DataSource.S3Uri" => Data,
        /// `SingleModel` or `MultiModel`.
        mode: Option<String> = "Mode",
        /// `Platform` or `Vpc`.
        repository_access: Option<String> = "ImageConfig.RepositoryAccessMode",
        model_package: Option<String> = "ModelPackageName",
    }
}

record! {
    /// A model.
    pub struct Model in models {
        name: String = "ModelName",
        arn: String = "ModelArn",
        created: Seen<Timestamp> = "CreationTime",
        role: Seen<String> = "ExecutionRoleArn" => Role,
        /// `PrimaryContainer` or `Containers`.
        containers: Seen<Vec<Container>> = "" as Containers => Image & Data,
        vpc: Seen<VpcConfig> = "VpcConfig" => Subnet & SecurityGroup,
        network_isolation: Seen<bool> = "EnableNetworkIsolation",
        /// Secrets found in the containers' `Environment`.
        environment_secrets: Seen<Vec<Secret>> = "" as ContainerEnvironment,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeModel"), &[("ModelName", "ModelName")])),
        search: Some(Search { resource: "Model", record: "Model.Model", filter: None, whole: true, lacks: &[] }),
        arn: "ModelArn",
        resource: "model/{ModelName}",
        summary: &["ModelName", "ModelArn", "CreationTime"],
        required: r#"{
            "PrimaryContainer?": {
                "ModelDataSource?": {"S3DataSource": {"S3DataType": "S3Prefix", "CompressionType": "None"}},
                "AdditionalModelDataSources?": [{
                    "ChannelName": "more", "S3DataSource": {"S3DataType": "S3Prefix", "CompressionType": "None"}
                }]
            },
            "Containers?": [{
                "ModelDataSource?": {"S3DataSource": {"S3DataType": "S3Prefix", "CompressionType": "None"}},
                "AdditionalModelDataSources?": [{
                    "ChannelName": "more", "S3DataSource": {"S3DataType": "S3Prefix", "CompressionType": "None"}
                }]
            }]
        }"#,
        finish: Some(environment_to_its_container),
        // There is no call to update one.
        fixed: true,
        ..Spec::of(Table::Models, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListModels"), "Models")
        })
    }
}

/// The containers of a model.
#[derive(Debug)]
struct Containers;

/// Every container of a model's description.
pub(super) fn definitions(model: &Value) -> impl Iterator<Item = &Value> {
    let primary = model.get("PrimaryContainer").filter(|container| !container.is_null());
    primary.into_iter().chain(model.get("Containers").and_then(Value::as_array).into_iter().flatten())
}

impl Form<Vec<Container>> for Containers {
    fn read(value: &Value) -> Result<Option<Vec<Container>>, String> {
        let all: Result<Vec<Option<Container>>, String> = definitions(value).map(Container::read).collect();
        Ok(Some(all?.into_iter().flatten().collect()))
    }
    fn write(value: &Vec<Container>) -> Value {
        match &value[..] {
            [] => Value::Null,
            [one] => json!({ "PrimaryContainer": one.write() }),
            several => json!({ "Containers": several.iter().map(Wire::write).collect::<Vec<_>>() }),
        }
    }
}

/// The environment is written without knowing of the containers; it belongs to the first one.
fn environment_to_its_container(answer: &mut Value) {
    let Some(members) = answer.as_object_mut() else { return };
    if members.contains_key("Containers")
        && let Some(mut primary) = members.remove("PrimaryContainer")
        && let Some(first) = members.get_mut("Containers").and_then(|all| all.get_mut(0))
    {
        first["Environment"] = primary["Environment"].take();
    }
}

/// The places of a model's artifacts.
#[derive(Debug)]
pub(super) struct Artifacts;

impl Form<Vec<String>> for Artifacts {
    fn read(value: &Value) -> Result<Option<Vec<String>>, String> {
        let mut all = Vec::new();
        for path in ["ModelDataUrl", "ModelDataSource.S3DataSource.S3Uri"] {
            if let Some(uri) = look(value, path) {
                all.extend(String::read(&uri).map_err(|why| format!("{path} {why}"))?);
            }
        }
        all.dedup();
        Ok(Some(all))
    }
    fn write(value: &Vec<String>) -> Value {
        let mut answer = Map::new();
        if let Some(url) = value.first() {
            answer.insert("ModelDataUrl".to_owned(), url.write());
        }
        if let Some(source) = value.get(1) {
            answer.insert("ModelDataSource".to_owned(), json!({ "S3DataSource": { "S3Uri": source } }));
        }
        Value::Object(answer)
    }
}
