//! Can the requester make *some* request pass, choosing what is theirs to choose?
//!
//! Only the constants of the policies can tell values apart, so for each chosen key it is enough to try: left out, each
//! constant (wildcards filled in), the neighbours of numeric bounds, and one value no policy knows. Keys not chosen yet are
//! unknown to the evaluation; if it decides nevertheless, every choice comes to the same and the branch is done. So the
//! search follows only the keys the answer really hangs on.
//!
//! The number of evaluations is capped. A search cut short answers *conditional*, never a denial.

use crate::context::{Context, Key, Value};
use crate::document::{Effect, Element, Statement};
use crate::evaluate::{Decision, Documents, Guardrails, Outcome, Policies, ResourcePolicy, decide};
use crate::glob;
use crate::pattern::{Arn, ArnPattern};
use crate::request::Request;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Evaluations one question may cost.
const MAX_EVALUATIONS: usize = 4096;
/// Comparisons one question may cost: the more patterns and values the policies list, the fewer evaluations there are.
const MAX_COMPARISONS: usize = 1 << 20;
/// Keys one request may choose; SageMaker knows fewer than a hundred in all, and no request carries half of them.
const MAX_CHOSEN: usize = 32;
/// Positions in patterns that are looked at to bring three or more together.
const MAX_MEETING: usize = 1 << 14;
/// Names tried for the resource, and pairs of patterns that are brought together for one.
const MAX_NAMES: usize = 512;

/// A text no policy is expected to know.
pub(crate) const FRESH: &str = "zzfresh";

/// What the requester may choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Condition keys that may be set to any value or left out. A trailing `*`, as in `sagemaker:*`, stands for every key
    /// that begins so and is not fixed by the request.
    pub keys: Vec<String>,
    /// Each `*` in the request's resource may be replaced by any text, as in the name of a new resource.
    pub resource: bool,
}

/// The best a requester can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The decision on the best request, in the order allow, conditional, implicit deny, explicit deny.
    pub decision: Decision,
    /// That request, unless it is denied.
    pub witness: Option<Witness>,
}

/// The choices that make a request pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Witness {
    /// The resource asked for.
    pub resource: String,
    /// The chosen keys that are set; every other choosable key is left out.
    pub context: BTreeMap<String, Chosen>,
}

/// A chosen value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Chosen {
    /// Of a key with one value.
    One(String),
    /// Of a key with several values.
    Many(Vec<String>),
}

/// Solves for the choices: the best request the requester can make.
pub fn reach(request: &Request, choices: &Choices, policies: &Policies) -> Reached {
    let statements: Vec<&Statement> =
        layers(policies).flat_map(statements_of).filter(|statement| statement.covers_action(&request.action)).collect();
    let left =
        (MAX_COMPARISONS / statements.iter().map(|one| weight(one)).sum::<usize>().max(1)).clamp(64, MAX_EVALUATIONS);
    let context = choices.keys.iter().fold(request.context.clone(), |context, key| context.with_unknown(key));
    let mut search = Search { choices, policies, statements, left, cut_short: false, best: None };
    let names = if choices.resource { search.names(request, &context) } else { vec![request.resource.clone()] };
    for name in names {
        let request = Request { resource: name, context: context.clone(), ..request.clone() };
        if search.visit(&request, &mut BTreeMap::new()) {
            break;
        }
    }
    search.result(request)
}

struct Search<'a> {
    choices: &'a Choices,
    policies: &'a Policies,
    /// The statements that speak about the action.
    statements: Vec<&'a Statement>,
    left: usize,
    cut_short: bool,
    best: Option<(Decision, Witness)>,
}

