//! The graph: who can act, what runs, what feeds it, what it reads, and the edges between them with their proofs.
//!
//! People hang on a node of the rights they share, so that what many can do is an edge of one node. Where many rights lead to
//! the same many targets, they meet in a node for the set of targets ([`Node::Reach`]): the graph grows with their sum, not
//! with their product. Families of edges are built one after the other, each from a question of the survey; questions and
//! edges of each family are bounded, and what was left out is counted.

mod separation;
mod supply;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use petgraph::graph::{DiGraph, NodeIndex};
use sagescan_policy::{
    Choices, Context, Document, Guardrails, Layer, Outcome, Policies, Principal as Whom, Request, ResourcePolicy, reach,
};

use super::cast::{Person, Standing, TrustFacts, handover_actions};
use super::rights::{Answer, Ask, Targets};
use super::stage::{Prize, Stage};
use super::survey::Survey;
use super::technique::{
    Confidence, Kind, LIFTED, Mask, Need, SCRIPTS, SEIZURES, Sway, TAKEOVERS, TAMPERINGS, Takeover,
};
use crate::engine::{Proof, STRANGER, World};
use crate::snapshot::{Gap, Seen};

/// What a path leads over.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Node {
    /// Whatever comes from the internet into a notebook.
    Internet,
    /// Anybody, with or without an AWS account.
    Anyone,
    /// Another account, or a principal of one.
    Outsider(String),
    /// People that an identity provider vouches for.
    Provider(String),
    /// A user or role.
    Person(usize),
    /// The rights that some people share.
    Rights(usize),
    /// The part of some rights that is about one family of edges; groups that agree in it share it.
    Share(usize),
    /// A set of targets that some rights lead to, all by the same statements.
    Reach(usize),
    /// Something that runs.
    Piece(usize),
    /// A start script.
    Script(usize),
    /// An object in S3 that something loads and runs.
    Artifact(String, String),
    /// A bucket of training data.
    Data(usize),
    /// Something that others rely on.
    Prize(usize),
    /// Something that poses as a user too easily.
    Credential(usize),
    /// An image that endpoints run, by a tag that may move.
    Image(usize),
    /// Something of somebody else's that an endpoint runs.
    Foreign(usize),
    /// Hosts in a network, whoever they belong to.
    Network(String),
    /// Whoever works in something that people work in.
    Session(usize),
    /// Code that runs as a role, for what needs no more than that.
    Code(usize),
    /// Every right in the account.
    Admin,
}

/// How one node leads to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Hop {
    /// Somebody has the rights of a group: no hop to speak of.
    Holds,
    Assumes,
    CanRunAs,
    TakesOver,
    RunsAs,
    Feeds,
    Writes,
    Reads,
    /// Acts as another user or role by changing it.
    Seizes,
    Escalates,
    Exposed,
    /// Changes what others rely on.
    Tampers,
    /// Is enough to act as a user.
    Opens,
    /// Sends input to it.
    Calls,
    /// Takes a copy of it elsewhere.
    Carries,
    /// Owns what others take for theirs.
    Claims,
}

impl Hop {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Hop::Holds => "holds",
            Hop::Assumes => "assumes",
            Hop::CanRunAs => "can-run-as",
            Hop::TakesOver => "takes-over",
            Hop::RunsAs => "runs-as",
            Hop::Feeds => "feeds",
            Hop::Writes => "writes",
            Hop::Reads => "reads",
            Hop::Seizes => "seizes",
            Hop::Escalates => "escalates",
            Hop::Exposed => "exposed",
            Hop::Tampers => "tampers",
            Hop::Opens => "opens",
            Hop::Calls => "calls",
            Hop::Carries => "carries",
            Hop::Claims => "claims",
        }
    }
}

/// What makes an edge real.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fact {
    /// A statement, and whose policy it stands in.
    Statement { holder: String, proof: Proof },
    /// A field of the snapshot.
    Field { resource: String, field: String },
}

/// Which part of a hop an edge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// From somebody's rights to a set of targets: what the rights say.
    Front,
    /// From the set to one target: what is particular to that one.
    Back,
}

/// One edge, with everything that a reader may ask about it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edge {
    pub(crate) hop: Hop,
    pub(crate) part: Part,
    pub(crate) technique: &'static str,
    pub(crate) confidence: Confidence,
    /// The clause between the names of the two nodes; where it is in two halves, the first ends before the second name.
    pub(crate) says: String,
    pub(crate) facts: Vec<Fact>,
    /// It takes effect only when somebody else acts.
    pub(crate) waits: bool,
    /// Changes that would end it, the smallest first.
    pub(crate) cuts: Vec<String>,
}

impl Edge {
    fn new(hop: Hop, technique: &'static str, says: impl Into<String>) -> Edge {
        let (says, confidence) = (says.into(), Confidence::Published);
        Edge { hop, part: Part::Whole, technique, confidence, says, facts: Vec::new(), waits: false, cuts: Vec::new() }
    }

    /// The half of a hop that lies at its target.
    fn back(hop: Hop) -> Edge {
        Edge { part: Part::Back, ..Edge::new(hop, "", "") }
    }

    fn shown(mut self, holder: &str, proof: &Proof, cut: &str) -> Edge {
        let at = match &proof.sid {
            Some(sid) if !sid.is_empty() => format!("statement {sid}"),
            _ => format!("statement {}", proof.statement),
        };
        if !cut.is_empty() {
            let embedded = !proof.policy.starts_with("arn:") && !proof.policy.ends_with(holder);
            let whose = if embedded { format!(" of {holder}") } else { String::new() };
            self.cuts.push(format!("{cut}: {at} of {}{whose}", proof.policy));
        }
        self.facts.push(Fact::Statement { holder: holder.to_owned(), proof: proof.clone() });
        self
    }

    fn field(mut self, resource: String, field: impl Into<String>, cut: String) -> Edge {
        self.facts.push(Fact::Field { resource, field: field.into() });
        self.cuts.push(cut);
        self
    }

