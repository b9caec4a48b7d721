//! The layers of policies and the decision they come to.
//!
//! Source: *Policy evaluation logic*
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html> with its pages on one account,
//! several accounts and resource-based policies. Roles and KMS keys are special: their own policy must speak in every case
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>).

use crate::condition::Condition;
use crate::document::{Document, Effect, Element, Side, Statement};
use crate::pattern::Arn;
use crate::principal::{Caller, Principal};
use crate::request::Request;
use crate::truth::{Doubts, Truth};
use serde::Serialize;
use std::sync::Arc;

/// Documents that are shared between the principals they are attached to.
pub type Documents = Vec<Arc<Document>>;

/// Every policy that has a say in a request. The default is: none anywhere.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// Attached to the caller: inline, managed, and those of the groups of a user.
    pub identity: Documents,
    /// The permissions boundary.
    pub boundary: Option<Documents>,
    /// Session policies.
    pub session: Option<Documents>,
    /// Service control policies.
    pub scps: Guardrails,
    /// Resource control policies; the full-access policy that is always attached is implied.
    pub rcps: Guardrails,
    /// The policy of the target: of a bucket, a key, a repository; the trust policy of a role.
    pub resource: ResourcePolicy,
    /// The policy of the VPC endpoint on the way.
    pub endpoint: Option<Documents>,
    /// Facts outside the documents.
    pub setting: Setting,
}

/// Organization policies.
#[derive(Clone, Debug, Default)]
pub enum Guardrails {
    /// There are none, as in an account without an organization.
    #[default]
    None,
    /// They could not be read.
    Unknown,
    /// From the root of the organization down to the account.
    Levels(Vec<Documents>),
}

/// The policy of the resource.
#[derive(Clone, Debug, Default)]
pub enum ResourcePolicy {
    /// The resource has none.
    #[default]
    None,
    /// It could not be read.
    Unknown,
    /// It is left out of the question, which is about the caller's side alone: taken to leave the decision to the policies
    /// of the caller's account, and to deny nothing. Listed as an assumption.
    LeftOut,
    /// It is this.
    Is(Documents),
}

/// Facts that change which policies count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// The caller belongs to the management account, which service control policies do not bind.
    pub caller_in_management_account: bool,
    /// The resource belongs to the management account, which resource control policies do not bind.
    pub resource_in_management_account: bool,
    /// S3 ignores a public bucket policy for everyone outside the account.
    pub restrict_public_buckets: bool,
}

/// What comes out, from worst to best for the requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Certainly denied by a `Deny`.
    ExplicitDeny,
    /// Certainly denied: an `Allow` that is needed is missing.
    ImplicitDeny,
    /// It depends on what is not known.
    Conditional,
    /// Certainly allowed.
    Allow,
}

/// The answer to a request, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The answer.
    pub outcome: Outcome,
    /// The unknown condition keys a conditional answer hangs on, sorted.
    pub keys: Vec<Arc<str>>,
    /// Other reasons for a conditional answer.
    pub notes: Vec<Arc<str>>,
    /// One granting statement of each layer that grants: the proof of an answer that is not a denial.
    pub allowed_by: Vec<Origin>,
    /// One statement of each layer that denies or may deny.
    pub denied_by: Vec<Origin>,
    /// Layers that could not be read, of `scp`, `rcp` and `resource`; the answer holds if they do not object.
    pub assumptions: Vec<&'static str>,
}

impl Decision {
    /// Certainly allowed.
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allow
    }

    /// Certainly denied, one way or the other.
    pub fn is_denied(&self) -> bool {
        matches!(self.outcome, Outcome::ImplicitDeny | Outcome::ExplicitDeny)
    }
}

/// Where a statement comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The layer it takes part in.
    pub layer: Layer,
    /// The name of the document, usually the ARN of the policy.
    pub policy: Arc<str>,
    /// The position of the statement in the document, from 0.
    pub statement: usize,
    /// The `Sid`, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<Arc<str>>,
}

