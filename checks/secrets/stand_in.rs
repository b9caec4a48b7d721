//! Stands fakes where secrets were. Of a secret only its kind and its place are kept; a fake of that kind in that place is
//! found again as the same secret.

use std::collections::BTreeMap;

use crate::{Secret, example};

/// Named values with a fake in each `<label> NAME` and `<label> number N`.
///
/// A value goes by its number where its name is not repeatable, so names are made up for those: too long to be
/// repeated, and such that they are the N-th in alphabetical order.
pub fn stand_in_values(secrets: &[Secret], label: &str) -> BTreeMap<String, String> {
    let (mut named, mut numbered) = (BTreeMap::new(), BTreeMap::new());
    for secret in secrets {
        let Some(name) = secret.place.strip_prefix(label).and_then(|rest| rest.strip_prefix(' ')) else { continue };
        match name.strip_prefix("number ").and_then(|n| n.parse::<usize>().ok()).filter(|n| *n <= MOST) {
            Some(number) => add(&mut numbered, number, secret),
            None => add(&mut named, name.to_owned(), secret),
        }
    }
    let last = numbered.keys().next_back().copied().unwrap_or(0);
    for number in 1..=last {
        match numbered.remove(&number) {
            Some(value) => named.insert(format!("{number:05}{}", "0".repeat(256)), value),
            None => named.insert(format!("{number:05}"), "-".to_owned()),
        };
    }
    named
}

/// The lines of a text with a fake in each `line N of <label>`; `None` without any.
pub fn stand_in_lines(secrets: &[Secret], label: &str) -> Option<Vec<String>> {
    let mut numbered = BTreeMap::new();
    for secret in secrets {
        let place = secret.place.strip_prefix("line ").and_then(|rest| rest.split_once(" of "));
        let number = place.filter(|(_, of)| *of == label).and_then(|(n, _)| n.parse::<usize>().ok());
        if let Some(number) = number.filter(|n| (1..=MOST).contains(n)) {
            add(&mut numbered, number, secret);
        }
    }
    let last = numbered.keys().next_back().copied();
    last.map(|last| (1..=last).map(|number| numbered.remove(&number).unwrap_or_default()).collect())
}

/// No place lies further back; a number beyond it is not from us.
const MOST: usize = 99_999;

fn add<K: Ord>(values: &mut BTreeMap<K, String>, place: K, secret: &Secret) {
    let Some((_, fake)) = example(&secret.kind) else { return };
    let value: &mut String = values.entry(place).or_default();
    if !value.is_empty() {
        value.push(' ');
    }
    value.push_str(&fake);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, kinds, scan_pairs, scan_text};

    fn secret(kind: Kind, place: &str) -> Secret {
        Secret { kind: kind.id.into(), title: kind.title.into(), place: place.into(), confidence: kind.confidence }
    }

    #[test]
    fn every_kind_is_found_again_in_its_place() {
        for kind in kinds() {
            let (variable, _) = example(kind.id).unwrap();
            let place = format!("environment variable {variable}");
            let places = [place.as_str(), "environment variable number 3", "environment variable PLAIN"];
            let mut secrets: Vec<Secret> = places.iter().map(|place| secret(kind, place)).collect();
            let values = stand_in_values(&secrets, "environment variable");
            let pairs = values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let mut found = scan_pairs(pairs, "environment variable");
            secrets.sort();
            secrets.dedup();
            found.sort();
            assert_eq!(found, secrets, "{}", kind.id);

            let secrets = vec![secret(kind, "line 1 of OnStart"), secret(kind, "line 12 of OnStart")];
            let script = stand_in_lines(&secrets, "OnStart").unwrap().join("\n");
            assert_eq!(scan_text(&script, "OnStart"), secrets, "{}", kind.id);
        }
    }

    #[test]
    fn places_elsewhere_are_left_alone() {
        let kind = kinds().next().unwrap();
        let secrets = vec![secret(kind, "hyperparameter token"), secret(kind, "line 2 of OnCreate")];
        assert!(stand_in_values(&secrets, "environment variable").is_empty());
        assert_eq!(stand_in_lines(&secrets, "OnStart"), None);
        assert_eq!(stand_in_lines(&secrets, "OnCreate").unwrap()[0], "");
    }
}
