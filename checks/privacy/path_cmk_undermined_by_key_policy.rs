use std::sync::Arc;

use sagescan_policy::{
    Choices, Context, Document, Outcome, Policies, Principal, Request, ResourcePolicy, admissions, reach,
};

use crate::engine::STRANGER;
use crate::paths::{Answer, Telling, ask_in_general};
use crate::prelude::*;

pub(super) struct PathCmkUnderminedByKeyPolicy;

/// Holders that are named in a finding.
const MOST: usize = 20;
const DECRYPT: &str = "kms:Decrypt";

impl Check for PathCmkUnderminedByKeyPolicy {
    type On<'w> = &'w Key;

    const META: Meta = Meta {
        id: "path-cmk-undermined-by-key-policy",
        title: "Keys of SageMaker data are of no use to those without business there",
        severity: Severity::High,
        confidence: Confidence::Medium,
        reads: &[Table::Keys, Table::Users, Table::Groups, Table::Roles, Table::Policies, Table::Organization],
        practices: &["REST-3"],
        page: include_str!("path_cmk_undermined_by_key_policy.md"),
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
        if key.account.known("AWSAccountId")? != here.account() {
            return Ok(exempt("another account owns the key and writes its policy"));
        }
        let document = Arc::new(Document::parse_or_doubt("the key policy", key.policy.known("Policy")?));
        let mut doubt: Option<Unseen> = None;
        for (caller, name) in outsiders(&document, here) {
            match decrypts(&caller, &key.arn, &document) {
                Answer::Yes(proof) => {
                    let says = format!("{name} can decrypt with it: {}", proof.words());
                    let verdict = proof.on(fail(says)).with("who", name.as_str());
                    let verdict = if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) };
                    let telling = Telling::default()
                        .by(format!("{name} can decrypt with the key"), &proof)
                        .seen("data of SageMaker resources are encrypted with it", "KmsKeyId");
                    return Ok(telling.on(verdict, "name the roles that work with the data in the key policy"));
                }
                Answer::Doubt(gap) => drop(doubt.get_or_insert(Unseen(gap))),
                Answer::No => {}
            }
        }
        let survey = here.world.survey();
        // Whoever decrypts with keys that no policy names was not given this one for its data.
        let other = survey.cast.own_arn("kms", here.name, &format!("key/{STRANGER}"));
        let ordinary = |person: usize| survey.is_ordinary(person);
        let found = survey.holders_under((DECRYPT, "@"), &key.arn, Some(&document), usize::MAX, ordinary);
        let open = found.none().err();
        let mut holders = found.found;
        holders.retain(|(person, ..)| ask_in_general(survey, *person, DECRYPT, &other).is_yes());
        holders.sort_by_key(|(person, _, proof)| (!proof.keys.is_empty(), *person));
        if let Some((person, alike, proof)) = holders.first() {
            let who = survey.called(*person, *alike);
            let says = format!("{who} can decrypt with it, as with every other key: {}", proof.words());
            let verdict = proof.on(fail(says));
            let verdict = if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) };
            let names: Vec<String> =
                holders.iter().take(MOST).map(|(person, alike, _)| survey.called(*person, *alike)).collect();
            let telling = Telling::default()
                .by(format!("{who} can decrypt with every key of the account"), proof)
                .seen("data of SageMaker resources are encrypted with this one", "KmsKeyId");
            return Ok(telling.on(verdict.with("holders", names), "name the keys that may be used to decrypt"));
        }
        doubt.or(open).map_or(Ok(()), Err)?;
        survey.everyone()?;
        Ok(pass("nobody outside the account, and nobody by a right over every key, can decrypt with it"))
    }
}

/// Outsiders to try: an account that no policy knows, and those that the key policy names.
fn outsiders(document: &Document, here: &Here<'_>) -> Vec<(String, String)> {
    let other = if here.account() == "999999999999" { "888888888888" } else { "999999999999" };
    let someone = |account: &str| format!("arn:{}:iam::{account}:role/{STRANGER}", here.partition());
    let mut all = vec![(someone(other), "every AWS account".to_owned())];
    for one in admissions(document, "kms:*").into_iter().take(256) {
        match one.who {
            Principal::Identity(identity) if identity.account() != here.account() => {
                all.push((identity.arn().to_owned(), identity.arn().to_owned()));
            }
            Principal::Account(account) if **account != *here.account() => {
                all.push((someone(account), format!("account {account}")));
            }
            _ => {}
        }
    }
    all.dedup();
    all
}

/// Whether a caller from outside, granted everything by its own policies, decrypts with the key.
fn decrypts(caller: &str, key: &str, document: &Arc<Document>) -> Answer {
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let policies = Policies {
        identity: vec![Arc::new(Document::parse_or_doubt("anything", all))],
        resource: ResourcePolicy::Is(vec![document.clone()]),
        ..Policies::default()
    };
    let account = caller.split(':').nth(4).unwrap_or_default();
    let context = Context::open().with("kms:CallerAccount", account);
    let request = Request::new(caller, DECRYPT, key).within(context).with_known_keys();
    let chosen =
        Choices { keys: vec!["kms:EncryptionContext*".to_owned(), "kms:ViaService".to_owned()], resource: false };
    let decision = reach(&request, &chosen, &policies).decision;
    if decision.is_denied() {
        return Answer::No;
    }
    let note = decision.notes.first().map(ToString::to_string);
    let origin = decision.allowed_by.iter().find(|origin| origin.layer == sagescan_policy::Layer::Resource);
    match origin {
        Some(_) if decision.outcome == Outcome::Conditional && decision.keys.is_empty() => {
            Answer::Doubt(unclear(note.unwrap_or_default()).0)
        }
        Some(origin) => Answer::Yes(crate::engine::Proof {
            policy: origin.policy.clone(),
            statement: origin.statement + 1,
            sid: origin.sid.clone(),
            action: String::new(),
            resources: Vec::new(),
            keys: decision.keys,
            unread: note,
        }),
        None => Answer::No,
    }
}
