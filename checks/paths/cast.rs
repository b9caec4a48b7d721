//! Everyone who can act in the account, in groups of equal rights, and whom each role trusts.
//!
//! Users and roles with the same documents and the same boundary share one evaluation, unless a document says different
//! things for different principals. Documents are kept once, however many principals have a copy.

use std::collections::hash_map::{DefaultHasher, Entry};
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sagescan_policy::{
    Context, Document, Effect, Element, Guardrails, Outcome, Principal as Whom, ResourcePolicy, Statement, admissions,
};

use super::rights::{Answer, Ask, Asker, Paper, ask};
use super::technique::{
    ANY_IAM, ESCALATIONS, Escalation, HANDOVERS, Handover, LEAVING, LIFTINGS, Mask, Need, On, UNDOINGS,
};
use crate::engine::{Arn, Ceiling, Proof, STRANGER, World, unclear};
use crate::identity::roles::is_service_linked;
use crate::identity::trust::Trust;
use crate::snapshot::{Account, Gap, InlinePolicy, Reason, Role, Seen, Tag, Unseen, User};

/// One user or role.
pub(crate) struct Person {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) is_user: bool,
    /// AWS owns it; nobody can pass or change it.
    pub(crate) service_linked: bool,
    pub(crate) group: usize,
    /// For roles: the trust policy, by number, or why it is not known.
    pub(crate) trust: Result<usize, Gap>,
    pub(crate) tags: Seen<Vec<Tag>>,
    /// Customer managed policies that are attached to it or its groups.
    policies: Vec<String>,
    groups: Vec<String>,
    /// Its policies that deny something, with where they hang.
    limits: Vec<Limit>,
    /// Whether it can make itself administrator, once that was asked.
    escalation: OnceLock<(Standing, Option<&'static Escalation>)>,
}

/// A policy of somebody's that denies something.
struct Limit {
    paper: usize,
    /// Every place that it hangs in: all of them must let go.
    hangs: Vec<Hanger>,
    /// The groups to leave instead, where it hangs in groups alone; and all policies that go with them.
    groups: Vec<String>,
    goes_with: Vec<usize>,
}

/// Where a policy hangs.
enum Hanger {
    /// On the user or role, as the managed policy of this ARN; or embedded in it.
    Own(Option<String>),
    /// On the group of this ARN, in the same ways.
    Group(String, Option<String>),
}

/// What somebody is rid of, and by which rights.
#[derive(Default)]
struct Rid {
    proofs: Vec<Proof>,
    /// The policies.
    papers: Vec<usize>,
    /// The groups that it has left.
    groups: Vec<String>,
}

/// What somebody takes off itself, and what makes it an administrator then.
pub(crate) struct Undone {
    pub(crate) takes_off: Vec<Proof>,
    pub(crate) then: Proof,
    pub(crate) way: &'static Escalation,
}

/// All who have the same rights.
pub(crate) struct Group {
    /// In order of ARN.
    pub(crate) members: Vec<usize>,
    papers: Vec<usize>,
    boundary: Option<usize>,
    /// How the organization sees them, by number; nothing where it sees each in its own way.
    view: Option<usize>,
    pub(crate) allows: Mask,
    pub(crate) gap: Option<Gap>,
}

impl Group {
    /// Whether the documents of another group are all among these, under the same limit or none. Only for groups that
    /// were seen whole, and that no document tells apart.
    pub(crate) fn covers(&self, other: &Group) -> bool {
        let whole = self.gap.is_none() && other.gap.is_none();
        let limit = self.boundary.is_none() || self.boundary == other.boundary;
        let seen_alike = self.view == other.view;
        whole && limit && seen_alike && other.papers.iter().all(|paper| self.papers.contains(paper))
    }
}

/// Whether somebody is an administrator, or can become one without anybody's help.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Standing {
    /// Certainly not.
    No,
    /// It could not be told.
    Doubt(Gap),
    /// By this statement.
    Admin(Proof),
}

impl From<Answer> for Standing {
    fn from(answer: Answer) -> Standing {
        match answer {
            Answer::No => Standing::No,
            Answer::Doubt(gap) => Standing::Doubt(gap),
            Answer::Yes(proof) => Standing::Admin(proof),
        }
    }
}

/// A trust policy, shared by all roles that have the same text.
pub(crate) struct TrustFacts {
    pub(crate) document: Arc<Document>,
    /// Services that may wear the role on behalf of this account, without their domain; with the keys it hangs on.
    services: BTreeMap<&'static str, Answer>,
    /// Principals that it names, each once.
    pub(crate) named: Vec<Whom>,
    /// Its account as a whole is admitted, or everyone is: then the policies of the callers decide.
    pub(crate) account: bool,
}

/// Everyone.
pub(crate) struct Cast {
    pub(crate) account: String,
    pub(crate) partition: String,
    pub(crate) people: Vec<Person>,
    pub(crate) groups: Vec<Group>,
    pub(crate) trusts: Vec<TrustFacts>,
    pub(crate) by_arn: HashMap<String, usize>,
    papers: Vec<Paper>,
    /// The organization policies over the account.
    pub(crate) ceiling: Arc<Ceiling>,
    /// Why there may be more users, and more roles.
    pub(crate) users_missing: Option<Gap>,
    pub(crate) roles_missing: Option<Gap>,
    /// Those whose policies could not be put together at all: by ARN, why.
    pub(crate) unread: Vec<(String, Gap)>,
    handovers: Mutex<HashMap<Signature, Arc<Ways>>>,
    classes: Mutex<HashMap<Mask, Arc<Classes>>>,
}

