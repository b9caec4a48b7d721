//! Texts that may carry secrets: of each only what was found in it is kept, and a fake stands in when it is served again.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sagescan_secrets::{MAX_TEXT, Secret, scan_pairs, scan_text, stand_in_lines, stand_in_values};
use serde_json::{Map, Value, json};

use super::models::definitions;
use crate::snapshot::wire::{Form, look};

const VARIABLE: &str = "environment variable";
const HYPERPARAMETER: &str = "hyperparameter";
const ARGUMENTS: &str = "container arguments";
const DOCUMENT: &str = "job configuration document";

/// Names and values, in the order of the names.
fn pairs(map: &Value) -> Result<Vec<(&str, &str)>, String> {
    let map = map.as_object().ok_or_else(|| "is not an object".to_owned())?;
    let mut pairs: Vec<(&str, &str)> =
        map.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect();
    pairs.sort_unstable();
    Ok(pairs)
}

fn strings<'a>(list: Option<&'a Value>, into: &mut Vec<&'a str>) {
    into.extend(list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str));
}

/// What the words of a command line carry.
fn of_command(specification: Option<&Value>) -> Vec<Secret> {
    let mut words = Vec::new();
    let member = |name: &str| specification.and_then(|specification| specification.get(name));
    strings(member("ContainerEntrypoint"), &mut words);
    strings(member("ContainerArguments"), &mut words);
    scan_text(&words.join("\n"), ARGUMENTS)
}

/// `ContainerArguments`, whichever way their places are worded.
fn arguments(secrets: &[Secret]) -> Value {
    stand_in_lines(secrets, ARGUMENTS).map_or(Value::Null, |lines| json!(lines))
}

/// Environment variables.
#[derive(Debug)]
pub(in crate::snapshot) struct Environment;

impl Form<Vec<Secret>> for Environment {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        Ok(Some(scan_pairs(pairs(value)?.into_iter(), VARIABLE)))
    }
    fn write(value: &Vec<Secret>) -> Value {
        json!(stand_in_values(value, VARIABLE))
    }
}

/// Environment variables of all containers of a model.
#[derive(Debug)]
pub(super) struct ContainerEnvironment;

impl Form<Vec<Secret>> for ContainerEnvironment {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let mut all = Vec::new();
        for environment in definitions(value).filter_map(|container| container.get("Environment")) {
            if !environment.is_null() {
                all.extend(pairs(environment)?);
            }
        }
        all.sort_unstable();
        Ok(Some(scan_pairs(all.into_iter(), VARIABLE)))
    }
    fn write(value: &Vec<Secret>) -> Value {
        let values = stand_in_values(value, VARIABLE);
        // Which container a variable belongs to is not kept: the first one gets them all.
        if values.is_empty() { Value::Null } else { json!({ "PrimaryContainer": { "Environment": values } }) }
    }
}

/// What environments in several places carry; a place may be a list of them.
fn of_environments(value: &Value, places: &[&str]) -> Result<Vec<Secret>, String> {
    let found: Vec<Cow<'_, Value>> = places.iter().filter_map(|place| look(value, place)).collect();
    let mut all = Vec::new();
    for found in &found {
        match found.as_ref() {
            Value::Array(each) => each.iter().try_for_each(|one| pairs(one).map(|pairs| all.extend(pairs)))?,
            one => all.extend(pairs(one)?),
        }
    }
    all.sort_unstable();
    Ok(scan_pairs(all.into_iter(), VARIABLE))
}

/// Environment variables of all containers of a model package.
#[derive(Debug)]
pub(super) struct PackageEnvironment;

impl Form<Vec<Secret>> for PackageEnvironment {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let places = [
            "InferenceSpecification.Containers[].Environment",
            "AdditionalInferenceSpecifications[].Containers[].Environment",
        ];
        of_environments(value, &places).map(Some)
    }
    fn write(value: &Vec<Secret>) -> Value {
        let values = stand_in_values(value, VARIABLE);
        // Which container a variable belongs to is not kept: one that nothing else is known of gets them all.
        if values.is_empty() {
            return Value::Null;
        }
        json!({ "AdditionalInferenceSpecifications": [{ "Containers": [{ "Environment": values }] }] })
    }
}

