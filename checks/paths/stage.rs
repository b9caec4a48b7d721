//! What runs and under which role, what feeds it, and what it reads.

mod surroundings;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::technique::Sway;
use crate::engine::{Egress, Here, World, bucket_of, unclear};
use crate::snapshot::{
    Cluster, Endpoint, Gap, Notebook, Pipeline, Reason, Seen, Space, Tag, TrainingJob, Unseen, UserProfile,
};

pub(crate) use surroundings::{Surroundings, Whose, whose};

/// Something that runs under a role.
pub(crate) struct Piece {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) region: String,
    /// The roles it runs under, and the snapshot field that says so.
    pub(crate) roles: Vec<(String, String)>,
    /// Why it may have other roles.
    pub(crate) doubt: Option<Gap>,
    /// Whether it runs; a stopped one has to be started first.
    pub(crate) runs: Option<bool>,
    pub(crate) tags: Seen<Vec<Tag>>,
    /// Presigned URLs work for it; `None` when that was not seen.
    pub(crate) opens: Option<bool>,
    /// A start script that it is configured with.
    pub(crate) script: Option<String>,
    /// It faces the internet, in the words of the fields that say so.
    pub(crate) exposed: Option<String>,
    /// What it loads, as bucket and beginning of the object name.
    pub(crate) loads: Vec<(String, String)>,
    /// What else was not seen of it and could be part of a path.
    pub(crate) unseen: Vec<Gap>,
}

/// Something that others rely on and that can be tampered with.
pub(crate) struct Prize {
    pub(crate) sway: Sway,
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    /// What the right is over.
    pub(crate) arn: String,
    pub(crate) tags: Seen<Vec<Tag>>,
    /// Roles that must be able to write anywhere for it to be worth anything.
    pub(crate) roles: Vec<String>,
    /// The field of the snapshot that makes it one.
    pub(crate) field: Cow<'static, str>,
}

/// A way to pose as a user that is easier than it should be.
pub(crate) struct Credential {
    pub(crate) user: String,
    /// `the 400 days old access key 1 of user ana`.
    pub(crate) name: String,
    pub(crate) field: &'static str,
}

/// A bucket that training data come from.
pub(crate) struct Store {
    pub(crate) bucket: String,
    /// Beginnings of object names that resources read.
    pub(crate) prefixes: BTreeSet<String>,
}

/// A start script of notebooks.
pub(crate) struct Script {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) region: String,
}

/// What there is to take over, to rewrite and to read.
#[derive(Default)]
pub(crate) struct Stage {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) stores: Vec<Store>,
    pub(crate) scripts: Vec<Script>,
    pub(crate) prizes: Vec<Prize>,
    pub(crate) credentials: Vec<Credential>,
    pub(crate) around: Surroundings,
    /// What could not be seen: what it would have told of, and why.
    pub(crate) gaps: Vec<(String, Gap)>,
}

impl Stage {
    /// Looks over a world.
    pub(crate) fn of(world: &World<'_>) -> Stage {
        let mut stage = Stage::default();
        let mut stores: BTreeMap<String, Store> = BTreeMap::new();
        for here in world.regions() {
            stage.add_region(&here, &mut stores);
        }
        stage.stores = stores.into_values().collect();
        stage.add_credentials(world);
        stage.add_claimable(world);
        if let Some(gap) = &world.snapshot.account.buckets.missing {
            stage.gaps.push(("buckets and their policies".to_owned(), gap.clone()));
        }
        stage
    }