/// The groups whose members get the same answers about some actions.
#[derive(Default)]
pub(crate) struct Classes {
    /// In order of the first group of each.
    all: Vec<Vec<usize>>,
    /// The class of each group.
    of: Vec<usize>,
}

impl Classes {
    /// All of them, in order of the first group of each.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Vec<usize>> {
        self.all.iter()
    }

    /// The groups that get the same answers as this one, itself among them.
    pub(crate) fn with(&self, group: usize) -> &[usize] {
        self.of.get(group).and_then(|class| self.all.get(*class)).map_or(&[], Vec::as_slice)
    }
}

/// The first way of handing over that was found, and its statement; else why none could be told.
pub(crate) type Way = (Answer, Option<&'static Handover>);

/// For each service that can be handed a role, the best way there is.
pub(crate) type Ways = BTreeMap<&'static str, Way>;

/// What decides the answer to questions about some actions: the statements that speak of them, the boundary, how the
/// organization sees whoever asks, what was not seen, and the principal if it matters who asks.
pub(crate) type Signature = (Vec<usize>, Option<usize>, Option<usize>, Option<Gap>, Option<usize>);

/// Numbers documents; equal ones get the same number.
#[derive(Default)]
struct Shelf {
    papers: Vec<Paper>,
    by_place: HashMap<usize, usize>,
    by_content: HashMap<u64, Vec<usize>>,
    /// Numbers of statements, with the first of each number, by a hash of what they say and where.
    statements: HashMap<u64, Vec<(Arc<Document>, usize, usize)>>,
    statement_count: usize,
}

impl Shelf {
    fn number(&mut self, document: &Arc<Document>) -> usize {
        let place = Arc::as_ptr(document).addr();
        if let Some(known) = self.by_place.get(&place) {
            return *known;
        }
        let mut hash = DefaultHasher::new();
        document.name().hash(&mut hash);
        document.statements().iter().for_each(|statement| hash_statement(statement, &mut hash));
        let alike = self.by_content.entry(hash.finish()).or_default();
        let papers = &self.papers;
        let same = alike.iter().copied().find(|at| papers.get(*at).is_some_and(|p| *p.document == **document));
        let number = same.unwrap_or_else(|| {
            alike.push(papers.len());
            papers.len()
        });
        if number == self.papers.len() {
            let paper = Paper::new(document.clone(), |statement| self.statement_number(document, statement));
            self.papers.push(paper);
        }
        self.by_place.insert(place, number);
        number
    }

    /// Equal statements at the same place of policies of the same name get the same number: their proofs read alike.
    fn statement_number(&mut self, document: &Arc<Document>, statement: &Statement) -> usize {
        let mut hash = DefaultHasher::new();
        document.name().hash(&mut hash);
        statement.index.hash(&mut hash);
        hash_statement(statement, &mut hash);
        let alike = self.statements.entry(hash.finish()).or_default();
        let same = alike.iter().find(|(other, at, _)| {
            other.name() == document.name() && other.statements().get(*at).is_some_and(|other| other == statement)
        });
        if let Some((_, _, number)) = same {
            return *number;
        }
        let number = self.statement_count;
        self.statement_count += 1;
        alike.push((document.clone(), statement.index, number));
        number
    }
}

fn hash_statement(statement: &Statement, hash: &mut DefaultHasher) {
    statement.sid.hash(hash);
    statement.actions.listed().iter().for_each(|action| action.text().hash(hash));
    statement.resources.listed().iter().for_each(|resource| resource.text().hash(hash));
}

impl Cast {
    /// Puts together who is in the account.
    pub(crate) fn of(world: &World<'_>) -> Cast {
        let account = &world.snapshot.account;
        let mut shelf = Shelf::default();
        let mut cast = Cast {
            account: world.snapshot.scan.account.clone(),
            partition: world.snapshot.scan.partition.clone(),
            people: Vec::new(),
            groups: Vec::new(),
            trusts: Vec::new(),
            by_arn: HashMap::new(),
            papers: Vec::new(),
            ceiling: world.ceiling().clone(),
            users_missing: account.users.missing.clone(),
            roles_missing: account.roles.missing.clone(),
            unread: Vec::new(),
            handovers: Mutex::default(),
            classes: Mutex::default(),
        };
        let mut trusts: HashMap<&str, Result<usize, Gap>> = HashMap::new();
        let mut groups: HashMap<_, usize> = HashMap::new();
        let mut views: HashMap<String, usize> = HashMap::new();
        let users = account.users.iter().map(|user| (user.arn.as_str(), user.name.as_str(), Ok(user)));
        let roles = account.roles.iter().map(|role| (role.arn.as_str(), role.name.as_str(), Err(role)));
        let mut all: Vec<_> = users.chain(roles).collect();
        all.sort_by_key(|(arn, ..)| *arn);
        for (arn, name, who) in all {
            let permissions = match who {
                Ok(user) => world.user_permissions(user),
                Err(role) => world.role_permissions(role),
            };
            let permissions = match permissions {
                Ok(permissions) => permissions,
                Err(Unseen(gap)) => {
                    cast.unread.push((arn.to_owned(), gap));
                    continue;
                }
            };
            if cast.by_arn.contains_key(arn) {
                // Two of one name: whichever is real, neither may vouch for what the other can do.
                let why = "it is there twice in the snapshot";
                cast.unread.push((arn.to_owned(), Gap::new(Reason::Unrecognised, why)));
            }
            let policies = permissions.policies();
            let mut papers: Vec<usize> = policies.identity.iter().map(|document| shelf.number(document)).collect();
            papers.sort_unstable();
            papers.dedup();
            let boundary = policies.boundary.iter().flatten().map(|document| shelf.number(document)).next();
            let gap = permissions.gaps().first().cloned();
            let view = view_of(arn, &cast.ceiling).map(|view| {
                let next = views.len();
                *views.entry(view).or_insert(next)
            });
            let told_apart = papers.iter().chain(&boundary).any(|at| shelf.papers.get(*at).is_some_and(|p| p.personal));
            let personal = told_apart || view.is_none();
            let mark = match (personal, who.is_ok()) {
                (true, _) => arn,
                (false, true) => "user",
                (false, false) => "role",
            };
            let key = (papers.clone(), boundary, view, gap.clone(), mark.to_owned());
            let group = *groups.entry(key).or_insert_with(|| {
                let mut allows = Mask::default();
                papers.iter().filter_map(|at| shelf.papers.get(*at)).for_each(|paper| allows.join(paper.allows));
                cast.groups.push(Group { members: Vec::new(), papers, boundary, view, allows, gap });
                cast.groups.len() - 1
            });
            let papers_of_group = cast.groups.get(group).map_or(&[][..], |group| group.papers.as_slice());
            let trust = match who {
                Ok(_) => Err(Gap::new(Reason::Skipped, "users have no trust policy")),
                Err(role) => trust_of(role, &mut trusts, &mut cast.trusts),
            };
            let of_groups = |names: &Seen<Vec<String>>| names.shown().cloned().unwrap_or_default();
            let member_of = who.map(|user| of_groups(&user.groups)).unwrap_or_default();
            let attached = |list: &Seen<Vec<String>>| {
                let own = list.shown().into_iter().flatten();
                own.filter(|arn| Arn::parse(arn).is_some_and(|arn| arn.account != "aws")).cloned().collect::<Vec<_>>()
            };
            let mut own = match who {
                Ok(user) => attached(&user.attached),
                Err(role) => attached(&role.attached),
            };
            for group in account.groups.iter().filter(|group| member_of.contains(&group.name)) {
                own.extend(attached(&group.attached));
            }
            let denies = |number: &usize| shelf.papers.get(*number).is_some_and(|paper| paper.denies);
            let limits = match papers_of_group.iter().any(denies) {
                false => Vec::new(),
                true => {
                    let numbers: Vec<usize> = policies.identity.iter().map(|document| shelf.number(document)).collect();
                    let denies = |number: usize| shelf.papers.get(number).is_some_and(|paper| paper.denies);
                    let all: Vec<(usize, &Arc<Document>)> = numbers.into_iter().zip(&policies.identity).collect();
                    limits_of(&all, denies, who, account, &member_of)
                }
            };
            let person = cast.people.len();
            if let Some(group) = cast.groups.get_mut(group) {
                group.members.push(person);
            }
            cast.by_arn.insert(arn.to_owned(), person);
            cast.people.push(Person {
                arn: arn.to_owned(),
                name: name.to_owned(),
                is_user: who.is_ok(),
                service_linked: who.is_err_and(is_service_linked),
                group,
                trust,
                tags: match who {
                    Ok(user) => user.tags.clone(),
                    Err(role) => role.tags.clone(),
                },
                policies: own,
                groups: member_of,
                limits,
                escalation: OnceLock::new(),
            });
        }
        cast.papers = shelf.papers;
        cast
    }

    /// An ARN in the account.
    pub(crate) fn own_arn(&self, service: &str, region: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{region}:{}:{resource}", self.partition, self.account)
    }

    pub(crate) fn person(&self, arn: &str) -> Option<usize> {
        self.by_arn.get(arn).copied()
    }

    /// Why there may be more who can act than were seen.
    pub(crate) fn gap(&self) -> Option<&Gap> {
        let unread = self.unread.first().map(|(_, gap)| gap);
        self.users_missing.as_ref().or(self.roles_missing.as_ref()).or(unread)
    }

    /// The documents of a group that speak of any of these actions, and the rest that decides an answer about them.
    fn asker(&self, group: usize, arn: &'_ str, about: Mask) -> (Vec<usize>, Option<Asker<'_>>) {
        let Some(group) = self.groups.get(group) else { return (Vec::new(), None) };
        let speaks = |at: &&usize| self.papers.get(**at).is_some_and(|paper| paper.speaks.meets(about));
        let numbers: Vec<usize> = group.papers.iter().filter(speaks).copied().collect();
        let document = |at: &usize| self.papers.get(*at).map(|paper| paper.document.clone());
        let asker = Asker {
            arn: self.by_arn.get_key_value(arn).map_or("", |(arn, _)| arn.as_str()),
            identity: numbers.iter().filter_map(document).collect(),
            boundary: group.boundary.as_ref().and_then(document),
            ceiling: &self.ceiling,
            gap: group.gap.as_ref(),
        };
        (numbers, Some(asker))
    }

    /// Whether the person can make this request pass.
    pub(crate) fn ask(&self, person: usize, question: &Ask<'_>) -> Answer {
        let Some((person, group)) = self.people.get(person).and_then(|p| Some((p, self.groups.get(p.group)?))) else {
            return Answer::No;
        };
        let about = Mask::of(question.action);
        let granted_there = match &question.policy {
            ResourcePolicy::Is(documents) => documents.iter().any(|one| may_grant(one, question.action, &person.arn)),
            _ => false,
        };
        // Most grants are over other things: seeing that costs far less than a decision.
        let may_pass = granted_there || group.allows.meets(about) && self.may_reach(group, about, question);
        if !may_pass {
            return group.gap.as_ref().map_or(Answer::No, |gap| Answer::Doubt(gap.clone()));
        }
        let (_, asker) = self.asker(person.group, &person.arn, about);
        asker.map_or(Answer::No, |asker| ask(&asker, question))
    }

    /// Whether any statement that may grant the action names something that may be the thing asked about.
    fn may_reach(&self, group: &Group, about: Mask, question: &Ask<'_>) -> bool {
        let papers =
            group.papers.iter().filter_map(|at| self.papers.get(*at)).filter(|paper| paper.allows.meets(about));
        let covering = |paper: &Paper| {
            let statements = paper.document.statements().iter().zip(&paper.statements);
            statements
                .filter(|(_, (covers, _))| covers.meets(about))
                .any(|(statement, _)| statement.effect != Effect::Deny && may_speak_of(statement, question.resource))
        };
        papers.into_iter().any(covering)
    }

    /// The documents of a person that may grant this action.
    pub(crate) fn documents(&self, person: usize, action: &str) -> Vec<Arc<Document>> {
        let Some(person) = self.people.get(person) else { return Vec::new() };
        self.asker(person.group, &person.arn, Mask::of(action)).1.map_or_else(Vec::new, |asker| asker.identity)
    }

    /// Whether any document of the group may grant this action; in doubt it may.
    pub(crate) fn may_hold(&self, group: &Group, action: &str) -> bool {
        group.gap.is_some() || group.allows.meets(Mask::of(action))
    }

    /// What decides answers about these actions for the members of a group: equal keys, equal answers.
    pub(crate) fn signature(&self, group: usize, about: Mask) -> Signature {
        self.signature_over(group, about, |_| true)
    }

    /// The same for questions about one thing only: statements that cannot speak of it do not matter.
    pub(crate) fn signature_over(
        &self,
        group: usize,
        about: Mask,
        may_speak: impl Fn(&Statement) -> bool,
    ) -> Signature {
        let Some(of) = self.groups.get(group) else { return Signature::default() };
        let paper = |at: &usize| self.papers.get(*at);
        let speaks = |at: &&usize| paper(at).is_some_and(|paper| paper.speaks.meets(about));
        let papers: Vec<usize> = of.papers.iter().filter(speaks).copied().collect();
        let told_apart = papers.iter().chain(&of.boundary).any(|at| paper(at).is_some_and(|paper| paper.personal));
        let personal = told_apart || of.view.is_none();
        let first = of.members.first().copied();
        let mark = match first.and_then(|at| self.people.get(at)) {
            Some(_) if personal => first,
            Some(person) if person.is_user => Some(usize::MAX),
            _ => None,
        };
        // Statements about other things do not matter, even where they stand in the same documents.
        let statements =
            papers.iter().filter_map(paper).flat_map(|paper| paper.statements.iter().zip(paper.document.statements()));
        let mut numbers: Vec<usize> = statements
            .filter(|((covers, _), statement)| covers.meets(about) && may_speak(statement))
            .map(|((_, number), _)| *number)
            .collect();
        numbers.sort_unstable();
        (numbers, of.boundary, of.view, of.gap.clone(), mark)
    }

    /// The groups whose members get the same answers about these actions, in order of their first.
    pub(crate) fn classes(&self, about: Mask) -> Arc<Classes> {
        if let Some(known) = self.classes.lock().unwrap_or_else(PoisonError::into_inner).get(&about) {
            return known.clone();
        }
        let (mut classes, mut known): (Classes, HashMap<Signature, usize>) = (Classes::default(), HashMap::new());
        for group in 0..self.groups.len() {
            let class = *known.entry(self.signature(group, about)).or_insert_with(|| {
                classes.all.push(Vec::new());
                classes.all.len() - 1
            });
            if let Some(class) = classes.all.get_mut(class) {
                class.push(group);
            }
            classes.of.push(class);
        }
        let classes = Arc::new(classes);
        self.classes.lock().unwrap_or_else(PoisonError::into_inner).insert(about, classes.clone());
        classes
    }

    /// One right of a way, over whatever the template means.
    pub(crate) fn holds(&self, person: usize, need: &Need, thing: Option<(&str, &Seen<Vec<Tag>>)>) -> Answer {
        let (action, template) = need;
        match (*template, thing) {
            ("@", Some((arn, tags))) => {
                let mut question = Ask::new(action, arn).tagged(tags);
                question.context = circumstances(action);
                self.ask(person, &question)
            }
            _ => {
                let service = action.split(':').next().unwrap_or_default();
                self.ask(person, &Ask::new(action, &self.own_arn(service, "*", template)))
            }
        }
    }

    /// For each service, the best way in which the person can put a role to use that it may pass there. Only services are
    /// looked at for which a way may exist.
    pub(crate) fn ways(&self, person: usize) -> Arc<Ways> {
        let Some(who) = self.people.get(person) else { return Arc::default() };
        let about = handover_actions();
        let key = self.signature(who.group, about);
        let known = self.handovers.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            return known;
        }
        let mut ways = Ways::new();
        for handover in HANDOVERS {
            let so_far = ways.get(handover.service);
            // Whoever can run code as the role needs no lesser way; a doubtful one is worth a better one.
            if so_far.is_some_and(|(answer, way)| answer.is_certain() && way.is_some_and(|w| w.gives <= handover.gives))
            {
                continue;
            }
            let all = handover.needs.iter().try_fold(None::<Answer>, |sum, need| {
                let answer = self.holds(person, need, None);
                let sum = sum.map_or(answer.clone(), |sum| sum.and(answer));
                if sum == Answer::No { Err(()) } else { Ok(Some(sum)) }
            });
            let mut answer = match all {
                Err(()) => Answer::No,
                Ok(sum) => match (sum, handover.or.is_empty()) {
                    (Some(sum), true) => sum,
                    (sum, false) => {
                        let mut any = Answer::No;
                        for set in handover.or {
                            let both = set.iter().fold(sum.clone(), |sum, need| {
                                let answer = self.holds(person, need, None);
                                Some(sum.map_or(answer.clone(), |sum| sum.and(answer)))
                            });
                            any = any.or(|| both.unwrap_or(Answer::No));
                        }
                        any
                    }
                    (None, true) => Answer::No,
                },
            };
            if handover.confidence == super::technique::Confidence::Unverified
                && let Answer::Yes(proof) = &mut answer
            {
                proof.unread.get_or_insert_with(|| "nobody is known to have tried this way".to_owned());
            }
            let rank = |answer: &Answer| match answer {
                yes if yes.is_certain() => 3,
                Answer::Yes(_) => 2,
                Answer::Doubt(_) => 1,
                Answer::No => 0,
            };
            if so_far.is_none_or(|(before, _)| rank(&answer) > rank(before)) {
                ways.insert(handover.service, (answer, Some(handover)));
            }
        }
        let ways = Arc::new(ways);
        self.handovers.lock().unwrap_or_else(PoisonError::into_inner).insert(key, ways.clone());
        ways
    }

    /// Whether the service may wear the role on behalf of this account.
    pub(crate) fn trusts_service(&self, person: usize, service: &str) -> Answer {
        match self.people.get(person).map(|person| &person.trust) {
            Some(Ok(trust)) => {
                let facts = self.trusts.get(*trust);
                facts.and_then(|facts| facts.services.get(service)).cloned().unwrap_or(Answer::No)
            }
            Some(Err(gap)) => Answer::Doubt(gap.clone()),
            None => Answer::No,
        }
    }

    /// The trust policy of a role, if it was seen.
    pub(crate) fn trust(&self, person: usize) -> Option<&TrustFacts> {
        self.trusts.get(*self.people.get(person)?.trust.as_ref().ok()?)
    }

    /// Whether somebody is administrator, or can become one without help, and how.
    pub(crate) fn standing(&self, person: usize) -> &(Standing, Option<&'static Escalation>) {
        static NOBODY: (Standing, Option<&'static Escalation>) = (Standing::No, None);
        let Some(who) = self.people.get(person) else { return &NOBODY };
        who.escalation.get_or_init(|| {
            let Some(group) = self.groups.get(who.group) else { return NOBODY.clone() };
            let mut doubt = group.gap.clone();
            let mut open: Option<(Proof, &Escalation)> = None;
            for way in ESCALATIONS {
                let asked = way.needs.iter().map(|(action, on)| self.over(person, who, action, *on));
                match asked.reduce(Answer::and).unwrap_or(Answer::No) {
                    Answer::Yes(proof) if proof.keys.is_empty() => return (Standing::Admin(proof), Some(way)),
                    Answer::Yes(proof) => drop(open.get_or_insert((proof, way))),
                    Answer::Doubt(gap) => drop(doubt.get_or_insert(gap)),
                    Answer::No => {}
                }
            }
            match (open, doubt) {
                (Some((proof, way)), _) => (Standing::Admin(proof), Some(way)),
                (None, Some(gap)) => (Standing::Doubt(gap), None),
                (None, None) => (Standing::No, None),
            }
        })
    }

    fn over(&self, person: usize, who: &Person, action: &'static str, on: On) -> Answer {
        self.over_by(who, action, on, |question| self.ask(person, question))
    }

    fn over_by(&self, who: &Person, action: &'static str, on: On, asked: impl Fn(&Ask<'_>) -> Answer) -> Answer {
        // Most have none of this: asking that first saves building the question.
        if !self.groups.get(who.group).is_some_and(|group| self.may_hold(group, action)) {
            return Answer::No;
        }
        let admin = format!("arn:{}:iam::aws:policy/AdministratorAccess", self.partition);
        let any = |arns: Vec<String>| {
            let mut best = Answer::No;
            for arn in arns {
                let mut question = Ask::new(action, &arn);
                question.context =
                    Context::open().with("iam:PolicyARN", admin.as_str()).without("iam:PermissionsBoundary");
                best = best.or(|| asked(&question));
            }
            best
        };
        match on {
            On::AnyRole => any(vec![self.own_arn("iam", "", &format!("role/{STRANGER}"))]),
            On::NewRole => any(vec![self.own_arn("iam", "", "role/*")]),
            On::Itself => {
                let about_users = action.contains("User");
                if about_users == who.is_user { any(vec![who.arn.clone()]) } else { Answer::No }
            }
            On::ItsPolicies => any(who.policies.iter().take(32).cloned().collect()),
            On::ItsGroups => {
                any(who.groups.iter().take(32).map(|name| self.own_arn("iam", "", &format!("group/{name}"))).collect())
            }
        }
    }

    /// For somebody under a boundary who is no administrator: the right to lift that boundary, and what makes it an administrator
    /// then. Whether the boundary was seen matters: what is not known to be a limit is none to lift.
    pub(crate) fn beyond_limit(&self, person: usize) -> Option<(Proof, Proof, &'static Escalation)> {
        let who = self.people.get(person)?;
        let group = self.groups.get(who.group).filter(|group| group.boundary.is_some() && !who.service_linked)?;
        let (action, _) = LIFTINGS.iter().find(|(_, roles)| *roles != who.is_user)?;
        if !self.may_hold(group, action) || self.is_admin(person) {
            return None;
        }
        let lifts = match self.ask(person, &Ask::new(action, &who.arn).tagged(&who.tags)) {
            Answer::Yes(proof) => proof,
            Answer::No | Answer::Doubt(_) => return None,
        };
        ESCALATIONS.iter().find_map(|way| {
            let asked =
                way.needs.iter().map(|(action, on)| self.over_by(who, action, *on, |q| self.ask_free(person, q)));
            match asked.reduce(Answer::and).unwrap_or(Answer::No) {
                Answer::Yes(proof) if proof.keys.is_empty() => Some((lifts.clone(), proof, way)),
                _ => None,
            }
        })
    }

    /// For somebody whom a Deny keeps from being administrator: the rights to take the policy that denies off itself, and what
    /// makes it an administrator then. Policies go one after the other, for one may stand in the way of the next.
    pub(crate) fn beyond_denial(&self, person: usize) -> Option<Undone> {
        let who = self.people.get(person).filter(|who| !who.limits.is_empty() && !who.service_linked)?;
        let group = self.groups.get(who.group)?;
        let may = |action: &str| self.may_hold(group, action);
        let some = may(LEAVING) || UNDOINGS.iter().any(|(detach, delete)| may(detach) || may(delete));
        if !some || self.is_admin(person) {
            return None;
        }
        let limits: Vec<&Limit> = who.limits.iter().take(MOST_LIMITS).collect();
        // Each may be the first to go.
        (0..limits.len()).find_map(|first| {
            let mut rid = Rid::default();
            let order = limits.iter().cycle().skip(first).take(2 * limits.len());
            for limit in order {
                if rid.papers.contains(&limit.paper) || !self.takes_off(person, who, limit, &mut rid) {
                    continue;
                }
                let gone = |on: &str| {
                    let names =
                        rid.papers.iter().filter_map(|at| self.papers.get(*at)).map(|paper| paper.document.name());
                    names.into_iter().any(|name| **name == *on) || rid.groups.iter().any(|group| group == on)
                };
                // Rewriting what one is rid of gives nothing.
                let asked = |question: &Ask<'_>| match gone(question.resource) {
                    true => Answer::No,
                    false => self.ask_without(person, question, &rid.papers),
                };
                let found = ESCALATIONS.iter().find_map(|way| {
                    let all = way.needs.iter().map(|(action, on)| self.over_by(who, action, *on, asked));
                    match all.reduce(Answer::and).unwrap_or(Answer::No) {
                        Answer::Yes(then) if then.keys.is_empty() => Some((then, way)),
                        _ => None,
                    }
                });
                if let Some((then, way)) = found {
                    return Some(Undone { takes_off: rid.proofs, then, way });
                }
            }
            None
        })
    }

    /// Whether somebody who is rid of some policies can get rid of this one as well; if so, it is.
    fn takes_off(&self, person: usize, who: &Person, limit: &Limit, rid: &mut Rid) -> bool {
        let asked = |question: &Ask<'_>| match self.ask_without(person, question, &rid.papers) {
            Answer::Yes(proof) => Some(proof),
            Answer::No | Answer::Doubt(_) => None,
        };
        let [of_user, of_role, of_group] = UNDOINGS;
        let own = if who.is_user { of_user } else { of_role };
        let lifts = limit.hangs.iter().map(|hanger| {
            let (on, (detach, delete), policy) = match hanger {
                Hanger::Own(policy) => (&who.arn, own, policy),
                Hanger::Group(group, policy) => (group, of_group, policy),
            };
            let mut question = Ask::new(if policy.is_some() { detach } else { delete }, on);
            if on == &who.arn {
                question = question.tagged(&who.tags);
            }
            if let Some(policy) = policy {
                question.context = Context::open().with("iam:PolicyARN", policy.as_str());
            }
            asked(&question)
        });
        let lifts: Option<Vec<Proof>> = lifts.collect();
        if let Some(lifts) = lifts.filter(|lifts| !lifts.is_empty()) {
            rid.proofs.extend(lifts);
            rid.papers.push(limit.paper);
            return true;
        }
        let leaves = limit.groups.iter().map(|group| asked(&Ask::new(LEAVING, group)));
        let leaves: Option<Vec<Proof>> = leaves.collect();
        let Some(leaves) = leaves.filter(|leaves| !leaves.is_empty()) else { return false };
        rid.proofs.extend(leaves);
        rid.papers.extend(&limit.goes_with);
        rid.groups.extend(limit.groups.iter().cloned());
        true
    }

    /// The same question as if it did not have these policies.
    fn ask_without(&self, person: usize, question: &Ask<'_>, gone: &[usize]) -> Answer {
        let Some(who) = self.people.get(person) else { return Answer::No };
        let (numbers, asker) = self.asker(who.group, &who.arn, Mask::of(question.action));
        let left = numbers.iter().filter(|number| !gone.contains(number));
        let identity = left.filter_map(|at| self.papers.get(*at)).map(|paper| paper.document.clone()).collect();
        asker.map_or(Answer::No, |asker| ask(&Asker { identity, ..asker }, question))
    }

    /// The same question as if there were no boundary.
    fn ask_free(&self, person: usize, question: &Ask<'_>) -> Answer {
        let Some(who) = self.people.get(person) else { return Answer::No };
        match self.asker(who.group, &who.arn, Mask::of(question.action)).1 {
            Some(asker) => ask(&Asker { boundary: None, ..asker }, question),
            None => Answer::No,
        }
    }

    /// Whether the person can do everything there is in IAM by its plain policies, rather than by changing them.
    pub(crate) fn is_outright_admin(&self, person: usize) -> bool {
        matches!(self.standing(person), (Standing::Admin(_), Some(way)) if way.needs.iter().any(|(action, _)| *action == ANY_IAM))
    }

    /// Whether somebody is administrator or can become one, by proof; doubt is no.
    pub(crate) fn is_admin(&self, person: usize) -> bool {
        matches!(self.standing(person), (Standing::Admin(_), _))
    }
}

