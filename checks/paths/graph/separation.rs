//! What should be apart and is not: this account and others, homes and the network, people under one role, teams by tags.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sagescan_policy::Context;

use super::{Edge, Fact, Hop, MOST_BUCKETS, MOST_FROM_ONE, MOST_QUESTIONS, Map, Node, Way, about};
use crate::engine::Proof;
use crate::paths::rights::{Answer, Targets, is_resource_tag};
use crate::paths::stage::Prize;
use crate::paths::technique::{Confidence, HOMES, Kind, Mask, RETAGGING, Sway, TAKEOVERS, Takeover};
use crate::snapshot::{Seen, short_name};

/// Roles that several share and that are told of.
const MOST_SHARED: usize = 64;

impl Map<'_> {
    /// Roles of workloads that carry training data to buckets of other accounts.
    pub(super) fn add_abroad(&mut self) {
        let (survey, stage) = (self.survey, &self.stage);
        let (mut edges, mut gaps, mut cut, mut asked) = (Vec::new(), Vec::new(), 0, 0);
        let mut prizes: BTreeMap<usize, Node> = BTreeMap::new();
        // Who writes where is a matter of rights, not of names.
        let mut writes: HashMap<usize, Answer> = HashMap::new();
        for (arn, outlet) in &stage.around.outlets {
            let Some(role) = survey.cast.person(arn).filter(|role| survey.is_ordinary(*role)) else { continue };
            let Some(group) = survey.cast.people.get(role).map(|person| person.group) else { continue };
            let written = match writes.entry(group).or_insert_with(|| survey.writes_abroad(role)) {
                Answer::Yes(proof) => proof.clone(),
                Answer::No => continue,
                Answer::Doubt(gap) => {
                    gaps.push((format!("where {} writes", self.called(role)), gap.clone()));
                    continue;
                }
            };
            for (at, store) in stage.stores.iter().enumerate().take(MOST_BUCKETS) {
                let mut read = None;
                for prefix in &store.prefixes {
                    if asked >= MOST_QUESTIONS {
                        cut += 1;
                        continue;
                    }
                    asked += 1;
                    if let Answer::Yes(proof) = survey.touches(role, "s3:GetObject", &store.bucket, prefix) {
                        read = Some(proof);
                        break;
                    }
                }
                let Some(read) = read else { continue };
                let next = Node::Prize(stage.prizes.len() + prizes.len());
                let prize = prizes.entry(at).or_insert(next).clone();
                let holder = self.called(role);
                let says = format!("can copy the training data in bucket {} to a bucket of any account", store.bucket);
                let edge = Edge::new(Hop::Carries, "copies-abroad", says)
                    .shown(&holder, &read, "")
                    .shown(
                        &holder,
                        &written,
                        "let the role write to buckets of this account only (aws:ResourceAccount)",
                    )
                    .field(
                        outlet.of.clone(),
                        format!("network settings: {}", outlet.how),
                        format!("close the way of {} to buckets of others", outlet.of),
                    );
                // A node of its own: who else becomes the role has the data nearer.
                edges.push((Node::Code(role), prize, edge));
            }
        }
        let mut by_number: Vec<(usize, Node)> = prizes.into_iter().collect();
        by_number.sort_by(|(_, one), (_, other)| one.cmp(other));
        let copies = by_number.into_iter().filter_map(|(at, _)| Some(stage.stores.get(at)?.bucket.clone()));
        let mut copies: Vec<Prize> = copies
            .map(|bucket| plain(Sway::Abroad, "copy", format!("a copy of bucket {bucket}"), "network settings"))
            .collect();
        self.stage.prizes.append(&mut copies);
        self.finish(edges, Vec::new(), Mask::default(), gaps, cut);
    }

    /// Hosts that reach the home directories of domains.
    pub(super) fn add_homes(&mut self) {
        let (mut edges, mut gaps) = (Vec::new(), Vec::new());
        for homes in &self.stage.around.homes {
            let Some(name) = self.stage.prizes.get(homes.prize).map(|prize| prize.name.clone()) else { continue };
            let writes = match homes.file_system.document() {
                None => Answer::Yes(unguarded()),
                Some(document) => {
                    let asked = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"].map(|action| {
                        let context = Context::open().with("elasticfilesystem:AccessedViaMountTarget", "true");
                        let arn = &homes.file_system.arn;
                        self.survey.outsider_may("anonymous", action, arn, document, context, false)
                    });
                    asked.into_iter().reduce(Answer::and).unwrap_or(Answer::No)
                }
            };
            let proof = match writes {
                Answer::Yes(proof) => proof,
                Answer::Doubt(gap) => {
                    gaps.push((format!("who mounts the homes of domain {name}"), gap));
                    continue;
                }
                Answer::No => continue,
            };
            for (caller, rule) in &homes.callers {
                let says = format!("can mount and change the home directories of domain {name}");
                let called = format!("the mount targets of domain {name}");
                let cut = format!("admit the groups of domain {name} alone to {called}");
                let mut edge = Edge::new(Hop::Exposed, HOMES, says).field(called, rule.as_str(), cut);
                let file_system = format!("the file system of domain {name}");
                match homes.file_system.document() {
                    Some(_) => edge = edge.shown(&file_system, &proof, "let nobody mount without IAM"),
                    None => {
                        edge = edge.field(file_system, "no policy", format!("give the homes of domain {name} a policy"))
                    }
                }
                edges.push((Node::Network(caller.clone()), Node::Prize(homes.prize), edge));
            }
            let mut classes = BTreeSet::new();
            for piece in &homes.pieces {
                let Some(found) = self.stage.pieces.get(*piece).filter(|found| classes.insert(&found.roles)) else {
                    continue;
                };
                let called = format!("{} {}", found.kind, found.name);
                let says = format!("hold what is run when {called} works");
                let mut edge = Edge::new(Hop::Feeds, HOMES, says);
                edge.waits = true;
                edge.facts.push(Fact::Field { resource: called, field: "HomeEfsFileSystemUid".to_owned() });
                edges.push((Node::Prize(homes.prize), Node::Piece(*piece), edge));
            }
        }
        self.finish(edges, Vec::new(), Mask::default(), gaps, 0);
    }

    /// People who work under the same role, and so can do what each of them can.
    pub(super) fn add_shared(&mut self) {
        let mut by_role: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, piece) in self.stage.pieces.iter().enumerate() {
            if let ("notebook-instance" | "user-profile", Some((role, _))) = (piece.kind, piece.roles.first()) {
                by_role.entry(role).or_default().push(at);
            }
        }
        let mut shared: Vec<(&str, Vec<usize>)> = by_role.into_iter().filter(|(_, pieces)| pieces.len() > 1).collect();
        shared.sort_by_key(|(_, pieces)| std::cmp::Reverse(pieces.len()));
        self.cut += shared.len().saturating_sub(MOST_SHARED);
        let (mut edges, mut prizes) = (Vec::new(), Vec::new());
        for (role, pieces) in shared.into_iter().take(MOST_SHARED) {
            let (name, prize) = (short_name(role), Node::Prize(self.stage.prizes.len() + prizes.len()));
            for piece in &pieces {
                let Some(found) = self.stage.pieces.get(*piece) else { continue };
                let field = found.roles.first().map_or("", |(_, field)| field.as_str());
                let says = match pieces.len() {
                    2 => format!("can act as the other that runs as role {name}"),
                    count => format!("can act as the {} others that run as role {name}", count - 1),
                };
                let cut = format!("give each of those who share role {name} one of its own");
                let edge = Edge::new(Hop::RunsAs, "shared-role", says);
                edges.push((
                    Node::Session(*piece),
                    prize.clone(),
                    edge.field(found.kind.to_owned() + " " + &found.name, field, cut),
                ));
            }
            prizes.push(Prize {
                arn: role.to_owned(),
                ..plain(Sway::SharedRole, "shared-role", name.to_owned(), "RoleArn")
            });
        }
        self.stage.prizes.append(&mut prizes);
        self.finish(edges, Vec::new(), Mask::default(), Vec::new(), 0);
    }

    /// Who gives things the tags that its rights ask for, and gets into them then.
    pub(super) fn add_retagging(&mut self) {
        let ordinary = self.ordinary();
        for (kind, word) in Kind::ENTERED {
            let (pieces, targets) = self.enterable(word);
            for way in TAKEOVERS.iter().filter(|way| way.on == kind && !pieces.is_empty()) {
                let mut family = about(way);
                family.join(Mask::of("sagemaker:AddTags"));
                for (group, person) in &ordinary {
                    let cast = &self.survey.cast;
                    let retags = cast.groups.get(*group).is_some_and(|group| cast.may_hold(group, "sagemaker:AddTags"));
                    if !retags || !self.holds_all(*person, way) || !self.hangs_on_tags(*person, way) {
                        continue;
                    }
                    let (share, new) = self.share(*person, family);
                    if new {
                        let ways = self.retagged(*person, way, &targets, &pieces);
                        self.lead(&share, ways);
                    }
                }
            }
        }
    }

    /// Whether any policy that speaks of this way compares the tags of what it is about.
    fn hangs_on_tags(&self, person: usize, way: &Takeover) -> bool {
        way.needs.iter().any(|(action, _)| {
            let documents = self.survey.cast.documents(person, action);
            let mut statements = documents.iter().flat_map(|document| document.statements());
            statements.any(|statement| {
                statement.covers_action(action)
                    && statement.conditions.iter().any(|condition| is_resource_tag(condition.key().folded()))
            })
        })
    }

    fn retagged(&mut self, person: usize, way: &'static Takeover, targets: &Targets, pieces: &[usize]) -> Vec<Way> {
        let cast = &self.survey.cast;
        let Some((first, _)) = way.needs.iter().find(|(_, on)| *on == "@") else { return Vec::new() };
        let documents = cast.documents(person, first);
        let holder = self.called(person);
        let (mut ways, mut classes, mut asked, mut cut) = (Vec::new(), BTreeSet::new(), 0, 0);
        let unknown = Seen::default();
        for at in targets.candidates(&documents, first).iter().copied() {
            let Some((index, piece)) = pieces.get(at).and_then(|at| Some((*at, self.stage.pieces.get(*at)?))) else {
                continue;
            };
            let Some(role) = piece.roles.first().map(|(arn, _)| arn) else { continue };
            if classes.contains(role) {
                continue;
            }
            if asked >= 2 * MOST_FROM_ONE || ways.len() >= MOST_FROM_ONE {
                cut += 1;
                continue;
            }
            asked += 1;
            let wake = way.wake.iter().filter(|_| piece.runs != Some(true));
            let all = |tags| {
                let answers =
                    way.needs.iter().chain(wake.clone()).map(|need| cast.holds(person, need, Some((&piece.arn, tags))));
                answers.reduce(Answer::and).unwrap_or(Answer::No)
            };
            // Whoever gets in as it is needs no tags.
            if all(&piece.tags) != Answer::No {
                continue;
            }
            let Answer::Yes(mut proof) = all(&unknown) else { continue };
            let hung = proof.keys.len();
            proof.keys.retain(|key| !is_resource_tag(key));
            if proof.keys.len() == hung {
                continue;
            }
            let retags = cast.holds(person, &("sagemaker:AddTags", "@"), Some((&piece.arn, &piece.tags)));
            let Answer::Yes(retags) = retags else { continue };
            classes.insert(role.clone());
            let says = format!("can change the tags of, and then {}, {}", way.says, piece.kind);
            let mut front = Edge::new(Hop::TakesOver, RETAGGING, says)
                .shown(&holder, &retags, "allow tags only while something is created (sagemaker:TaggingAction)")
                .shown(&holder, &proof, "limit the right by names as well as by tags");
            (front.waits, front.confidence) = (way.waits, Confidence::Derived);
            ways.push(Way { to: Node::Piece(index), front, back: Edge::back(Hop::TakesOver) });
        }
        self.cut += cut;
        ways
    }
}

fn plain(sway: Sway, kind: &'static str, name: String, field: &'static str) -> Prize {
    Prize { sway, kind, name, arn: String::new(), tags: Seen::Unset, roles: Vec::new(), field: field.into() }
}

/// Stands for the statement of a policy that is not there.
fn unguarded() -> Proof {
    Proof {
        policy: "".into(),
        statement: 0,
        sid: None,
        action: String::new(),
        resources: Vec::new(),
        keys: Vec::new(),
        unread: None,
    }
}