impl Search<'_> {
    /// Tries the request with the keys chosen so far; true once an allow is found.
    fn visit(&mut self, request: &Request, chosen: &mut BTreeMap<String, Option<Chosen>>) -> bool {
        if self.left == 0 {
            self.cut_short = true;
            return false;
        }
        self.left -= 1;
        let decision = decide(request, self.policies);
        let open = decision.keys.iter().find(|key| self.is_choosable(key, request) && !is_chosen(key, chosen)).cloned();
        let Some(key) = open.filter(|_| decision.outcome == Outcome::Conditional) else {
            return self.settle(decision, request, chosen);
        };
        if chosen.len() == MAX_CHOSEN {
            self.cut_short = true;
            return false;
        }
        for value in self.candidates(&Key::new(&key), request) {
            let context = request.context.clone();
            let context = match &value {
                None => context.without(&key),
                Some(Chosen::One(value)) => context.with(&key, value),
                Some(Chosen::Many(values)) => context.with_all(&key, values),
            };
            chosen.insert(key.to_string(), value);
            let found = self.visit(&Request { context, ..request.clone() }, chosen);
            chosen.remove(&*key);
            if found || self.left == 0 {
                return found;
            }
        }
        false
    }

    fn settle(&mut self, decision: Decision, request: &Request, chosen: &BTreeMap<String, Option<Chosen>>) -> bool {
        let allowed = decision.is_allowed();
        if self.best.as_ref().is_none_or(|(best, _)| best.outcome < decision.outcome) {
            let set = chosen.iter().filter_map(|(key, value)| Some((key.clone(), value.clone()?)));
            self.best = Some((decision, Witness { resource: request.resource.clone(), context: set.collect() }));
        }
        allowed
    }

    fn is_choosable(&self, key: &str, request: &Request) -> bool {
        let key = key.to_ascii_lowercase();
        self.choices.keys.iter().any(|choice| match choice.strip_suffix('*') {
            Some(start) => {
                key.starts_with(&start.to_ascii_lowercase())
                    && matches!(request.context.get(&Key::new(&key)), Value::Unknown(_))
            }
            None => choice.eq_ignore_ascii_case(&key),
        })
    }

    /// The values of a key that can make a difference, simplest first; `None` leaves the key out.
    fn candidates(&self, key: &Key, request: &Request) -> Vec<Option<Chosen>> {
        let (mut values, mut whole, mut several, mut likes) = (Vec::new(), Vec::new(), false, Vec::new());
        for condition in self.statements.iter().flat_map(|statement| &statement.conditions) {
            if condition.key().folded() == key.folded() {
                let telling = condition.telling_values(&request.context);
                if condition.is_set() {
                    several = true;
                    whole.push(telling.clone());
                }
                values.extend(telling);
                likes.extend(condition.like_patterns());
            }
            if condition.variables().any(|name| name.eq_ignore_ascii_case(&key.name))
                && let Value::Known(known) = request.context.get(condition.key())
            {
                values.extend(known.iter().cloned());
            }
        }
        if self.statements.iter().flat_map(|one| one.resources.listed()).any(|arn| mentions(arn, key)) {
            values.extend(request.resource.split(['/', ':']).filter(|part| !part.is_empty()).map(str::to_owned));
        }
        let pairs = likes.iter().enumerate().flat_map(|(at, one)| likes[at + 1..].iter().map(move |two| (one, two)));
        let both = pairs.take(MAX_NAMES).filter_map(|(one, two)| glob::meet(one.as_bytes(), two.as_bytes()));
        values.extend(both.filter_map(|text| String::from_utf8(text).ok()));
        if whole.len() > 1 {
            whole.push(whole.concat());
        }
        values.push(FRESH.into());
        let one = |value| if several { Chosen::Many(vec![value]) } else { Chosen::One(value) };
        let whole = whole.into_iter().filter(|values| values.len() > 1).map(Chosen::Many);
        let mut seen = BTreeSet::new();
        let set = values.into_iter().map(one).chain(whole).filter(|value| seen.insert(value.clone()));
        std::iter::once(None).chain(set.map(Some)).collect()
    }

    /// Names for the resource: one no policy knows, then names that patterns of the policies share with the request, then
    /// names that patterns of two groups share, and where three or more groups bind the name at once, names that one pattern
    /// of each shares. Too many patterns for that, or too long ones, cut the search short.
    fn names(&mut self, request: &Request, context: &Context) -> Vec<String> {
        let mut groups = self.groups(&request.action, context);
        let (wanted, first) = match Arn::parse(&request.resource) {
            Some(Arn(parts)) => (parts, request.resource.replace('*', FRESH)),
            None => (["*"; 6], request.resource.clone()),
        };
        let fits =
            |pattern: &[Vec<u8>; 6]| pattern.iter().zip(wanted).all(|(one, part)| glob::overlap(one, part.as_bytes()));
        groups.iter_mut().for_each(|group| group.patterns.retain(fits));
        let mut names = Names { wanted, found: vec![first] };
        groups.iter().flat_map(|group| &group.patterns).for_each(|pattern| names.shared_with(pattern));
        let mut pairs = 0;
        for (at, group) in groups.iter().enumerate() {
            let others = groups[at + 1..].iter().flat_map(|other| &other.patterns);
            for (one, two) in others.flat_map(|two| group.patterns.iter().map(move |one| (one, two))) {
                pairs += 1;
                if pairs > MAX_NAMES {
                    self.cut_short = true;
                    return self.distinct(names.found);
                }
                names.shared_by(&one[5], &two[5]);
            }
        }
        let binding: Vec<&Group> = groups.iter().filter(|group| group.binding).collect();
        if binding.len() > 2 {
            self.cut_short |= names.shared_by_all(&binding).is_err();
        }
        self.distinct(names.found)
    }

    /// What binds the name: the `Allow` statements of each layer, and each `Deny` with `NotResource`.
    fn groups(&mut self, action: &str, context: &Context) -> Vec<Group> {
        let about = |statement: &&Statement| statement.covers_action(action);
        let allows = layers(self.policies).map(|documents| {
            let granting = || statements_of(documents).filter(about).filter(|one| one.may(Effect::Allow));
            Group {
                patterns: granting()
                    .flat_map(|one| one.resources.only())
                    .filter_map(|arn| arn.globs(context))
                    .collect(),
                binding: granting().all(names_resources),
            }
        });
        let denies =
            self.statements.iter().filter(|one| one.may(Effect::Deny)).filter_map(|one| match &one.resources {
                Element::AllBut(listed) => Some(Group {
                    patterns: listed.iter().filter_map(|arn| arn.globs(context)).collect(),
                    binding: true,
                }),
                _ => None,
            });
        let mut groups: Vec<Group> = allows.chain(denies).filter(|group| !group.patterns.is_empty()).collect();
        for group in &mut groups {
            if group.patterns.len() > MAX_NAMES {
                self.cut_short = true;
                group.patterns.truncate(MAX_NAMES);
            }
        }
        groups
    }

    fn distinct(&self, names: Vec<String>) -> Vec<String> {
        let mut seen = BTreeSet::new();
        names.into_iter().filter(|name| seen.insert(name.clone())).collect()
    }

    fn result(self, request: &Request) -> Reached {
        const CUT_SHORT: &str = "the search for a request that passes was cut short";
        let Some((mut decision, witness)) = self.best else {
            let mut decision = decide(request, self.policies);
            decision.outcome = Outcome::Conditional;
            decision.notes.push(CUT_SHORT.into());
            return Reached { decision, witness: None };
        };
        if decision.is_denied() {
            if self.cut_short {
                decision.outcome = Outcome::Conditional;
                decision.notes.push(CUT_SHORT.into());
            }
            return Reached { decision, witness: None };
        }
        Reached { decision, witness: Some(witness) }
    }
}

