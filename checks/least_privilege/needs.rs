//! What a role needs, told from the workloads that run as it: each need with the fields it comes from.
//!
//! Source of the actions, of what they can be limited to and of what must not be limited: Amazon SageMaker AI Developer
//! Guide, "How to use SageMaker AI execution roles", sections CreateTrainingJob, CreateProcessingJob, CreateModel,
//! CreateDomain, read 2026-11. For objects under a customer key: S3 user guide, "Using server-side encryption with AWS KMS
//! keys". What somebody does by hand in a notebook or in Studio leaves no trace in the snapshot.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use crate::aws::registries::Registry;
use crate::draft::literal;
use crate::engine::{Here, Resource, Subject, Text, World, bucket_of, is_account_id};
use crate::prelude::*;
use crate::snapshot::{Seen, VpcConfig};

/// Why a right is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Find the objects of an input.
    ListData,
    /// Read inputs, code and model artifacts.
    ReadData,
    /// Write results.
    WriteData,
    /// Log in to ECR.
    LogInToRegistry,
    /// Pull images.
    PullImages,
    /// Write logs.
    WriteLogs,
    /// Publish metrics.
    PublishMetrics,
    /// Attach containers to a VPC.
    JoinNetwork,
    /// Let storage volumes use a key.
    EncryptVolumes,
    /// Read objects under a customer key.
    DecryptData,
    /// Write objects under a customer key.
    EncryptData,
}

impl Purpose {
    /// What is done, for people.
    pub fn words(self) -> &'static str {
        match self {
            Purpose::ListData => "list inputs",
            Purpose::ReadData => "read inputs and models",
            Purpose::WriteData => "write results",
            Purpose::LogInToRegistry => "log in to ECR",
            Purpose::PullImages => "pull images",
            Purpose::WriteLogs => "write logs",
            Purpose::PublishMetrics => "publish metrics",
            Purpose::JoinNetwork => "join the VPC",
            Purpose::EncryptVolumes => "encrypt volumes",
            Purpose::DecryptData => "decrypt data",
            Purpose::EncryptData => "encrypt data",
        }
    }

    /// The actions that it takes.
    pub fn actions(self) -> &'static [&'static str] {
        match self {
            Purpose::ListData => &["s3:ListBucket"],
            Purpose::ReadData => &["s3:GetObject"],
            Purpose::WriteData => &["s3:PutObject"],
            Purpose::LogInToRegistry => &["ecr:GetAuthorizationToken"],
            Purpose::PullImages => {
                &["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
            }
            Purpose::WriteLogs => {
                &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
            }
            Purpose::PublishMetrics => &["cloudwatch:PutMetricData"],
            Purpose::JoinNetwork => &[
                "ec2:CreateNetworkInterface",
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            Purpose::EncryptVolumes => &["kms:CreateGrant", "kms:DescribeKey"],
            Purpose::DecryptData => &["kms:Decrypt"],
            // Decrypt, because S3 needs it to put the parts of a large object together.
            Purpose::EncryptData => &["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        }
    }
}

/// What a right is needed on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Object {
    /// The name of the thing, or the beginning of the names, to the letter.
    pub name: String,
    /// Whether the name is a beginning: everything that starts so is meant.
    pub open: bool,
    /// For a list of objects: with what their keys begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

impl Object {
    fn exactly(name: impl Into<String>) -> Object {
        Object { name: name.into(), open: false, prefix: None }
    }

    fn beginning(name: impl Into<String>) -> Object {
        Object { name: name.into(), open: true, prefix: None }
    }

    fn everything() -> Object {
        Object::beginning("")
    }

    /// As a policy writes it.
    pub fn pattern(&self) -> String {
        format!("{}{}", literal(&self.name), if self.open { "*" } else { "" })
    }

    /// As a question to the policy engine: may it be used as a whole?
    pub fn question(&self) -> String {
        format!("{}{}", self.name, if self.open { "*" } else { "" })
    }
}

/// A right that workloads need, and which of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// What for.
    pub purpose: Purpose,
    /// On what.
    pub object: Object,
    /// Where that was seen: the first few of them.
    pub because: Vec<Because>,
    /// How many more places say the same.
    pub more: usize,
}

/// The field of a resource that a need comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Because {
    /// The kind of resource.
    #[serde(rename = "type")]
    pub kind: Text,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// The field of the snapshot.
    pub field: &'static str,
}

/// What the workloads of a role need, as far as it could be seen.
#[derive(Debug, Default)]
pub struct Needs {
    /// In the order of purposes and names.
    pub all: Vec<Need>,
    /// How many workloads of each kind run as the role.
    pub workloads: BTreeMap<Text, usize>,
    /// What could not be seen or understood, so that needs may be missing; each once.
    pub blind: BTreeSet<String>,
    /// Whether any workload listing was seen at all.
    pub looked: bool,
}

/// So many places are told for each need.
const TOLD: usize = 5;

/// So many beginnings of object names, or names of log groups, are told apart; more are put together.
const APART: usize = 20;

/// What the workloads that run as the role need.
pub fn needs_of(role: &str, world: &World<'_>) -> Needs {
    let mut search = Search { role, found: BTreeMap::new(), needs: Needs::default() };
    for here in world.regions() {
        search.region(&here);
    }
    search.buckets(world);
    let Search { found, mut needs, .. } = search;
    needs.all = gathered(found)
        .into_iter()
        .map(|((purpose, object), places)| Need {
            purpose,
            object,
            more: places.len().saturating_sub(TOLD),
            because: places.into_iter().take(TOLD).collect(),
        })
        .collect();
    needs
}

type Found = BTreeMap<(Purpose, Object), BTreeSet<Because>>;

struct Search<'r> {
    role: &'r str,
    found: Found,
    needs: Needs,
}