    fn add_region(&mut self, here: &Here<'_>, stores: &mut BTreeMap<String, Store>) {
        let region = here.region;
        let first = self.pieces.len();
        let listed: [(&str, &Option<Gap>); 16] = [
            ("notebook instances", &region.notebooks.missing),
            ("lifecycle configurations", &region.lifecycle_configs.missing),
            ("domains", &region.domains.missing),
            ("user profiles", &region.user_profiles.missing),
            ("training jobs", &region.training_jobs.missing),
            ("processing jobs", &region.processing_jobs.missing),
            ("models", &region.models.missing),
            ("endpoint configurations", &region.endpoint_configs.missing),
            ("endpoints", &region.endpoints.missing),
            ("spaces", &region.spaces.missing),
            ("pipelines", &region.pipelines.missing),
            ("HyperPod clusters", &region.clusters.missing),
            ("feature groups", &region.feature_groups.missing),
            ("work teams", &region.workteams.missing),
            ("model packages", &region.model_packages.missing),
            ("model package groups", &region.model_package_groups.missing),
        ];
        for (what, gap) in listed {
            if let Some(gap) = gap {
                self.gaps.push((format!("{what} of {}", here.name), gap.clone()));
            }
        }
        self.pieces.extend(region.notebooks.iter().map(|notebook| of_notebook(notebook, here)));
        self.pieces.extend(region.user_profiles.iter().map(|profile| of_profile(profile, here)));
        for endpoint in region.endpoints.iter() {
            let piece = of_endpoint(endpoint, here);
            if piece.runs != Some(false) && !piece.roles.is_empty() {
                self.prizes.push(Prize {
                    sway: Sway::Traffic,
                    kind: "endpoint-traffic",
                    name: piece.name.clone(),
                    arn: piece.arn.clone(),
                    tags: piece.tags.clone(),
                    roles: piece.roles.iter().map(|(role, _)| role.clone()).collect(),
                    field: "EndpointStatus".into(),
                });
            }
            self.pieces.push(piece);
        }
        self.pieces.extend(region.spaces.iter().map(|space| of_space(space, here)));
        self.pieces.extend(region.pipelines.iter().map(of_pipeline(here)));
        self.pieces.extend(region.clusters.iter().map(of_cluster(here)));
        self.add_prizes(here);
        for config in region.lifecycle_configs.iter() {
            let (name, arn) = (config.name.clone(), config.arn.clone());
            self.scripts.push(Script { name, arn, region: here.name.to_owned() });
        }
        let gaps = &mut self.gaps;
        let mut feed = |uris: &Seen<Vec<String>>, who: String| {
            gaps.extend(uris.gap().map(|gap| (format!("what {who} reads"), gap.clone())));
            for uri in uris.shown().into_iter().flatten() {
                let Some((bucket, prefix)) = object_of(uri) else { continue };
                let new = || Store { bucket: bucket.to_owned(), prefixes: BTreeSet::new() };
                let store = stores.entry(bucket.to_owned()).or_insert_with(new);
                if store.prefixes.len() < 4 {
                    store.prefixes.insert(prefix.to_owned());
                }
            }
        };
        for job in region.training_jobs.iter() {
            feed(&job.inputs, format!("training job {}", job.name));
        }
        for job in region.processing_jobs.iter() {
            feed(&job.inputs, format!("processing job {}", job.name));
        }
        let running = |status: &Seen<String>| {
            matches!(status.shown().map(String::as_str), Some("InProgress" | "Stopping")).then_some(true)
        };
        // A shell opens into a training job with remote debugging, which can be switched on as long as it runs; a container
        // without network takes none.
        let shell = |job: &TrainingJob| {
            let isolated = match &job.network_isolation {
                Seen::Is(isolated) => Some(*isolated),
                Seen::Unset => Some(false),
                Seen::Unseen(_) => None,
            };
            let debugged = match &job.remote_debug {
                Seen::Is(debugged) => Some(*debugged),
                Seen::Unset => Some(false),
                Seen::Unseen(_) => None,
            };
            (isolated.map(|isolated| !isolated), debugged)
        };
        let jobs = region
            .training_jobs
            .iter()
            .map(|j| ("training-job", &j.name, &j.arn, &j.status, &j.role, &j.tags, shell(j)));
        let more = region
            .processing_jobs
            .iter()
            .map(|j| ("processing-job", &j.name, &j.arn, &j.status, &j.role, &j.tags, (Some(false), Some(true))));
        for (kind, name, arn, status, role, tags, (opens, ready)) in jobs.chain(more) {
            let unseen = status.gap();
            self.gaps.extend(unseen.map(|gap| (format!("whether {kind} {name} runs"), gap.clone())));
            if running(status).is_some() {
                self.pieces.push(Piece {
                    kind,
                    name: name.clone(),
                    arn: arn.clone(),
                    region: here.name.to_owned(),
                    roles: role.shown().map(|arn| (arn.clone(), "RoleArn".to_owned())).into_iter().collect(),
                    doubt: role.gap().cloned(),
                    runs: ready,
                    tags: tags.clone(),
                    opens,
                    script: None,
                    exposed: None,
                    loads: Vec::new(),
                    unseen: Vec::new(),
                });
            }
        }
        self.look_around(here, first);
    }
}

