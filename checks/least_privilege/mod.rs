//! Least privilege for one execution role: what it can do, what its workloads need, and a policy that gives no more.
//!
//! [`study`] looks at a role and returns a [`Study`]; nothing here judges or prints. The proposal is a proposal: it can only
//! know what the snapshot shows, and says what it could not see.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use sagescan_policy::{
    Context, Decision, Document, Effect, Element, Policies, Principal, Request, ResourcePolicy, decide,
};
use serde::Serialize;

use crate::draft::{Conditions, Draft, DraftStatement, MANAGED_POLICY, Resources, condition, literal, pack};
use crate::engine::{Permissions, Proof, STRANGER, World};
use crate::snapshot::{Role, ServiceUse, Table, Unseen, workloads};

mod needs;
mod probes;

pub use needs::{Because, Need, Needs, Object, Purpose, needs_of};
pub use probes::Surplus;

/// The tables that a study reads: everything that runs as a role, and what it names.
pub const READS: &[Table] = workloads![Roles, Policies, Organization, Buckets, Keys, ServicesUsed];

/// What a study of a role came to.
#[derive(Debug)]
pub struct Study {
    /// What its workloads need.
    pub needs: Needs,
    /// For each need, in the same order, whether the role has the right today.
    pub granted: Vec<Granted>,
    /// What it may do beyond.
    pub surplus: Vec<Surplus>,
    /// The services that its policies name, that it used, or that its workloads need.
    pub services: BTreeMap<String, Service>,
    /// A policy for the needs alone; several documents where one would be too long. None where nothing needs the role.
    pub proposal: Vec<Draft>,
    /// Why the proposal may give too little.
    pub doubts: Vec<String>,
    /// What the answers about today's rights rest on.
    pub assumptions: Vec<String>,
}

/// Whether a role has a right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Granted {
    /// It has.
    Yes,
    /// If these condition keys allow it.
    Under(Vec<String>),
    /// It lacks these actions: the workload does without, or fails, or a resource policy gives the right.
    Lacks(Vec<&'static str>),
    /// It could not be decided.
    Unknown(String),
}

/// How a service stands to a role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Service {
    /// Whether a workload needs it.
    pub needed: bool,
    /// When the role last used it.
    #[serde(flatten)]
    pub used: Used,
}

/// What IAM remembers of a service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "use", content = "last_used")]
pub enum Used {
    /// At this time.
    At(Timestamp),
    /// Not within the 400 days that IAM remembers.
    Never,
    /// The role had no right in it, or nobody asked.
    #[default]
    Unknown,
}

/// Looks at one role of the snapshot.
///
/// # Errors
/// When the role is none whose rights can be told, because its ARN is not that of a role.
pub fn study(role: &Role, world: &World<'_>) -> Result<Study, Unseen> {
    let permissions = world.role_permissions(role)?;
    let needs = needs_of(&role.arn, world);
    let proposal = propose(&needs.all);
    let rights = Rights::of(&proposal, &role.arn);
    let needed = |action: &str, resource: &str, context| !rights.decide(action, resource, context).is_denied();
    let probed = probes::probe_all(permissions, needed);
    let mut assumptions: Vec<String> = probed.blind.into_iter().collect();
    if let Err(Unseen(gap)) = permissions.complete() {
        assumptions
            .push(format!("policies of the role were not all seen, so it may have more or fewer rights ({gap})"));
    }
    if let Some(gap) = world.organization_gap() {
        assumptions.push(format!("organization policies were not seen and may take rights away ({gap})"));
    }
    // Of a role that nothing names nobody asked, and nobody needs to know.
    let used = if needs.workloads.is_empty() && needs.looked { Ok(&[][..]) } else { world.services_used(&role.arn) };
    Ok(Study {
        granted: needs.all.iter().map(|need| granted(permissions, need)).collect(),
        surplus: probed.surplus,
        services: services(used.as_ref().map_or(&[], |used| *used), permissions, &needs.all),
        doubts: doubts(role, used, &needs),
        assumptions,
        proposal,
        needs,
    })
}

impl Study {
    /// The needs that a statement of the proposal is for: its evidence.
    pub fn evidence(&self, statement: &DraftStatement) -> Vec<&Need> {
        let Resources::These(patterns) = &statement.resource else { return Vec::new() };
        let is_for = |need: &&Need| {
            let actions = need.purpose.actions();
            actions.iter().any(|action| statement.action.contains(*action)) && patterns.contains(&need.object.pattern())
        };
        self.needs.all.iter().filter(is_for).collect()
    }
}

/// The request keys that a need comes with.
fn context_of(object: &Object, purpose: Purpose, base: Context) -> Context {
    match (purpose, &object.prefix) {
        (Purpose::ListData, Some(prefix)) => base.with("s3:prefix", prefix.as_str()),
        (Purpose::PublishMetrics, _) => base.with("cloudwatch:namespace", "/aws/sagemaker/TrainingJobs"),
        (Purpose::EncryptVolumes, _) => base.with("kms:GrantIsForAWSResource", "true"),
        _ => base,
    }
}