/// Policies of one principal that deny something and are looked at.
const MOST_LIMITS: usize = 8;

/// Where the policies hang that deny something.
fn limits_of(
    all: &[(usize, &Arc<Document>)],
    denies: impl Fn(usize) -> bool,
    who: Result<&User, &Role>,
    account: &Account,
    member_of: &[String],
) -> Vec<Limit> {
    let (attached, inline) = match who {
        Ok(user) => (&user.attached, &user.inline),
        Err(role) => (&role.attached, &role.inline),
    };
    let within = |name: &str, attached: &Seen<Vec<String>>, inline: &Seen<Vec<InlinePolicy>>| {
        let managed = attached.shown().into_iter().flatten().any(|arn| arn == name).then(|| Some(name.to_owned()));
        let embedded = name
            .strip_prefix("inline policy ")
            .filter(|name| inline.shown().into_iter().flatten().any(|policy| policy.name == *name));
        managed.into_iter().chain(embedded.map(|_| None)).collect::<Vec<Option<String>>>()
    };
    let groups: Vec<_> = account.groups.iter().filter(|group| member_of.contains(&group.name)).collect();
    let hang = |name: &str| {
        let mut hangs: Vec<Hanger> = within(name, attached, inline).into_iter().map(Hanger::Own).collect();
        for group in &groups {
            let of_group = within(name, &group.attached, &group.inline).into_iter();
            hangs.extend(of_group.map(|policy| Hanger::Group(group.arn.clone(), policy)));
        }
        hangs
    };
    let mut limits: Vec<Limit> = Vec::new();
    for (paper, document) in all.iter().filter(|(paper, _)| denies(*paper)) {
        if limits.iter().any(|limit| limit.paper == *paper) {
            continue;
        }
        let hangs = hang(document.name());
        let of_group = |hanger: &Hanger| match hanger {
            Hanger::Own(_) => None,
            Hanger::Group(group, _) => Some(group.clone()),
        };
        let mut groups: Vec<String> = hangs.iter().map(of_group).collect::<Option<_>>().unwrap_or_default();
        groups.sort();
        groups.dedup();
        let in_those = |hanger: &Hanger| of_group(hanger).is_some_and(|group| groups.contains(&group));
        let goes = |name: &str| !groups.is_empty() && hang(name).iter().all(in_those);
        let goes_with = all.iter().filter(|(_, other)| goes(other.name())).map(|(paper, _)| *paper).collect();
        limits.push(Limit { paper: *paper, hangs, groups, goes_with });
    }
    limits
}

