use sagescan_policy::{Context, Principal, admissions};

use super::roles;
use super::trust::Trust;
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
        let (services, sources) = (trust.sagemaker_services(), sources(&trust));
        if services.iter().all(|service| trust.decide(service, ASSUME, Context::open()).is_denied()) {
            return Ok(not_concerned());
        }
        for service in &services {
            for (account, arn) in &sources {
                let foreign = Context::open().with("aws:SourceAccount", account).with("aws:SourceArn", arn);
                let foreign = foreign.with("aws:SourceOrgID", "o-qx7zwk0000");
                if passes(&trust, service, foreign.with("aws:SourceOrgPaths", "o-qx7zwk0000/r-qx7z/"))? {
                    let whom = if is_account_id(account) && account != trust.other_account() {
                        account
                    } else {
                        "any account"
                    };
                    let says = format!("{service} may assume it on behalf of {whom}");
                    return Ok(fail(format!("{says}, for no condition ties the source to this account"))
                        .with("service", service.as_str()));
                }
            }
        }
        for service in &services {
            let silent = SOURCES.iter().fold(Context::open(), |context, key| context.without(key));
            if passes(&trust, service, silent)? {
                let says =
                    "may assume it whenever it does not say on whose behalf: the condition on the source gives way";
                let verdict = fail(format!("{service} {says}")).severity(Severity::Low);
                return Ok(verdict.with("service", service.as_str()));
            }
        }
        Ok(pass("SageMaker may assume it only on behalf of this account"))
    }
}

const ASSUME: &str = "sts:AssumeRole";

/// The keys by which a service says on whose behalf it acts.
const SOURCES: [&str; 4] = ["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"];

/// Whether the trust policy lets the service in, in these circumstances. A Deny that cannot be understood does not count; a
/// statement that admits only if it means what cannot be understood is a doubt.
fn passes(trust: &Trust<'_>, service: &str, context: Context) -> Result<bool, Unseen> {
    let decision = trust.decide(service, ASSUME, context);
    if decision.is_denied() {
        return Ok(false);
    }
    let clear =
        admissions(&trust.document, ASSUME).iter().any(|one| one.statement.flaw.is_none() && names(one.who, service));
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

/// Foreign sources to try, by account and ARN: one that no policy knows, and those that the trust policy lists.
fn sources(trust: &Trust<'_>) -> Vec<(String, String)> {
    let job =
        |account: &str| format!("arn:{}:sagemaker:us-east-1:{account}:training-job/{STRANGER}", trust.arn.partition);
    let other = trust.other_account().to_owned();
    let by_account = trust.listed("aws:sourceaccount").into_iter();
    let by_arn = trust.listed("aws:sourcearn").into_iter();
    let by_arn = by_arn.filter_map(|arn| Some((Arn::parse(&arn)?.account.to_owned(), arn)));
    [other]
        .into_iter()
        .chain(by_account)
        .map(|account| (account.clone(), job(&account)))
        .chain(by_arn)
        .filter(|(account, _)| account != trust.arn.account)
        .collect()
}