impl Stage {
    fn add_prizes(&mut self, here: &Here<'_>) {
        let region = here.region;
        for group in region.feature_groups.iter() {
            if let Some(gap) = group.online.gap() {
                self.gaps.push((format!("whether feature group {} is read online", group.name), gap.clone()));
            }
            if group.online.shown() == Some(&true) {
                self.prizes.push(Prize {
                    sway: Sway::Features,
                    kind: "feature-group",
                    name: group.name.clone(),
                    arn: group.arn.clone(),
                    tags: group.tags.clone(),
                    roles: Vec::new(),
                    field: "OnlineStoreConfig.EnableOnlineStore".into(),
                });
            }
        }
        for team in region.workteams.iter() {
            let prize = |sway, arn: String, tags: Seen<Vec<Tag>>, field: &'static str| Prize {
                sway,
                kind: "workteam",
                name: team.name.clone(),
                arn,
                tags,
                roles: Vec::new(),
                field: field.into(),
            };
            self.prizes.push(prize(Sway::Workteam, team.arn.clone(), team.tags.clone(), "MemberDefinitions"));
            let gap = team.members.gap().map(|gap| (format!("the members of work team {}", team.name), gap.clone()));
            self.gaps.extend(gap);
            let pools = team.members.shown().into_iter().flatten().filter_map(|members| members.user_pool.as_deref());
            for pool in BTreeSet::from_iter(pools).into_iter().take(8) {
                let (partition, account) = (here.partition(), here.account());
                let arn = format!("arn:{partition}:cognito-idp:{}:{account}:userpool/{pool}", here.name);
                // The tags of a user pool are not in a snapshot.
                let tags = Seen::Unseen(Gap::new(Reason::Skipped, "tags of user pools are not asked for"));
                let field = "MemberDefinitions.CognitoMemberDefinition.UserPool";
                self.prizes.push(prize(Sway::UserPool, arn, tags, field));
            }
        }
    }

    /// Keys that are old, and passwords that suffice alone.
    fn add_credentials(&mut self, world: &World<'_>) {
        let rows = &world.snapshot.account.credentials;
        self.gaps.extend(rows.missing.iter().map(|gap| ("the age of access keys".to_owned(), gap.clone())));
        for row in rows.iter() {
            let keys = [
                (1, row.key_1, row.key_1_rotated, "access_key_1_last_rotated"),
                (2, row.key_2, row.key_2_rotated, "access_key_2_last_rotated"),
            ];
            for (number, active, rotated, field) in keys {
                let days = rotated.map_or(0, |rotated| world.now().duration_since(rotated).as_hours() / 24);
                if active == Some(true) && days > OLD_KEY {
                    let name = format!("the {days} days old access key {number} of user {}", row.user);
                    self.credentials.push(Credential { user: row.arn.clone(), name, field });
                }
            }
            if row.password == Some(true) && row.mfa == Some(false) {
                let name = format!("the password without a second factor of user {}", row.user);
                self.credentials.push(Credential { user: row.arn.clone(), name, field: "mfa_active" });
            }
        }
    }
}

/// From when on an access key counts as old, in days. Source: CIS AWS Foundations Benchmark, "access keys are rotated every 90
/// days or less".
const OLD_KEY: i64 = 90;

/// Bucket and beginning of the object name of an S3 URI.
pub(crate) fn object_of(uri: &str) -> Option<(&str, &str)> {
    let bucket = bucket_of(uri)?;
    let prefix = uri.strip_prefix("s3://").and_then(|rest| rest.split_once('/')).map_or("", |(_, key)| key);
    Some((bucket, prefix))
}

/// As something that runs under a role.
pub(crate) fn of_notebook(notebook: &Notebook, here: &Here<'_>) -> Piece {
    let arn = match notebook.arn.is_empty() {
        true => format!(
            "arn:{}:sagemaker:{}:{}:notebook-instance/{}",
            here.partition(),
            here.name,
            here.account(),
            notebook.name
        ),
        false => notebook.arn.clone(),
    };
    let root = notebook.root_access.shown() == Some(&true);
    let internet = faces_internet(notebook, here);
    let closed = internet == Ok(None) || notebook.root_access.shown() == Some(&false);
    let mut unseen: Vec<Gap> =
        notebook.lifecycle_config.gap().into_iter().chain(notebook.status.gap()).cloned().collect();
    if !closed {
        unseen.extend(internet.as_ref().err().map(|Unseen(gap)| gap.clone()));
        unseen.extend(notebook.root_access.gap().cloned());
    }
    let exposed = internet.ok().flatten();
    Piece {
        kind: "notebook-instance",
        name: notebook.name.clone(),
        arn,
        region: here.name.to_owned(),
        roles: notebook.role.shown().map(|arn| (arn.clone(), "RoleArn".to_owned())).into_iter().collect(),
        doubt: notebook.role.gap().cloned(),
        runs: notebook.status.shown().map(|status| status == "InService"),
        tags: notebook.tags.clone(),
        opens: Some(true),
        script: notebook.lifecycle_config.shown().cloned(),
        exposed: exposed.filter(|_| root).map(|how| format!("{how}, and its users are root")),
        loads: Vec::new(),
        unseen,
    }
}