/// What is known of a request besides what it is about.
fn circumstances(action: &str) -> Context {
    match action {
        // Updating a package means approving it here.
        "sagemaker:UpdateModelPackage" => Context::open().with("sagemaker:ModelApprovalStatus", "Approved"),
        // A tag that comes with a new resource says which call makes it; one that is put on later does not.
        "sagemaker:AddTags" => Context::open().without("sagemaker:TaggingAction"),
        _ => Context::open(),
    }
}

/// The actions of all ways to hand a role over.
pub(crate) fn handover_actions() -> Mask {
    static ABOUT: OnceLock<Mask> = OnceLock::new();
    *ABOUT.get_or_init(|| {
        let mut mask = Mask::default();
        for (action, _) in HANDOVERS.iter().flat_map(|h| h.needs.iter().chain(h.or.iter().copied().flatten())) {
            mask.join(Mask::of(action));
        }
        mask
    })
}

/// Whether a statement may speak of a thing; each `*` in its ARN is open.
pub(crate) fn may_speak_of(statement: &Statement, arn: &str) -> bool {
    match &statement.resources {
        Element::Only(patterns) => statement.flaw.is_some() || patterns.iter().any(|pattern| pattern.may_meet(arn)),
        Element::AllBut(_) | Element::Unstated => true,
    }
}

