//! Guardrails: which preventive controls hold in an account, tried out rather than read.
//!
//! A guardrail is a hostile request that is denied, not a condition key that occurs in a policy. Each is tried against
//! every user and role that may make the request at all, by every layer that was seen; the requester may choose all other
//! parameters, names and tags. [`try_all`] tries them, [`documents`] writes the missing ones as policies.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sagescan_policy::{Choices, Context, Layer, Outcome};
use serde::Serialize;

use crate::draft::{CONTROL_POLICY, Draft, DraftStatement, MANAGED_POLICY, pack};
use crate::engine::{Likeness, Permissions, World};
use crate::snapshot::{Seen, Table, Unseen, workloads};

mod catalogue;

use catalogue::{Concerns, Enforced, Rule, Shape, Target, keys_of, kind_of};
pub use catalogue::{Guardrail, IDS, catalogue};

/// The tables that trying guardrails reads.
pub const READS: &[Table] = workloads![Users, Groups, Roles, Policies, Organization, Vpcs];

/// How a guardrail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Somebody can make a hostile request, and nothing prevents anybody.
    Missing,
    /// It holds for some of those who may make the request.
    HoldsForSome,
    /// It could not be decided.
    Unknown,
    /// No hostile request passes.
    Holds,
    /// Nobody may make the request at all.
    Unused,
}

impl State {
    /// How it reads.
    pub fn word(self) -> &'static str {
        match self {
            State::Missing => "missing",
            State::HoldsForSome => "holds for some",
            State::Unknown => "unknown",
            State::Holds => "holds",
            State::Unused => "nobody may",
        }
    }
}

/// What trying a guardrail came to.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The guardrail.
    pub guardrail: Guardrail,
    /// How it stands.
    pub state: State,
    /// Why it is unknown, or what the answer rests on.
    pub because: Vec<String>,
    /// Those who may make the request and are held, by name.
    pub held: BTreeSet<String>,
    /// Those whose hostile request passes, by name.
    pub open: BTreeSet<String>,
    /// Those for whom it could not be decided, by name.
    pub undecided: BTreeSet<String>,
    /// What passes: action, shape, and for how many.
    pub passing: BTreeMap<(String, &'static str), usize>,
    /// What denies, where it is denied.
    pub denied_by: BTreeSet<&'static str>,
    /// For each rule, in order, the actions for which it does not hold for everybody.
    missing: Vec<BTreeSet<String>>,
}

/// Users or roles that cannot differ in their rights.
struct Group<'w> {
    permissions: Result<&'w Permissions, Unseen>,
    names: BTreeSet<String>,
    studio: bool,
}

/// Tries every guardrail of the list.
pub fn try_all(guardrails: Vec<Guardrail>, world: &World<'_>) -> Vec<Tried> {
    let actions = guardrails.iter().flat_map(|one| &one.rules).flat_map(|rule| rule.actions.iter());
    let actions: BTreeSet<&str> = actions.copied().collect();
    let groups = groups(world, &Vec::from_iter(actions));
    guardrails.into_iter().map(|guardrail| try_one(guardrail, &groups, world)).collect()
}

