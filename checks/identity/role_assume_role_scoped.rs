use std::collections::BTreeSet;

use sagescan_policy::Context;

use super::patterns::{bounded, filled, is_open};
use super::roles;
use crate::engine::{Permissions, Proof, STRANGER};
use crate::prelude::*;

pub(super) struct RoleAssumeRoleScoped;

const ASSUME: &str = "sts:AssumeRole";

impl Check for RoleAssumeRoleScoped {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-assume-role-scoped",
        title: "Execution roles may assume only named roles",
        severity: Severity::High,
        reads: roles::POLICIES,
        practices: &["ID-7"],
        page: include_str!("role_assume_role_scoped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let permissions = here.world.role_permissions(role)?;
        let written = permissions.resources_of(ASSUME);
        let (open, mut doubt) = bounded(written.iter().filter(|pattern| is_open(pattern)));
        let mut found: Vec<(Severity, String, Proof)> = Vec::new();
        for pattern in open {
            match reach(permissions, pattern) {
                Ok(reached) => found.extend(reached),
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                }
            }
        }
        found.sort_by_key(|(severity, _, _)| std::cmp::Reverse(*severity));
        let named = || written.iter().filter(|pattern| !is_open(pattern)).filter_map(|arn| Arn::parse(arn));
        let accounts: BTreeSet<&str> = named().map(|arn| arn.account).take(50).collect();
        let accounts: Vec<&str> = accounts.into_iter().collect();
        if let Some((severity, says, proof)) = found.first() {
            let says = format!("it may assume {says}: {}", proof.words());
            let verdict = proof.on(fail(says)).severity(*severity).with("accounts", accounts);
            return Ok(verdict.with("remedy", "the ARNs of the roles it needs in this statement"));
        }
        if let Some(unseen) = doubt {
            return Err(unseen);
        }
        permissions.complete()?;
        Ok(match named().next() {
            None => pass("it may assume no other role"),
            Some(_) => pass(format!("it may assume only roles that its policies name, in {}", accounts.join(", ")))
                .with("accounts", accounts),
        })
    }
}

/// What a pattern lets the role assume that nobody named, how bad that is, and the proof.
fn reach(permissions: &Permissions, pattern: &str) -> Result<Option<(Severity, String, Proof)>, Unseen> {
    let own = permissions.account();
    let other = if own == "999999999999" { "888888888888" } else { "999999999999" };
    // A pattern such as `arn:aws:iam::444455556666:*` leaves the name open as well.
    let (account, path) = Arn::parse(pattern)
        .map_or(("*", "*"), |arn| (arn.account, arn.resource.split_once('/').map_or("*", |(_, path)| path)));
    let role_in = |account: &str| format!("arn:{}:iam::{account}:role/{}", permissions.partition(), filled(path, own));
    let any_name = path.bytes().all(|byte| byte == b'*');
    let whole = filled(account, own);
    let graded = |severity: Severity, says: String, proof: Proof| {
        let severity = if proof.keys.is_empty() { severity } else { severity.min(Severity::Medium) };
        Some((severity, says, proof))
    };
    if whole.contains(STRANGER)
        && let Some(proof) = permissions.may_abroad(ASSUME, &role_in(other), other)?
    {
        let says = if any_name { "any role of any account".into() } else { format!("{pattern} in any account") };
        return Ok(graded(Severity::High, says, proof));
    }
    let account = if whole.contains(STRANGER) { own } else { whole.as_str() };
    let answer = match account == own {
        true => permissions.may(ASSUME, &role_in(account), Context::open())?,
        false => permissions.may_abroad(ASSUME, &role_in(account), account)?,
    };
    Ok(answer.and_then(|proof| match (any_name, account == own) {
        (true, true) => graded(Severity::High, "any role of this account that lets it in".into(), proof),
        (true, false) => graded(Severity::High, format!("any role of account {account} that lets it in"), proof),
        (false, _) => graded(Severity::Medium, format!("every role that fits {pattern}"), proof),
    }))
}
