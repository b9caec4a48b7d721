//! What the policies of an IAM user or role allow, as far as they were seen. Every document is read once and shared.
//!
//! The questions follow one rule: a right that a seen statement gives is shown with its proof, even if a layer that was not
//! seen might take it away again; that there is *no* right is said only when everything that could give one was seen.
//! Organization policies decide where they were seen (`organization.rs`); where they were not, which is the rule in a member
//! account, they deny nothing, and the pages of the checks say so.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use sagescan_policy::{
    Choices, Context, Decision, Document, Effect, Element, Guardrails, Policies, Reached, Request, ResourcePolicy,
    Statement, Truth, decide, grants, reach,
};

use super::arn::Arn;
use super::check::{Verdict, unclear};
use super::organization::Ceiling;
use crate::snapshot::{Account, Gap, Group, InlinePolicy, Listed, Policy, Reason, Role, Seen, Snapshot, Unseen, User};

mod choice;
mod extent;
mod likeness;

pub use choice::{OWN_PROFILE, Right};
pub use likeness::Likeness;
pub(super) use likeness::Memory;

/// A name that no policy knows. A right over what bears this name comes from a wildcard or a complement (`NotAction`,
/// `NotResource`), and therefore extends to everything that the policies do not single out.
pub const STRANGER: &str = "Qx7zwk";

/// The region that a request goes to: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
const REGION: &str = "aws:RequestedRegion";

/// The IAM side of an account, by name. Documents and permissions are worked out when first asked for.
pub(super) struct Iam<'s> {
    account: &'s Account,
    pub(super) roles: HashMap<&'s str, &'s Role>,
    groups: HashMap<&'s str, One<&'s Group>>,
    policies: HashMap<&'s str, One<&'s Policy>>,
    /// By ARN.
    documents: HashMap<&'s str, OnceLock<Read>>,
    /// By where the user or role lies in the snapshot: an ARN may be missing or stand there twice.
    permissions: HashMap<usize, OnceLock<Permissions>>,
    pub(super) ceiling: Arc<Ceiling>,
}

/// The one item of a name, or `None` when several different ones claim it.
type One<T> = Option<T>;

fn by_name<'s, T: PartialEq>(items: &'s [T], name: impl Fn(&'s T) -> &'s str) -> HashMap<&'s str, One<&'s T>> {
    let mut all: HashMap<&str, One<&T>> = HashMap::new();
    for item in items {
        let place = all.entry(name(item)).or_insert(Some(item));
        if *place != Some(item) {
            *place = None;
        }
    }
    all
}

fn place_of<T>(item: &T) -> usize {
    std::ptr::from_ref(item).addr()
}

/// A document, or why there is none.
type Read = Result<Arc<Document>, Gap>;

impl<'s> Iam<'s> {
    pub(super) fn new(snapshot: &'s Snapshot) -> Self {
        let account = &snapshot.account;
        let places = account.roles.iter().map(place_of).chain(account.users.iter().map(place_of));
        Iam {
            account,
            roles: account.roles.iter().map(|r| (r.arn.as_str(), r)).collect(),
            groups: by_name(&account.groups.items, |group| &group.name),
            policies: by_name(&account.policies.items, |policy| &policy.arn),
            documents: account.policies.iter().map(|policy| (policy.arn.as_str(), OnceLock::new())).collect(),
            permissions: places.map(|place| (place, OnceLock::new())).collect(),
            ceiling: Arc::new(Ceiling::over(snapshot)),
        }
    }

    pub(super) fn of_role(&self, role: &Role) -> Result<&Permissions, Unseen> {
        self.once(place_of(role), &role.arn, "role", |all| {
            all.add(self, &role.attached, &role.inline);
            all.cap(self, &role.boundary);
        })
    }

    pub(super) fn of_user(&self, user: &User) -> Result<&Permissions, Unseen> {
        self.once(place_of(user), &user.arn, "user", |all| {
            all.add(self, &user.attached, &user.inline);
            all.direct = all.policies.identity.len();
            match &user.groups {
                Seen::Is(names) => names.iter().for_each(|name| match self.group(name) {
                    Ok(group) => all.add(self, &group.attached, &group.inline),
                    Err(gap) => all.gaps.push(gap),
                }),
                Seen::Unset => {}
                Seen::Unseen(gap) => all.gaps.push(gap.clone()),
            }
            all.cap(self, &user.boundary);
        })
    }

