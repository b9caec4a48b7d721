//! What lies around workloads: where they pull from, who serves what of whose, where people's homes are, what acts by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Prize, Stage, object_of};
use crate::aws::buckets::{foreign_artifact, is_predictable};
use crate::aws::registries::{EcrImage, is_published_by_aws};
use crate::aws::tag_mutability;
use crate::engine::{Arn, Here, World, unclear};
use crate::monitoring::event_pattern::may_hear_of;
use crate::monitoring::watch::heard;
use crate::network::home_access::HomeAccess;
use crate::paths::survey::Guarded;
use crate::paths::technique::Sway;
use crate::paths::way_out::{self, WayOut};
use crate::snapshot::{
    Container, Domain, Endpoint, Gap, InferenceComponent, ModelPackage, Seen, Unseen, VpcConfig, short_name,
};

/// An image of the account's that endpoints run by its tag.
pub(crate) struct Pulled {
    /// `REPOSITORY:TAG`.
    pub(crate) name: String,
    pub(crate) repository: Guarded,
    /// What was not seen of whether the tag can be moved.
    pub(crate) doubt: Option<Gap>,
    /// The endpoints.
    pub(crate) pieces: Vec<usize>,
}

/// Something of somebody else's that an endpoint runs.
pub(crate) struct Foreign {
    /// `image 444455556666.dkr.ecr.…`, `artifact s3://…`.
    pub(crate) name: String,
    pub(crate) field: &'static str,
    pub(crate) endpoint: Guarded,
    pub(crate) piece: usize,
}

/// The home directories of a domain that more can reach than the domain.
pub(crate) struct Homes {
    pub(crate) prize: usize,
    pub(crate) file_system: Guarded,
    /// Who reaches them, and the rule that lets it.
    pub(crate) callers: BTreeMap<String, String>,
    /// The profiles whose homes they are.
    pub(crate) pieces: Vec<usize>,
}

/// A place in which a role's credentials lie and from which they reach buckets of other accounts.
pub(crate) struct Outlet {
    /// `notebook-instance lab`.
    pub(crate) of: String,
    pub(crate) how: &'static str,
}

/// A bucket that the account's resources name, whose name anybody can work out, and that is not the account's.
pub(crate) struct Claimable {
    pub(crate) bucket: String,
    /// Nobody has it.
    pub(crate) free: bool,
}

/// A group of model packages that has a policy.
pub(crate) struct Registry {
    pub(crate) group: String,
    /// Any package of the group, under the policy of the group.
    pub(crate) packages: Guarded,
}

/// All of that.
#[derive(Default)]
pub(crate) struct Surroundings {
    pub(crate) pulled: Vec<Pulled>,
    pub(crate) foreign: Vec<Foreign>,
    pub(crate) homes: Vec<Homes>,
    /// By the ARN of the role.
    pub(crate) outlets: BTreeMap<String, Outlet>,
    pub(crate) claimable: Vec<Claimable>,
    pub(crate) registries: Vec<Registry>,
    /// What was left out for being too much.
    pub(crate) cut: usize,
}

