use crate::prelude::*;

pub(super) struct EndpointProgressiveDeployment;

impl Check for EndpointProgressiveDeployment {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-progressive-deployment",
        title: "Updates of endpoints take traffic step by step",
        severity: Severity::Low,
        reads: &[Table::Endpoints],
        practices: &["RES-3"],
        page: include_str!("endpoint_progressive_deployment.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, _here: &Here<'_>) -> Judged {
        if !*endpoint.deployed_again.known("LastDeploymentConfig")? {
            return Ok(exempt("it was never updated with a deployment configuration"));
        }
        let routing = endpoint.traffic_routing.get()?.map(String::as_str);
        let rolling = *endpoint.rolling_update.known("RollingUpdatePolicy")?;
        let shadows = endpoint.shadow_variants.get()?.map_or(0, Vec::len);
        let variants = endpoint.variants.known("ProductionVariants")?;
        let taking = variants.iter().filter(|variant| variant.weight.is_none_or(|weight| weight > 0.0)).count();
        let verdict = match routing {
            _ if rolling => pass("the last update went batch by batch"),
            Some("CANARY") => pass("the last update sent some traffic to a canary first"),
            Some("LINEAR") => pass("the last update moved traffic in steps"),
            Some("ALL_AT_ONCE") | None if shadows > 0 => pass("a shadow variant sees the traffic first"),
            Some("ALL_AT_ONCE") | None if taking > 1 => pass("several variants share the traffic"),
            Some("ALL_AT_ONCE") | None => fail("the last update moved all traffic at once"),
            Some(other) => return Err(unclear(format!("traffic routing {other}"))),
        };
        Ok(verdict.with("traffic_routing", routing).with("rolling", rolling))
    }
}
