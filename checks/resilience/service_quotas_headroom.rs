use std::collections::BTreeMap;

use crate::prelude::*;

pub(super) struct ServiceQuotasHeadroom;

impl Check for ServiceQuotasHeadroom {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "service-quotas-headroom",
        title: "Quotas leave room for a second fleet of each endpoint",
        severity: Severity::Info,
        reads: &[Table::Endpoints, Table::EndpointConfigs, Table::ServiceQuotas],
        practices: &["LOG-5"],
        page: include_str!("service_quotas_headroom.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        let endpoints = &region.region.endpoints;
        let mut doubt = endpoints.all().err();
        let mut fleets = BTreeMap::<String, Fleet>::new();
        for endpoint in endpoints.iter() {
            match instances(endpoint, &region) {
                Ok(counts) => {
                    for (kind, count) in counts {
                        fleets.entry(kind).or_default().add(count);
                    }
                }
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        if fleets.is_empty() {
            return doubt.map_or(Ok(not_concerned()), Err);
        }
        let mut short = Vec::new();
        for (kind, fleet) in &fleets {
            match quota(kind, &region) {
                Ok(quota) if quota < f64::from(fleet.used.saturating_add(fleet.largest)) => short.push(format!(
                    "{quota} of {kind} are allowed, {} run, and the largest endpoint has {}",
                    fleet.used, fleet.largest
                )),
                Ok(_) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        if !short.is_empty() {
            let says = format!("a second fleet would not fit: {}", short.join("; "));
            return Ok(fail(says).with("instance_types", fleets.into_keys().collect::<Vec<_>>()));
        }
        doubt.map_or_else(
            || Ok(pass("every instance type of its endpoints has room for a second fleet of the largest one")),
            Err,
        )
    }
}

/// The instances of one type behind endpoints.
#[derive(Default)]
struct Fleet {
    /// Of all endpoints together.
    used: i32,
    /// Of the endpoint that has most.
    largest: i32,
}

impl Fleet {
    fn add(&mut self, count: i32) {
        self.used = self.used.saturating_add(count);
        self.largest = self.largest.max(count);
    }
}

/// How many instances of each type run behind an endpoint. Serverless variants have none.
fn instances(endpoint: &Endpoint, here: &Here<'_>) -> Result<BTreeMap<String, i32>, Unseen> {
    let mut counts = BTreeMap::<String, i32>::new();
    let lists = [&endpoint.variants, &endpoint.shadow_variants];
    for live in lists.map(Seen::get).into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().flatten() {
        if live.serverless {
            continue;
        }
        let name = endpoint.config.known("EndpointConfigName")?;
        let config = here.endpoint_config(name)?;
        let config = config.ok_or_else(|| unclear(format!("configuration {name} is not among those of the region")))?;
        let lists = [config.variants.get()?, config.shadow_variants.get()?];
        let planned = lists.into_iter().flatten().flatten().find(|variant| variant.name == live.name);
        let unknown = || unclear(format!("nothing tells the instances of variant {}", live.name));
        let kind = planned.and_then(|planned| planned.instance_type.as_ref()).ok_or_else(unknown)?;
        let count = live.count.or(planned.and_then(|planned| planned.initial_count)).ok_or_else(unknown)?;
        let of_kind = counts.entry(kind.clone()).or_default();
        *of_kind = of_kind.saturating_add(count.max(0));
    }
    Ok(counts)
}

/// How many instances of a type the account's endpoints may have in the region.
fn quota(kind: &str, here: &Here<'_>) -> Result<f64, Unseen> {
    let quota = here.region.service_quotas.find(|quota| quota.name.strip_suffix(FOR_ENDPOINTS) == Some(kind))?;
    let quota = quota.ok_or_else(|| unclear(format!("Service Quotas tells no quota of {kind} for endpoints")))?;
    quota.value.known("Value").copied()
}