/// A workload while its fields are read.
#[derive(Clone)]
struct Place {
    resource: Resource,
    region: String,
}

impl Place {
    fn of<'w>(workload: Workload<'w>, here: &Here<'w>) -> Place {
        Place { resource: workload.resource(), region: here.name.to_owned() }
    }

    fn because(&self, field: &'static str) -> Because {
        Because {
            kind: self.resource.kind.clone(),
            name: self.resource.name.clone(),
            region: self.region.clone(),
            field,
        }
    }
}

impl Search<'_> {
    fn region(&mut self, here: &Here<'_>) {
        self.listings(here);
        for workload in here.workloads() {
            let place = Place::of(workload, here);
            match workload {
                Workload::Notebook(it) => {
                    if self.runs(&place, &it.role) {
                        self.logs(here, &place, "NotebookInstances", "name");
                    }
                }
                Workload::TrainingJob(it) => {
                    if self.runs(&place, &it.role) {
                        self.job(here, &place, "TrainingJobs", (&it.image, "image"), &it.vpc);
                        self.each(&place, "inputs", &it.inputs, |s, uri| s.reads(here, &place, "inputs", uri));
                        self.one(&place, "output_path", &it.output_path, |s, uri| {
                            s.writes(here, &place, "output_path", uri)
                        });
                        self.key(here, &place, "volume_key", &it.volume_key, Purpose::EncryptVolumes);
                        self.key(here, &place, "output_key", &it.output_key, Purpose::EncryptData);
                    }
                }
                Workload::ProcessingJob(it) => {
                    if self.runs(&place, &it.role) {
                        self.job(here, &place, "ProcessingJobs", (&it.image, "image"), &it.vpc);
                        self.each(&place, "inputs", &it.inputs, |s, uri| s.reads(here, &place, "inputs", uri));
                        self.each(&place, "outputs", &it.outputs, |s, uri| s.writes(here, &place, "outputs", uri));
                        self.key(here, &place, "volume_key", &it.volume_key, Purpose::EncryptVolumes);
                        self.key(here, &place, "output_key", &it.output_key, Purpose::EncryptData);
                    }
                }
                Workload::Model(it) => {
                    if self.runs(&place, &it.role) {
                        self.model(here, &place, it);
                    }
                }
                Workload::EndpointConfig(it) => {
                    if self.runs(&place, &it.role) {
                        self.network(&place, &it.vpc);
                        self.add(Purpose::PublishMetrics, Object::everything(), &place, "role");
                        let group = log_group(here, "InferenceComponents/");
                        self.add(Purpose::WriteLogs, Object::beginning(group), &place, "role");
                    }
                }
                Workload::Domain(it) => {
                    for role in [&it.role, &it.space_role] {
                        if self.runs(&place, role) {
                            self.logs(here, &place, "studio", "role");
                            self.key(here, &place, "key", &it.key, Purpose::EncryptVolumes);
                        }
                    }
                }
                Workload::UserProfile(it) => {
                    if self.runs(&place, &it.role) {
                        self.logs(here, &place, "studio", "role");
                        let domain = here.region.domains.iter().find(|domain| domain.id == it.domain);
                        match domain {
                            Some(domain) => self.key(here, &place, "key", &domain.key, Purpose::EncryptVolumes),
                            None => self.blind(format!("the domain of user profile {} was not seen", it.name)),
                        }
                    }
                }
                Workload::Endpoint(_) | Workload::Space(_) => {}
                Workload::Other(_) => self.other(here, &place, workload),
            }
        }
        self.endpoints(here);
    }

    /// A type without a description of its own here: its data and keys are known, but not what it does with them.
    fn other(&mut self, here: &Here<'_>, place: &Place, workload: Workload<'_>) {
        let references = workload.references();
        let ours = references.iter().filter(|one| one.what == What::Role).any(|one| match one.value {
            Ok(arn) => self.runs(place, &Seen::Is(arn.to_owned())),
            Err(gap) => self.runs(place, &Seen::Unseen(gap.clone())),
        });
        if !ours {
            return;
        }
        for reference in references {
            match (reference.what, reference.value) {
                (What::Data, Ok(uri)) => {
                    self.reads(here, place, reference.field, uri);
                    self.writes(here, place, reference.field, uri);
                }
                (What::Key, Ok(key)) => {
                    self.key(here, place, reference.field, &Seen::Is(key.to_owned()), Purpose::EncryptData);
                }
                _ => {}
            }
        }
        let resource = &place.resource;
        self.blind(format!("what {} {} needs beside its data and keys is not known", resource.label(), resource.name));
    }

    /// A table that was not listed whole may hide workloads of the role.
    fn listings(&mut self, here: &Here<'_>) {
        let region = here.region;
        let tables = [
            ("notebook instances", &region.notebooks.missing),
            ("training jobs", &region.training_jobs.missing),
            ("processing jobs", &region.processing_jobs.missing),
            ("models", &region.models.missing),
            ("endpoint configurations", &region.endpoint_configs.missing),
            ("endpoints", &region.endpoints.missing),
            ("domains", &region.domains.missing),
            ("user profiles", &region.user_profiles.missing),
        ];
        for (what, missing) in tables {
            match missing {
                Some(gap) => self.blind(format!("{what} of {} were not all seen ({gap})", here.name)),
                None => self.needs.looked = true,
            }
        }
        let all_listed = tables.iter().all(|(_, missing)| missing.is_none());
        if let Some(gap) = here.gap_in(What::Role).filter(|_| all_listed) {
            self.blind(format!("other resources of {} that run as a role were not all seen ({gap})", here.name));
        }
    }

    fn blind(&mut self, what: String) {
        self.needs.blind.insert(what);
    }

    /// Whether the workload runs as the role; one whose role was not seen may.
    fn runs(&mut self, place: &Place, role: &Seen<String>) -> bool {
        match role {
            Seen::Is(arn) if arn == self.role => {
                *self.needs.workloads.entry(place.resource.kind.clone()).or_default() += 1;
                true
            }
            Seen::Is(_) | Seen::Unset => false,
            Seen::Unseen(gap) => {
                self.blind(format!("which roles run {}s of {} was not seen ({gap})", kind(place), place.region));
                false
            }
        }
    }

    fn add(&mut self, purpose: Purpose, object: Object, place: &Place, field: &'static str) {
        self.found.entry((purpose, object)).or_default().insert(place.because(field));
    }

    fn one<T>(&mut self, place: &Place, field: &'static str, seen: &Seen<T>, mut need: impl FnMut(&mut Self, &T)) {
        match seen {
            Seen::Is(value) => need(self, value),
            Seen::Unset => {}
            Seen::Unseen(gap) => self.unseen(place, field, gap),
        }
    }

    fn each(
        &mut self,
        place: &Place,
        field: &'static str,
        seen: &Seen<Vec<String>>,
        mut need: impl FnMut(&mut Self, &String),
    ) {
        self.one(place, field, seen, |search, all| all.iter().for_each(|one| need(search, one)));
    }

    fn unseen(&mut self, place: &Place, field: &str, gap: &Gap) {
        self.blind(format!("{field} of some {}s of {} was not seen ({gap})", kind(place), place.region));
    }

    fn job(
        &mut self,
        here: &Here<'_>,
        place: &Place,
        log: &str,
        (image, field): (&Seen<String>, &'static str),
        vpc: &Seen<VpcConfig>,
    ) {
        self.logs(here, place, log, "name");
        self.add(Purpose::PublishMetrics, Object::everything(), place, "name");
        self.one(place, field, image, |search, image| search.image(here, place, field, image));
        self.network(place, vpc);
    }

    fn model(&mut self, here: &Here<'_>, place: &Place, model: &Model) {
        self.add(Purpose::PublishMetrics, Object::everything(), place, "name");
        self.network(place, &model.vpc);
        self.one(place, "containers", &model.containers, |search, containers| {
            for container in containers {
                container.image.iter().for_each(|image| search.image(here, place, "containers", image));
                container.data.iter().for_each(|uri| search.reads(here, place, "containers", uri));
            }
        });
    }

    fn logs(&mut self, here: &Here<'_>, place: &Place, group: &str, field: &'static str) {
        self.add(Purpose::WriteLogs, Object::beginning(log_group(here, group)), place, field);
    }

    /// AWS says not to limit these rights: a processing job whose role has them under conditions is refused.
    fn network(&mut self, place: &Place, vpc: &Seen<VpcConfig>) {
        self.one(place, "vpc", vpc, |search, _| search.add(Purpose::JoinNetwork, Object::everything(), place, "vpc"));
    }

    fn image(&mut self, here: &Here<'_>, place: &Place, field: &'static str, image: &str) {
        let repository = image.split_once('/').map(|(_, rest)| rest).and_then(repository);
        let (Registry::Ecr { account, region }, Some(repository)) = (Registry::of(image), repository) else {
            return self.blind(format!(
                "an image of {} {} is in no ECR repository; the rights to pull it are not known",
                kind(place),
                place.resource.name
            ));
        };
        let arn = format!("arn:{}:ecr:{region}:{account}:repository/{repository}", here.partition());
        self.add(Purpose::PullImages, Object::exactly(arn), place, field);
        self.add(Purpose::LogInToRegistry, Object::everything(), place, field);
    }

    fn reads(&mut self, here: &Here<'_>, place: &Place, field: &'static str, uri: &str) {
        let Some((bucket, key)) = self.data(place, field, uri) else { return };
        let name = format!("arn:{}:s3:::{bucket}", here.partition());
        let one_object = key.ends_with(".tar.gz");
        let object = if one_object { Object::exactly } else { Object::beginning };
        self.add(Purpose::ReadData, object(format!("{name}/{key}")), place, field);
        self.add(Purpose::ListData, Object { prefix: Some(key), ..Object::exactly(name) }, place, field);
    }

    fn writes(&mut self, here: &Here<'_>, place: &Place, field: &'static str, uri: &str) {
        let Some((bucket, key)) = self.data(place, field, uri) else { return };
        // Results lie in folders below the path.
        let below = if key.is_empty() || key.ends_with('/') { key } else { key + "/" };
        let name = format!("arn:{}:s3:::{bucket}/{below}", here.partition());
        self.add(Purpose::WriteData, Object::beginning(name), place, field);
    }

    fn data(&mut self, place: &Place, field: &'static str, uri: &str) -> Option<(String, String)> {
        let read = bucket_and_key(uri);
        if read.is_none() {
            self.blind(format!(
                "{field} of {} {} names data in a way that was not understood",
                kind(place),
                place.resource.name
            ));
        }
        read
    }

    fn key(&mut self, here: &Here<'_>, place: &Place, field: &'static str, key: &Seen<String>, purpose: Purpose) {
        self.one(place, field, key, |search, name| search.key_named(here, place, field, name, purpose));
    }

    fn key_named(&mut self, here: &Here<'_>, place: &Place, field: &'static str, name: &str, purpose: Purpose) {
        if is_of_aws(name) {
            return;
        }
        match key_arn(here, name) {
            Some(arn) => self.add(purpose, Object::exactly(arn), place, field),
            None => {
                self.blind(format!("the key {name} of {} could not be looked up; rights to it are missing", here.name))
            }
        }
    }

    /// Capture and asynchronous results are written, and logs too, with the roles of the models that an endpoint runs.
    fn endpoints(&mut self, here: &Here<'_>) {
        let mut served: HashMap<&str, Vec<&Endpoint>> = HashMap::new();
        for endpoint in here.region.endpoints.iter() {
            match &endpoint.config {
                Seen::Is(config) => served.entry(config.as_str()).or_default().push(endpoint),
                Seen::Unset => {}
                Seen::Unseen(gap) => self.blind(format!("what endpoints of {} run was not seen ({gap})", here.name)),
            }
        }
        for config in here.region.endpoint_configs.iter() {
            if !self.runs_models_of(here, config) {
                continue;
            }
            let place = Place::of(Workload::EndpointConfig(config), here);
            self.one(&place, "data_capture", &config.data_capture, |search, capture| {
                if let Some(uri) = capture.destination.as_deref().filter(|_| capture.enabled) {
                    search.writes(here, &place, "data_capture", uri);
                    capture
                        .key
                        .iter()
                        .for_each(|key| search.key_named(here, &place, "data_capture", key, Purpose::EncryptData));
                }
            });
            self.one(&place, "async_output", &config.async_output, |search, output| {
                for uri in output.path.iter().chain(&output.failure_path) {
                    search.writes(here, &place, "async_output", uri);
                }
                output
                    .key
                    .iter()
                    .for_each(|key| search.key_named(here, &place, "async_output", key, Purpose::EncryptData));
            });
            for endpoint in served.get(config.name.as_str()).into_iter().flatten() {
                let place = Place::of(Workload::Endpoint(endpoint), here);
                self.add(
                    Purpose::WriteLogs,
                    Object::beginning(log_group(here, &format!("Endpoints/{}", endpoint.name))),
                    &place,
                    "config",
                );
            }
        }
    }

    /// Whether a configuration runs a model of the role, or inference components as the role.
    fn runs_models_of(&mut self, here: &Here<'_>, config: &EndpointConfig) -> bool {
        if config.role.shown().is_some_and(|role| role == self.role) {
            return true;
        }
        let mut of_role = false;
        for variants in [&config.variants, &config.shadow_variants] {
            match variants {
                Seen::Is(all) => {
                    let models = all.iter().filter_map(|variant| variant.model.as_deref());
                    of_role |= models
                        .filter_map(|name| here.model(name).ok().flatten())
                        .any(|model| model.role.shown().is_some_and(|role| role == self.role));
                }
                Seen::Unset => {}
                Seen::Unseen(gap) => {
                    self.blind(format!(
                        "which models endpoint configurations of {} run was not seen ({gap})",
                        here.name
                    ));
                }
            }
        }
        of_role
    }

    /// Buckets that encrypt by default with a customer key need rights to the key.
    fn buckets(&mut self, world: &World<'_>) {
        let mut wanted: Vec<(String, Purpose, BTreeSet<Because>)> = Vec::new();
        for ((purpose, object), places) in &self.found {
            let purpose = match purpose {
                Purpose::ReadData => Purpose::DecryptData,
                Purpose::WriteData => Purpose::EncryptData,
                _ => continue,
            };
            let bucket = object.name.split(":::").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
            wanted.push((bucket.to_owned(), purpose, places.clone()));
        }
        for (name, purpose, places) in wanted {
            let encryption = match world.bucket(&name) {
                Ok(bucket) => bucket,
                Err(Unseen(gap)) => {
                    self.blind(format!("how bucket {name} is encrypted was not seen ({gap})"));
                    continue;
                }
            };
            let key = match &encryption.encryption {
                Seen::Is(BucketEncryption { algorithm, key: Some(key) }) if algorithm.starts_with("aws:kms") => key,
                Seen::Unseen(gap) => {
                    self.blind(format!("how bucket {name} is encrypted was not seen ({gap})"));
                    continue;
                }
                _ => continue,
            };
            if is_of_aws(key) {
                continue;
            }
            let region = encryption.region.shown().map_or("", String::as_str);
            match world.region(region).and_then(|here| key_arn(&here, key)).or_else(|| whole_key_arn(key)) {
                Some(arn) => self.found.entry((purpose, Object::exactly(arn))).or_default().extend(places),
                None => self
                    .blind(format!("the key {key} of bucket {name} could not be looked up; rights to it are missing")),
            }
        }
    }
}

