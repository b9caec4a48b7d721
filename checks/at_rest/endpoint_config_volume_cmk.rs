use super::{custody, disks};
use crate::aws::instance_types::has_local_storage;
use crate::prelude::*;

pub(super) struct EndpointConfigVolumeCmk;

impl Check for EndpointConfigVolumeCmk {
    type On<'w> = &'w EndpointConfig;

    const META: Meta = Meta {
        id: "endpoint-config-volume-cmk",
        title: "Endpoint volumes use a customer managed key",
        severity: Severity::Medium,
        reads: &[Table::EndpointConfigs, Table::Endpoints, Table::Keys],
        practices: &["REST-1", "REST-2", "EX-3"],
        page: include_str!("endpoint_config_volume_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, config: &EndpointConfig, here: &Here<'_>) -> Judged {
        let production = config.variants.known("ProductionVariants")?;
        let shadow = config.shadow_variants.get()?.map(Vec::as_slice).unwrap_or_default();
        let key = custody::named(config.key.get()?);
        let hosted: Vec<&Variant> = production.iter().chain(shadow).filter(|v| !v.serverless).collect();
        if hosted.is_empty() {
            return Ok(exempt("all variants are serverless and have no volume of their own"));
        }
        let types: Vec<&str> = hosted.iter().map(|v| v.instance_type.as_deref().unwrap_or_default()).collect();
        let verdict = match key {
            Some(key) => {
                let local = types.iter().find(|kind| has_local_storage(kind) == Ok(true));
                let remark =
                    local.map(|kind| format!("; the local disks of {kind} are encrypted by its hardware alone"));
                custody::of_key("the volume", key, here)?.but(remark.as_deref().unwrap_or_default()).verdict()
            }
            None => disks::without_key(types.iter().copied())?,
        };
        Ok(verdict.with("key", key).with("instance_types", types))
    }
}
