use crate::engine::Accelerated;
use crate::prelude::*;

pub(super) struct ElasticInferenceNotUsed;

impl Check for ElasticInferenceNotUsed {
    type On<'w> = Accelerated<'w>;

    const META: Meta = Meta {
        id: "elastic-inference-not-used",
        title: "Nothing relies on Elastic Inference, which AWS has ended",
        severity: Severity::Info,
        reads: &[Table::Notebooks, Table::EndpointConfigs, Table::Endpoints],
        practices: &["RES-7"],
        page: include_str!("elastic_inference_not_used.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, Accelerated(workload): Accelerated<'_>, _: &Here<'_>) -> Judged {
        let mut doubt = None;
        let mut used: Vec<&str> = Vec::new();
        match workload {
            Workload::Notebook(notebook) => match notebook.accelerators.get() {
                Ok(accelerators) => used.extend(accelerators.into_iter().flatten().map(String::as_str)),
                Err(unseen) => doubt = Some(unseen),
            },
            Workload::EndpointConfig(config) => {
                for variants in [&config.variants, &config.shadow_variants] {
                    match variants.get() {
                        Ok(variants) => {
                            used.extend(variants.into_iter().flatten().filter_map(|v| v.accelerator.as_deref()));
                        }
                        Err(unseen) => doubt = doubt.or(Some(unseen)),
                    }
                }
            }
            _ => return Ok(not_concerned()),
        }
        if let Some(accelerator) = used.first() {
            return Ok(fail(format!("it asks for {accelerator}, an accelerator that AWS no longer offers")));
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(pass("it asks for no accelerator of Elastic Inference"))
    }
}
