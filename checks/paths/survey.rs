//! What the analysis stands on: everyone who can act, what runs and under which role, what feeds it, what it reads.
//!
//! The questions here are those that both the graph and the `path-*` checks ask: who may hand a role over and use it, who
//! gets into what runs, who reads or writes a bucket. Everything that could not be told comes back as a doubt.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use sagescan_policy::{Context, Document, Element, Principal as Whom, ResourcePolicy};

use super::cast::{Cast, Standing};
use super::rights::{Answer, Ask, Targets};
use super::technique::{HANDOVERS, Handover, Kind, Mask, TAKEOVERS, Takeover};
use crate::engine::{Here, Proof, World, bucket_of, unclear};
use crate::snapshot::{Bucket, Gap, Notebook, Seen, Tag, Unseen, UserProfile};

/// Questions about single targets that one answer may cost; what is left over is counted as cut.
const MOST_ASKED: usize = 64;
/// Evaluations for "who can do this".
const MOST_ASKERS: usize = 4096;

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
}

/// A bucket that training data come from.
pub(crate) struct Store {
    pub(crate) bucket: String,
    /// Beginnings of object names that resources read.
    pub(crate) prefixes: BTreeSet<String>,
    /// Who reads it, for display.
    pub(crate) read_by: String,
}

/// A start script of notebooks.
pub(crate) struct Script {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) region: String,
}

/// Everything the analysis stands on.
pub(crate) struct Survey {
    pub(crate) cast: Cast,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) stores: Vec<Store>,
    pub(crate) scripts: Vec<Script>,
    pub(crate) buckets: HashMap<String, Policy>,
    /// What could not be seen of the stage: what it would have told of, and why.
    pub(crate) gaps: Vec<(String, Gap)>,
    /// Roles that a service may wear and that are, or may be, administrators.
    admins: OnceLock<Roles>,
    /// Roles that a service may wear and that something is to be gained from.
    strong: OnceLock<Roles>,
}

/// Some roles, ready to be found by the patterns that name them.
pub(crate) struct Roles {
    pub(crate) people: Vec<usize>,
    targets: Targets,
}

/// What the policy side of a bucket says.
pub(crate) struct Policy {
    pub(crate) policy: Result<Option<Arc<Document>>, Gap>,
    /// It says different things for different principals of the account.
    personal: bool,
    /// Principals of the account that it names.
    named: Vec<String>,
    pub(crate) versioned: Option<bool>,
    /// The customer managed key that its objects are encrypted with by default, with its policy.
    key: Option<(String, Result<Option<Arc<Document>>, Gap>)>,
}

/// A role that somebody can pass and put to use.
#[derive(Clone)]
pub(crate) struct Handed {
    pub(crate) role: usize,
    pub(crate) way: &'static Handover,
    /// The statement that passes the role.
    pub(crate) pass: Proof,
    /// The statement that puts it to use.
    pub(crate) used: Proof,
    /// The statement of the trust policy.
    pub(crate) trust: Proof,
}

/// What a search for roles, workloads or principals found, and what it had to leave open.
pub(crate) struct Found<T> {
    pub(crate) found: Vec<T>,
    /// Why there may be more.
    pub(crate) doubt: Option<Gap>,
    /// How many questions were left out because there were too many.
    pub(crate) cut: usize,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Found { found: Vec::new(), doubt: None, cut: 0 }
    }
}

impl<T> Found<T> {
    fn doubt(&mut self, gap: &Gap) {
        self.doubt.get_or_insert_with(|| gap.clone());
    }

    /// Nothing found is proof of absence only when nothing was left open.
    pub(crate) fn none(&self) -> Result<(), Unseen> {
        match (&self.doubt, self.cut) {
            (Some(gap), _) => Err(Unseen(gap.clone())),
            (None, 0) => Ok(()),
            (None, cut) => Err(unclear(format!("{cut} combinations were too many to look at"))),
        }
    }
}

/// Somebody who gets into something.
pub(crate) struct Opener {
    pub(crate) person: usize,
    /// How many principals with the same rights do.
    pub(crate) alike: usize,
    pub(crate) way: &'static Takeover,
    pub(crate) proof: Proof,
}

