//! What is written to the log groups of SageMaker: when something was last, and what the newest lines give away.

use jiff::Timestamp;
use sagescan_secrets::{MAX_TEXT, Secret, scan_text, stand_in_lines};
use serde_json::{Value, json};

use super::record::record;
use super::wire::{Form, PresentText};
use super::{Known, List, Listed, LogGroup, Seen, Spec, Table};
use crate::aws::endpoint_status;
use crate::read;

record! {
    /// When something was last written to a log group of an endpoint that serves, or of what runs on one (DescribeLogStreams,
    /// the newest stream alone).
    pub struct LastLogEvent in last_log_events {
        /// The name of the log group.
        group: String = "logGroupName",
        /// Not set where nothing was ever written. AWS tells it up to an hour late (API reference, `LogStream`).
        at: Seen<Timestamp> = "logStreams" as NewestEvent,
    }
    by Spec {
        created: "",
        summary: &["logStreams"],
        needs: &[Table::Endpoints, Table::InferenceComponents, Table::LogGroups],
        ..Spec::of(Table::LastLogEvents, List {
            size: Some(("limit", 1)),
            token: "nextToken",
            with: r#"{"orderBy": "LastEventTime", "descending": true}"#,
            per: Some(groups_that_should_fill),
            // The group went away after it was listed.
            absent: &["ResourceNotFoundException"],
            ..List::of(read!("logs", "DescribeLogStreams"), "")
        })
    }
}

record! {
    /// What the newest lines of a log group give away (FilterLogEvents, one page): the lines themselves stay behind. This reads
    /// data, so it is asked for by whoever says so.
    pub struct LogSample in log_samples {
        /// The name of the log group.
        group: String = "logGroupName",
        /// How many lines were looked at.
        lines: Seen<i64> = "events" as LineCount,
        /// Whether there may be more.
        more: Seen<bool> = "nextToken" as PresentText,
        /// What was found in them.
        secrets: Seen<Vec<Secret>> = "events" as LineSecrets,
    }
    by Spec {
        created: "",
        summary: &["events", "nextToken"],
        needs: &[Table::LogGroups],
        ..Spec::of(Table::LogSamples, List {
            size: Some(("limit", 1000)),
            token: "nextToken",
            // The newest come first, which AWS offers for lines since 2024 (API reference, `startFromHead`).
            with: r#"{"startFromHead": false, "startTime": 1704067200000}"#,
            per: Some(groups_with_lines),
            absent: &["ResourceNotFoundException"],
            ..List::of(read!("logs", "FilterLogEvents"), "")
        })
    }
}

/// The groups of the endpoints that serve, and of inference components, as far as there are such groups.
fn groups_that_should_fill(known: &Known<'_>) -> Listed<Value> {
    let (endpoints, components) = (&known.region.endpoints, &known.region.inference_components);
    let groups = &known.region.log_groups;
    let serves = |status: &Seen<String>| status.shown().is_none_or(|status| endpoint_status::serves(status));
    let of_endpoints = endpoints.iter().filter(|e| serves(&e.status)).map(|e| LogGroup::of_endpoint(&e.name));
    let all = of_endpoints.chain(components.iter().map(|component| LogGroup::of_component(&component.name)));
    let there_is = |name: &String| groups.missing.is_some() || groups.iter().any(|group| group.name == *name);
    let items = all.filter(there_is).map(|name| json!({ "logGroupName": name })).collect();
    Listed { items, missing: endpoints.missing.clone().or_else(|| components.missing.clone()) }
}

fn groups_with_lines(known: &Known<'_>) -> Listed<Value> {
    let groups = &known.region.log_groups;
    let filled = groups.iter().filter(|group| group.stored_bytes != Seen::Is(0));
    Listed {
        items: filled.map(|group| json!({ "logGroupName": group.name })).collect(),
        missing: groups.missing.clone(),
    }
}

/// The time of the newest event, in the one stream that was asked for.
#[derive(Debug)]
struct NewestEvent;