    /// The condition keys that it hangs on.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for fact in &self.facts {
            if let Fact::Statement { proof, .. } = fact {
                keys.extend(proof.keys.iter().map(|key| key.to_string()));
            }
        }
        keys.sort();
        keys.dedup();
        keys
    }

    /// What was not seen or understood and could only take it away.
    pub(crate) fn assumes(&self) -> Option<&str> {
        self.facts.iter().find_map(|fact| match fact {
            Fact::Statement { proof, .. } => proof.unread.as_deref(),
            Fact::Field { .. } => None,
        })
    }

    /// One for the hop, two for a condition, one for waiting; having rights costs nothing.
    pub(crate) fn cost(&self) -> u32 {
        match self.hop {
            Hop::Holds => 0,
            _ => {
                let conditional = |fact: &Fact| matches!(fact, Fact::Statement { proof, .. } if !proof.keys.is_empty());
                let doubtful = self.facts.iter().any(conditional) || self.assumes().is_some();
                u32::from(self.part != Part::Back) + if doubtful { 2 } else { 0 } + u32::from(self.waits)
            }
        }
    }
}

/// Targets of one family that one group of rights leads to, and all edges that a family may have.
const MOST_FROM_ONE: usize = 32;
const MOST_EDGES: usize = 200_000;
/// Questions about objects and start scripts that a family may ask: the fewer there are, the more writers of each are found.
const MOST_QUESTIONS: usize = 50_000;
/// Artifacts, data buckets and other things worth reaching that are looked at.
const MOST_OBJECTS: usize = 200;
const MOST_PRIZES: usize = 200;
const MOST_BUCKETS: usize = 64;
/// Sets of equal rights that read one of them: who reads by right must be known, or a longer way to the same data would look
/// like news.
const MOST_READERS: usize = 5_000;

/// The graph with what it was made from.
pub(crate) struct Map<'w> {
    pub(crate) graph: DiGraph<Node, Edge>,
    pub(crate) survey: &'w Survey,
    pub(crate) stage: Stage,
    /// Roles that something runs under, or that SageMaker may wear.
    pub(crate) worn: BTreeSet<usize>,
    /// What was left out for being too much.
    pub(crate) cut: usize,
    /// What was not seen: what it would have told of, and why.
    pub(crate) gaps: Vec<(String, Gap)>,
    nodes: HashMap<Node, NodeIndex>,
    shares: HashMap<(Mask, usize), usize>,
    /// Sets of targets by what they are reached for, so that equal ones are one node.
    reaches: HashMap<(String, Vec<Node>), usize>,
    /// The number of edges at which the family under way has all it may have.
    full: usize,
}

/// The way of somebody, with how many have the same rights; none, where it is that one's alone.
type WayOf = (usize, usize, Way);

/// One target that somebody's rights lead to: what the rights say, and what is particular to the target.
struct Way {
    to: Node,
    front: Edge,
    back: Edge,
}

