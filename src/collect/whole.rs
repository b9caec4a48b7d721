//! Answers in XML, whole or not at all: the SDK takes what it can out of a document that breaks off and calls it an answer,
//! and rules, routes and entries that never came would count as not there.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Refuses an answer in XML that does not end as it begins. It belongs on every client of EC2, IAM, STS and S3.
#[derive(Debug)]
pub(super) struct Whole;

/// Why an answer is refused.
#[derive(Debug, thiserror::Error)]
#[error("the document breaks off")]
struct BrokenOff;

impl Intercept for Whole {
    fn name(&self) -> &'static str {
        "Whole"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match context.response().body().bytes() {
            Some(body) if !whole(body) => Err(BrokenOff.into()),
            _ => Ok(()),
        }
    }
}

/// Whether every element of a document is closed. What is no XML is somebody else's to judge.
fn whole(body: &[u8]) -> bool {
    if body.trim_ascii_start().first() != Some(&b'<') {
        return true;
    }
    let mut reader = Reader::from_reader(body);
    let (mut depth, mut elements) = (0_usize, 0_usize);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => (depth, elements) = (depth + 1, elements + 1),
            Ok(Event::Empty(_)) => elements += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return depth == 0 && elements > 0,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_document_is_whole_at_its_end_alone() {
        let text = r#"<?xml version="1.0"?><a x="1"><b>one &amp; two</b><c/></a>"#;
        let first = text.find("<a").unwrap();
        for end in first..text.len() {
            assert!(!whole(&text.as_bytes()[..end]), "{}", &text[..end]);
        }
        assert!(whole(text.as_bytes()));
        assert!(whole(b"") && whole(br#"{"Version": "2012-10-17"}"#) && whole(b"<Empty/>\n"));
    }
}
