//! Finding paths: the cheapest from each source to each sink, equal ones told once, and the changes that end most of them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use petgraph::Direction;
use petgraph::algo::dijkstra;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::{EdgeRef, Reversed};
use sha2::{Digest, Sha256};

use super::graph::{Edge, Fact, Hop, Map, Node, Part};
use super::report::{
    AttackPath, Certainty, ChokePoint, Cut, End, Evidence, MapGap, PATHS_FORMAT, PathHop, PathReport, Size, Weakest,
};
use super::rules;
use super::technique::{Confidence, LIFTED};
use crate::engine::World;
use crate::snapshot::{Reason, Unseen};

/// What to look for, and how far.
#[derive(Debug, Clone)]
pub struct Query {
    /// Only paths that start here: a part of a name or ARN, `internet`, `anyone`, an account id.
    pub from: Option<String>,
    /// Only paths that end here: a part of the name of a bucket, role or workload, or `admin`.
    pub to: Option<String>,
    /// Hops a path may have.
    pub depth: usize,
    /// Paths to tell.
    pub limit: usize,
}

impl Default for Query {
    fn default() -> Self {
        Query { from: None, to: None, depth: 8, limit: 200 }
    }
}

/// Why there is nothing to search.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Nothing fits `from`; names that come near.
    #[error("nothing in the account fits `{0}`")]
    NoSource(String, Vec<String>),
    /// Nothing fits `to`; names that come near.
    #[error("nothing in the account fits `{0}`")]
    NoSink(String, Vec<String>),
}

/// Names of sources that a path lists before the rest is counted.
const NAMED: usize = 20;
/// Changes that are tried out for being the best.
const TRIED: usize = Changes::BITS as usize;
/// Some of the changes that are tried out, a bit each.
type Changes = u32;
/// Sinks that a query may name.
const MOST_SINKS: usize = 64;
/// Gaps that are listed.
const MOST_GAPS: usize = 100;

/// What could take paths away: with the policies of the organization read, and without.
const ASSUMES: &str = "policies of the organization are counted in; those of sessions may take paths away";
const UPPER_BOUND: &str = "policies of the organization were not all seen: these paths are an upper bound; those and policies of sessions may take paths away";

/// Finds the attack paths of an account.
pub fn attack_paths(world: &World<'_>, query: &Query) -> Result<PathReport, PathError> {
    let map = Map::of(world);
    let search = Search { map: &map, admins: administrators(&map) };
    let assumes = if world.organization_gap().is_some() { UPPER_BOUND } else { ASSUMES };
    Ok(PathReport { assumes, ..search.run(query)? })
}

struct Search<'m, 'w> {
    map: &'m Map<'w>,
    /// Nodes from which an administrator is reached through IAM alone: no news for them.
    admins: HashSet<NodeIndex>,
}

/// What paths share that are told as one: the rule, the sink, what the first hop is and leads to, and all edges after it.
/// Who has which statement for the first hop does not matter.
type Kin = (&'static str, NodeIndex, (Hop, &'static str, u32, NodeIndex), Vec<EdgeIndex>);

/// A path under way: its nodes and edges, without the bookkeeping ones.
struct Route {
    edges: Vec<EdgeIndex>,
}

/// Who reaches an administrator by assuming, changing or being one.
fn administrators(map: &Map<'_>) -> HashSet<NodeIndex> {
    let mut reached = HashSet::new();
    let mut next: VecDeque<NodeIndex> = map.index(&Node::Admin).into_iter().collect();
    while let Some(node) = next.pop_front() {
        for edge in map.graph.edges_directed(node, Direction::Incoming) {
            let inside =
                matches!(map.graph[edge.source()], Node::Person(_) | Node::Rights(_) | Node::Share(_) | Node::Reach(_));
            let by_iam = matches!(edge.weight().hop, Hop::Holds | Hop::Assumes | Hop::Seizes | Hop::Escalates)
                && edge.weight().technique != LIFTED;
            let sure = edge.weight().keys().is_empty();
            if inside && by_iam && sure && reached.insert(edge.source()) {
                next.push_back(edge.source());
            }
        }
    }
    reached
}