fn kind(place: &Place) -> String {
    place.resource.kind.replace('-', " ")
}

fn log_group(here: &Here<'_>, group: &str) -> String {
    format!("arn:{}:logs:{}:{}:log-group:/aws/sagemaker/{group}", here.partition(), here.name, here.account())
}

/// The keys that AWS manages need no right of the role: S3 and SageMaker use them for everyone of the account.
fn is_of_aws(key: &str) -> bool {
    key.starts_with("alias/aws/") || key.contains(":alias/aws/")
}

/// The ARN of the key that a resource of the region names: IAM knows no aliases.
fn key_arn(here: &Here<'_>, name: &str) -> Option<String> {
    if let Some(arn) = whole_key_arn(name) {
        return Some(arn);
    }
    if let Some(arn) = here.key(name).ok().and_then(|key| whole_key_arn(&key.arn)) {
        return Some(arn);
    }
    let is_id = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && name.len() >= 36;
    is_id.then(|| format!("arn:{}:kms:{}:{}:key/{name}", here.partition(), here.name, here.account()))
}

fn whole_key_arn(name: &str) -> Option<String> {
    let arn = Arn::parse(name).filter(|arn| arn.service == "kms" && is_account_id(arn.account))?;
    let id = arn.named("key")?;
    id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-').then(|| name.to_owned())
}

