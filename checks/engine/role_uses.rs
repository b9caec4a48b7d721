//! What runs under each role, and which Studio domains name it.

use std::collections::{BTreeMap, BTreeSet};

use super::subject::Subject;
use super::workload::{Life, Workload};
use super::world::World;
use crate::snapshot::What;
use crate::snapshot::{Gap, Region};

/// The kind of work that a role is lent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// Notebook instances.
    Notebooks,
    /// Studio domains and user profiles.
    Studio,
    /// Training jobs.
    Training,
    /// Processing jobs.
    Processing,
    /// Models and endpoint configurations.
    Hosting,
    /// Processing jobs of a monitoring schedule, which belong to what they watch.
    Monitoring,
}

impl Work {
    /// How it reads in a finding.
    pub fn words(self) -> &'static str {
        match self {
            Work::Notebooks => "notebook instances",
            Work::Studio => "Studio",
            Work::Training => "training jobs",
            Work::Processing => "processing jobs",
            Work::Hosting => "hosting",
            Work::Monitoring => "model monitoring",
        }
    }

    fn of(workload: &Workload<'_>) -> Option<Work> {
        match workload {
            Workload::Notebook(_) => Some(Work::Notebooks),
            Workload::Domain(_) | Workload::UserProfile(_) => Some(Work::Studio),
            Workload::TrainingJob(_) => Some(Work::Training),
            Workload::ProcessingJob(job) if job.monitoring_schedule.shown().is_some() => Some(Work::Monitoring),
            Workload::ProcessingJob(_) => Some(Work::Processing),
            Workload::Model(_) | Workload::EndpointConfig(_) => Some(Work::Hosting),
            Workload::Endpoint(_) | Workload::Space(_) => None,
            Workload::Other(other) => match &*other.resource().kind {
                "hyper-parameter-tuning-job" | "auto-ml-job" | "cluster" | "training-session" => Some(Work::Training),
                "transform-job" => Some(Work::Processing),
                "inference-component" | "inference-experiment" => Some(Work::Hosting),
                kind if kind.starts_with("monitoring-") || kind.ends_with("-job-definition") => Some(Work::Monitoring),
                _ => None,
            },
        }
    }
}

/// What names a role for one kind of work.
#[derive(Debug, Default)]
pub struct Uses {
    /// How many resources that still matter.
    pub live: usize,
    /// The first of these in the order of their names: `notebook-instance churn`.
    pub example: Option<String>,
    /// The regions of all of them, history included.
    pub regions: BTreeSet<String>,
}

/// Everything that names a role.
#[derive(Debug, Default)]
pub struct RoleUses {
    /// By kind of work.
    pub work: BTreeMap<Work, Uses>,
    /// The Studio domains that name it themselves or in one of their profiles: region and id.
    pub domains: BTreeSet<(String, String)>,
}

impl RoleUses {
    /// How many live resources of a kind of work run under the role.
    pub fn live(&self, work: Work) -> usize {
        self.work.get(&work).map_or(0, |uses| uses.live)
    }
}

/// The uses of all roles, worked out when first asked for. It owns what it holds, for a world must not borrow from itself.
#[derive(Debug, Default)]
pub(super) struct AllRoleUses {
    by_role: BTreeMap<String, RoleUses>,
    studio_gap: Option<Gap>,
}

impl AllRoleUses {
    pub(super) fn new(world: &World<'_>) -> Self {
        let mut all = AllRoleUses::default();
        for here in world.regions() {
            for workload in here.workloads() {
                all.add(here.name, workload, workload.life(&here) == Life::Live);
            }
            all.studio_gap = all.studio_gap.or_else(|| studio_gap(here.region).cloned());
        }
        all
    }

    fn add(&mut self, region: &str, workload: Workload<'_>, live: bool) {
        let Some(work) = Work::of(&workload) else { return };
        for reference in workload.references().into_iter().filter(|reference| reference.what == What::Role) {
            let Ok(role) = reference.value else { continue };
            if !self.by_role.contains_key(role) {
                self.by_role.insert(role.to_owned(), RoleUses::default());
            }
            let Some(uses) = self.by_role.get_mut(role) else { continue };
            let domain = match workload {
                Workload::Domain(domain) => Some(&domain.id),
                Workload::UserProfile(profile) => Some(&profile.domain),
                _ => None,
            };
            uses.domains.extend(domain.map(|id| (region.to_owned(), id.clone())));
            let of_kind = uses.work.entry(work).or_default();
            if !of_kind.regions.contains(region) {
                of_kind.regions.insert(region.to_owned());
            }
            if live {
                of_kind.live += 1;
                let resource = workload.resource();
                let named = format!("{} {}", resource.kind, resource.name);
                if of_kind.example.as_ref().is_none_or(|first| named < *first) {
                    of_kind.example = Some(named);
                }
            }
        }
    }
}

/// Why more domains may name a role than were seen.
fn studio_gap(region: &Region) -> Option<&Gap> {
    let of_domains = region.domains.iter().find_map(|d| d.role.gap().or(d.space_role.gap()));
    let of_profiles = region.user_profiles.iter().find_map(|profile| profile.role.gap());
    let listings = region.domains.missing.as_ref().or(region.user_profiles.missing.as_ref());
    listings.or(of_domains).or(of_profiles)
}

impl World<'_> {
    /// What was seen to name that role; `None` when nothing was. There may be more: see [`World::gap_in`].
    pub fn uses_of_role(&self, arn: &str) -> Option<&RoleUses> {
        self.role_uses().by_role.get(arn)
    }

    /// Every role that a SageMaker resource was seen to name, sorted.
    pub fn execution_roles(&self) -> impl Iterator<Item = &str> {
        self.role_uses().by_role.keys().map(String::as_str)
    }

    /// Why more Studio domains and profiles may name a role than were seen.
    pub fn gap_in_studio(&self) -> Option<&Gap> {
        self.role_uses().studio_gap.as_ref()
    }
}
