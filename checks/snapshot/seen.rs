//! What was seen, what AWS said is not there, and what nobody saw: three different things, kept apart by type.

use std::fmt;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

/// Why something was not seen. The words are those of the coverage ledger (`docs/coverage.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The caller lacks the permission.
    Denied,
    /// AWS kept answering "slow down" until the scan gave up.
    Throttled,
    /// The service or operation does not exist in this region.
    NotOffered,
    /// The region, or the feature, is not enabled for the account.
    NotEnabled,
    /// A fault: network, timeout, an answer that could not be read.
    Failed,
    /// Never asked: outside the selection, the look-back window or the time limit; or missing from an older snapshot.
    Skipped,
    /// AWS answered with a value that this version does not know.
    Unrecognised,
}

impl Reason {
    /// The word used in reports, the same as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Denied => "denied",
            Reason::Throttled => "throttled",
            Reason::NotOffered => "not offered",
            Reason::NotEnabled => "not enabled",
            Reason::Failed => "failed",
            Reason::Skipped => "skipped",
            Reason::Unrecognised => "not recognised",
        }
    }
}

/// One hole in what was seen: why, which call would have filled it, and the permission that would help.
///
/// In JSON a gap is an object, or just its reason as a string. One denied call leaves the same hole in everything that
/// it would have told of, so gaps are shared: each is a pointer to its [`Hole`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gap(Arc<Hole>);

/// One hole in what was seen: why, which call would have filled it, and the permission that would help.
///
/// In JSON a gap is an object, or just its reason as a string.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Hole {
    /// Why it was not seen.
    pub reason: Reason,
    /// The call, as `service:Operation`; empty when no single call is to blame.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// What AWS or the scan said about it, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The IAM action to grant, when a permission would help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
}

impl Gap {
    /// A gap with a reason and a sentence, caused by no call in particular.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Hole { reason, source: String::new(), detail: detail.into(), grant: None }.into()
    }

    /// What a table or field starts as: nobody asked.
    pub fn not_collected() -> Self {
        static NOT_COLLECTED: LazyLock<Gap> = LazyLock::new(|| Gap::new(Reason::Skipped, "not collected"));
        NOT_COLLECTED.clone()
    }
}

impl From<Hole> for Gap {
    fn from(hole: Hole) -> Self {
        Gap(Arc::new(hole))
    }
}

impl std::ops::Deref for Gap {
    type Target = Hole;

    fn deref(&self) -> &Hole {
        &self.0
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.source.is_empty(), self.detail.is_empty()) {
            (true, true) => write!(f, "{}", self.reason.word()),
            (true, false) => write!(f, "{}", self.detail),
            (false, true) => write!(f, "{} {}", self.source, self.reason.word()),
            (false, false) => write!(f, "{} {}: {}", self.source, self.reason.word(), self.detail),
        }
    }
}

impl Serialize for Gap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Gap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Word(Reason),
            Whole(Hole),
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Word(reason) => Gap::new(reason, ""),
            Form::Whole(hole) => hole.into(),
        })
    }
}

/// The error of reading what was never seen. It leaves a check through `?` and becomes the verdict Unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen(pub Gap);

impl From<&Gap> for Unseen {
    fn from(gap: &Gap) -> Self {
        Unseen(gap.clone())
    }
}

/// A value that a call may or may not have shown.
///
/// In JSON: the value itself, `null` for [`Seen::Unset`], `{"unseen": …}` for [`Seen::Unseen`]. A field that a snapshot
/// leaves out is unseen, never unset.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Seen<T> {
    /// AWS answered, and this is the value.
    Is(T),
    /// AWS answered, and the field is not there.
    Unset,
    /// AWS did not answer.
    Unseen(Gap),
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Seen::Unseen(Gap::not_collected())
    }
}

impl<T> From<Option<T>> for Seen<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Seen::Unset, Seen::Is)
    }
}

impl<T> Seen<T> {
    /// The value, `None` when AWS said it is not set, or the gap as an error.
    pub fn get(&self) -> Result<Option<&T>, Unseen> {
        match self {
            Seen::Is(value) => Ok(Some(value)),
            Seen::Unset => Ok(None),
            Seen::Unseen(gap) => Err(Unseen(gap.clone())),
        }
    }

    /// The value of a field that AWS always returns. `field` names it: an answer without it is a gap, not a default.
    pub fn known(&self, field: &str) -> Result<&T, Unseen> {
        self.get()?.ok_or_else(|| Unseen(Gap::new(Reason::Unrecognised, format!("the answer carries no {field}"))))
    }

    /// The value if it was seen and set; for evidence and display only, never for a verdict.
    pub fn shown(&self) -> Option<&T> {
        match self {
            Seen::Is(value) => Some(value),
            _ => None,
        }
    }

    /// Translates a seen value, keeping unset and unseen as they are.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Seen<U> {
        match self {
            Seen::Is(value) => Seen::Is(f(value)),
            Seen::Unset => Seen::Unset,
            Seen::Unseen(gap) => Seen::Unseen(gap),
        }
    }

    /// Reads one field out of a seen answer; an absent field is unset, an unseen answer leaves the field unseen.
    pub fn field<U>(&self, f: impl FnOnce(&T) -> Option<U>) -> Seen<U> {
        match self {
            Seen::Is(value) => f(value).into(),
            Seen::Unset => Seen::Unset,
            Seen::Unseen(gap) => Seen::Unseen(gap.clone()),
        }
    }

    /// The gap, if there is one.
    pub fn gap(&self) -> Option<&Gap> {
        match self {
            Seen::Unseen(gap) => Some(gap),
            _ => None,
        }
    }
}