impl Search<'_, '_> {
    fn run(&self, query: &Query) -> Result<PathReport, PathError> {
        let sources = self.sources(query)?;
        let sinks = self.sinks(query)?;
        let mut cut = Cut { not_tried: self.map.cut, ..Cut::default() };
        let mut found: BTreeMap<Kin, Vec<(NodeIndex, Vec<EdgeIndex>)>> = BTreeMap::new();
        let mut done: HashSet<NodeIndex> = HashSet::new();
        for sink in &sinks {
            let distance = dijkstra(Reversed(&self.map.graph), *sink, None, |edge| edge.weight().cost());
            let distance: HashMap<NodeIndex, u32> = distance.into_iter().collect();
            for source in &sources {
                if source == sink || !distance.contains_key(source) {
                    continue;
                }
                // Whoever becomes administrator reads every bucket as well.
                if done.contains(source)
                    && matches!(self.map.graph[*sink], Node::Data(_) | Node::Prize(_))
                    && query.to.is_none()
                {
                    continue;
                }
                let Some(route) = self.route(*source, *sink, &distance) else { continue };
                if self.hops(&route.edges).count() > query.depth {
                    cut.too_long += 1;
                    continue;
                }
                let Some(rule) = self.rule(*source, *sink, &route, query) else { continue };
                if matches!(self.map.graph[*sink], Node::Admin) {
                    done.insert(*source);
                }
                // Equal tails are one path with several sources.
                let tail: Vec<EdgeIndex> =
                    route.edges.iter().copied().filter(|edge| self.map.graph[*edge].hop != Hop::Holds).collect();
                let Some(kin) = self.kin(rule, *sink, &tail) else { continue };
                found.entry(kin).or_default().push((*source, tail));
            }
        }
        let mut paths: Vec<(AttackPath, Vec<NodeIndex>, NodeIndex)> = found
            .into_iter()
            .filter_map(|((rule, sink, ..), mut sources)| {
                sources.sort_by_cached_key(|(source, _)| self.end(*source));
                let (_, edges) = sources.first()?.clone();
                let sources: Vec<NodeIndex> = sources.into_iter().map(|(source, _)| source).collect();
                Some((self.tell(rule, sink, &edges, &sources)?, sources, sink))
            })
            .collect();
        paths.sort_by(|(one, ..), (two, ..)| {
            let key =
                |path: &AttackPath| (std::cmp::Reverse(path.severity), path.cost, std::cmp::Reverse(path.source_count));
            key(one).cmp(&key(two)).then_with(|| one.narrative.cmp(&two.narrative)).then_with(|| one.id.cmp(&two.id))
        });
        cut.too_many = paths.len().saturating_sub(query.limit);
        paths.truncate(query.limit);
        let choke_points = self.choke_points(&mut paths);
        let mut gaps: Vec<MapGap> = self.map.gaps.iter().map(|(what, gap)| MapGap::new(what.clone(), gap)).collect();
        gaps.sort_by(|one, two| one.what.cmp(&two.what));
        gaps.dedup();
        cut.gaps = gaps.len().saturating_sub(MOST_GAPS);
        gaps.truncate(MOST_GAPS);
        Ok(PathReport {
            format: PATHS_FORMAT,
            account: self.map.survey.cast.account.clone(),
            graph: Size { nodes: self.map.graph.node_count(), edges: self.map.graph.edge_count() },
            paths: paths.into_iter().map(|(path, ..)| path).collect(),
            choke_points,
            gaps,
            cut,
            assumes: ASSUMES,
        })
    }

    /// Paths that differ only in who has which statement for the same first step are told once.
    fn kin(&self, rule: &'static str, sink: NodeIndex, tail: &[EdgeIndex]) -> Option<Kin> {
        let graph = &self.map.graph;
        let first = *tail.first()?;
        let halves = 1 + tail.iter().skip(1).take_while(|edge| graph[**edge].part == Part::Back).count();
        let (step, rest) = tail.split_at_checked(halves)?;
        let (_, target) = graph.edge_endpoints(*step.last()?)?;
        let cost = step.iter().map(|edge| graph[*edge].cost()).sum();
        Some((rule, sink, (graph[first].hop, graph[first].technique, cost, target), rest.to_vec()))
    }

    /// The edges that a reader counts as hops.
    fn hops<'e>(&'e self, edges: &'e [EdgeIndex]) -> impl Iterator<Item = &'e Edge> {
        let weights = edges.iter().map(|edge| &self.map.graph[*edge]);
        weights.filter(|edge| edge.hop != Hop::Holds && edge.part != Part::Back)
    }

