//! What workloads take from elsewhere: images by movable tags, what others made, buckets that others own.

use std::collections::BTreeSet;

use sagescan_policy::Context;

use super::{Edge, Fact, Hop, MOST_OBJECTS, MOST_PRIZES, Map, Node, Way, WayOf, most_askers};
use crate::engine::Proof;
use crate::paths::rights::Answer;
use crate::paths::stage::Prize;
use crate::paths::survey::Guarded;
use crate::paths::technique::{APPROVAL, Confidence, IMAGES, Mask, SQUATTING, Sway};
use crate::snapshot::Seen;

/// The technique of sending input to what somebody else made.
const CALLING: &str = "calls";

/// Roles that are asked whether they use a bucket of somebody else's.
const MOST_USERS: usize = 256;

impl Map<'_> {
    /// Who moves the tags of images that endpoints run.
    pub(super) fn add_images(&mut self) {
        let survey = self.survey;
        let mut pulled: Vec<usize> = (0..self.stage.around.pulled.len()).collect();
        self.cut += pulled.len().saturating_sub(MOST_OBJECTS);
        let most = most_askers(pulled.len().min(MOST_OBJECTS));
        let worth = |at: &usize| {
            let image = self.stage.around.pulled.get(*at);
            std::cmp::Reverse(image.into_iter().flat_map(|image| &image.pieces).map(|piece| self.worth(*piece)).max())
        };
        pulled.sort_by_cached_key(worth);
        let (mut edges, mut people, mut gaps, mut cut) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for at in pulled.into_iter().take(MOST_OBJECTS) {
            let Some(image) = self.stage.around.pulled.get(at) else { continue };
            let node = Node::Image(at);
            let mut classes = BTreeSet::new();
            for piece in &image.pieces {
                let Some(found) = self.stage.pieces.get(*piece).filter(|found| classes.insert(&found.roles)) else {
                    continue;
                };
                let called = format!("{} {}", found.kind, found.name);
                let says = format!("is run by {called} when it is deployed again");
                let cut = format!("name the image of {called} by its digest");
                let mut edge = Edge::new(Hop::Feeds, IMAGES, says).field(called, "Image", cut);
                edge.cuts.push(format!("make the tags of the repository of {} immutable", image.name));
                (edge.waits, edge.confidence) = (true, Confidence::Derived);
                edges.push((node.clone(), Node::Piece(*piece), edge));
            }
            let what = || format!("who moves the tag of image {}", image.name);
            gaps.extend(image.doubt.iter().map(|gap| (what(), gap.clone())));
            let pushes = || Edge {
                confidence: Confidence::Derived,
                ..Edge::new(Hop::Writes, IMAGES, "can put another image in the place of")
            };
            let unsure = |holder: &str, proof: &Proof| {
                let unread = image.doubt.as_ref().map(|gap| format!("whether the tag can be moved: {gap}"));
                unread.map(|unread| {
                    let proof = Proof { unread: Some(unread), ..proof.clone() };
                    Fact::Statement { holder: holder.to_owned(), proof }
                })
            };
            let found = survey.users_of(("ecr:PutImage", "@"), &image.repository, most, |one| survey.is_ordinary(one));
            cut += found.cut;
            gaps.extend(found.doubt.map(|gap| (what(), gap)));
            for (person, alike, proof) in found.found {
                let holder = self.called(person);
                let mut front = pushes().shown(&holder, &proof, "take the right to push there away");
                front.facts.extend(unsure(&holder, &proof));
                people.push((person, alike, Way { to: node.clone(), front, back: Edge::back(Hop::Writes) }));
            }
            for (from, proof) in self.outsiders_of(&image.repository, "ecr:PutImage", Context::open()) {
                let holder = format!("the repository of {}", image.name);
                let says = format!("can put another image in the place of {}", image.name);
                let edge = Edge { says, ..pushes() };
                let mut edge = edge.shown(&holder, &proof, "close the repository to the outside");
                edge.facts.extend(unsure(&holder, &proof));
                edges.push((from, node.clone(), edge));
            }
        }
        self.finish(edges, people, Mask::of("ecr:PutImage"), gaps, cut);
    }

    /// Who sends input of choice to what somebody else made and the account runs.
    pub(super) fn add_calls(&mut self) {
        const INVOKE: &str = "sagemaker:InvokeEndpoint";
        let survey = self.survey;
        let mut foreign: Vec<usize> = (0..self.stage.around.foreign.len()).collect();
        self.cut += foreign.len().saturating_sub(MOST_OBJECTS);
        let most = most_askers(foreign.len().min(MOST_OBJECTS));
        let worth =
            |at: &usize| std::cmp::Reverse(self.stage.around.foreign.get(*at).map(|foreign| self.worth(foreign.piece)));
        foreign.sort_by_cached_key(worth);
        let (mut edges, mut people, mut gaps, mut cut) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for at in foreign.into_iter().take(MOST_OBJECTS) {
            let Some(foreign) = self.stage.around.foreign.get(at) else { continue };
            let Some(piece) = self.stage.pieces.get(foreign.piece).filter(|piece| !piece.arn.is_empty()) else {
                continue;
            };
            let node = Node::Foreign(at);
            let called = format!("{} {}", piece.kind, piece.name);
            let ends = format!("have {called} run what this account made or checked");
            let runs = format!("runs, out of this account's hands, in {called}");
            let mut edge = Edge::new(Hop::Feeds, "foreign", runs).field(called.clone(), foreign.field, ends);
            edge.confidence = Confidence::Derived;
            edges.push((node.clone(), Node::Piece(foreign.piece), edge));
            let calls = || Edge {
                confidence: Confidence::Derived,
                ..Edge::new(Hop::Calls, CALLING, "can send input of choice to")
            };
            let found = survey.users_of((INVOKE, "@"), &foreign.endpoint, most, |one| survey.is_ordinary(one));
            cut += found.cut;
            gaps.extend(found.doubt.map(|gap| (format!("who calls {called}"), gap)));
            for (person, alike, proof) in found.found {
                let front = calls().shown(&self.called(person), &proof, "name the endpoints that may be called");
                people.push((person, alike, Way { to: node.clone(), front, back: Edge::back(Hop::Calls) }));
            }
            for (from, proof) in self.outsiders_of(&foreign.endpoint, INVOKE, Context::open()) {
                let edge = Edge { says: format!("can send input of choice to {}", foreign.name), ..calls() };
                edges.push((from, node.clone(), edge.shown(&called, &proof, "close the endpoint to the outside")));
            }
        }
        self.finish(edges, people, Mask::of(INVOKE), gaps, cut);
    }

    /// Who owns, or can own, buckets that the account takes for its own by their names.
    pub(super) fn add_claimable(&mut self) {
        let survey = self.survey;
        let (mut edges, mut prizes, mut gaps, mut cut) = (Vec::new(), Vec::new(), Vec::new(), 0);
        // What equal rights do, the first who has them stands for.
        let mut groups = BTreeSet::new();
        let group = |role: usize| survey.cast.people.get(role).map(|person| person.group);
        let users: Vec<usize> = self.worn.iter().copied().filter(|role| groups.insert(group(*role))).collect();
        for claimable in self.stage.around.claimable.iter().take(MOST_OBJECTS) {
            let (bucket, mut uses) = (&claimable.bucket, None);
            'asked: for (action, does) in [("s3:PutObject", "writes to"), ("s3:GetObject", "reads from")] {
                cut += users.len().saturating_sub(MOST_USERS);
                for role in users.iter().take(MOST_USERS) {
                    match survey.in_foreign_bucket(*role, action, &format!("{bucket}/*")) {
                        Answer::Yes(proof) => {
                            uses = Some((*role, does, proof));
                            break 'asked;
                        }
                        Answer::Doubt(gap) => gaps.push((format!("who uses bucket {bucket}"), gap)),
                        Answer::No => {}
                    }
                }
            }
            let Some((role, does, proof)) = uses else { continue };
            let (role, called) = (self.called(role), format!("bucket {bucket}"));
            let (from, says, ends) = match claimable.free {
                true => (Node::Anyone, format!("can take the free name of {called}"), format!("create {called}")),
                false => (
                    Node::Outsider(format!("another account that has {called}")),
                    format!("owns {called}"),
                    format!("use another bucket than {bucket}"),
                ),
            };
            let claims = |says: String| {
                let edge = Edge::new(Hop::Claims, SQUATTING, says).field(called.clone(), "ListBuckets", ends.clone());
                edge.shown(&role, &proof, "let roles reach buckets of this account only (aws:ResourceAccount)")
            };
            for (key, _) in self.nodes.iter().filter_map(|(node, index)| match node {
                Node::Artifact(place, key) if place == bucket => Some((key, index)),
                _ => None,
            }) {
                let says = format!("{says}, and with it s3://{bucket}/{key}");
                edges.push((from.clone(), Node::Artifact(bucket.clone(), key.clone()), claims(says)));
            }
            let prize = Node::Prize(self.stage.prizes.len() + prizes.len());
            edges.push((from, prize, claims(format!("{says}, which {role} {does}"))));
            prizes.push(Prize {
                sway: Sway::DefaultBucket,
                kind: "default-bucket",
                name: bucket.clone(),
                arn: String::new(),
                tags: Seen::Unset,
                roles: Vec::new(),
                field: "ListBuckets".into(),
            });
            if prizes.len() >= MOST_PRIZES {
                break;
            }
        }
        self.stage.prizes.append(&mut prizes);
        edges.sort_by(|(_, one, _), (_, other, _)| one.cmp(other));
        self.finish(edges, Vec::new(), Mask::default(), gaps, cut);
    }

    /// Who from outside registers or approves models.
    pub(super) fn add_registries(&mut self) {
        let (mut edges, mut prizes) = (Vec::new(), Vec::new());
        self.cut += self.stage.around.registries.len().saturating_sub(MOST_OBJECTS);
        for registry in self.stage.around.registries.iter().take(MOST_OBJECTS) {
            let prize = Node::Prize(self.stage.prizes.len() + prizes.len());
            let mut known = BTreeSet::new();
            for (action, does) in [
                ("sagemaker:CreateModelPackage", "register models in"),
                ("sagemaker:UpdateModelPackage", "approve models of"),
            ] {
                for (from, proof) in self.outsiders_of(&registry.packages, action, Context::open()) {
                    if known.insert(from.clone()) {
                        let called = format!("model package group {}", registry.group);
                        let edge = Edge::new(Hop::Tampers, APPROVAL, format!("can {does} {called}"));
                        edges.push((
                            from,
                            prize.clone(),
                            edge.shown(&called, &proof, "close the group to the outside"),
                        ));
                    }
                }
            }
            if !known.is_empty() {
                prizes.push(Prize {
                    sway: Sway::Releases,
                    kind: "model-package-group",
                    name: registry.group.clone(),
                    arn: String::new(),
                    tags: Seen::Unset,
                    roles: Vec::new(),
                    field: "ResourcePolicy".into(),
                });
            }
        }
        self.stage.prizes.append(&mut prizes);
        self.finish(edges, Vec::new(), Mask::default(), Vec::new(), 0);
    }

    /// Who from outside may do this to something, by its policy.
    pub(super) fn outsiders_of(&self, thing: &Guarded, action: &str, context: Context) -> Vec<(Node, Proof)> {
        let Some(document) = thing.document() else { return Vec::new() };
        let callers = self.callers_from_outside(document, action).into_iter();
        let asked = callers.filter_map(|(node, caller)| {
            match self.survey.outsider_may(&caller, action, &thing.arn, document, context.clone(), false) {
                Answer::Yes(proof) => Some((node, proof)),
                _ => None,
            }
        });
        asked.collect()
    }

    /// Adds what a family found.
    pub(super) fn finish(
        &mut self,
        edges: Vec<(Node, Node, Edge)>,
        people: Vec<WayOf>,
        about: Mask,
        gaps: Vec<(String, crate::snapshot::Gap)>,
        cut: usize,
    ) {
        edges.into_iter().for_each(|(from, to, edge)| self.edge(from, to, edge));
        self.lead_by(people, about);
        self.gaps.extend(gaps);
        self.cut += cut;
    }
}
