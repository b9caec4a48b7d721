//! The pattern of an EventBridge rule, tried on an event that there would be.
//!
//! Source: Amazon EventBridge User Guide, "Comparison operators for use in event patterns", November 2026. What is not
//! understood fits nothing for certain and excludes nothing for certain.

use serde_json::{Map, Value};

use super::occurrence::{Field, Fit, Occurrence, fits_wildcard};

/// Deepest nesting that is followed.
const DEEPEST: usize = 16;

/// What is known of a place in an event.
enum Place {
    Is(String),
    Absent,
    Unknown,
}

/// Whether a rule hears of what CloudTrail records so.
pub(super) fn fits(pattern: &str, occurrence: &Occurrence) -> Fit {
    tried(pattern, &|path| match path {
        "source" => occurrence.source().map_or(Place::Unknown, Place::Is),
        "detail-type" => Place::Is(occurrence.kind.to_owned()),
        _ => match path.strip_prefix("detail.").map_or(Field::Unknown, |path| occurrence.field(path)) {
            Field::Is(value) => Place::Is(value.to_owned()),
            Field::Absent => Place::Absent,
            Field::Unknown => Place::Unknown,
        },
    })
}

/// Whether a rule hears of some event with this source and detail type.
pub(super) fn may_hear(pattern: &str, source: &str, kind: &str) -> bool {
    let fit = tried(pattern, &|path| match path {
        "source" => Place::Is(source.to_owned()),
        "detail-type" => Place::Is(kind.to_owned()),
        _ => Place::Unknown,
    });
    fit != Fit::No
}

/// Whether a rule hears of some event with this source and detail type, and this value in its details.
pub(crate) fn may_hear_of(pattern: &str, source: &str, kind: &str, (path, value): (&str, &str)) -> bool {
    let fit = tried(pattern, &|asked| match asked {
        "source" => Place::Is(source.to_owned()),
        "detail-type" => Place::Is(kind.to_owned()),
        _ if asked.strip_prefix("detail.") == Some(path) => Place::Is(value.to_owned()),
        _ => Place::Unknown,
    });
    fit != Fit::No
}

fn tried(pattern: &str, event: &dyn Fn(&str) -> Place) -> Fit {
    match serde_json::from_str(pattern) {
        Ok(Value::Object(members)) => object(&members, "", event, 0),
        _ => Fit::Maybe,
    }
}

fn object(members: &Map<String, Value>, prefix: &str, event: &dyn Fn(&str) -> Place, depth: usize) -> Fit {
    if depth > DEEPEST {
        return Fit::Maybe;
    }
    let member = |(name, wanted): (&String, &Value)| match wanted {
        Value::Array(some) if name == "$or" => some.iter().fold(Fit::No, |fit, one| {
            fit.or(one.as_object().map_or(Fit::Maybe, |members| object(members, prefix, event, depth + 1)))
        }),
        Value::Array(some) => {
            let place = event(&format!("{prefix}{name}"));
            some.iter().fold(Fit::No, |fit, one| fit.or(test(one, &place)))
        }
        Value::Object(inner) => object(inner, &format!("{prefix}{name}."), event, depth + 1),
        _ => Fit::Maybe,
    };
    members.iter().map(member).fold(Fit::Yes, Fit::and)
}

fn test(wanted: &Value, place: &Place) -> Fit {
    if let Some(("exists", there)) = only(wanted) {
        return match (place, there.as_bool()) {
            (Place::Is(_), Some(wanted)) => wanted.into(),
            (Place::Absent, Some(wanted)) => (!wanted).into(),
            _ => Fit::Maybe,
        };
    }
    let value = match place {
        Place::Is(value) => value,
        Place::Absent => return Fit::No,
        Place::Unknown => return Fit::Maybe,
    };
    match (wanted, only(wanted)) {
        (Value::String(text), _) => (text == value).into(),
        (Value::Null | Value::Number(_) | Value::Bool(_), _) => Fit::No,
        (_, Some(("prefix", Value::String(text)))) => value.starts_with(text).into(),
        (_, Some(("suffix", Value::String(text)))) => value.ends_with(text).into(),
        (_, Some(("equals-ignore-case", Value::String(text)))) => value.eq_ignore_ascii_case(text).into(),
        (_, Some(("wildcard", Value::String(text)))) if !text.contains('\\') => fits_wildcard(text, value).into(),
        (_, Some(("anything-but", Value::Array(all)))) => {
            all.iter().fold(Fit::Yes, |fit, one| fit.and(!test(one, &Place::Is(value.clone()))))
        }
        (_, Some(("anything-but", one))) => !test(one, &Place::Is(value.clone())),
        _ => Fit::Maybe,
    }
}