/// Whether a statement of a resource's policy may grant an action to this user or role. Whom it names by ARN is nobody else.
fn may_grant(policy: &Document, action: &str, arn: &str) -> bool {
    policy.statements().iter().any(|statement| {
        let another = |whom: &Whom| match whom {
            Whom::Identity(identity) => {
                identity.arn() != arn && [":role/", ":user/"].iter().any(|kind| identity.arn().contains(kind))
            }
            Whom::Service(_) => true,
            _ => false,
        };
        let for_others = match &statement.principals {
            Element::Only(listed) => statement.flaw.is_none() && listed.iter().all(another),
            Element::AllBut(_) | Element::Unstated => false,
        };
        statement.effect != Effect::Deny && !for_others && statement.covers_action(action)
    })
}

/// How the organization policies see a principal; `None` if in a way of its own.
fn view_of(arn: &str, ceiling: &Ceiling) -> Option<String> {
    let levels = [&ceiling.scps, &ceiling.rcps].into_iter().flat_map(|guardrails| match guardrails {
        Guardrails::Levels(levels) => levels.as_slice(),
        Guardrails::None | Guardrails::Unknown => &[],
    });
    let statements = levels.flatten().flat_map(|document| document.statements());
    statements.map(|statement| statement.view_of(arn).map(|view| view + "/")).collect()
}

