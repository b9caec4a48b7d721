//! One question to the policies of a principal: can it make some request of this kind pass?
//!
//! This is the attacker's question of the policy engine: names of new things and parameters of the request are the
//! requester's to choose, and are solved for. What the environment decides stays a condition with its keys named.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use sagescan_policy::{
    Choices, Context, Document, Effect, Element, Guardrails, Key, Layer, Outcome, Policies, Request, ResourcePolicy,
    Statement, Value as Known, reach,
};

use super::technique::{Mask, actions};
use crate::engine::{Arn, Ceiling, Proof};
use crate::snapshot::{Gap, Reason, Seen, Tag};

/// Beginnings, in lower case, of the keys that the requester may choose besides names: the parameters of the call.
const CHOSEN: [&str; 7] = [
    "sagemaker:",
    "aws:requesttag/",
    "aws:tagkeys",
    "aws:requestedregion",
    "iam:associatedresourcearn",
    "sts:rolesessionname",
    "s3:x-amz-",
];

/// The region that a request goes to; that of the thing asked about, where it has one.
const REGION: &str = "aws:requestedregion";

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// Certainly not.
    No,
    /// It could not be told: what was not seen or understood might allow it.
    Doubt(Gap),
    /// Yes, by this statement; perhaps under conditions.
    Yes(Proof),
}

impl Answer {
    /// Both are needed: the first proof stands for the pair and takes on the doubts of the second.
    pub(crate) fn and(self, other: Answer) -> Answer {
        match (self, other) {
            (Answer::No, _) | (_, Answer::No) => Answer::No,
            (Answer::Doubt(gap), _) | (_, Answer::Doubt(gap)) => Answer::Doubt(gap),
            (Answer::Yes(mut one), Answer::Yes(two)) => {
                for key in two.keys {
                    if !one.keys.contains(&key) {
                        one.keys.push(key);
                    }
                }
                one.unread = one.unread.or(two.unread);
                Answer::Yes(one)
            }
        }
    }

    /// The proof of a yes.
    pub(crate) fn proof(&self) -> Option<&Proof> {
        match self {
            Answer::Yes(proof) => Some(proof),
            _ => None,
        }
    }

    /// A yes, perhaps under conditions.
    pub(crate) fn is_yes(&self) -> bool {
        self.proof().is_some()
    }

    /// A yes without conditions.
    pub(crate) fn is_certain(&self) -> bool {
        self.proof().is_some_and(|proof| proof.keys.is_empty() && proof.unread.is_none())
    }

    /// The better answer for the one who asks: a certain yes, a conditional one, a doubt, a no.
    pub(crate) fn or(self, other: impl FnOnce() -> Answer) -> Answer {
        if self.is_certain() {
            return self;
        }
        let rank = |answer: &Answer| match answer {
            yes if yes.is_certain() => 3,
            Answer::Yes(_) => 2,
            Answer::Doubt(_) => 1,
            Answer::No => 0,
        };
        let other = other();
        if rank(&other) > rank(&self) { other } else { self }
    }
}

/// A policy document, and which actions it speaks of.
pub(crate) struct Paper {
    pub(crate) document: Arc<Document>,
    /// Actions that any of its statements covers.
    pub(crate) speaks: Mask,
    /// Actions that a statement covers which allows, or may.
    pub(crate) allows: Mask,
    /// It says different things for different principals.
    pub(crate) personal: bool,
    /// It has a statement that denies.
    pub(crate) denies: bool,
    /// For each statement the actions that it covers, and a number that equal statements of equal place share.
    pub(crate) statements: Vec<(Mask, usize)>,
}

impl Paper {
    pub(crate) fn new(document: Arc<Document>, number: impl FnMut(&Statement) -> usize) -> Paper {
        let (mut speaks, mut allows, mut personal) = (Mask::default(), Mask::default(), false);
        let numbers: Vec<usize> = document.statements().iter().map(number).collect();
        let mut statements = Vec::with_capacity(numbers.len());
        for (statement, number) in document.statements().iter().zip(numbers) {
            let mut covers = Mask::default();
            for (at, action) in actions().iter().enumerate() {
                if statement.covers_action(action) {
                    covers.add(at);
                    if statement.effect != Effect::Deny {
                        allows.add(at);
                    }
                }
            }
            speaks.join(covers);
            statements.push((covers, number));
            let named = |text: &str| {
                let text = text.to_ascii_lowercase();
                ["aws:principal", "aws:user"].iter().any(|key| text.contains(key)) && text.contains("${")
            };
            let of_caller =
                |key: &str| ["aws:principalarn", "aws:principaltype", "aws:username", "aws:userid"].contains(&key);
            personal |= statement.resources.listed().iter().any(|pattern| named(pattern.text()));
            personal |= statement.conditions.iter().any(|c| of_caller(c.key().folded()) || c.values().any(named));
        }
        let denies = document.statements().iter().any(|statement| statement.effect == Effect::Deny);
        Paper { document, speaks, allows, personal, denies, statements }
    }
}