impl Origin {
    pub(crate) fn new(layer: Layer, document: &Document, statement: &Statement) -> Origin {
        Origin { layer, policy: document.name().clone(), statement: statement.index, sid: statement.sid.clone() }
    }
}

/// The layers of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Policies attached to the caller.
    Identity,
    /// Its permissions boundary.
    Boundary,
    /// Session policies.
    Session,
    /// Service control policies.
    Scp,
    /// Resource control policies.
    Rcp,
    /// The policy of the resource.
    Resource,
    /// The policy of the VPC endpoint.
    Endpoint,
    /// The setting `RestrictPublicBuckets` of S3; the statement is the one that makes the bucket policy public.
    PublicAccessBlock,
}

/// Decides a request.
pub fn decide(request: &Request, policies: &Policies) -> Decision {
    if request.is_action("sts:GetCallerIdentity") {
        return always_allowed();
    }
    let hearing = Hearing { request, bounded: policies.boundary.is_some(), policies };
    let identity = hearing.caller_layer(Layer::Identity, Some(&policies.identity));
    let boundary = hearing.caller_layer(Layer::Boundary, policies.boundary.as_ref());
    let session = hearing.caller_layer(Layer::Session, policies.session.as_ref());
    let scps = hearing.scps();
    let rcps = hearing.rcps();
    let endpoint = policies.endpoint.as_ref().map(|documents| hearing.resource_layer(Layer::Endpoint, documents));
    let resource = hearing.resource_policy();

    let core = hearing.core(&identity, &boundary, &session, &resource);
    let layers = || [&identity, &boundary, &session, &resource].into_iter().chain(&scps).chain(&rcps).chain(&endpoint);
    let ceilings = scps.iter().chain(&endpoint).map(|layer| layer.allow.clone());
    let allowed = core.and(Truth::all(ceilings));
    let denied = Truth::any(layers().map(|layer| layer.deny.clone()));

    let (outcome, doubts) = verdict(allowed, denied);
    let open = outcome >= Outcome::Conditional;
    Decision {
        outcome,
        keys: doubts.keys.into_iter().collect(),
        notes: doubts.notes.into_iter().collect(),
        allowed_by: layers()
            .filter(|_| open)
            .filter_map(|layer| layer.allowed_by.as_ref().map(Found::origin))
            .collect(),
        denied_by: layers().filter_map(|layer| layer.denied_by.as_ref().map(Found::origin)).collect(),
        assumptions: if open { hearing.assumptions() } else { Vec::new() },
    }
}

/// `sts:GetCallerIdentity` works without permissions and even under a `Deny`:
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>.
fn always_allowed() -> Decision {
    Decision {
        outcome: Outcome::Allow,
        keys: Vec::new(),
        notes: Vec::new(),
        allowed_by: Vec::new(),
        denied_by: Vec::new(),
        assumptions: Vec::new(),
    }
}

fn verdict(allowed: Truth, denied: Truth) -> (Outcome, Doubts) {
    match (denied, allowed) {
        (Truth::Yes, _) => (Outcome::ExplicitDeny, Doubts::default()),
        (_, Truth::No) => (Outcome::ImplicitDeny, Doubts::default()),
        (Truth::No, Truth::Yes) => (Outcome::Allow, Doubts::default()),
        (denied, allowed) => match denied.not().and(allowed) {
            Truth::Maybe(doubts) => (Outcome::Conditional, *doubts),
            _ => (Outcome::Conditional, Doubts::default()),
        },
    }
}

/// The statements of one layer, weighed.
struct Weighed<'a> {
    /// Does the layer allow? For the resource policy: in any capacity.
    allow: Truth,
    /// The resource policy grants to everyone, this user, this session, this service.
    direct: Truth,
    /// The resource policy grants to the role behind the session.
    role: Truth,
    /// The resource policy grants to the caller's account.
    account: Truth,
    deny: Truth,
    allowed_by: Option<Found<'a>>,
    denied_by: Option<Found<'a>>,
}

