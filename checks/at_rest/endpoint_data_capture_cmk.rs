use super::custody;
use crate::prelude::*;

pub(super) struct EndpointDataCaptureCmk;

impl Check for EndpointDataCaptureCmk {
    type On<'w> = &'w EndpointConfig;

    const META: Meta = Meta {
        id: "endpoint-data-capture-cmk",
        title: "Captured inference data is encrypted with a customer managed key",
        severity: Severity::High,
        reads: &[Table::EndpointConfigs, Table::Endpoints, Table::Buckets, Table::Keys],
        practices: &["REST-5", "PRIV-5"],
        page: include_str!("endpoint_data_capture_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, config: &EndpointConfig, here: &Here<'_>) -> Judged {
        let Some(capture) = config.data_capture.get()?.filter(|capture| capture.enabled) else {
            return Ok(exempt("requests and responses are not captured"));
        };
        let key = custody::named(capture.key.as_ref());
        let destination =
            capture.destination.as_deref().ok_or_else(|| unclear("the answer carries no DestinationS3Uri"))?;
        let custody = custody::of_destination("what is captured", key, destination, here)?;
        Ok(custody.verdict().with("capture_key", key).with("destination", destination))
    }
}
