//! Resource policies of SageMaker resources, and of what they lean on: whom from outside the account they let in, and to what.

use std::collections::BTreeSet;
use std::sync::Arc;

use sagescan_policy::{
    Admission, Context, Decision, Document, Effect, Element, Policies, Principal, Request, ResourcePolicy, admissions,
    decide,
};

use super::patterns::{filled, is_open};
use super::trust::ANYTHING;
use crate::engine::STRANGER;
use crate::prelude::*;

/// How far a policy opens its resource to somebody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// Every account of an organization.
    Organization,
    /// One account, or somebody of it.
    Account,
    /// Whoever has an AWS account.
    Anyone,
}

/// Somebody from outside who may do something.
struct Outsider {
    reach: Reach,
    who: String,
    actions: Vec<String>,
    keys: Vec<Arc<str>>,
    statement: usize,
    sid: Option<Arc<str>>,
}

/// Grants of one policy that are looked at, what each of them is asked about, and on how many resources.
const MOST_GRANTS: usize = 128;
const MOST_ACTIONS: usize = 32;
const MOST_RESOURCES: usize = 4;

/// Judges the resource policy of a resource of the account: it may let in this account alone. `calls` are the actions that
/// matter, besides those that the policy names; `milder` is for what an organization may only look at or use.
pub(crate) fn judge(policy: &Seen<String>, arn: &str, calls: &[&str], milder: Severity, here: &Here<'_>) -> Judged {
    let Some(text) = policy.get()? else {
        return Ok(pass("it has no resource policy"));
    };
    let Some(own) = Arn::parse(arn).filter(|arn| arn.account == here.account()) else {
        return Err(unclear(format!("`{arn}` is not the ARN of a resource of this account")));
    };
    let document = Document::parse("its resource policy", text)
        .map_err(|error| unclear(format!("its resource policy could not be read: {error}")))?;
    let policy = ResourceDocument { document: Arc::new(document), service: own.service, arn, calls, here };
    let (found, doubt) = policy.outsiders();
    // The worst speaks for all: who reaches furthest, then who may change something, then who may do most.
    let worst = found.iter().max_by_key(|one| (one.reach, !one.only_looks_or_uses(), one.actions.len()));
    let Some(worst) = worst else {
        doubt.map_or(Ok(()), Err)?;
        return Ok(pass("its resource policy lets in nobody from outside the account"));
    };
    let statement = match &worst.sid {
        Some(sid) if !sid.is_empty() => format!("statement {sid}"),
        _ => format!("statement {}", worst.statement + 1),
    };
    let mut says = format!("{} may {}: {statement} of its resource policy", worst.who, some(&worst.actions));
    if !worst.keys.is_empty() {
        says.push_str(&format!(", under conditions on {}", worst.keys.join(", ")));
    }
    let outsiders: BTreeSet<&str> = found.iter().map(|one| one.who.as_str()).take(20).collect();
    let verdict = fail(says)
        .with("policy", "resource policy")
        .with("statement", worst.statement + 1)
        .with("sid", worst.sid.as_deref())
        .with("actions", worst.actions.clone())
        .with("outsiders", outsiders.into_iter().collect::<Vec<_>>())
        .with("remedy", "the removal of this principal from the statement");
    let mild = found.iter().all(|one| one.reach == Reach::Organization && one.only_looks_or_uses());
    Ok(if mild { verdict.severity(milder) } else { verdict })
}

/// The first of several actions, and how many more there are.
fn some(actions: &[String]) -> String {
    match actions {
        [] => String::new(),
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

impl Outsider {
    fn only_looks_or_uses(&self) -> bool {
        const HARMLESS: [&str; 7] = ["Describe", "List", "Get", "BatchGet", "Query", "Search", "Invoke"];
        self.actions.iter().all(|action| {
            let name = action.split_once(':').map_or("", |(_, name)| name);
            name == "CreateModel" || HARMLESS.iter().any(|start| name.starts_with(start))
        })
    }
}

struct ResourceDocument<'w> {
    document: Arc<Document>,
    /// As IAM spells it.
    service: &'w str,
    arn: &'w str,
    calls: &'w [&'w str],
    here: &'w Here<'w>,
}

