//! Notebook lifecycle configurations.

use jiff::Timestamp;
use sagescan_secrets::Secret;
use serde_json::{Value, json};

use super::secrets::Hooks;
use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::Form;
use crate::snapshot::{Ask, List, Seen, Spec, Table};

record! {
    /// A notebook lifecycle configuration; of its scripts only what was found in them is kept.
    pub struct LifecycleConfig in lifecycle_configs {
        name: String = "NotebookInstanceLifecycleConfigName",
        arn: String = "NotebookInstanceLifecycleConfigArn",
        modified: Seen<Timestamp> = "LastModifiedTime",
        /// The scripts that exist: `OnCreate`, `OnStart`.
        scripts: Seen<Vec<String>> = "" as ScriptNames,
        /// Secrets found in the scripts' `Content`.
        secrets: Seen<Vec<Secret>> = "" as Hooks,
    }
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeNotebookInstanceLifecycleConfig"),
            &[("NotebookInstanceLifecycleConfigName", "NotebookInstanceLifecycleConfigName")],
        )),
        arn: "NotebookInstanceLifecycleConfigArn",
        created: "LastModifiedTime",
        resource: "notebook-instance-lifecycle-config/{NotebookInstanceLifecycleConfigName}",
        summary: &["NotebookInstanceLifecycleConfigName", "NotebookInstanceLifecycleConfigArn", "LastModifiedTime"],
        ..Spec::of(
            Table::LifecycleConfigs,
            List::of(read!("sagemaker", "ListNotebookInstanceLifecycleConfigs"), "NotebookInstanceLifecycleConfigs"),
        )
    }
}

/// Which scripts there are.
#[derive(Debug)]
struct ScriptNames;

impl Form<Vec<String>> for ScriptNames {
    fn read(value: &Value) -> Result<Option<Vec<String>>, String> {
        let there = |name: &&str| value.get(*name).and_then(Value::as_array).is_some_and(|hooks| !hooks.is_empty());
        Ok(Some(["OnCreate", "OnStart"].iter().filter(|name| there(name)).map(|name| (*name).to_owned()).collect()))
    }
    fn write(value: &Vec<String>) -> Value {
        // A script with nothing in it, for the secrets to be laid over.
        let mut answer = json!({});
        for name in value {
            answer[name] = json!([{ "Content": "IyEvYmluL2Jhc2gKc2V0IC1l" }]);
        }
        answer
    }
}
