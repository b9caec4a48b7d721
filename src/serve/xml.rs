//! A small tree of XML, and how it is written.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// An element with attributes and either children or text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Element {
    name: Cow<'static, str>,
    attributes: Vec<(&'static str, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    pub(super) fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Element { name: name.into(), ..Element::default() }
    }

    /// An element whose name somebody else knows: the list or the envelope around it.
    pub(super) fn unnamed() -> Self {
        Element::default()
    }

    pub(super) fn named(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    pub(super) fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// Text of its own.
    pub(super) fn saying(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    pub(super) fn child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    /// A child with nothing but text.
    pub(super) fn text(self, name: &'static str, text: impl ToString) -> Self {
        self.child(Element::new(name).saying(text.to_string()))
    }

    /// A child with nothing but text, if there is any.
    pub(super) fn maybe(self, name: &'static str, text: Option<impl ToString>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A child that holds a list; every item is called `item`.
    pub(super) fn list(self, name: &'static str, item: &'static str, items: impl IntoIterator<Item = Element>) -> Self {
        let mut list = Element::new(name);
        list.children = items.into_iter().map(|element| element.named(item)).collect();
        self.child(list)
    }

    /// A child that holds a list of texts.
    pub(super) fn texts(
        self,
        name: &'static str,
        item: &'static str,
        texts: impl IntoIterator<Item = impl ToString>,
    ) -> Self {
        self.list(name, item, texts.into_iter().map(|text| Element::unnamed().saying(text.to_string())))
    }

    /// Puts another text wherever an element of such a name has text.
    pub(super) fn replace_texts(&mut self, such: &dyn Fn(&str) -> bool, by: &str) {
        if such(&self.name) && self.children.is_empty() && !self.text.is_empty() {
            by.clone_into(&mut self.text);
        }
        self.children.iter_mut().for_each(|child| child.replace_texts(such, by));
    }

    /// The document that has this element at its root.
    pub(super) fn document(&self) -> std::io::Result<Vec<u8>> {
        let mut writer = Writer::new(Vec::new());
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.write(&mut writer)?;
        Ok(writer.into_inner())
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
        let mut start = BytesStart::new(self.name.as_ref());
        for (name, value) in &self.attributes {
            start.push_attribute((*name, value.as_str()));
        }
        writer.write_event(Event::Start(start))?;
        if !self.text.is_empty() {
            writer.write_event(Event::Text(BytesText::from_escaped(safe(&self.text))))?;
        }
        self.children.iter().try_for_each(|child| child.write(writer))?;
        writer.write_event(Event::End(BytesEnd::new(self.name.as_ref())))
    }
}

/// Escapes everything that means something in XML, keeps carriage returns, and replaces what XML 1.0 cannot hold.
fn safe(text: &str) -> String {
    let holds = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    let holdable: String = text.chars().map(|c| if holds(c) { c } else { '\u{FFFD}' }).collect();
    escape(holdable.as_str()).replace('\r', "&#13;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        let hostile = Element::new("Tag").text("Key", "<a b=\"c\">&'\r\u{1b}[31m\u{0}");
        let document = String::from_utf8(hostile.document().unwrap()).unwrap();
        let inside = document.split("<Key>").nth(1).and_then(|rest| rest.split("</Key>").next()).unwrap();
        assert!(!inside.contains(['<', '>', '"', '\r', '\u{1b}', '\u{0}']), "{inside}");
        let back = quick_xml::escape::unescape(inside).unwrap();
        assert_eq!(back, "<a b=\"c\">&'\r\u{fffd}[31m\u{fffd}");
    }

    #[test]
    fn lists_name_their_items() {
        let vpc = Element::new("Vpc").texts("cidrs", "item", ["10.0.0.0/8", "10.1.0.0/16"]).maybe("none", None::<&str>);
        let document = String::from_utf8(vpc.document().unwrap()).unwrap();
        assert!(document.ends_with("<Vpc><cidrs><item>10.0.0.0/8</item><item>10.1.0.0/16</item></cidrs></Vpc>"));
    }
}