    fn once(
        &self,
        place: usize,
        arn: &str,
        kind: &str,
        fill: impl FnOnce(&mut Permissions),
    ) -> Result<&Permissions, Unseen> {
        let place =
            self.permissions.get(&place).ok_or_else(|| unclear(format!("{kind} `{arn}` is not of this snapshot")))?;
        // A principal that cannot be told apart from a service or a provider would be judged by other rules.
        let Some(parts) = Arn::parse(arn).filter(|parts| parts.service == "iam" && parts.named(kind).is_some()) else {
            return Err(unclear(format!("`{arn}` is not the ARN of a {kind}")));
        };
        Ok(place.get_or_init(|| {
            let mut all = Permissions {
                arn: arn.to_owned(),
                partition: parts.partition.to_owned(),
                account: parts.account.to_owned(),
                policies: Policies { resource: ResourcePolicy::LeftOut, ..Policies::default() },
                bound: Policies::default(),
                ceiling: self.ceiling.clone(),
                direct: 0,
                gaps: Vec::new(),
            };
            fill(&mut all);
            all.bound = Policies { scps: self.ceiling.scps.clone(), ..all.policies.clone() };
            all
        }))
    }

    fn group(&self, name: &str) -> Result<&'s Group, Gap> {
        pick(&self.groups, name, &self.account.groups, "group")
    }

    fn document(&self, arn: &str) -> Read {
        let read = || {
            let policy = pick(&self.policies, arn, &self.account.policies, "policy")?;
            let text = policy.document.known("Document").map_err(|Unseen(gap)| gap)?;
            document(arn, text)
        };
        match self.documents.get(arn) {
            Some(once) => once.get_or_init(read).clone(),
            None => read(),
        }
    }
}

fn pick<'s, T>(all: &HashMap<&'s str, One<&'s T>>, name: &str, table: &Listed<T>, kind: &str) -> Result<&'s T, Gap> {
    match (all.get(name), &table.missing) {
        (Some(Some(item)), _) => Ok(item),
        (Some(None), _) => {
            Err(Gap::new(Reason::Unrecognised, format!("{kind} {name} is there twice, with different contents")))
        }
        (None, Some(gap)) => Err(gap.clone()),
        (None, None) => Err(Gap::new(Reason::Failed, format!("{kind} {name} was not in the answer of IAM"))),
    }
}

fn document(name: &str, text: &str) -> Read {
    Document::parse(name, text)
        .map(Arc::new)
        .map_err(|error| Gap::new(Reason::Unrecognised, format!("{name} could not be read: {error}")))
}

/// The policies that speak for one user or role.
pub struct Permissions {
    arn: String,
    partition: String,
    account: String,
    /// Those of the account: its own and its boundary.
    policies: Policies,
    /// The same below the service control policies.
    bound: Policies,
    ceiling: Arc<Ceiling>,
    /// How many of the identity documents are attached to the principal itself, not to its groups; they come first.
    direct: usize,
    /// What was not seen of the policies.
    gaps: Vec<Gap>,
}

/// The statement that gives a right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The policy: the ARN of a managed one, `inline policy NAME`.
    pub policy: Arc<str>,
    /// The number of the statement in the policy, from 1.
    pub statement: usize,
    /// Its `Sid`.
    pub sid: Option<Arc<str>>,
    /// Its line about the action, as written: `s3:Get*`, or `NotAction iam:*`; empty where only the statement is known.
    pub action: String,
    /// Its lines about resources, as written; the first few.
    pub resources: Vec<String>,
    /// The condition keys that the right hangs on; empty when it always holds.
    pub keys: Vec<Arc<str>>,
    /// What was not seen or understood and could only take the right away.
    pub unread: Option<String>,
}

impl Proof {
    /// The statement in words, with its conditions and reservations: the end of a finding's message.
    pub fn words(&self) -> String {
        let statement = match &self.sid {
            Some(sid) if !sid.is_empty() => format!("statement {sid}"),
            _ => format!("statement {}", self.statement),
        };
        let mut words = format!("{statement} of {}", self.policy);
        if !self.keys.is_empty() {
            words.push_str(&format!(", under conditions on {}", self.keys.join(", ")));
        }
        if let Some(unread) = &self.unread {
            words.push_str(&format!("; what was not seen could only take this away: {unread}"));
        }
        words
    }