/// Patterns of which the name must match at least one.
struct Group {
    patterns: Vec<[Vec<u8>; 6]>,
    /// No other statement of the layer would let any name through.
    binding: bool,
}

/// Does the statement list resources, none of them the plain `*`?
fn names_resources(statement: &Statement) -> bool {
    matches!(&statement.resources, Element::Only(listed) if !listed.iter().any(ArnPattern::is_everything))
}

/// Names that fit the parts the request asks for.
struct Names<'a> {
    wanted: [&'a str; 6],
    found: Vec<String>,
}

impl Names<'_> {
    /// The shortest name that the pattern shares with the request, and one with every star of the pattern filled.
    fn shared_with(&mut self, pattern: &[Vec<u8>; 6]) {
        let meet = |part: usize| glob::meet(&pattern[part], self.wanted[part].as_bytes());
        let Some(head) = (0..5).map(meet).collect::<Option<Vec<_>>>() else {
            return;
        };
        let head = head.join(&b':');
        let name = |tail: Vec<u8>| String::from_utf8([&head[..], b":", &tail].concat()).ok();
        let filled: Vec<u8> = fill(&pattern[5]);
        let filled = glob::matches(self.wanted[5].as_bytes(), &filled).then_some(filled);
        let tails = meet(5).into_iter().chain(filled);
        let names: Vec<String> = tails.filter_map(name).collect();
        self.found.extend(names);
    }

    /// Names that one pattern of each group matches, for every choice of patterns.
    fn shared_by_all(&mut self, groups: &[&Group]) -> Result<(), ()> {
        let choices = groups.iter().try_fold(1_usize, |all, group| all.checked_mul(group.patterns.len())).ok_or(())?;
        if choices > MAX_NAMES {
            return Err(());
        }
        let mut left = MAX_MEETING;
        for choice in 0..choices {
            let mut rest = choice;
            let chosen: Vec<&[Vec<u8>; 6]> = groups
                .iter()
                .filter_map(|group| {
                    let count = group.patterns.len();
                    let pattern = group.patterns.get(rest.checked_rem(count)?);
                    rest /= count;
                    pattern
                })
                .collect();
            let mut parts = Vec::new();
            for (part, wanted) in self.wanted.iter().enumerate() {
                let patterns: Vec<&[u8]> =
                    [wanted.as_bytes()].into_iter().chain(chosen.iter().map(|pattern| &pattern[part][..])).collect();
                match glob::meet_all(&patterns, &mut left)? {
                    Some(met) => parts.push(met),
                    None => break,
                }
            }
            if parts.len() == self.wanted.len() {
                self.found.extend(String::from_utf8(parts.join(&b':')).ok());
            }
        }
        Ok(())
    }

    /// The last parts of two patterns brought together, for policies of two layers that must both agree.
    fn shared_by(&mut self, one: &[u8], two: &[u8]) {
        let Some(tail) = glob::meet(one, two).and_then(|tail| String::from_utf8(tail).ok()) else {
            return;
        };
        let head = self.wanted[..5].join(":").replace('*', FRESH);
        self.found.push(format!("{head}:{}", self.wanted[5].replace('*', &tail)));
        if glob::matches(self.wanted[5].as_bytes(), tail.as_bytes()) {
            self.found.push(format!("{head}:{tail}"));
        }
    }
}

