use std::collections::BTreeSet;
use std::sync::Arc;

use sagescan_policy::{
    Choices, Context, Decision, Document, Effect, Outcome, Policies, Request, ResourcePolicy, reach,
};

use super::endpoints::{self, Use};
use crate::prelude::*;

pub(super) struct VpcePolicyRestrictive;

/// An account, an organization and a bucket that are nobody's: what the policy lets them do it lets any stranger do.
const STRANGER: &str = "000000000000";
const STRANGE_ORG: &str = "o-zzstranger";
const STRANGE_BUCKET: &str = "zz-bucket-of-a-stranger";

/// Requests tried on one policy.
const MOST: usize = 256;

impl Check for VpcePolicyRestrictive {
    type On<'w> = &'w VpcEndpoint;

    const META: Meta = Meta {
        id: "vpce-policy-restrictive",
        title: "Policies of SageMaker and S3 endpoints keep strangers' accounts out",
        severity: Severity::Medium,
        reads: &[Table::Subnets, Table::VpcEndpoints],
        practices: &["NET-5"],
        page: include_str!("vpce_policy_restrictive.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &VpcEndpoint, here: &Here<'_>) -> Judged {
        let service = match endpoints::service(endpoint, here.name) {
            Some(service @ ("sagemaker.api" | "sagemaker.runtime" | "s3")) => service,
            _ => return Ok(not_concerned()),
        };
        if !Use::of(&endpoint.vpc, here).concerns()? {
            return Ok(not_concerned());
        }
        let text = endpoint.policy.known("PolicyDocument")?;
        let document = Arc::new(Document::parse_or_doubt(&endpoint.id, text));
        if is_default(&document) {
            return Ok(fail("it has the default policy: anyone may do anything with anything through it"));
        }
        let mut doubt = None;
        let (requests, all) = strange_requests(&document, service, endpoint, here);
        for request in requests {
            let decision = decided(&request, &document);
            match decision.outcome {
                Outcome::Allow => {
                    let Request { action, resource, .. } = request;
                    let says = format!("a stranger's account may use it for {action} on {resource}");
                    return Ok(fail(says).with("action", action).with("resource", resource));
                }
                Outcome::Conditional => doubt = doubt.or_else(|| Some(hangs_on(&decision))),
                Outcome::ImplicitDeny | Outcome::ExplicitDeny => {}
            }
        }
        match doubt {
            Some(unseen) => Err(unseen),
            None if !all => Err(unclear("its policy lists more than is looked through")),
            None => Ok(pass("its policy lets no stranger's account through to resources of strangers")),
        }
    }
}

/// `*` for everyone on `*` and nothing else: what AWS attaches when no policy is given.
fn is_default(document: &Document) -> bool {
    match document.statements() {
        [only] => {
            only.effect == Effect::Allow
                && only.flaw.is_none()
                && only.conditions.is_empty()
                && only.actions.only().iter().any(|a| a.is_everything())
                && only.resources.only().iter().any(|r| r.text() == "*")
                && only.principals.only().contains(&sagescan_policy::Principal::Everyone)
        }
        _ => false,
    }
}

/// What a stranger would ask of his own resources through this endpoint, and whether that is all there is to try: the
/// actions that matter and those that the policy names, on resources of any name and of names that its patterns leave
/// open.
fn strange_requests(
    document: &Document,
    service: &str,
    endpoint: &VpcEndpoint,
    here: &Here<'_>,
) -> (Vec<Request>, bool) {
    let partition = here.partition();
    let (prefix, actions, resource) = match service {
        "s3" => ("s3", &["PutObject", "GetObject"][..], format!("arn:{partition}:s3:::{STRANGE_BUCKET}/x")),
        "sagemaker.runtime" => {
            let resource = format!("arn:{partition}:sagemaker:{}:{STRANGER}:endpoint/x", here.name);
            ("sagemaker", &["InvokeEndpoint"][..], resource)
        }
        _ => {
            let resource = format!("arn:{partition}:sagemaker:{}:{STRANGER}:training-job/x", here.name);
            ("sagemaker", &["CreateTrainingJob", "AddTags"][..], resource)
        }
    };
    let mut actions: BTreeSet<String> = actions.iter().map(|a| format!("{prefix}:{a}")).collect();
    let mut resources = BTreeSet::from([resource]);
    for statement in document.statements().iter().filter(|s| s.effect != Effect::Deny) {
        let named = statement.actions.only().iter().filter(|a| a.service().eq_ignore_ascii_case(prefix));
        actions.extend(named.map(|a| filled(a.text())));
        let open = statement.resources.only().iter().map(|r| r.text()).filter(|text| prefix == "s3" && is_open(text));
        resources.extend(open.map(filled));
    }
    let pairs = actions.iter().flat_map(|action| resources.iter().map(move |resource| (action, resource)));
    let stranger = format!("arn:{partition}:iam::{STRANGER}:role/zz");
    let context = strange_context(&stranger, endpoint, here);
    let request = |(action, resource): (&String, &String)| {
        Request::new(&stranger, action, resource).owned_by(STRANGER).within(context.clone())
    };
    (pairs.take(MOST).map(request).collect(), actions.len().saturating_mul(resources.len()) <= MOST)
}

/// Does the pattern leave the name of the bucket open, so that a stranger can have one that fits? Buckets that AWS owns
/// and SageMaker needs are meant for everyone: layers of ECR images, models of JumpStart.
fn is_open(pattern: &str) -> bool {
    let Some(name) = pattern.splitn(6, ':').nth(5).and_then(|rest| rest.split('/').next()) else {
        return false;
    };
    let of_aws = name.starts_with("prod-") && name.ends_with("-starport-layer-bucket")
        || name.starts_with("jumpstart-cache-prod-")
        || name.starts_with("jumpstart-private-cache-prod-");
    name.contains(['*', '?']) && !name.contains("${") && !of_aws
}

fn filled(pattern: &str) -> String {
    pattern.replace('*', "zz").replace('?', "z")
}

/// Everything that tells a stranger from the account is set to a stranger's values; what he may choose is left to him.
fn strange_context(stranger: &str, endpoint: &VpcEndpoint, here: &Here<'_>) -> Context {
    let path = format!("{STRANGE_ORG}/r-zz/ou-zz/");
    Context::open()
        .with("aws:PrincipalAccount", STRANGER)
        .with("aws:PrincipalArn", stranger)
        .with("aws:PrincipalOrgID", STRANGE_ORG)
        .with_all("aws:PrincipalOrgPaths", [path.clone()])
        .with("aws:PrincipalType", "AssumedRole")
        .with("aws:PrincipalIsAWSService", "false")
        .with("aws:ViaAWSService", "false")
        .with("aws:ResourceAccount", STRANGER)
        .with("s3:ResourceAccount", STRANGER)
        .with("s3:DataAccessPointAccount", STRANGER)
        .with("aws:ResourceOrgID", STRANGE_ORG)
        .with_all("aws:ResourceOrgPaths", [path])
        .with("aws:SecureTransport", "true")
        .with("aws:RequestedRegion", here.name)
        .with("aws:SourceVpc", endpoint.vpc.clone())
        .with("aws:SourceVpce", endpoint.id.clone())
        .without("aws:SourceAccount")
        .without("aws:SourceArn")
        .without("aws:SourceOrgID")
        .without("aws:CalledVia")
}

/// What comes out when the stranger's own policies, of caller and resource, allow everything.
fn decided(request: &Request, document: &Arc<Document>) -> Decision {
    const ALL: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let mine = Arc::new(Document::parse_or_doubt("everything", ALL));
    let policies = Policies {
        identity: vec![mine],
        resource: ResourcePolicy::None,
        endpoint: Some(vec![document.clone()]),
        ..Policies::default()
    };
    let chosen = ["s3:*", "sagemaker:*", "aws:PrincipalTag/*", "aws:ResourceTag/*", "aws:RequestTag/*", "aws:TagKeys"];
    let choices = Choices { keys: chosen.map(str::to_owned).to_vec(), resource: false };
    reach(request, &choices, &policies).decision
}

fn hangs_on(decision: &Decision) -> Unseen {
    let on: Vec<&str> = decision.keys.iter().chain(&decision.notes).take(3).map(|text| &**text).collect();
    unclear(format!("whether its policy lets strangers through hangs on {}", on.join(", ")))
}