/// Environment variables of the containers of an inference component.
#[derive(Debug)]
pub(super) struct ComponentEnvironment;

impl Form<Vec<Secret>> for ComponentEnvironment {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let places = ["Specification.Container.Environment", "Specifications[].Container.Environment"];
        of_environments(value, &places).map(Some)
    }
    fn write(value: &Vec<Secret>) -> Value {
        let values = stand_in_values(value, VARIABLE);
        if values.is_empty() {
            Value::Null
        } else {
            json!({ "Specification": { "Container": { "Environment": values } } })
        }
    }
}

/// Environment variables of an app image configuration.
#[derive(Debug)]
pub(super) struct AppEnvironment;

impl Form<Vec<Secret>> for AppEnvironment {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let places = [
            "JupyterLabAppImageConfig.ContainerConfig.ContainerEnvironmentVariables",
            "CodeEditorAppImageConfig.ContainerConfig.ContainerEnvironmentVariables",
        ];
        of_environments(value, &places).map(Some)
    }
    fn write(value: &Vec<Secret>) -> Value {
        let values = stand_in_values(value, VARIABLE);
        // Which of the two it belongs to is not kept.
        if values.is_empty() {
            return Value::Null;
        }
        json!({ "JupyterLabAppImageConfig": { "ContainerConfig": { "ContainerEnvironmentVariables": values } } })
    }
}

/// The command lines of an app image configuration.
#[derive(Debug)]
pub(super) struct AppArguments;

impl Form<Vec<Secret>> for AppArguments {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let mut found: Vec<Secret> = Vec::new();
        for place in ["JupyterLabAppImageConfig.ContainerConfig", "CodeEditorAppImageConfig.ContainerConfig"] {
            for secret in of_command(look(value, place).as_deref()) {
                if !found.contains(&secret) {
                    found.push(secret);
                }
            }
        }
        Ok(Some(found))
    }
    fn write(value: &Vec<Secret>) -> Value {
        match arguments(value) {
            Value::Null => Value::Null,
            arguments => {
                json!({ "JupyterLabAppImageConfig": { "ContainerConfig": { "ContainerArguments": arguments } } })
            }
        }
    }
}

/// The command line of a monitoring job, below its application.
#[derive(Debug)]
pub(super) struct MonitoringArguments;

impl Form<Vec<Secret>> for MonitoringArguments {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        Ok(Some(of_command(Some(value))))
    }
    fn write(value: &Vec<Secret>) -> Value {
        json!({ "ContainerArguments": arguments(value) })
    }
}

/// Hyperparameters and command line of a training job.
#[derive(Debug)]
pub(super) struct TrainingParameters;

impl Form<Vec<Secret>> for TrainingParameters {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let parameters = value.get("HyperParameters").filter(|parameters| !parameters.is_null());
        let mut found = match parameters {
            Some(parameters) => scan_pairs(pairs(parameters)?.into_iter(), HYPERPARAMETER),
            None => Vec::new(),
        };
        found.extend(of_command(value.get("AlgorithmSpecification")));
        Ok(Some(found))
    }
    fn write(value: &Vec<Secret>) -> Value {
        json!({
            "HyperParameters": stand_in_values(value, HYPERPARAMETER),
            "AlgorithmSpecification": { "ContainerArguments": arguments(value) },
        })
    }
}

/// Hyperparameters.
#[derive(Debug)]
pub(super) struct Hyperparameters;

impl Form<Vec<Secret>> for Hyperparameters {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        Ok(Some(scan_pairs(pairs(value)?.into_iter(), HYPERPARAMETER)))
    }
    fn write(value: &Vec<Secret>) -> Value {
        json!(stand_in_values(value, HYPERPARAMETER))
    }
}

/// The environments of an optimization job: its own, and those that its steps lay over it.
#[derive(Debug)]
pub(super) struct OptimizationEnvironments;