/// As something that runs under a role.
pub(crate) fn of_profile(profile: &UserProfile, here: &Here<'_>) -> Piece {
    let domain = here.region.domains.iter().find(|domain| domain.id == profile.domain);
    let arn = match profile.arn.is_empty() {
        true => format!(
            "arn:{}:sagemaker:{}:{}:user-profile/{}/{}",
            here.partition(),
            here.name,
            here.account(),
            profile.domain,
            profile.name
        ),
        false => profile.arn.clone(),
    };
    let (role, field, doubt) = match (&profile.role, domain) {
        (Seen::Is(role), _) => (Some(role.clone()), "UserSettings.ExecutionRole", None),
        (Seen::Unseen(gap), _) => (None, "", Some(gap.clone())),
        (Seen::Unset, Some(domain)) => {
            (domain.role.shown().cloned(), "DefaultUserSettings.ExecutionRole", domain.role.gap().cloned())
        }
        (Seen::Unset, None) => {
            let why = unclear(format!("domain {} was not seen", profile.domain)).0;
            (None, "", Some(here.region.domains.missing.clone().unwrap_or(why)))
        }
    };
    Piece {
        kind: "user-profile",
        name: format!("{}/{}", profile.domain, profile.name),
        arn,
        region: here.name.to_owned(),
        roles: role.map(|role| (role, field.to_owned())).into_iter().collect(),
        doubt,
        runs: Some(true),
        tags: profile.tags.clone(),
        opens: domain.and_then(|domain| domain.auth.shown()).map(|auth| auth == "IAM"),
        script: None,
        exposed: None,
        loads: Vec::new(),
        unseen: domain.and_then(|domain| domain.auth.gap()).cloned().into_iter().collect(),
    }
}

/// As something that runs under a role.
pub(crate) fn of_endpoint(endpoint: &Endpoint, here: &Here<'_>) -> Piece {
    let config_gap = endpoint.status.gap().cloned();
    let mut piece = Piece {
        kind: "endpoint",
        name: endpoint.name.clone(),
        arn: endpoint.arn.clone(),
        region: here.name.to_owned(),
        roles: Vec::new(),
        doubt: endpoint.config.gap().cloned(),
        runs: endpoint.status.shown().map(|status| status == "InService"),
        tags: endpoint.tags.clone(),
        opens: Some(false),
        script: None,
        exposed: None,
        loads: Vec::new(),
        unseen: config_gap.into_iter().collect(),
    };
    let config = endpoint.config.shown().map(|name| here.endpoint_config(name));
    let config = match config {
        Some(Ok(Some(config))) => config,
        Some(Err(Unseen(gap))) => {
            piece.doubt = Some(gap);
            return piece;
        }
        _ => return piece,
    };
    piece.doubt = piece.doubt.or(config.variants.gap().cloned());
    piece.unseen.extend([config.role.gap(), config.shadow_variants.gap()].into_iter().flatten().cloned());
    for variant in config.variants.shown().into_iter().chain(config.shadow_variants.shown()).flatten() {
        let Some(name) = &variant.model else { continue };
        match here.model(name) {
            Ok(Some(model)) => {
                // A container without network gets no credentials and cannot carry anything away.
                let isolated = model.network_isolation.shown() == Some(&true);
                if let Some(role) = model.role.shown().filter(|_| !isolated) {
                    piece.roles.push((role.clone(), format!("model {name} ExecutionRoleArn")));
                }
                piece.doubt = piece.doubt.or(model.role.gap().cloned()).or(model.containers.gap().cloned());
                for uri in model.containers.shown().into_iter().flatten().flat_map(|c| &c.data) {
                    if let Some((bucket, key)) = object_of(uri) {
                        piece.loads.push((bucket.to_owned(), key.to_owned()));
                    }
                }
            }
            Ok(None) => {}
            Err(Unseen(gap)) => piece.doubt = piece.doubt.or(Some(gap)),
        }
    }
    if let Some(role) = config.role.shown() {
        piece.roles.push((role.clone(), "ExecutionRoleArn of the endpoint configuration".to_owned()));
    }
    piece.roles.sort();
    piece.roles.dedup();
    piece.loads.sort();
    piece.loads.dedup();
    piece
}

