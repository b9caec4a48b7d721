//! Snapshots as nobody should write them: whatever stands in the file, reading or judging it ends, and never in a panic.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{judge, laws};
use crate::catalogue;
use crate::snapshot::Snapshot;

/// Values that fit nowhere, or fit and mean trouble.
fn odd() -> impl Strategy<Value = Value> {
    let nested = |depth: usize| (0..depth).fold(json!("*"), |inner, _| json!([inner]));
    let text = prop_oneof![
        Just(String::new()),
        ".{0,40}",
        Just("é\u{202e}\u{1b}[2J".to_owned()),
        (1usize..20_000).prop_map(|length| "a".repeat(length)),
        Just("arn:aws:iam::111122223333:role/".to_owned()),
        Just("0.0.0.0/0".to_owned()),
        Just("-262143-12-31T23:59:59Z".to_owned()),
        policy(),
    ];
    prop_oneof![
        text.prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!(1e300)),
        Just(json!(u64::MAX)),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!({})),
        Just(json!([])),
        Just(json!({"unseen": "throttled"})),
        Just(json!({"items": [], "unseen": {"reason": "denied", "grant": "x"}})),
        (1usize..120).prop_map(nested),
    ]
}

/// Policies written to be slow to read or to match.
fn policy() -> impl Strategy<Value = String> {
    let statement = (1usize..60, 1usize..200, any::<bool>()).prop_map(|(stars, count, negated)| {
        let pattern = format!("{}b", "a*".repeat(stars));
        let (action, resource) = if negated { ("NotAction", "NotResource") } else { ("Action", "Resource") };
        let statement = json!({"Effect": "Allow", action: [format!("sagemaker:{pattern}"), "*"],
            resource: format!("arn:aws:s3:::{pattern}"), "Principal": {"AWS": "*"},
            "Condition": {"StringLike": {"aws:PrincipalArn": [pattern.clone(), "${aws:username}*${"]},
                "NumericLessThan": {"s3:max-keys": "1e999"}, "ForAllValues:Bool": {"x": []}}});
        json!({"Version": "2012-10-17", "Statement": vec![statement; count]}).to_string()
    });
    prop_oneof![
        statement,
        (1usize..5_000).prop_map(|depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth))),
        Just(r#"{"Statement": {"Effect": "Perhaps", "Action": 7}}"#.to_owned()),
        Just("{\"Statement\": [".to_owned()),
    ]
}

/// Every place below a value, itself left out.
fn places(value: &Value, at: String, into: &mut Vec<String>) {
    let mut go = |key: String, inner: &Value| {
        let path = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        into.push(path.clone());
        places(inner, path, into);
    };
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(i, inner)| go(i.to_string(), inner)),
        Value::Object(fields) => fields.iter().for_each(|(key, inner)| go(key.clone(), inner)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn odd_values_are_refused_with_a_reason_or_judged(
        picks in prop::collection::vec(any::<usize>(), 1..4),
        changes in prop::collection::vec((any::<prop::sample::Index>(), odd()), 1..6),
    ) {
        let mut world = laws::merged(&picks, laws::worlds());
        for (index, odd) in changes {
            let mut all = Vec::new();
            places(&world, String::new(), &mut all);
            // Most mutilations would only break the few fields that every snapshot has.
            all.retain(|path| path.matches('/').count() > 3 || path.starts_with("/account/"));
            if all.is_empty() { break }
            let whole = world.clone();
            if let Some(place) = world.pointer_mut(index.get::<String>(&all)) { *place = odd }
            match Snapshot::read(&serde_json::to_vec(&world).expect("JSON")) {
                Ok(snapshot) => {
                    let checks: Vec<_> = catalogue().collect();
                    let report = judge(&snapshot, &checks, "test");
                    prop_assert!(serde_json::to_vec(&report).is_ok());
                }
                Err(error) => {
                    prop_assert!(error.to_string().len() > 20);
                    world = whole;
                }
            }
        }
    }

    #[test]
    fn hostile_policies_are_judged_in_bounded_work(document in policy(), trust in policy()) {
        let role = |i: usize| json!({"name": format!("r{i}"), "arn": format!("arn:aws:iam::111122223333:role/r{i}"),
            "path": "/", "trust": trust, "attached": ["p"], "boundary": "p",
            "inline": [{"name": "i", "document": document}]});
        let case = json!({"roles": [role(0), role(1)], "users": [], "groups": [],
            "policies": [{"name": "p", "arn": "p", "version": "v1", "document": document}],
            "notebooks": [{"name": "n", "role": "arn:aws:iam::111122223333:role/r0"}]});
        let snapshot = super::cases::snapshot_of(&case.to_string()).expect("a snapshot");
        let checks: Vec<_> = catalogue().collect();
        prop_assert!(!judge(&snapshot, &checks, "test").findings.is_empty());
    }
}

/// Text of any depth is refused or read without exhausting the stack.
#[test]
fn depth_is_no_way_to_a_crash() {
    for depth in [100, 1_000, 100_000] {
        let text = format!("{{\"format\": {}1{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(Snapshot::read(text.as_bytes()).is_err());
    }
}