/// Whoever asks: the documents that matter for the question, and what was not seen of the others.
pub(crate) struct Asker<'a> {
    pub(crate) arn: &'a str,
    pub(crate) identity: Vec<Arc<Document>>,
    pub(crate) boundary: Option<Arc<Document>>,
    /// The organization policies over the account.
    pub(crate) ceiling: &'a Ceiling,
    pub(crate) gap: Option<&'a Gap>,
}

/// What is asked.
pub(crate) struct Ask<'a> {
    pub(crate) action: &'a str,
    /// An ARN; each `*` in it is a name of the requester's choice.
    pub(crate) resource: &'a str,
    /// Keys whose values are fixed by the question.
    pub(crate) context: Context,
    /// The policy of the resource.
    pub(crate) policy: ResourcePolicy,
    /// The account of the resource, where its ARN does not say.
    pub(crate) owner: Option<&'a str>,
    /// The tags of the resource; `None` when they were not seen.
    pub(crate) tags: Option<&'a [Tag]>,
}

impl<'a> Ask<'a> {
    /// A question about something that has no tags yet and no policy of its own.
    pub(crate) fn new(action: &'a str, resource: &'a str) -> Ask<'a> {
        Ask {
            action,
            resource,
            context: Context::open(),
            policy: ResourcePolicy::LeftOut,
            owner: None,
            tags: Some(&[]),
        }
    }

    /// The same question about something that exists and bears these tags.
    pub(crate) fn tagged(mut self, tags: &'a Seen<Vec<Tag>>) -> Ask<'a> {
        self.tags = match tags {
            Seen::Is(tags) => Some(tags),
            Seen::Unset => Some(&[]),
            Seen::Unseen(_) => None,
        };
        self
    }
}

/// Asks.
pub(crate) fn ask(asker: &Asker<'_>, ask: &Ask<'_>) -> Answer {
    let (caller, thing) = (Arn::parse(asker.arn), Arn::parse(ask.resource));
    let account = caller.map_or("", |arn| arn.account);
    let owner = ask.owner.or(thing.map(|arn| arn.account).filter(|account| !account.is_empty()));
    // Resource control policies bind what is known to be of the account.
    let own = owner == Some(account);
    let policies = Policies {
        identity: asker.identity.clone(),
        boundary: asker.boundary.clone().map(|document| vec![document]),
        scps: asker.ceiling.scps.clone(),
        rcps: if own { asker.ceiling.rcps.clone() } else { Guardrails::None },
        resource: ask.policy.clone(),
        ..Policies::default()
    };
    // Only keys that a policy speaks of can make a difference.
    let of_bucket = match &ask.policy {
        ResourcePolicy::Is(documents) => documents.as_slice(),
        _ => &[],
    };
    let above = [&policies.scps, &policies.rcps].into_iter().flat_map(|guardrails| match guardrails {
        Guardrails::Levels(levels) => levels.as_slice(),
        Guardrails::None | Guardrails::Unknown => &[],
    });
    let documents = asker.identity.iter().chain(&asker.boundary).chain(of_bucket).chain(above.flatten());
    let conditions = documents.flat_map(|document| document.statements()).flat_map(|statement| &statement.conditions);
    let spoken: BTreeSet<&str> = conditions.map(|condition| condition.key().folded()).collect();
    let mut context = ask.context.clone();
    if spoken.iter().any(|key| key.contains("orgid") || key.contains("orgpaths")) {
        context = asker.ceiling.known_to(context, own);
    }
    let region = thing.map_or("", |arn| arn.region);
    let placed = !region.is_empty() && !region.contains(['*', '?']);
    if placed && spoken.contains(REGION) {
        context = context.with(REGION, region);
    }
    if let Some(tags) = ask.tags {
        context = spoken.iter().filter(|key| is_resource_tag(key)).fold(context, |context, key| context.without(key));
        let matters = spoken.iter().any(|key| is_resource_tag(key));
        for tag in tags.iter().take(if matters { 64 } else { 0 }) {
            context = TAG_KEYS
                .iter()
                .fold(context, |context, prefix| context.with(&format!("{prefix}{}", tag.key), tag.value.as_str()));
        }
    }
    let mut request = Request::new(asker.arn, ask.action, ask.resource).within(context);
    if let Some(owner) = ask.owner {
        request = request.owned_by(owner);
    }
    let request = request.with_known_keys();
    // What the question fixes is not the requester's to choose.
    let is_open = |key: &str| matches!(request.context.get(&Key::new(key)), Known::Unknown(_));
    let chosen = |key: &&&str| {
        let parameter = CHOSEN.iter().any(|begin| key.starts_with(begin));
        parameter && !(is_resource_tag(key) || placed && **key == REGION) && is_open(key)
    };
    let keys = spoken.iter().filter(chosen).map(|key| (*key).to_owned()).collect();
    let found = reach(&request, &Choices { keys, resource: ask.resource.contains('*') }, &policies);
    let decision = found.decision;
    if decision.is_denied() {
        return asker.gap.map_or(Answer::No, |gap| Answer::Doubt(gap.clone()));
    }
    let unclear = |why: &str| Answer::Doubt(Gap::new(Reason::Unrecognised, why));
    let note = decision.notes.first().map(|note| note.to_string());
    if decision.outcome == Outcome::Conditional && decision.keys.is_empty() {
        return unclear(note.as_deref().unwrap_or("it could not be worked out whether the policies allow it"));
    }
    let layers = [Layer::Identity, Layer::Resource];
    let origin = layers.iter().find_map(|layer| decision.allowed_by.iter().find(|o| o.layer == *layer));
    let Some(origin) = origin else {
        return unclear("no statement was found that grants it");
    };
    Answer::Yes(Proof {
        policy: origin.policy.clone(),
        statement: origin.statement + 1,
        sid: origin.sid.clone(),
        action: String::new(),
        resources: Vec::new(),
        keys: decision.keys,
        unread: asker.gap.map(ToString::to_string).or(note),
    })
}

