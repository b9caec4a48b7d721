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
