//! Questions about who can act on what: the ones that the graph and the `path-*` checks share.
//!
//! Who may hand a role over and use it, who gets into what runs, who reads or writes a bucket. Everything that could not be
//! told comes back as a doubt.

mod locks;
mod things;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use sagescan_policy::{Context, Document, ResourcePolicy, Statement};

use super::cast::{Cast, Signature, Standing, may_speak_of};
use super::rights::{Answer, Ask, Targets};
use super::stage::Piece;
use super::technique::{HANDOVERS, Handover, Kind, Mask, Need, TAKEOVERS, Takeover};
use crate::engine::{Proof, STRANGER, World, unclear};
use crate::snapshot::{Bucket, Gap, Seen, Tag, Unseen};

use locks::Lock;
pub(crate) use things::{Guarded, abroad};

/// Questions about single targets that one answer may cost; what is left over is counted as cut.
const MOST_ASKED: usize = 64;
/// Evaluations for "who can do this".
const MOST_ASKERS: usize = 4096;

/// Everything the analysis stands on.
pub(crate) struct Survey {
    pub(crate) cast: Cast,
    pub(crate) buckets: HashMap<String, Policy>,
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

/// A policy: read, none, or not seen.
type Text = Result<Option<Arc<Document>>, Gap>;

/// What the policy side of a bucket says.
pub(crate) struct Policy {
    pub(crate) policy: Text,
    /// It says different things for different principals of the account.
    personal: bool,
    /// Principals of the account that it names.
    named: Vec<String>,
    pub(crate) versioned: Option<bool>,
    /// The customer managed key that its objects are encrypted with by default.
    key: Option<Lock>,
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
        let account = &world.snapshot.account;
        let buckets = account.buckets.iter();
        let owner = &world.snapshot.scan.account;
        Survey {
            cast: Cast::of(world),
            buckets: buckets.map(|bucket| (bucket.name.clone(), policy_of(bucket, world, owner))).collect(),
            admins: OnceLock::new(),
            strong: OnceLock::new(),
        }
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
        let roles = candidates.iter().enumerate().filter_map(|(place, at)| Some((place, *at, *among.people.get(*at)?)));
        for (place, at, role) in roles {
            let Some(target) = self.cast.people.get(role) else { continue };
            if role == person || target.group == who.group || done.contains(&target.group) {
                continue;
            }
            if out.found.len() >= enough || asked >= MOST_ASKED {
                out.cut += candidates.len() - place;
                break;
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

    /// Who gets into a piece by one of these ways, of those that `concerns` picks; it stops after `enough`.
    pub(crate) fn openers(
        &self,
        piece: &Piece,
        ways: &[&str],
        enough: usize,
        concerns: impl Fn(usize) -> bool,
    ) -> Found<Opener> {
        let mut out = Found::default();
        for way in TAKEOVERS.iter().filter(|way| ways.contains(&way.id)) {
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
            self.who(
                about,
                way.needs,
                enough,
                &concerns,
                &mut out,
                |person| {
                    let answers = way.needs.iter().map(|need| self.cast.holds(person, need, Some((arn, &UNTAGGED))));
                    answers.reduce(Answer::and).unwrap_or(Answer::No)
                },
                |person, alike, proof| Opener { person, alike, way, proof },
            );
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

    /// Who can do this to one thing, of those that `concerns` picks: somebody, how many have the same rights, and the proof.
    /// The action must be one of those that the analysis asks about.
    pub(crate) fn holders(
        &self,
        action: &'static str,
        arn: &str,
        tags: &Seen<Vec<Tag>>,
        enough: usize,
        concerns: impl Fn(usize) -> bool,
    ) -> Found<(usize, usize, Proof)> {
        self.holders_of(&[(action, "@")], arn, tags, enough, concerns)
    }

    /// The same for all of several rights.
    pub(crate) fn holders_of(
        &self,
        needs: &[Need],
        arn: &str,
        tags: &Seen<Vec<Tag>>,
        enough: usize,
        concerns: impl Fn(usize) -> bool,
    ) -> Found<(usize, usize, Proof)> {
        let mut out = Found::default();
        let asked = |person: usize| {
            let answers = needs.iter().map(|need| self.cast.holds(person, need, Some((arn, tags))));
            answers.reduce(Answer::and).unwrap_or(Answer::No)
        };
        self.who(about(needs), needs, enough, &concerns, &mut out, asked, |person, alike, proof| {
            (person, alike, proof)
        });
        out
    }

    /// Who can do this to the customer managed key that the objects of a bucket are encrypted with; nobody where there is none.
    pub(crate) fn holders_of_key(
        &self,
        need: Need,
        bucket: &str,
        enough: usize,
        concerns: impl Fn(usize) -> bool,
    ) -> Found<(usize, usize, Proof)> {
        let Some(lock) = self.buckets.get(bucket).and_then(|policy| policy.key.as_ref()) else {
            return Found::default();
        };
        match &lock.text {
            Ok(document) => self.holders_under(need, &lock.arn, document.as_ref(), enough, concerns),
            Err(gap) => {
                let mut out = Found::default();
                out.doubt(gap);
                out
            }
        }
    }

    /// The same for a key and its policy.
    pub(crate) fn holders_under(
        &self,
        need: Need,
        key: &str,
        document: Option<&Arc<Document>>,
        enough: usize,
        concerns: impl Fn(usize) -> bool,
    ) -> Found<(usize, usize, Proof)> {
        let mut out = Found::default();
        let asked = |person: usize| {
            let mut question = Ask::new(need.0, key);
            question.tags = None;
            // The caller asks for the grant itself, not AWS on its behalf.
            question.context = Context::open()
                .with("kms:GrantIsForAWSResource", "false")
                .with("kms:CallerAccount", self.cast.account.as_str())
                .without("kms:ViaService");
            question.policy =
                document.map_or(ResourcePolicy::LeftOut, |document| ResourcePolicy::Is(vec![document.clone()]));
            self.cast.ask(person, &question)
        };
        self.who(about(&[need]), &[need], enough, &concerns, &mut out, asked, |person, alike, proof| {
            (person, alike, proof)
        });
        out
    }

    /// The customer managed key that the objects of a bucket are encrypted with.
    pub(crate) fn key_of(&self, bucket: &str) -> Option<&str> {
        self.buckets.get(bucket)?.key.as_ref().map(|lock| lock.arn.as_str())
    }

    /// Whether a role writes objects to a bucket that no policy names.
    pub(crate) fn writes_anywhere(&self, role: usize) -> Answer {
        let anything = format!("arn:{}:s3:::{STRANGER}/{STRANGER}", self.cast.partition);
        self.cast.ask(role, &Ask::new("s3:PutObject", &anything))
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
        self.who_over(None, about, needs, enough, concerns, out, asked, make);
    }

    /// The same where all questions are about these things: rights that differ elsewhere only are equal.
    #[allow(clippy::too_many_arguments)]
    fn who_over<T>(
        &self,
        things: Option<&[&str]>,
        about: Mask,
        needs: &[super::technique::Need],
        enough: usize,
        concerns: &impl Fn(usize) -> bool,
        out: &mut Found<T>,
        asked: impl Fn(usize) -> Answer,
        make: impl Fn(usize, usize, Proof) -> T,
    ) {
        let mut known: HashMap<Signature, Answer> = HashMap::new();
        let asked = |group: usize, person: usize, known: &mut HashMap<Signature, Answer>| match things {
            None => asked(person),
            Some(things) => {
                let speaks = |statement: &Statement| things.iter().any(|arn| may_speak_of(statement, arn));
                let signature = self.cast.signature_over(group, about, speaks);
                known.entry(signature).or_insert_with(|| asked(person)).clone()
            }
        };
        let needed: Vec<Mask> = needs.iter().map(|(action, _)| Mask::of(action)).collect();
        let mut asked_already = 0;
        for class in self.cast.classes(about).all() {
            let groups = || class.iter().filter_map(|at| self.cast.groups.get(*at));
            let holds = |group: &super::cast::Group| {
                group.gap.is_some() || needed.iter().all(|action| group.allows.meets(*action))
            };
            if !groups().next().is_some_and(holds) {
                continue;
            }
            let mut members = groups().flat_map(|group| &group.members).copied().filter(|person| concerns(*person));
            let (Some(first), Some(group)) = (members.next(), class.first()) else { continue };
            if out.found.len() >= enough || asked_already >= MOST_ASKERS {
                out.cut += 1;
                continue;
            }
            asked_already += 1;
            match asked(*group, first, &mut known) {
                Answer::Yes(proof) => out.found.push(make(first, 1 + members.count(), proof)),
                Answer::Doubt(gap) => out.doubt(&gap),
                Answer::No => {}
            }
        }
    }

    /// The objects of a bucket whose names begin so, as one ARN.
    fn objects(&self, bucket: &str, prefix: &str) -> String {
        // A compressed artifact is one object; anything else may be the beginning of many names.
        let more = if prefix.ends_with(".tar.gz") { "" } else { "*" };
        format!("arn:{}:s3:::{bucket}/{prefix}{more}", self.cast.partition)
    }

    /// Whether a person can do this to some object of a bucket whose name begins so.
    pub(crate) fn touches(&self, person: usize, action: &str, bucket: &str, prefix: &str) -> Answer {
        let arn = self.objects(bucket, prefix);
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
            ("s3:GetObject", Some(lock)) if answer != Answer::No => {
                answer.and(self.decrypts(person, lock, Context::open()))
            }
            _ => answer,
        }
    }

    /// Why a person is dangerous to be impersonated: an administrator, or a reader of every bucket.
    pub(crate) fn power(&self, person: usize) -> Result<Option<(&'static str, Proof)>, Unseen> {
        let doubt = match self.cast.standing(person) {
            (Standing::Admin(proof), _) if self.cast.is_outright_admin(person) => {
                return Ok(Some(("is administrator of the account", proof.clone())));
            }
            (Standing::Admin(proof), _) => {
                return Ok(Some(("can make itself administrator of the account", proof.clone())));
            }
            (Standing::Doubt(gap), _) => Some(gap.clone()),
            (Standing::No, _) => None,
        };
        let anything = format!("arn:{}:s3:::{STRANGER}/{STRANGER}", self.cast.partition);
        match self.cast.ask(person, &Ask::new("s3:GetObject", &anything)) {
            Answer::Yes(proof) => Ok(Some(("reads every bucket", proof))),
            Answer::Doubt(gap) => Err(Unseen(gap)),
            Answer::No => doubt.map_or(Ok(None), |gap| Err(Unseen(gap))),
        }
    }

    /// What there is to gain from a person's credentials beyond being able to look around: power, or a right to data or roles.
    pub(crate) fn gain(&self, person: usize) -> Result<Option<(&'static str, Proof)>, Unseen> {
        let power = self.power(person);
        if let Ok(Some(_)) = power {
            return power;
        }
        let things = [
            ("s3:GetObject", format!("arn:{}:s3:::*", self.cast.partition), "reads data in S3"),
            ("s3:PutObject", format!("arn:{}:s3:::*", self.cast.partition), "writes data in S3"),
            ("iam:PassRole", self.cast.own_arn("iam", "", "role/*"), "may hand roles to services"),
            ("sts:AssumeRole", format!("arn:{}:iam::*:role/*", self.cast.partition), "may assume roles"),
        ];
        let mut doubt = power.err();
        for (action, arn, words) in things {
            let mut question = Ask::new(action, &arn);
            question.tags = None;
            question.owner = Some(&self.cast.account);
            match self.cast.ask(person, &question) {
                Answer::Yes(proof) => return Ok(Some((words, proof))),
                Answer::Doubt(gap) => drop(doubt.get_or_insert(Unseen(gap))),
                Answer::No => {}
            }
        }
        doubt.map_or(Ok(None), Err)
    }

    /// Who can do this to objects of a bucket whose names begin so: somebody, how many have the same rights (none when the
    /// answer is about that one alone), and the proof.
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
                Answer::Yes(proof) => out.found.push((person, 0, proof)),
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
                    Answer::Yes(proof) => out.found.push((*person, 0, proof)),
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
        let objects = self.objects(bucket, prefix);
        let things: Vec<&str> = std::iter::once(objects.as_str()).chain(self.key_of(bucket)).collect();
        self.who_over(
            Some(&things),
            about,
            &[(action, "@")],
            enough,
            &others,
            &mut out,
            asked,
            |person, alike, proof| (person, alike, proof),
        );
        out
    }

    /// Whether a caller from outside the account, granted everything by its own policies, can do this to objects of a
    /// bucket. `restricted` tells whether public policies are ignored for outsiders.
    pub(crate) fn outsider_touches(
        &self,
        caller: &str,
        action: &str,
        bucket: &str,
        prefix: &str,
        restricted: bool,
    ) -> Answer {
        let document = match self.buckets.get(bucket).map(|policy| &policy.policy) {
            Some(Ok(Some(document))) => document.clone(),
            Some(Ok(None)) => return Answer::No,
            Some(Err(gap)) => return Answer::Doubt(gap.clone()),
            None => return Answer::Doubt(unclear(format!("bucket {bucket} was not looked at")).0),
        };
        let arn = format!("arn:{}:s3:::{bucket}/{prefix}*", self.cast.partition);
        self.outsider_may(caller, action, &arn, &document, Context::open(), restricted)
    }
}

/// Whether a person holds a right over something that bears no tags and has no policy of its own.
pub(crate) fn ask_in_general(survey: &Survey, person: usize, action: &str, arn: &str) -> Answer {
    survey.cast.ask(person, &Ask::new(action, arn))
}

fn about(needs: &[Need]) -> Mask {
    let mut mask = Mask::default();
    needs.iter().for_each(|(action, _)| mask.join(Mask::of(action)));
    mask
}

impl Roles {
    fn new(people: Vec<usize>, cast: &Cast) -> Roles {
        let arns = people.iter().map(|at| cast.people.get(*at).map_or(String::new(), |p| p.arn.clone())).collect();
        Roles { people, targets: Targets::new(arns) }
    }
}

fn policy_of(bucket: &Bucket, world: &World<'_>, account: &str) -> Policy {
    let parsed = |name: String, text: &Seen<String>| match text {
        Seen::Is(text) => Ok(Some(Arc::new(Document::parse_or_doubt(&name, text)))),
        Seen::Unset => Ok(None),
        Seen::Unseen(gap) => Err(gap.clone()),
    };
    let policy = parsed(format!("the policy of bucket {}", bucket.name), &bucket.policy);
    let (personal, mut named) = things::spoken_of(&policy, account);
    let region = bucket.region.shown().and_then(|name| world.region(name));
    let reference = bucket.encryption.shown().and_then(|encryption| encryption.key.as_deref());
    let key = reference.and_then(|reference| {
        let (key, here) = region.and_then(|here| Some((here.key(reference).ok()?, here)))?;
        (key.manager.shown().is_some_and(|m| m == "CUSTOMER") && key.arn.starts_with("arn:"))
            .then(|| Lock::of(key, &here))
    });
    // A grant is somebody's own: what that one gets is no answer for others with the same policies.
    named.extend(key.iter().flat_map(Lock::grantees));
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

impl Survey {
    /// Whether a person counts as one who could gain something: no administrator, and none of AWS's own roles.
    pub(crate) fn is_ordinary(&self, person: usize) -> bool {
        self.cast.people.get(person).is_some_and(|p| !p.service_linked) && !self.cast.is_admin(person)
    }

    /// The words for a person: `user ana`, and how many have the same rights.
    pub(crate) fn called(&self, person: usize, alike: usize) -> String {
        let Some(who) = self.cast.people.get(person) else { return String::new() };
        let kind = if who.is_user { "user" } else { "role" };
        let more = match alike {
            0 | 1 => String::new(),
            2 => " and one more with the same rights".to_owned(),
            n => format!(" and {} more with the same rights", n - 1),
        };
        format!("{kind} {}{more}", who.name)
    }

    /// The person of this ARN, or why nothing can be said of it. `None` when it provably does not exist.
    pub(crate) fn find(&self, arn: &str) -> Result<Option<usize>, Unseen> {
        if let Some((_, gap)) = self.cast.unread.iter().find(|(other, _)| other == arn) {
            return Err(Unseen(gap.clone()));
        }
        match (self.cast.person(arn), &self.cast.roles_missing) {
            (Some(person), _) => Ok(Some(person)),
            (None, Some(gap)) => Err(gap.into()),
            (None, None) => Ok(None),
        }
    }

    /// An error when there may be principals, or policies of theirs, that were not seen: before a "nobody".
    pub(crate) fn everyone(&self) -> Result<(), Unseen> {
        self.cast.gap().map_or(Ok(()), |gap| Err(gap.into()))
    }
}

impl Survey {
    /// Whether a person may pass some role to SageMaker and start something with it.
    pub(crate) fn may_hand_over(&self, person: usize) -> Answer {
        let Some(group) = self.cast.people.get(person).and_then(|p| self.cast.groups.get(p.group)) else {
            return Answer::No;
        };
        if !self.cast.may_hold(group, "iam:PassRole") {
            return Answer::No;
        }
        let any = self.cast.own_arn("iam", "", "role/*");
        let passes = self.passes(person, &any, "sagemaker", &Seen::default());
        if passes == Answer::No {
            return Answer::No;
        }
        let ways = self.cast.ways(person);
        let to_sagemaker = ways.iter().filter(|(service, _)| service.ends_with("sagemaker"));
        passes.and(to_sagemaker.fold(Answer::No, |best, (_, (answer, _))| best.or(|| answer.clone())))
    }

    /// Whether a person has every document that a role has, and no tighter limit: then the role gives it nothing new.
    pub(crate) fn has_all_of(&self, person: usize, role: usize) -> bool {
        let group = |at: usize| self.cast.people.get(at).and_then(|p| self.cast.groups.get(p.group));
        match (group(person), group(role)) {
            (Some(own), Some(theirs)) => own.covers(theirs),
            _ => false,
        }
    }
}