fn fill(pattern: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(pattern.len());
    for &byte in pattern {
        match byte {
            b'*' => text.extend_from_slice(FRESH.as_bytes()),
            b'?' => text.push(b'x'),
            glob::LITERAL_STAR => text.push(b'*'),
            glob::LITERAL_QUESTION => text.push(b'?'),
            other => text.push(other),
        }
    }
    text
}

/// How many patterns and values the statement lists.
fn weight(statement: &Statement) -> usize {
    let values = statement.conditions.iter().map(|condition| condition.values().count());
    statement.resources.listed().len() + values.sum::<usize>()
}

fn mentions(arn: &ArnPattern, key: &Key) -> bool {
    arn.variables().any(|name| name.eq_ignore_ascii_case(&key.name))
}

fn is_chosen(key: &str, chosen: &BTreeMap<String, Option<Chosen>>) -> bool {
    chosen.keys().any(|earlier| earlier.eq_ignore_ascii_case(key))
}

/// The documents of every layer.
fn layers(policies: &Policies) -> impl Iterator<Item = &Documents> {
    let resource = match &policies.resource {
        ResourcePolicy::Is(documents) => Some(documents),
        _ => None,
    };
    let single = [Some(&policies.identity), policies.boundary.as_ref(), policies.session.as_ref(), resource];
    let single = single.into_iter().chain([policies.endpoint.as_ref()]).flatten();
    single.chain(levels(&policies.scps)).chain(levels(&policies.rcps))
}

fn statements_of(documents: &Documents) -> impl Iterator<Item = &Statement> {
    documents.iter().flat_map(|document| document.statements())
}

