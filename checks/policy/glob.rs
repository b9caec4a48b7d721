//! The wildcards of IAM: `*` is any run of characters, `?` is exactly one, and nothing else is special.
//!
//! Patterns are byte strings in which `*` and `?` are wildcards. A star or question mark that is to be taken literally
//! (it came out of a policy variable, see [`crate::pattern`]) is written as one of two bytes that UTF-8 never uses.
//!
//! Matching walks both texts once and returns only to the latest star, so its cost is at most the length of the text
//! times the length of the longest run between two stars. There is no exponential case.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

/// Stands for a literal `*` inside a pattern.
pub(crate) const LITERAL_STAR: u8 = 0xFF;
/// Stands for a literal `?` inside a pattern.
pub(crate) const LITERAL_QUESTION: u8 = 0xFE;

/// Does the pattern match the whole text, letter case included?
pub(crate) fn matches(pattern: &[u8], text: &[u8]) -> bool {
    walk(pattern, text, |one, two| one == two).0
}

/// Does the pattern match the whole text, whatever the case of its ASCII letters?
pub(crate) fn matches_any_case(pattern: &[u8], text: &[u8]) -> bool {
    walk(pattern, text, |one, two| one.eq_ignore_ascii_case(&two)).0
}

/// The answer and the number of steps it took; the tests bound the latter.
fn walk(pattern: &[u8], text: &[u8], same: impl Fn(u8, u8) -> bool) -> (bool, usize) {
    let (mut p, mut t, mut steps) = (0, 0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        steps += 1;
        match (pattern.get(p), text.get(t)) {
            (None, None) => return (true, steps),
            (Some(b'*'), _) => {
                p += 1;
                if p == pattern.len() {
                    return (true, steps);
                }
                star = Some((p, t));
                continue;
            }
            // A star in the text means that the question itself is a pattern; one character does not cover it.
            (Some(b'?'), Some(&byte)) if byte != b'*' => {
                (p, t) = (p + 1, next_char(text, t));
                continue;
            }
            (Some(&expected), Some(&byte)) if expected != b'?' && literal(expected, byte, &same) => {
                (p, t) = (p + 1, t + 1);
                continue;
            }
            _ => {}
        }
        match star {
            Some((after, from)) if from < text.len() => {
                let from = next_char(text, from);
                star = Some((after, from));
                (p, t) = (after, from);
            }
            _ => return (false, steps),
        }
    }
}

fn literal(expected: u8, byte: u8, same: impl Fn(u8, u8) -> bool) -> bool {
    match expected {
        LITERAL_STAR => byte == b'*',
        LITERAL_QUESTION => byte == b'?',
        _ => same(expected, byte),
    }
}

fn next_char(text: &[u8], at: usize) -> usize {
    let mut next = at + 1;
    while text.get(next).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000) {
        next += 1;
    }
    next
}

/// Tables for [`meet`] stay below this many cells; no pair of patterns that AWS accepts comes near it.
const MEET_CELLS: usize = 1 << 18;

/// Is there a text that both patterns match? When the patterns are too long to tell, the answer is yes.
pub(crate) fn overlap(one: &[u8], two: &[u8]) -> bool {
    too_long(one, two) || meet(one, two).is_some()
}

fn too_long(one: &[u8], two: &[u8]) -> bool {
    (one.len() + 1).saturating_mul(two.len() + 1) > MEET_CELLS
}

