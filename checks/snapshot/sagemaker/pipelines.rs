//! Pipelines. Of a definition only what is found in it is kept.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use sagescan_secrets::{MAX_TEXT, Secret, scan_pairs, scan_text, stand_in_lines, stand_in_values};
use serde_json::{Map, Value, json};

use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::Form;
use crate::snapshot::{Ask, List, Search, Seen, Spec, Table};

record! {
    /// A pipeline.
    pub struct Pipeline in pipelines {
        name: String = "PipelineName",
        arn: String = "PipelineArn",
        /// `Active` or `Deleting`.
        status: Seen<String> = "PipelineStatus",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        last_run: Seen<Timestamp> = "LastRunTime",
        role: Seen<String> = "RoleArn" => Role,
        /// Whether the definition is JSON: of one that is not, the next two tell nothing.
        definition_parses: Seen<bool> = "PipelineDefinition" as DefinitionParses,
        /// The texts that it gives as `RoleArn` or `ExecutionRoleArn`; a role may also be a parameter.
        step_roles: Seen<Vec<String>> = "PipelineDefinition" as StepRoles => Role,
        /// The texts that it gives as `ImageUri`, `TrainingImage` or `Image`; an image may also be a parameter.
        step_images: Seen<Vec<String>> = "PipelineDefinition" as StepImages => Image,
        /// Secrets found in it.
        definition_secrets: Seen<Vec<Secret>> = "PipelineDefinition" as DefinitionSecrets,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribePipeline"), &[("PipelineName", "PipelineName")])),
        // What Search leaves out of a pipeline (service model, `Pipeline` beside `DescribePipelineResponse`).
        search: Some(Search { lacks: &["PipelineDefinition"], ..Search::of("Pipeline", "Pipeline") }),
        arn: "PipelineArn",
        resource: "pipeline/{PipelineName}",
        summary: &["PipelineName", "PipelineArn", "RoleArn", "CreationTime", "LastModifiedTime"],
        finish: Some(definition_as_text),
        missing: "ResourceNotFound",
        ..Spec::of(Table::Pipelines, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListPipelines"), "PipelineSummaries")
        })
    }
}

/// What a definition is called where something was found in it.
const DEFINITION: &str = "pipeline definition";
const ROLES: [&str; 2] = ["RoleArn", "ExecutionRoleArn"];
const IMAGES: [&str; 3] = ["ImageUri", "TrainingImage", "Image"];

/// The text of a definition, and its JSON where it is some. The parser bounds its depth.
fn parsed(value: &Value) -> Result<(&str, Option<Value>), String> {
    let text = value.as_str().ok_or_else(|| "is not a text".to_owned())?;
    if text.len() > MAX_TEXT {
        return Err("is too long to be read whole".to_owned());
    }
    Ok((text, serde_json::from_str(text).ok().filter(Value::is_object)))
}

/// Every text of a definition with the name of the member that holds it; the texts of a list are one, line by line.
fn texts<'d>(value: &'d Value, name: &'d str, out: &mut Vec<(&'d str, Cow<'d, str>)>) {
    match value {
        Value::String(text) => out.push((name, Cow::Borrowed(text))),
        Value::Object(members) => members.iter().for_each(|(name, value)| texts(value, name, out)),
        Value::Array(values) => {
            let lines: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            if !lines.is_empty() {
                out.push((name, Cow::Owned(lines.join("\n"))));
            }
            values.iter().filter(|value| !value.is_string()).for_each(|value| texts(value, name, out));
        }
        _ => {}
    }
}

/// The texts that a definition has under certain names, each once.
fn texts_named(value: &Value, names: &[&str]) -> Result<Option<Vec<String>>, String> {
    let (_, Some(definition)) = parsed(value)? else { return Ok(None) };
    let mut all = Vec::new();
    texts(&definition, "", &mut all);
    let named = all.into_iter().filter(|(name, text)| names.contains(name) && !text.is_empty());
    let named: BTreeSet<String> = named.map(|(_, text)| text.into_owned()).collect();
    Ok(Some(named.into_iter().collect()))
}

/// Whether a definition is JSON.
#[derive(Debug)]
struct DefinitionParses;