fn levels(guardrails: &Guardrails) -> &[Documents] {
    match guardrails {
        Guardrails::Levels(levels) => levels,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn documents(statement: &str) -> Documents {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
        vec![Document::parse("p", &text).unwrap().into()]
    }

    fn create(resource: &str) -> Request {
        let resource = format!("arn:aws:sagemaker:us-east-1:111122223333:{resource}");
        Request::new("arn:aws:iam::111122223333:role/ml", "sagemaker:CreateTrainingJob", &resource)
    }

    fn choose(keys: &[&str], resource: bool) -> Choices {
        Choices { keys: keys.iter().map(|key| (*key).to_owned()).collect(), resource }
    }

    #[test]
    fn a_name_satisfies_two_layers_at_once() {
        let policies = Policies {
            identity: documents(r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:sagemaker:*:*:*canvas*"}"#),
            boundary: Some(documents(
                r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:sagemaker:*:*:training-job/prod-*"}"#,
            )),
            ..Policies::default()
        };
        let reached = reach(&create("training-job/*"), &choose(&[], true), &policies);
        assert!(reached.decision.is_allowed());
        assert!(reached.witness.unwrap().resource.ends_with("training-job/prod-canvas"));
    }

    #[test]
    fn a_name_satisfies_three_layers_at_once() {
        let only = |resource: &str| {
            documents(&format!(r#"{{"Effect":"Allow","Action":"*","Resource":"arn:aws:sagemaker:*:*:{resource}"}}"#))
        };
        let under = |third: &str| {
            let policies = Policies {
                identity: only("*canvas*"),
                boundary: Some(only("training-job/prod-*")),
                scps: Guardrails::Levels(vec![only(third)]),
                ..Policies::default()
            };
            reach(&create("training-job/*"), &choose(&[], true), &policies)
        };
        let reached = under("*-eu");
        assert!(reached.decision.is_allowed(), "{reached:?}");
        assert!(reached.witness.unwrap().resource.ends_with(":training-job/prod-canvas-eu"));
        assert!(under("endpoint/*").decision.is_denied(), "no name is of two types");
        assert!(under("training-job/test-*").decision.is_denied(), "no name begins in two ways");
    }

    #[test]
    fn too_many_patterns_of_three_layers_are_left_open() {
        let many = |what: &str| {
            let names: Vec<String> =
                (0..20).map(|n| format!(r#""arn:aws:sagemaker:*:*:training-job/*{what}{n}""#)).collect();
            documents(&format!(r#"{{"Effect":"Allow","Action":"*","Resource":[{}]}}"#, names.join(",")))
        };
        let policies = Policies {
            identity: many("a"),
            boundary: Some(many("b")),
            scps: Guardrails::Levels(vec![many("c")]),
            ..Policies::default()
        };
        let reached = reach(&create("training-job/*"), &choose(&[], true), &policies);
        assert_eq!(reached.decision.outcome, Outcome::Conditional);
    }

    #[test]
    fn one_value_satisfies_two_patterns_and_one_list_two_sets() {
        let identity = documents(
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:RequestTag/t":"a*"},
                "ForAnyValue:StringEquals":{"sagemaker:InstanceTypes":"x"}}}"#,
        );
        let boundary = Some(documents(
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:RequestTag/t":"*b"},
                "ForAnyValue:StringEquals":{"sagemaker:InstanceTypes":"y"}}}"#,
        ));
        let policies = Policies { identity, boundary, ..Policies::default() };
        let free = choose(&["aws:RequestTag/*", "sagemaker:*"], false);
        let context = reach(&create("training-job/t"), &free, &policies).witness.unwrap().context;
        assert_eq!(context["aws:RequestTag/t"], Chosen::One("ab".into()));
        assert_eq!(context["sagemaker:InstanceTypes"], Chosen::Many(vec!["x".into(), "y".into()]));
    }

    #[test]
    fn many_names_of_other_types_do_not_cut_the_search_short() {
        let names: Vec<String> = (0..200).map(|n| format!(r#""arn:aws:sagemaker:*:*:endpoint/e{n}-*""#)).collect();
        let listed = documents(&format!(r#"{{"Effect":"Allow","Action":"*","Resource":[{}]}}"#, names.join(",")));
        let policies = Policies { identity: listed.clone(), boundary: Some(listed), ..Policies::default() };
        let outcome = |resource| reach(&create(resource), &choose(&[], true), &policies).decision.outcome;
        assert_eq!(outcome("training-job/*"), Outcome::ImplicitDeny);
        assert_eq!(outcome("endpoint/*"), Outcome::Allow);
    }

    #[test]
    fn a_beginning_frees_every_key_that_is_not_fixed() {
        let identity = documents(
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{
                "NumericLessThan":{"sagemaker:MaxRuntimeInSeconds":"60"},"StringLike":{"sagemaker:FileSystemId":"fs-?*"}}}"#,
        );
        let policies = Policies { identity, ..Policies::default() };
        let free = choose(&["sagemaker:*"], false);
        let reached = reach(&create("training-job/t"), &free, &policies);
        assert!(reached.decision.is_allowed());
        assert_eq!(reached.witness.unwrap().context["sagemaker:FileSystemId"], Chosen::One("fs-x".into()));
        let fixed = create("training-job/t").within(Context::closed().with("sagemaker:FileSystemId", "other"));
        assert_eq!(reach(&fixed, &free, &policies).decision.outcome, Outcome::ImplicitDeny);
    }

    #[test]
    fn a_chosen_variable_takes_the_value_that_fits_the_resource() {
        let identity = documents(
            r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:sagemaker:*:*:app/${sagemaker:DomainId}/*"}"#,
        );
        let policies = Policies { identity, ..Policies::default() };
        let reached = reach(&create("app/d-1/x"), &choose(&["sagemaker:DomainId"], false), &policies);
        assert_eq!(reached.witness.unwrap().context["sagemaker:DomainId"], Chosen::One("d-1".into()));
    }

    #[test]
    fn a_search_cut_short_is_never_a_denial() {
        let keys: Vec<String> = (0..40).map(|n| format!(r#""sagemaker:k{n}":["{n}","x"]"#)).collect();
        let identity = documents(&format!(
            r#"[{{"Effect":"Allow","Action":"*","Resource":"*"}},
                {{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"StringNotEquals":{{{}}}}}}},
                {{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"StringEquals":{{{}}}}}}}]"#,
            keys.join(","),
            keys.join(","),
        ));
        let policies = Policies { identity, ..Policies::default() };
        let reached = reach(&create("training-job/t"), &choose(&["sagemaker:*"], false), &policies);
        assert!(!reached.decision.is_denied());
    }
}