fn granted(permissions: &Permissions, need: &Need) -> Granted {
    let (mut keys, mut lacking) = (BTreeSet::new(), Vec::new());
    for action in need.purpose.actions() {
        let context = context_of(&need.object, need.purpose, Context::open());
        match permissions.may(action, &question(need), context) {
            Ok(Some(Proof { keys: on, .. })) => keys.extend(on.iter().map(ToString::to_string)),
            Ok(None) => lacking.push(*action),
            Err(Unseen(gap)) => return Granted::Unknown(gap.to_string()),
        }
    }
    match (lacking.is_empty(), keys.is_empty()) {
        (false, _) => Granted::Lacks(lacking),
        (true, true) => Granted::Yes,
        (true, false) => Granted::Under(keys.into_iter().collect()),
    }
}

/// What the role is asked for: everything that the need covers; of logs one stream, for policies name groups and streams in
/// more than one way.
fn question(need: &Need) -> String {
    let name = &need.object.name;
    match need.purpose {
        Purpose::WriteLogs if name.ends_with('/') => format!("{name}{STRANGER}:log-stream:{STRANGER}"),
        Purpose::WriteLogs => format!("{name}:log-stream:{STRANGER}"),
        _ => need.object.question(),
    }
}

/// A proposal as something to be asked.
struct Rights {
    arn: String,
    policies: Policies,
}

impl Rights {
    fn of(proposal: &[Draft], arn: &str) -> Rights {
        let identity =
            proposal.iter().map(|draft| Arc::new(Document::parse_or_doubt("proposal", &draft.compact()))).collect();
        let policies = Policies { identity, resource: ResourcePolicy::LeftOut, ..Policies::default() };
        Rights { arn: arn.to_owned(), policies }
    }

    fn decide(&self, action: &str, resource: &str, context: Context) -> Decision {
        decide(&Request::new(&self.arn, action, resource).within(context).with_known_keys(), &self.policies)
    }
}

/// The least policy for the needs, in documents that IAM takes.
pub fn propose(needs: &[Need]) -> Vec<Draft> {
    let mut by_purpose: BTreeMap<Purpose, Vec<&Object>> = BTreeMap::new();
    for need in needs {
        by_purpose.entry(need.purpose).or_default().push(&need.object);
    }
    let mut statements = Vec::new();
    for (purpose, objects) in by_purpose {
        match purpose {
            Purpose::ListData => statements.extend(lists(&objects)),
            Purpose::EncryptVolumes => {
                let for_aws = condition("Bool", "kms:GrantIsForAWSResource", ["true"]);
                statements.push(statement("EncryptVolumes", ["kms:CreateGrant"], resources(&objects), for_aws));
                let plain = Conditions::new();
                statements.push(statement("DescribeVolumeKeys", ["kms:DescribeKey"], resources(&objects), plain));
            }
            Purpose::PublishMetrics => {
                let own = condition("StringLike", "cloudwatch:namespace", ["/aws/sagemaker/*"]);
                statements.push(statement(sid(purpose), purpose.actions().iter().copied(), resources(&objects), own));
            }
            _ => {
                let plain = Conditions::new();
                statements.push(statement(sid(purpose), purpose.actions().iter().copied(), resources(&objects), plain));
            }
        }
    }
    pack(statements, MANAGED_POLICY)
}

fn sid(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::ListData => "ListData",
        Purpose::ReadData => "ReadData",
        Purpose::WriteData => "WriteData",
        Purpose::LogInToRegistry => "LogInToRegistry",
        Purpose::PullImages => "PullImages",
        Purpose::WriteLogs => "WriteLogs",
        Purpose::PublishMetrics => "PublishMetrics",
        Purpose::JoinNetwork => "JoinNetwork",
        Purpose::EncryptVolumes => "EncryptVolumes",
        Purpose::DecryptData => "DecryptData",
        Purpose::EncryptData => "EncryptData",
    }
}

/// Buckets that are listed from the same beginnings share a statement.
fn lists(objects: &[&Object]) -> Vec<DraftStatement> {
    let mut by_bucket: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for object in objects {
        let prefix = object.prefix.as_deref().unwrap_or_default();
        by_bucket.entry(object.pattern()).or_default().insert(prefix.to_owned());
    }
    let mut alike: BTreeMap<BTreeSet<String>, BTreeSet<String>> = BTreeMap::new();
    for (bucket, prefixes) in by_bucket {
        let whole = prefixes.contains("");
        alike.entry(if whole { BTreeSet::new() } else { prefixes }).or_default().insert(bucket);
    }
    let several = alike.len() > 1;
    let name = |at: usize| if several { format!("ListData{}", at + 1) } else { "ListData".to_owned() };
    alike
        .into_iter()
        .enumerate()
        .map(|(at, (prefixes, buckets))| {
            let patterns = prefixes.iter().map(|prefix| format!("{}*", literal(prefix)));
            let limit = match prefixes.is_empty() {
                true => Conditions::new(),
                false => condition("StringLike", "s3:prefix", patterns),
            };
            statement(&name(at), ["s3:ListBucket"], Resources::These(buckets), limit)
        })
        .collect()
}