fn try_one(guardrail: Guardrail, groups: &[Group<'_>], world: &World<'_>) -> Tried {
    let mut tried = Tried {
        state: State::Unknown,
        because: Vec::new(),
        held: BTreeSet::new(),
        open: BTreeSet::new(),
        undecided: BTreeSet::new(),
        passing: BTreeMap::new(),
        denied_by: BTreeSet::new(),
        missing: vec![BTreeSet::new(); guardrail.rules.len()],
        guardrail,
    };
    let mut reasons = BTreeSet::new();
    let everyone = tried.guardrail.concerns == Concerns::Everyone;
    for group in groups.iter().filter(|group| group.studio || everyone) {
        tried.put_to(group, &mut reasons);
    }
    tried.because.extend(reasons.into_iter().take(3));
    tried.conclude(world);
    tried
}

/// What a request comes to for one group.
enum Answer {
    Denied(BTreeSet<&'static str>),
    Open,
    Undecided(String),
}

impl Tried {
    fn put_to(&mut self, group: &Group<'_>, reasons: &mut BTreeSet<String>) {
        let permissions = match &group.permissions {
            Ok(permissions) => *permissions,
            Err(Unseen(gap)) => {
                reasons.insert(gap.to_string());
                self.undecided.extend(group.names.iter().cloned());
                return;
            }
        };
        let (mut concerned, mut open, mut undecided) = (false, false, false);
        for (at, rule) in self.guardrail.rules.iter().enumerate() {
            for action in rule.actions {
                if let Answer::Denied(by) = ask(permissions, rule, action, None) {
                    // Where the action as such is hostile, a deny is the guardrail; lacking permission is none.
                    if rule.good.is_none() && !by.contains(NO_PERMISSION) {
                        concerned = true;
                        self.denied_by.extend(by);
                    }
                    continue;
                }
                concerned = true;
                for shape in &rule.hostile {
                    match ask(permissions, rule, action, Some(shape)) {
                        Answer::Denied(by) => {
                            self.denied_by.extend(by);
                            continue;
                        }
                        Answer::Open => {
                            open = true;
                            *self.passing.entry(((*action).to_owned(), shape.says)).or_default() += group.names.len();
                        }
                        Answer::Undecided(why) => {
                            undecided = true;
                            reasons.insert(why);
                        }
                    }
                    if let Some(missing) = self.missing.get_mut(at) {
                        missing.insert((*action).to_owned());
                    }
                }
            }
        }
        let side = match (concerned, open, undecided) {
            (false, ..) => return,
            (_, true, _) => &mut self.open,
            (_, _, true) => &mut self.undecided,
            _ => &mut self.held,
        };
        side.extend(group.names.iter().cloned());
    }

    fn conclude(&mut self, world: &World<'_>) {
        let account = &world.snapshot.account;
        let unlisted = account.roles.missing.as_ref().or(account.users.missing.as_ref());
        self.state = match (self.open.is_empty(), self.undecided.is_empty(), self.held.is_empty()) {
            (false, _, false) => State::HoldsForSome,
            (false, _, true) => State::Missing,
            (true, false, _) => State::Unknown,
            (true, true, false) => State::Holds,
            (true, true, true) => State::Unused,
        };
        if let Some(gap) = world.organization_gap().filter(|_| !self.open.is_empty()) {
            self.because.insert(0, format!("organization policies were not seen and may prevent it ({gap})"));
            if self.state == State::Missing {
                self.state = State::Unknown;
            }
        }
        if let Some(gap) = unlisted {
            self.because.push(format!("not all users and roles were seen ({gap})"));
            if matches!(self.state, State::Holds | State::Unused) {
                self.state = State::Unknown;
            }
        }
        if self.guardrail.concerns == Concerns::StudioRoles
            && let Some(why) = studio_gap(world)
        {
            self.because.push(why);
            if matches!(self.state, State::Holds | State::Unused) {
                self.state = State::Unknown;
            }
        }
    }

    /// Whether a policy is to be written for it, and why none can be.
    pub fn unwritten(&self) -> Option<&str> {
        self.guardrail.unwritten.as_deref().filter(|_| !matches!(self.state, State::Holds | State::Unused))
    }
}

/// Puts one request to the policies: with a shape, that; without, any that the requester likes.
fn ask(permissions: &Permissions, rule: &Rule, action: &str, shape: Option<&Shape>) -> Answer {
    let mut keys: Vec<String> = keys_of(action).collect();
    keys.extend(FREE.map(str::to_owned));
    let mut context = Context::closed()
        .with_unknown("aws:*")
        .with_unknown("iam:*")
        .with("aws:ViaAWSService", "false")
        .with("aws:SecureTransport", "true")
        .without("aws:CalledVia");
    match shape {
        Some(shape) => {
            keys.retain(|key| !rule.about.contains(&key.as_str()));
            context = rule.about.iter().fold(context, |context, key| context.without(key));
            context = shape.keys.iter().fold(context, |context, (key, value)| context.with(key, value.as_str()));
        }
        None => {
            let more = rule.about.iter().filter(|key| !keys.iter().any(|k| k == *key)).map(|key| (*key).to_owned());
            keys.extend(more.collect::<Vec<_>>());
        }
    }
    let (resource, any_name) = match &rule.target {
        Target::OfAction => (permissions.own_arn("sagemaker", "*", kind_of(action)), true),
        Target::Is(arn) => (arn.clone(), false),
    };
    let decision = permissions.reach(action, &resource, context, &Choices { keys, resource: any_name }).decision;
    let whole = permissions.complete();
    match (decision.outcome, whole) {
        (Outcome::ExplicitDeny, _) => {
            Answer::Denied(decision.denied_by.iter().map(|origin| word_of(origin.layer)).collect())
        }
        (Outcome::ImplicitDeny, Ok(())) => Answer::Denied(BTreeSet::from([NO_PERMISSION])),
        (Outcome::Allow, Ok(())) => Answer::Open,
        (_, Err(Unseen(gap))) => Answer::Undecided(format!("not all policies were seen ({gap})")),
        (Outcome::Conditional, Ok(())) => {
            let on: Vec<&str> = decision.keys.iter().chain(&decision.notes).map(|on| &**on).take(3).collect();
            Answer::Undecided(format!("it hangs on {}", on.join(", ")))
        }
    }
}

const NO_PERMISSION: &str = "a missing permission";

/// Keys that every requester may choose: tags, the region, and who one is in Studio.
const FREE: [&str; 9] = [
    "aws:RequestTag/*",
    "aws:TagKeys",
    "aws:RequestedRegion",
    "aws:ResourceTag/*",
    "sagemaker:ResourceTag/*",
    "iam:ResourceTag/*",
    "iam:AssociatedResourceArn",
    "sagemaker:DomainId",
    "sagemaker:UserProfileName",
];

fn word_of(layer: Layer) -> &'static str {
    match layer {
        Layer::Identity => "a deny in IAM",
        Layer::Boundary => "a permissions boundary",
        Layer::Scp => "a service control policy",
        Layer::Rcp => "a resource control policy",
        Layer::Session | Layer::Resource | Layer::Endpoint | Layer::PublicAccessBlock => "another policy",
    }
}

/// Everyone who may have rights of their own: service-linked roles obey no policy of yours, and the root user obeys those of
/// the organization alone. Who is alike as to these actions is one group.
fn groups<'w>(world: &'w World<'w>, actions: &[&str]) -> Vec<Group<'w>> {
    let account = &world.snapshot.account;
    let studio = studio_roles(world);
    let mut groups: Vec<Group<'w>> = Vec::new();
    let mut places: HashMap<(bool, Result<Likeness, String>), usize> = HashMap::new();
    let mut join = |name: String, studio: bool, permissions: Result<&'w Permissions, Unseen>| {
        let like = permissions.as_ref().map(|permissions| permissions.likeness(actions)).map_err(|_| name.clone());
        let place = *places.entry((studio, like)).or_insert_with(|| {
            groups.push(Group { permissions, names: BTreeSet::new(), studio });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.names.insert(name);
        }
    };
    for role in account.roles.iter().filter(|role| !role.arn.contains(":role/aws-service-role/")) {
        join(format!("role {}", role.name), studio.contains(role.arn.as_str()), world.role_permissions(role));
    }
    for user in account.users.iter() {
        join(format!("user {}", user.name), false, world.user_permissions(user));
    }
    groups
}

/// The roles that people have in Studio.
fn studio_roles<'w>(world: &'w World<'w>) -> BTreeSet<&'w str> {
    let regions = world.snapshot.regions.values();
    regions
        .flat_map(|region| {
            let domains = region.domains.iter().flat_map(|domain| [&domain.role, &domain.space_role]);
            domains.chain(region.user_profiles.iter().map(|profile| &profile.role))
        })
        .filter_map(|role| role.shown().map(String::as_str))
        .collect()
}

fn studio_gap(world: &World<'_>) -> Option<String> {
    let fields = world.snapshot.regions.values().find_map(|region| {
        let domains = region.domains.iter().flat_map(|domain| [&domain.role, &domain.space_role]);
        let roles = domains.chain(region.user_profiles.iter().map(|profile| &profile.role));
        let unseen = roles.filter_map(Seen::gap).next();
        region.domains.missing.as_ref().or(region.user_profiles.missing.as_ref()).or(unseen)
    });
    fields.map(|gap| format!("not all roles of Studio users were seen ({gap})"))
}

/// Where a document is to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As a managed policy for users and roles, or a permissions boundary's denying half.
    Iam,
    /// As a service control policy.
    Scp,
}

/// The policies that enforce what does not hold, in as few documents as AWS takes. Those of `named` are written though they
/// are not for everybody.
pub fn documents(tried: &[Tried], form: Form, named: &[&str]) -> Vec<Draft> {
    let mut statements: Vec<DraftStatement> = Vec::new();
    for one in tried {
        let guardrail = &one.guardrail;
        let wanted = guardrail.common || named.contains(&guardrail.id);
        let fits = guardrail.by == Enforced::Anywhere || form == Form::Iam;
        if !wanted || !fits || guardrail.unwritten.is_some() || matches!(one.state, State::Holds | State::Unused) {
            continue;
        }
        for (rule, missing) in guardrail.rules.iter().zip(&one.missing).filter(|(_, missing)| !missing.is_empty()) {
            statements.push(DraftStatement {
                sid: rule.sid.to_owned(),
                effect: "Deny",
                action: missing.clone(),
                resource: rule.resource.clone(),
                condition: rule.deny.clone(),
            });
        }
    }
    pack(statements, if form == Form::Scp { CONTROL_POLICY } else { MANAGED_POLICY })
}

#[cfg(test)]
mod tests;