/// Pieces of one region by kind and name.
type Places = HashMap<(&'static str, String), usize>;

/// Callers of home directories, and groups of model packages, that are looked at in one region.
const MOST: usize = 32;

impl Stage {
    /// Looks around the pieces of a region, which are those from the first on.
    pub(super) fn look_around(&mut self, here: &Here<'_>, first: usize) {
        let pieces = self.pieces.iter().enumerate().skip(first);
        let places: Places = pieces.map(|(at, piece)| ((piece.kind, piece.name.clone()), at)).collect();
        let mut ways = Ways { here: *here, known: HashMap::new(), doubt: None };
        self.around_endpoints(here, &places, &mut ways);
        self.around_people(here, &mut ways);
        self.around_jobs(here, &mut ways);
        if let Some(Unseen(gap)) = ways.doubt {
            self.gaps.push((format!("where workloads of {} can send what they read", here.name), gap));
        }
        self.add_homes(here, &places);
        self.add_releases(here);
        self.add_registries(here);
    }

    fn around_endpoints(&mut self, here: &Here<'_>, places: &Places, ways: &mut Ways<'_>) {
        let components = &here.region.inference_components;
        let mut by_endpoint: HashMap<&str, Vec<&InferenceComponent>> = HashMap::new();
        for component in components.iter() {
            match component.endpoint.known("EndpointName") {
                Ok(endpoint) => by_endpoint.entry(endpoint).or_default().push(component),
                Err(Unseen(gap)) => {
                    self.gaps.push((format!("where inference component {} runs", component.name), gap));
                }
            }
        }
        let mut pulled: BTreeMap<String, Pulled> = BTreeMap::new();
        for endpoint in here.region.endpoints.iter() {
            let Some(at) = places.get(&("endpoint", endpoint.name.clone())).copied() else { continue };
            let Some(piece) = self.pieces.get(at).filter(|piece| piece.runs != Some(false)) else { continue };
            if piece.roles.is_empty() {
                continue;
            }
            let called = format!("endpoint {}", endpoint.name);
            let own = by_endpoint.get(endpoint.name.as_str()).map_or(&[][..], Vec::as_slice);
            let served = Served::of(endpoint, own, components.missing.as_ref(), here);
            for Unseen(gap) in served.doubts {
                self.gaps.push((format!("what {called} runs"), gap));
            }
            for (role, vpc) in served.wearers {
                ways.open(&mut self.around.outlets, role, &called, vpc);
            }
            let mut strange = None;
            for image in served.images {
                match whose(image, here) {
                    Ok(Whose::Ours(image)) => {
                        let entry = match pulled.get_mut(&image.name) {
                            Some(entry) => entry,
                            None => pulled.entry(image.name.clone()).or_insert(image),
                        };
                        entry.pieces.push(at);
                    }
                    Ok(Whose::Theirs) => drop(strange.get_or_insert((format!("image {image}"), "Image"))),
                    Ok(Whose::Nobodys) => {}
                    Err(Unseen(gap)) => self.gaps.push((format!("who pushes image {image}"), gap)),
                }
            }
            for uri in served.artifacts {
                match foreign_artifact(uri, here) {
                    Ok(Some(_)) => drop(strange.get_or_insert((format!("artifact {uri}"), "ModelDataUrl"))),
                    Ok(None) => {}
                    Err(Unseen(gap)) => self.gaps.push((format!("whose artifact {uri} is"), gap)),
                }
            }
            for package in served.packages {
                if Arn::parse(package).is_some_and(|arn| arn.account != here.account()) {
                    strange.get_or_insert((format!("model package {package}"), "ModelPackageName"));
                }
            }
            if let Some((name, field)) = strange {
                let (tags, account) = (endpoint.tags.clone(), here.account());
                let guarded = Guarded::new("endpoint", &endpoint.name, &endpoint.arn, &endpoint.policy, tags, account);
                let name = format!("{name} of endpoint {}", endpoint.name);
                self.around.foreign.push(Foreign { name, field, endpoint: guarded, piece: at });
            }
        }
        for image in pulled.values_mut() {
            image.pieces.sort_by_key(|at| self.pieces.get(*at).map(|piece| piece.name.as_str()));
        }
        self.around.pulled.extend(pulled.into_values());
    }

    fn around_people(&mut self, here: &Here<'_>, ways: &mut Ways<'_>) {
        let outlets = &mut self.around.outlets;
        for notebook in here.region.notebooks.iter() {
            let role = notebook.role.get();
            ways.lead(
                outlets,
                role,
                || format!("notebook-instance {}", notebook.name),
                |ways| {
                    let direct = notebook.direct_internet.known("DirectInternetAccess").copied();
                    if direct == Ok(true) {
                        return Ok(Some("it has direct internet access"));
                    }
                    match notebook.subnet.get()? {
                        None => direct.map(|_| None),
                        Some(subnet) => {
                            let security_groups = notebook.security_groups.shown().cloned().unwrap_or_default();
                            let vpc = VpcConfig { subnets: vec![subnet.clone()], security_groups };
                            match ways.of(&Seen::Is(vpc)) {
                                Ok(None) => direct.map(|_| None),
                                other => other,
                            }
                        }
                    }
                },
            );
        }
        let domains: HashMap<&str, &Domain> = here.region.domains.iter().map(|d| (d.id.as_str(), d)).collect();
        for profile in here.region.user_profiles.iter() {
            let domain = domains.get(profile.domain.as_str());
            let role = match (profile.role.get(), domain) {
                (Ok(None), Some(domain)) => domain.role.get(),
                (role, _) => role,
            };
            let called = || format!("user-profile {}/{}", profile.domain, profile.name);
            ways.lead(outlets, role, called, |ways| {
                let missing = || unclear(format!("domain {} was not seen", profile.domain));
                let domain = domain.ok_or_else(missing)?;
                match domain.network_access.known("AppNetworkAccessType")?.as_str() {
                    "PublicInternetOnly" => Ok(Some("its apps go straight to the internet")),
                    _ => {
                        let subnets = domain.subnets.known("SubnetIds")?.clone();
                        if subnets.is_empty() {
                            return Err(unclear(format!("domain {} names no subnet", domain.id)));
                        }
                        ways.of(&Seen::Is(VpcConfig { subnets, security_groups: Vec::new() }))
                    }
                }
            });
        }
    }

    fn around_jobs(&mut self, here: &Here<'_>, ways: &mut Ways<'_>) {
        let (training, processing) = (&here.region.training_jobs, &here.region.processing_jobs);
        let training =
            training.iter().map(|job| ("training-job", &job.name, &job.role, &job.vpc, &job.network_isolation));
        let processing =
            processing.iter().map(|job| ("processing-job", &job.name, &job.role, &job.vpc, &job.network_isolation));
        for (kind, name, role, vpc, isolated) in training.chain(processing) {
            // A container without network carries nothing away.
            if isolated.shown() != Some(&true) {
                ways.lead(&mut self.around.outlets, role.get(), || format!("{kind} {name}"), |ways| ways.of(vpc));
            }
        }
    }

    fn add_homes(&mut self, here: &Here<'_>, places: &Places) {
        for domain in here.region.domains.iter() {
            let id = match domain.file_system.get() {
                Ok(Some(id)) => id,
                Ok(None) => continue,
                Err(Unseen(gap)) => {
                    self.gaps.push((format!("where the homes of domain {} are", domain.id), gap));
                    continue;
                }
            };
            let what = || format!("who reaches the homes of domain {}", domain.id);
            let file_system = match here.file_system(id) {
                Ok(Some(file_system)) => file_system,
                Ok(None) => continue,
                Err(Unseen(gap)) => {
                    self.gaps.push((what(), gap));
                    continue;
                }
            };
            let access = HomeAccess::of(domain, here);
            self.gaps.extend(access.doubt.map(|Unseen(gap)| (what(), gap)));
            let too_many = |count: usize| count.saturating_sub(MOST);
            self.around.cut += too_many(access.strangers.len());
            self.around.cut += access.open.iter().map(|one| too_many(one.whom.len())).sum::<usize>();
            let mut callers: BTreeMap<String, String> = BTreeMap::new();
            for one in &access.open {
                for whom in one.whom.iter().take(MOST) {
                    let rule = format!("{} admits it on {}", one.group, one.ports);
                    callers.entry(format!("hosts in {whom}")).or_insert(rule);
                }
            }
            match access.hidden {
                // A stranger may be a group of the domain that was not seen.
                Some(Unseen(gap)) => self.gaps.push((what(), gap)),
                None => {
                    for (group, stranger) in access.strangers.iter().take(MOST) {
                        let rule = format!("{group} admits it on NFS");
                        callers.entry(format!("hosts in security group {stranger}")).or_insert(rule);
                    }
                }
            }
            let (tags, account) = (file_system.tags.clone(), here.account());
            let file_system = Guarded::new("file system", id, &file_system.arn, &file_system.policy, tags, account);
            self.gaps.extend(file_system.gap().map(|gap| (what(), gap.clone())));
            if callers.is_empty() || file_system.gap().is_some() {
                continue;
            }
            let of_domain = here.region.user_profiles.iter().filter(|profile| profile.domain == domain.id);
            let place = |name: &String| places.get(&("user-profile", format!("{}/{name}", domain.id))).copied();
            let mut pieces: Vec<usize> = of_domain.filter_map(|profile| place(&profile.name)).collect();
            pieces.sort_by_key(|at| self.pieces.get(*at).map(|piece| piece.name.as_str()));
            self.around.homes.push(Homes { prize: self.prizes.len(), file_system, callers, pieces });
            self.prizes.push(Prize {
                sway: Sway::Homes,
                kind: "home-directories",
                name: domain.id.clone(),
                arn: String::new(),
                tags: Seen::Unset,
                roles: Vec::new(),
                field: "HomeEfsFileSystemId".into(),
            });
        }
    }

    /// Groups of model packages whose approval sets something off.
    fn add_releases(&mut self, here: &Here<'_>) {
        let packages = &here.region.model_packages;
        let mut newest: BTreeMap<&str, &ModelPackage> = BTreeMap::new();
        for package in packages.iter() {
            match package.group.get() {
                Ok(Some(group)) => {
                    let known = newest.entry(group).or_insert(package);
                    if package.version.shown() > known.version.shown() {
                        *known = package;
                    }
                }
                Ok(None) => {}
                Err(Unseen(gap)) => {
                    self.gaps.push((format!("the group of model package {}", short_name(&package.arn)), gap));
                }
            }
        }
        if newest.is_empty() {
            return;
        }
        let rules = &here.region.event_rules;
        self.gaps.extend(rules.missing.iter().map(|gap| (format!("event rules of {}", here.name), gap.clone())));
        let mut deploying: Vec<(&str, &str, &str)> = Vec::new();
        for rule in rules.iter() {
            match heard(rule) {
                Ok(Some(pattern)) => {
                    let targets = rule.targets.shown().into_iter().flatten();
                    let target = targets.map(String::as_str).find(|target| acts(target));
                    deploying.extend(target.map(|target| (rule.name.as_str(), pattern, target)));
                }
                Ok(None) => {}
                Err(Unseen(gap)) => self.gaps.push((format!("what event rule {} sets off", rule.name), gap)),
            }
        }
        let mut found = 0;
        for (group, package) in newest {
            let details = ("ModelPackageGroupName", group);
            let hears = |(_, pattern, _): &&(&str, &str, &str)| {
                may_hear_of(pattern, "aws.sagemaker", "SageMaker Model Package State Change", details)
            };
            let Some((rule, _, target)) = deploying.iter().find(hears) else { continue };
            found += 1;
            if found > MOST {
                self.around.cut += 1;
                continue;
            }
            self.prizes.push(Prize {
                sway: Sway::Releases,
                kind: "model-package-group",
                name: group.to_owned(),
                arn: package.arn.clone(),
                tags: package.tags.clone(),
                roles: Vec::new(),
                field: format!("event rule {rule} sets {} off", short_name(target)).into(),
            });
        }
    }

    /// Groups of model packages whose policies may let somebody in.
    fn add_registries(&mut self, here: &Here<'_>) {
        for group in here.region.model_package_groups.iter() {
            let (name, partition, account) = (&group.name, here.partition(), here.account());
            let arn = format!("arn:{partition}:sagemaker:{}:{account}:model-package/{name}/*", here.name);
            match group.policy.get() {
                Ok(None) => {}
                Ok(Some(_)) => {
                    let tags = Seen::default();
                    let packages = Guarded::new("model package group", name, &arn, &group.policy, tags, account);
                    self.around.registries.push(Registry { group: name.clone(), packages });
                }
                Err(Unseen(gap)) => self.gaps.push((format!("the policy of model package group {name}"), gap)),
            }
        }
    }

    /// Buckets that are taken for the account's by their names and are not.
    pub(super) fn add_claimable(&mut self, world: &World<'_>) {
        let account = &world.snapshot.scan.account;
        for bucket in world.snapshot.account.buckets.iter().filter(|bucket| is_predictable(&bucket.name, account)) {
            match (bucket.owned.known("Buckets"), bucket.region.get()) {
                (Ok(true), _) => {}
                (Ok(false), region) => {
                    let gap = region.as_ref().err().map(|Unseen(gap)| gap.clone());
                    self.gaps.extend(gap.map(|gap| (format!("whether bucket {} is there", bucket.name), gap)));
                    self.around.claimable.push(Claimable { bucket: bucket.name.clone(), free: region == Ok(None) });
                }
                (Err(Unseen(gap)), _) => self.gaps.push((format!("whose bucket {} is", bucket.name), gap)),
            }
        }
    }
}

/// Whether something that rules tell acts by itself, rather than keeping or passing on what it is told.
fn acts(target: &str) -> bool {
    Arn::parse(target).is_some_and(|arn| {
        ["lambda", "codepipeline", "codebuild", "states", "sagemaker", "ecs", "batch", "events", "ssm"]
            .contains(&arn.service)
    })
}

/// Whose an image is.
pub(crate) enum Whose {
    /// The account's, by a tag that may move.
    Ours(Pulled),
    /// Another account's, which is not AWS's.
    Theirs,
    /// One that nobody changes: named by its digest, with a tag that stays, of AWS, or not there any more.
    Nobodys,
}

/// Looks up whose an image is that something of the region runs.
///
/// # Errors
/// The gap behind which its repository may lie.
pub(crate) fn whose(image: &str, here: &Here<'_>) -> Result<Whose, Unseen> {
    let Some(read) = EcrImage::of(image) else { return Ok(Whose::Nobodys) };
    if read.account != here.account() {
        let theirs = !is_published_by_aws(read.account, read.region);
        return Ok(if theirs { Whose::Theirs } else { Whose::Nobodys });
    }
    let Some(tag) = read.tag.filter(|_| read.digest.is_none()) else { return Ok(Whose::Nobodys) };
    if read.region != here.name {
        return Err(unclear(format!(
            "it lies in {}, whose repositories are not looked at from {}",
            read.region, here.name
        )));
    }
    let found = here.region.ecr_repositories.find(|one| read.lies_in(&one.arn, &one.name))?;
    let Some(repository) = found else { return Ok(Whose::Nobodys) };
    let doubt = match tag_mutability::moves(repository, tag) {
        Ok(false) => return Ok(Whose::Nobodys),
        Ok(true) => None,
        Err(Unseen(gap)) => Some(gap),
    };
    // The tags of repositories are not in a snapshot.
    let (tags, account) = (Seen::default(), here.account());
    let guarded = Guarded::new("repository", &repository.name, &repository.arn, &repository.policy, tags, account);
    let name = format!("{}:{tag}", repository.name);
    Ok(Whose::Ours(Pulled { name, repository: guarded, doubt, pieces: Vec::new() }))
}

/// What an endpoint runs with the credentials of a role.
#[derive(Default)]
struct Served<'w> {
    images: BTreeSet<&'w str>,
    artifacts: BTreeSet<&'w str>,
    packages: BTreeSet<&'w str>,
    /// Roles, and the networks that they are worn in.
    wearers: Vec<(&'w str, &'w Seen<VpcConfig>)>,
    doubts: Vec<Unseen>,
}