impl ResourceDocument<'_> {
    fn outsiders(&self) -> (Vec<Outsider>, Option<Unseen>) {
        let everything = format!("{}:*", self.service);
        let mut doubt = self.document.statements().iter().find_map(|statement| {
            let may_admit = statement.effect != Effect::Deny && statement.may_cover_some(&everything);
            match (&statement.flaw, &statement.principals) {
                (Some(flaw), _) => Some(unclear(format!("its resource policy: {flaw}"))),
                (None, Element::Unstated) if may_admit => {
                    Some(unclear(format!("statement {} of its resource policy names nobody", statement.index + 1)))
                }
                _ => None,
            }
        });
        let mut found = Vec::new();
        let admitted = admissions(&self.document, &everything);
        if admitted.len() > MOST_GRANTS {
            doubt.get_or_insert_with(|| unclear("its resource policy lists more than is looked through"));
        }
        for admission in admitted.iter().take(MOST_GRANTS).filter(|one| one.statement.flaw.is_none()) {
            match self.callers(admission) {
                Ok(callers) => {
                    for caller in callers {
                        found.extend(self.let_in(&caller, admission, &mut doubt));
                    }
                }
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        (found, doubt)
    }

    /// Those from outside whom an admission may mean, to ask about.
    fn callers(&self, admission: &Admission<'_>) -> Result<Vec<Caller>, Unseen> {
        let own = self.here.account();
        let stranger = |account: &str| format!("arn:{}:iam::{account}:role/{STRANGER}", self.here.partition());
        let listed = |key: &'static str| {
            let named = admission.conditions().iter().filter(move |one| one.key().folded() == key);
            named.flat_map(|one| one.values().take(16)).take(32).map(|value| filled(value, own))
        };
        let all: Vec<Caller> = match admission.who {
            Principal::Everyone => {
                let accounts = listed("aws:principalaccount").map(|account| stranger(&account));
                let arns = accounts.chain(listed("aws:principalarn")).chain([stranger(self.somebody())]);
                arns.map(Caller::direct).collect()
            }
            Principal::Account(account) => vec![Caller::direct(stranger(account))],
            Principal::Identity(identity) => vec![Caller::direct(identity.arn().to_owned())],
            // A service acts for whoever set it up: its source tells the account.
            Principal::Service(name) => {
                let service = if &**name == "*" { "sagemaker.amazonaws.com" } else { name };
                let source = |account: &str| {
                    let (partition, own) = (self.here.partition(), self.service);
                    format!("arn:{partition}:{own}:{}:{account}:{STRANGER}", self.here.name)
                };
                let accounts = listed("aws:sourceaccount").map(|account| source(&account));
                let arns = accounts.chain(listed("aws:sourcearn")).chain([source(self.somebody())]);
                arns.map(|arn| Caller::through(service, arn)).collect()
            }
            // What is left of a deleted principal admits nobody.
            Principal::Deleted(_) => Vec::new(),
            Principal::Federated(_) | Principal::Canonical(_) | Principal::Unusable(_) => {
                let who = admission.who;
                return Err(unclear(format!("its resource policy names {who}, whose account cannot be told")));
            }
        };
        Ok(all.into_iter().filter(|caller| caller.account() != own).collect())
    }

    /// The id of an account that is nobody's in particular.
    fn somebody(&self) -> &'static str {
        if self.here.account() == "999999999999" { "888888888888" } else { "999999999999" }
    }

    /// What the policy lets a caller from outside do, whose own policies allow everything.
    fn let_in(&self, caller: &Caller, admission: &Admission<'_>, doubt: &mut Option<Unseen>) -> Option<Outsider> {
        let (mut actions, mut keys): (Vec<String>, Vec<Arc<str>>) = (Vec::new(), Vec::new());
        let resources = self.resources(admission, doubt);
        for (asked, shown) in self.actions(admission, doubt) {
            let answers = resources.iter().map(|resource| self.decide(caller, &asked, resource));
            let Some(decision) = answers.filter(|decision| !decision.is_denied()).min_by_key(|one| one.keys.len())
            else {
                continue;
            };
            if !decision.is_allowed() && decision.keys.is_empty() {
                let note = decision.notes.first().map_or("a statement could not be understood", |note| &**note);
                doubt.get_or_insert_with(|| unclear(note));
                continue;
            }
            if actions.is_empty() || decision.keys.len() < keys.len() {
                keys = decision.keys;
            }
            actions.push(shown);
        }
        if actions.is_empty() {
            return None;
        }
        let (reach, who) = self.named(caller, admission, &keys);
        let (statement, sid) = (admission.statement.index, admission.statement.sid.clone());
        Some(Outsider { reach, who, actions, keys, statement, sid })
    }

    fn named(&self, caller: &Caller, admission: &Admission<'_>, keys: &[Arc<str>]) -> (Reach, String) {
        let account = caller.account();
        let named = matches!(admission.who, Principal::Account(_) | Principal::Identity(_));
        let of_organization = |key: &Arc<str>| {
            let key = key.to_ascii_lowercase();
            key.starts_with("aws:principalorg") || key.starts_with("aws:sourceorg")
        };
        let (reach, who) = if keys.iter().any(of_organization) && !named {
            (Reach::Organization, "every account of an organization".to_owned())
        } else if !is_account_id(account) || (account == self.somebody() && !named) {
            (Reach::Anyone, "anyone with an AWS account".to_owned())
        } else if caller.arn.ends_with(STRANGER) {
            (Reach::Account, format!("account {account}"))
        } else {
            (Reach::Account, format!("{} of another account", caller.arn))
        };
        match &caller.service {
            Some(service) => (reach, format!("{who}, through {service},")),
            None => (reach, who),
        }
    }

    /// The actions to ask about, each with the words for it: those that matter, and those that the statement lists.
    fn actions(&self, admission: &Admission<'_>, doubt: &mut Option<Unseen>) -> Vec<(String, String)> {
        let known = self.calls.iter().filter(|call| admission.statement.covers_action(call));
        let listed = admission.statement.actions.only().iter().filter_map(|pattern| match pattern.service() {
            "" if pattern.is_everything() => Some((format!("{}:{STRANGER}", self.service), pattern.text().to_owned())),
            service if service.eq_ignore_ascii_case(self.service) => {
                Some((filled(pattern.text(), self.here.account()), pattern.text().to_owned()))
            }
            _ => None,
        });
        let mut all: Vec<(String, String)> = known.map(|call| ((*call).to_owned(), (*call).to_owned())).collect();
        for (asked, shown) in listed {
            if !all.iter().any(|(other, _)| other.eq_ignore_ascii_case(&asked)) {
                all.push((asked, shown));
            }
            if all.len() > MOST_ACTIONS {
                doubt.get_or_insert_with(|| unclear("its resource policy lists more than is looked through"));
                break;
            }
        }
        all
    }

    /// The resource itself, and those of this account that the statement lists: a policy of a group speaks of what is in it.
    fn resources(&self, admission: &Admission<'_>, doubt: &mut Option<Unseen>) -> Vec<String> {
        let own = self.here.account();
        let of_ours = |text: &str| {
            let parts = Arn::parse(text)?;
            let account = if is_open(parts.account) { own } else { parts.account };
            let fits = account == own && (parts.service == self.service || is_open(parts.service));
            let name = filled(parts.resource, own);
            let (partition, service) = (self.here.partition(), self.service);
            fits.then(|| format!("arn:{partition}:{service}:{}:{own}:{name}", self.here.name))
        };
        let listed = admission.statement.resources.only().iter().filter_map(|pattern| of_ours(pattern.text()));
        let mut all = vec![self.arn.to_owned()];
        for resource in listed {
            if !all.contains(&resource) {
                all.push(resource);
            }
            if all.len() > MOST_RESOURCES {
                doubt.get_or_insert_with(|| unclear("its resource policy lists more than is looked through"));
                break;
            }
        }
        all
    }

    fn decide(&self, caller: &Caller, action: &str, resource: &str) -> Decision {
        let (who, context) = match &caller.service {
            None => (caller.arn.as_str(), Context::open()),
            Some(service) => {
                let source = Context::open().with("aws:SourceArn", caller.arn.as_str());
                (service.as_str(), source.with("aws:SourceAccount", caller.account()))
            }
        };
        let request = Request::new(who, action, resource).within(context).with_known_keys();
        let policies = Policies {
            identity: vec![ANYTHING.clone()],
            resource: ResourcePolicy::Is(vec![self.document.clone()]),
            ..Policies::default()
        };
        decide(&request, &policies)
    }
}

/// Somebody to ask about.
struct Caller {
    /// The principal; for a service, on whose behalf it acts.
    arn: String,
    service: Option<String>,
}

impl Caller {
    fn direct(arn: String) -> Caller {
        Caller { arn, service: None }
    }

    fn through(service: &str, arn: String) -> Caller {
        Caller { arn, service: Some(service.to_owned()) }
    }

    /// The account; empty where the text tells none.
    fn account(&self) -> &str {
        Arn::parse(&self.arn).map_or("", |arn| arn.account)
    }
}
