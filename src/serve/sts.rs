//! STS: who is asking.

use std::sync::LazyLock;

use super::call::{Answer, Operation, Protocol, Service};
use super::xml::Element;

pub(super) static SERVICE: LazyLock<Service> = LazyLock::new(|| Service {
    name: "sts",
    signed: "sts",
    protocol: Protocol::Query,
    label: "2011-06-15",
    operations: vec![Operation {
        name: "GetCallerIdentity",
        action: "sts:GetCallerIdentity",
        resource: "",
        answer: |call| {
            let scan = &call.snapshot().scan;
            let identity = Element::unnamed().text("Arn", &scan.caller).text("UserId", "AIDASAGESCANSERVED000");
            Ok(Answer::Xml(identity.text("Account", &scan.account)))
        },
    }],
});