    fn sources(&self, query: &Query) -> Result<Vec<NodeIndex>, PathError> {
        let graph = &self.map.graph;
        let starts = |node: &Node| {
            let outside = matches!(node, Node::Internet | Node::Anyone | Node::Outsider(_) | Node::Provider(_));
            outside
                || matches!(node, Node::Person(_) | Node::Credential(_))
                || matches!(node, Node::Network(_) | Node::Session(_) | Node::Code(_))
        };
        let Some(wanted) = &query.from else {
            let all = graph.node_indices().filter(|index| starts(&graph[*index]));
            return Ok(all.filter(|index| self.is_source(*index)).collect());
        };
        let fits: Vec<NodeIndex> = graph
            .node_indices()
            .filter(|index| {
                (starts(&graph[*index]) || matches!(graph[*index], Node::Piece(_))) && self.fits(*index, wanted)
            })
            .collect();
        if fits.is_empty() {
            let names = graph.node_indices().filter(|index| starts(&graph[*index])).map(|index| self.end(index).name);
            return Err(PathError::NoSource(wanted.clone(), names.collect()));
        }
        Ok(fits)
    }

    /// Whether a path from here would be news: not for administrators, unless code runs as them.
    fn is_source(&self, index: NodeIndex) -> bool {
        let Node::Person(person) = self.map.graph[index] else { return true };
        let cast = &self.map.survey.cast;
        let own = cast.people.get(person).is_some_and(|p| !p.service_linked);
        own && (!self.admins.contains(&index) || (self.map.worn.contains(&person) && !cast.is_outright_admin(person)))
    }

    fn sinks(&self, query: &Query) -> Result<Vec<NodeIndex>, PathError> {
        let graph = &self.map.graph;
        let Some(wanted) = &query.to else {
            let admin = self.map.index(&Node::Admin);
            let data = graph.node_indices().filter(|index| matches!(graph[*index], Node::Data(_)));
            let prizes = graph.node_indices().filter(|index| matches!(graph[*index], Node::Prize(_)));
            return Ok(admin.into_iter().chain(data).chain(prizes).collect());
        };
        let ends = |node: &Node| {
            !matches!(
                node,
                Node::Rights(_)
                    | Node::Share(_)
                    | Node::Reach(_)
                    | Node::Credential(_)
                    | Node::Internet
                    | Node::Anyone
                    | Node::Outsider(_)
                    | Node::Provider(_)
                    | Node::Network(_)
                    | Node::Session(_)
                    | Node::Code(_)
            )
        };
        let exact: Vec<NodeIndex> =
            graph.node_indices().filter(|index| ends(&graph[*index]) && self.is_named(*index, wanted)).collect();
        let fits: Vec<NodeIndex> = match exact.is_empty() {
            false => exact,
            true => graph.node_indices().filter(|index| ends(&graph[*index]) && self.fits(*index, wanted)).collect(),
        };
        // The account has an administrator in mind even where no edge leads to one.
        let nothing_to_find = fits.is_empty() && !self.word_fits("admin", wanted);
        if nothing_to_find {
            let names = graph.node_indices().filter(|index| ends(&graph[*index])).map(|index| self.end(index).name);
            return Err(PathError::NoSink(wanted.clone(), names.collect()));
        }
        Ok(fits.into_iter().take(MOST_SINKS).collect())
    }

    fn is_named(&self, index: NodeIndex, wanted: &str) -> bool {
        let end = self.end(index);
        end.name == wanted
            || end.arn.as_deref() == Some(wanted)
            || (end.kind == "admin" && self.word_fits("admin", wanted))
    }

    fn word_fits(&self, word: &str, wanted: &str) -> bool {
        wanted.eq_ignore_ascii_case(word)
    }

    fn fits(&self, index: NodeIndex, wanted: &str) -> bool {
        let end = self.end(index);
        let wanted = wanted.to_lowercase();
        let within = |text: &str| text.to_lowercase().contains(&wanted);
        end.kind == wanted || within(&end.name) || end.arn.as_deref().is_some_and(within)
    }

