//! CodeBuild: the projects that build and deploy for SageMaker.

use jiff::Timestamp;
use sagescan_secrets::{Secret, scan_pairs, stand_in_values};
use serde_json::{Value, json};

use super::record::record;
use super::wire::{Form, UpperEnabled};
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

record! {
    /// The name of a project, whatever it builds (ListProjects): the answer to it tells no more.
    pub struct BuildProjectName in build_project_names {
        /// All that the list shows.
        name: String = "",
    }
    by Spec {
        created: "",
        summary: &[""],
        missing: "InvalidInputException",
        ..Spec::of(Table::BuildProjectNames, List {
            size: None,
            token: "nextToken",
            ..List::of(read!("codebuild", "ListProjects"), "projects")
        })
    }
}

record! {
    /// A project that builds or deploys for SageMaker, by its name, tags, role or the names of its variables
    /// (BatchGetProjects).
    pub struct BuildProject in build_projects {
        name: String = "name",
        arn: String = "arn",
        created: Seen<Timestamp> = "created",
        role: Seen<String> = "serviceRole",
        /// Whether builds may run a Docker daemon, with the rights that takes.
        privileged: Seen<bool> = "environment.privilegedMode",
        /// Secrets found in the environment variables that stand there in plain text.
        environment_secrets: Seen<Vec<Secret>> = "environment.environmentVariables" as PlainVariables,
        /// `CODECOMMIT`, `CODEPIPELINE`, `GITHUB`, `NO_SOURCE`, …
        source: Seen<String> = "source.type",
        /// Whether the certificate of the source is not checked.
        insecure_source: Seen<bool> = "source.insecureSsl",
        /// `ENABLED` is true.
        cloudwatch_logs: Seen<bool> = "logsConfig.cloudWatchLogs.status" as UpperEnabled,
        /// `ENABLED` is true.
        s3_logs: Seen<bool> = "logsConfig.s3Logs.status" as UpperEnabled,
        /// `PUBLIC_READ` or `PRIVATE`
        visibility: Seen<String> = "projectVisibility",
    }
    by Spec {
        arn: "arn",
        created: "created",
        resource: "project/{name}",
        summary: &[
            "name", "arn", "created", "serviceRole", "environment", "source", "logsConfig", "projectVisibility",
        ],
        required: r#"{
            "environment": {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"},
            "source?": {"type": "NO_SOURCE"},
            "logsConfig?": {"cloudWatchLogs?": {"status": "DISABLED"}, "s3Logs?": {"status": "DISABLED"}}
        }"#,
        missing: "InvalidInputException",
        needs: &[Table::BuildProjectNames],
        ..Spec::of(Table::BuildProjects, List {
            size: None,
            per: Some(batches_of_names),
            keep: Some(works_for_sagemaker),
            ..List::of(read!("codebuild", "BatchGetProjects"), "projects")
        })
    }
}

/// Up to a hundred names a question (API reference, BatchGetProjects).
fn batches_of_names(known: &Known<'_>) -> Listed<Value> {
    let projects = &known.region.build_project_names;
    let names: Vec<&str> = projects.iter().map(|project| project.name.as_str()).collect();
    let items = names.chunks(100).map(|names| json!({ "names": names })).collect();
    Listed { items, missing: projects.missing.clone() }
}

/// Whether a project belongs to SageMaker: the templates of SageMaker projects name it `sagemaker-…`, tag it, run it under
/// a role of their own and tell it by variables what it works for. Source: developer guide, "MLOps project templates", 2026.
fn works_for_sagemaker(_: &Known<'_>, project: &Value) -> bool {
    let text = |member: &str| project.get(member).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let members = |list: Option<&Value>, member: &'static str| -> Vec<String> {
        let all = list.and_then(Value::as_array).into_iter().flatten();
        all.filter_map(|one| Some(one.get(member)?.as_str()?.to_ascii_lowercase())).collect()
    };
    let variables = members(project.pointer("/environment/environmentVariables"), "name");
    text("name").starts_with("sagemaker-")
        || text("serviceRole").contains("sagemaker")
        || members(project.get("tags"), "key").iter().any(|key| key.starts_with("sagemaker:"))
        || variables.iter().any(|name| name.starts_with("sagemaker_"))
}

/// What the environment variables of a build are called, where they stand in plain text.
const VARIABLE: &str = "environment variable";

/// Environment variables of a build: all hold values but those of the types that name where the value lies (CodeBuild API
/// Reference, `EnvironmentVariable`). No type means `PLAINTEXT`; one that nobody knows may hold a value as well.
#[derive(Debug)]
struct PlainVariables;

impl Form<Vec<Secret>> for PlainVariables {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let variables = value.as_array().ok_or_else(|| "is not a list".to_owned())?;
        let plain = variables.iter().filter_map(|variable| {
            let text = |member: &str| variable.get(member).and_then(Value::as_str);
            let lies_elsewhere = matches!(text("type"), Some("PARAMETER_STORE" | "SECRETS_MANAGER"));
            (!lies_elsewhere).then_some((text("name")?, text("value")?))
        });
        Ok(Some(scan_pairs(plain, VARIABLE)))
    }
    fn write(value: &Vec<Secret>) -> Value {
        let values = stand_in_values(value, VARIABLE);
        values.iter().map(|(name, value)| json!({ "name": name, "value": value, "type": "PLAINTEXT" })).collect()
    }
    fn absent() -> Option<Vec<Secret>> {
        Some(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sagescan_secrets::example;

    use super::*;
    use crate::snapshot::{Account, Region};

    #[test]
    fn projects_of_sagemaker_are_told_from_others() {
        let (region, account, regions) = (Region::default(), Account::default(), BTreeMap::new());
        let known = Known { name: "us-east-1", region: &region, account: &account, regions: &regions };
        for ours in [
            json!({ "name": "sagemaker-churn-p-1-modelbuild" }),
            json!({ "name": "a", "serviceRole": "arn:aws:iam::111122223333:role/AmazonSageMakerServiceCatalogProductsUseRole" }),
            json!({ "name": "a", "tags": [{ "key": "sagemaker:project-id", "value": "p-1" }] }),
            json!({ "name": "a", "environment": { "environmentVariables": [{ "name": "SAGEMAKER_PROJECT_NAME" }] } }),
        ] {
            assert!(works_for_sagemaker(&known, &ours), "{ours}");
        }
        let other = json!({ "name": "shop", "environment": { "environmentVariables": [7] } });
        assert!(!works_for_sagemaker(&known, &other));
    }

    #[test]
    fn only_plain_values_are_searched_for_secrets() {
        let (name, text) = example("hugging-face-token").unwrap();
        let found = |kind: Value| {
            PlainVariables::read(&json!([{ "name": name, "value": text, "type": kind }])).unwrap().unwrap()
        };
        assert_eq!(found(json!("PLAINTEXT")).len(), 1);
        assert_eq!(found(Value::Null).len(), 1);
        assert_eq!(found(json!("FROM_THE_FUTURE")).len(), 1);
        assert!(found(json!("PARAMETER_STORE")).is_empty());
        assert!(found(json!("SECRETS_MANAGER")).is_empty());
    }
}
