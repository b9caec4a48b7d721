//! Hostile documents in every layer, hostile requests: there is an answer, and it is one that the documents allow.
//!
//! The input is cut at line ends: caller, action, resource, a key, its value, and the rest is the document.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sagescan_policy::{
    Choices, Context, Document, Guardrails, Policies, Request, ResourcePolicy, decide, grants, reach,
};
use std::sync::Arc;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(6, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (caller, action, resource, key, value, document) = (next(), next(), next(), next(), next(), next());
    let document = Arc::new(Document::parse_or_doubt("p", document));
    let layer = || vec![document.clone()];
    let alone = Policies { identity: layer(), ..Policies::default() };
    let everywhere = Policies {
        boundary: Some(layer()),
        session: Some(layer()),
        scps: Guardrails::Levels(vec![layer(), layer()]),
        rcps: Guardrails::Levels(vec![layer()]),
        resource: ResourcePolicy::Is(layer()),
        endpoint: Some(layer()),
        ..alone.clone()
    };
    let closed = Request::new(caller, action, resource).within(Context::closed().with(key, value));
    let open = closed.clone().within(Context::open().with(key, value)).with_known_keys();
    for policies in [&alone, &everywhere] {
        for request in [&closed, &open] {
            let decision = decide(request, policies);
            let _ = grants(request, policies);
            let choices = Choices { keys: vec![key.to_owned(), "sagemaker:*".into()], resource: true };
            let reached = reach(request, &choices, policies);
            assert!(reached.witness.is_none() || !reached.decision.is_denied());
            assert!(!decision.is_allowed() || !decision.is_denied());
        }
    }
});