    /// Down from the source, always to where the rest is cheapest.
    fn route(&self, source: NodeIndex, sink: NodeIndex, distance: &HashMap<NodeIndex, u32>) -> Option<Route> {
        let (mut at, mut edges, mut seen) = (source, Vec::new(), HashSet::from([source]));
        while at != sink {
            let here = *distance.get(&at)?;
            let steps = self.map.graph.edges_directed(at, Direction::Outgoing);
            let next = steps
                .filter(|edge| !seen.contains(&edge.target()))
                .filter(|edge| distance.get(&edge.target()).is_some_and(|rest| rest + edge.weight().cost() == here))
                .min_by_key(|edge| (edge.weight().keys().len(), edge.id()))?;
            edges.push(next.id());
            at = next.target();
            seen.insert(at);
        }
        Some(Route { edges })
    }

    fn rule(&self, source: NodeIndex, sink: NodeIndex, route: &Route, query: &Query) -> Option<&'static str> {
        let graph = &self.map.graph;
        let edges: Vec<&Edge> = self.hops(&route.edges).collect();
        let worn = matches!(graph[source], Node::Person(person) if self.map.worn.contains(&person));
        let rule = rules::rule_of(&graph[source], worn, &edges, &graph[sink]);
        match rule {
            None if query.from.is_some() || query.to.is_some() => (!edges.is_empty()).then_some(rules::ASKED),
            rule => rule,
        }
    }

    fn tell(
        &self,
        rule: &'static str,
        sink: NodeIndex,
        edges: &[EdgeIndex],
        sources: &[NodeIndex],
    ) -> Option<AttackPath> {
        let graph = &self.map.graph;
        let mut all: Vec<End> = sources.iter().map(|source| self.end(*source)).collect();
        all.sort();
        all.dedup();
        let source = all.first()?.clone();
        let end = self.end(sink);
        let mut hops: Vec<PathHop> = Vec::new();
        for edge in edges {
            let (from, to) = graph.edge_endpoints(*edge)?;
            let weight = &graph[*edge];
            if let (Part::Back, Some(hop)) = (weight.part, hops.last_mut()) {
                hop.to = self.end(to);
                hop.says = format!("{} {}", hop.says, hop.to.name);
                hop.certainty = both(std::mem::replace(&mut hop.certainty, Certainty::Certain), certainty(weight));
                hop.evidence.extend(weight.facts.iter().map(evidence));
                hop.cuts.extend(weight.cuts.iter().cloned());
                continue;
            }
            let from = match graph[from] {
                // The rights belong to whoever stands before them.
                Node::Rights(_) | Node::Share(_) => hops.last().map_or_else(|| source.clone(), |hop| hop.to.clone()),
                _ if hops.is_empty() => source.clone(),
                _ => self.end(from),
            };
            hops.push(PathHop {
                number: hops.len() + 1,
                from,
                to: self.end(to),
                edge: weight.hop.word(),
                technique: weight.technique,
                confidence: weight.confidence,
                says: weight.says.clone(),
                certainty: certainty(weight),
                waits: weight.waits,
                evidence: weight.facts.iter().map(evidence).collect(),
                cuts: weight.cuts.clone(),
            });
        }
        let weakest = weakest(&hops)?;
        let cost = edges.iter().map(|edge| graph[*edge].cost()).sum();
        let severity = rules::severity(&graph[sources.first().copied()?], &graph[sink], &hops);
        let narrative = rules::narrative(rule, &all, &hops);
        let mut hash = Sha256::new();
        for part in [rule]
            .into_iter()
            .chain(all.iter().map(|end| end.arn.as_deref().unwrap_or(&end.name)))
            .chain([end.kind, &end.name])
        {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let id = hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect();
        let source_count = all.len();
        all.truncate(NAMED);
        Some(AttackPath {
            id,
            rule,
            severity,
            narrative,
            sources: all,
            source_count,
            sink: end,
            cost,
            hops,
            weakest,
            cut: None,
        })
    }

    /// Tries out the changes that occur most often: how many of the paths have no way left, not even another one?
    fn choke_points(&self, paths: &mut [(AttackPath, Vec<NodeIndex>, NodeIndex)]) -> Vec<ChokePoint> {
        let mut often: BTreeMap<&str, usize> = BTreeMap::new();
        for cut in paths.iter().flat_map(|(path, ..)| path.hops.iter().flat_map(|hop| &hop.cuts)) {
            *often.entry(cut).or_default() += 1;
        }
        let mut tried: Vec<(String, usize)> = often.into_iter().map(|(cut, count)| (cut.to_owned(), count)).collect();
        tried.sort_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
        tried.truncate(TRIED);
        let mut by_change: HashMap<String, Vec<bool>> = HashMap::new();
        let sinks: BTreeSet<NodeIndex> = paths.iter().map(|(_, _, sink)| *sink).collect();
        let ended_by = self.ended_by(&tried);
        let left: HashMap<NodeIndex, HashMap<NodeIndex, Changes>> =
            sinks.iter().map(|sink| (*sink, self.reaching(*sink, &ended_by))).collect();
        for (at, (change, _)) in tried.iter().enumerate() {
            let ended = paths.iter().map(|(_, sources, sink)| {
                let left = left.get(sink);
                let reaches = |source| left.and_then(|left| left.get(source)).is_some_and(|left| left & (1 << at) != 0);
                !sources.iter().any(reaches)
            });
            by_change.insert(change.clone(), ended.collect());
        }
        let count = |ended: &Vec<bool>| ended.iter().filter(|ended| **ended).count();
        let mut points: Vec<ChokePoint> = by_change
            .iter()
            .map(|(change, ended)| ChokePoint { change: change.clone(), ends: count(ended) })
            .filter(|point| point.ends > 0)
            .collect();
        points.sort_by(|one, two| two.ends.cmp(&one.ends).then_with(|| one.change.cmp(&two.change)));
        for (at, (path, ..)) in paths.iter_mut().enumerate() {
            let own = |point: &&ChokePoint| {
                let ends = by_change.get(&point.change).and_then(|ended| ended.get(at)) == Some(&true);
                ends && path.hops.iter().any(|hop| hop.cuts.contains(&point.change))
            };
            path.cut = points.iter().find(own).cloned();
        }
        points
    }

    /// The changes that end each edge, by its index.
    fn ended_by(&self, changes: &[(String, usize)]) -> Vec<Changes> {
        let numbers: HashMap<&str, usize> =
            changes.iter().enumerate().map(|(at, (change, _))| (change.as_str(), at)).collect();
        let of = |edge: &Edge| {
            let own = edge.cuts.iter().filter_map(|cut| numbers.get(cut.as_str()));
            own.fold(0, |set, at| set | (1 << at))
        };
        self.map.graph.edge_weights().map(of).collect()
    }

    /// Whoever reaches the sink, and after which of the changes it still does: one search for all of them.
    fn reaching(&self, sink: NodeIndex, ended_by: &[Changes]) -> HashMap<NodeIndex, Changes> {
        let (mut reached, mut next) = (HashMap::from([(sink, Changes::MAX)]), VecDeque::from([sink]));
        while let Some(node) = next.pop_front() {
            let here = reached.get(&node).copied().unwrap_or_default();
            for edge in self.map.graph.edges_directed(node, Direction::Incoming) {
                let stands = here & !ended_by.get(edge.id().index()).copied().unwrap_or_default();
                let before = reached.entry(edge.source()).or_default();
                if stands & !*before != 0 {
                    *before |= stands;
                    next.push_back(edge.source());
                }
            }
        }
        reached
    }

    /// A node as a reader knows it.
    fn end(&self, index: NodeIndex) -> End {
        let end = |kind: &'static str, name: &str, arn: Option<&str>| End {
            kind,
            name: name.to_owned(),
            arn: arn.filter(|arn| !arn.is_empty()).map(str::to_owned),
        };
        match &self.map.graph[index] {
            Node::Internet => end("internet", "the internet", None),
            Node::Anyone => end("anyone", "anyone", None),
            Node::Outsider(name) => end("outsider", name, name.starts_with("arn:").then_some(name)),
            Node::Provider(name) => end("provider", name, name.starts_with("arn:").then_some(name)),
            Node::Person(at) | Node::Code(at) => match self.map.survey.cast.people.get(*at) {
                Some(person) if person.is_user => end("user", &person.name, Some(&person.arn)),
                Some(person) => end("role", &person.name, Some(&person.arn)),
                None => end("role", "", None),
            },
            Node::Rights(_) | Node::Share(_) | Node::Reach(_) => end("rights", "", None),
            Node::Piece(at) => match self.map.stage.pieces.get(*at) {
                Some(piece) => end(piece.kind, &piece.name, Some(&piece.arn)),
                None => end("workload", "", None),
            },
            Node::Script(at) => match self.map.stage.scripts.get(*at) {
                Some(script) => end("lifecycle-config", &script.name, Some(&script.arn)),
                None => end("lifecycle-config", "", None),
            },
            Node::Artifact(bucket, key) => end("artifact", &format!("s3://{bucket}/{key}"), None),
            Node::Data(at) => {
                end("bucket", self.map.stage.stores.get(*at).map_or("", |store| store.bucket.as_str()), None)
            }
            Node::Prize(at) => match self.map.stage.prizes.get(*at) {
                Some(prize) => end(prize.kind, &prize.name, Some(&prize.arn)),
                None => end("prize", "", None),
            },
            Node::Credential(at) => {
                end("credential", self.map.stage.credentials.get(*at).map_or("", |one| one.name.as_str()), None)
            }
            Node::Image(at) => {
                end("image", self.map.stage.around.pulled.get(*at).map_or("", |image| image.name.as_str()), None)
            }
            Node::Foreign(at) => {
                end("foreign", self.map.stage.around.foreign.get(*at).map_or("", |one| one.name.as_str()), None)
            }
            Node::Network(name) => end("network", name, None),
            Node::Session(at) => match self.map.stage.pieces.get(*at) {
                Some(piece) => end(piece.kind, &piece.name, Some(&piece.arn)),
                None => end("workload", "", None),
            },
            Node::Admin => end("admin", "administrator of the account", None),
        }
    }
}