/// A shortest text that both patterns match.
///
/// `cost[i][j]` is the length of the shortest text that the rest of `one` from `i` and the rest of `two` from `j` share.
pub(crate) fn meet(one: &[u8], two: &[u8]) -> Option<Vec<u8>> {
    const NONE: u32 = u32::MAX;
    if too_long(one, two) {
        return None;
    }
    let width = two.len() + 1;
    let mut cost = vec![NONE; (one.len() + 1) * width];
    for i in (0..=one.len()).rev() {
        for j in (0..=two.len()).rev() {
            let at = |i: usize, j: usize| cost[i * width + j];
            cost[i * width + j] = match (one.get(i), two.get(j)) {
                (None, None) => 0,
                (Some(b'*'), Some(b'*')) => at(i + 1, j).min(at(i, j + 1)),
                (Some(b'*'), None) => at(i + 1, j),
                (None, Some(b'*')) => at(i, j + 1),
                (Some(b'*'), Some(_)) => at(i + 1, j).min(at(i, j + 1).saturating_add(1)),
                (Some(_), Some(b'*')) => at(i, j + 1).min(at(i + 1, j).saturating_add(1)),
                (Some(&a), Some(&b)) if a == b'?' || b == b'?' || a == b => at(i + 1, j + 1).saturating_add(1),
                _ => NONE,
            };
        }
    }
    if cost[0] == NONE {
        return None;
    }
    let (mut i, mut j, mut text) = (0, 0, Vec::new());
    while i < one.len() || j < two.len() {
        let here = cost[i * width + j];
        let at = |i: usize, j: usize| cost[i * width + j];
        match (one.get(i), two.get(j)) {
            (Some(b'*'), _) if at(i + 1, j) == here => i += 1,
            (_, Some(b'*')) if at(i, j + 1) == here => j += 1,
            (Some(b'*'), Some(&byte)) => {
                text.push(spell(byte));
                j += 1;
            }
            (Some(&byte), Some(b'*')) => {
                text.push(spell(byte));
                i += 1;
            }
            (Some(&a), Some(&b)) => {
                text.push(spell(if a == b'?' { b } else { a }));
                (i, j) = (i + 1, j + 1);
            }
            _ => return None,
        }
    }
    Some(text)
}

/// Where several patterns stand at once, and how the text came there: the position before and the byte since; nothing at the
/// start.
type Walk = HashMap<Vec<usize>, Option<(Vec<usize>, Option<u8>)>>;

/// A text that all the patterns match, and a short one; `None` where there is none. `left` is how many positions may still be looked
/// at: where it is used up, `Err`.
pub(crate) fn meet_all(patterns: &[&[u8]], left: &mut usize) -> Result<Option<Vec<u8>>, ()> {
    let mut seen = Walk::new();
    let start = vec![0; patterns.len()];
    let mut next = VecDeque::from([start.clone()]);
    seen.insert(start, None);
    while let Some(here) = next.pop_front() {
        *left = left.checked_sub(1).ok_or(())?;
        let at = || patterns.iter().zip(&here).map(|(pattern, at)| pattern.get(*at).copied());
        if at().all(|byte| byte.is_none()) {
            return Ok(Some(walked(here, &seen)));
        }
        let mut step = |there: Vec<usize>, byte: Option<u8>, first: bool| {
            if let Entry::Vacant(place) = seen.entry(there.clone()) {
                place.insert(Some((here.clone(), byte)));
                if first { next.push_front(there) } else { next.push_back(there) }
            }
        };
        // A star may end without another byte: no text is added, so what follows is as near.
        for (which, _) in at().enumerate().filter(|(_, byte)| *byte == Some(b'*')) {
            let there = here.iter().enumerate().map(|(n, at)| at + usize::from(n == which)).collect();
            step(there, None, true);
        }
        // Only what some pattern spells out can matter; where none does, any byte will do.
        let mut bytes: Vec<u8> = at().flatten().filter(|byte| !matches!(byte, b'*' | b'?')).collect();
        if bytes.is_empty() {
            bytes.push(b'x');
        }
        bytes.sort_unstable();
        bytes.dedup();
        for byte in bytes {
            let moved = at().zip(&here).map(|(pattern, at)| match pattern {
                Some(b'*') => Some(*at),
                Some(b'?') => Some(at + 1),
                Some(spelled) if spelled == byte => Some(at + 1),
                _ => None,
            });
            if let Some(there) = moved.collect::<Option<Vec<usize>>>() {
                step(there, Some(byte), false);
            }
        }
    }
    Ok(None)
}

