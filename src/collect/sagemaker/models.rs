//! Models.

use aws_sdk_sagemaker::operation::describe_model::DescribeModelOutput;
use aws_sdk_sagemaker::types::{ContainerDefinition, ModelSummary};
use sagescan_checks::snapshot::{Container, Listed, Model, Seen, Tag};
use sagescan_secrets::scan_pairs;

use super::{TAGS, name, tags, vpc};
use crate::collect::call::{Call, read};
use crate::collect::places::Place;
use crate::collect::translate::{text, time};

const LIST: Call = read!("sagemaker", "ListModels");
const DESCRIBE: Call = read!("sagemaker", "DescribeModel");

pub(in crate::collect) const MODELS: &[Call] = &[LIST, DESCRIBE, TAGS];

pub(in crate::collect) async fn models(place: &Place) -> Listed<Model> {
    let sm = &place.sagemaker;
    let listed = place.asker.pages(
        &LIST,
        |token| sm.list_models().max_results(100).set_next_token(token).send(),
        |page| (page.models.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let describe = |one: ModelSummary| async move {
        let request = || sm.describe_model().set_model_name(one.model_name.clone());
        let seen = place.asker.ask_planned(&DESCRIBE, &[], || request().send()).await;
        let tags = tags(place, one.model_arn().unwrap_or_default()).await;
        model(&one, &seen, tags)
    };
    place.asker.each(listed.await, describe).await
}

fn model(one: &ModelSummary, seen: &Seen<DescribeModelOutput>, tags: Seen<Vec<Tag>>) -> Model {
    Model {
        name: name(one.model_name()),
        arn: name(one.model_arn()),
        created: one.creation_time().and_then(time).into(),
        role: seen.field(|d| text(d.execution_role_arn())),
        containers: seen.field(|d| Some(definitions(d).map(container).collect())),
        vpc: seen.field(|d| d.vpc_config().map(vpc)),
        network_isolation: seen.field(|d| d.enable_network_isolation()),
        environment_secrets: seen.field(|d| {
            let mut pairs: Vec<(&str, &str)> = definitions(d)
                .flat_map(|c| c.environment().into_iter().flatten())
                .map(|(k, v)| (k.as_str(), v.as_str()))
                .collect();
            pairs.sort_unstable();
            Some(scan_pairs(pairs.into_iter(), "environment variable"))
        }),
        tags,
    }
}

fn definitions(model: &DescribeModelOutput) -> impl Iterator<Item = &ContainerDefinition> {
    model.primary_container().into_iter().chain(model.containers())
}

fn container(c: &ContainerDefinition) -> Container {
    let source = c.model_data_source().and_then(|s| s.s3_data_source()).and_then(|s| s.s3_uri());
    let data = c.model_data_url().into_iter().chain(source).filter(|uri| !uri.is_empty());
    let mut data: Vec<String> = data.map(str::to_owned).collect();
    data.dedup();
    Container {
        hostname: text(c.container_hostname()),
        image: text(c.image()),
        data,
        mode: c.mode().map(|m| m.as_str().to_owned()),
        repository_access: c.image_config().and_then(|i| i.repository_access_mode()).map(|m| m.as_str().to_owned()),
        model_package: text(c.model_package_name()),
    }
}