impl<'w> Map<'w> {
    pub(crate) fn of(world: &'w World<'w>) -> Map<'w> {
        let mut map = Map {
            graph: DiGraph::new(),
            survey: world.survey(),
            stage: Stage::of(world),
            worn: BTreeSet::new(),
            cut: 0,
            gaps: Vec::new(),
            nodes: HashMap::new(),
            shares: HashMap::new(),
            reaches: HashMap::new(),
            full: 0,
        };
        map.cut += map.stage.around.cut;
        map.add_gaps();
        let families: [fn(&mut Map<'w>, &World<'w>); 19] = [
            |map, _| map.add_people(),
            |map, _| map.add_what_runs(),
            |map, _| map.add_handovers(),
            |map, _| map.add_takeovers(),
            |map, _| map.add_scripts(),
            |map, world| map.add_artifacts(world),
            |map, world| map.add_data(world),
            |map, _| map.add_assuming(),
            |map, _| map.add_seizing(),
            |map, _| map.add_tampering(),
            |map, _| map.add_credentials(),
            |map, _| map.add_images(),
            |map, _| map.add_calls(),
            |map, _| map.add_retagging(),
            |map, _| map.add_homes(),
            |map, _| map.add_abroad(),
            |map, _| map.add_shared(),
            |map, _| map.add_claimable(),
            |map, _| map.add_registries(),
        ];
        for family in families {
            // Each has its own limit, so that no family takes the place of another.
            map.full = map.graph.edge_count() + MOST_EDGES;
            family(&mut map, world);
        }
        map
    }

    pub(crate) fn node(&mut self, node: Node) -> NodeIndex {
        match self.nodes.get(&node) {
            Some(index) => *index,
            None => {
                let index = self.graph.add_node(node.clone());
                self.nodes.insert(node, index);
                index
            }
        }
    }

    /// The index of a node, if it has any edge.
    pub(crate) fn index(&self, node: &Node) -> Option<NodeIndex> {
        self.nodes.get(node).copied()
    }

    fn edge(&mut self, from: Node, to: Node, edge: Edge) {
        if self.graph.edge_count() >= self.full {
            self.cut += 1;
            return;
        }
        let (from, to) = (self.node(from), self.node(to));
        self.graph.add_edge(from, to, edge);
    }

    /// Leads from somebody's rights to several targets. Those that the same statements open are one set, which whoever else
    /// reaches the same shares.
    fn lead(&mut self, from: &Node, ways: Vec<Way>) {
        let mut sets: Vec<(Edge, Vec<(Node, Edge)>)> = Vec::new();
        for Way { to, front, back } in ways {
            let front = Edge { part: Part::Front, ..front };
            match sets.iter_mut().find(|(known, _)| *known == front) {
                Some((_, targets)) => targets.push((to, back)),
                None => sets.push((front, vec![(to, back)])),
            }
        }
        for (front, mut targets) in sets {
            targets.sort_by(|(one, _), (two, _)| one.cmp(two));
            targets.dedup_by(|(one, _), (two, _)| one == two);
            let key = (front.says.clone(), targets.iter().map(|(node, _)| node.clone()).collect());
            let next = self.reaches.len();
            let number = *self.reaches.entry(key).or_insert(next);
            let reach = Node::Reach(number);
            if number == next {
                targets.into_iter().for_each(|(to, back)| self.edge(reach.clone(), to, back));
            }
            self.edge(from.clone(), reach, front);
        }
    }

    /// The same for several at once: from all with the same rights to these actions, or, where there are none, from that one
    /// alone.
    fn lead_by(&mut self, ways: Vec<WayOf>, about: Mask) {
        let mut by_start: BTreeMap<Node, Vec<Way>> = BTreeMap::new();
        for (person, alike, way) in ways {
            let from = if alike == 0 { Node::Person(person) } else { self.share(person, about).0 };
            by_start.entry(from).or_default().push(way);
        }
        by_start.into_iter().for_each(|(from, ways)| self.lead(&from, ways));
    }

    fn add_gaps(&mut self) {
        let cast = &self.survey.cast;
        self.gaps.extend(cast.users_missing.iter().map(|gap| ("users".to_owned(), gap.clone())));
        self.gaps.extend(cast.roles_missing.iter().map(|gap| ("roles".to_owned(), gap.clone())));
        self.gaps.extend(cast.unread.iter().map(|(arn, gap)| (format!("policies of {arn}"), gap.clone())));
        for group in cast.groups.iter() {
            if let (Some(gap), Some(first)) = (&group.gap, group.members.first()) {
                let who = self.survey.called(*first, group.members.len());
                self.gaps.push((format!("policies of {who}"), gap.clone()));
            }
        }
        for person in &cast.people {
            if let (Err(gap), false) = (&person.trust, person.is_user) {
                self.gaps.push((format!("trust policy of role {}", person.name), gap.clone()));
            }
        }
        self.gaps.append(&mut self.stage.gaps);
        for piece in &self.stage.pieces {
            for gap in piece.doubt.iter().chain(&piece.unseen) {
                self.gaps.push((format!("{} {}", piece.kind, piece.name), gap.clone()));
            }
        }
    }

    /// `user ana`, `role training`.
    pub(crate) fn called(&self, person: usize) -> String {
        self.survey.called(person, 1)
    }

    fn name(&self, person: usize) -> String {
        self.survey.cast.people.get(person).map_or_else(String::new, |person| person.name.clone())
    }

    fn add_people(&mut self) {
        for (at, person) in self.survey.cast.people.iter().enumerate() {
            self.edge(Node::Person(at), Node::Rights(person.group), Edge::new(Hop::Holds, "", "has these rights"));
            if let (Standing::Admin(proof), Some(way)) = self.survey.cast.standing(at) {
                let holder = self.called(at);
                let edge = Edge::new(Hop::Escalates, way.id, format!("can {}", way.says));
                // An administrator is meant to be one; who can make itself one is not.
                let cut = if self.survey.cast.is_outright_admin(at) { "" } else { "take the right away" };
                self.edge(Node::Person(at), Node::Admin, edge.shown(&holder, proof, cut));
            } else if let Some((lifts, then, way)) = self.survey.cast.beyond_limit(at) {
                let holder = self.called(at);
                let says = format!("can lift its own permissions boundary, and then {}", way.says);
                let edge = Edge::new(Hop::Escalates, LIFTED, says)
                    .shown(&holder, &lifts, "deny the lifting of boundaries")
                    .shown(&holder, &then, "");
                self.edge(Node::Person(at), Node::Admin, edge);
            } else if let Some(undone) = self.survey.cast.beyond_denial(at) {
                let holder = self.called(at);
                let says =
                    format!("can take off itself the policies that deny it something, and then {}", undone.way.says);
                let edge = undone.takes_off.iter().fold(Edge::new(Hop::Escalates, LIFTED, says), |edge, proof| {
                    edge.shown(&holder, proof, "deny the taking off of policies")
                });
                self.edge(Node::Person(at), Node::Admin, edge.shown(&holder, &undone.then, ""));
            }
        }
    }

    /// Groups in which somebody is left who could gain something, each with the first such member.
    fn ordinary(&self) -> Vec<(usize, usize)> {
        let groups = self.survey.cast.groups.iter().enumerate();
        let first = |members: &[usize]| members.iter().copied().find(|person| self.survey.is_ordinary(*person));
        groups.filter_map(|(at, group)| Some((at, first(&group.members)?))).collect()
    }

    fn add_what_runs(&mut self) {
        let mut edges = Vec::new();
        for (at, piece) in self.stage.pieces.iter().enumerate() {
            let called = format!("{} {}", piece.kind, piece.name);
            for (arn, field) in &piece.roles {
                let Some(role) = self.survey.cast.person(arn) else { continue };
                self.worn.insert(role);
                let says = format!("runs as role {}", self.name(role));
                let cut = format!("give {called} a role with fewer rights than {}", self.name(role));
                let edge = Edge::new(Hop::RunsAs, "runs-as", says).field(called.clone(), field.as_str(), cut);
                edges.push((Node::Piece(at), Node::Person(role), edge));
            }
            if let Some(how) = &piece.exposed {
                let cut = format!("take {called} off the internet, or root access from its users");
                let says = format!("reaches into {called}: {how}");
                let edge = Edge::new(Hop::Exposed, "exposed", says).field(
                    called.clone(),
                    "DirectInternetAccess, SubnetId, RootAccess",
                    cut,
                );
                edges.push((Node::Internet, Node::Piece(at), edge));
            }
        }
        for at in 0..self.survey.cast.people.len() {
            if matches!(self.survey.cast.trusts_service(at, "sagemaker"), Answer::Yes(_)) {
                self.worn.insert(at);
            }
        }
        edges.into_iter().for_each(|(from, to, edge)| self.edge(from, to, edge));
    }

    /// The node of what a person's rights say about some actions, and whether it is new. All whose rights agree in that
    /// lead to it.
    fn share(&mut self, person: usize, about: Mask) -> (Node, bool) {
        let Some(group) = self.survey.cast.people.get(person).map(|person| person.group) else {
            return (Node::Person(person), false);
        };
        let (next, classes) = (self.shares.len(), self.survey.cast.classes(about));
        if let Some(number) = self.shares.get(&(about, group)) {
            return (Node::Share(*number), false);
        }
        for group in classes.with(group) {
            self.shares.insert((about, *group), next);
            self.edge(Node::Rights(*group), Node::Share(next), Edge::new(Hop::Holds, "", "has these rights"));
        }
        (Node::Share(next), true)
    }

    /// Somebody of another group whose rights say the same about these actions.
    fn another_in_class(&self, group: usize, about: Mask) -> Option<usize> {
        let (cast, classes) = (&self.survey.cast, self.survey.cast.classes(about));
        let other = classes.with(group).iter().find(|other| **other != group)?;
        cast.groups.get(*other)?.members.first().copied()
    }

    /// Who may run something as a role.
    fn add_handovers(&mut self) {
        let mut family = handover_actions();
        family.join(Mask::of("iam:PassRole"));
        for (group, person) in self.ordinary() {
            let may_pass =
                self.survey.cast.groups.get(group).is_some_and(|g| self.survey.cast.may_hold(g, "iam:PassRole"));
            if !may_pass {
                continue;
            }
            let (share, new) = self.share(person, family);
            if !new {
                continue;
            }
            let mut handed = self.survey.handed(person, self.survey.strong(), MOST_FROM_ONE);
            self.cut += handed.cut;
            // Nobody gains from the own rights; but whoever else shares this node may gain those of the first.
            if let Some(other) = self.another_in_class(group, family) {
                let by_other = self.survey.handed(other, self.survey.strong(), MOST_FROM_ONE).found.into_iter();
                let of_first =
                    |role: usize| self.survey.cast.people.get(role).is_some_and(|target| target.group == group);
                handed.found.extend(by_other.filter(|one| of_first(one.role)));
            }
            let holder = self.called(person);
            self.gaps.extend(handed.doubt.map(|gap| (format!("what {holder} may hand over"), gap)));
            let mut ways = Vec::new();
            for one in handed.found {
                let mut front = Edge::new(Hop::CanRunAs, one.way.id, format!("can {}", one.way.says))
                    .shown(&holder, &one.pass, "name the roles that may be passed")
                    .shown(&holder, &one.used, "take the right to start it away");
                front.confidence = one.way.confidence;
                let trust = self.called(one.role);
                let back = Edge::back(Hop::CanRunAs).shown(&trust, &one.trust, "trust fewer services");
                ways.push(Way { to: Node::Person(one.role), front, back });
            }
            self.lead(&share, ways);
        }
    }

    /// Who gets into what runs, one piece for each role that pieces run under.
    fn add_takeovers(&mut self) {
        for (kind, word) in Kind::ENTERED {
            let (pieces, targets) = self.enterable(word);
            if pieces.is_empty() {
                continue;
            }
            for way in TAKEOVERS.iter().filter(|way| way.on == kind) {
                for (_, person) in self.ordinary() {
                    if !self.holds_all(person, way) {
                        continue;
                    }
                    let (share, new) = self.share(person, about(way));
                    if !new {
                        continue;
                    }
                    let entered = self.entered(person, way, &targets, &pieces);
                    let holder = self.called(person);
                    let mut ways = Vec::new();
                    for (piece, proof) in entered {
                        let Some(found) = self.stage.pieces.get(piece) else { continue };
                        let mut front = Edge::new(Hop::TakesOver, way.id, format!("can {} {}", way.says, found.kind));
                        (front.waits, front.confidence) = (way.waits, way.confidence);
                        if found.opens.is_none() {
                            let what = if kind == Kind::Profile {
                                "how its domain signs people in"
                            } else {
                                "whether it lets anybody in"
                            };
                            let unread = Some(what.to_owned());
                            let proof = Proof { unread, ..proof.clone() };
                            front.facts.push(Fact::Statement { holder: holder.clone(), proof });
                        }
                        let front = front.shown(&holder, &proof, "limit the right to one's own");
                        ways.push(Way { to: Node::Piece(piece), front, back: Edge::back(Hop::TakesOver) });
                    }
                    self.lead(&share, ways);
                }
            }
        }
    }

    /// The pieces of a kind that can be entered, and their ARNs.
    fn enterable(&self, word: &str) -> (Vec<usize>, Targets) {
        let fits = |piece: &super::stage::Piece| {
            piece.kind == word && piece.opens != Some(false) && !piece.arn.is_empty() && !piece.arn.contains('*')
        };
        let mut pieces: Vec<usize> =
            self.stage.pieces.iter().enumerate().filter(|(_, p)| fits(p)).map(|(at, _)| at).collect();
        // What runs as somebody who matters comes first: what is cut then matters least.
        pieces.sort_by_cached_key(|at| std::cmp::Reverse(self.worth(*at)));
        let arn = |at: &usize| self.stage.pieces.get(*at).map_or_else(String::new, |piece| piece.arn.clone());
        let targets = Targets::new(pieces.iter().map(arn).collect());
        (pieces, targets)
    }

    /// How much there is to gain from the roles of a piece: an administrator, data, nothing to speak of.
    fn worth(&self, piece: usize) -> u8 {
        let cast = &self.survey.cast;
        let roles = self.stage.pieces.get(piece).map_or(&[][..], |piece| &piece.roles);
        let of = |role: usize| {
            let group = cast.people.get(role).and_then(|person| cast.groups.get(person.group));
            let holds = |action| group.is_some_and(|group| cast.may_hold(group, action));
            if cast.is_admin(role) {
                2
            } else {
                u8::from(["s3:GetObject", "iam:PassRole", "sts:AssumeRole"].into_iter().any(holds))
            }
        };
        roles.iter().filter_map(|(arn, _)| cast.person(arn)).map(of).max().unwrap_or_default()
    }

    fn holds_all(&self, person: usize, way: &Takeover) -> bool {
        let group = self.survey.cast.people.get(person).and_then(|p| self.survey.cast.groups.get(p.group));
        group.is_some_and(|group| way.needs.iter().all(|(action, _)| self.survey.cast.may_hold(group, action)))
    }

    fn entered(&mut self, person: usize, way: &Takeover, targets: &Targets, pieces: &[usize]) -> Vec<(usize, Proof)> {
        let Some((first, _)) = way.needs.iter().find(|(_, on)| *on == "@") else { return Vec::new() };
        let documents = self.survey.cast.documents(person, first);
        let (mut found, mut classes, mut asked) = (Vec::new(), BTreeSet::new(), 0);
        for at in targets.candidates(&documents, first).iter().copied() {
            let Some((index, piece)) = pieces.get(at).and_then(|at| Some((*at, self.stage.pieces.get(*at)?))) else {
                continue;
            };
            let role = piece.roles.first().map(|(arn, _)| arn.clone());
            if classes.contains(&role) || role.is_none() {
                continue;
            }
            if asked >= 2 * MOST_FROM_ONE || found.len() >= MOST_FROM_ONE {
                self.cut += 1;
                continue;
            }
            asked += 1;
            let thing = Some((piece.arn.as_str(), &piece.tags));
            let mut answer = way
                .needs
                .iter()
                .map(|need| self.survey.cast.holds(person, need, thing))
                .reduce(Answer::and)
                .unwrap_or(Answer::No);
            if let (Some(wake), true) = (&way.wake, piece.runs != Some(true)) {
                answer = answer.and(self.survey.cast.holds(person, wake, thing));
            }
            // A shell needs the agent in the container, and that the rights of the job's role.
            if let (Kind::TrainingJob, Some(role)) =
                (way.on, role.as_deref().and_then(|arn| self.survey.cast.person(arn)))
            {
                answer = answer.and(self.survey.cast.ask(role, &Ask::new("ssmmessages:CreateDataChannel", "*")));
            }
            match answer {
                Answer::Yes(proof) => {
                    classes.insert(role);
                    found.push((index, proof));
                }
                Answer::Doubt(gap) => {
                    let what =
                        format!("whether {} gets into {} {}", self.survey.called(person, 1), piece.kind, piece.name);
                    self.gaps.push((what, gap));
                }
                Answer::No => {}
            }
        }
        found
    }

    /// Who rewrites start scripts, and what they start.
    fn add_scripts(&mut self) {
        let (mut edges, mut people) = (Vec::new(), Vec::new());
        let most = most_askers(self.stage.scripts.len());
        for (at, script) in self.stage.scripts.iter().enumerate() {
            let attached: Vec<usize> = self
                .stage
                .pieces
                .iter()
                .enumerate()
                .filter(|(_, piece)| piece.region == script.region && piece.script.as_deref() == Some(&script.name))
                .map(|(at, _)| at)
                .collect();
            if attached.is_empty() || script.arn.is_empty() || script.arn.contains('*') {
                continue;
            }
            let mut classes = BTreeSet::new();
            for piece in attached {
                let Some(found) = self.stage.pieces.get(piece) else { continue };
                if !classes.insert(&found.roles) {
                    continue;
                }
                let called = format!("notebook {}", found.name);
                let says = format!("runs as root when {called} starts");
                let cut = format!("take the lifecycle configuration off {called}");
                let mut edge =
                    Edge::new(Hop::Feeds, "feeds", says).field(called, "NotebookInstanceLifecycleConfigName", cut);
                edge.waits = true;
                edges.push((Node::Script(at), Node::Piece(piece), edge));
            }
            let found = self.survey.writers_of_script(&script.arn, most, |person| self.survey.is_ordinary(person));
            self.gaps.extend(found.doubt.map(|gap| (format!("who rewrites start script {}", script.name), gap)));
            self.cut += found.cut;
            for one in &found.found {
                let says = format!("can {} start script", one.way.says);
                let front = Edge { confidence: one.way.confidence, ..Edge::new(Hop::Writes, one.way.id, says) };
                let front = front.shown(
                    &self.called(one.person),
                    &one.proof,
                    "keep the writing of start scripts to administrators",
                );
                let way = Way { to: Node::Script(at), front, back: Edge::back(Hop::Writes) };
                people.push((one.person, one.alike, way));
            }
        }
        edges.into_iter().for_each(|(from, to, edge)| self.edge(from, to, edge));
        self.lead_by(people, writing_scripts());
    }

    /// Who replaces what endpoints load.
    fn add_artifacts(&mut self, world: &World<'_>) {
        let mut objects: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (at, piece) in self.stage.pieces.iter().enumerate() {
            for load in piece.loads.iter().filter(|_| !piece.roles.is_empty()) {
                objects.entry(load.clone()).or_default().push(at);
            }
        }
        self.cut += objects.len().saturating_sub(MOST_OBJECTS);
        let (mut edges, mut people) = (Vec::new(), Vec::new());
        let most = most_askers(objects.len().min(MOST_OBJECTS));
        let mut objects: Vec<_> = objects.into_iter().collect();
        objects.sort_by_cached_key(|(_, loaded)| std::cmp::Reverse(loaded.iter().map(|at| self.worth(*at)).max()));
        for ((bucket, key), loaded) in objects.into_iter().take(MOST_OBJECTS) {
            let node = Node::Artifact(bucket.clone(), key.clone());
            let mut classes = BTreeSet::new();
            for piece in loaded {
                let Some(found) = self.stage.pieces.get(piece) else { continue };
                if !classes.insert(&found.roles) {
                    continue;
                }
                let called = format!("{} {}", found.kind, found.name);
                let cut = format!("have {called} load from a bucket that only the release role writes");
                let mut edge = match found.kind {
                    "cluster" => {
                        let says = format!("is run as root by each new node of {called}");
                        Edge::new(Hop::Feeds, SCRIPTS, says).field(called, "LifeCycleConfig.SourceS3Uri", cut)
                    }
                    _ => {
                        let says = format!("is loaded and run by {called} when an instance starts");
                        Edge::new(Hop::Feeds, "sm-ex-19", says).field(called, "ModelDataUrl", cut)
                    }
                };
                edge.waits = true;
                edges.push((node.clone(), Node::Piece(piece), edge));
            }
            let writes = || Edge::new(Hop::Writes, "sm-ex-19", "can replace");
            let found = self
                .survey
                .users_of_bucket("s3:PutObject", &bucket, &key, most, |person| self.survey.is_ordinary(person));
            self.cut += found.cut;
            self.gaps.extend(found.doubt.map(|gap| (format!("who writes s3://{bucket}/{key}"), gap)));
            for (person, alike, proof) in found.found {
                let front = writes().shown(&self.called(person), &proof, "take the right to write there away");
                people.push((person, alike, Way { to: node.clone(), front, back: Edge::back(Hop::Writes) }));
            }
            for (from, proof) in self.outsiders("s3:PutObject", &bucket, &key, world) {
                let edge = Edge { says: format!("can replace s3://{bucket}/{key}"), ..writes() };
                let edge = edge.shown(&format!("bucket {bucket}"), &proof, "close the bucket to the outside");
                edges.push((from, node.clone(), edge));
            }
        }
        edges.into_iter().for_each(|(from, to, edge)| self.edge(from, to, edge));
        self.lead_by(people, Mask::of("s3:PutObject"));
    }

    /// Who reads training data.
    fn add_data(&mut self, world: &World<'_>) {
        self.cut += self.stage.stores.len().saturating_sub(MOST_BUCKETS);
        let (mut edges, mut people) = (Vec::new(), Vec::new());
        let mut powers: HashMap<usize, bool> = HashMap::new();
        for (at, store) in self.stage.stores.iter().enumerate().take(MOST_BUCKETS) {
            let reads = || Edge::new(Hop::Reads, "reads", "reads the training data in bucket");
            let not_aws = |person: usize| self.survey.cast.people.get(person).is_some_and(|p| !p.service_linked);
            let mut outside: BTreeMap<Node, Proof> = BTreeMap::new();
            let mut seen = BTreeSet::new();
            for prefix in &store.prefixes {
                let found = self.survey.users_of_bucket("s3:GetObject", &store.bucket, prefix, MOST_READERS, not_aws);
                self.cut += found.cut;
                self.gaps.extend(found.doubt.map(|gap| (format!("who reads bucket {}", store.bucket), gap)));
                for (person, alike, proof) in found.found {
                    if seen.insert(person) {
                        // Who is granted everything can do with less; who is granted this bucket needs it.
                        let power = powers.entry(person).or_insert_with(|| self.survey.power(person) != Ok(None));
                        let cut = if *power { "read named buckets only" } else { "" };
                        let front = reads().shown(&self.called(person), &proof, cut);
                        people.push((person, alike, Way { to: Node::Data(at), front, back: Edge::back(Hop::Reads) }));
                    }
                }
                for (from, proof) in self.outsiders("s3:GetObject", &store.bucket, prefix, world) {
                    outside.entry(from).or_insert(proof);
                }
            }
            for (from, proof) in outside {
                let says = format!("reads the training data in bucket {}", store.bucket);
                let edge = Edge { says, ..reads() };
                let edge = edge.shown(&format!("bucket {}", store.bucket), &proof, "close the bucket to the outside");
                edges.push((from, Node::Data(at), edge));
            }
        }
        edges.into_iter().for_each(|(from, to, edge)| self.edge(from, to, edge));
        let mut about = Mask::of("s3:GetObject");
        about.join(Mask::of("kms:Decrypt"));
        self.lead_by(people, about);
    }

    /// Who from outside can do this to a bucket. What a public access block might prevent and was not seen counts as open,
    /// with that said in the proof.
    fn outsiders(&self, action: &str, bucket: &str, key: &str, world: &World<'_>) -> Vec<(Node, Proof)> {
        let Some(document) = self.survey.buckets.get(bucket).and_then(|policy| policy.policy.as_ref().ok()?.clone())
        else {
            return Vec::new();
        };
        let account = &world.snapshot.account.public_access_block;
        let own = world.bucket(bucket).map(|bucket| &bucket.public_access_block);
        let on =
            |seen: &Seen<crate::snapshot::PublicAccessBlock>| seen.shown().is_some_and(|block| block.restrict_buckets);
        let restricted = on(account) || own.as_ref().is_ok_and(|own| on(own));
        let unseen = !restricted && (account.gap().is_some() || own.as_ref().map_or(true, |own| own.gap().is_some()));
        let callers = self.callers_from_outside(&document, action);
        let asked = callers.into_iter().filter_map(|(node, caller)| {
            match self.survey.outsider_touches(&caller, action, bucket, key, restricted) {
                Answer::Yes(mut proof) => {
                    if unseen {
                        proof.unread.get_or_insert_with(|| "the public access block".to_owned());
                    }
                    Some((node, proof))
                }
                _ => None,
            }
        });
        asked.collect()
    }

    /// Those from outside whom a policy may let in: nobody in particular, and whom it names.
    fn callers_from_outside(&self, document: &Document, action: &str) -> Vec<(Node, String)> {
        let mut callers = vec![(Node::Anyone, "anonymous".to_owned())];
        for whom in sagescan_policy::admissions(document, action).iter().map(|one| one.who).take(64) {
            let arn = match whom {
                Whom::Identity(identity) => identity.arn().to_owned(),
                Whom::Account(account) => format!("arn:{}:iam::{account}:role/{STRANGER}", self.survey.cast.partition),
                _ => continue,
            };
            if whom.account() != Some(&self.survey.cast.account) && !callers.iter().any(|(_, other)| *other == arn) {
                let name = match whom {
                    Whom::Account(account) => format!("account {account}"),
                    other => other.to_string(),
                };
                callers.push((Node::Outsider(name), arn));
            }
        }
        callers
    }

    /// Who may assume roles from which something is to be gained, by trust and by their own policies.
    fn add_assuming(&mut self) {
        let cast = &self.survey.cast;
        let useful = |at: &usize| {
            let person = cast.people.get(*at);
            let group = person.and_then(|person| cast.groups.get(person.group));
            person.is_some_and(|p| !p.is_user && !p.service_linked)
                && (group.is_some_and(|group| group.allows != Mask::default()) || cast.is_admin(*at))
        };
        let mut by_trust: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
        for at in (0..cast.people.len()).filter(useful) {
            if let Some((Ok(trust), group)) = cast.people.get(at).map(|person| (&person.trust, person.group)) {
                by_trust.entry(*trust).or_default().entry(group).or_insert(at);
            }
        }
        let (mut edges, mut open) = (Vec::new(), Vec::new());
        for (trust, roles) in &by_trust {
            let Some(facts) = cast.trusts.get(*trust) else { continue };
            let roles: Vec<usize> = roles.values().copied().collect();
            if facts.account {
                open.extend(roles.iter().copied());
            }
            if let Some(flaw) = facts.document.statements().iter().find_map(|statement| statement.flaw.as_deref()) {
                let role = roles.first().map_or_else(String::new, |role| self.name(*role));
                let why = Gap::new(crate::snapshot::Reason::Unrecognised, flaw);
                self.gaps.push((format!("whom role {role} trusts"), why));
            }
            for whom in &facts.named {
                for (from, proof) in self.admitted(whom, facts) {
                    self.cut += roles.len().saturating_sub(MOST_FROM_ONE);
                    for role in roles.iter().take(MOST_FROM_ONE).filter(|role| from != Node::Person(**role)) {
                        let name = self.name(*role);
                        let edge = Edge::new(Hop::Assumes, "gen-sts-001", format!("can assume role {name}"));
                        let edge = edge.shown(&format!("role {name}"), &proof, "narrow the trust policy");
                        edges.push((from.clone(), Node::Person(*role), edge));
                    }
                }
            }
        }
        // Of a role that its account may assume, the policies of the callers decide.
        let arns = open.iter().map(|at| cast.people.get(*at).map_or_else(String::new, |p| p.arn.clone())).collect();
        let targets = Targets::new(arns);
        for (group, person) in self.ordinary() {
            let may_assume = cast.groups.get(group).is_some_and(|g| cast.may_hold(g, "sts:AssumeRole"));
            if targets.is_empty() || !may_assume {
                continue;
            }
            let (share, new) = self.share(person, Mask::of("sts:AssumeRole"));
            if !new {
                continue;
            }
            let shared = self.another_in_class(group, Mask::of("sts:AssumeRole")).is_some();
            let documents = cast.documents(person, "sts:AssumeRole");
            let mut candidates = targets.candidates(&documents, "sts:AssumeRole").into_owned();
            candidates.sort_by_key(|at| !open.get(*at).is_some_and(|role| cast.is_admin(*role)));
            self.cut += candidates.len().saturating_sub(MOST_FROM_ONE);
            let mut ways = Vec::new();
            for role in candidates.into_iter().take(MOST_FROM_ONE).filter_map(|at| open.get(at).copied()) {
                let own = |target: &&Person| target.group == group && !shared;
                let Some(target) = cast.people.get(role).filter(|target| !own(target)) else { continue };
                let Some(facts) = cast.trust(role) else { continue };
                let mut question = Ask::new("sts:AssumeRole", &target.arn).tagged(&target.tags);
                question.policy = ResourcePolicy::Is(vec![facts.document.clone()]);
                let answer = cast.ask(person, &question);
                if let Answer::Doubt(gap) = &answer {
                    self.gaps
                        .push((format!("whether {} assumes role {}", self.called(person), target.name), gap.clone()));
                }
                if let Answer::Yes(proof) = answer {
                    let front = Edge::new(Hop::Assumes, "gen-sts-001", "can assume role");
                    let front = front.shown(&self.called(person), &proof, "take the right to assume it away");
                    ways.push(Way { to: Node::Person(role), front, back: Edge::back(Hop::Assumes) });
                }
            }
            self.lead(&share, ways);
        }
        edges.into_iter().for_each(|(from, to, edge)| self.edge(from, to, edge));
    }

    /// Whom an entry of a trust policy lets in, apart from services and the account as a whole.
    fn admitted(&self, whom: &Whom, facts: &TrustFacts) -> Vec<(Node, Proof)> {
        let cast = &self.survey.cast;
        let (own, partition) = (cast.account.as_str(), cast.partition.as_str());
        let other = if own == "999999999999" { "888888888888" } else { "999999999999" };
        let (node, caller, action) = match whom {
            Whom::Identity(identity) if identity.account() == own => match cast.person(identity.arn()) {
                Some(person) => (Node::Person(person), identity.arn().to_owned(), "sts:AssumeRole"),
                None => return Vec::new(),
            },
            Whom::Identity(identity) => {
                (Node::Outsider(identity.arn().to_owned()), identity.arn().to_owned(), "sts:AssumeRole")
            }
            Whom::Account(account) if **account == *own => return Vec::new(),
            Whom::Account(account) => {
                let caller = format!("arn:{partition}:iam::{account}:role/{STRANGER}");
                (Node::Outsider(format!("account {account}")), caller, "sts:AssumeRole")
            }
            Whom::Everyone => (Node::Anyone, format!("arn:{partition}:iam::{other}:role/{STRANGER}"), "sts:AssumeRole"),
            Whom::Federated(provider) => {
                let saml = provider.contains(":saml-provider/");
                let action = if saml { "sts:AssumeRoleWithSAML" } else { "sts:AssumeRoleWithWebIdentity" };
                (Node::Provider(provider.to_string()), provider.to_string(), action)
            }
            _ => return Vec::new(),
        };
        // A principal that the trust policy names needs no right of its own in the same account; others are taken to have it.
        let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let policies = Policies {
            identity: vec![Arc::new(Document::parse_or_doubt("anything", all))],
            resource: ResourcePolicy::Is(vec![facts.document.clone()]),
            // Whoever is of the account is under its organization; of whoever is not, only what binds the role counts.
            scps: if matches!(node, Node::Person(_)) { cast.ceiling.scps.clone() } else { Guardrails::None },
            rcps: cast.ceiling.rcps.clone(),
            ..Policies::default()
        };
        let arn = cast.own_arn("iam", "", &format!("role/{STRANGER}"));
        let context = match node {
            Node::Person(_) => cast.ceiling.known_to(Context::open(), true),
            _ => Context::open(),
        };
        let request = Request::new(&caller, action, &arn).within(context).with_known_keys();
        let choices = Choices { keys: vec!["sts:RoleSessionName".to_owned()], resource: false };
        let decision = reach(&request, &choices, &policies).decision;
        if decision.is_denied() || (decision.outcome == Outcome::Conditional && decision.keys.is_empty()) {
            return Vec::new();
        }
        let Some(origin) = decision.allowed_by.iter().find(|origin| origin.layer == Layer::Resource) else {
            return Vec::new();
        };
        let proof = Proof {
            policy: origin.policy.clone(),
            statement: origin.statement + 1,
            sid: origin.sid.clone(),
            action: String::new(),
            resources: Vec::new(),
            keys: decision.keys.clone(),
            unread: decision.notes.first().map(ToString::to_string),
        };
        vec![(node, proof)]
    }

    /// Who acts as an administrator by changing it.
    fn add_seizing(&mut self) {
        let cast = &self.survey.cast;
        let admins: Vec<usize> = (0..cast.people.len())
            .filter(|at| cast.is_admin(*at) && cast.people.get(*at).is_some_and(|p| !p.service_linked))
            .collect();
        let mut edges = Vec::new();
        for (action, id, roles, says) in SEIZURES {
            let wanted: Vec<usize> =
                admins.iter().copied().filter(|at| cast.people.get(*at).is_some_and(|p| p.is_user != *roles)).collect();
            let targets = Targets::new(
                wanted.iter().map(|at| cast.people.get(*at).map_or_else(String::new, |p| p.arn.clone())).collect(),
            );
            for (group, person) in self.ordinary() {
                if targets.is_empty() {
                    break;
                }
                let documents = cast.documents(person, action);
                let candidates = targets.candidates(&documents, action);
                self.cut += candidates.len().saturating_sub(MOST_FROM_ONE);
                // One administrator is enough.
                for victim in candidates.iter().copied().take(MOST_FROM_ONE).filter_map(|at| wanted.get(at).copied()) {
                    let Some(target) = cast.people.get(victim) else { continue };
                    if let Answer::Yes(proof) = cast.ask(person, &Ask::new(action, &target.arn).tagged(&target.tags)) {
                        let edge = Edge::new(Hop::Seizes, id, format!("can {says} {}", self.called(victim)));
                        let edge = edge.shown(&self.called(person), &proof, "take the right away");
                        edges.push((Node::Rights(group), Node::Person(victim), edge));
                        break;
                    }
                }
            }
        }
        edges.into_iter().for_each(|(from, to, edge)| self.edge(from, to, edge));
    }
}

