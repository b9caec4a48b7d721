//! Notebook instances and their lifecycle configurations.

use aws_sdk_sagemaker::operation::describe_notebook_instance::DescribeNotebookInstanceOutput;
use aws_sdk_sagemaker::operation::describe_notebook_instance_lifecycle_config::DescribeNotebookInstanceLifecycleConfigOutput;
use aws_sdk_sagemaker::types::{
    NotebookInstanceLifecycleConfigSummary, NotebookInstanceLifecycleHook, NotebookInstanceSummary,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sagescan_checks::snapshot::{Gap, LifecycleConfig, Listed, Notebook, Reason, Seen, Tag};
use sagescan_secrets::{MAX_TEXT, Secret, scan_text};

use super::{TAGS, name, strings, tags};
use crate::collect::call::{Call, read};
use crate::collect::places::Place;
use crate::collect::translate::{switch, text, time, without_userinfo};

const LIST: Call = read!("sagemaker", "ListNotebookInstances");
const DESCRIBE: Call = read!("sagemaker", "DescribeNotebookInstance");
const LIST_CONFIGS: Call = read!("sagemaker", "ListNotebookInstanceLifecycleConfigs");
const DESCRIBE_CONFIG: Call = read!("sagemaker", "DescribeNotebookInstanceLifecycleConfig");

pub(in crate::collect) const NOTEBOOKS: &[Call] = &[LIST, DESCRIBE, TAGS];
pub(in crate::collect) const LIFECYCLE_CONFIGS: &[Call] = &[LIST_CONFIGS, DESCRIBE_CONFIG];

pub(in crate::collect) async fn notebooks(place: &Place) -> Listed<Notebook> {
    let sm = &place.sagemaker;
    let listed = place.asker.pages(
        &LIST,
        |token| sm.list_notebook_instances().max_results(100).set_next_token(token).send(),
        |page| (page.notebook_instances.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let describe = |one: NotebookInstanceSummary| async move {
        let request = || sm.describe_notebook_instance().set_notebook_instance_name(one.notebook_instance_name.clone());
        let seen = place.asker.ask_planned(&DESCRIBE, &[], || request().send()).await;
        let tags = tags(place, one.notebook_instance_arn().unwrap_or_default()).await;
        notebook(&one, &seen, tags)
    };
    place.asker.each(listed.await, describe).await
}

fn notebook(
    one: &NotebookInstanceSummary,
    seen: &Seen<DescribeNotebookInstanceOutput>,
    tags: Seen<Vec<Tag>>,
) -> Notebook {
    let word = |f: fn(&DescribeNotebookInstanceOutput) -> Option<String>| seen.field(f);
    Notebook {
        name: name(one.notebook_instance_name()),
        arn: name(one.notebook_instance_arn()),
        status: one.notebook_instance_status().map(|s| s.as_str().to_owned()).into(),
        instance_type: one.instance_type().map(|t| t.as_str().to_owned()).into(),
        created: one.creation_time().and_then(time).into(),
        modified: one.last_modified_time().and_then(time).into(),
        lifecycle_config: text(one.notebook_instance_lifecycle_config_name()).into(),
        root_access: switch(
            word(|d| d.root_access().map(|w| w.as_str().to_owned())),
            "RootAccess",
            "Enabled",
            "Disabled",
        ),
        direct_internet: switch(
            word(|d| d.direct_internet_access().map(|w| w.as_str().to_owned())),
            "DirectInternetAccess",
            "Enabled",
            "Disabled",
        ),
        subnet: word(|d| text(d.subnet_id())),
        security_groups: seen.field(|d| strings(d.security_groups())),
        key: word(|d| text(d.kms_key_id())),
        role: word(|d| text(d.role_arn())),
        platform: word(|d| text(d.platform_identifier())),
        imds_version: word(|d| {
            let config = d.instance_metadata_service_configuration()?;
            text(config.minimum_instance_metadata_service_version())
        }),
        ip_address_type: word(|d| d.ip_address_type().map(|t| t.as_str().to_owned())),
        code_repositories: seen.field(|d| {
            let all = d.default_code_repository().into_iter();
            let all = all.chain(d.additional_code_repositories().iter().map(String::as_str));
            Some(all.map(without_userinfo).collect())
        }),
        tags,
    }
}

pub(in crate::collect) async fn lifecycle_configs(place: &Place) -> Listed<LifecycleConfig> {
    let sm = &place.sagemaker;
    let listed = place.asker.pages(
        &LIST_CONFIGS,
        |token| sm.list_notebook_instance_lifecycle_configs().max_results(100).set_next_token(token).send(),
        |page| (page.notebook_instance_lifecycle_configs.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let describe = |one: NotebookInstanceLifecycleConfigSummary| async move {
        let request = || {
            let name = one.notebook_instance_lifecycle_config_name.clone();
            sm.describe_notebook_instance_lifecycle_config().set_notebook_instance_lifecycle_config_name(name)
        };
        let seen = place.asker.ask_planned(&DESCRIBE_CONFIG, &[], || request().send()).await;
        lifecycle_config(&one, &seen)
    };
    place.asker.each(listed.await, describe).await
}

fn lifecycle_config(
    one: &NotebookInstanceLifecycleConfigSummary,
    seen: &Seen<DescribeNotebookInstanceLifecycleConfigOutput>,
) -> LifecycleConfig {
    LifecycleConfig {
        name: name(one.notebook_instance_lifecycle_config_name()),
        arn: name(one.notebook_instance_lifecycle_config_arn()),
        modified: one.last_modified_time().and_then(time).into(),
        scripts: seen.field(|d| {
            let exists = |name: &str, hooks: &[NotebookInstanceLifecycleHook]| {
                hooks.iter().any(|h| h.content().is_some_and(|c| !c.is_empty())).then(|| name.to_owned())
            };
            Some([exists("OnCreate", d.on_create()), exists("OnStart", d.on_start())].into_iter().flatten().collect())
        }),
        secrets: match seen {
            Seen::Is(d) => secrets(d),
            Seen::Unset => Seen::Unset,
            Seen::Unseen(gap) => Seen::Unseen(gap.clone()),
        },
    }
}

/// What the scripts carry. A script that cannot be decoded, or is too long to read whole, is a gap.
fn secrets(config: &DescribeNotebookInstanceLifecycleConfigOutput) -> Seen<Vec<Secret>> {
    let mut found = Vec::new();
    for (name, hooks) in [("OnCreate", config.on_create()), ("OnStart", config.on_start())] {
        for content in hooks.iter().filter_map(|h| h.content()) {
            let Ok(script) = STANDARD.decode(content.trim()) else {
                return Seen::Unseen(Gap::new(Reason::Unrecognised, format!("{name} is not Base64")));
            };
            let script = String::from_utf8_lossy(&script);
            if script.len() > MAX_TEXT {
                return Seen::Unseen(Gap::new(Reason::Unrecognised, format!("{name} is too long to be read whole")));
            }
            found.extend(scan_text(&script, name));
        }
    }
    Seen::Is(found)
}
