use sagescan_policy::{Admission, Document, Effect, Element, Principal, admissions};

use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct LogGroupsNotPublic;

impl Check for LogGroupsNotPublic {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "log-groups-not-public",
        title: "Resource policies of CloudWatch Logs let no other account in",
        severity: Severity::High,
        reads: workloads![LogsResourcePolicies],
        practices: &["LOG-2"],
        page: include_str!("log_groups_not_public.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        if !region.holds_workloads()? {
            return Ok(not_concerned());
        }
        let policies = &region.region.logs_resource_policies;
        let (mut found, mut doubt) = (Vec::new(), None);
        for policy in policies.iter() {
            match outsiders(policy, region.account()) {
                Ok(some) => found.extend(some.into_iter().map(|one| (policy.name.as_str(), one))),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        if let Some((policy, (who, statement))) = found.first() {
            let more = if found.len() > 1 { format!(" (and {} more grants)", found.len() - 1) } else { String::new() };
            return Ok(fail(format!("policy {policy}, statement {statement}, lets {who} in{more}"))
                .with("policy", *policy)
                .with("statement", *statement)
                .with("remedy", "the removal of this principal from the statement"));
        }
        policies.all()?;
        doubt.map_or(Ok(()), Err)?;
        Ok(pass("no resource policy of CloudWatch Logs lets another account in"))
    }
}

/// Whom from outside a policy lets in, each with the number of the statement.
fn outsiders(policy: &LogsResourcePolicy, own: &str) -> Result<Vec<(String, usize)>, Unseen> {
    let Some(text) = policy.document.get()? else { return Ok(Vec::new()) };
    let name = &policy.name;
    let document = Document::parse(name, text).map_err(|error| unclear(format!("policy {name}: {error}")))?;
    let (mut found, mut doubt) = (Vec::new(), None);
    for statement in document.statements().iter().filter(|s| s.effect != Effect::Deny && s.may_cover_some("logs:*")) {
        let number = statement.index + 1;
        if let Some(flaw) = &statement.flaw {
            doubt = doubt.or(Some(unclear(format!("policy {name}, statement {number}: {flaw}"))));
        } else if matches!(statement.principals, Element::Unstated) {
            doubt = doubt.or(Some(unclear(format!("policy {name}, statement {number}, names nobody"))));
        }
    }
    for admission in admissions(&document, "logs:*").iter().filter(|one| one.statement.flaw.is_none()) {
        match outsider(admission, own) {
            Ok(Some(who)) => found.push((who, admission.statement.index + 1)),
            Ok(None) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    // A denial may take back what another statement gives.
    let denies = document.statements().iter().any(|s| s.effect != Effect::Allow && s.may_cover_some("logs:*"));
    match (found.is_empty(), doubt) {
        (false, _) if denies => Err(unclear(format!(
            "policy {name} both lets {} in and denies something",
            found.first().map_or("", |(who, _)| who)
        ))),
        (false, _) => Ok(found),
        (true, Some(unseen)) => Err(unseen),
        (true, None) => Ok(Vec::new()),
    }
}

/// Somebody from outside, in words; `None` for the account's own and for services of AWS.
fn outsider(admission: &Admission<'_>, own: &str) -> Result<Option<String>, Unseen> {
    let of_account = |account: &str| (account != own).then(|| format!("account {account}"));
    match admission.who {
        Principal::Everyone => {
            const OWN: [&str; 2] = ["aws:principalaccount", "aws:sourceaccount"];
            let is_ours = admission.conditions().iter().any(|condition| {
                let mut values = condition.values().peekable();
                OWN.contains(&condition.key().folded())
                    && condition.pins()
                    && values.peek().is_some()
                    && values.all(|value| value == own)
            });
            match (is_ours, admission.conditions().is_empty()) {
                (true, _) => Ok(None),
                (false, true) => Ok(Some("everybody".to_owned())),
                (false, false) => Err(unclear("a resource policy lets everybody in under conditions")),
            }
        }
        Principal::Account(account) => Ok(of_account(account)),
        Principal::Identity(identity) => match Arn::parse(identity.arn()) {
            Some(arn) if is_account_id(arn.account) => Ok(of_account(arn.account)),
            _ => Err(unclear(format!("whose `{}` is cannot be told", identity.arn()))),
        },
        Principal::Service(name) if &**name != "*" => Ok(None),
        Principal::Service(_) => Ok(Some("every service of AWS".to_owned())),
        // What is left of a deleted principal lets nobody in.
        Principal::Deleted(_) => Ok(None),
        who => Err(unclear(format!("a resource policy names {who}, whose account cannot be told"))),
    }
}