fn certainty(edge: &Edge) -> Certainty {
    let keys = edge.keys();
    match (keys.is_empty(), edge.assumes()) {
        (false, _) => Certainty::Conditional { keys },
        (true, Some(unseen)) => Certainty::Assumed { unseen: unseen.to_owned() },
        (true, None) => Certainty::Certain,
    }
}

/// How sure a hop is whose halves are so sure.
fn both(one: Certainty, two: Certainty) -> Certainty {
    match (one, two) {
        (Certainty::Conditional { mut keys }, Certainty::Conditional { keys: more }) => {
            keys.extend(more);
            keys.sort();
            keys.dedup();
            Certainty::Conditional { keys }
        }
        (conditional @ Certainty::Conditional { .. }, _) | (_, conditional @ Certainty::Conditional { .. }) => {
            conditional
        }
        (Certainty::Certain, other) => other,
        (assumed, _) => assumed,
    }
}

fn evidence(fact: &Fact) -> Evidence {
    match fact {
        Fact::Statement { holder, proof } => Evidence::Statement {
            holder: holder.clone(),
            policy: proof.policy.to_string(),
            statement: proof.statement,
            sid: proof.sid.as_ref().map(ToString::to_string),
        },
        Fact::Field { resource, field } => Evidence::Field { resource: resource.clone(), field: field.clone() },
    }
}

