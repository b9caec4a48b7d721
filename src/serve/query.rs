//! awsQuery and ec2Query: two envelopes around the same kind of XML.

use serde_json::Value;

use super::call::{Call, Protocol, Service};
use super::engine::Reply;
use super::refusal::Refusal;
use super::xml::Element;

/// Members that are maps rather than structures, by service: in XML the two differ.
const MAPS: &[(&str, &[&str])] = &[("sns", &["Attributes"])];

/// An answer of a declared type, as XML: lists of `member`, maps of `entry`, and structures.
pub(super) fn element(service: &Service, value: &Value) -> Element {
    let maps = MAPS.iter().find(|(name, _)| *name == service.name).map_or(&[][..], |(_, maps)| maps);
    written_as("", value, maps)
}

fn written_as(name: &str, value: &Value, maps: &[&str]) -> Element {
    let element = Element::new(name.to_owned());
    match value {
        Value::Null => element,
        Value::String(text) => element.saying(text),
        Value::Bool(_) | Value::Number(_) => element.saying(value.to_string()),
        Value::Array(all) => all.iter().fold(element, |list, one| list.child(written_as("member", one, maps))),
        Value::Object(members) if maps.contains(&name) => members.iter().fold(element, |map, (key, value)| {
            map.child(Element::new("entry").text("key", key).child(written_as("value", value, maps)))
        }),
        Value::Object(members) => {
            let set = members.iter().filter(|(_, value)| !value.is_null());
            set.fold(element, |all, (name, value)| all.child(written_as(name, value, maps)))
        }
    }
}

const CONTENT_TYPE: &str = "text/xml;charset=UTF-8";

pub(super) fn answer(service: &Service, call: Option<&Call<'_>>, id: &str, result: Element) -> Reply {
    let name = call.map_or("", |call| call.operation.name);
    let xmlns = namespace(service);
    let root = if service.protocol == Protocol::Ec2 {
        result.named(format!("{name}Response")).attribute("xmlns", xmlns).text("requestId", id)
    } else {
        let metadata = Element::new("ResponseMetadata").text("RequestId", id);
        let result = result.named(format!("{name}Result"));
        Element::new(format!("{name}Response")).attribute("xmlns", xmlns).child(result).child(metadata)
    };
    written(200, &root)
}

pub(super) fn refuse(service: &Service, call: Option<&Call<'_>>, id: &str, refusal: &Refusal) -> Reply {
    let (status, code) = refusal.spelling(service.protocol);
    let message = refusal.message(service.protocol, call);
    let root = if service.protocol == Protocol::Ec2 {
        let error = Element::new("Error").text("Code", code).text("Message", message);
        Element::new("Response").child(Element::new("Errors").child(error)).text("RequestID", id)
    } else {
        let fault = if status < 500 { "Sender" } else { "Receiver" };
        let error = Element::new("Error").text("Type", fault).text("Code", code).text("Message", message);
        Element::new("ErrorResponse").attribute("xmlns", namespace(service)).child(error).text("RequestId", id)
    };
    written(status, &root)
}

fn namespace(service: &Service) -> String {
    // As the service models have it (`xmlNamespace`).
    let scheme = if service.protocol == Protocol::Ec2 || service.name == "sns" { "http" } else { "https" };
    format!("{scheme}://{}.amazonaws.com/doc/{}/", service.name, service.label)
}

fn written(status: u16, root: &Element) -> Reply {
    Reply::new(status, CONTENT_TYPE, root.document().unwrap_or_default())
}