impl<T: Serialize> Serialize for Seen<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Seen::Is(value) => value.serialize(serializer),
            Seen::Unset => serializer.serialize_none(),
            Seen::Unseen(gap) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("unseen", gap)?;
                map.end()
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnseenForm {
    unseen: Gap,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Seen<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form<T> {
            Unseen(UnseenForm),
            Is(T),
        }
        Ok(match Option::<Form<T>>::deserialize(deserializer)? {
            None => Seen::Unset,
            Some(Form::Unseen(form)) => Seen::Unseen(form.unseen),
            Some(Form::Is(value)) => Seen::Is(value),
        })
    }
}

/// A table: the things that were listed, and whether that is all of them.
///
/// In JSON: a plain array when complete, `{"items": […], "unseen": …}` when not. A table that a snapshot leaves out is
/// unseen, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The things that were seen.
    pub items: Vec<T>,
    /// Why there may be more.
    pub missing: Option<Gap>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed { items: Vec::new(), missing: Some(Gap::not_collected()) }
    }
}

impl<T> Listed<T> {
    /// A complete table.
    pub fn complete(items: Vec<T>) -> Self {
        Listed { items, missing: None }
    }

    /// Everything there is, or the gap when the table may be incomplete.
    pub fn all(&self) -> Result<&[T], Unseen> {
        match &self.missing {
            None => Ok(&self.items),
            Some(gap) => Err(gap.into()),
        }
    }

    /// The first thing that fits; `None` only when the table is complete, for absence needs proof.
    pub fn find(&self, fits: impl FnMut(&&T) -> bool) -> Result<Option<&T>, Unseen> {
        match (self.items.iter().find(fits), &self.missing) {
            (Some(item), _) => Ok(Some(item)),
            (None, None) => Ok(None),
            (None, Some(gap)) => Err(gap.into()),
        }
    }

    /// Whether anything was listed at all.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// What was seen, whether or not it is everything.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
}

impl<T: Serialize> Serialize for Listed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.missing {
            None => self.items.serialize(serializer),
            Some(gap) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("items", &self.items)?;
                map.serialize_entry("unseen", gap)?;
                map.end()
            }
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Form<T> {
            type Value = Listed<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array, or an object with `items` and `unseen`")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Listed<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Listed::complete(items))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Listed<T>, A::Error> {
                let (mut items, mut missing) = (Vec::new(), None);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "items" => items = map.next_value()?,
                        "unseen" => missing = Some(map.next_value()?),
                        other => return Err(serde::de::Error::unknown_field(other, &["items", "unseen"])),
                    }
                }
                // An object without `unseen` claims nothing about completeness, so it proves nothing.
                Ok(Listed { items, missing: Some(missing.unwrap_or_else(Gap::not_collected)) })
            }
        }
        deserializer.deserialize_any(Form(std::marker::PhantomData))
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::{Gap, Hole, Listed, Seen};
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use std::borrow::Cow;

    impl JsonSchema for Gap {
        fn schema_name() -> Cow<'static, str> {
            "Gap".into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            Hole::json_schema(generator)
        }
    }

    impl<T: JsonSchema> JsonSchema for Seen<T> {
        fn inline_schema() -> bool {
            true
        }
        fn schema_name() -> Cow<'static, str> {
            format!("Seen_{}", T::schema_name()).into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let (value, gap) = (generator.subschema_for::<T>(), generator.subschema_for::<Gap>());
            json_schema!({"anyOf": [value, {"type": "null"}, {"type": "object", "properties": {"unseen": gap}, "required": ["unseen"], "additionalProperties": false}]})
        }
    }

    impl<T: JsonSchema> JsonSchema for Listed<T> {
        fn inline_schema() -> bool {
            true
        }
        fn schema_name() -> Cow<'static, str> {
            format!("Listed_{}", T::schema_name()).into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let (item, gap) = (generator.subschema_for::<T>(), generator.subschema_for::<Gap>());
            json_schema!({"anyOf": [
                {"type": "array", "items": item},
                {"type": "object", "properties": {"items": {"type": "array", "items": item}, "unseen": gap}, "additionalProperties": false}
            ]})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_field_is_unseen_and_null_is_unset() {
        #[derive(Deserialize)]
        struct Thing {
            #[serde(default)]
            a: Seen<bool>,
            #[serde(default)]
            b: Seen<bool>,
            #[serde(default)]
            c: Seen<bool>,
        }
        let thing: Thing = serde_json::from_str(r#"{"b": null, "c": {"unseen": "denied"}}"#).unwrap();
        assert!(thing.a.get().is_err());
        assert_eq!(thing.b.get(), Ok(None));
        assert_eq!(thing.c.gap().unwrap().reason, Reason::Denied);
    }

    #[test]
    fn a_table_without_proof_of_completeness_proves_no_absence() {
        let partial: Listed<u8> = serde_json::from_str(r#"{"items": [1, 2]}"#).unwrap();
        assert_eq!(partial.find(|x| **x == 2), Ok(Some(&2)));
        assert!(partial.find(|x| **x == 3).is_err());
        assert!(Listed::<u8>::default().all().is_err());
        let complete: Listed<u8> = serde_json::from_str("[1]").unwrap();
        assert_eq!(complete.find(|x| **x == 3), Ok(None));
    }
}
