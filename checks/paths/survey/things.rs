//! Questions about things that have a policy of their own: secrets, repositories, endpoints, buckets of other accounts.

use std::sync::Arc;

use sagescan_policy::{
    Choices, Context, Document, Element, Outcome, Policies, Principal as Whom, Request, ResourcePolicy, Setting, reach,
};

use super::locks::Lock;
use super::{Found, MOST_ASKERS, Survey, Text, about};
use crate::engine::{Here, Proof, STRANGER, unclear};
use crate::paths::rights::{Answer, Ask};
use crate::paths::technique::Need;
use crate::snapshot::{Gap, ManagedSecret, Seen, Tag, Unseen};

/// An account that is nobody's in particular, and its organization.
const ELSEWHERE: [&str; 2] = ["999999999999", "888888888888"];
const FOREIGN_ORGANIZATION: &str = "o-qx7zwk0000";

/// Something of the account that has a policy of its own.
pub(crate) struct Guarded {
    /// What the right is over.
    pub(crate) arn: String,
    pub(crate) tags: Seen<Vec<Tag>>,
    /// What says who it is: `the policy of repository serve`.
    called: String,
    text: Text,
    /// The policy says different things for different principals of the account.
    personal: bool,
    /// Principals of the account that it names.
    named: Vec<String>,
}

impl Guarded {
    pub(crate) fn new(
        kind: &str,
        name: &str,
        arn: &str,
        policy: &Seen<String>,
        tags: Seen<Vec<Tag>>,
        account: &str,
    ) -> Guarded {
        let called = format!("the policy of {kind} {name}");
        let text = match policy {
            Seen::Is(text) => Ok(Some(Arc::new(Document::parse_or_doubt(&called, text)))),
            Seen::Unset => Ok(None),
            Seen::Unseen(gap) => Err(gap.clone()),
        };
        let (personal, named) = spoken_of(&text, account);
        Guarded { arn: arn.to_owned(), tags, called, text, personal, named }
    }

    /// The policy, where there is one that was seen.
    pub(crate) fn document(&self) -> Option<&Arc<Document>> {
        self.text.as_ref().ok()?.as_ref()
    }

    /// Why the policy was not seen.
    pub(crate) fn gap(&self) -> Option<&Gap> {
        self.text.as_ref().err()
    }

    fn as_policy(&self) -> ResourcePolicy {
        match &self.text {
            Ok(Some(document)) => ResourcePolicy::Is(vec![document.clone()]),
            Ok(None) => ResourcePolicy::None,
            Err(_) => ResourcePolicy::Unknown,
        }
    }
}

/// Whether a policy says different things for different principals of the account, and whom of it it names.
pub(super) fn spoken_of(policy: &Text, account: &str) -> (bool, Vec<String>) {
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
    (personal, named)
}

