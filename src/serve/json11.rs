//! awsJson1.1 and restJson1: answers are objects without nulls, errors are objects with a `__type`.

use serde_json::{Value, json};

use super::call::{Call, Protocol};
use super::engine::Reply;
use super::refusal::Refusal;

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

pub(super) fn answer(mut value: Value) -> Reply {
    prune(&mut value);
    Reply::new(200, CONTENT_TYPE, value.to_string())
}

pub(super) fn whole(value: &Value) -> Reply {
    Reply::new(200, CONTENT_TYPE, value.to_string())
}

/// Members that are not set are absent, and so are structures of which no member is set.
fn prune(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(prune),
        Value::Object(members) => {
            members.values_mut().for_each(prune);
            members.retain(|_, member| !member.is_null() && member.as_object().is_none_or(|m| !m.is_empty()));
        }
        _ => {}
    }
}

pub(super) fn refuse(refusal: &Refusal, protocol: Protocol, call: Option<&Call<'_>>) -> Reply {
    let (status, code) = refusal.spelling(protocol);
    let message = refusal.message(protocol, call);
    let body = match refusal {
        Refusal::Denied => json!({"__type": code, "Message": message}),
        _ => json!({"__type": code, "message": message}),
    };
    let mut reply = Reply::new(status, CONTENT_TYPE, body.to_string());
    reply.headers.push(("x-amzn-errortype", code.to_owned()));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throttle_is_spelled_as_sagemaker_spells_it() {
        let reply = refuse(&Refusal::Throttled, Protocol::Json, None);
        assert_eq!(reply.status, 400);
        assert_eq!(reply.body, br#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#);
        assert_eq!(reply.body.len(), 58);
    }

    #[test]
    fn what_is_not_set_is_absent() {
        let reply = answer(json!({"a": null, "b": {"c": {"d": null}}, "e": [], "f": [{"g": null, "h": false}]}));
        assert_eq!(reply.body, br#"{"e":[],"f":[{"h":false}]}"#);
    }
}