    /// Adds the statement to the evidence of a verdict.
    #[must_use]
    pub fn on(&self, verdict: Verdict) -> Verdict {
        let verdict = verdict.with("policy", &*self.policy).with("statement", self.statement);
        let verdict = if self.action.is_empty() {
            verdict
        } else {
            verdict.with("granted_action", self.action.as_str()).with("granted_on", self.resources.clone())
        };
        let verdict = match &self.sid {
            Some(sid) => verdict.with("sid", &**sid),
            None => verdict,
        };
        let keys: Vec<&str> = self.keys.iter().map(|key| &**key).collect();
        if keys.is_empty() { verdict } else { verdict.with("condition_keys", keys) }
    }
}

impl Permissions {
    fn add(&mut self, iam: &Iam<'_>, attached: &Seen<Vec<String>>, inline: &Seen<Vec<InlinePolicy>>) {
        let managed = match attached {
            Seen::Is(arns) => arns.iter().map(|arn| iam.document(arn)).collect(),
            Seen::Unset => Vec::new(),
            Seen::Unseen(gap) => vec![Err(gap.clone())],
        };
        let embedded = match inline {
            Seen::Is(all) => all.iter().map(|p| document(&format!("inline policy {}", p.name), &p.document)).collect(),
            Seen::Unset => Vec::new(),
            Seen::Unseen(gap) => vec![Err(gap.clone())],
        };
        for read in managed.into_iter().chain(embedded) {
            match read {
                Ok(document) => self.policies.identity.push(document),
                Err(gap) => self.gaps.push(gap),
            }
        }
    }

    fn cap(&mut self, iam: &Iam<'_>, boundary: &Seen<String>) {
        match boundary {
            Seen::Is(arn) => match iam.document(arn) {
                Ok(document) => self.policies.boundary = Some(vec![document]),
                Err(gap) => self.gaps.push(gap),
            },
            Seen::Unset => {}
            Seen::Unseen(gap) => self.gaps.push(gap.clone()),
        }
    }

    /// The policies themselves, for questions that are not asked here; the resource's side is left out.
    pub(crate) fn policies(&self) -> &Policies {
        &self.policies
    }

    /// What was not seen of the policies.
    pub(crate) fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// An ARN in the partition and account of the principal.
    pub fn own_arn(&self, service: &str, region: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{region}:{}:{resource}", self.partition, self.account)
    }

    /// The partition of the principal.
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// The account of the principal.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// An error if any policy of the principal was not seen: before a verdict that rests on the whole.
    pub fn complete(&self) -> Result<(), Unseen> {
        self.gaps.first().map_or(Ok(()), |gap| Err(gap.into()))
    }

    /// The statements that allow, or may allow.
    pub fn allows(&self) -> impl Iterator<Item = &Statement> {
        self.policies.identity.iter().flat_map(|d| d.statements()).filter(|s| s.effect != Effect::Deny)
    }

    fn speaks_of(&self, action: &str) -> bool {
        self.allows().any(|statement| statement.covers_action(action) || statement.flaw.is_some())
    }

    /// Whether the principal has a right over exactly this, and from where. Action and resource may be patterns, which must
    /// be covered as a whole. The resource counts as untagged: ask about a [`STRANGER`] to find rights over everything. The
    /// region, where the resource does not tell it, is any that gives the right.
    pub fn may(&self, action: &str, resource: &str, context: Context) -> Result<Option<Proof>, Unseen> {
        if !self.speaks_of(action) {
            return self.complete().map(|()| None);
        }
        self.ask(self.request(action, resource, context), &self.over(resource))
    }

    /// The answer to one request. What it asks about counts as untagged.
    fn ask(&self, mut request: Request, policies: &Policies) -> Result<Option<Proof>, Unseen> {
        let mut decision = decide(&request, policies);
        // Each round learns the tag keys that the answer hangs on; policies know few of them.
        for _ in 0..8 {
            let mut tags = decision.keys.iter().filter(|key| is_tag_of_resource(key)).peekable();
            if tags.peek().is_none() {
                break;
            }
            request.context = tags.fold(request.context.clone(), |context, key| context.without(key));
            decision = decide(&request, policies);
        }
        // The region is the requester's to choose: a right that holds in one of them holds.
        if decision.keys.iter().any(|key| key.eq_ignore_ascii_case(REGION)) {
            decision = reach(&request, &Choices { keys: vec![REGION.to_owned()], resource: false }, policies).decision;
        }
        self.weigh(&request, policies, decision)
    }

