use crate::aws::endpoint_status;
use crate::prelude::*;

pub(super) struct EndpointAutoscaling;

impl Check for EndpointAutoscaling {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-autoscaling",
        title: "Endpoints scale with the load",
        severity: Severity::Low,
        reads: &[Table::Endpoints, Table::ScalableTargets, Table::ScalingPolicies],
        practices: &["RES-2"],
        page: include_str!("endpoint_autoscaling.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, here: &Here<'_>) -> Judged {
        let status = endpoint.status.known("EndpointStatus")?;
        if !endpoint_status::serves(status) {
            return Ok(exempt(format!("it is {status} and takes no requests")));
        }
        let variants = endpoint.variants.known("ProductionVariants")?;
        if variants.is_empty() {
            return Err(unclear("the answer names no production variant"));
        }
        let hosted: Vec<&LiveVariant> = variants.iter().filter(|variant| !variant.serverless).collect();
        if hosted.is_empty() {
            return Ok(exempt("it is serverless, and scales by itself"));
        }
        let (mut fixed, mut doubt) = (Vec::new(), None);
        for variant in hosted {
            match flaw_of(variant, endpoint, here) {
                Ok(flaw) => fixed.extend(flaw),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        match (fixed.is_empty(), doubt) {
            (false, _) => Ok(fail(fixed.join("; ")).with("variants", fixed)),
            (true, Some(unseen)) => Err(unseen),
            (true, None) => Ok(pass("every variant on instances grows with the load")),
        }
    }
}

/// Why a variant does not grow with the load, if it does not.
fn flaw_of(variant: &LiveVariant, endpoint: &Endpoint, here: &Here<'_>) -> Result<Option<String>, Unseen> {
    let name = &variant.name;
    if variant.managed_scaling == Some(true) && variant.managed_maximum > variant.managed_minimum {
        return Ok(None);
    }
    // Application Auto Scaling User Guide, "Amazon SageMaker AI endpoint variants".
    let id = format!("endpoint/{}/variant/{name}", endpoint.name);
    let counts = |dimension: &str| dimension == "sagemaker:variant:DesiredInstanceCount";
    let Some(target) = here.region.scalable_targets.find(|target| target.id == id && counts(&target.dimension))? else {
        return Ok(Some(format!("nothing scales variant {name}")));
    };
    if target.scale_out_suspended.get()? == Some(&true) {
        return Ok(Some(format!("scaling out is suspended for variant {name}")));
    }
    let (minimum, maximum) = (*target.minimum.known("MinCapacity")?, *target.maximum.known("MaxCapacity")?);
    if maximum <= minimum {
        return Ok(Some(format!("variant {name} may have {minimum} to {maximum} instances, which is no range")));
    }
    let policy = here.region.scaling_policies.find(|policy| policy.target == id && counts(&policy.dimension))?;
    Ok(policy
        .is_none()
        .then(|| format!("variant {name} may have {minimum} to {maximum} instances, but no policy says when")))
}
