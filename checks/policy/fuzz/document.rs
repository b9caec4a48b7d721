//! Hostile text as a policy document: it is read or refused, and whatever was read can be shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sagescan_policy::Document;

fuzz_target!(|text: &str| {
    let document = Document::parse_or_doubt("p", text);
    for statement in document.statements() {
        let _ = (statement.remarks(), statement.condition_keys());
        statement.principals.listed().iter().for_each(|principal| drop(principal.to_string()));
    }
    let _ = sagescan_policy::is_public(&document);
    let _ = sagescan_policy::admissions(&document, "sts:AssumeRole*");
});
