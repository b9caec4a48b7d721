//! Answers in XML as the tree that the same answers would be in JSON.
//!
//! The query protocols of AWS write lists as elements that hold nothing but `member` (awsQuery) or `item` (ec2Query), maps as
//! elements of `entry` with `key` and `value`, and everything else by name. In restXml the elements of a list have names of
//! their own, which is for whoever asks to know. All leaves are text; whoever reads a field knows its type. Source: Smithy,
//! "AWS query protocol", "AWS EC2 query protocol" and "AWS restXml protocol".

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use serde_json::{Map, Value, json};

/// Elements within elements, beyond which a document is no answer of AWS.
const DEPTH: usize = 64;

/// Why a document is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum XmlError {
    /// It ends before its elements do: what would follow counts as unseen.
    #[error("the document breaks off")]
    BrokenOff,
    /// It is not what was asked for, such as the page of a proxy.
    #[error("the document is not the answer to this question")]
    Another,
    /// It cannot be read.
    #[error("the document is not well-formed")]
    Malformed,
}

/// An element under way.
#[derive(Default)]
struct Node {
    name: String,
    text: String,
    children: Vec<(String, Value)>,
}

impl Node {
    fn value(self, list: &str) -> Value {
        let Node { text, children, .. } = self;
        if children.is_empty() {
            return if text.trim().is_empty() { Value::Null } else { Value::String(text) };
        }
        if children.iter().all(|(name, _)| name == "member" || name == "item") {
            return children.into_iter().map(|(_, value)| value).collect();
        }
        let mut members = Map::new();
        if children.iter().all(|(name, _)| name == "entry") {
            for (_, mut entry) in children {
                let key = entry.get("key").and_then(Value::as_str).unwrap_or_default().to_owned();
                members.insert(key, entry.get_mut("value").map(Value::take).unwrap_or_default());
            }
            return Value::Object(members);
        }
        for (name, value) in children {
            if name != list {
                members.insert(name, value);
            } else if let Value::Array(all) = members.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
                all.push(value);
            }
        }
        Value::Object(members)
    }
}

