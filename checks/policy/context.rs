//! What is known about the condition keys of a request.
//!
//! A key is *known* (with one or more values), *absent* (certainly not part of the request) or *unknown* (present or
//! not, with whatever value). Key names, tag keys included, ignore case:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Keys by their names in lower case, each as it was spelled.
type Keys = BTreeMap<Arc<str>, (Arc<str>, State)>;

/// The condition keys of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Shared between the copies of a context, of which a search makes many.
    keys: Arc<Keys>,
    /// Lower-case beginnings: every key that starts so and is not named in `keys` is unknown.
    unknown_beginnings: Vec<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Known(Arc<[String]>),
    Absent,
    Unknown,
}

/// The state of one key, as an evaluation sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// The request carries the key with these values; never empty.
    Known(&'a [String]),
    /// The request does not carry the key.
    Absent,
    /// Nobody knows; the name is the one to report.
    Unknown(Arc<str>),
}

impl Context {
    /// Nothing but what is set afterwards is in the request: the world of the question *can this exact request pass?*
    pub fn closed() -> Context {
        Context { keys: Arc::default(), unknown_beginnings: Vec::new() }
    }

    /// Whatever is not set afterwards is unknown: the world of the question *under which conditions can it pass?*
    pub fn open() -> Context {
        Context { keys: Arc::default(), unknown_beginnings: vec!["".into()] }
    }

    /// The key has this one value.
    #[must_use]
    pub fn with(self, key: &str, value: impl Into<String>) -> Context {
        self.with_all(key, [value])
    }

    /// The key has these values. No values at all is the same as an absent key.
    #[must_use]
    pub fn with_all<V: Into<String>>(mut self, key: &str, values: impl IntoIterator<Item = V>) -> Context {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        self.set(key, if values.is_empty() { State::Absent } else { State::Known(values.into()) });
        self
    }

    /// The key is certainly not part of the request.
    #[must_use]
    pub fn without(mut self, key: &str) -> Context {
        self.set(key, State::Absent);
        self
    }

    /// Nothing is known about the key. A trailing `*`, as in `aws:RequestTag/*`, covers every key that begins so and is
    /// not set on its own.
    #[must_use]
    pub fn with_unknown(mut self, key: &str) -> Context {
        match key.strip_suffix('*') {
            Some(beginning) => self.unknown_beginnings.push(beginning.to_ascii_lowercase().into()),
            None => self.set(key, State::Unknown),
        }
        self
    }

    fn set(&mut self, key: &str, state: State) {
        Arc::make_mut(&mut self.keys).insert(key.to_ascii_lowercase().into(), (key.into(), state));
    }

    /// The state of a key in any spelling.
    pub fn get(&self, key: &Key) -> Value<'_> {
        match self.keys.get(&*key.folded) {
            Some((_, State::Known(values))) => Value::Known(values),
            Some((_, State::Absent)) => Value::Absent,
            Some((spelled, State::Unknown)) => Value::Unknown(spelled.clone()),
            None if self.unknown_beginnings.iter().any(|begin| key.folded.starts_with(&**begin)) => {
                Value::Unknown(key.name.clone())
            }
            None => Value::Absent,
        }
    }
}

/// The name of a condition key, ready for comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// As written in the policy.
    pub name: Arc<str>,
    folded: Box<str>,
}

impl Key {
    /// A key from its name in any spelling.
    pub fn new(name: &str) -> Key {
        Key { name: name.into(), folded: name.to_ascii_lowercase().into() }
    }

    /// The name in lower case: equal for every spelling of the same key.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}
