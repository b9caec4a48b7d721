//! What can be judged: each kind of resource says where its instances are, what they are called, and how alive they are.

use serde::{Deserialize, Serialize};

use super::text::Text;
use super::workload::{Life, Named, Workload};
use super::world::{Here, World};
use crate::snapshot as records;
use crate::snapshot::{
    Account, Alarm, Analyzer, App, Bucket, BuildProject, Domain, Endpoint, EndpointConfig, Gap, InspectorStatus, Key,
    LifecycleConfig, Listed, LogGroup, ManagedSecret, Model, NetworkAcl, Notebook, ProcessingJob, Record, Reference,
    Repository, ResourceShare, Role, Seen, Space, Tag, Trail, TrainingJob, Unseen, User, UserProfile, Vpc, VpcEndpoint,
    What, short_name,
};
use crate::with_other_records;

macro_rules! each {
    ($self:ident, $it:ident => $do:expr) => {
        match $self {
            Workload::Notebook($it) => $do,
            Workload::TrainingJob($it) => $do,
            Workload::ProcessingJob($it) => $do,
            Workload::Model($it) => $do,
            Workload::EndpointConfig($it) => $do,
            Workload::Endpoint($it) => $do,
            Workload::Domain($it) => $do,
            Workload::UserProfile($it) => $do,
            Workload::Space($it) => $do,
            Workload::Other($it) => $do,
        }
    };
}

/// A resource as a finding names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Resource {
    /// Kebab-case kind: `notebook-instance`, `training-job`, …
    #[serde(rename = "type")]
    pub kind: Text,
    /// The name, unique among its kind in its region; `*` stands for all those that could not be listed.
    pub name: String,
    /// The ARN, where one is known.
    pub arn: Option<String>,
}

impl Resource {
    /// Names a resource; an empty ARN is none.
    pub fn new(kind: &'static str, name: impl Into<String>, arn: &str) -> Self {
        Resource { kind: kind.into(), name: name.into(), arn: (!arn.is_empty()).then(|| arn.to_owned()) }
    }

    /// The kind for people: `Notebook instance`.
    pub fn label(&self) -> String {
        let words = match self.kind.split_once('-') {
            Some((first @ ("iam" | "kms" | "vpc" | "s3" | "ecr"), rest)) => format!("{} {rest}", first.to_uppercase()),
            Some(("cloudtrail", rest)) => format!("CloudTrail {rest}"),
            Some(("codebuild", rest)) => format!("CodeBuild {rest}"),
            _ => self.kind.to_string(),
        };
        let mut words = words.replace('-', " ");
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        if words == "Vpc" { "VPC".to_owned() } else { words }
    }
}

/// All the instances of a kind in one place, and why there may be more.
pub struct Population<'w, S> {
    /// The place.
    pub here: Here<'w>,
    /// The instances.
    pub items: Vec<S>,
    /// Why there may be more.
    pub missing: Option<&'w Gap>,
}

/// A kind of thing that checks judge.
pub trait Subject<'w>: Copy {
    /// Kebab-case kind, for what could not be listed.
    const KIND: &'static str;
    /// Where the instances are.
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>>;
    /// How a finding names it.
    fn resource(self) -> Resource;
    /// Whether it still matters.
    fn life(self, _here: &Here<'w>) -> Life {
        Life::Live
    }
    /// The resource that spawned it and that a finding should name instead (catalogue rule 3).
    /// A parent that was not seen is an error: the finding would carry the wrong name.
    fn parent(self) -> Result<Option<Resource>, Unseen> {
        Ok(None)
    }
}

pub(super) fn by_region<'w, S, T: 'w>(
    world: &'w World<'w>,
    table: impl Fn(&'w crate::snapshot::Region) -> &'w Listed<T>,
    subject: impl Fn(&'w T) -> S,
) -> Vec<Population<'w, S>> {
    let population = |here: Here<'w>| {
        let listed = table(here.region);
        Population { here, items: listed.iter().map(&subject).collect(), missing: listed.missing.as_ref() }
    };
    world.regions().map(population).collect()
}

pub(super) fn of_account<'w, T>(world: &'w World<'w>, listed: &'w Listed<T>) -> Vec<Population<'w, &'w T>> {
    vec![Population { here: world.global(), items: listed.iter().collect(), missing: listed.missing.as_ref() }]
}

/// Whether a job is done for good; some types shout their words.
fn is_over(status: &str) -> bool {
    let over = ["completed", "failed", "stopped", "expired", "deleted"];
    over.iter().any(|word| status.eq_ignore_ascii_case(word))
}

