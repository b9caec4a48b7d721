//! How JSON answers of AWS become fields of the model, and fields become answers again.
//!
//! Each field is declared once, with the place in the answer that it comes from: the collector reads it there, the
//! loopback AWS writes it there, and a test holds the place to AWS's service model. Hostile answers cannot do more than
//! leave a field unseen: a value of the wrong kind is a gap.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Map, Number, Value};

use super::reference::{Names, What};
use super::{Gap, Reason, Seen};

/// A value that JSON answers carry.
pub trait Wire: Sized {
    /// Reads it. `Ok(None)` is how AWS says "not set" with a value (an empty text).
    ///
    /// # Errors
    /// What is wrong with the value, as the end of the sentence that begins with its place.
    fn read(value: &Value) -> Result<Option<Self>, String>;
    /// Writes it.
    fn write(&self) -> Value;
    /// What it names, if names of that kind lie in it.
    fn names<'w>(&'w self, _what: What, _field: &'static str, _out: &mut Names<'w>) {}
}

/// A way to carry a `T` that is not the plain one: a switch with two words, secrets that stay behind.
pub trait Form<T> {
    /// As [`Wire::read`].
    ///
    /// # Errors
    /// As [`Wire::read`].
    fn read(value: &Value) -> Result<Option<T>, String>;
    /// As [`Wire::write`]. Null leaves the place empty.
    fn write(value: &T) -> Value;
    /// What an answer means that has nothing in this place; `None` is unset.
    fn absent() -> Option<T> {
        None
    }
}

/// A value as it stands.
#[derive(Debug)]
pub struct Plain;

impl<T: Wire> Form<T> for Plain {
    fn read(value: &Value) -> Result<Option<T>, String> {
        T::read(value)
    }
    fn write(value: &T) -> Value {
        value.write()
    }
}

/// A list that means "none" when it is left out.
#[derive(Debug)]
pub struct Every;

impl<T: Wire> Form<Vec<T>> for Every {
    fn read(value: &Value) -> Result<Option<Vec<T>>, String> {
        Wire::read(value)
    }
    fn write(value: &Vec<T>) -> Value {
        value.write()
    }
    fn absent() -> Option<Vec<T>> {
        Some(Vec::new())
    }
}

/// Whether something is there at all, whatever it is.
#[derive(Debug)]
pub struct Present;

impl Form<bool> for Present {
    fn read(_: &Value) -> Result<Option<bool>, String> {
        Ok(Some(true))
    }
    fn write(value: &bool) -> Value {
        if *value { Value::Object(Map::new()) } else { Value::Null }
    }
    fn absent() -> Option<bool> {
        Some(false)
    }
}

/// The same for what is a text on the wire: that it is there is kept, the text is not.
#[derive(Debug)]
pub struct PresentText;

impl Form<bool> for PresentText {
    fn read(value: &Value) -> Result<Option<bool>, String> {
        Ok(Some(value.as_str().is_none_or(|text| !text.is_empty())))
    }
    fn write(value: &bool) -> Value {
        if *value { Value::String("sagescan".to_owned()) } else { Value::Null }
    }
    fn absent() -> Option<bool> {
        Some(false)
    }
}

/// Whether a list holds anything: that is kept, what it holds is not.
#[derive(Debug)]
pub struct Filled;

impl Form<bool> for Filled {
    fn read(value: &Value) -> Result<Option<bool>, String> {
        value.as_array().map(|all| Some(!all.is_empty())).ok_or_else(|| "is not a list".to_owned())
    }
    fn write(value: &bool) -> Value {
        Value::Array(if *value { vec![Value::Object(Map::new())] } else { Vec::new() })
    }
    fn absent() -> Option<bool> {
        Some(false)
    }
}

