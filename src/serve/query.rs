//! awsQuery and ec2Query: two envelopes around the same kind of XML.

use super::call::{Call, Protocol, Service};
use super::engine::Reply;
use super::refusal::Refusal;
use super::xml::Element;

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
    let scheme = if service.protocol == Protocol::Ec2 { "http" } else { "https" };
    format!("{scheme}://{}.amazonaws.com/doc/{}/", service.name, service.label)
}

fn written(status: u16, root: &Element) -> Reply {
    Reply::new(status, CONTENT_TYPE, root.document().unwrap_or_default())
}