    /// A request of the principal, with everything that is known of the principal.
    fn request(&self, action: &str, resource: &str, context: Context) -> Request {
        let arn = Arn::parse(resource);
        // Names without an account, such as those of S3, are asked about as one's own: so does `aws:ResourceAccount`.
        let own = arn.is_some_and(|arn| arn.account == self.account || arn.account.is_empty());
        let context = self.ceiling.known_to(context, own);
        let request = Request::new(&self.arn, action, resource).within(context).with_known_keys();
        match arn {
            Some(arn) if !arn.region.is_empty() && !arn.region.contains(['*', '?']) && arn.region != STRANGER => {
                let context = request.context.clone().with(REGION, arn.region);
                request.within(context)
            }
            _ => request,
        }
    }

    /// The policies of the principal and of the organization that have a say in this resource. Resource control policies
    /// bind the resources of the account, so they count only for what is known to be one.
    fn over(&self, resource: &str) -> Cow<'_, Policies> {
        let own = Arn::parse(resource).is_some_and(|arn| arn.account == self.account);
        match &self.ceiling.rcps {
            Guardrails::Levels(_) if own => {
                Cow::Owned(Policies { rcps: self.ceiling.rcps.clone(), ..self.bound.clone() })
            }
            _ => Cow::Borrowed(&self.bound),
        }
    }

    /// Whether the policies of the account give the principal a right over something that the pattern covers; the `*` in it
    /// may be any text. Organization policies are left aside: whom a check concerns must not depend on whether they were
    /// seen.
    pub fn may_somewhere(&self, action: &str, pattern: &str) -> Result<Option<Proof>, Unseen> {
        if !self.speaks_of(action) {
            return self.complete().map(|()| None);
        }
        self.somewhere(action, pattern, Context::open(), &self.policies)
    }

    fn somewhere(
        &self,
        action: &str,
        pattern: &str,
        context: Context,
        policies: &Policies,
    ) -> Result<Option<Proof>, Unseen> {
        let request = Request::new(&self.arn, action, pattern).within(context).with_known_keys();
        let found = reach(&request, &Choices { keys: Vec::new(), resource: true }, policies);
        match found.witness {
            Some(witness) => self.weigh(&Request { resource: witness.resource, ..request }, policies, found.decision),
            None if found.decision.is_denied() => self.complete().map(|()| None),
            None => Err(unclear(format!("it could not be worked out whether the policies allow {action}"))),
        }
    }

    /// Whether the policies of the account give the principal any right in a service, however small. Organization policies
    /// are left aside, as above.
    pub fn any_right_in(&self, service: &str) -> Result<Option<Proof>, Unseen> {
        self.any_right_by(service, self.policies.identity.len())
    }

    /// The same, by policies of its own rather than of its groups.
    pub fn any_direct_right_in(&self, service: &str) -> Result<Option<Proof>, Unseen> {
        self.any_right_by(service, self.direct)
    }

    fn any_right_by(&self, service: &str, documents: usize) -> Result<Option<Proof>, Unseen> {
        let (whole, things) = (format!("{service}:*"), self.own_arn(service, "*", "*"));
        let by_statement = self.policies.identity.iter().take(documents).flat_map(|document| {
            let alone = Policies { identity: vec![document.clone()], ..self.policies.clone() };
            let mut asked: Vec<String> = document
                .statements()
                .iter()
                .filter(|s| s.effect != Effect::Deny && s.may_cover_some(&whole))
                .flat_map(|s| questions(s, service))
                .collect();
            asked.sort_unstable();
            asked.dedup();
            asked.into_iter().map(move |action| (action, alone.clone()))
        });
        first(by_statement.map(|(action, alone)| match self.somewhere(&action, &things, Context::open(), &alone)? {
            Some(proof) => Ok(self.may_somewhere(&action, &things)?.map(|_| proof)),
            None => Ok(None),
        }))
        .and_then(|found| if found.is_none() { self.complete().map(|()| None) } else { Ok(found) })
    }

    /// The answer to one request, by every policy that was seen; what was not seen is told by [`complete`](Self::complete) and
    /// [`World::organization_gap`](super::World::organization_gap).
    pub fn decide(&self, action: &str, resource: &str, context: Context) -> Decision {
        decide(&self.request(action, resource, context), &self.over(resource))
    }

    /// The best that the principal can do, choosing what is its own to choose, by every policy that was seen.
    pub fn reach(&self, action: &str, resource: &str, context: Context, choices: &Choices) -> Reached {
        reach(&self.request(action, resource, context), choices, &self.over(resource))
    }

    /// The ARN of the principal.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// Turns an answer into a proof, a proven absence, or a doubt.
    fn weigh(&self, request: &Request, policies: &Policies, decision: Decision) -> Result<Option<Proof>, Unseen> {
        if decision.is_denied() {
            return self.complete().map(|()| None);
        }
        let given = grants(request, policies);
        let plain = |truth: &Truth| matches!(truth, Truth::Maybe(doubts) if doubts.notes.is_empty());
        let best = given.iter().find(|g| g.when.is_yes()).or_else(|| given.iter().find(|g| plain(&g.when)));
        let Some(best) = best else {
            let note = decision.notes.first().map_or("a statement could not be understood", |note| &**note);
            return Err(unclear(note));
        };
        let origin = best.origin();
        let unread = self.gaps.first().map(ToString::to_string);
        Ok(Some(Proof {
            policy: origin.policy,
            statement: origin.statement + 1,
            sid: origin.sid,
            action: line_about(&request.action, best.statement),
            resources: lines_about_resources(best.statement),
            keys: decision.keys,
            unread: unread.or_else(|| decision.notes.first().map(ToString::to_string)),
        }))
    }
}

