//! Every SageMaker resource in one shape: what it is, and the roles, keys, networks, data and images it names.

use sagescan_secrets::Secret;

use crate::snapshot::{Gap, Region, Seen, Tag, VpcConfig};

/// What a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// An IAM role ARN.
    Role,
    /// A KMS key by id, ARN, alias or alias ARN.
    Key,
    /// An S3 URI.
    Data,
    /// A subnet id.
    Subnet,
    /// A security group id.
    SecurityGroup,
    /// A VPC id.
    Vpc,
    /// A container image.
    Image,
}

impl What {
    /// All kinds.
    pub const ALL: [What; 7] =
        [What::Role, What::Key, What::Data, What::Subnet, What::SecurityGroup, What::Vpc, What::Image];
}

/// One thing that a resource names, or the gap where the name would be.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'w> {
    /// What it names.
    pub what: What,
    /// The snapshot field that holds it.
    pub field: &'static str,
    /// The name, or why it was not seen.
    pub value: Result<&'w str, &'w Gap>,
}

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
}

/// Each listing that workloads come from: why it may be incomplete, and what its resources can name.
pub(super) fn listings(region: &Region) -> [(Option<&Gap>, &'static [What]); 9] {
    use What::*;
    [
        (region.notebooks.missing.as_ref(), &[Role, Key, Subnet, SecurityGroup]),
        (region.training_jobs.missing.as_ref(), &[Role, Key, Data, Subnet, SecurityGroup, Image]),
        (region.processing_jobs.missing.as_ref(), &[Role, Key, Data, Subnet, SecurityGroup, Image]),
        (region.models.missing.as_ref(), &[Role, Data, Subnet, SecurityGroup, Image]),
        (region.endpoint_configs.missing.as_ref(), &[Role, Key, Data, Subnet, SecurityGroup]),
        (region.endpoints.missing.as_ref(), &[Key, Data]),
        (region.domains.missing.as_ref(), &[Role, Key, Subnet, SecurityGroup, Vpc]),
        (region.user_profiles.missing.as_ref(), &[Role, SecurityGroup]),
        (region.spaces.missing.as_ref(), &[]),
    ]
}

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
}

/// Everything that the resources of a region name. A listing that was not seen whole hides names of certain kinds.
pub fn references(region: &Region) -> impl Iterator<Item = Reference<'_>> {
    let unlisted = listings(region).into_iter().flat_map(|(missing, hides)| {
        let hidden = move |gap| hides.iter().map(move |what| Reference { what: *what, field: "", value: Err(gap) });
        missing.into_iter().flat_map(hidden)
    });
    unlisted.chain(all(region).flat_map(|workload| workload.references()))
}

impl<'w> Workload<'w> {
    /// What the resource names, with a gap for each name that was not seen.
    pub fn references(&self) -> Vec<Reference<'w>> {
        let mut out = Names(Vec::new());
        match self {
            Workload::Notebook(n) => {
                out.one(What::Role, "role", &n.role);
                out.one(What::Key, "key", &n.key);
                out.one(What::Subnet, "subnet", &n.subnet);
                out.many(What::SecurityGroup, "security_groups", &n.security_groups);
            }
            Workload::TrainingJob(j) => {
                out.one(What::Role, "role", &j.role);
                out.one(What::Key, "volume_key", &j.volume_key);
                out.one(What::Key, "output_key", &j.output_key);
                out.one(What::Data, "output_path", &j.output_path);
                out.many(What::Data, "inputs", &j.inputs);
                out.vpc(&j.vpc);
                out.one(What::Image, "image", &j.image);
            }
            Workload::ProcessingJob(j) => {
                out.one(What::Role, "role", &j.role);
                out.one(What::Key, "volume_key", &j.volume_key);
                out.one(What::Key, "output_key", &j.output_key);
                out.many(What::Data, "outputs", &j.outputs);
                out.many(What::Data, "inputs", &j.inputs);
                out.vpc(&j.vpc);
                out.one(What::Image, "image", &j.image);
            }
            Workload::Model(m) => {
                out.one(What::Role, "role", &m.role);
                out.vpc(&m.vpc);
                out.nested(What::Image, "containers", &m.containers, |cs| {
                    cs.iter().filter_map(|c| c.image.as_deref()).collect()
                });
                out.nested(What::Data, "containers", &m.containers, |cs| {
                    cs.iter().flat_map(|c| c.data.iter().map(String::as_str)).collect()
                });
            }
            Workload::EndpointConfig(c) => {
                out.one(What::Role, "role", &c.role);
                out.one(What::Key, "key", &c.key);
                out.vpc(&c.vpc);
                out.nested(What::Key, "data_capture", &c.data_capture, |d| d.key.as_deref().into_iter().collect());
                out.nested(What::Data, "data_capture", &c.data_capture, |d| {
                    d.destination.as_deref().into_iter().collect()
                });
                out.nested(What::Key, "async_output", &c.async_output, |a| a.key.as_deref().into_iter().collect());
                out.nested(What::Data, "async_output", &c.async_output, |a| {
                    a.path.iter().chain(&a.failure_path).map(String::as_str).collect()
                });
            }
            Workload::Endpoint(e) => {
                out.nested(What::Key, "capture", &e.capture, |c| c.key.as_deref().into_iter().collect());
                out.nested(What::Data, "capture", &e.capture, |c| c.destination.as_deref().into_iter().collect());
            }
            Workload::Domain(d) => {
                out.one(What::Role, "role", &d.role);
                out.one(What::Role, "space_role", &d.space_role);
                out.one(What::Key, "key", &d.key);
                out.one(What::Vpc, "vpc", &d.vpc);
                out.many(What::Subnet, "subnets", &d.subnets);
                out.many(What::SecurityGroup, "security_groups", &d.security_groups);
                out.many(What::SecurityGroup, "space_security_groups", &d.space_security_groups);
                out.many(What::SecurityGroup, "domain_security_groups", &d.domain_security_groups);
            }
            Workload::UserProfile(p) => {
                out.one(What::Role, "role", &p.role);
                out.many(What::SecurityGroup, "security_groups", &p.security_groups);
            }
            Workload::Space(_) => {}
        }
        out.0
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