impl<'w> Served<'w> {
    fn of(
        endpoint: &Endpoint,
        components: &[&'w InferenceComponent],
        unlisted: Option<&Gap>,
        here: &Here<'w>,
    ) -> Served<'w> {
        let mut served = Served::default();
        // What was not seen of the configuration itself is a doubt of the piece.
        let config = endpoint.config.shown().and_then(|name| here.endpoint_config(name).ok()?);
        let Some(config) = config else { return served };
        let mut shared = false;
        for variant in config.variants.shown().into_iter().chain(config.shadow_variants.shown()).flatten() {
            match &variant.model {
                Some(model) => served.add_model(model, here),
                None => shared = true,
            }
        }
        if !shared || config.network_isolation.shown() == Some(&true) {
            return served;
        }
        if let Some(role) = config.role.shown() {
            served.wearers.push((role, &config.vpc));
        }
        served.doubts.extend(unlisted.map(Unseen::from));
        for component in components {
            match component.specifications.get() {
                Ok(parts) => {
                    for part in parts.into_iter().flatten() {
                        served.images.extend(part.image.as_deref());
                        served.artifacts.extend(part.artifacts.as_deref());
                        part.model.iter().for_each(|model| served.add_model(model, here));
                    }
                }
                Err(unseen) => served.doubts.push(unseen),
            }
        }
        served
    }

