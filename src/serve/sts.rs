//! STS: who is asking.

use super::call::{Answer, Operation, Protocol, Service};
use super::xml::Element;

pub(super) static SERVICE: Service = Service {
    name: "sts",
    protocol: Protocol::Query,
    label: "2011-06-15",
    operations: &[Operation {
        name: "GetCallerIdentity",
        action: "sts:GetCallerIdentity",
        resource: "",
        answer: |call| {
            let scan = &call.snapshot().scan;
            let identity = Element::unnamed().text("Arn", &scan.caller).text("UserId", "AIDASAGESCANSERVED000");
            Ok(Answer::Xml(identity.text("Account", &scan.account)))
        },
    }],
};
