use sagescan_policy::{Admission, Context, Decision, Principal, admissions};

use super::roles;
use super::trust::{SAGEMAKER, Trust, WAYS, service_name};
use crate::prelude::*;

pub(super) struct RoleTrustLimitedToSagemaker;

/// Services that the SageMaker developer guide asks execution roles to trust: Glue sessions from Studio, the feature
/// processor's schedules, and what Canvas and Unified Studio work with. State of 2026.
const COMPANIONS: [&str; 6] = ["glue", "scheduler", "emr-serverless", "forecast", "bedrock", "datazone"];

/// Services that the roles of the SageMaker project templates serve (developer guide, "AWS managed policies for SageMaker
/// projects and JumpStart", 2026).
const OF_SERVICE_CATALOG: [&str; 10] = [
    "servicecatalog",
    "apigateway",
    "cloudformation",
    "codebuild",
    "codepipeline",
    "events",
    "firehose",
    "glue",
    "lambda",
    "states",
];

impl Check for RoleTrustLimitedToSagemaker {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-trust-limited-to-sagemaker",
        title: "Execution roles trust only the services that need them",
        severity: Severity::High,
        reads: roles::TRUST,
        practices: &["ID-6"],
        page: include_str!("role_trust_limited_to_sagemaker.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let trust = Trust::of(role)?;
        let (mut worst, mut doubt): (Option<(Severity, String)>, _) = (None, trust.doubt());
        let admitted = admissions(&trust.document, "sts:AssumeRole*");
        for admission in &admitted {
            match outsider(&trust, admission) {
                Ok(Some(found)) if worst.as_ref().is_none_or(|(severity, _)| *severity < found.0) => {
                    worst = Some(found)
                }
                Ok(_) => {}
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                }
            }
        }
        let trusted: Vec<String> = admitted.iter().take(20).map(|one| one.who.to_string()).collect();
        match (worst, doubt) {
            (Some((severity, says)), _) => Ok(fail(says).severity(severity).with("trusted", trusted)),
            (None, Some(unseen)) => Err(unseen),
            (None, None) if trusted.is_empty() => Ok(pass("its trust policy admits nobody")),
            (None, None) => Ok(pass("it trusts only services that work for SageMaker").with("trusted", trusted)),
        }
    }
}

/// How bad it is that this one is admitted, and the words for it; `None` when it is as it should be.
fn outsider(trust: &Trust<'_>, admission: &Admission<'_>) -> Result<Option<(Severity, String)>, Unseen> {
    if admission.statement.flaw.is_some() {
        return Ok(None);
    }
    let Some(way) = WAYS.into_iter().find(|way| admission.statement.covers_action(way)) else {
        return Ok(None);
    };
    let asked = |caller: &str| trust.decide(caller, way, Context::open());
    // Someone whom a condition or a Deny keeps out in every case is not admitted after all.
    let admits = |caller: &str| !asked(caller).is_denied();
    let own = trust.arn.account;
    let found = match admission.who {
        Principal::Service(name) => {
            let known = service_name(name).is_some_and(|name| is_expected(trust, name));
            (!known && (&**name == "*" || admits(name))).then(|| match &**name {
                "*" => (Severity::High, "every AWS service may assume it".to_owned()),
                name => (Severity::High, format!("{name} may assume it, beside SageMaker")),
            })
        }
        Principal::Everyone | Principal::Account(_) => {
            let callers = trust.callers(admission.who);
            callers.iter().filter_map(|caller| of_account(trust, caller, &asked(caller))).max_by_key(|found| found.0)
        }
        Principal::Identity(named) if !admits(named.arn()) || is_itself(trust, named.arn()) => None,
        Principal::Identity(named) if named.account() == own => {
            Some((Severity::Low, format!("{} of this account may assume it, beside SageMaker", named.arn())))
        }
        Principal::Identity(named) => {
            Some((Severity::High, format!("{} of another account may assume it", named.arn())))
        }
        Principal::Federated(provider) => {
            admits(provider).then(|| (Severity::High, format!("identities that {provider} vouches for may assume it")))
        }
        // What is left of a deleted principal admits nobody, not even a new one of the same name.
        Principal::Deleted(_) => None,
        Principal::Canonical(text) | Principal::Unusable(text) => {
            return Err(unclear(format!("the trust policy names {text}, which AWS does not accept as a principal")));
        }
    };
    Ok(found)
}

/// How bad it is that this caller, admitted as one of an account or of everyone, gets in.
fn of_account(trust: &Trust<'_>, caller: &str, decision: &Decision) -> Option<(Severity, String)> {
    let arn = Arn::parse(caller)?;
    if decision.is_denied() {
        return None;
    }
    let keys: Vec<&str> = decision.keys.iter().map(|key| &**key).collect();
    let who_meets = match keys.is_empty() {
        true => String::new(),
        false => format!(" under conditions on {}", keys.join(", ")),
    };
    let of_organization = keys.iter().any(|key| key.to_ascii_lowercase().starts_with("aws:principalorg"));
    Some(match arn.account {
        own if own == trust.arn.account && caller == trust.stranger(own) => {
            let says = "it trusts the whole account, so every principal here with sts:AssumeRole on it may assume it";
            (Severity::Medium, format!("{says}{who_meets}"))
        }
        own if own == trust.arn.account => {
            (Severity::Low, format!("principals of this account that a condition lists may assume it{who_meets}"))
        }
        _ if of_organization => (Severity::Medium, "every account of an organization may assume it".to_owned()),
        other if other == trust.other_account() => {
            (Severity::High, format!("anyone with an AWS account may assume it{who_meets}"))
        }
        other => (Severity::High, format!("account {other} may assume it{who_meets}, which is not this one")),
    })
}

fn is_itself(trust: &Trust<'_>, arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn == trust.arn)
}

fn is_expected(trust: &Trust<'_>, service: &str) -> bool {
    let of_template = trust
        .arn
        .named("role")
        .is_some_and(|name| name.starts_with("service-role/AmazonSageMakerServiceCatalogProducts"));
    SAGEMAKER.contains(&service)
        || COMPANIONS.contains(&service)
        || (of_template && OF_SERVICE_CATALOG.contains(&service))
}
