//! Answers of awsQuery services, made into the JSON that declarations read, by one rule for all: an element whose children
//! are all called `member` is a list; one whose children are all entries of key and value is an object of them; any other
//! with children is an object; one with text is that text; an empty one is null.
//!
//! Source: Smithy 2.0, "AWS query protocol" (shape serialization without flattening).

use aws_smithy_runtime_api::box_error::BoxError;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// How deep elements may lie in each other; AWS's are a handful deep.
const DEPTH: usize = 32;

#[derive(Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn named(name: &str) -> Self {
        Element { name: name.to_owned(), ..Element::default() }
    }

    fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    fn value(&self) -> Value {
        if self.children.is_empty() {
            return if self.text.is_empty() { Value::Null } else { Value::String(self.text.clone()) };
        }
        if self.children.iter().all(|child| child.name == "member") {
            return self.children.iter().map(Element::value).collect();
        }
        let entry = |child: &Element| match (child.name.as_str(), child.child("key"), child.child("value")) {
            ("entry", Some(key), Some(value)) => Some((key.text.clone(), value.value())),
            _ => None,
        };
        if let Some(entries) = self.children.iter().map(entry).collect::<Option<Map<String, Value>>>() {
            return Value::Object(entries);
        }
        self.children.iter().map(|child| (child.name.clone(), child.value())).collect()
    }
}

/// What an operation answers, as an object.
pub(super) fn answer(body: &[u8], operation: &str) -> Result<Value, BoxError> {
    let root = parse(body)?;
    if root.name != format!("{operation}Response") {
        return Err(format!("the answer is no {operation}Response").into());
    }
    match root.child(&format!("{operation}Result")).map_or(Value::Null, Element::value) {
        answer @ Value::Object(_) => Ok(answer),
        Value::Null => Ok(Value::Object(Map::new())),
        _ => Err("the answer is no object".into()),
    }
}

/// Code and message of an error.
pub(super) fn error(body: &[u8]) -> (Option<String>, Option<String>) {
    let root = parse(body).unwrap_or_default();
    let said = |name: &str| Some(root.child("Error")?.child(name)?.text.clone()).filter(|text| !text.is_empty());
    (said("Code"), said("Message"))
}

fn parse(body: &[u8]) -> Result<Element, BoxError> {
    let mut reader = Reader::from_str(std::str::from_utf8(body)?);
    // The root is the only child of the first one.
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event()?;
        let Some(inside) = open.last_mut() else { return Err("an element ends that did not begin".into()) };
        match event {
            Event::Start(start) => {
                if open.len() > DEPTH {
                    return Err(format!("the answer lies more than {DEPTH} elements deep").into());
                }
                open.push(Element::named(start.local_name().as_ref()));
            }
            Event::Empty(start) => inside.children.push(Element::named(start.local_name().as_ref())),
            Event::End(_) => {
                let done = open.pop().unwrap_or_default();
                open.last_mut().ok_or("an element ends that did not begin")?.children.push(done);
            }
            Event::Text(text) => inside.text.push_str(&text.xml10_content()),
            Event::CData(text) => inside.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref()? {
                Some(character) => inside.text.push(character),
                None => inside
                    .text
                    .push_str(resolve_predefined_entity(&reference.xml10_content()).ok_or("an unknown entity")?),
            },
            Event::DocType(_) => return Err("the answer brings definitions of its own".into()),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(mut all), true) if all.children.len() == 1 => Ok(all.children.remove(0)),
        _ => Err("the answer is no XML document".into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(result: &str) -> Value {
        let body = format!(
            "<?xml version=\"1.0\"?><AskResponse xmlns=\"https://example.com/\"><AskResult>{result}</AskResult>\
             <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AskResponse>"
        );
        answer(body.as_bytes(), "Ask").unwrap()
    }

    #[test]
    fn elements_become_what_declarations_read() {
        let attributes = "<Attributes><entry><key>Policy</key><value>{&quot;a&quot;: &#34;&lt;&#x3e;&#34;}</value></entry>\
            <entry><key>Empty</key><value/></entry></Attributes>";
        assert_eq!(read(attributes), json!({ "Attributes": { "Policy": "{\"a\": \"<>\"}", "Empty": null } }));
        let list = "\n <All>\n <member><Name>a</Name></member>\n <member><Name>b</Name></member></All><None/>";
        assert_eq!(read(list), json!({ "All": [{ "Name": "a" }, { "Name": "b" }], "None": null }));
        assert_eq!(read(""), json!({}));
    }

    #[test]
    fn errors_have_a_code_and_a_message() {
        let body = "<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>no topic</Message></Error></ErrorResponse>";
        assert_eq!(error(body.as_bytes()), (Some("NotFound".to_owned()), Some("no topic".to_owned())));
        assert_eq!(error(b"<html>busy"), (None, None));
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let deep = "<a>".repeat(100_000);
        let entity = "<!DOCTYPE a [<!ENTITY b \"c\">]><AskResponse>&b;</AskResponse>";
        for odd in
            ["", "{}", "<AskResponse>", "</a>", "<OtherResponse/>", "<AskResponse/><AskResponse/>", &deep, entity]
        {
            assert!(answer(odd.as_bytes(), "Ask").is_err(), "{odd:.40}");
        }
        assert!(answer(b"<AskResponse>\xff</AskResponse>", "Ask").is_err());
    }
}