const TAG_KEYS: [&str; 5] = [
    "aws:ResourceTag/",
    "sagemaker:ResourceTag/",
    "iam:ResourceTag/",
    "secretsmanager:ResourceTag/",
    "ecr:ResourceTag/",
];

pub(super) fn is_resource_tag(key: &str) -> bool {
    key.to_ascii_lowercase().contains(":resourcetag/")
}

/// Things that a right may be over, sorted so that what a pattern may mean is found without asking about each.
pub(crate) struct Targets {
    /// The ARN of each, up to its first `*`, and its number; sorted.
    sorted: Vec<(String, usize)>,
    whole: Vec<String>,
    all: Vec<usize>,
}

impl Targets {
    pub(crate) fn new(arns: Vec<String>) -> Targets {
        let beginning = |arn: &String| arn.split('*').next().unwrap_or_default().to_owned();
        let mut sorted: Vec<(String, usize)> = arns.iter().enumerate().map(|(at, arn)| (beginning(arn), at)).collect();
        sorted.sort_unstable();
        Targets { sorted, all: (0..arns.len()).collect(), whole: arns }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    pub(crate) fn arn(&self, at: usize) -> &str {
        self.whole.get(at).map_or("", String::as_str)
    }

    /// Those that statements of the documents may speak of when they grant this action, in order of number.
    pub(crate) fn candidates(&self, documents: &[Arc<Document>], action: &str) -> Cow<'_, [usize]> {
        let mut found = Vec::new();
        let statements = documents.iter().flat_map(|document| document.statements());
        for statement in statements.filter(|s| s.effect != Effect::Deny && s.covers_action(action)) {
            match &statement.resources {
                Element::Only(patterns) if !patterns.iter().any(|pattern| pattern.is_everything()) => {
                    for pattern in patterns {
                        self.meeting(pattern, &mut found);
                    }
                }
                _ => return Cow::Borrowed(&self.all),
            }
            if found.len() > 4 * self.whole.len() {
                found.sort_unstable();
                found.dedup();
            }
        }
        found.sort_unstable();
        found.dedup();
        Cow::Owned(found)
    }

    fn meeting(&self, pattern: &sagescan_policy::ArnPattern, found: &mut Vec<usize>) {
        let text = pattern.text();
        let end = text.find(['*', '?', '$']).unwrap_or(text.len());
        let fixed = text.get(..end).unwrap_or(text);
        let from = self.sorted.partition_point(|(arn, _)| arn.as_str() < fixed);
        let mut check = |at: usize| {
            if pattern.may_meet(self.arn(at)) {
                found.push(at);
            }
        };
        let longer = self.sorted.get(from..).unwrap_or_default();
        longer.iter().take_while(|(arn, _)| arn.starts_with(fixed)).for_each(|(_, at)| check(*at));
        // What ends in a star may begin shorter than the pattern does.
        for cut in (0..fixed.len()).filter(|cut| fixed.is_char_boundary(*cut)) {
            let shorter = fixed.get(..cut).unwrap_or_default();
            let from = self.sorted.partition_point(|(arn, _)| arn.as_str() < shorter);
            let same = self.sorted.get(from..).unwrap_or_default();
            same.iter().take_while(|(arn, _)| arn == shorter).for_each(|(_, at)| check(*at));
        }
    }
}
