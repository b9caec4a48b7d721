//! Which statements give a caller a right: the evidence behind an answer.

use crate::document::{Document, Effect, Side, Statement};
use crate::evaluate::{Layer, Origin, Policies, decide};
use crate::request::Request;
use crate::truth::Truth;

/// An `Allow` statement of the caller's own policies that covers the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant<'a> {
    /// The document it stands in.
    pub document: &'a Document,
    /// The statement.
    pub statement: &'a Statement,
    /// Certain, or the keys it hangs on.
    pub when: Truth,
}

impl Grant<'_> {
    /// Where the statement comes from.
    pub fn origin(&self) -> Origin {
        Origin::new(Layer::Identity, self.document, self.statement)
    }
}

/// Every statement of the caller's identity policies that grants the request, in order; none if the request is denied by
/// whatever layer. Ask with patterns to find wide grants: `*` on `*`, `s3:*` on `*`, `iam:PassRole` on `*`. In
/// [`Context::open`](crate::Context::open) a grant under conditions comes with the keys of these conditions.
pub fn grants<'a>(request: &Request, policies: &'a Policies) -> Vec<Grant<'a>> {
    if decide(request, policies).is_denied() {
        return Vec::new();
    }
    let statements =
        policies.identity.iter().flat_map(|document| document.statements().iter().map(move |one| (document, one)));
    statements
        .filter(|(_, statement)| statement.may(Effect::Allow))
        .map(|(document, statement)| Grant { document, statement, when: statement.applies(request, Side::Caller) })
        .filter(|grant| !grant.when.is_no())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Context;
    use crate::evaluate::{Documents, Outcome};

    const ROLE: &str = "arn:aws:iam::111122223333:role/ml";

    fn documents(statements: &[&str]) -> Documents {
        let read = |text: &&str| {
            Document::parse("p", &format!(r#"{{"Version":"2012-10-17","Statement":{text}}}"#)).unwrap().into()
        };
        statements.iter().map(read).collect()
    }

    fn asked(action: &str, resource: &str) -> Request {
        Request::new(ROLE, action, resource).within(Context::open())
    }

    #[test]
    fn a_wide_grant_is_found_with_its_statement_and_its_keys() {
        let identity = documents(&[
            r#"{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}"#,
            r#"[{"Effect":"Allow","Action":"sagemaker:*","Resource":"*"},
                {"Sid":"Wide","Effect":"Allow","Action":"S3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]"#,
        ]);
        let policies = Policies { identity, ..Policies::default() };
        let found = grants(&asked("s3:*", "*"), &policies);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].statement.index, found[0].statement.sid.as_deref()), (1, Some("Wide")));
        assert_eq!(found[0].when, Truth::key(&"aws:SecureTransport".into()));
        assert!(grants(&asked("*", "*"), &policies).is_empty());
        assert!(grants(&asked("sagemaker:Create*", "arn:aws:sagemaker:*:*:endpoint/*"), &policies)[0].when.is_yes());
    }

    #[test]
    fn only_a_deny_or_boundary_of_the_whole_pattern_cancels_a_grant() {
        let all = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
        let with = |deny: &str| Policies { identity: documents(&[all, deny]), ..Policies::default() };
        let some = with(r#"{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}"#);
        assert_eq!(grants(&asked("s3:*", "*"), &some).len(), 1);
        let whole = with(r#"{"Effect":"Deny","NotAction":"ec2:*","Resource":"*"}"#);
        assert!(grants(&asked("s3:*", "*"), &whole).is_empty());
        assert_eq!(decide(&asked("*", "*"), &whole).outcome, Outcome::Allow);
        let boundary = Some(documents(&[r#"{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}"#]));
        let bounded = Policies { identity: documents(&[all]), boundary, ..Policies::default() };
        assert!(grants(&asked("s3:*", "*"), &bounded).is_empty());
        assert_eq!(grants(&asked("s3:GetObject", "*"), &bounded).len(), 1);
    }

    #[test]
    fn a_complement_grants_a_pattern_only_if_it_excludes_none_of_it() {
        let identity = documents(&[r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#]);
        let policies = Policies { identity, ..Policies::default() };
        assert_eq!(grants(&asked("s3:*", "*"), &policies).len(), 1);
        assert!(grants(&asked("*", "*"), &policies).is_empty());
    }
}
