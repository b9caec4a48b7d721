//! STS: who is asking.

use std::sync::LazyLock;

use jiff::{Timestamp, ToSpan};

use super::call::{Answer, Call, Operation, Outcome, Protocol, Service};
use super::refusal::Refusal;
use super::xml::Element;

pub(super) static SERVICE: LazyLock<Service> = LazyLock::new(|| Service {
    name: "sts",
    signed: "sts",
    protocol: Protocol::Query,
    label: "2011-06-15",
    operations: vec![
        Operation {
            name: "GetCallerIdentity",
            action: "sts:GetCallerIdentity",
            resource: "",
            answer: |call| {
                let scan = &call.snapshot().scan;
                let identity = Element::unnamed().text("Arn", &scan.caller).text("UserId", "AIDASAGESCANSERVED000");
                Ok(Answer::Xml(identity.text("Account", &scan.account)))
            },
        },
        // Profiles with a role assume it before the first question. Whoever names a device must give its code.
        Operation { name: "AssumeRole", action: "sts:AssumeRole", resource: "{RoleArn}", answer: assume_role },
    ],
});

/// The code that every device shows.
const CODE: &str = "123456";

fn assume_role(call: &Call<'_>) -> Outcome {
    let role = call.required("RoleArn")?;
    let session = call.required("RoleSessionName")?;
    if call.text("SerialNumber").is_some() && call.text("TokenCode") != Some(CODE) {
        let says = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
        return Err(Refusal::absent("AccessDenied", says));
    }
    let until = Timestamp::now().saturating_add(1.hour()).unwrap_or(Timestamp::MAX);
    let credentials = Element::unnamed()
        .text("AccessKeyId", "ASIASAGESCANSERVED00")
        .text("SecretAccessKey", "not-a-secret")
        .text("SessionToken", "not-a-secret-either")
        .text("Expiration", until.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    let arn = format!("{}/{session}", role.replacen(":iam:", ":sts:", 1).replacen(":role/", ":assumed-role/", 1));
    let user = Element::unnamed().text("AssumedRoleId", "AROASAGESCANSERVED000:session").text("Arn", arn);
    Ok(Answer::Xml(Element::unnamed().child(credentials.named("Credentials")).child(user.named("AssumedRoleUser"))))
}
