//! What AWS IAM would decide, and why.
//!
//! Documents are read once ([`Document::parse`]) and judged many times. Two questions are answered:
//!
//! - [`decide`]: can this exact request pass? With [`Context::closed`] every key is given; with [`Context::open`] the unset
//!   ones are unknown, and the answer may be *conditional*, naming the keys it hangs on. Actions and resources may be
//!   patterns (`s3:*` on `*`): then the question is whether all they cover may pass.
//! - [`reach`]: can the requester make some request pass, choosing the parameters and names that are theirs to choose?
//!
//! There are four answers ([`Outcome`]): allow, conditional, implicit deny, explicit deny. What is not known stays visible: a
//! doubtful `Deny` is never credited, a doubtful `Allow` is never certain, and layers that could not be read are listed as
//! assumptions. Nothing here fails, panics, or takes unbounded time, whatever the documents contain.
//!
//! ```
//! use sagescan_policy::{decide, Document, Outcome, Policies, Request};
//!
//! let policy = Document::parse("inline", r#"{"Version": "2012-10-17", "Statement":
//!     {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::data/*"}}"#)?;
//! let policies = Policies { identity: vec![policy.into()], ..Policies::default() };
//! let request = Request::new("arn:aws:iam::111122223333:role/ml", "s3:GetObject", "arn:aws:s3:::data/train.csv");
//! assert_eq!(decide(&request, &policies).outcome, Outcome::Allow);
//! # Ok::<(), sagescan_policy::DocumentError>(())
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub)]

mod audience;
mod condition;
mod context;
mod document;
mod evaluate;
mod glob;
mod grant;
mod json;
mod pattern;
mod principal;
mod reach;
mod request;
mod simulate;
mod truth;

pub use audience::{Admission, admissions, denies_everyone};
pub use condition::Condition;
pub use context::{Context, Key, Value};
pub use document::{ActionPattern, Document, DocumentError, Effect, Element, MAX_DOCUMENT, Statement};
pub use evaluate::{
    Decision, Documents, Guardrails, Layer, Origin, Outcome, Policies, ResourcePolicy, Setting, decide, is_public,
};
pub use grant::{Grant, grants};
pub use pattern::ArnPattern;
pub use principal::{Caller, Identity, Principal};
pub use reach::{Choices, Chosen, Reached, Witness, reach};
pub use request::Request;
pub use simulate::{Answer, FORMAT, SimulateError, simulate};
pub use truth::{Doubts, Truth};
