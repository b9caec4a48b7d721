//! Endpoints and their configurations.

use aws_sdk_sagemaker::operation::describe_endpoint::DescribeEndpointOutput;
use aws_sdk_sagemaker::operation::describe_endpoint_config::DescribeEndpointConfigOutput;
use aws_sdk_sagemaker::types::{EndpointConfigSummary, EndpointSummary, ProductionVariant, ProductionVariantSummary};
use sagescan_checks::snapshot::{
    AsyncOutput, CaptureState, DataCapture, Endpoint, EndpointConfig, Listed, LiveVariant, Seen, Tag, Variant,
};

use super::{TAGS, name, tags, vpc};
use crate::collect::call::{Call, read};
use crate::collect::places::Place;
use crate::collect::translate::{text, time};

const LIST: Call = read!("sagemaker", "ListEndpoints");
const DESCRIBE: Call = read!("sagemaker", "DescribeEndpoint");
const LIST_CONFIGS: Call = read!("sagemaker", "ListEndpointConfigs");
const DESCRIBE_CONFIG: Call = read!("sagemaker", "DescribeEndpointConfig");

pub(in crate::collect) const ENDPOINTS: &[Call] = &[LIST, DESCRIBE, TAGS];
pub(in crate::collect) const ENDPOINT_CONFIGS: &[Call] = &[LIST_CONFIGS, DESCRIBE_CONFIG, TAGS];

pub(in crate::collect) async fn endpoints(place: &Place) -> Listed<Endpoint> {
    let sm = &place.sagemaker;
    let listed = place.asker.pages(
        &LIST,
        |token| sm.list_endpoints().max_results(100).set_next_token(token).send(),
        |page| (page.endpoints.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let describe = |one: EndpointSummary| async move {
        let request = || sm.describe_endpoint().set_endpoint_name(one.endpoint_name.clone());
        let seen = place.asker.ask_planned(&DESCRIBE, &[], || request().send()).await;
        let tags = tags(place, one.endpoint_arn().unwrap_or_default()).await;
        endpoint(&one, &seen, tags)
    };
    place.asker.each(listed.await, describe).await
}

fn endpoint(one: &EndpointSummary, seen: &Seen<DescribeEndpointOutput>, tags: Seen<Vec<Tag>>) -> Endpoint {
    Endpoint {
        name: name(one.endpoint_name()),
        arn: name(one.endpoint_arn()),
        status: one.endpoint_status().map(|s| s.as_str().to_owned()).into(),
        created: one.creation_time().and_then(time).into(),
        modified: one.last_modified_time().and_then(time).into(),
        config: seen.field(|d| text(d.endpoint_config_name())),
        variants: seen.field(|d| Some(d.production_variants().iter().map(live_variant).collect())),
        shadow_variants: seen.field(|d| Some(d.shadow_production_variants().iter().map(live_variant).collect())),
        capture: seen.field(|d| {
            let c = d.data_capture_config()?;
            Some(CaptureState {
                enabled: c.enable_capture().unwrap_or_default(),
                status: c.capture_status().map(|s| s.as_str().to_owned()),
                percentage: c.current_sampling_percentage(),
                destination: text(c.destination_s3_uri()),
                key: text(c.kms_key_id()),
            })
        }),
        asynchronous: seen.field(|d| Some(d.async_inference_config().is_some())),
        tags,
    }
}

fn live_variant(v: &ProductionVariantSummary) -> LiveVariant {
    LiveVariant {
        name: name(v.variant_name()),
        count: v.current_instance_count(),
        weight: v.current_weight().map(f64::from),
        serverless: v.current_serverless_config().is_some(),
        managed_minimum: v.managed_instance_scaling().and_then(|m| m.min_instance_count()),
    }
}

pub(in crate::collect) async fn endpoint_configs(place: &Place) -> Listed<EndpointConfig> {
    let sm = &place.sagemaker;
    let listed = place.asker.pages(
        &LIST_CONFIGS,
        |token| sm.list_endpoint_configs().max_results(100).set_next_token(token).send(),
        |page| (page.endpoint_configs.unwrap_or_default(), page.next_token),
        |_| false,
    );
    let describe = |one: EndpointConfigSummary| async move {
        let request = || sm.describe_endpoint_config().set_endpoint_config_name(one.endpoint_config_name.clone());
        let seen = place.asker.ask_planned(&DESCRIBE_CONFIG, &[], || request().send()).await;
        let tags = tags(place, one.endpoint_config_arn().unwrap_or_default()).await;
        endpoint_config(&one, &seen, tags)
    };
    place.asker.each(listed.await, describe).await
}

fn endpoint_config(
    one: &EndpointConfigSummary,
    seen: &Seen<DescribeEndpointConfigOutput>,
    tags: Seen<Vec<Tag>>,
) -> EndpointConfig {
    EndpointConfig {
        name: name(one.endpoint_config_name()),
        arn: name(one.endpoint_config_arn()),
        created: one.creation_time().and_then(time).into(),
        key: seen.field(|d| text(d.kms_key_id())),
        variants: seen.field(|d| Some(d.production_variants().iter().map(variant).collect())),
        shadow_variants: seen.field(|d| Some(d.shadow_production_variants().iter().map(variant).collect())),
        data_capture: seen.field(|d| {
            let c = d.data_capture_config()?;
            let modes = c.capture_options().iter().filter_map(|o| o.capture_mode());
            Some(DataCapture {
                enabled: c.enable_capture().unwrap_or_default(),
                percentage: c.initial_sampling_percentage(),
                destination: text(c.destination_s3_uri()),
                key: text(c.kms_key_id()),
                modes: modes.map(|m| m.as_str().to_owned()).collect(),
            })
        }),
        async_output: seen.field(|d| {
            let output = d.async_inference_config()?.output_config()?;
            Some(AsyncOutput {
                path: text(output.s3_output_path()),
                failure_path: text(output.s3_failure_path()),
                key: text(output.kms_key_id()),
            })
        }),
        vpc: seen.field(|d| d.vpc_config().map(vpc)),
        network_isolation: seen.field(|d| d.enable_network_isolation()),
        role: seen.field(|d| text(d.execution_role_arn())),
        tags,
    }
}

fn variant(v: &ProductionVariant) -> Variant {
    Variant {
        name: name(v.variant_name()),
        model: text(v.model_name()),
        instance_type: v.instance_type().map(|t| t.as_str().to_owned()),
        initial_count: v.initial_instance_count(),
        weight: v.initial_variant_weight().map(f64::from),
        serverless: v.serverless_config().is_some(),
        managed_minimum: v.managed_instance_scaling().and_then(|m| m.min_instance_count()),
    }
}