    fn add_model(&mut self, name: &str, here: &Here<'w>) {
        // A model that was not seen is a doubt of the piece, and one without network has no credentials.
        let Ok(Some(model)) = here.model(name) else { return };
        if model.network_isolation.shown() == Some(&true) {
            return;
        }
        self.wearers.extend(model.role.shown().map(|role| (role.as_str(), &model.vpc)));
        let containers: &'w [Container] = model.containers.shown().map_or(&[], Vec::as_slice);
        for container in containers {
            self.images.extend(container.image.as_deref().filter(|image| !image.is_empty()));
            self.packages.extend(container.model_package.as_deref());
            let artifacts = container.data.iter().chain(&container.more_data).map(String::as_str);
            self.artifacts.extend(artifacts.filter(|uri| object_of(uri).is_some()));
        }
    }
}

/// Ways to buckets of other accounts, each network looked at once.
struct Ways<'w> {
    here: Here<'w>,
    known: HashMap<(Vec<String>, Vec<String>), WayOut>,
    doubt: Option<Unseen>,
}

impl Ways<'_> {
    fn of(&mut self, vpc: &Seen<VpcConfig>) -> WayOut {
        let Some(config) = vpc.get()? else { return way_out::to_buckets_abroad(vpc, &self.here) };
        let here = self.here;
        let key = (config.subnets.clone(), config.security_groups.clone());
        self.known.entry(key).or_insert_with(|| way_out::to_buckets_abroad(vpc, &here)).clone()
    }

    /// Notes where a role is worn, if a way leads out there and none is known yet.
    fn lead(
        &mut self,
        outlets: &mut BTreeMap<String, Outlet>,
        role: Result<Option<&String>, Unseen>,
        called: impl FnOnce() -> String,
        way: impl FnOnce(&mut Self) -> WayOut,
    ) {
        let role = match role {
            Ok(Some(role)) if !outlets.contains_key(role) => role,
            Ok(_) => return,
            Err(unseen) => {
                self.doubt.get_or_insert(unseen);
                return;
            }
        };
        match way(self) {
            Ok(Some(how)) => drop(outlets.insert(role.clone(), Outlet { of: called(), how })),
            Ok(None) => {}
            Err(unseen) => drop(self.doubt.get_or_insert(unseen)),
        }
    }

    fn open(&mut self, outlets: &mut BTreeMap<String, Outlet>, role: &str, called: &str, vpc: &Seen<VpcConfig>) {
        self.lead(outlets, Ok(Some(&role.to_owned())), || called.to_owned(), |ways| ways.of(vpc));
    }
}