/// Finished jobs matter while they are young; running ones always do.
fn job_life(status: &Seen<String>, created: &Seen<jiff::Timestamp>, here: &Here<'_>) -> Life {
    let finished = status.shown().is_some_and(|status| is_over(status));
    match created.shown() {
        Some(created) if finished && *created < here.world.jobs_since() => Life::History,
        _ => Life::Live,
    }
}

/// The first parent ARN that is set, as a resource.
fn spawned_by(candidates: &[(&'static str, &Seen<String>)]) -> Result<Option<Resource>, Unseen> {
    for (kind, arn) in candidates {
        if let Some(arn) = arn.get()? {
            return Ok(Some(Resource::new(kind, short_name(arn), arn)));
        }
    }
    Ok(None)
}

/// A regional SageMaker resource, named by its own name and ARN.
macro_rules! regional {
    ($($type:ident: $kind:literal in $table:ident $(, named $name:expr)? $(, life $life:expr)? $(, parent $parent:expr)?;)+) => { $(
        impl<'w> Subject<'w> for &'w $type {
            const KIND: &'static str = $kind;
            fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
                by_region(world, |region| &region.$table, |it| it)
            }
            #[allow(unused_mut, unused_assignments, clippy::redundant_closure_call)]
            fn resource(self) -> Resource {
                let mut name = self.name.clone();
                $( let named: fn(&$type) -> String = $name; name = named(self); )?
                Resource::new($kind, name, &self.arn)
            }
            $( fn life(self, here: &Here<'w>) -> Life {
                let life: fn(&$type, &Here<'_>) -> Life = $life;
                life(self, here)
            } )?
            $( fn parent(self) -> Result<Option<Resource>, Unseen> {
                let parent: fn(&$type) -> Result<Option<Resource>, Unseen> = $parent;
                parent(self)
            } )?
        }
    )+ };
}

/// Kinds whose names repeat within a region: they go by what their ARNs say after the type.
const NAMED_BY_ARN: &[&str] = &["model-package", "hub-content", "image-version"];

fn unique_name<'a>(kind: &str, name: &'a str, arn: &'a str) -> &'a str {
    let by_arn = NAMED_BY_ARN.contains(&kind).then(|| arn.split_once('/')).flatten();
    by_arn.map_or(name, |(_, rest)| rest)
}

/// Types without a life or name of their own kind: named by their name, and jobs that finished long ago are history.
macro_rules! others {
    (@life job $it:ident $here:ident) => { job_life(&$it.status, &$it.created, $here) };
    (@life $it:ident $here:ident) => { { let _ = $here; Life::Live } };
    (@parent TransformJob $it:ident) => {
        spawned_by(&[("auto-ml-job", &$it.auto_ml_job), ("labeling-job", &$it.labeling_job)])
    };
    (@parent $record:ident $it:ident) => { Ok(None) };
    ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => { $(
        impl<'w> Subject<'w> for &'w records::$record {
            const KIND: &'static str = $kind;
            fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
                by_region(world, |region| &region.$key, |it| it)
            }
            fn resource(self) -> Resource {
                Resource::new($kind, unique_name($kind, &self.name, &self.arn), &self.arn)
            }
            fn life(self, here: &Here<'w>) -> Life {
                others!(@life $($job)? self here)
            }
            fn parent(self) -> Result<Option<Resource>, Unseen> {
                others!(@parent $record self)
            }
        }

        impl Named for records::$record {
            fn resource(&self) -> Resource {
                Subject::resource(self)
            }
            fn references(&self) -> Vec<Reference<'_>> {
                Record::references(self)
            }
            fn tags(&self) -> Option<&Seen<Vec<Tag>>> {
                Record::tags(self)
            }
            fn life(&self, here: &Here<'_>) -> Life {
                Subject::life(self, here)
            }
            fn parent(&self) -> Result<Option<Resource>, Unseen> {
                Subject::parent(self)
            }
        }
    )* };
}
with_other_records!(others);

fn served(yes: bool) -> Life {
    if yes { Life::Live } else { Life::History }
}