fn trust_of<'s>(
    role: &'s Role,
    known: &mut HashMap<&'s str, Result<usize, Gap>>,
    facts: &mut Vec<TrustFacts>,
) -> Result<usize, Gap> {
    let text = role.trust.known("AssumeRolePolicyDocument").map_err(|Unseen(gap)| gap)?;
    match known.entry(text) {
        Entry::Occupied(entry) => entry.get().clone(),
        Entry::Vacant(entry) => {
            let read = Trust::of(role).map(|trust| {
                facts.push(facts_of(&trust));
                facts.len() - 1
            });
            entry.insert(read.map_err(|Unseen(gap)| gap)).clone()
        }
    }
}

fn facts_of(trust: &Trust<'_>) -> TrustFacts {
    const ASSUME: &str = "sts:AssumeRole";
    let mut services = BTreeMap::new();
    let admitted = admissions(&trust.document, "sts:*");
    let speaks_of_services =
        admitted.iter().any(|one| matches!(one.who, Whom::Service(_) | Whom::Everyone | Whom::Unusable(_)));
    let mut names: Vec<&'static str> = HANDOVERS.iter().map(|handover| handover.service).collect();
    names.sort_unstable();
    names.dedup();
    for service in names {
        if !speaks_of_services && trust.document.statements().iter().all(|s| s.flaw.is_none()) {
            break;
        }
        // On behalf of this account; which of its resources asks is the attacker's choice.
        let context = Context::open().with("aws:SourceAccount", trust.arn.account);
        let suffixes: &[&str] = if trust.arn.partition == "aws-cn" { &["", ".cn"] } else { &[""] };
        let mut best = Answer::No;
        for suffix in suffixes {
            let principal = format!("{service}.amazonaws.com{suffix}");
            let decision = trust.decide(&principal, ASSUME, context.clone());
            let decision = match decision.keys.iter().any(|key| key.eq_ignore_ascii_case("aws:SourceArn")) {
                false => decision,
                true => trust
                    .listed("aws:sourcearn")
                    .iter()
                    .filter(|arn| Arn::parse(arn).is_none_or(|arn| [trust.arn.account, ""].contains(&arn.account)))
                    .map(|arn| trust.decide(&principal, ASSUME, context.clone().with("aws:SourceArn", arn.as_str())))
                    .max_by_key(|decision| decision.outcome)
                    .unwrap_or(decision),
            };
            let answer = match (decision.outcome, decision.notes.first()) {
                (Outcome::Allow, _) => true,
                (Outcome::Conditional, Some(note)) if decision.keys.is_empty() => {
                    best = best.or(|| Answer::Doubt(unclear(format!("trust policy: {note}")).0));
                    false
                }
                (Outcome::Conditional, _) => true,
                _ => false,
            };
            let origin = decision.allowed_by.iter().find(|origin| origin.layer == sagescan_policy::Layer::Resource);
            if let Some(origin) = origin.filter(|_| answer) {
                best = best.or(|| {
                    Answer::Yes(Proof {
                        policy: origin.policy.clone(),
                        statement: origin.statement + 1,
                        sid: origin.sid.clone(),
                        action: String::new(),
                        resources: Vec::new(),
                        keys: decision.keys.clone(),
                        unread: decision.notes.first().map(ToString::to_string),
                    })
                });
            }
        }
        services.insert(service, best);
    }
    let mut named: Vec<Whom> = Vec::new();
    let mut account = false;
    for one in admitted.iter().filter(|one| one.statement.flaw.is_none()) {
        account |= match one.who {
            Whom::Everyone => true,
            whom => matches!(whom, Whom::Account(_)) && whom.account() == Some(trust.arn.account),
        };
        if named.len() < MOST_NAMED && !named.contains(one.who) {
            named.push(one.who.clone());
        }
    }
    TrustFacts { document: trust.document.clone(), services, named, account }
}