/// The pattern of a statement that covers the action, as written.
fn line_about(action: &str, statement: &Statement) -> String {
    match &statement.actions {
        Element::Only(listed) => excerpt(listed.iter().find(|one| one.covers(action)).map_or("", |one| one.text())),
        Element::AllBut(listed) => {
            let but: Vec<&str> = listed.iter().take(LINES).map(|one| one.text()).collect();
            excerpt(&format!("NotAction {}", but.join(", ")))
        }
        Element::Unstated => String::new(),
    }
}

fn lines_about_resources(statement: &Statement) -> Vec<String> {
    let negated = if matches!(statement.resources, Element::AllBut(_)) { "NotResource " } else { "" };
    let listed = statement.resources.listed().iter().take(LINES);
    listed.map(|one| excerpt(&format!("{negated}{}", one.text()))).collect()
}

/// How many lines of a statement a finding shows, and how long each may be.
const LINES: usize = 5;
const LENGTH: usize = 300;

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Whether a condition key tells of a tag of what is asked about; S3 has a key of its own for the tags of objects.
fn is_tag_of_resource(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains(":resourcetag/") || key.starts_with("s3:existingobjecttag/")
}

/// The actions of one service that a statement speaks of, as questions.
fn questions(statement: &Statement, service: &str) -> Vec<String> {
    match &statement.actions {
        Element::Only(listed) => listed
            .iter()
            .filter_map(|pattern| match pattern.service() {
                own if own.eq_ignore_ascii_case(service) => Some(pattern.text().to_owned()),
                "" => pattern.is_everything().then(|| format!("{service}:*")),
                own => own.contains(['*', '?']).then(|| format!("{service}:*")),
            })
            .collect(),
        Element::AllBut(_) | Element::Unstated => vec![format!("{service}:{STRANGER}")],
    }
}

