use crate::aws::endpoint_status;
use crate::prelude::*;

pub(super) struct EndpointVariantMultiInstance;

impl Check for EndpointVariantMultiInstance {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-variant-multi-instance",
        title: "Production variants run on two or more instances",
        severity: Severity::Medium,
        reads: &[Table::Endpoints],
        practices: &["RES-1"],
        page: include_str!("endpoint_variant_multi_instance.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, _here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?;
        if !endpoint_status::serves(status) {
            return Ok(exempt(format!("it is {status} and takes no requests")));
        }
        if endpoint.asynchronous.get()?.is_some_and(|yes| *yes) {
            return Ok(exempt("it is asynchronous: requests wait in a queue, and no instance at all is by design"));
        }
        let variants = endpoint.variants.known("ProductionVariants")?;
        if variants.is_empty() {
            return Err(unclear("the answer names no production variant"));
        }
        let (idle, busy): (Vec<_>, Vec<_>) = variants.iter().partition(|v| v.weight == Some(0.0));
        let thin = thin_ones(busy)?;
        if !thin.is_empty() {
            return Ok(fail(thin.join("; ")).with("variants", thin));
        }
        let shadows = endpoint.shadow_variants.get()?.into_iter().flatten();
        let spare = thin_ones(idle.into_iter().chain(shadows))?;
        if !spare.is_empty() {
            let says = format!("{}, but answers no request", spare.join("; "));
            return Ok(fail(says).severity(Severity::Info).with("variants", spare));
        }
        Ok(if variants.iter().all(|v| v.serverless) {
            exempt("it is serverless: there are no instances to count")
        } else {
            pass("every variant runs on two or more instances")
        })
    }
}

/// What is said of each variant that runs, or may come to run, on fewer than two instances. One that is seen is enough;
/// to find none, all must have been seen.
fn thin_ones<'w>(variants: impl IntoIterator<Item = &'w LiveVariant>) -> Result<Vec<String>, Unseen> {
    let (mut thin, mut gap) = (Vec::new(), None);
    for variant in variants.into_iter().filter(|v| !v.serverless) {
        let name = &variant.name;
        match (variant.count, variant.managed_minimum) {
            (Some(count), _) if count < 2 => {
                thin.push(format!("variant {name} runs on {count} instance{}", if count == 1 { "" } else { "s" }));
            }
            (_, Some(minimum)) if minimum < 2 => {
                thin.push(format!("managed scaling may shrink variant {name} to {minimum}"));
            }
            (Some(_), _) => {}
            (None, _) => gap = Some(unclear(format!("no CurrentInstanceCount for variant {name}"))),
        }
    }
    match gap {
        Some(unseen) if thin.is_empty() => Err(unseen),
        _ => Ok(thin),
    }
}
