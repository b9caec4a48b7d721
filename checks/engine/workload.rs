//! Every SageMaker resource in one shape: what it is, and the roles, keys, networks, data and images it names.

use sagescan_secrets::Secret;

use super::subject::Resource;
use super::world::Here;
use crate::snapshot as records;
use crate::snapshot::{Gap, Record, Reference, Region, Seen, Tag, Unseen, VpcConfig, What};
use crate::{with_context_records, with_other_records, with_records};

/// Whether a resource still matters (catalogue rule 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It runs, serves, or can be started or used.
    Live,
    /// It is an immutable record: a finished job outside the window, a model or configuration that nothing serves.
    History,
}

/// A SageMaker resource seen as something that names others.
#[derive(Clone, Copy)]
pub enum Workload<'w> {
    /// A notebook instance.
    Notebook(&'w crate::snapshot::Notebook),
    /// A training job.
    TrainingJob(&'w crate::snapshot::TrainingJob),
    /// A processing job.
    ProcessingJob(&'w crate::snapshot::ProcessingJob),
    /// A model.
    Model(&'w crate::snapshot::Model),
    /// An endpoint configuration.
    EndpointConfig(&'w crate::snapshot::EndpointConfig),
    /// An endpoint.
    Endpoint(&'w crate::snapshot::Endpoint),
    /// A Studio domain.
    Domain(&'w crate::snapshot::Domain),
    /// A user profile.
    UserProfile(&'w crate::snapshot::UserProfile),
    /// A space.
    Space(&'w crate::snapshot::Space),
    /// A resource of any other type: what holds for all types holds for it too.
    Other(&'w dyn Named),
}

/// A resource that has a name and names others, whatever its type.
pub trait Named: Sync {
    /// How a finding names it.
    fn resource(&self) -> Resource;
    /// What it names.
    fn references(&self) -> Vec<Reference<'_>>;
    /// Its tags; `None` for types whose tags are not kept.
    fn tags(&self) -> Option<&Seen<Vec<Tag>>>;
    /// Whether it still matters.
    fn life(&self, here: &Here<'_>) -> Life;
    /// The resource that spawned it.
    ///
    /// # Errors
    /// The gap where the parent's name would be.
    fn parent(&self) -> Result<Option<Resource>, Unseen>;
}

macro_rules! listings_of {
    ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
        /// Each listing that workloads come from: why it may be incomplete, and what its resources can name.
        pub(super) fn listings(region: &Region) -> Vec<(Option<&Gap>, Vec<What>)> {
            let mut all = Vec::new();
            // What names nothing and keeps no tags (a lifecycle configuration) is no workload.
            let mut record = |missing, kinds: Vec<What>, tagged: bool| {
                if !kinds.is_empty() || tagged {
                    all.push((missing, kinds));
                }
            };
            $( record(
                region.$key.missing.as_ref(),
                records::$record::kinds_named(),
                Record::tags(&records::$record::default()).is_some(),
            ); )*
            all
        }
    };
}
with_records!(listings_of);

macro_rules! others_of {
    ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
        fn others(region: &Region) -> impl Iterator<Item = Workload<'_>> {
            let none = std::iter::empty::<Workload<'_>>();
            $( let none = none.chain(region.$key.iter().map(|one: &records::$record| Workload::Other(one))); )*
            none
        }
    };
}
with_other_records!(others_of);

/// Every SageMaker resource of a region.
pub fn all<'w>(region: &'w Region) -> impl Iterator<Item = Workload<'w>> + use<'w> {
    let notebooks = region.notebooks.iter().map(Workload::Notebook);
    let training = region.training_jobs.iter().map(Workload::TrainingJob);
    let processing = region.processing_jobs.iter().map(Workload::ProcessingJob);
    let models = region.models.iter().map(Workload::Model);
    let configs = region.endpoint_configs.iter().map(Workload::EndpointConfig);
    let endpoints = region.endpoints.iter().map(Workload::Endpoint);
    let domains = region.domains.iter().map(Workload::Domain);
    let profiles = region.user_profiles.iter().map(Workload::UserProfile);
    let spaces = region.spaces.iter().map(Workload::Space);
    notebooks
        .chain(training)
        .chain(processing)
        .chain(models)
        .chain(configs)
        .chain(endpoints)
        .chain(domains)
        .chain(profiles)
        .chain(spaces)
        .chain(others(region))
}

/// Everything that the resources of a region name. A listing that was not seen whole hides names of certain kinds.
pub fn references(region: &Region) -> impl Iterator<Item = Reference<'_>> {
    let unlisted = listings(region).into_iter().filter_map(|(missing, hides)| Some((missing?, hides)));
    let unlisted = unlisted
        .flat_map(|(gap, hides)| hides.into_iter().map(move |what| Reference { what, field: "", value: Err(gap) }));
    unlisted.chain(all(region).flat_map(|workload| workload.references()))
}

macro_rules! context_of {
    ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
        /// What the other services' resources of a region name, of what was listed of them.
        pub fn context_references(region: &Region) -> impl Iterator<Item = Reference<'_>> {
            let none = std::iter::empty::<Reference<'_>>();
            $( let none = none.chain(region.$key.iter().flat_map(Record::references)); )*
            none
        }
    };
}
with_context_records!(context_of);

impl<'w> Workload<'w> {
    /// What the resource names, with a gap for each name that was not seen.
    pub fn references(&self) -> Vec<Reference<'w>> {
        match self {
            Workload::Notebook(notebook) => notebook.references(),
            Workload::TrainingJob(job) => job.references(),
            Workload::ProcessingJob(job) => job.references(),
            Workload::Model(model) => model.references(),
            Workload::EndpointConfig(config) => config.references(),
            Workload::Endpoint(endpoint) => endpoint.references(),
            Workload::Domain(domain) => domain.references(),
            Workload::UserProfile(profile) => profile.references(),
            Workload::Space(space) => space.references(),
            Workload::Other(other) => other.references(),
        }
    }

    /// The network configuration, for resources whose containers can be given one.
    pub fn vpc(&self) -> Option<&'w Seen<VpcConfig>> {
        match self {
            Workload::TrainingJob(j) => Some(&j.vpc),
            Workload::ProcessingJob(j) => Some(&j.vpc),
            Workload::Model(m) => Some(&m.vpc),
            Workload::EndpointConfig(c) => Some(&c.vpc),
            _ => None,
        }
    }

    /// The tags; `None` for types whose tags are not kept.
    pub fn tags(&self) -> Option<&'w Seen<Vec<Tag>>> {
        match self {
            Workload::Notebook(x) => Some(&x.tags),
            Workload::TrainingJob(x) => Some(&x.tags),
            Workload::ProcessingJob(x) => Some(&x.tags),
            Workload::Model(x) => Some(&x.tags),
            Workload::EndpointConfig(x) => Some(&x.tags),
            Workload::Endpoint(x) => Some(&x.tags),
            Workload::Domain(x) => Some(&x.tags),
            Workload::UserProfile(x) => Some(&x.tags),
            Workload::Space(x) => Some(&x.tags),
            Workload::Other(x) => x.tags(),
        }
    }

    /// Secrets found in environment variables, for resources that have them.
    pub fn environment_secrets(&self) -> Option<&'w Seen<Vec<Secret>>> {
        match self {
            Workload::TrainingJob(j) => Some(&j.environment_secrets),
            Workload::ProcessingJob(j) => Some(&j.environment_secrets),
            Workload::Model(m) => Some(&m.environment_secrets),
            _ => None,
        }
    }

    /// Secrets found in hyperparameters and arguments, for resources that have them.
    pub fn parameter_secrets(&self) -> Option<&'w Seen<Vec<Secret>>> {
        match self {
            Workload::TrainingJob(j) => Some(&j.parameter_secrets),
            Workload::ProcessingJob(j) => Some(&j.parameter_secrets),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_that_were_not_seen_hide_every_kind_of_name() {
        let region = Region::default();
        let hidden: Vec<What> = references(&region).map(|reference| reference.what).collect();
        for what in What::ALL {
            assert!(hidden.contains(&what), "{what:?}");
        }
    }

    #[test]
    fn a_listing_of_resources_with_tags_counts_though_they_name_nothing() {
        let mut region = Region::default();
        let before = listings(&region).iter().filter(|(missing, _)| missing.is_some()).count();
        region.spaces.missing = None;
        let after = listings(&region).iter().filter(|(missing, _)| missing.is_some()).count();
        assert_eq!(after + 1, before);
    }

    #[test]
    fn versions_of_one_model_have_names_of_their_own() {
        let package = |version: u8| records::ModelPackage {
            name: "churn".to_owned(),
            arn: format!("arn:aws:sagemaker:us-east-1:111122223333:model-package/churn/{version}"),
            ..Default::default()
        };
        assert_eq!(Named::resource(&package(3)).name, "churn/3");
        assert_eq!(Named::resource(&records::ModelPackage { arn: String::new(), ..package(3) }).name, "churn");
    }
}
