//! What endpoints run: their configurations, and the models of these.

use std::collections::{HashMap, HashSet};

use super::check::unclear;
use super::world::{Here, Site};
use crate::snapshot::{EndpointConfig, Gap, Model, Region, Unseen};

/// What runs a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// Instances, or nothing: the settings of the model count.
    Instances,
    /// Only serverless variants, which support neither a VPC nor network isolation.
    Serverless,
}

/// The ways in which the variants of a region name one model.
#[derive(Default, Clone, Copy)]
struct Named {
    on_instances: bool,
    serverless: bool,
    once_on_instances: bool,
    once_serverless: bool,
}

/// Endpoints, configurations and models of a region, by name.
#[derive(Default)]
pub(super) struct Serving<'s> {
    configs: HashMap<&'s str, &'s EndpointConfig>,
    models: HashMap<&'s str, &'s Model>,
    configs_served: HashSet<&'s str>,
    /// Models of inference components and transform jobs.
    models_run: HashSet<&'s str>,
    /// Why there may be more of these.
    run_gap: Option<&'s Gap>,
    models_named: HashMap<&'s str, Named>,
    /// A variant that an endpoint runs gets its models as inference components.
    takes_components: bool,
    /// Why more configurations may be served than were seen.
    endpoint_gap: bool,
    /// Why variants may name more models than were seen: of any configuration, and of production variants alone.
    variant_gap: Option<&'s Gap>,
    production_gap: bool,
}

impl<'s> Serving<'s> {
    pub(super) fn new(region: &'s Region) -> Self {
        let mut serving = Serving {
            configs_served: region.endpoints.iter().filter_map(|e| e.config.shown()).map(String::as_str).collect(),
            models_run: run_otherwise(region),
            run_gap: gap_in_runs(region),
            endpoint_gap: region.endpoints.missing.is_some()
                || region.endpoints.iter().any(|e| e.config.gap().is_some()),
            production_gap: region.endpoint_configs.missing.is_some(),
            ..Serving::default()
        };
        for model in region.models.iter() {
            serving.models.entry(&model.name).or_insert(model);
        }
        for config in region.endpoint_configs.iter() {
            serving.configs.entry(&config.name).or_insert(config);
            serving.add_variants(config);
        }
        serving.variant_gap = serving.variant_gap.or(region.endpoint_configs.missing.as_ref());
        serving
    }

    fn add_variants(&mut self, config: &'s EndpointConfig) {
        let served = self.configs_served.contains(config.name.as_str());
        let in_doubt = served || self.endpoint_gap;
        self.production_gap |= config.variants.gap().is_some();
        for variants in [&config.variants, &config.shadow_variants] {
            self.variant_gap = self.variant_gap.or(variants.gap());
            for variant in variants.shown().into_iter().flatten() {
                let Some(model) = &variant.model else {
                    self.takes_components |= in_doubt;
                    continue;
                };
                let named = self.models_named.entry(model).or_default();
                match (variant.serverless, in_doubt) {
                    (false, true) => named.on_instances = true,
                    (true, true) => named.serverless = true,
                    (false, false) => named.once_on_instances = true,
                    (true, false) => named.once_serverless = true,
                }
            }
        }
    }
}

/// The models that something else than a variant runs: inference components and batch transform jobs.
fn run_otherwise(region: &Region) -> HashSet<&str> {
    let parts = region.inference_components.iter().filter_map(|component| component.specifications.shown()).flatten();
    let components = parts.filter_map(|part| part.model.as_deref());
    let jobs = region.transform_jobs.iter().filter_map(|job| job.model.shown().map(String::as_str));
    components.chain(jobs).collect()
}

/// Why inference components and transform jobs may run more models than were seen.
fn gap_in_runs(region: &Region) -> Option<&Gap> {
    let Region { inference_components, transform_jobs, .. } = region;
    let listed = inference_components.missing.as_ref().or(transform_jobs.missing.as_ref());
    let of_components = || inference_components.iter().find_map(|component| component.specifications.gap());
    listed.or_else(of_components).or_else(|| transform_jobs.iter().find_map(|job| job.model.gap()))
}