impl Form<Timestamp> for NewestEvent {
    fn read(value: &Value) -> Result<Option<Timestamp>, String> {
        let streams = value.as_array().ok_or_else(|| "is not a list".to_owned())?;
        // A stream that nothing was written to has no time.
        let Some(at) = streams.first().and_then(|stream| stream.get("lastEventTimestamp")) else { return Ok(None) };
        let at = at.as_i64().and_then(|at| Timestamp::from_millisecond(at).ok());
        at.map(Some).ok_or_else(|| "holds something that is not a time".to_owned())
    }
    fn write(value: &Timestamp) -> Value {
        json!([{ "lastEventTimestamp": value.as_millisecond() }])
    }
}

fn events(value: &Value) -> Result<&[Value], String> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| "is not a list".to_owned())
}

/// How many events there are.
#[derive(Debug)]
struct LineCount;

impl Form<i64> for LineCount {
    fn read(value: &Value) -> Result<Option<i64>, String> {
        events(value).map(|events| i64::try_from(events.len()).ok())
    }
    fn write(value: &i64) -> Value {
        (0..*value).map(|_| json!({ "message": "" })).collect()
    }
}

/// What the messages of events carry.
#[derive(Debug)]
struct LineSecrets;

const LINES: &str = "the newest log lines";

impl Form<Vec<Secret>> for LineSecrets {
    fn read(value: &Value) -> Result<Option<Vec<Secret>>, String> {
        let messages: Vec<&str> =
            events(value)?.iter().filter_map(|event| event.get("message")?.as_str()).map(str::trim_end).collect();
        let text = messages.join("\n");
        if text.len() > MAX_TEXT {
            return Err(format!("is longer than the {MAX_TEXT} bytes that are searched"));
        }
        Ok(Some(scan_text(&text, LINES)))
    }
    fn write(value: &Vec<Secret>) -> Value {
        let lines = stand_in_lines(value, LINES).unwrap_or_default();
        lines.into_iter().map(|line| json!({ "message": line })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Fields;

    fn sample(answer: Value) -> LogSample {
        LogSample::from_answers(&json!({ "logGroupName": "/aws/sagemaker/TrainingJobs" }), &Seen::Is(answer))
    }

    #[test]
    fn of_log_lines_only_the_kind_of_what_they_give_away_is_kept() {
        let (_, token) = sagescan_secrets::example("hugging-face-token").unwrap();
        let lines = [json!({ "message": "epoch 1\n" }), json!({ "message": format!("token={token}\n") })];
        let sample = sample(json!({ "events": lines }));
        assert_eq!(sample.lines, Seen::Is(2));
        assert_eq!(sample.secrets.shown().unwrap()[0].place, "line 2 of the newest log lines");
        assert!(!serde_json::to_string(&sample).unwrap().contains(&token));
    }

    #[test]
    fn lines_that_make_no_sense_were_not_seen() {
        let odd = sample(json!({ "events": "none" }));
        assert!(odd.lines.gap().is_some() && odd.secrets.gap().is_some());
        let long = sample(json!({ "events": [{ "message": "x".repeat(MAX_TEXT + 1) }] }));
        assert!(long.secrets.gap().is_some());
    }

    #[test]
    fn the_newest_stream_tells_when_something_was_last_written() {
        let last = |streams: Value| {
            let answer = json!({ "logStreams": streams });
            LastLogEvent::from_answers(&Value::Null, &Seen::Is(answer)).at
        };
        let at = Timestamp::from_millisecond(1_761_955_200_123).unwrap();
        assert_eq!(last(json!([{ "lastEventTimestamp": 1_761_955_200_123_i64 }])), Seen::Is(at));
        assert_eq!(last(json!([])), Seen::Unset);
        assert_eq!(last(json!([{ "logStreamName": "fresh" }])), Seen::Unset);
        assert!(last(json!([{ "lastEventTimestamp": "soon" }])).gap().is_some());
    }
}
