use std::collections::BTreeSet;

use sagescan_policy::{Admission, Document, Effect, Element, Principal, admissions};

use crate::engine::Fence;
use crate::prelude::*;

pub(super) struct KmsKeyPolicyRestricted;

impl Check for KmsKeyPolicyRestricted {
    type On<'w> = &'w Key;

    const META: Meta = Meta {
        id: "kms-key-policy-restricted",
        title: "KMS key policies keep outsiders out and part administration from use",
        severity: Severity::High,
        reads: &[Table::Keys, Table::KeyGrants],
        practices: &["REST-3"],
        page: include_str!("kms_key_policy_restricted.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, key: &Key, here: &Here<'_>) -> Judged {
        if !*key.exists.known("KeyMetadata")? {
            return Ok(exempt("the key does not exist, so nobody can use it"));
        }
        match key.manager.known("KeyManager")?.as_str() {
            "CUSTOMER" => {}
            "AWS" => return Ok(exempt("AWS manages the key and writes its policy")),
            other => return Err(unclear(format!("the key manager {other} is unknown"))),
        }
        let owner = key.account.known("AWSAccountId")?;
        let is_ours = |account: &str| account == owner || account == here.account();
        let policy = Document::parse_or_doubt("the key policy", key.policy.known("Policy")?);

        let (mut foreign, mut organizations) = (BTreeSet::new(), BTreeSet::new());
        for admission in certain(&policy, "kms:*") {
            let statement = admission.statement.index;
            match (admission.who, admission.who.account()) {
                (Principal::Everyone, _) => match Fence::around(admission.conditions(), is_ours) {
                    Fence::None => {
                        return Ok(fail("its policy admits everyone, and no condition keeps other accounts out")
                            .with("statement", statement)
                            .with("conditions", admission.statement.condition_keys()));
                    }
                    Fence::Accounts(accounts) => foreign.extend(accounts),
                    Fence::Organizations(ids) => organizations.extend(ids),
                    Fence::Ours => {}
                },
                (_, Some(account)) if !is_ours(account) => {
                    foreign.insert(account.to_owned());
                }
                _ => {}
            }
        }
        if !foreign.is_empty() {
            let foreign: Vec<String> = foreign.into_iter().collect();
            let says = format!("its policy admits other accounts: {}", foreign.join(", "));
            return Ok(fail(says).with("foreign_accounts", foreign));
        }
        let granted = Granted::of(key, here, is_ours);
        if !granted.foreign.is_empty() {
            let says = format!("grants let other accounts use it: {}", granted.accounts());
            return Ok(fail(says).with("foreign_grantees", granted.foreign.into_iter().collect::<Vec<_>>()));
        }
        if let Some(doubt) = doubt_in(&policy) {
            return Err(unclear(format!("the key policy cannot be read with certainty: {doubt}")));
        }
        let both = administer_and_use(&policy);
        if !both.is_empty() {
            let says = format!("its policy lets the same principal change the policy and decrypt: {}", both.join(", "));
            return Ok(fail(says).severity(Severity::Medium).with("administer_and_use", both));
        }
        if !organizations.is_empty() {
            let ids: Vec<String> = organizations.into_iter().collect();
            let says = format!("its policy admits every account of an organization: {}", ids.join(", "));
            return Ok(fail(says).severity(Severity::Low).with("organizations", ids));
        }
        granted.doubt.map_or(Ok(()), Err)?;
        Ok(pass(
            "its policy admits this account and AWS services only, nobody it names both administers and decrypts, and no \
             grant goes to another account",
        ))
    }
}

/// Whom grants let use a key, besides this account and what AWS's services do for it.
struct Granted {
    /// The ARNs of grantees in other accounts.
    foreign: BTreeSet<String>,
    /// Why there may be more.
    doubt: Option<Unseen>,
}

impl Granted {
    fn of(key: &Key, here: &Here<'_>, is_ours: impl Fn(&str) -> bool) -> Granted {
        let mut granted = Granted { foreign: BTreeSet::new(), doubt: None };
        let row = match here.region.key_grants.find(|row| row.name == key.arn) {
            Ok(row) => row.ok_or_else(|| unclear("its grants were not asked for in this region")),
            Err(unseen) => Err(unseen),
        };
        let grants = row.and_then(|row| {
            if row.more.get()?.is_some_and(|more| *more) {
                granted.doubt = Some(unclear("it has more than a thousand grants, of which the first were looked at"));
            }
            row.grants.known("Grants")
        });
        match grants {
            Ok(grants) => {
                let usable = grants.iter().filter(|grant| lets_use(grant) && !is_of_a_service(grant));
                for grantee in usable.filter_map(|grant| grant.grantee.as_deref()) {
                    let account = Arn::parse(grantee).map(|arn| arn.account);
                    if account.is_some_and(|account| is_account_id(account) && !is_ours(account)) {
                        granted.foreign.insert(grantee.to_owned());
                    }
                }
            }
            Err(unseen) => granted.doubt = granted.doubt.or(Some(unseen)),
        }
        granted
    }