impl Weighed<'_> {
    fn absent(allow: Truth) -> Self {
        Weighed {
            allow,
            direct: Truth::No,
            role: Truth::No,
            account: Truth::No,
            deny: Truth::No,
            allowed_by: None,
            denied_by: None,
        }
    }
}

/// A statement that matched, for evidence; a certain match is preferred to a possible one.
struct Found<'a> {
    layer: Layer,
    document: &'a Document,
    statement: &'a Statement,
    certain: bool,
}

impl Found<'_> {
    fn origin(&self) -> Origin {
        Origin::new(self.layer, self.document, self.statement)
    }
}

/// One request before the policies that apply to it.
struct Hearing<'a> {
    request: &'a Request,
    policies: &'a Policies,
    bounded: bool,
}

impl<'a> Hearing<'a> {
    fn weigh(&self, layer: Layer, side: Side, documents: &'a [Arc<Document>]) -> Weighed<'a> {
        let mut sum = Weighed::absent(Truth::No);
        let statements =
            documents.iter().flat_map(|document| document.statements().iter().map(move |one| (document, one)));
        for (document, statement) in statements {
            let applies = statement.applies(self.request, side);
            if applies.is_no() {
                continue;
            }
            let found = |truth: &Truth| Found { layer, document, statement, certain: truth.is_yes() };
            if statement.may(Effect::Allow) {
                let [direct, role, account] = match side {
                    Side::Caller => [misplaced(statement), Truth::No, Truth::No],
                    Side::Resource => {
                        let standing = statement.admits(&self.request.caller);
                        [standing.direct, standing.role, standing.account]
                    }
                }
                .map(|standing| standing.and(applies.clone()));
                let allow = direct.clone().or(role.clone()).or(account.clone());
                remember(&mut sum.allowed_by, &allow, found);
                add(&mut sum.direct, direct);
                add(&mut sum.role, role);
                add(&mut sum.account, account);
                add(&mut sum.allow, allow);
            }
            if statement.may(Effect::Deny) {
                let hits = match side {
                    Side::Caller => misplaced(statement),
                    Side::Resource => statement.hits(&self.request.caller, self.bounded),
                };
                let deny = hits.and(applies);
                remember(&mut sum.denied_by, &deny, found);
                add(&mut sum.deny, deny);
            }
        }
        sum
    }

    /// A layer on the caller's side; one that does not exist does not restrict.
    fn caller_layer(&self, layer: Layer, documents: Option<&'a Documents>) -> Weighed<'a> {
        match (documents, &self.request.caller) {
            (Some(documents), Caller::Aws(_)) => self.weigh(layer, Side::Caller, documents),
            _ => Weighed::absent(Truth::Yes),
        }
    }

    fn resource_layer(&self, layer: Layer, documents: &'a [Arc<Document>]) -> Weighed<'a> {
        self.weigh(layer, Side::Resource, documents)
    }

    /// Service control policies bind every principal of a member account, its root included, but neither the management
    /// account nor service-linked roles:
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>.
    fn scps(&self) -> Vec<Weighed<'a>> {
        match &self.policies.scps {
            Guardrails::Levels(levels) if self.bound_by_scps() => {
                levels.iter().map(|documents| self.weigh(Layer::Scp, Side::Caller, documents)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn bound_by_scps(&self) -> bool {
        let caller = &self.request.caller;
        caller.account().is_some() && !self.policies.setting.caller_in_management_account && !caller.is_service_linked()
    }

    /// Resource control policies: only their denials matter, and only for services that support them:
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>.
    fn rcps(&self) -> Vec<Weighed<'a>> {
        let Guardrails::Levels(levels) = &self.policies.rcps else {
            return Vec::new();
        };
        let reach = match () {
            () if !self.bound_by_rcps() => Truth::No,
            () if RCP_SERVICES.iter().any(|service| service.eq_ignore_ascii_case(self.request.service())) => Truth::Yes,
            () => Truth::note("it is not known whether resource control policies reach this service"),
        };
        if reach.is_no() {
            return Vec::new();
        }
        let weigh = |documents: &'a Documents| {
            let mut layer = self.resource_layer(Layer::Rcp, documents);
            layer.deny = layer.deny.and(reach.clone());
            layer
        };
        levels.iter().map(weigh).collect()
    }

    fn bound_by_rcps(&self) -> bool {
        !self.policies.setting.resource_in_management_account
            && !self.request.caller.is_service_linked()
            && !NO_RCP_SERVICES.iter().any(|service| service.eq_ignore_ascii_case(self.request.service()))
    }

    fn resource_policy(&self) -> Weighed<'a> {
        match &self.policies.resource {
            ResourcePolicy::None => Weighed::absent(Truth::No),
            ResourcePolicy::Unknown if self.needs_resource_policy() || !self.same_account() => {
                let unseen = Truth::note("the policy of the resource could not be read");
                Weighed { account: unseen.clone(), direct: unseen.clone(), ..Weighed::absent(unseen) }
            }
            ResourcePolicy::Unknown => Weighed::absent(Truth::No),
            ResourcePolicy::LeftOut => Weighed { account: Truth::Yes, ..Weighed::absent(Truth::Yes) },
            ResourcePolicy::Is(documents) => {
                let mut weighed = self.resource_layer(Layer::Resource, documents);
                if self.policies.setting.restrict_public_buckets
                    && self.is_outside_the_bucket()
                    && let Some((document, statement)) =
                        documents.iter().find_map(|document| public_statement(document))
                {
                    weighed.deny = Truth::Yes;
                    weighed.denied_by =
                        Some(Found { layer: Layer::PublicAccessBlock, document, statement, certain: true });
                }
                weighed
            }
        }
    }

    /// Everyone outside the account, services apart, is cut off from a bucket whose policy is public:
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>.
    fn is_outside_the_bucket(&self) -> bool {
        let outside = match &self.request.caller {
            Caller::Service(_) => false,
            caller => caller.account().is_none_or(|account| self.request.owner() != Some(account)),
        };
        outside && self.request.service().eq_ignore_ascii_case("s3")
    }

    fn same_account(&self) -> bool {
        let account = self.request.caller.account();
        account.is_some() && account == self.request.owner()
    }

    /// Roles and KMS keys are reached only through their own policy.
    fn needs_resource_policy(&self) -> bool {
        let arn = Arn::parse(&self.request.resource);
        let kind = arn.map_or("", |arn| arn.resource().split('/').next().unwrap_or_default());
        let assume = self.request.action.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("sts:assumerole"));
        (assume && kind == "role") || (self.request.service().eq_ignore_ascii_case("kms") && kind == "key")
    }

    fn core(
        &self,
        identity: &Weighed<'_>,
        boundary: &Weighed<'_>,
        session: &Weighed<'_>,
        resource: &Weighed<'_>,
    ) -> Truth {
        let Caller::Aws(_) = &self.request.caller else {
            return resource.direct.clone();
        };
        let within = boundary.allow.clone().and(session.allow.clone());
        let identity = if self.request.caller.is_root() { Truth::Yes } else { identity.allow.clone() };
        let own = identity.and(within.clone());
        if !self.same_account() {
            // A role cannot be passed to a service in another account:
            // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
            return if self.request.is_action("iam:PassRole") { Truth::No } else { own.and(resource.allow.clone()) };
        }
        let delegated = if self.needs_resource_policy() { resource.account.clone() } else { Truth::Yes };
        own.and(delegated).or(resource.direct.clone()).or(resource.role.clone().and(within))
    }

    fn assumptions(&self) -> Vec<&'static str> {
        let policies = self.policies;
        let mut assumed = Vec::new();
        if matches!(policies.scps, Guardrails::Unknown) && self.bound_by_scps() {
            assumed.push("scp");
        }
        if matches!(policies.rcps, Guardrails::Unknown) && self.bound_by_rcps() {
            assumed.push("rcp");
        }
        if matches!(policies.resource, ResourcePolicy::Unknown | ResourcePolicy::LeftOut) {
            assumed.push("resource");
        }
        assumed
    }
}

/// Services that resource control policies reach, by the prefix of their actions, in September 2026. The list grows: a
/// service that is not on it, SageMaker and IAM apart, counts as not known.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services>.
const RCP_SERVICES: [&str; 62] = [
    "aoss",
    "appconfig",
    "appstream",
    "autoscaling",
    "autoscaling-plans",
    "budgets",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "compute-optimizer",
    "cost-optimization-hub",
    "dax",
    "dsql",
    "dynamodb",
    "ecr",
    "ecr-public",
    "events",
    "firehose",
    "fis",
    "fms",
    "gamelift",
    "health",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "kms",
    "logs",
    "memorydb",
    "networkmonitor",
    "notifications",
    "opensearch",
    "pca-connector-ad",
    "personalize",
    "polly",
    "pricing",
    "resource-groups",
    "rolesanywhere",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "signin",
    "sqs",
    "sts",
    "support",
    "swf",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
    "workspaces",
    "xray",
];

/// Services that are not on the list and that scans ask about most.
const NO_RCP_SERVICES: [&str; 2] = ["sagemaker", "iam"];

fn add(sum: &mut Truth, truth: Truth) {
    *sum = std::mem::replace(sum, Truth::No).or(truth);
}

fn remember<'a>(slot: &mut Option<Found<'a>>, truth: &Truth, found: impl Fn(&Truth) -> Found<'a>) {
    let better = match slot {
        None => !truth.is_no(),
        Some(earlier) => !earlier.certain && truth.is_yes(),
    };
    if better {
        *slot = Some(found(truth));
    }
}