regional! {
    Notebook: "notebook-instance" in notebooks;
    LifecycleConfig: "notebook-lifecycle-config" in lifecycle_configs;
    TrainingJob: "training-job" in training_jobs,
        life |job, here| job_life(&job.status, &job.created, here),
        parent |job| spawned_by(&[
            ("hyper-parameter-tuning-job", &job.tuning_job),
            ("auto-ml-job", &job.auto_ml_job),
            ("labeling-job", &job.labeling_job),
        ]);
    ProcessingJob: "processing-job" in processing_jobs,
        life |job, here| job_life(&job.status, &job.created, here),
        parent |job| spawned_by(&[("monitoring-schedule", &job.monitoring_schedule), ("auto-ml-job", &job.auto_ml_job)]);
    Model: "model" in models, life |model, here| served(here.serves_model(&model.name));
    EndpointConfig: "endpoint-config" in endpoint_configs, life |config, here| served(here.serves_config(&config.name));
    Endpoint: "endpoint" in endpoints;
    Analyzer: "access-analyzer" in analyzers;
    Repository: "ecr-repository" in ecr_repositories;
    ManagedSecret: "secret" in managed_secrets;
    BuildProject: "codebuild-project" in build_projects;
    ResourceShare: "resource-share" in resource_shares;
    LogGroup: "log-group" in log_groups;
    Alarm: "alarm" in alarms;
    Domain: "domain" in domains, named |domain| domain.id.clone();
    UserProfile: "user-profile" in user_profiles, named |p| format!("{}/{}", p.domain, p.name);
    Space: "space" in spaces, named |s| format!("{}/{}", s.domain, s.name);
    App: "app" in apps, named |a| {
        let of = a.profile.as_deref().or(a.space.as_deref()).unwrap_or("-");
        format!("{}/{of}/{}/{}", a.domain, a.kind, a.name)
    };
}

impl<'w> Subject<'w> for &'w InspectorStatus {
    const KIND: &'static str = "inspector";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        by_region(world, |region| &region.inspector, |status| status)
    }
    fn resource(self) -> Resource {
        Resource::new("inspector", self.name.clone(), "")
    }
}

/// A regional thing whose name is its id, and of which only those matter that SageMaker resources refer to.
macro_rules! network {
    ($($type:ident: $kind:literal in $table:ident;)+) => { $(
        impl<'w> Subject<'w> for &'w $type {
            const KIND: &'static str = $kind;
            fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
                let mut all = by_region(world, |region| &region.$table, |it| it);
                for population in &mut all {
                    population.missing = population.missing.or(population.here.gap_in(What::Subnet));
                }
                all
            }
            fn resource(self) -> Resource {
                Resource::new($kind, self.id.clone(), "")
            }
        }
    )+ };
}

network! {
    Vpc: "vpc" in vpcs;
    VpcEndpoint: "vpc-endpoint" in vpc_endpoints;
    NetworkAcl: "network-acl" in network_acls;
}

impl<'w> Subject<'w> for &'w Key {
    const KIND: &'static str = "kms-key";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        let mut all = by_region(world, |region| &region.keys, |key| key);
        for population in &mut all {
            let of_buckets = || world.gap_in_bucket_keys(population.here.name);
            population.missing = population.missing.or(population.here.gap_in(What::Key)).or_else(of_buckets);
        }
        all
    }
    fn resource(self) -> Resource {
        let arn = if self.arn.starts_with("arn:") { &self.arn } else { "" };
        Resource::new("kms-key", short_name(&self.arn), arn)
    }
}

impl<'w> Subject<'w> for &'w Bucket {
    const KIND: &'static str = "s3-bucket";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        let mut all = of_account(world, &world.snapshot.account.buckets);
        for population in &mut all {
            population.missing = population.missing.or(world.gap_in(What::Data));
        }
        all
    }
    fn resource(self) -> Resource {
        Resource::new("s3-bucket", self.name.clone(), "")
    }
}

macro_rules! account_wide {
    ($($type:ident: $kind:literal in $table:ident;)+) => { $(
        impl<'w> Subject<'w> for &'w $type {
            const KIND: &'static str = $kind;
            fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
                of_account(world, &world.snapshot.account.$table)
            }
            fn resource(self) -> Resource {
                Resource::new($kind, self.name.clone(), &self.arn)
            }
        }
    )+ };
}

account_wide! {
    Role: "iam-role" in roles;
    User: "iam-user" in users;
    Trail: "cloudtrail-trail" in trails;
}

/// Whoever may hold policies and act: a user or a role.
#[derive(Clone, Copy)]
pub enum Principal<'w> {
    /// An IAM user.
    User(&'w User),
    /// An IAM role.
    Role(&'w Role),
}

impl<'w> Subject<'w> for Principal<'w> {
    const KIND: &'static str = "iam-principal";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        let (users, roles) = (&world.snapshot.account.users, &world.snapshot.account.roles);
        let here = world.global();
        vec![
            Population { here, items: users.iter().map(Principal::User).collect(), missing: users.missing.as_ref() },
            Population { here, items: roles.iter().map(Principal::Role).collect(), missing: roles.missing.as_ref() },
        ]
    }
    fn resource(self) -> Resource {
        match self {
            Principal::User(user) => user.resource(),
            Principal::Role(role) => role.resource(),
        }
    }
}

