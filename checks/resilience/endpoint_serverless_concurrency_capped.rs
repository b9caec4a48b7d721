use crate::prelude::*;

pub(super) struct EndpointServerlessConcurrencyCapped;

impl Check for EndpointServerlessConcurrencyCapped {
    type On<'w> = &'w EndpointConfig;

    const META: Meta = Meta {
        id: "endpoint-serverless-concurrency-capped",
        title: "Serverless variants cap their concurrency",
        severity: Severity::Low,
        confidence: Confidence::Medium,
        reads: &[Table::EndpointConfigs, Table::Endpoints],
        practices: &["RES-2"],
        page: include_str!("endpoint_serverless_concurrency_capped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, config: &EndpointConfig, _here: &Here<'_>) -> Judged {
        let variants = config.variants.known("ProductionVariants")?;
        let shadows = config.shadow_variants.get()?.into_iter().flatten();
        let serverless: Vec<&Variant> = variants.iter().chain(shadows).filter(|variant| variant.serverless).collect();
        if serverless.is_empty() {
            return Ok(not_concerned());
        }
        let (mut open, mut capped) = (Vec::new(), Vec::new());
        for variant in &serverless {
            match variant.max_concurrency {
                Some(cap) if cap < MOST => capped.push(format!("{} at {cap}", variant.name)),
                Some(cap) => {
                    open.push(format!("variant {} may run {cap} requests at once, the most there is", variant.name))
                }
                None => return Err(unclear(format!("no MaxConcurrency for variant {}", variant.name))),
            }
        }
        Ok(match open.is_empty() {
            false => fail(open.join("; ")).with("variants", open),
            true => pass(format!("concurrency is capped: {}", capped.join(", "))),
        })
    }
}

/// The largest `MaxConcurrency` that the API takes (SageMaker API Reference, `ProductionVariantServerlessConfig`).
const MOST: i32 = 200;