/// The first proof among several answers; without one, the first doubt.
pub fn first(answers: impl Iterator<Item = Result<Option<Proof>, Unseen>>) -> Result<Option<Proof>, Unseen> {
    let mut doubt = None;
    for answer in answers {
        match answer {
            Ok(Some(proof)) => return Ok(Some(proof)),
            Ok(None) => {}
            Err(unseen) => {
                doubt.get_or_insert(unseen);
            }
        }
    }
    doubt.map_or(Ok(None), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::World;
    use crate::snapshot::{FORMAT, Snapshot};
    use serde_json::{Value, json};

    fn snapshot(account: Value) -> Snapshot {
        serde_json::from_value(json!({"format": FORMAT, "account": account})).unwrap()
    }

    fn allow(action: &str) -> String {
        json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}})
            .to_string()
    }

    fn role(name: &str, attached: &[&str]) -> Value {
        json!({"name": name, "arn": format!("arn:aws:iam::111122223333:role/{name}"),
            "attached": attached, "inline": [], "boundary": null})
    }

    #[test]
    fn a_document_is_read_once_for_all_who_have_it() {
        let policy = json!({"name": "p", "arn": "p", "document": allow("s3:*")});
        let seen = snapshot(json!({"roles": [role("a", &["p"]), role("b", &["p"])], "policies": [policy]}));
        let world = World::new(&seen);
        let document = |at: usize| {
            let role = &seen.account.roles.items[at];
            world.role_permissions(role).unwrap().policies.identity[0].clone()
        };
        assert!(Arc::ptr_eq(&document(0), &document(1)));
    }

    #[test]
    fn a_proof_shows_the_lines_that_grant() {
        let statement =
            json!({"Effect": "Allow", "Action": ["ec2:*", "S3:get*"], "NotResource": "arn:aws:s3:::payroll/*"});
        let inline =
            json!([{"name": "i", "document": json!({"Version": "2012-10-17", "Statement": statement}).to_string()}]);
        let arn = "arn:aws:iam::111122223333:role/a";
        let role = json!({"name": "a", "arn": arn, "attached": [], "inline": inline, "boundary": null});
        let seen = snapshot(json!({"roles": [role], "policies": []}));
        let world = World::new(&seen);
        let permissions = world.role_permissions(&seen.account.roles.items[0]).unwrap();
        let proof = permissions.may("s3:GetObject", "arn:aws:s3:::data/x", Context::open()).unwrap().unwrap();
        assert_eq!(proof.action, "S3:get*");
        assert_eq!(proof.resources, ["NotResource arn:aws:s3:::payroll/*"]);
        assert_eq!(excerpt(&"é".repeat(400)).chars().count(), 301);
    }

    #[test]
    fn a_right_over_what_another_account_owns_ends_at_a_fence() {
        let fenced = |key: &str, value: &str| {
            let condition = json!({"StringNotEquals": {key: value}});
            let document = json!({"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
                {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": condition}]});
            let inline = json!([{"name": "i", "document": document.to_string()}]);
            let arn = "arn:aws:iam::111122223333:role/a";
            let role = json!({"name": "a", "arn": arn, "attached": [], "inline": inline, "boundary": null});
            let seen = snapshot(json!({"roles": [role], "policies": []}));
            let world = World::new(&seen);
            let permissions = world.role_permissions(&seen.account.roles.items[0]).unwrap();
            permissions.may_abroad("s3:PutObject", "arn:aws:s3:::theirs/x", "999999999999").unwrap().is_none()
        };
        assert!(fenced("aws:ResourceAccount", "111122223333"));
        assert!(fenced("s3:ResourceAccount", "111122223333"));
        assert!(fenced("aws:ResourceOrgID", "o-mine"));
        assert!(fenced("aws:ResourceOrgID", "${aws:PrincipalOrgID}"));
        assert!(!fenced("aws:ResourceAccount", "999999999999"));
        assert!(!fenced("aws:ResourceOrgID", "o-qx7zwk0000"));
        assert!(!fenced("aws:PrincipalAccount", "111122223333"));
    }

    #[test]
    fn two_policies_of_one_name_decide_nothing() {
        let policy = |action: &str| json!({"name": "p", "arn": "p", "document": allow(action)});
        let seen = snapshot(json!({"roles": [role("a", &["p"])], "policies": [policy("s3:*"), policy("ec2:*")]}));
        let world = World::new(&seen);
        let permissions = world.role_permissions(&seen.account.roles.items[0]).unwrap();
        assert!(permissions.complete().is_err());
        assert!(permissions.may("s3:GetObject", "*", Context::open()).is_err());
    }

    #[test]
    fn whoever_is_no_user_or_role_has_no_permissions_to_judge() {
        let odd =
            json!({"name": "a", "arn": "sagemaker.amazonaws.com", "attached": [], "inline": [], "boundary": null});
        let seen = snapshot(json!({"roles": [odd], "policies": []}));
        assert!(World::new(&seen).role_permissions(&seen.account.roles.items[0]).is_err());
        assert!(World::new(&seen).role_permissions(&Role::default()).is_err());
    }
}