impl Form<bool> for DefinitionParses {
    fn read(value: &Value) -> Result<Option<bool>, String> {
        Ok(Some(parsed(value)?.1.is_some()))
    }
    fn write(value: &bool) -> Value {
        json!({ "Parses": value })
    }
}

/// The roles in a definition.
#[derive(Debug)]
struct StepRoles;

impl Form<Vec<String>> for StepRoles {
    fn read(value: &Value) -> Result<Option<Vec<String>>, String> {
        texts_named(value, &ROLES)
    }
    fn write(value: &Vec<String>) -> Value {
        let steps: Vec<Value> = value.iter().map(|role| json!({ "RoleArn": role })).collect();
        json!({ "Roles": steps })
    }
}

/// The images in a definition.
#[derive(Debug)]
struct StepImages;

impl Form<Vec<String>> for StepImages {
    fn read(value: &Value) -> Result<Option<Vec<String>>, String> {
        texts_named(value, &IMAGES)
    }
    fn write(value: &Vec<String>) -> Value {
        let steps: Vec<Value> = value.iter().map(|image| json!({ "ImageUri": image })).collect();
        json!({ "Images": steps })
    }
}

/// What a definition carries: by the names of its members, or by lines where it is no JSON.
#[derive(Debug)]
struct DefinitionSecrets;

impl Form<Vec<Secret>> for DefinitionSecrets {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let (text, definition) = parsed(value)?;
        let Some(definition) = definition else { return Ok(Some(scan_text(text, DEFINITION))) };
        let mut all = Vec::new();
        texts(&definition, "", &mut all);
        all.sort_unstable();
        all.dedup();
        Ok(Some(scan_pairs(all.iter().map(|(name, text)| (*name, text.as_ref())), DEFINITION)))
    }
    fn write(value: &Vec<Secret>) -> Value {
        json!({ "Members": stand_in_values(value, DEFINITION), "Lines": stand_in_lines(value, DEFINITION) })
    }
}

/// The fields write an object with what each of them knows; the service sends a text.
fn definition_as_text(answer: &mut Value) {
    let Some(definition) = answer.get_mut("PipelineDefinition").filter(|definition| definition.is_object()) else {
        return;
    };
    let text = if definition["Parses"] == false {
        let lines = definition["Lines"].as_array().into_iter().flatten().filter_map(Value::as_str);
        // Begins as no JSON does.
        format!("-{}", lines.collect::<Vec<_>>().join("\n"))
    } else {
        let mut members = match definition["Members"].take() {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        members.insert("Steps".to_owned(), json!([definition["Roles"], definition["Images"]]));
        Value::Object(members).to_string()
    };
    *definition = Value::String(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_in_a_definition_is_kept_and_nothing_else() {
        let (variable, secret) = sagescan_secrets::example("hugging-face-token").unwrap();
        let definition = json!({ "Steps": [
            { "Arguments": { "RoleArn": "role", "Environment": { (&variable): secret } } },
            { "Arguments": { "RoleArn": { "Get": "Parameters.Role" }, "AppSpecification": { "ImageUri": "image" } } },
        ] });
        let text = Value::String(definition.to_string());
        assert_eq!(StepRoles::read(&text).unwrap(), Some(vec!["role".to_owned()]));
        assert_eq!(StepImages::read(&text).unwrap(), Some(vec!["image".to_owned()]));
        let found = DefinitionSecrets::read(&text).unwrap().unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, format!("{DEFINITION} {variable}"));
    }

    #[test]
    fn a_definition_that_is_not_json_is_read_line_by_line() {
        let (variable, secret) = sagescan_secrets::example("hugging-face-token").unwrap();
        let text = Value::String(format!("{{\n{variable}={secret}"));
        assert_eq!(DefinitionParses::read(&text).unwrap(), Some(false));
        assert_eq!(StepRoles::read(&text).unwrap(), None);
        assert_eq!(DefinitionSecrets::read(&text).unwrap().unwrap()[0].place, format!("line 2 of {DEFINITION}"));
        assert!(DefinitionParses::read(&json!(7)).is_err());
    }
}