    /// The tags.
    pub fn tags(&self) -> &'w Seen<Vec<Tag>> {
        match self {
            Workload::Notebook(x) => &x.tags,
            Workload::TrainingJob(x) => &x.tags,
            Workload::ProcessingJob(x) => &x.tags,
            Workload::Model(x) => &x.tags,
            Workload::EndpointConfig(x) => &x.tags,
            Workload::Endpoint(x) => &x.tags,
            Workload::Domain(x) => &x.tags,
            Workload::UserProfile(x) => &x.tags,
            Workload::Space(x) => &x.tags,
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

/// Collects references; an unset field names nothing.
struct Names<'w>(Vec<Reference<'w>>);

impl<'w> Names<'w> {
    fn nested<T>(&mut self, what: What, field: &'static str, seen: &'w Seen<T>, names: impl Fn(&'w T) -> Vec<&'w str>) {
        match seen {
            Seen::Is(value) => {
                let named = names(value).into_iter().filter(|n| !n.is_empty());
                self.0.extend(named.map(|n| Reference { what, field, value: Ok(n) }));
            }
            Seen::Unset => {}
            Seen::Unseen(gap) => self.0.push(Reference { what, field, value: Err(gap) }),
        }
    }

    fn one(&mut self, what: What, field: &'static str, seen: &'w Seen<String>) {
        self.nested(what, field, seen, |name| vec![name.as_str()]);
    }

    fn many(&mut self, what: What, field: &'static str, seen: &'w Seen<Vec<String>>) {
        self.nested(what, field, seen, |names| names.iter().map(String::as_str).collect());
    }

    fn vpc(&mut self, seen: &'w Seen<VpcConfig>) {
        self.nested(What::Subnet, "vpc", seen, |vpc| vpc.subnets.iter().map(String::as_str).collect());
        self.nested(What::SecurityGroup, "vpc", seen, |vpc| vpc.security_groups.iter().map(String::as_str).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A resource of which nothing was seen has a gap for everything that it can name, and its listing must say the same.
    #[test]
    fn each_listing_tells_what_its_resources_can_name() {
        let mut region = Region::default();
        region.notebooks.items.push(Default::default());
        region.training_jobs.items.push(Default::default());
        region.processing_jobs.items.push(Default::default());
        region.models.items.push(Default::default());
        region.endpoint_configs.items.push(Default::default());
        region.endpoints.items.push(Default::default());
        region.domains.items.push(Default::default());
        region.user_profiles.items.push(Default::default());
        region.spaces.items.push(Default::default());
        let declared: Vec<&[What]> = listings(&region).into_iter().map(|(_, names)| names).collect();
        for (workload, declared) in all(&region).zip(declared) {
            for reference in workload.references() {
                assert!(declared.contains(&reference.what), "{:?} in {}", reference.what, reference.field);
            }
            for what in declared {
                assert!(workload.references().iter().any(|r| r.what == *what), "{what:?} is never named");
            }
        }
    }
}
