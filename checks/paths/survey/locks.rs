//! Keys of the customer's own, with all that lets somebody use one: its policy, and grants, which no policy shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use sagescan_policy::{Context, Document, ResourcePolicy};

use super::{Survey, Text};
use crate::engine::{Arn, Here, Proof, unclear};
use crate::paths::rights::{Answer, Ask};
use crate::snapshot::{Gap, Grant, Key, Seen, Unseen};

/// A key.
pub(crate) struct Lock {
    pub(crate) arn: String,
    pub(crate) text: Text,
    /// The grants that let decrypt; the second tells why there may be more.
    grants: (Vec<Grant>, Option<Gap>),
}

impl Lock {
    pub(crate) fn of(key: &Key, here: &Here<'_>) -> Lock {
        let text = match &key.policy {
            Seen::Is(text) => {
                Ok(Some(Arc::new(Document::parse_or_doubt(&format!("the policy of key {}", key.arn), text))))
            }
            Seen::Unset => Ok(None),
            Seen::Unseen(gap) => Err(gap.clone()),
        };
        Lock { arn: key.arn.clone(), text, grants: grants_of(key, here) }
    }

    /// Users and roles of the account that grants name.
    pub(crate) fn grantees(&self) -> impl Iterator<Item = String> {
        let named: BTreeSet<String> =
            self.grants.0.iter().filter_map(|grant| principal_of(grant.grantee.as_deref()?)).collect();
        named.into_iter()
    }

    /// Whether a grant lets this user or role decrypt.
    fn granted(&self, arn: &str) -> Answer {
        let (grants, gap) = &self.grants;
        let own = grants.iter().filter(|grant| grant.grantee.as_deref().and_then(principal_of).as_deref() == Some(arn));
        // One without conditions is the better proof.
        match (own.min_by_key(|grant| grant.constrained), gap) {
            (Some(grant), _) => Answer::Yes(Proof {
                policy: format!("grant {} of key {}", grant.id.as_deref().unwrap_or_default(), self.arn).into(),
                statement: 1,
                sid: None,
                action: "kms:Decrypt".to_owned(),
                resources: vec![self.arn.clone()],
                keys: if grant.constrained { vec!["kms:EncryptionContextKeys".into()] } else { Vec::new() },
                unread: None,
            }),
            (None, Some(gap)) => Answer::Doubt(gap.clone()),
            (None, None) => Answer::No,
        }
    }
}

fn grants_of(key: &Key, here: &Here<'_>) -> (Vec<Grant>, Option<Gap>) {
    let row = match here.region.key_grants.find(|row| row.name == key.arn) {
        Ok(Some(row)) => row,
        Ok(None) => return (Vec::new(), Some(unclear("the grants of the key were not asked for in this region").0)),
        Err(Unseen(gap)) => return (Vec::new(), Some(gap)),
    };
    let grants = match row.grants.known("Grants") {
        Ok(grants) => {
            grants.iter().filter(|grant| grant.operations.iter().any(|one| one == "Decrypt")).cloned().collect()
        }
        Err(Unseen(gap)) => return (Vec::new(), Some(gap)),
    };
    let more = match &row.more {
        Seen::Is(true) => Some(unclear("the key has more than a thousand grants").0),
        Seen::Is(false) | Seen::Unset => None,
        Seen::Unseen(gap) => Some(gap.clone()),
    };
    (grants, more)
}

/// The user or role that a grantee is: a session stands for its role. Of roles under a path a session does not tell the
/// path; who they are is then not known.
fn principal_of(grantee: &str) -> Option<String> {
    let arn = Arn::parse(grantee)?;
    match arn.resource.strip_prefix("assumed-role/") {
        Some(session) => {
            let role = session.split('/').next()?;
            Some(format!("arn:{}:iam::{}:role/{role}", arn.partition, arn.account))
        }
        None => Some(grantee.to_owned()),
    }
}

impl Survey {
    /// Whether a person may decrypt with a key: by policies, or by a grant.
    pub(crate) fn decrypts(&self, person: usize, lock: &Lock, context: Context) -> Answer {
        let mut question = Ask::new("kms:Decrypt", &lock.arn);
        question.tags = None;
        question.context = context;
        question.policy = match &lock.text {
            Ok(Some(document)) => ResourcePolicy::Is(vec![document.clone()]),
            _ => ResourcePolicy::LeftOut,
        };
        let arn = self.cast.people.get(person).map_or("", |person| person.arn.as_str());
        self.cast.ask(person, &question).or(|| lock.granted(arn))
    }
}