fn resources(objects: &[&Object]) -> Resources {
    Resources::These(objects.iter().map(|object| object.pattern()).collect())
}

fn statement<'a>(
    sid: &str,
    actions: impl IntoIterator<Item = &'a str>,
    resource: Resources,
    condition: Conditions,
) -> DraftStatement {
    let action = actions.into_iter().map(str::to_owned).collect();
    DraftStatement { sid: sid.to_owned(), effect: "Allow", action, resource, condition }
}

fn services(used: &[ServiceUse], permissions: &Permissions, needs: &[Need]) -> BTreeMap<String, Service> {
    let mut all: BTreeMap<String, Service> = BTreeMap::new();
    let named = permissions.allows().filter(|s| s.effect == Effect::Allow).flat_map(|s| s.actions.only());
    for pattern in named.filter(|p| !p.service().is_empty() && !p.service().contains(['*', '?'])) {
        all.entry(pattern.service().to_ascii_lowercase()).or_default();
    }
    for action in needs.iter().flat_map(|need| need.purpose.actions()) {
        let service = action.split(':').next().unwrap_or_default();
        all.entry(service.to_owned()).or_default().needed = true;
    }
    for used in used {
        match used.last_used {
            Some(at) => all.entry(used.service.clone()).or_default().used = Used::At(at),
            // IAM lists every service that the role may use; only those that somebody named are worth a word.
            None => {
                if let Some(service) = all.get_mut(&used.service) {
                    service.used = Used::Never;
                }
            }
        }
    }
    all
}

/// Workloads whose users decide what they call.
const BY_HAND: [&str; 3] = ["notebook-instance", "domain", "user-profile"];

fn doubts(role: &Role, used: Result<&[ServiceUse], Unseen>, needs: &Needs) -> Vec<String> {
    let mut doubts: Vec<String> = needs.blind.iter().cloned().collect();
    if needs.workloads.keys().any(|kind| BY_HAND.contains(&&**kind)) {
        doubts.push(
            "people work as this role in notebooks or Studio; what they call by hand, and the roles they pass, is not in \
             the snapshot"
                .into(),
        );
    }
    if !needs.workloads.is_empty() {
        doubts.push(
            "checkpoints, file systems, debugger output, and calls that the code of jobs and models makes itself are not \
             in the snapshot"
                .into(),
        );
    }
    doubts.extend(
        trusted(role).into_iter().map(|who| format!("{who} may use the role as well, for work that was not seen")),
    );
    match used {
        Ok(used) => {
            let explained: BTreeSet<&str> = needs
                .all
                .iter()
                .flat_map(|need| need.purpose.actions())
                .filter_map(|action| action.split(':').next())
                .collect();
            for used in used.iter().filter(|used| !explained.contains(used.service.as_str())) {
                if let Some(at) = used.last_used {
                    let day = at.strftime("%Y-%m-%d");
                    doubts.push(format!("it used {} on {day}, which no workload explains", used.service));
                }
            }
        }
        Err(Unseen(gap)) => doubts.push(format!("which services it really used was not seen ({gap})")),
    }
    doubts
}

/// Whoever may assume the role, SageMaker apart.
fn trusted(role: &Role) -> BTreeSet<String> {
    let Some(document) = role.trust.shown().and_then(|text| Document::parse("trust policy", text).ok()) else {
        return BTreeSet::from(["somebody in the trust policy, which could not be read,".into()]);
    };
    let allowing = document.statements().iter().filter(|statement| statement.effect != Effect::Deny);
    allowing
        .flat_map(|statement| match &statement.principals {
            Element::Only(listed) => listed.iter().filter_map(name_of).collect(),
            Element::AllBut(_) | Element::Unstated => vec!["anybody".to_owned()],
        })
        .collect()
}

fn name_of(principal: &Principal) -> Option<String> {
    Some(match principal {
        Principal::Service(name) if name.starts_with("sagemaker.amazonaws.com") => return None,
        Principal::Service(name) if name.starts_with("job.sagemaker.amazonaws.com") => return None,
        // What is left of somebody deleted assumes nothing.
        Principal::Deleted(_) => return None,
        Principal::Everyone => "anybody".to_owned(),
        Principal::Account(id) => format!("account {id}"),
        Principal::Identity(identity) => identity.arn().to_owned(),
        Principal::Service(name)
        | Principal::Federated(name)
        | Principal::Canonical(name)
        | Principal::Unusable(name) => name.to_string(),
    })
}

#[cfg(test)]
mod tests;
