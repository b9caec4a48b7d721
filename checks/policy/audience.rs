//! What a resource policy says by itself, without a particular caller: whom it admits, and what it forbids everyone.

use crate::condition::Condition;
use crate::context::Context;
use crate::document::{Document, Effect, Element, Side, Statement};
use crate::principal::Principal;
use crate::request::Request;
use crate::truth::Truth;

/// One principal that a resource policy grants something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission<'a> {
    /// Who is admitted. An `Allow` with `NotPrincipal` admits everyone but a few, and is shown as everyone.
    pub who: &'a Principal,
    /// The statement that admits.
    pub statement: &'a Statement,
}

impl<'a> Admission<'a> {
    /// The conditions on the admission; all must hold.
    pub fn conditions(&self) -> &'a [Condition] {
        &self.statement.conditions
    }

    /// Does the admission hang on one of these keys (in any spelling) with a positive operator and fixed values?
    pub fn is_pinned_by(&self, keys: &[&str]) -> bool {
        let named = |condition: &Condition| keys.iter().any(|key| condition.key().folded().eq_ignore_ascii_case(key));
        self.statement.conditions.iter().any(|condition| named(condition) && condition.pins())
    }
}

/// Whom the document's `Allow` statements admit to the action, which may be a pattern; one entry for each principal of each
/// statement, in their order. Statements with a flaw are included: they may admit.
pub fn admissions<'a>(document: &'a Document, action: &str) -> Vec<Admission<'a>> {
    const EVERYONE: &Principal = &Principal::Everyone;
    let mut admitted = Vec::new();
    for statement in document.statements() {
        if !statement.may(Effect::Allow) || !statement.may_cover_some(action) {
            continue;
        }
        let whom: &[Principal] = match &statement.principals {
            Element::Only(listed) => listed,
            Element::AllBut(_) => std::slice::from_ref(EVERYONE),
            Element::Unstated => &[],
        };
        admitted.extend(whom.iter().map(|who| Admission { who, statement }));
    }
    admitted
}

/// Does the document deny this to every principal there is? Action and resource may be patterns and must be covered as a
/// whole; only `Deny` statements for everyone count. Typical question: `s3:*` on `arn:aws:s3:::data/*` in
/// `Context::open().with("aws:SecureTransport", "false")`. The answer names the statement: the certain one if there is one.
pub fn denies_everyone<'a>(
    document: &'a Document,
    action: &str,
    resource: &str,
    context: &Context,
) -> (Truth, Option<&'a Statement>) {
    let request = Request::new("anonymous", action, resource).within(context.clone());
    let (mut answer, mut witness) = (Truth::No, None);
    for statement in document.statements().iter().filter(|statement| statement.may(Effect::Deny)) {
        let everyone = match &statement.principals {
            Element::Only(listed) => listed.contains(&Principal::Everyone).into(),
            Element::AllBut(_) => Truth::No,
            Element::Unstated => Truth::note("a statement names no principal"),
        };
        let denies = everyone.and(statement.applies(&request, Side::Resource));
        if denies.is_yes() || (witness.is_none() && !denies.is_no()) {
            witness = Some(statement);
        }
        answer = answer.or(denies);
        if answer.is_yes() {
            break;
        }
    }
    (answer, witness)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(statement: &str) -> Document {
        Document::parse("p", &format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#)).unwrap()
    }

    #[test]
    fn a_trust_policy_tells_whom_it_admits() {
        let trust = document(
            r#"[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com","AWS":["444455556666","*"]},"Action":"sts:AssumeRole",
                 "Condition":{"StringEquals":{"sts:ExternalId":"7"}}},
                {"Effect":"Deny","Principal":"*","Action":"sts:*"},
                {"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity"}]"#,
        );
        let whom: Vec<String> = admissions(&trust, "sts:AssumeRole").iter().map(|one| one.who.to_string()).collect();
        assert_eq!(whom, ["sagemaker.amazonaws.com", "444455556666", "*"]);
        assert!(admissions(&trust, "sts:AssumeRole")[1].is_pinned_by(&["sts:ExternalId"]));
        assert_eq!(admissions(&trust, "sts:AssumeRole*").len(), 4);
    }

    #[test]
    fn a_bucket_policy_that_insists_on_tls_denies_everyone_without() {
        let insists = document(
            r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],
                "Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#,
        );
        let plain = Context::open().with("aws:SecureTransport", "false");
        for resource in ["arn:aws:s3:::b", "arn:aws:s3:::b/*"] {
            assert!(denies_everyone(&insists, "s3:*", resource, &plain).0.is_yes());
        }
        assert!(denies_everyone(&insists, "s3:*", "arn:aws:s3:::other/*", &plain).0.is_no());
        let tls = Context::open().with("aws:SecureTransport", "true");
        assert!(denies_everyone(&insists, "s3:*", "arn:aws:s3:::b", &tls).0.is_no());
        let some = document(r#"{"Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"s3:*","Resource":"*"}"#);
        assert!(denies_everyone(&some, "s3:*", "arn:aws:s3:::b", &plain).0.is_no());
    }
}