impl Survey {
    /// Looks over a world.
    pub(crate) fn of(world: &World<'_>) -> Survey {
        let mut survey = Survey {
            cast: Cast::of(world),
            pieces: Vec::new(),
            stores: Vec::new(),
            scripts: Vec::new(),
            buckets: HashMap::new(),
            gaps: Vec::new(),
            admins: OnceLock::new(),
            strong: OnceLock::new(),
        };
        let mut stores: BTreeMap<String, Store> = BTreeMap::new();
        for here in world.regions() {
            survey.add_region(&here, &mut stores);
        }
        survey.stores = stores.into_values().collect();
        if let Some(gap) = &world.snapshot.account.buckets.missing {
            survey.gaps.push(("buckets and their policies".to_owned(), gap.clone()));
        }
        for bucket in world.snapshot.account.buckets.iter() {
            survey.buckets.insert(bucket.name.clone(), policy_of(bucket, world, &survey.cast.account));
        }
        survey
    }

    fn add_region(&mut self, here: &Here<'_>, stores: &mut BTreeMap<String, Store>) {
        let region = here.region;
        let listed: [(&str, &Option<Gap>); 8] = [
            ("notebook instances", &region.notebooks.missing),
            ("lifecycle configurations", &region.lifecycle_configs.missing),
            ("domains", &region.domains.missing),
            ("user profiles", &region.user_profiles.missing),
            ("training jobs", &region.training_jobs.missing),
            ("models", &region.models.missing),
            ("endpoint configurations", &region.endpoint_configs.missing),
            ("endpoints", &region.endpoints.missing),
        ];
        for (what, gap) in listed {
            if let Some(gap) = gap {
                self.gaps.push((format!("{what} of {}", here.name), gap.clone()));
            }
        }
        self.pieces.extend(region.notebooks.iter().map(|notebook| of_notebook(notebook, here)));
        self.pieces.extend(region.user_profiles.iter().map(|profile| of_profile(profile, here)));
        for endpoint in region.endpoints.iter() {
            self.pieces.push(of_endpoint(endpoint, here));
        }
        for config in region.lifecycle_configs.iter() {
            let (name, arn) = (config.name.clone(), config.arn.clone());
            self.scripts.push(Script { name, arn, region: here.name.to_owned() });
        }
        let mut feed = |uris: &Seen<Vec<String>>, who: String| {
            for uri in uris.shown().into_iter().flatten() {
                let Some((bucket, prefix)) = object_of(uri) else { continue };
                let store = stores.entry(bucket.to_owned()).or_insert_with(|| Store {
                    bucket: bucket.to_owned(),
                    prefixes: BTreeSet::new(),
                    read_by: who.clone(),
                });
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
        let jobs = region.training_jobs.iter().map(|j| ("training-job", &j.name, &j.arn, &j.status, &j.role, &j.tags));
        let more =
            region.processing_jobs.iter().map(|j| ("processing-job", &j.name, &j.arn, &j.status, &j.role, &j.tags));
        for (kind, name, arn, status, role, tags) in jobs.chain(more) {
            if let Some(runs) = running(status) {
                self.pieces.push(Piece {
                    kind,
                    name: name.clone(),
                    arn: arn.clone(),
                    region: here.name.to_owned(),
                    roles: role.shown().map(|arn| (arn.clone(), "RoleArn".to_owned())).into_iter().collect(),
                    doubt: role.gap().cloned(),
                    runs: Some(runs),
                    tags: tags.clone(),
                    opens: Some(false),
                    script: None,
                    exposed: None,
                    loads: Vec::new(),
                });
            }
        }
    }

    /// The piece of this ARN, or of this kind, region and name.
    pub(crate) fn piece(&self, kind: &str, region: &str, name: &str) -> Option<usize> {
        self.pieces.iter().position(|piece| piece.kind == kind && piece.region == region && piece.name == name)
    }

    /// Roles that some service may wear and that are administrators, or may be.
    pub(crate) fn admins(&self) -> &Roles {
        self.admins.get_or_init(|| self.roles(|person| self.cast.standing(person).0 != Standing::No))
    }

    /// Roles that some service may wear and from which more than their name is to be gained.
    pub(crate) fn strong(&self) -> &Roles {
        let holds = |person: usize| {
            let actions = ["s3:GetObject", "s3:PutObject", "iam:PassRole", "sts:AssumeRole"];
            let group = self.cast.people.get(person).and_then(|p| self.cast.groups.get(p.group));
            self.cast.standing(person).0 != Standing::No
                || group.is_some_and(|group| actions.iter().any(|action| self.cast.may_hold(group, action)))
        };
        self.strong.get_or_init(|| {
            let mut roles = self.roles(holds);
            // Those that give most come first: what is cut then matters least.
            roles.people.sort_by_key(|person| !self.cast.is_admin(*person));
            Roles::new(roles.people, &self.cast)
        })
    }

    fn roles(&self, wanted: impl Fn(usize) -> bool) -> Roles {
        let services: BTreeSet<&str> = HANDOVERS.iter().map(|handover| handover.service).collect();
        let people = (0..self.cast.people.len()).filter(|at| {
            let fits = self.cast.people.get(*at).is_some_and(|p| !p.is_user && !p.service_linked);
            fits && services.iter().any(|service| self.cast.trusts_service(*at, service) != Answer::No) && wanted(*at)
        });
        Roles::new(people.collect(), &self.cast)
    }

    /// The roles among these that a person can pass to a service and put to use, one for each set of rights; it stops
    /// after `enough`. Only what exceeds the person's own rights counts.
    pub(crate) fn handed(&self, person: usize, among: &Roles, enough: usize) -> Found<Handed> {
        let mut out = Found::default();
        let Some(who) = self.cast.people.get(person) else { return out };
        let Some(group) = self.cast.groups.get(who.group) else { return out };
        if among.people.is_empty() || !self.cast.may_hold(group, "iam:PassRole") {
            return out;
        }
        // Whether a policy that was not seen grants more matters only where there is something to gain.
        let documents = self.cast.documents(person, "iam:PassRole");
        let candidates = among.targets.candidates(&documents, "iam:PassRole");
        if group.gap.is_some() {
            group.gap.iter().for_each(|gap| out.doubt(gap));
        }
        if candidates.is_empty() {
            return out;
        }
        let ways = self.cast.ways(person);
        let (mut asked, mut done): (usize, BTreeSet<usize>) = (0, BTreeSet::new());
        for (at, role) in candidates.iter().filter_map(|at| Some((*at, *among.people.get(*at)?))) {
            let Some(target) = self.cast.people.get(role) else { continue };
            if role == person || target.group == who.group || done.contains(&target.group) {
                continue;
            }
            if out.found.len() >= enough {
                break;
            }
            if asked >= MOST_ASKED {
                out.cut += 1;
                continue;
            }
            for (service, (able, way)) in ways.iter() {
                let trusted = self.cast.trusts_service(role, service);
                if trusted == Answer::No || *able == Answer::No {
                    continue;
                }
                asked += 1;
                let pass = self.passes(person, among.targets.arn(at), service, &target.tags);
                match (pass, trusted, able, way) {
                    (Answer::No, ..) => {}
                    (Answer::Yes(pass), Answer::Yes(trust), Answer::Yes(used), Some(way)) => {
                        done.insert(target.group);
                        out.found.push(Handed { role, way, pass, used: used.clone(), trust });
                        break;
                    }
                    (pass, trusted, able, _) => {
                        for answer in [&pass, &trusted, able] {
                            if let Answer::Doubt(gap) = answer {
                                out.doubt(gap);
                            }
                        }
                    }
                }
            }
        }
        out
    }

    /// Whether a person may pass this role to this service.
    pub(crate) fn passes(&self, person: usize, role: &str, service: &str, tags: &Seen<Vec<Tag>>) -> Answer {
        let suffixes: &[&str] = if self.cast.partition == "aws-cn" { &["", ".cn"] } else { &[""] };
        let mut best = Answer::No;
        for suffix in suffixes {
            let mut question = Ask::new("iam:PassRole", role).tagged(tags);
            question.context = Context::open().with("iam:PassedToService", format!("{service}.amazonaws.com{suffix}"));
            best = best.or(|| self.cast.ask(person, &question));
        }
        best
    }

    /// Who gets into a piece, of those that `concerns` picks; it stops after `enough`.
    pub(crate) fn openers(&self, piece: &Piece, enough: usize, concerns: impl Fn(usize) -> bool) -> Found<Opener> {
        let mut out = Found::default();
        for way in TAKEOVERS {
            let (arn, tags): (&str, &Seen<Vec<Tag>>) = match (way.on, piece.kind) {
                (Kind::Notebook, "notebook-instance") => (&piece.arn, &piece.tags),
                (Kind::Profile, "user-profile") if piece.opens != Some(false) => (&piece.arn, &piece.tags),
                _ => continue,
            };
            self.enter(way, arn, tags, piece, enough, &concerns, &mut out);
        }
        out
    }

    /// Who rewrites a start script, of those that `concerns` picks.
    pub(crate) fn writers_of_script(
        &self,
        arn: &str,
        enough: usize,
        concerns: impl Fn(usize) -> bool,
    ) -> Found<Opener> {
        static UNTAGGED: Seen<Vec<Tag>> = Seen::Unset;
        let mut out = Found::default();
        for way in TAKEOVERS.iter().filter(|way| way.on == Kind::LifecycleConfig) {
            let about = way.needs.iter().fold(Mask::default(), |mut mask, (action, _)| {
                mask.join(Mask::of(action));
                mask
            });
            self.who(about, way.needs, enough, &concerns, &mut out, |person| {
                let answers = way.needs.iter().map(|need| self.cast.holds(person, need, Some((arn, &UNTAGGED))));
                answers.reduce(Answer::and).unwrap_or(Answer::No)
            }, |person, alike, proof| Opener { person, alike, way, proof });
        }
        out
    }

    #[allow(clippy::too_many_arguments)]
    fn enter(
        &self,
        way: &'static Takeover,
        arn: &str,
        tags: &Seen<Vec<Tag>>,
        piece: &Piece,
        enough: usize,
        concerns: &impl Fn(usize) -> bool,
        out: &mut Found<Opener>,
    ) {
        let mut about = Mask::default();
        way.needs.iter().chain(&way.wake).for_each(|(action, _)| about.join(Mask::of(action)));
        let asked = |person: usize| {
            let answers = way.needs.iter().map(|need| self.cast.holds(person, need, Some((arn, tags))));
            let all = answers.reduce(Answer::and).unwrap_or(Answer::No);
            match (&way.wake, piece.runs) {
                (Some(_), Some(true)) | (None, _) => all,
                (Some(wake), Some(false)) => all.and(self.cast.holds(person, wake, Some((arn, tags)))),
                (Some(wake), None) if all != Answer::No => {
                    let started = all.clone().and(self.cast.holds(person, wake, Some((arn, tags))));
                    match started {
                        Answer::Yes(_) => started,
                        _ => Answer::Doubt(unclear("it was not seen whether it runs").0),
                    }
                }
                (Some(_), None) => all,
            }
        };
        self.who(about, way.needs, enough, concerns, out, asked, |person, alike, proof| Opener {
            person,
            alike,
            way,
            proof,
        });
    }

    /// Asks everyone who may have these rights, each set of equal rights once.
    #[allow(clippy::too_many_arguments)]
    fn who<T>(
        &self,
        about: Mask,
        needs: &[super::technique::Need],
        enough: usize,
        concerns: &impl Fn(usize) -> bool,
        out: &mut Found<T>,
        asked: impl Fn(usize) -> Answer,
        make: impl Fn(usize, usize, Proof) -> T,
    ) {
        let mut known: HashMap<_, Answer> = HashMap::new();
        for (at, group) in self.cast.groups.iter().enumerate() {
            if out.found.len() >= enough {
                return;
            }
            if !needs.iter().all(|(action, _)| self.cast.may_hold(group, action)) {
                continue;
            }
            let members: Vec<usize> = group.members.iter().copied().filter(|person| concerns(*person)).collect();
            let Some(first) = members.first().copied() else { continue };
            if known.len() >= MOST_ASKERS {
                out.cut += 1;
                continue;
            }
            let answer = known.entry(self.cast.signature(at, about)).or_insert_with(|| asked(first));
            match answer {
                Answer::Yes(proof) => out.found.push(make(first, members.len(), proof.clone())),
                Answer::Doubt(gap) => out.doubt(&gap.clone()),
                Answer::No => {}
            }
        }
    }

    /// Whether a person can do this to some object of a bucket whose name begins so.
    pub(crate) fn touches(&self, person: usize, action: &str, bucket: &str, prefix: &str) -> Answer {
        let arn = format!("arn:{}:s3:::{bucket}/{prefix}*", self.cast.partition);
        let policy = self.buckets.get(bucket);
        let mut question = Ask::new(action, &arn);
        question.owner = Some(&self.cast.account);
        question.tags = None;
        question.policy = match policy.map(|policy| &policy.policy) {
            Some(Ok(Some(document))) => ResourcePolicy::Is(vec![document.clone()]),
            Some(Ok(None)) => ResourcePolicy::None,
            Some(Err(_)) | None => ResourcePolicy::Unknown,
        };
        let mut answer = self.cast.ask(person, &question);
        if let (Answer::Yes(proof), Some(Policy { policy: Err(gap), .. })) = (&mut answer, policy) {
            proof.unread.get_or_insert_with(|| format!("the policy of bucket {bucket}: {gap}"));
        }
        match (action, policy.and_then(|policy| policy.key.as_ref())) {
            ("s3:GetObject", Some((key, document))) if answer != Answer::No => {
                let mut question = Ask::new("kms:Decrypt", key);
                question.tags = None;
                question.policy = match document {
                    Ok(Some(document)) => ResourcePolicy::Is(vec![document.clone()]),
                    _ => ResourcePolicy::LeftOut,
                };
                answer.and(self.cast.ask(person, &question))
            }
            _ => answer,
        }
    }

    /// Who can do this to objects of a bucket whose names begin so.
    pub(crate) fn users_of_bucket(
        &self,
        action: &'static str,
        bucket: &str,
        prefix: &str,
        enough: usize,
        concerns: impl Fn(usize) -> bool,
    ) -> Found<(usize, usize, Proof)> {
        let mut out = Found::default();
        let policy = self.buckets.get(bucket);
        if let Some(Policy { policy: Err(gap), .. }) = policy {
            out.doubt(gap);
        }
        if policy.is_none() {
            out.doubt(&unclear(format!("bucket {bucket} was not looked at")).0);
        }
        let by_name: Vec<usize> =
            policy.iter().flat_map(|p| &p.named).filter_map(|arn| self.cast.person(arn)).collect();
        for person in by_name.iter().copied().filter(|person| concerns(*person)) {
            match self.touches(person, action, bucket, prefix) {
                Answer::Yes(proof) => out.found.push((person, 1, proof)),
                Answer::Doubt(gap) => out.doubt(&gap),
                Answer::No => {}
            }
        }
        let others = |person: usize| concerns(person) && !by_name.contains(&person);
        if policy.is_some_and(|policy| policy.personal) {
            // The answer may differ from one to the next even where rights are equal.
            let mut asked = 0;
            for person in self.cast.groups.iter().filter(|g| self.cast.may_hold(g, action)).flat_map(|g| &g.members) {
                if out.found.len() >= enough {
                    break;
                }
                if !others(*person) {
                    continue;
                }
                asked += 1;
                if asked > MOST_ASKERS {
                    out.cut += 1;
                    continue;
                }
                match self.touches(*person, action, bucket, prefix) {
                    Answer::Yes(proof) => out.found.push((*person, 1, proof)),
                    Answer::Doubt(gap) => out.doubt(&gap),
                    Answer::No => {}
                }
            }
            return out;
        }
        let mut about = Mask::of(action);
        if action == "s3:GetObject" {
            about.join(Mask::of("kms:Decrypt"));
        }
        let asked = |person: usize| self.touches(person, action, bucket, prefix);
        self.who(about, &[(action, "@")], enough, &others, &mut out, asked, |person, alike, proof| {
            (person, alike, proof)
        });
        out
    }

    /// Whether a caller from outside the account, granted everything by its own policies, can do this to objects of a
    /// bucket. `restricted` tells whether public policies are ignored for outsiders.
    pub(crate) fn outsider_touches(&self, caller: &str, action: &str, bucket: &str, prefix: &str, restricted: bool) -> Answer {
        use sagescan_policy::{Choices, Guardrails, Outcome, Policies, Request, Setting, reach};
        let document = match self.buckets.get(bucket).map(|policy| &policy.policy) {
            Some(Ok(Some(document))) => document.clone(),
            Some(Ok(None)) => return Answer::No,
            Some(Err(gap)) => return Answer::Doubt(gap.clone()),
            None => return Answer::Doubt(unclear(format!("bucket {bucket} was not looked at")).0),
        };
        let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let policies = Policies {
            identity: vec![Arc::new(Document::parse_or_doubt("anything", all))],
            resource: ResourcePolicy::Is(vec![document.clone()]),
            scps: Guardrails::None,
            setting: Setting { restrict_public_buckets: restricted, ..Setting::default() },
            ..Policies::default()
        };
        let arn = format!("arn:{}:s3:::{bucket}/{prefix}*", self.cast.partition);
        let request = Request::new(caller, action, &arn)
            .owned_by(&self.cast.account)
            .within(Context::open().with("aws:SecureTransport", "true"))
            .with_known_keys();
        let decision = reach(&request, &Choices { keys: vec!["s3:x-amz-*".to_owned()], resource: true }, &policies).decision;
        if decision.is_denied() {
            return Answer::No;
        }
        let note = decision.notes.first().map(ToString::to_string);
        let origin = decision.allowed_by.iter().find(|o| o.layer == sagescan_policy::Layer::Resource);
        match origin {
            Some(_) if decision.outcome == Outcome::Conditional && decision.keys.is_empty() => {
                Answer::Doubt(unclear(note.unwrap_or_default()).0)
            }
            Some(origin) => Answer::Yes(Proof {
                policy: format!("the policy of bucket {bucket}").into(),
                statement: origin.statement + 1,
                sid: origin.sid.clone(),
                keys: decision.keys,
                unread: note,
            }),
            None => Answer::No,
        }
    }
}

impl Roles {
    fn new(people: Vec<usize>, cast: &Cast) -> Roles {
        let arns = people.iter().map(|at| cast.people.get(*at).map_or(String::new(), |p| p.arn.clone())).collect();
        Roles { people, targets: Targets::new(arns) }
    }
}

/// Bucket and beginning of the object name of an S3 URI.
pub(crate) fn object_of(uri: &str) -> Option<(&str, &str)> {
    let bucket = bucket_of(uri)?;
    let prefix = uri.strip_prefix("s3://").and_then(|rest| rest.split_once('/')).map_or("", |(_, key)| key);
    Some((bucket, prefix))
}

fn policy_of(bucket: &Bucket, world: &World<'_>, account: &str) -> Policy {
    let parsed = |name: String, text: &Seen<String>| match text {
        Seen::Is(text) => Ok(Some(Arc::new(Document::parse_or_doubt(&name, text)))),
        Seen::Unset => Ok(None),
        Seen::Unseen(gap) => Err(gap.clone()),
    };
    let policy = parsed(format!("the policy of bucket {}", bucket.name), &bucket.policy);
    let (mut personal, mut named) = (false, Vec::new());
    for statement in policy.iter().flatten().flat_map(|document| document.statements()) {
        personal |= matches!(statement.principals, Element::AllBut(_));
        personal |= statement.conditions.iter().any(|condition| condition.key().folded().starts_with("aws:principal"));
        for whom in statement.principals.only() {
            if let Whom::Identity(identity) = whom
                && identity.account() == account
                && named.len() < 256
            {
                named.push(identity.arn().to_owned());
            }
        }
    }
    let region = bucket.region.shown().and_then(|name| world.region(name));
    let reference = bucket.encryption.shown().and_then(|encryption| encryption.key.as_deref());
    let key = reference.and_then(|reference| {
        let key = region.and_then(|here| here.key(reference).ok())?;
        (key.manager.shown().is_some_and(|m| m == "CUSTOMER") && key.arn.starts_with("arn:"))
            .then(|| (key.arn.clone(), parsed(format!("the policy of key {}", key.arn), &key.policy)))
    });
    Policy {
        policy,
        personal,
        named,
        versioned: match &bucket.versioning {
            Seen::Is(status) => Some(status == "Enabled"),
            Seen::Unset => Some(false),
            Seen::Unseen(_) => None,
        },
        key,
    }
}

fn of_notebook(notebook: &Notebook, here: &Here<'_>) -> Piece {
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
    let direct = notebook.direct_internet.shown() == Some(&true);
    let public = notebook
        .subnet
        .shown()
        .and_then(|id| here.subnet(id).ok().flatten())
        .is_some_and(|subnet| here.egress(subnet) == Ok(crate::engine::Egress::InternetGateway));
    let root = notebook.root_access.shown() == Some(&true);
    let exposed = match (direct, public) {
        (true, _) => Some("DirectInternetAccess is Enabled"),
        (false, true) => Some("its subnet has a route to an internet gateway"),
        _ => None,
    };
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
        exposed: exposed.filter(|_| root).map(|how| format!("{how}, RootAccess is Enabled")),
        loads: Vec::new(),
    }
}

fn of_profile(profile: &UserProfile, here: &Here<'_>) -> Piece {
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
    }
}

fn of_endpoint(endpoint: &crate::snapshot::Endpoint, here: &Here<'_>) -> Piece {
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
