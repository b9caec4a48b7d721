use super::zones::{in_words, zones};
use crate::aws::endpoint_status;
use crate::prelude::*;

pub(super) struct EndpointMultiAzSubnets;

impl Check for EndpointMultiAzSubnets {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-multi-az-subnets",
        title: "Endpoints in a VPC span two availability zones",
        severity: Severity::Medium,
        reads: &[Table::Endpoints, Table::EndpointConfigs, Table::Models, Table::Subnets],
        practices: &["RES-1"],
        page: include_str!("endpoint_multi_az_subnets.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?;
        if !endpoint_status::serves(status) {
            return Ok(exempt(format!("it is {status} and takes no requests")));
        }
        let name = endpoint.config.known("EndpointConfigName")?;
        let config =
            here.endpoint_config(name)?.ok_or_else(|| unclear(format!("endpoint configuration {name} is gone")))?;
        let variants = config.variants.known("ProductionVariants")?;
        if !variants.is_empty() && variants.iter().all(|v| v.serverless) {
            return Ok(exempt("it is serverless, and AWS places serverless inference"));
        }
        let models = variants.iter().filter(|v| !v.serverless).filter_map(|v| v.model.as_deref());
        let networks = std::iter::once(("its configuration".to_owned(), config.vpc.get()))
            .chain(models.map(|model| (format!("model {model}"), vpc_of(model, here))));
        let (mut narrow, mut wide, mut gap) = (Vec::new(), false, None);
        for (whose, vpc) in networks {
            match vpc.and_then(|vpc| vpc.map(|vpc| zones(&vpc.subnets, here)).transpose()) {
                Ok(Some(zones)) if zones.len() < 2 => {
                    narrow.push(format!("the subnets of {whose} lie in {}", in_words(&zones)))
                }
                Ok(Some(_)) => wide = true,
                Ok(None) => {}
                Err(unseen) => gap = gap.or(Some(unseen)),
            }
        }
        if !narrow.is_empty() {
            return Ok(fail(narrow.join("; ")).with("endpoint_config", name.as_str()).with("in_one_zone", narrow));
        }
        if let Some(unseen) = gap {
            return Err(unseen);
        }
        Ok(if wide {
            pass("its subnets lie in two or more availability zones")
        } else {
            exempt("it uses no VPC of yours, so SageMaker chooses the availability zones")
        })
    }
}

/// The network of a model; one that was deleted under a running endpoint can no longer be seen.
fn vpc_of<'w>(model: &str, here: &Here<'w>) -> Result<Option<&'w VpcConfig>, Unseen> {
    here.model(model)?.ok_or_else(|| unclear(format!("model {model} is gone")))?.vpc.get()
}