/// As something that runs under a role: that of its owner, or the one of shared spaces of its domain.
fn of_space(space: &Space, here: &Here<'_>) -> Piece {
    let domain = here.region.domains.iter().find(|domain| domain.id == space.domain);
    let (partition, account) = (here.partition(), here.account());
    let arn = match space.arn.is_empty() {
        true => format!("arn:{partition}:sagemaker:{}:{account}:space/{}/{}", here.name, space.domain, space.name),
        false => space.arn.clone(),
    };
    let (roles, doubt) = match (space.sharing.known("SpaceSharingSettings.SharingType").map(String::as_str), domain) {
        (Ok("Shared"), Some(domain)) => {
            let field = "DefaultSpaceSettings.ExecutionRole".to_owned();
            let role = domain.space_role.shown().map(|role| (role.clone(), field));
            (role.into_iter().collect(), domain.space_role.gap().cloned())
        }
        (Ok("Shared"), None) => (Vec::new(), here.region.domains.missing.clone()),
        (Ok(_), _) => match space.owner.known("OwnershipSettings.OwnerUserProfileName") {
            Ok(owner) => {
                let mut profiles = here.region.user_profiles.iter();
                match profiles.find(|profile| profile.domain == space.domain && profile.name == *owner) {
                    Some(profile) => {
                        let of = of_profile(profile, here);
                        (of.roles, of.doubt)
                    }
                    None => (Vec::new(), here.region.user_profiles.missing.clone()),
                }
            }
            Err(Unseen(gap)) => (Vec::new(), Some(gap)),
        },
        (Err(Unseen(gap)), _) => (Vec::new(), Some(gap)),
    };
    Piece {
        kind: "space",
        name: format!("{}/{}", space.domain, space.name),
        arn,
        region: here.name.to_owned(),
        roles,
        doubt,
        runs: Some(true),
        tags: space.tags.clone(),
        opens: match &space.remote_access {
            Seen::Is(access) => Some(*access),
            Seen::Unset => Some(false),
            Seen::Unseen(_) => None,
        },
        script: None,
        exposed: None,
        loads: Vec::new(),
        unseen: space.remote_access.gap().cloned().into_iter().collect(),
    }
}

/// As something that runs under a role.
fn of_pipeline<'h>(here: &'h Here<'_>) -> impl Fn(&Pipeline) -> Piece + use<'h> {
    let region = here.name.to_owned();
    move |pipeline| Piece {
        kind: "pipeline",
        name: pipeline.name.clone(),
        arn: pipeline.arn.clone(),
        region: region.clone(),
        roles: pipeline.role.shown().map(|role| (role.clone(), "RoleArn".to_owned())).into_iter().collect(),
        doubt: pipeline.role.gap().cloned(),
        runs: Some(true),
        tags: pipeline.tags.clone(),
        opens: Some(true),
        script: None,
        exposed: None,
        loads: Vec::new(),
        unseen: Vec::new(),
    }
}

/// As something that runs scripts from S3 under the roles of its groups.
fn of_cluster<'h>(here: &'h Here<'_>) -> impl Fn(&Cluster) -> Piece + use<'h> {
    let region = here.name.to_owned();
    move |cluster| {
        let groups = || cluster.groups.shown().into_iter().flatten();
        let mut roles: Vec<(String, String)> = groups()
            .filter_map(|group| Some((group.role.clone()?, "InstanceGroups.ExecutionRole".to_owned())))
            .collect();
        roles.sort();
        roles.dedup();
        let scripts = groups().filter_map(|group| object_of(group.scripts.as_deref()?));
        Piece {
            kind: "cluster",
            name: cluster.name.clone(),
            arn: cluster.arn.clone(),
            region: region.clone(),
            roles,
            doubt: cluster.groups.gap().cloned(),
            runs: Some(true),
            tags: cluster.tags.clone(),
            opens: Some(false),
            script: None,
            exposed: None,
            loads: scripts.map(|(bucket, prefix)| (bucket.to_owned(), prefix.to_owned())).collect(),
            unseen: Vec::new(),
        }
    }
}

/// How the notebook reaches the internet without anything of the customer's in between, if it does.
pub(crate) fn faces_internet(notebook: &Notebook, here: &Here<'_>) -> Result<Option<&'static str>, Unseen> {
    let direct = notebook.direct_internet.known("DirectInternetAccess").copied();
    if direct == Ok(true) {
        return Ok(Some("it has direct internet access"));
    }
    let gateway = || -> Result<bool, Unseen> {
        let Some(id) = notebook.subnet.get()? else { return Ok(false) };
        match here.subnet(id)? {
            Some(subnet) => Ok(here.egress(subnet)? == Egress::InternetGateway),
            None => Err(unclear(format!("{id} is not among the subnets of the account"))),
        }
    };
    let gateway = gateway();
    if gateway == Ok(true) {
        return Ok(Some("its subnet has a route to an internet gateway"));
    }
    direct?;
    gateway?;
    Ok(None)
}