/// A principal has no place in a document on the caller's side; what AWS would make of it is not known.
fn misplaced(statement: &Statement) -> Truth {
    match statement.principals {
        Element::Unstated => Truth::Yes,
        _ => Truth::note("a statement of an identity policy names a principal"),
    }
}

/// Is a bucket policy public in the sense of S3: does it grant to everyone without tying the grant to fixed values?
pub fn is_public(document: &Document) -> bool {
    public_statement(document).is_some()
}

/// The first statement that makes a bucket policy public.
fn public_statement(document: &Document) -> Option<(&Document, &Statement)> {
    let public = |statement: &&Statement| {
        let everyone = match &statement.principals {
            Element::Only(listed) => listed.contains(&Principal::Everyone),
            Element::AllBut(_) => true,
            Element::Unstated => false,
        };
        let pinned = |condition: &Condition| PUBLIC_PINS.contains(&condition.key().folded()) && condition.pins();
        statement.effect == Effect::Allow && everyone && !statement.conditions.iter().any(pinned)
    };
    document.statements().iter().find(public).map(|statement| (document, statement))
}

/// The keys that tie a grant to fixed values, as listed under *The meaning of "public"*:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>.
const PUBLIC_PINS: [&str; 13] = [
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Context;

    const ROLE: &str = "arn:aws:iam::111122223333:role/ml";
    const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1";

    fn documents(statement: &str) -> Documents {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
        vec![Document::parse("p", &text).unwrap().into()]
    }

    fn all() -> Documents {
        documents(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#)
    }

    #[test]
    fn an_unread_key_policy_leaves_a_doubt_and_one_left_out_an_assumption() {
        let request = Request::new(ROLE, "kms:Decrypt", KEY);
        let with = |resource| decide(&request, &Policies { identity: all(), resource, ..Policies::default() });
        assert_eq!(with(ResourcePolicy::None).outcome, Outcome::ImplicitDeny);
        assert_eq!(with(ResourcePolicy::Unknown).outcome, Outcome::Conditional);
        let left_out = with(ResourcePolicy::LeftOut);
        assert_eq!((left_out.outcome, left_out.assumptions), (Outcome::Allow, vec!["resource"]));
    }

    #[test]
    fn an_unread_bucket_policy_is_an_assumption_within_the_account_and_a_doubt_across() {
        let policies = Policies { identity: all(), resource: ResourcePolicy::Unknown, ..Policies::default() };
        let request = Request::new(ROLE, "s3:GetObject", "arn:aws:s3:::data/a");
        let own = decide(&request.clone().owned_by("111122223333"), &policies);
        assert_eq!((own.outcome, own.assumptions), (Outcome::Allow, vec!["resource"]));
        assert_eq!(decide(&request.owned_by("444455556666"), &policies).outcome, Outcome::Conditional);
    }

    #[test]
    fn the_evidence_names_policy_and_statement() {
        let identity = documents(
            r#"[{"Effect":"Allow","Action":"ec2:*","Resource":"*"},{"Sid":"S3","Effect":"Allow","Action":"s3:*","Resource":"*"},
                {"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}]"#,
        );
        let policies = Policies { identity, ..Policies::default() };
        let read = decide(&Request::new(ROLE, "s3:GetObject", "*"), &policies);
        assert_eq!((read.allowed_by[0].statement, read.allowed_by[0].sid.as_deref()), (1, Some("S3")));
        let delete = decide(&Request::new(ROLE, "s3:DeleteObject", "*"), &policies);
        assert_eq!((delete.outcome, delete.denied_by[0].statement), (Outcome::ExplicitDeny, 2));
    }

    #[test]
    fn a_resource_control_policy_does_not_reach_sagemaker() {
        let deny = documents(r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#);
        let policies = Policies { identity: all(), rcps: Guardrails::Levels(vec![deny]), ..Policies::default() };
        let outcome = |action: &str| decide(&Request::new(ROLE, action, "*"), &policies).outcome;
        assert_eq!(outcome("s3:GetObject"), Outcome::ExplicitDeny);
        assert_eq!(outcome("sagemaker:CreateModel"), Outcome::Allow);
        assert_eq!(outcome("dynamodb:GetItem"), Outcome::ExplicitDeny);
        assert_eq!(outcome("athena:StartQueryExecution"), Outcome::Conditional);
    }

    #[test]
    fn the_public_access_block_names_itself_and_the_public_statement() {
        let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:Delete*","Resource":"*"},
            {"Sid":"Open","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}"#;
        let resource = ResourcePolicy::Is(vec![Document::parse("bucket", document).unwrap().into()]);
        let setting = Setting { restrict_public_buckets: true, ..Setting::default() };
        let policies = Policies { resource, setting, ..Policies::default() };
        let request = Request::new("anonymous", "s3:GetObject", "arn:aws:s3:::b/x").owned_by("111122223333");
        let decision = decide(&request, &policies);
        let origin = &decision.denied_by[0];
        assert_eq!((origin.layer, origin.statement), (Layer::PublicAccessBlock, 1));
        let service = Request { caller: crate::Caller::parse("sagemaker.amazonaws.com"), ..request };
        assert!(decide(&service, &policies).is_allowed());
    }

    #[test]
    fn the_keys_that_follow_from_the_caller_are_filled_in() {
        let identity = documents(
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{
                "ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ml"},"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}}"#,
        );
        let policies = Policies { identity, ..Policies::default() };
        let outcome = |caller: &str| {
            let request = Request::new(caller, "s3:GetObject", "arn:aws:s3:::b/x").within(Context::closed());
            decide(&request.with_known_keys(), &policies).outcome
        };
        assert_eq!(outcome(ROLE), Outcome::Allow);
        assert_eq!(outcome("arn:aws:sts::111122223333:assumed-role/ml/s"), Outcome::Conditional);
        assert_eq!(outcome("arn:aws:iam::111122223333:user/ana"), Outcome::ImplicitDeny);
    }
}