impl<'w> Subject<'w> for &'w Account {
    const KIND: &'static str = "account";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        vec![Population { here: world.global(), items: vec![&world.snapshot.account], missing: None }]
    }
    fn resource(self) -> Resource {
        // The account has no name of its own here; the engine fills in the id.
        Resource::new("account", "", "")
    }
}

/// Several kinds of workload that one check judges alike: a check on them needs only their tables, not every listing.
macro_rules! some_workloads {
    ($($(#[$doc:meta])* $name:ident: $kind:literal of $($variant:ident in $table:ident),+;)+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<'w>(pub Workload<'w>);

        impl<'w> Subject<'w> for $name<'w> {
            const KIND: &'static str = $kind;
            fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
                let mut all = Vec::new();
                $( all.extend(by_region(world, |region| &region.$table, |it| $name(Workload::$variant(it)))); )+
                all
            }
            fn resource(self) -> Resource {
                self.0.resource()
            }
            fn life(self, here: &Here<'w>) -> Life {
                self.0.life(here)
            }
            fn parent(self) -> Result<Option<Resource>, Unseen> {
                self.0.parent()
            }
        }
    )+ };
}

some_workloads! {
    /// What runs containers: training jobs, processing jobs and models.
    Containers: "job-or-model" of
        TrainingJob in training_jobs, ProcessingJob in processing_jobs, Model in models;
    /// What people sign in to: notebook instances and user profiles.
    Session: "notebook-or-profile" of Notebook in notebooks, UserProfile in user_profiles;
    /// What could be given an accelerator of Elastic Inference: notebook instances and endpoint configurations.
    Accelerated: "notebook-or-endpoint-config" of Notebook in notebooks, EndpointConfig in endpoint_configs;
    /// What an endpoint is made of: models and endpoint configurations.
    Serveable: "model-or-endpoint-config" of Model in models, EndpointConfig in endpoint_configs;
    /// Training and processing jobs.
    Job: "job" of TrainingJob in training_jobs, ProcessingJob in processing_jobs;
    /// Whatever of Studio says which file systems apps mount: domains, user profiles and spaces.
    Mounts: "domain-profile-or-space" of Domain in domains, UserProfile in user_profiles, Space in spaces;
    /// Domains, whose settings are the default of their profiles, and user profiles, which may have their own.
    StudioSettings: "domain-or-profile" of Domain in domains, UserProfile in user_profiles;
}

impl<'w> Subject<'w> for Workload<'w> {
    const KIND: &'static str = "sagemaker-resource";
    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        let population = |here: Here<'w>| {
            let missing = super::workload::listings(here.region).into_iter().find_map(|(gap, _)| gap);
            Population { here, items: here.workloads().collect(), missing }
        };
        world.regions().map(population).collect()
    }
    fn resource(self) -> Resource {
        each!(self, it => it.resource())
    }
    fn life(self, here: &Here<'w>) -> Life {
        each!(self, it => it.life(here))
    }
    fn parent(self) -> Result<Option<Resource>, Unseen> {
        each!(self, it => it.parent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::TransformJob;

    #[test]
    fn a_transform_job_belongs_to_the_job_that_made_it() {
        let arn = "arn:aws:sagemaker:us-east-1:111122223333:labeling-job/boxes".to_owned();
        let own = TransformJob { auto_ml_job: Seen::Unset, labeling_job: Seen::Unset, ..TransformJob::default() };
        let made = TransformJob { labeling_job: Seen::Is(arn.clone()), ..own.clone() };
        assert_eq!(Subject::parent(&own).ok(), Some(None));
        assert_eq!(Subject::parent(&made).ok(), Some(Some(Resource::new("labeling-job", "boxes", &arn))));
        assert!(Subject::parent(&TransformJob::default()).is_err(), "a parent that was not seen is not none");
    }

    #[test]
    fn a_job_is_over_in_capitals_too() {
        assert!(["Completed", "COMPLETED", "FAILED", "Stopped", "Expired"].iter().all(|word| is_over(word)));
        assert!(!["InProgress", "IN_PROGRESS", "STOPPING", "", "DeleteFailed"].iter().any(|word| is_over(word)));
    }
}
