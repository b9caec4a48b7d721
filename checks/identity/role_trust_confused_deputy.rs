use std::collections::BTreeSet;

use sagescan_policy::{Context, Principal, admissions};

use super::roles;
use super::trust::{SAGEMAKER, Trust, service_name};
use crate::engine::STRANGER;
use crate::prelude::*;

pub(super) struct RoleTrustConfusedDeputy;

impl Check for RoleTrustConfusedDeputy {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-trust-confused-deputy",
        title: "Trust in SageMaker is limited to this account",
        severity: Severity::Medium,
        reads: roles::TRUST,
        practices: &["ID-6"],
        page: include_str!("role_trust_confused_deputy.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let trust = Trust::of(role)?;
        let mut concerned = false;
        for service in services(&trust) {
            let own = from(&trust, trust.arn.account, Context::open());
            concerned |= !trust.decide(&service, ASSUME, own).is_denied();
            for account in accounts(&trust) {
                let foreign = from(&trust, &account, Context::open().with("aws:SourceOrgID", "o-qx7zwk0000"));
                let foreign = foreign.with("aws:SourceOrgPaths", "o-qx7zwk0000/r-qx7z/");
                if passes(&trust, &service, foreign)? {
                    let whom = if account == trust.other_account() { "any account" } else { &account };
                    let says = format!("{service} may assume it on behalf of {whom}");
                    return Ok(fail(format!("{says}, for no condition ties the source to this account"))
                        .with("service", service));
                }
            }
            let silent = SOURCES.iter().fold(Context::open(), |context, key| context.without(key));
            if passes(&trust, &service, silent)? {
                let says = "may assume it whenever it does not say on whose behalf: the condition on the source gives way";
                return Ok(fail(format!("{service} {says}")).severity(Severity::Low).with("service", service));
            }
        }
        Ok(if concerned { pass("SageMaker may assume it only on behalf of this account") } else { not_concerned() })
    }
}

const ASSUME: &str = "sts:AssumeRole";

/// The keys by which a service says on whose behalf it acts.
const SOURCES: [&str; 4] = ["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"];

fn from(trust: &Trust<'_>, account: &str, context: Context) -> Context {
    let job = format!("arn:{}:sagemaker:us-east-1:{account}:training-job/{STRANGER}", trust.arn.partition);
    context.with("aws:SourceAccount", account).with("aws:SourceArn", job)
}

/// Whether the trust policy lets the service in, in these circumstances. A Deny that cannot be understood does not count; a
/// statement that admits only if it means what cannot be understood is a doubt.
fn passes(trust: &Trust<'_>, service: &str, context: Context) -> Result<bool, Unseen> {
    let decision = trust.decide(service, ASSUME, context);
    if decision.is_denied() {
        return Ok(false);
    }
    let clear = admissions(&trust.document, ASSUME).iter().any(|one| one.statement.flaw.is_none() && names(one.who, service));
    match decision.notes.first() {
        Some(note) if !clear => Err(unclear(format!("trust policy: {note}"))),
        _ => Ok(true),
    }
}

fn names(who: &Principal, service: &str) -> bool {
    match who {
        Principal::Everyone => true,
        Principal::Service(name) => &**name == "*" || **name == *service,
        _ => false,
    }
}

/// The spellings of SageMaker to ask about: those of the trust policy, else the usual one.
fn services(trust: &Trust<'_>) -> BTreeSet<String> {
    let admitted = admissions(&trust.document, ASSUME);
    let named = admitted.iter().filter_map(|one| match one.who {
        Principal::Service(name) if service_name(name).is_some_and(|s| SAGEMAKER.contains(&s)) => Some(name.to_string()),
        _ => None,
    });
    named.chain(["sagemaker.amazonaws.com".to_owned()]).collect()
}

/// Foreign accounts to try: one that no policy knows, and those that the trust policy names as sources.
fn accounts(trust: &Trust<'_>) -> Vec<String> {
    let mut named = BTreeSet::new();
    let statements = trust.document.statements().iter();
    for condition in statements.flat_map(|statement| &statement.conditions) {
        let account = |value| match condition.key().folded() {
            "aws:sourceaccount" => Some(value),
            "aws:sourcearn" => Arn::parse(value).map(|arn| arn.account),
            _ => None,
        };
        named.extend(condition.values().filter_map(account).filter(|a| is_account_id(a) && *a != trust.arn.account));
    }
    [trust.other_account()].into_iter().chain(named.into_iter().take(16)).map(str::to_owned).collect()
}