/// The root of a document and what it holds; elements called `list` may come several times.
///
/// # Errors
/// A document that is not whole, or not well-formed.
fn tree(body: &[u8], list: &str) -> Result<(String, Value), XmlError> {
    let mut reader = Reader::from_str(std::str::from_utf8(body).map_err(|_| XmlError::Malformed)?);
    let mut open: Vec<Node> = Vec::new();
    let mut root = None;
    loop {
        let event = reader.read_event().map_err(|_| XmlError::Malformed)?;
        match event {
            Event::Start(element) => {
                if root.is_some() || open.len() == DEPTH {
                    return Err(XmlError::Malformed);
                }
                open.push(Node { name: element.local_name().as_ref().to_owned(), ..Node::default() });
            }
            Event::Empty(element) => {
                let name = element.local_name().as_ref().to_owned();
                match open.last_mut() {
                    Some(parent) => parent.children.push((name, Value::Null)),
                    None if root.is_none() => root = Some((name, Value::Null)),
                    None => return Err(XmlError::Malformed),
                }
            }
            Event::End(_) => {
                let done = open.pop().ok_or(XmlError::Malformed)?;
                let name = done.name.clone();
                match open.last_mut() {
                    Some(parent) => parent.children.push((name, done.value(list))),
                    None => root = Some((name, done.value(list))),
                }
            }
            Event::Text(text) => say(&mut open, &text.xml10_content()),
            Event::CData(text) => say(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => say(&mut open, referred(&reference)?.encode_utf8(&mut [0; 4])),
            Event::Eof if open.is_empty() => return root.ok_or(XmlError::BrokenOff),
            Event::Eof => return Err(XmlError::BrokenOff),
            _ => {}
        }
    }
}

/// The answer to an operation, out of the envelope that a protocol puts around it.
///
/// # Errors
/// As [`tree`], and for any other document.
pub(super) fn answer(body: &[u8], operation: &str) -> Result<Value, XmlError> {
    let (root, mut value) = tree(body, "")?;
    if root.strip_suffix("Response") != Some(operation) {
        return Err(XmlError::Another);
    }
    let result = value.get_mut(format!("{operation}Result")).map(Value::take);
    Ok(match result.unwrap_or(value) {
        Value::Object(members) => Value::Object(members),
        _ => Value::Object(Map::new()),
    })
}

/// A document that is the answer itself; a text alone goes by the name of its root.
///
/// # Errors
/// As [`tree`], and for any other document.
pub(super) fn document(body: &[u8], root: &str, list: &str) -> Result<Value, XmlError> {
    let (name, value) = tree(body, list)?;
    match value {
        _ if name != root => Err(XmlError::Another),
        Value::Object(members) => Ok(Value::Object(members)),
        text => Ok(json!({ root: text })),
    }
}

/// Code and message of a refusal.
pub(super) fn refusal(body: &[u8]) -> (Option<String>, Option<String>) {
    let Ok((root, value)) = tree(body, "") else { return (None, None) };
    // `<ErrorResponse><Error>` of awsQuery, `<Response><Errors><Error>` of ec2Query, `<Error>` of restXml.
    let error = match root.as_str() {
        "Error" => Some(&value),
        _ => value.get("Error").or_else(|| value.get("Errors")?.get("Error")),
    };
    let text = |name: &str| error?.get(name)?.as_str().map(str::to_owned);
    (text("Code"), text("Message"))
}

/// Adds to the text of the innermost element.
fn say(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

fn referred(reference: &BytesRef<'_>) -> Result<char, XmlError> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Ok(character);
    }
    match &**reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => Err(XmlError::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VPCS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><vpcSet>
<item><vpcId>vpc-1</vpcId><tagSet><item><key>team</key><value>a &amp; b &#x41;</value></item><item><key>x</key><value/></item></tagSet></item>
</vpcSet></DescribeVpcsResponse>"#;

    #[test]
    fn lists_maps_and_texts_come_out_as_in_json() {
        let vpcs = answer(VPCS.as_bytes(), "DescribeVpcs").unwrap();
        assert_eq!(
            vpcs["vpcSet"],
            json!([{ "vpcId": "vpc-1", "tagSet": [{ "key": "team", "value": "a & b A" }, { "key": "x", "value": null }] }])
        );
        let topic = r"<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes>
            <entry><key>Owner</key><value>1</value></entry><entry><key>Policy</key><value>{}</value></entry>
            </Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>";
        let topic = answer(topic.as_bytes(), "GetTopicAttributes").unwrap();
        assert_eq!(topic, json!({ "Attributes": { "Owner": "1", "Policy": "{}" } }));
    }

    #[test]
    fn what_breaks_off_or_is_another_document_is_no_answer() {
        let first = VPCS.find("<Desc").unwrap();
        for end in first..VPCS.len() {
            assert!(answer(&VPCS.as_bytes()[..end], "DescribeVpcs").is_err(), "{}", &VPCS[..end]);
        }
        assert_eq!(answer(VPCS.as_bytes(), "DescribeSubnets"), Err(XmlError::Another));
        assert_eq!(answer(b"<html><body>Log in</body></html>", "DescribeVpcs"), Err(XmlError::Another));
        assert_eq!(answer(b"", "DescribeVpcs"), Err(XmlError::BrokenOff));
        let deep = "<a>".repeat(100_000);
        assert_eq!(tree(deep.as_bytes(), ""), Err(XmlError::Malformed));
    }

    #[test]
    fn documents_of_s3_come_out_with_their_lists() {
        let rules = "<LifecycleConfiguration><Rule><ID>a</ID></Rule><Rule><ID>b</ID></Rule></LifecycleConfiguration>";
        let read = |text: &str, root| document(text.as_bytes(), root, "Rule");
        assert_eq!(read(rules, "LifecycleConfiguration"), Ok(json!({ "Rule": [{ "ID": "a" }, { "ID": "b" }] })));
        let one = "<A><Role>r</Role><Rule><ID>a</ID></Rule></A>";
        assert_eq!(read(one, "A"), Ok(json!({ "Role": "r", "Rule": [{ "ID": "a" }] })));
        assert_eq!(read("<L>eu-west-1</L>", "L"), Ok(json!({ "L": "eu-west-1" })));
        assert_eq!(read("<L/>", "L"), Ok(json!({ "L": null })));
        assert_eq!(read("<html>log in</html>", "L"), Err(XmlError::Another));
        assert_eq!(read("<A><Rule><ID>a</ID></Rule>", "A"), Err(XmlError::BrokenOff));
    }

    #[test]
    fn refusals_of_all_protocols_are_understood() {
        let of_ec2 = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";
        assert_eq!(refusal(of_ec2.as_bytes()), (Some("UnauthorizedOperation".into()), Some("no".into())));
        let of_query = "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code></Error></ErrorResponse>";
        assert_eq!(refusal(of_query.as_bytes()), (Some("Throttling".into()), None));
        let of_rest = "<Error><Code>NoSuchBucket</Code><Message>gone</Message><BucketName>x</BucketName></Error>";
        assert_eq!(refusal(of_rest.as_bytes()), (Some("NoSuchBucket".into()), Some("gone".into())));
        assert_eq!(refusal(b"busy"), (None, None));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in r"(<[a-z]{1,3}/?>|</[a-z]{1,3}>|&[a-z#0-9]{0,4};?|[ -~]){0,40}") {
            let _ = tree(text.as_bytes(), "a");
        }
    }
}
