//! What can go wrong on demand.

use std::str::FromStr;

use serde_json::Value;

use super::call::Answer;

/// One way to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Refused for its rate.
    Throttle,
    /// An internal error, as the service words it.
    Error500,
    /// Accepted and never answered, until the client goes away.
    Hang,
    /// The full length announced, half of the body sent, the connection closed.
    Cut,
    /// The caller's credentials have expired.
    Expired,
    /// The first page is empty and has a token for the rest.
    EmptyPage,
    /// The token of the second page leads to the second page again, for ever.
    RepeatToken,
    /// Statuses, modes and states have values that nobody knows.
    UnknownEnum,
    /// An internal error with a page of HTML instead of what the protocol wants.
    Html500,
    /// Success with a body that does not parse.
    Malformed,
}

const NAMES: [(&str, Fault); 10] = [
    ("throttle", Fault::Throttle),
    ("500", Fault::Error500),
    ("hang", Fault::Hang),
    ("cut", Fault::Cut),
    ("expired", Fault::Expired),
    ("empty-page", Fault::EmptyPage),
    ("repeat-token", Fault::RepeatToken),
    ("unknown-enum", Fault::UnknownEnum),
    ("html-500", Fault::Html500),
    ("malformed", Fault::Malformed),
];

/// Not the name of a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no fault; there are {list}", list = NAMES.map(|(name, _)| name).join(", "))]
pub struct UnknownFault(String);

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let known = NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, fault)| *fault).ok_or_else(|| UnknownFault(name.to_owned()))
    }
}

/// The value that no client can know.
pub(super) const FROM_THE_FUTURE: &str = "FromTheFuture";

/// Whether a member's values come from a closed list, by its name; in JSON and in XML.
fn is_enumeration(name: &str) -> bool {
    const ENDS: [&str; 6] = ["status", "state", "mode", "type", "access", "ownership"];
    const OTHERS: [&str; 8] = [
        "KeyManager",
        "KeySpec",
        "LifecycleManagement",
        "Origin",
        "Permission",
        "SSEAlgorithm",
        "Strategy",
        "ruleAction",
    ];
    let lower = name.to_ascii_lowercase();
    ENDS.iter().any(|end| lower.ends_with(end)) || OTHERS.contains(&name)
}

/// Puts values from the future into an answer.
pub(super) fn modernise(answer: &mut Answer) {
    match answer {
        Answer::Json(value) | Answer::Whole(value) => modernise_json(value),
        Answer::Xml(element) => element.replace_texts(&|name| is_enumeration(name), FROM_THE_FUTURE),
        Answer::Text(_) => {}
    }
}

fn modernise_json(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(modernise_json),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if is_enumeration(name) => FROM_THE_FUTURE.clone_into(text),
                    other => modernise_json(other),
                }
            }
        }
        _ => {}
    }
}