/// The least sure hop: what was not seen, then conditions, then waiting, then what the technique rests on.
fn weakest(hops: &[PathHop]) -> Option<Weakest> {
    let doubt = |hop: &PathHop| match &hop.certainty {
        Certainty::Assumed { .. } => 3,
        Certainty::Conditional { .. } => 2,
        Certainty::Certain => 0,
    } + u8::from(hop.waits);
    let hop = hops.iter().max_by_key(|hop| (doubt(hop), hop.confidence, std::cmp::Reverse(hop.number)))?;
    let why = match (&hop.certainty, hop.waits, hop.confidence) {
        (Certainty::Assumed { unseen }, ..) => format!("not everything was seen: {unseen}"),
        (Certainty::Conditional { keys }, ..) => format!("it hangs on {}", keys.join(", ")),
        (Certainty::Certain, true, _) => "it takes effect when something starts again".to_owned(),
        (Certainty::Certain, false, Confidence::Published) => "every hop is certain; this one comes first".to_owned(),
        (Certainty::Certain, false, Confidence::Derived) => "it follows from the API, nobody published it".to_owned(),
        (Certainty::Certain, false, Confidence::Unverified) => "nobody is known to have tried it".to_owned(),
    };
    Some(Weakest { hop: hop.number, why })
}

/// Whether so little was seen of who can act that the absence of paths means nothing.
pub fn saw_nobody(world: &World<'_>) -> Option<Unseen> {
    let account = &world.snapshot.account;
    let nobody = account.users.is_empty() && account.roles.is_empty();
    let gap = account.roles.missing.as_ref().or(account.users.missing.as_ref())?;
    (nobody && gap.reason != Reason::NotOffered).then(|| gap.into())
}
