//! How a model is put to use, for what its own description does not tell.

use crate::prelude::*;

/// What runs a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Serving {
    /// Instances, or nothing: the settings of the model count.
    Instances,
    /// Only serverless variants, which support neither a VPC nor network isolation.
    Serverless,
}

/// What runs this model. Asked only where the model itself would fail: an answer needs every endpoint configuration.
pub(super) fn of(model: &Model, here: &Here<'_>) -> Result<Serving, Unseen> {
    let (mut serverless, mut component, mut doubt) = (false, false, None);
    let (mut once_serverless, mut once_instances) = (false, false);
    for config in here.region.endpoint_configs.iter() {
        let served = here.serves_config(&config.name);
        for variants in [&config.variants, &config.shadow_variants] {
            let variants = match variants.get() {
                Ok(variants) => variants.into_iter().flatten(),
                Err(unseen) => {
                    doubt = doubt.or(Some(unseen));
                    continue;
                }
            };
            for variant in variants {
                match (variant.model.as_deref(), variant.serverless, served) {
                    (None, _, served) => component |= served,
                    (Some(name), _, _) if name != model.name => {}
                    (Some(_), false, true) => return Ok(Serving::Instances),
                    (Some(_), true, true) => serverless = true,
                    (Some(_), false, false) => once_instances = true,
                    (Some(_), true, false) => once_serverless = true,
                }
            }
        }
    }
    let doubt = doubt.or_else(|| here.region.endpoint_configs.missing.as_ref().map(Unseen::from));
    match doubt {
        Some(unseen) => Err(unseen),
        None if serverless => Ok(Serving::Serverless),
        None if component => Err(unclear(
            "it may run as an inference component, which takes these settings from the endpoint configuration",
        )),
        // Nothing runs it now: what could run it again decides.
        None if once_serverless && !once_instances => Ok(Serving::Serverless),
        None => Ok(Serving::Instances),
    }
}