impl<'w> Here<'w> {
    /// Whether an endpoint runs this configuration, beyond doubt.
    ///
    /// # Errors
    /// Why an endpoint that was not seen may run it.
    pub fn certainly_serves_config(&self, name: &str) -> Result<bool, Unseen> {
        if self.site.is_some_and(|site| site.serving.configs_served.contains(name)) {
            return Ok(true);
        }
        self.gap_in_endpoints().map_or(Ok(false), |gap| Err(gap.into()))
    }

    /// Why endpoints may run more configurations than were seen.
    fn gap_in_endpoints(&self) -> Option<&'w Gap> {
        if self.site.is_some_and(|site| !site.serving.endpoint_gap) {
            return None;
        }
        let endpoints = &self.region.endpoints;
        endpoints.missing.as_ref().or_else(|| endpoints.iter().find_map(|endpoint| endpoint.config.gap()))
    }

    /// Whether an endpoint, an inference component or a transform job that was looked at runs this model, beyond doubt.
    ///
    /// # Errors
    /// Why something that was not seen may run it.
    pub fn certainly_runs_model(&self, name: &str) -> Result<bool, Unseen> {
        let Some(serving) = self.site.map(|site| &site.serving) else { return Ok(false) };
        let in_doubt = serving.endpoint_gap || serving.variant_gap.is_some() || serving.production_gap;
        if serving.models_run.contains(name) || (!in_doubt && self.serves_model(name)) {
            return Ok(true);
        }
        let gap = serving.run_gap.or(serving.variant_gap).or_else(|| self.gap_in_endpoints());
        gap.map_or(Ok(false), |gap| Err(gap.into()))
    }

    /// The endpoint configuration of that name; `None` when it provably is not there (any more).
    pub fn endpoint_config(&self, name: &str) -> Result<Option<&'w EndpointConfig>, Unseen> {
        self.lookup(|site| site.serving.configs.get(name).copied(), &self.region.endpoint_configs.missing)
    }

    /// The model of that name; `None` when it provably is not there (any more).
    pub fn model(&self, name: &str) -> Result<Option<&'w Model>, Unseen> {
        self.lookup(|site| site.serving.models.get(name).copied(), &self.region.models.missing)
    }

    /// Whether an endpoint runs this configuration. In doubt it does: doubt must not turn a failure into history.
    pub fn serves_config(&self, name: &str) -> bool {
        self.site.is_none_or(|site| site.serving.endpoint_gap || site.serving.configs_served.contains(name))
    }

    /// Whether an endpoint serves this model. In doubt it does.
    pub fn serves_model(&self, name: &str) -> bool {
        self.site.is_none_or(|Site { serving, .. }| {
            let named = || serving.models_named.get(name).is_some_and(|n| n.on_instances || n.serverless);
            serving.endpoint_gap || serving.production_gap || named()
        })
    }

    /// What runs this model. An answer needs every endpoint configuration, unless instances were seen to run it.
    pub fn runner_of(&self, model: &Model) -> Result<Runner, Unseen> {
        let Site { serving, .. } = self.site.ok_or_else(|| unclear("models belong to a region"))?;
        let named = serving.models_named.get(model.name.as_str()).copied().unwrap_or_default();
        match serving.variant_gap {
            _ if named.on_instances => Ok(Runner::Instances),
            Some(gap) => Err(gap.into()),
            None if named.serverless => Ok(Runner::Serverless),
            None if serving.takes_components => Err(unclear(
                "it may run as an inference component, which takes these settings from the endpoint configuration",
            )),
            // Nothing runs it now: what could run it again decides.
            None if named.once_serverless && !named.once_on_instances => Ok(Runner::Serverless),
            None => Ok(Runner::Instances),
        }
    }
}