/// The text that leads to a position.
fn walked(mut at: Vec<usize>, seen: &Walk) -> Vec<u8> {
    let mut text = Vec::new();
    while let Some(Some((before, byte))) = seen.get(&at) {
        text.extend(byte.map(spell));
        at.clone_from(before);
    }
    text.reverse();
    text
}

fn spell(byte: u8) -> u8 {
    match byte {
        b'?' => b'x',
        LITERAL_STAR => b'*',
        LITERAL_QUESTION => b'?',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(pattern: &str, text: &str) -> bool {
        matches(pattern.as_bytes(), text.as_bytes())
    }

    #[test]
    fn several_patterns_meet_in_one_text() {
        let met = |patterns: &[&str]| {
            let bytes: Vec<&[u8]> = patterns.iter().map(|pattern| pattern.as_bytes()).collect();
            let text = meet_all(&bytes, &mut 4096).expect("it is small");
            text.map(|text| String::from_utf8(text).expect("plain text"))
        };
        for patterns in
            [&["prod-*", "*-eu", "*canvas*"][..], &["a*", "*b", "?c*", "*"], &["*", "*", "*"], &["x?z", "*y*", "x*"]]
        {
            let text = met(patterns).unwrap_or_else(|| panic!("{patterns:?}"));
            assert!(patterns.iter().all(|pattern| is(pattern, &text)), "{patterns:?}: {text}");
        }
        assert_eq!(met(&["prod-*", "*-eu", "*canvas*"]).as_deref(), Some("prod-canvas-eu"));
        assert_eq!(met(&["a*", "b*", "*"]), None);
        assert_eq!(meet_all(&[b"*a*b*", b"*c*d*", b"*e*f*"], &mut 8), Err(()));
    }

    #[test]
    fn stars_and_question_marks_mean_what_iam_says() {
        for (pattern, text) in [("", ""), ("*", ""), ("*", "a/b:c"), ("a*c", "abbc"), ("a?c", "aéc"), ("*é?", "xéy")]
        {
            assert!(is(pattern, text), "{pattern} should match {text}");
        }
        for (pattern, text) in [("", "a"), ("?", ""), ("??", "é"), ("*??", "€"), ("a*b", "abc"), ("data*", "dat")] {
            assert!(!is(pattern, text), "{pattern} should not match {text}");
        }
        assert!(matches_any_case(b"GET*", b"getobject"));
        assert!(matches(&[b'a', LITERAL_STAR], b"a*") && !matches(&[b'a', LITERAL_STAR], b"ab"));
    }

    #[test]
    fn a_question_mark_does_not_cover_a_pattern() {
        assert!(is("bucket-*", "bucket-*") && !is("bucket-?", "bucket-*"));
    }

    #[test]
    fn thousands_of_stars_cost_no_more_than_the_product_of_the_lengths() {
        let text = vec![b'a'; 10_000];
        for pattern in
            ["*a".repeat(2_000) + "b", "a*".repeat(2_000) + "b", "*".repeat(4_000) + "b", "*?a?".repeat(999) + "b"]
        {
            let (matched, steps) = walk(pattern.as_bytes(), &text, |a, b| a == b);
            assert!(!matched && steps <= text.len() * 8 + pattern.len() * 2, "{steps} steps");
        }
        let long_run = format!("*{}b", "a".repeat(1_000));
        assert!(walk(long_run.as_bytes(), &text, |a, b| a == b).1 <= text.len() * (long_run.len() + 1));
    }

    #[test]
    fn two_patterns_meet_in_a_shortest_text() {
        let met =
            |one: &str, two: &str| meet(one.as_bytes(), two.as_bytes()).map(|text| String::from_utf8(text).unwrap());
        assert_eq!(met("training-job/*", "*Canvas*").as_deref(), Some("training-job/Canvas"));
        assert_eq!(met("training-job/*", "endpoint/*"), None);
        assert_eq!(met("a?*", "*b").as_deref(), Some("ab"));
        assert_eq!(met("*", "*").as_deref(), Some(""));
        assert!(overlap(b"s3:get*", b"s3:*object") && !overlap(b"s3:get*", b"s3:put*"));
    }
}