impl Form<Vec<Secret>> for OptimizationEnvironments {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let steps = value.get("OptimizationConfigs").and_then(Value::as_array).into_iter().flatten();
        let overrides =
            steps.filter_map(Value::as_object).flat_map(Map::values).filter_map(|step| step.get("OverrideEnvironment"));
        let mut all = Vec::new();
        for environment in value.get("OptimizationEnvironment").into_iter().chain(overrides) {
            if !environment.is_null() {
                all.extend(pairs(environment)?);
            }
        }
        all.sort_unstable();
        Ok(Some(scan_pairs(all.into_iter(), VARIABLE)))
    }
    fn write(value: &Vec<Secret>) -> Value {
        json!({ "OptimizationEnvironment": stand_in_values(value, VARIABLE) })
    }
}

/// The document that configures a generic job.
#[derive(Debug)]
pub(super) struct JobDocument;

impl Form<Vec<Secret>> for JobDocument {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let text = value.as_str().ok_or_else(|| "is not a text".to_owned())?;
        if text.len() > MAX_TEXT {
            return Err("is too long to be read whole".to_owned());
        }
        Ok(Some(scan_text(text, DOCUMENT)))
    }
    fn write(value: &Vec<Secret>) -> Value {
        json!(stand_in_lines(value, DOCUMENT).unwrap_or_else(|| vec!["{}".to_owned()]).join("\n"))
    }
    fn absent() -> Option<Vec<Secret>> {
        Some(Vec::new())
    }
}

/// The command line of a processing job.
#[derive(Debug)]
pub(super) struct ProcessingParameters;

impl Form<Vec<Secret>> for ProcessingParameters {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        Ok(Some(of_command(value.get("AppSpecification"))))
    }
    fn write(value: &Vec<Secret>) -> Value {
        json!({ "AppSpecification": { "ContainerArguments": arguments(value) } })
    }
}

/// The scripts of a lifecycle configuration. A script that cannot be decoded, or is too long to read whole, is a gap.
#[derive(Debug)]
pub(super) struct Hooks;

impl Form<Vec<Secret>> for Hooks {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let mut found = Vec::new();
        for name in ["OnCreate", "OnStart"] {
            for hook in value.get(name).and_then(Value::as_array).into_iter().flatten() {
                let content = hook.get("Content").and_then(Value::as_str).unwrap_or_default();
                found.extend(scan_base64(content, name).map_err(|why| format!("{name} {why}"))?);
            }
        }
        Ok(Some(found))
    }
    fn write(value: &Vec<Secret>) -> Value {
        let mut answer = Map::new();
        for name in ["OnCreate", "OnStart"] {
            if let Some(script) = stand_in_script(value, name) {
                answer.insert(name.to_owned(), json!([{ "Content": script }]));
            }
        }
        Value::Object(answer)
    }
}

/// The script of a Studio lifecycle configuration.
#[derive(Debug)]
pub(super) struct StudioScript;

const STUDIO_SCRIPT: &str = "the script";

impl Form<Vec<Secret>> for StudioScript {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let content = value.as_str().ok_or_else(|| "is not a text".to_owned())?;
        scan_base64(content, STUDIO_SCRIPT).map(Some)
    }
    fn write(value: &Vec<Secret>) -> Value {
        let empty = || STANDARD.encode("#!/bin/bash");
        Value::String(stand_in_script(value, STUDIO_SCRIPT).unwrap_or_else(empty))
    }
}

/// What a script in Base64 carries.
pub(in crate::snapshot) fn scan_base64(content: &str, name: &str) -> Result<Vec<Secret>, String> {
    let script = STANDARD.decode(content.trim()).map_err(|_| "is not Base64".to_owned())?;
    let script = String::from_utf8_lossy(&script);
    if script.len() > MAX_TEXT {
        return Err("is too long to be read whole".to_owned());
    }
    Ok(scan_text(&script, name))
}

/// A script in Base64 in which the same would be found; none where nothing is.
pub(in crate::snapshot) fn stand_in_script(secrets: &[Secret], name: &str) -> Option<String> {
    let mut lines = stand_in_lines(secrets, name)?;
    if let Some(first) = lines.first_mut().filter(|line| line.is_empty()) {
        "#!/bin/bash".clone_into(first);
    }
    Some(STANDARD.encode(lines.join("\n")))
}