    fn accounts(&self) -> String {
        let accounts: BTreeSet<&str> =
            self.foreign.iter().filter_map(|grantee| Some(Arn::parse(grantee)?.account)).collect();
        accounts.into_iter().collect::<Vec<_>>().join(", ")
    }
}

/// Whether a grant is leave to use the key, rather than to look at it or to give up the leave.
fn lets_use(grant: &Grant) -> bool {
    const HARMLESS: [&str; 3] = ["DescribeKey", "GetPublicKey", "RetireGrant"];
    grant.operations.iter().any(|operation| !HARMLESS.contains(&operation.as_str()))
}

/// Whether a service of AWS holds the grant, or made it and will end it: it works for whoever owns the key, though the
/// machines may lie in an account of AWS's own (KMS developer guide, "How AWS services use grants").
fn is_of_a_service(grant: &Grant) -> bool {
    let is_service = |principal: &Option<String>| {
        principal.as_deref().is_some_and(|name| !name.starts_with("arn:") && name.contains(".amazonaws."))
    };
    grant.grantee_service.is_some()
        || grant.retiring_service.is_some()
        || is_service(&grant.grantee)
        || is_service(&grant.retiring)
}

/// Whom statements admit that certainly allow.
fn certain<'p>(policy: &'p Document, action: &str) -> impl Iterator<Item = Admission<'p>> {
    let is_certain = |a: &Admission<'_>| a.statement.effect == Effect::Allow && a.statement.flaw.is_none();
    admissions(policy, action).into_iter().filter(is_certain)
}

/// Why the policy may admit more than it seems to.
fn doubt_in(policy: &Document) -> Option<String> {
    if policy.statements().is_empty() {
        return Some("it has no statements".to_owned());
    }
    policy.statements().iter().filter(|s| s.effect != Effect::Deny).find_map(|statement| {
        let odd = |who: &&Principal| matches!(who, Principal::Canonical(_) | Principal::Unusable(_));
        if let Some(flaw) = &statement.flaw {
            return Some(flaw.to_string());
        }
        if matches!(statement.principals, Element::Unstated) {
            return Some("a statement names no principal".to_owned());
        }
        statement.principals.only().iter().find(odd).map(|who| format!("{who} is not a principal that KMS accepts"))
    })
}

/// The principals of which the policy itself says both. The account as such is left out: it only lets IAM decide.
fn administer_and_use(policy: &Document) -> Vec<String> {
    let named = |action: &str| -> BTreeSet<String> {
        let counts = |who: &Principal| matches!(who, Principal::Everyone | Principal::Identity(_));
        certain(policy, action).filter(|a| counts(a.who)).map(|a| a.who.to_string()).collect()
    };
    named("kms:PutKeyPolicy").intersection(&named("kms:Decrypt")).cloned().collect()
}