/// Declares switches: a type for each pair of words that some field of AWS takes.
macro_rules! switches {
    ($($(#[$meta:meta])* $name:ident = $on:literal / $off:literal;)+) => { $(
        $(#[$meta])*
        #[derive(Debug)]
        pub struct $name;

        impl Form<bool> for $name {
            fn read(value: &Value) -> Result<Option<bool>, String> {
                match value.as_str() {
                    Some($on) => Ok(Some(true)),
                    Some($off) => Ok(Some(false)),
                    Some(word) => Err(format!("is `{}`", word.chars().take(40).collect::<String>())),
                    None => Err("is not a text".to_owned()),
                }
            }
            fn write(value: &bool) -> Value {
                Value::String(if *value { $on } else { $off }.to_owned())
            }
        }
    )+ };
}

switches! {
    /// `All` is true
    AllNone = "All" / "None";
    /// `Active` is true
    ActiveInactive = "Active" / "Inactive";
    /// `Automatic` is true
    AutomaticNone = "Automatic" / "None";
    /// `AutoModelRegistrationEnabled` is true
    AutoModelRegistration = "AutoModelRegistrationEnabled" / "AutoModelRegistrationDisabled";
    /// `Enabled` is true
    EnabledDisabled = "Enabled" / "Disabled";
    /// `ENABLED` is true
    UpperEnabled = "ENABLED" / "DISABLED";
    /// `True` is true
    TrueFalse = "True" / "False";
}

/// Time as text in ISO 8601, where a protocol sends that instead of seconds.
#[derive(Debug)]
pub struct Iso;

impl Form<Timestamp> for Iso {
    fn read(value: &Value) -> Result<Option<Timestamp>, String> {
        <Timestamp as Wire>::read(value)
    }
    fn write(value: &Timestamp) -> Value {
        Value::String(value.to_string())
    }
}

impl Wire for String {
    fn read(value: &Value) -> Result<Option<Self>, String> {
        match value {
            Value::String(text) if text.is_empty() => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            _ => Err("is not a text".to_owned()),
        }
    }
    fn write(&self) -> Value {
        Value::String(self.clone())
    }
    fn names<'w>(&'w self, what: What, field: &'static str, out: &mut Names<'w>) {
        out.add(what, field, self);
    }
}

/// A whole number; in XML all is text.
fn whole_number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

impl Wire for bool {
    fn read(value: &Value) -> Result<Option<Self>, String> {
        let worded = || value.as_str().and_then(|word| word.to_ascii_lowercase().parse().ok());
        value.as_bool().or_else(worded).map(Some).ok_or_else(|| "is neither true nor false".to_owned())
    }
    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Wire for i64 {
    fn read(value: &Value) -> Result<Option<Self>, String> {
        whole_number(value).map(Some).ok_or_else(|| "is not a whole number".to_owned())
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Wire for i32 {
    fn read(value: &Value) -> Result<Option<Self>, String> {
        let number = whole_number(value).and_then(|number| i32::try_from(number).ok());
        number.map(Some).ok_or_else(|| "is not a whole number".to_owned())
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Wire for f64 {
    fn read(value: &Value) -> Result<Option<Self>, String> {
        value.as_f64().map(Some).ok_or_else(|| "is not a number".to_owned())
    }
    fn write(&self) -> Value {
        Number::from_f64(*self).map_or(Value::Null, Value::Number)
    }
}

/// Seconds since 1970 (JSON protocols) or ISO 8601, to the millisecond that AWS tells.
impl Wire for Timestamp {
    fn read(value: &Value) -> Result<Option<Self>, String> {
        let time = match value {
            Value::Number(seconds) => seconds.as_f64().and_then(|seconds| {
                // Far beyond any date; the cast saturates and the constructor refuses.
                #[allow(clippy::cast_possible_truncation)]
                Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()
            }),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        time.map(Some).ok_or_else(|| "is not a time".to_owned())
    }
    fn write(&self) -> Value {
        // Exact for 285 thousand years around 1970.
        #[allow(clippy::cast_precision_loss)]
        let milliseconds = self.as_millisecond() as f64;
        (milliseconds / 1000.0).write()
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn read(value: &Value) -> Result<Option<Self>, String> {
        let all = value.as_array().ok_or_else(|| "is not a list".to_owned())?;
        let all: Result<Vec<Option<T>>, String> = all.iter().map(T::read).collect();
        Ok(Some(all?.into_iter().flatten().collect()))
    }
    fn write(&self) -> Value {
        self.iter().map(T::write).collect()
    }
    fn names<'w>(&'w self, what: What, field: &'static str, out: &mut Names<'w>) {
        self.iter().for_each(|one| one.names(what, field, out));
    }
}

/// What an answer has in a place.
#[derive(Debug)]
pub enum Found<'a> {
    /// A value.
    Value(Cow<'a, Value>),
    /// Nothing: AWS left it out.
    Nothing,
    /// Nobody knows: there was no answer.
    Hidden(&'a Gap),
}

/// A field of the model, by its type: what it makes of a place in an answer.
pub trait Slot<F>: Sized {
    /// Fills the field.
    ///
    /// # Errors
    /// For fields that cannot say "unseen" themselves: what is wrong with the value.
    fn fill(path: &str, found: Found<'_>) -> Result<Self, String>;
    /// The value for the answer; null where there is none; a gap where it was not seen.
    ///
    /// # Errors
    /// The gap of a field that was not seen.
    fn spill(&self) -> Result<Value, Gap>;
}

/// A field that may name other things.
pub trait Naming {
    /// What it names; where that was not seen, the gap.
    fn names<'w>(&'w self, what: What, field: &'static str, out: &mut Names<'w>);
}

impl<T: Wire> Naming for Seen<T> {
    fn names<'w>(&'w self, what: What, field: &'static str, out: &mut Names<'w>) {
        match self {
            Seen::Is(value) => value.names(what, field, out),
            Seen::Unset => {}
            Seen::Unseen(gap) => out.hide(what, field, gap),
        }
    }
}

impl<T: Wire> Naming for Option<T> {
    fn names<'w>(&'w self, what: What, field: &'static str, out: &mut Names<'w>) {
        self.iter().for_each(|value| value.names(what, field, out));
    }
}

impl Naming for String {
    fn names<'w>(&'w self, what: What, field: &'static str, out: &mut Names<'w>) {
        Wire::names(self, what, field, out);
    }
}

impl<T: Wire> Naming for Vec<T> {
    fn names<'w>(&'w self, what: What, field: &'static str, out: &mut Names<'w>) {
        Wire::names(self, what, field, out);
    }
}

impl<T, F: Form<T>> Slot<F> for Seen<T> {
    fn fill(path: &str, found: Found<'_>) -> Result<Self, String> {
        Ok(match found {
            Found::Nothing => F::absent().into(),
            Found::Hidden(gap) => Seen::Unseen(gap.clone()),
            Found::Value(value) => match F::read(&value) {
                Ok(value) => value.into(),
                Err(why) => Seen::Unseen(Gap::new(Reason::Unrecognised, format!("{path} {why}"))),
            },
        })
    }
    fn spill(&self) -> Result<Value, Gap> {
        match self {
            Seen::Is(value) => Ok(F::write(value)),
            Seen::Unset => Ok(Value::Null),
            Seen::Unseen(gap) => Err(gap.clone()),
        }
    }
}

impl<T, F: Form<T>> Slot<F> for Option<T> {
    fn fill(path: &str, found: Found<'_>) -> Result<Self, String> {
        match found {
            Found::Value(value) => F::read(&value).map_err(|why| format!("{path} {why}")),
            Found::Nothing => Ok(F::absent()),
            Found::Hidden(_) => Ok(None),
        }
    }
    fn spill(&self) -> Result<Value, Gap> {
        Ok(self.as_ref().map_or(Value::Null, F::write))
    }
}

/// Fields that stand for themselves: what AWS leaves out is the empty value.
macro_rules! bare {
    ($($type:ty),+) => { $(
        impl<F: Form<$type>> Slot<F> for $type {
            bare!(@body $type);
        }
    )+ };
    (@body $type:ty) => {
        fn fill(path: &str, found: Found<'_>) -> Result<Self, String> {
            match found {
                Found::Value(value) => Ok(F::read(&value).map_err(|why| format!("{path} {why}"))?.unwrap_or_default()),
                Found::Nothing => Ok(F::absent().unwrap_or_default()),
                Found::Hidden(_) => Ok(Self::default()),
            }
        }
        fn spill(&self) -> Result<Value, Gap> {
            Ok(F::write(self))
        }
    };
}

bare!(String, bool, i32, i64);

impl<T, F: Form<Vec<T>>> Slot<F> for Vec<T> {
    bare!(@body Vec<T>);
}

/// The value at a path: members divided by dots, `[]` for "of each". Null counts as nothing; the empty path is the whole.
/// A slash at the end takes the last part of an ARN: `TrainingSessionArn/`.
pub fn look<'a>(value: &'a Value, path: &str) -> Option<Cow<'a, Value>> {
    if path.is_empty() {
        return Some(Cow::Borrowed(value));
    }
    if let Some(path) = path.strip_suffix('/') {
        let name = look(value, path)?.as_str()?.rsplit('/').next()?.to_owned();
        return Some(Cow::Owned(Value::String(name)));
    }
    let (member, rest) = path.split_once('.').unwrap_or((path, ""));
    let (member, each) = match member.strip_suffix("[]") {
        Some(member) => (member, true),
        None => (member, false),
    };
    let value = value.get(member).filter(|value| !value.is_null())?;
    if !each {
        return look(value, rest);
    }
    let mut all = Vec::new();
    for one in value.as_array()? {
        match look(one, rest).map(Cow::into_owned) {
            Some(Value::Array(inner)) if rest.contains("[]") => all.extend(inner),
            Some(one) => all.push(one),
            None => {}
        }
    }
    Some(Cow::Owned(Value::Array(all)))
}

/// Puts a value where [`look`] would find it, beside what is there already. The last part of an ARN is not put anywhere:
/// whoever keeps it keeps the ARN too.
pub fn put(target: &mut Value, path: &str, value: Value) {
    if path.ends_with('/') {
        return;
    }
    if path.is_empty() {
        return merge(target, value);
    }
    let (member, rest) = path.split_once('.').unwrap_or((path, ""));
    let (member, each) = match member.strip_suffix("[]") {
        Some(member) => (member, true),
        None => (member, false),
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else { return };
    let place = members.entry(member).or_insert(Value::Null);
    if !each {
        return put(place, rest, value);
    }
    if !place.is_array() {
        *place = Value::Array(Vec::new());
    }
    let (Value::Array(places), Value::Array(values)) = (place, value) else { return };
    places.resize(places.len().max(values.len()), Value::Null);
    for (place, value) in places.iter_mut().zip(values) {
        put(place, rest, value);
    }
}

/// Lays one value over another: objects member by member, everything else replaces. Null is nothing to lay over.
fn merge(target: &mut Value, value: Value) {
    if target.is_null() && value.is_object() {
        *target = Value::Object(Map::new());
    }
    match (target, value) {
        (Value::Object(members), Value::Object(new)) => {
            for (name, value) in new.into_iter().filter(|(_, value)| !value.is_null()) {
                merge(members.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(places), Value::Array(new)) => {
            places.resize(places.len().max(new.len()), Value::Null);
            places.iter_mut().zip(new).for_each(|(place, value)| merge(place, value));
        }
        (_, Value::Null) => {}
        (target, value) => *target = value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_slash_takes_the_last_part_of_an_arn_and_is_not_written() {
        let mut answer = json!({ "Arn": "arn:aws:sagemaker:us-east-1:111122223333:training-session/one" });
        assert_eq!(look(&answer, "Arn/").as_deref(), Some(&json!("one")));
        assert_eq!(look(&answer, "Other/"), None);
        assert_eq!(look(&json!({ "Arn": 7 }), "Arn/"), None);
        let before = answer.clone();
        put(&mut answer, "Arn/", json!("two"));
        assert_eq!(answer, before);
    }

    #[test]
    fn nothing_is_not_written_over_something() {
        let mut answer = json!({ "A": { "B": 1 } });
        put(&mut answer, "", json!({ "A": { "B": null, "C": null }, "D": { "E": null } }));
        assert_eq!(answer, json!({ "A": { "B": 1 }, "D": {} }));
    }
}