/// The repository of `repository:tag@digest`; `None` for what ECR would not take as a name.
fn repository(rest: &str) -> Option<&str> {
    let name = rest.split('@').next()?.split(':').next()?;
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-/".contains(&b);
    (!name.is_empty() && name.bytes().all(fits)).then_some(name)
}

/// Bucket and key of an S3 URI in any spelling. Source of the names: S3 user guide, "Bucket naming rules"; access points and
/// directory buckets are named otherwise and are not understood.
fn bucket_and_key(uri: &str) -> Option<(String, String)> {
    let bucket = bucket_of(uri)?;
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
    if !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(fits) || bucket.ends_with("--x-s3") {
        return None;
    }
    let rest = match uri.strip_prefix("s3://") {
        Some(rest) => rest.split_once('/').map_or("", |(_, key)| key),
        None => {
            let (host, path) = uri.strip_prefix("https://")?.split_once('/').unwrap_or_default();
            let in_host = host.strip_prefix(bucket).is_some_and(|rest| rest.starts_with('.'));
            if in_host { path } else { path.split_once('/').map_or("", |(_, key)| key) }
        }
    };
    Some((bucket.to_owned(), rest.to_owned()))
}

/// Takes together what lies close: beginnings that others cover, and what is left beyond so many of one bucket or region.
fn gathered(found: Found) -> Found {
    let mut by_place: BTreeMap<(Purpose, String), BTreeMap<Object, BTreeSet<Because>>> = BTreeMap::new();
    for ((purpose, object), places) in found {
        let root = match purpose {
            Purpose::ReadData | Purpose::WriteData => object.name.split('/').next().unwrap_or_default().to_owned(),
            Purpose::ListData => object.name.clone(),
            Purpose::WriteLogs => object.name.split(":log-group:").next().unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        by_place.entry((purpose, root)).or_default().insert(object, places);
    }
    let mut all = Found::new();
    for ((purpose, _), objects) in by_place {
        let text = |object: &Object| match purpose {
            Purpose::ListData => object.prefix.clone().unwrap_or_default(),
            _ => object.name.clone(),
        };
        let objects: Vec<_> = objects.into_iter().collect();
        let fewer = match purpose {
            Purpose::ReadData | Purpose::WriteData | Purpose::ListData | Purpose::WriteLogs => {
                let open = |object: &Object| object.open || purpose == Purpose::ListData;
                fewer(objects.iter().map(|(object, _)| (text(object), open(object))).collect())
            }
            _ => objects.iter().map(|(object, _)| (object.name.clone(), object.open)).collect(),
        };
        for (object, places) in objects {
            let covers = |(name, open): &&(String, bool)| {
                *name == text(&object) || (*open && text(&object).starts_with(name.as_str()))
            };
            let (name, open) = fewer.iter().find(covers).cloned().unwrap_or((text(&object), object.open));
            let object = match purpose {
                Purpose::ListData => Object { prefix: Some(name), ..object },
                _ => Object { name, open, ..object },
            };
            all.entry((purpose, object)).or_default().extend(places);
        }
    }
    all
}

/// At most so many names that cover them all: what others cover falls away; then names are cut at their slashes.
fn fewer(names: BTreeSet<(String, bool)>) -> BTreeSet<(String, bool)> {
    let mut kept = covering(names);
    while kept.len() > APART {
        // The deepest names give up their last part.
        let depth = |name: &str| name.trim_end_matches('/').matches('/').count();
        let deepest = kept.iter().map(|(name, _)| depth(name)).max().unwrap_or_default();
        if deepest == 0 {
            break;
        }
        let cut = |(name, open): (String, bool)| match depth(&name) == deepest {
            true => {
                let end = name.trim_end_matches('/').rfind('/').map_or(0, |slash| slash + 1);
                (name.get(..end).unwrap_or_default().to_owned(), true)
            }
            false => (name, open),
        };
        kept = covering(kept.into_iter().map(cut).collect());
    }
    kept
}

fn covering(names: BTreeSet<(String, bool)>) -> BTreeSet<(String, bool)> {
    let mut kept: Vec<(String, bool)> = Vec::new();
    // A name sorts behind its beginnings.
    for (name, open) in names {
        match kept.last_mut() {
            Some((earlier, true)) if name.starts_with(earlier.as_str()) => {}
            Some((earlier, was)) if *earlier == name => *was |= open,
            _ => kept.push((name, open)),
        }
    }
    kept.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_out_of_every_spelling() {
        let read = |uri| bucket_and_key(uri).map(|(bucket, key)| format!("{bucket} {key}"));
        assert_eq!(read("s3://data/train/a"), Some("data train/a".into()));
        assert_eq!(read("s3://data"), Some("data ".into()));
        assert_eq!(read("https://data.s3.eu-west-1.amazonaws.com/m/model.tar.gz"), Some("data m/model.tar.gz".into()));
        assert_eq!(read("https://s3.eu-west-1.amazonaws.com/data/m"), Some("data m".into()));
        for odd in ["s3://*/x", "s3://a", "s3://Data/x", "s3://arn:aws:s3:us-east-1:1:accesspoint/x", "fsx://x", ""] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn many_names_become_few_that_cover_them() {
        let many: BTreeSet<(String, bool)> =
            (0..500).map(|n| (format!("arn:aws:s3:::data/runs/{n}/out/"), true)).collect();
        let few = fewer(many.clone());
        assert!(few.len() <= APART);
        assert!(many.iter().all(|(name, _)| few.iter().any(|(start, _)| name.starts_with(start.as_str()))));
        assert_eq!(few, BTreeSet::from([("arn:aws:s3:::data/runs/".to_owned(), true)]));
        let two = BTreeSet::from([("a/b".to_owned(), false), ("a/".to_owned(), true)]);
        assert_eq!(fewer(two), BTreeSet::from([("a/".to_owned(), true)]));
    }
}