/// Principals of one trust policy that are looked at one by one.
pub(crate) const MOST_NAMED: usize = 256;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::paths::technique::actions;
    use crate::snapshot::{FORMAT, Snapshot};

    fn user(name: &str, resource: &str) -> Value {
        let document = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}});
        json!({"name": name, "arn": format!("arn:aws:iam::111122223333:user/{name}"), "attached": [], "groups": [], "boundary": null,
            "inline": [{"name": "work", "document": document.to_string()}]})
    }

    fn groups(users: &[Value]) -> Vec<usize> {
        let snapshot =
            json!({"format": FORMAT, "account": {"users": users, "groups": [], "policies": [], "roles": []}});
        let snapshot: Snapshot = serde_json::from_value(snapshot).expect("a snapshot");
        let world = World::new(&snapshot);
        let cast = Cast::of(&world);
        cast.people.iter().map(|person| person.group).collect()
    }

    #[test]
    fn the_way_to_all_of_iam_is_asked_about() {
        assert!(actions().contains(&ANY_IAM));
    }

    #[test]
    fn equal_rights_are_evaluated_once_unless_they_depend_on_who_asks() {
        let home = "arn:aws:s3:::home/${aws:username}/*";
        assert_eq!(groups(&[user("a", "*"), user("b", "*"), user("c", "arn:aws:s3:::c/*")]), [0, 0, 1]);
        assert_eq!(groups(&[user("a", home), user("b", home)]), [0, 1]);
    }
}