/// The one member of an object that has no other.
fn only(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.iter().next().map(|(name, value)| (name.as_str(), value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fit(pattern: Value) -> Fit {
        fits(&pattern.to_string(), &Occurrence::call("sagemaker.amazonaws.com", "CreateEndpoint"))
    }

    #[test]
    fn all_members_must_fit_and_one_value_of_each() {
        let source = json!(["aws.s3", "aws.sagemaker"]);
        assert_eq!(fit(json!({ "source": source })), Fit::Yes);
        assert_eq!(fit(json!({ "source": source, "detail": { "eventName": ["CreateEndpoint"] } })), Fit::Yes);
        assert_eq!(fit(json!({ "source": source, "detail": { "eventName": ["CreateModel"] } })), Fit::No);
        assert_eq!(fit(json!({ "source": source, "account": ["111122223333"] })), Fit::Maybe);
    }

    #[test]
    fn operators_are_understood() {
        let name = |operator: Value| fit(json!({ "detail": { "eventName": [operator] } }));
        assert_eq!(name(json!({ "prefix": "Create" })), Fit::Yes);
        assert_eq!(name(json!({ "suffix": "Model" })), Fit::No);
        assert_eq!(name(json!({ "wildcard": "*End*" })), Fit::Yes);
        assert_eq!(name(json!({ "anything-but": ["CreateModel", "CreateApp"] })), Fit::Yes);
        assert_eq!(name(json!({ "anything-but": { "prefix": "Create" } })), Fit::No);
        assert_eq!(name(json!({ "equals-ignore-case": "createendpoint" })), Fit::Yes);
        assert_eq!(name(json!({ "cidr": "10.0.0.0/8" })), Fit::Maybe);
        assert_eq!(fit(json!({ "detail": { "errorCode": [{ "exists": false }] } })), Fit::Yes);
        assert_eq!(fit(json!({ "detail": { "errorCode": [{ "exists": true }] } })), Fit::No);
        assert_eq!(fit(json!({ "detail": { "errorCode": ["AccessDenied"] } })), Fit::No);
        let either = json!({ "$or": [{ "source": ["aws.s3"] }, { "source": ["aws.sagemaker"] }] });
        assert_eq!(fit(either), Fit::Yes);
    }

    #[test]
    fn what_cannot_be_read_may_be_anything() {
        let call = Occurrence::call("sagemaker.amazonaws.com", "CreateEndpoint");
        for odd in ["", "{", "[]", "7", "{\"source\": \"aws.sagemaker\"}"] {
            assert_eq!(fits(odd, &call), Fit::Maybe, "{odd}");
        }
        let deep = format!("{}{}", "{\"a\":".repeat(100), "1".to_owned() + &"}".repeat(100));
        assert_eq!(fits(&deep, &call), Fit::Maybe);
    }

    #[test]
    fn a_condition_on_the_details_still_hears_of_some() {
        let failed = json!({ "source": ["aws.sagemaker"], "detail-type": ["SageMaker Training Job State Change"],
            "detail": { "TrainingJobStatus": ["Failed"] } });
        assert!(may_hear(&failed.to_string(), "aws.sagemaker", "SageMaker Training Job State Change"));
        assert!(!may_hear(&failed.to_string(), "aws.sagemaker", "SageMaker Endpoint State Change"));
        let kind = "SageMaker Training Job State Change";
        assert!(may_hear_of(&failed.to_string(), "aws.sagemaker", kind, ("TrainingJobStatus", "Failed")));
        assert!(!may_hear_of(&failed.to_string(), "aws.sagemaker", kind, ("TrainingJobStatus", "Stopped")));
    }
}
