//! Every conformance vector, with everything it expects: decision, keys, witness, assumptions.

use sagescan_policy::{Answer, simulate};
use serde_json::Value;

const VECTORS: &str = include_str!("iam-vectors.json");

/// Vectors that contradict the AWS documentation, with the reason. None so far.
const DISPUTED: [(&str, &str); 0] = [];

#[test]
fn every_vector_is_answered_as_expected() {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let expected = file["vectors"].as_array().unwrap();
    let answers: Vec<Answer> = simulate(VECTORS).unwrap().map(Result::unwrap).collect();
    assert_eq!(answers.len(), expected.len());
    let mut mismatches = Vec::new();
    for (answer, vector) in answers.iter().zip(expected) {
        assert_eq!(answer.id, vector["id"]);
        if DISPUTED.iter().any(|(id, _)| *id == answer.id) {
            continue;
        }
        let wrong = differences(&serde_json::to_value(answer).unwrap(), &vector["expected"]);
        if !wrong.is_empty() {
            mismatches.push(format!("{} ({}): {}", answer.id, vector["title"], wrong.join("; ")));
        }
    }
    println!("{} of {} vectors agree", answers.len() - mismatches.len() - DISPUTED.len(), answers.len());
    assert!(mismatches.is_empty(), "\n{}", mismatches.join("\n"));
}

fn differences(answer: &Value, expected: &Value) -> Vec<String> {
    const FIELDS: [(&str, &str); 4] =
        [("decision", "decision"), ("residual_keys", "keys"), ("witness", "witness"), ("assumptions", "assumptions")];
    let expected = expected.as_object().unwrap();
    assert!(expected.keys().all(|key| FIELDS.iter().any(|(field, _)| field == key)), "an expectation nobody compares");
    let stated = FIELDS.iter().filter_map(|(field, ours)| Some((field, &answer[ours], expected.get(*field)?)));
    stated
        .filter(|(_, ours, theirs)| ours != theirs)
        .map(|(field, ours, theirs)| format!("{field} is {ours}, expected {theirs}"))
        .collect()
}

#[test]
fn a_file_of_another_format_is_refused() {
    for (text, reason) in [
        ("", "not a list of cases"),
        ("[1]", "not a list of cases"),
        (r#"{"vectors":[]}"#, "names no format"),
        (r#"{"meta":{"format":"other/2"},"vectors":[]}"#, "other/2"),
        (r#"{"meta":{"format":"iam-conformance-vectors/1"}}"#, "vectors"),
    ] {
        let error = simulate(text).err().unwrap().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn a_broken_case_does_not_stop_the_others() {
    let good = r#"{"id":"good","extra":1,"request":{"principal":"111122223333","action":"s3:GetObject","resource":"*","context":{"a":1}},
        "policies":{"identity":{"Version":"2012-10-17","Statement":[]},"scps":"unknown"}}"#;
    let text = format!(
        r#"{{"meta":{{"format":"iam-conformance-vectors/1"}},"vectors":[{{"id":"bad","request":7}},{good},5]}}"#
    );
    let answers: Vec<_> = simulate(&text).unwrap().collect();
    assert!(answers[0].as_ref().unwrap_err().to_string().starts_with("case bad (number 1)"));
    assert_eq!(answers[1].as_ref().unwrap().assumptions, ["scp"]);
    assert!(answers[2].is_err());
}