impl Map<'_> {
    /// Who changes what others rely on.
    fn add_tampering(&mut self) {
        let (stage, survey) = (&self.stage, self.survey);
        let mut prizes: Vec<Prize> = Vec::new();
        let (mut people, mut cut, mut gaps) = (Vec::new(), 0, Vec::new());
        let keys = stage.stores.iter().filter(|store| survey.key_of(&store.bucket).is_some()).map(|store| Prize {
            sway: Sway::DataKey,
            kind: "key",
            name: store.bucket.clone(),
            arn: survey.key_of(&store.bucket).unwrap_or_default().to_owned(),
            tags: Seen::Unset,
            roles: Vec::new(),
            field: "KMSMasterKeyID".into(),
        });
        prizes.extend(keys);
        let most = most_askers(stage.prizes.len().min(MOST_PRIZES));
        let number = |at: usize| stage.prizes.len() + at;
        let all =
            stage.prizes.iter().enumerate().chain(prizes.iter().enumerate().map(|(at, prize)| (number(at), prize)));
        cut += (stage.prizes.len() + prizes.len()).saturating_sub(MOST_PRIZES);
        for (at, prize) in all.take(MOST_PRIZES) {
            if prize.arn.is_empty() || prize.arn.contains('*') {
                continue;
            }
            // Traffic is written by the role of the endpoint.
            let roles = prize.roles.iter().filter_map(|arn| survey.cast.person(arn));
            let writer = roles
                .map(|role| (role, survey.writes_anywhere(role)))
                .max_by_key(|(_, answer)| answer.proof().is_some());
            let writer = match (&writer, prize.sway) {
                (Some((role, Answer::Yes(proof))), _) => Some((*role, proof.clone())),
                (Some((_, Answer::Doubt(gap))), _) => {
                    gaps.push((format!("where the role of {} writes", prize.name), gap.clone()));
                    continue;
                }
                (_, Sway::Traffic) => continue,
                _ => None,
            };
            for way in TAMPERINGS.iter().filter(|way| way.on == prize.sway) {
                let ordinary = |person: usize| survey.is_ordinary(person);
                let found = match (prize.sway, way.needs.first()) {
                    (Sway::DataKey, Some(need)) => survey.holders_of_key(*need, &prize.name, most, ordinary),
                    _ => survey.holders_of(way.needs, &prize.arn, &prize.tags, most, ordinary),
                };
                cut += found.cut;
                gaps.extend(found.doubt.map(|gap| (format!("who can {} {}", way.says, prize.name), gap)));
                for (person, alike, proof) in found.found {
                    let front = Edge {
                        confidence: way.confidence,
                        ..Edge::new(Hop::Tampers, way.id, format!("can {}", way.says))
                    };
                    let front = front.shown(&survey.called(person, 1), &proof, way.cut);
                    let back = Edge::back(Hop::Tampers);
                    let mut back = match &writer {
                        Some((role, proof)) => {
                            back.shown(&survey.called(*role, 1), proof, "let the role write named buckets only")
                        }
                        None => back,
                    };
                    back.facts.push(Fact::Field {
                        resource: format!("{} {}", prize.kind, prize.name),
                        field: prize.field.to_string(),
                    });
                    let to = Node::Prize(at);
                    people.push((about_all(way.needs), person, alike, Way { to, front, back }));
                }
            }
        }
        self.cut += cut;
        self.gaps.append(&mut gaps);
        self.stage.prizes.append(&mut prizes);
        let mut by_rights: Vec<(Mask, Vec<WayOf>)> = Vec::new();
        for (about, person, alike, way) in people {
            match by_rights.iter_mut().find(|(known, _)| *known == about) {
                Some((_, ways)) => ways.push((person, alike, way)),
                None => by_rights.push((about, vec![(person, alike, way)])),
            }
        }
        by_rights.into_iter().for_each(|(about, ways)| self.lead_by(ways, about));
    }

    /// What is easily stolen, and whom it poses as.
    fn add_credentials(&mut self) {
        let mut edges = Vec::new();
        for (at, one) in self.stage.credentials.iter().enumerate() {
            let Some(person) = self.survey.cast.person(&one.user) else { continue };
            if !self.survey.is_ordinary(person) {
                continue;
            }
            let called = self.called(person);
            let says = format!("is enough to act as {called}");
            let cut = format!("take {} away", one.name);
            let edge = Edge::new(Hop::Opens, "gen-iam-credential", says).field(called, one.field, cut);
            edges.push((Node::Credential(at), Node::Person(person), edge));
        }
        edges.into_iter().for_each(|(from, to, edge)| self.edge(from, to, edge));
    }
}

fn about_all(needs: &[Need]) -> Mask {
    let mut mask = Mask::default();
    needs.iter().for_each(|(action, _)| mask.join(Mask::of(action)));
    mask
}

/// How many sets of equal rights may be asked about each of so many things.
fn most_askers(things: usize) -> usize {
    (MOST_QUESTIONS / things.max(1)).clamp(100, MOST_READERS)
}

fn writing_scripts() -> Mask {
    Mask::of("sagemaker:UpdateNotebookInstanceLifecycleConfig")
}

fn about(way: &Takeover) -> Mask {
    let mut mask = Mask::default();
    way.needs.iter().chain(&way.wake).for_each(|(action, _)| mask.join(Mask::of(action)));
    mask
}