impl Survey {
    /// An account that is not this one.
    pub(crate) fn elsewhere(&self) -> &'static str {
        let [one, other] = ELSEWHERE;
        if self.cast.account == one { other } else { one }
    }

    /// Who can do this to something that has a policy of its own: somebody, how many have the same rights (none when the
    /// answer is about that one alone), and the proof.
    pub(crate) fn users_of(
        &self,
        need: Need,
        thing: &Guarded,
        enough: usize,
        concerns: impl Fn(usize) -> bool,
    ) -> Found<(usize, usize, Proof)> {
        let mut out = Found::default();
        thing.gap().into_iter().for_each(|gap| out.doubt(gap));
        let asked = |person: usize| {
            let mut question = Ask::new(need.0, &thing.arn).tagged(&thing.tags);
            question.policy = thing.as_policy();
            let mut answer = self.cast.ask(person, &question);
            if let (Answer::Yes(proof), Some(gap)) = (&mut answer, thing.gap()) {
                proof.unread.get_or_insert_with(|| format!("{}: {gap}", thing.called));
            }
            answer
        };
        let by_name: Vec<usize> = thing.named.iter().filter_map(|arn| self.cast.person(arn)).collect();
        let one_by_one = |people: &mut dyn Iterator<Item = usize>, out: &mut Found<(usize, usize, Proof)>| {
            for (count, person) in people.filter(|person| concerns(*person)).enumerate() {
                if count >= MOST_ASKERS || out.found.len() >= enough {
                    out.cut += 1;
                    break;
                }
                match asked(person) {
                    Answer::Yes(proof) => out.found.push((person, 0, proof)),
                    Answer::Doubt(gap) => out.doubt(&gap),
                    Answer::No => {}
                }
            }
        };
        one_by_one(&mut by_name.iter().copied(), &mut out);
        let others = |person: usize| concerns(person) && !by_name.contains(&person);
        if thing.personal {
            // The answer may differ from one to the next even where rights are equal.
            let groups = self.cast.groups.iter().filter(|group| self.cast.may_hold(group, need.0));
            let mut rest = groups.flat_map(|group| &group.members).copied().filter(|person| !by_name.contains(person));
            one_by_one(&mut rest, &mut out);
            return out;
        }
        self.who_over(
            Some(&[&thing.arn]),
            about(&[need]),
            &[need],
            enough,
            &others,
            &mut out,
            asked,
            |person, alike, proof| (person, alike, proof),
        );
        out
    }

    /// Whether a person reads the value of a secret, by its own policies or the secret's, through the secret's key.
    pub(crate) fn reads_secret(&self, person: usize, secret: &ManagedSecret, here: &Here<'_>) -> Answer {
        let (tags, account) = (secret.tags.clone(), self.cast.account.as_str());
        let thing = Guarded::new("secret", &secret.name, &secret.arn, &secret.policy, tags, account);
        let mut question = Ask::new("secretsmanager:GetSecretValue", &secret.arn).tagged(&secret.tags);
        question.policy = thing.as_policy();
        let answer = self.cast.ask(person, &question);
        let mut proof = match (answer, thing.gap(), secret.tags.gap()) {
            (Answer::No, Some(gap), _) => return Answer::Doubt(gap.clone()),
            // Whether the tags let it in was not seen.
            (Answer::Yes(proof), _, Some(gap)) if proof.keys.iter().any(|key| key.contains("ResourceTag/")) => {
                return Answer::Doubt(gap.clone());
            }
            (Answer::Yes(proof), ..) => proof,
            (other, ..) => return other,
        };
        let Ok(reference) = secret.key.get() else {
            proof.unread.get_or_insert_with(|| "the key of the secret".to_owned());
            return Answer::Yes(proof);
        };
        // The key of AWS is open to whoever may read the secret.
        let Some(reference) = reference else { return Answer::Yes(proof) };
        let key = match here.key(reference) {
            Ok(key) if key.manager.shown().is_some_and(|manager| manager == "AWS") => return Answer::Yes(proof),
            Ok(key) => key,
            Err(Unseen(gap)) => {
                proof.unread.get_or_insert_with(|| format!("the key of the secret: {gap}"));
                return Answer::Yes(proof);
            }
        };
        // That the call comes through Secrets Manager is so.
        let suffix = if self.cast.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
        let context = Context::open()
            .with("kms:CallerAccount", account)
            .with("kms:ViaService", format!("secretsmanager.{}.{suffix}", here.name));
        Answer::Yes(proof).and(self.decrypts(person, &Lock::of(key, here), context))
    }

    /// Whether a person writes objects to a bucket of any other account.
    pub(crate) fn writes_abroad(&self, person: usize) -> Answer {
        self.in_foreign_bucket(person, "s3:PutObject", &format!("{STRANGER}/{STRANGER}"))
    }

    /// Whether a person may do this to objects of a bucket that belongs to another account; what that account says to it
    /// is left to it.
    pub(crate) fn in_foreign_bucket(&self, person: usize, action: &str, objects: &str) -> Answer {
        let arn = format!("arn:{}:s3:::{objects}", self.cast.partition);
        let mut question = Ask::new(action, &arn);
        question.owner = Some(self.elsewhere());
        question.context = abroad(Context::open(), self.elsewhere());
        self.cast.ask(person, &question)
    }

    /// Whether a caller from outside the account, granted everything by its own policies, can do this to something that has
    /// this policy. `restricted` tells whether public policies are ignored for outsiders.
    pub(crate) fn outsider_may(
        &self,
        caller: &str,
        action: &str,
        arn: &str,
        document: &Arc<Document>,
        context: Context,
        restricted: bool,
    ) -> Answer {
        let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let policies = Policies {
            identity: vec![Arc::new(Document::parse_or_doubt("anything", all))],
            resource: ResourcePolicy::Is(vec![document.clone()]),
            rcps: self.cast.ceiling.rcps.clone(),
            setting: Setting { restrict_public_buckets: restricted, ..Setting::default() },
            ..Policies::default()
        };
        let request = Request::new(caller, action, arn)
            .owned_by(&self.cast.account)
            .within(context.with("aws:SecureTransport", "true"))
            .with_known_keys();
        let choices = Choices { keys: vec!["s3:x-amz-*".to_owned()], resource: arn.contains('*') };
        let decision = reach(&request, &choices, &policies).decision;
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
                policy: document.name().clone(),
                statement: origin.statement + 1,
                sid: origin.sid.clone(),
                action: String::new(),
                resources: Vec::new(),
                keys: decision.keys,
                unread: note,
            }),
            None => Answer::No,
        }
    }
}

/// Circumstances in which what is asked about belongs to another account and organization.
pub(crate) fn abroad(context: Context, owner: &str) -> Context {
    context
        .with("s3:ResourceAccount", owner)
        .with("aws:ResourceOrgID", FOREIGN_ORGANIZATION)
        .with_all("aws:ResourceOrgPaths", [format!("{FOREIGN_ORGANIZATION}/r-{STRANGER}/")])
}
