//! Resource patterns of policies, each turned into one resource that nothing but a wildcard lets in.

use crate::engine::STRANGER;
use crate::prelude::*;

/// How many patterns a finding tries out. All policies that AWS lets a role have hold fewer in any sane account.
const MOST: usize = 1000;

/// Patterns to try, and a doubt when there are more of them than that.
pub(super) fn bounded<T>(patterns: impl Iterator<Item = T>) -> (Vec<T>, Option<Unseen>) {
    let mut some: Vec<T> = patterns.take(MOST + 1).collect();
    let more = some.len() > MOST;
    some.truncate(MOST);
    (some, more.then(|| unclear(format!("its policies list more than {MOST} resources for one action"))))
}

/// Whether a written text stands for more than one name. Policy variables count: who fills them in is not known.
pub(super) fn is_open(text: &str) -> bool {
    text.contains(['*', '?']) || text.contains("${")
}

/// One text that the pattern covers: its wildcards and variables stand for names that no policy knows. The account of the
/// principal is the only variable whose value is known.
pub(super) fn filled(pattern: &str, account: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(pattern.len() + 16), pattern);
    while let Some(at) = rest.find(['*', '?', '$']) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let variable = special.strip_prefix("${").and_then(|inside| inside.split_once('}'));
        rest = match (variable, special.chars().next()) {
            (Some((name, after)), _) => {
                let known = name.trim().eq_ignore_ascii_case("aws:PrincipalAccount");
                out.push_str(if known { account } else { STRANGER });
                after
            }
            (None, Some('*')) => {
                out.push_str(STRANGER);
                special.trim_start_matches('*')
            }
            (None, sign) => {
                out.push(if sign == Some('?') { 'x' } else { '$' });
                special.get(1..).unwrap_or_default()
            }
        };
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_to_try_leaves_a_doubt() {
        assert!(bounded(0..MOST).1.is_none());
        let (some, doubt) = bounded(0..MOST + 1);
        assert_eq!((some.len(), doubt.is_some()), (MOST, true));
    }

    #[test]
    fn wildcards_and_variables_are_filled_in() {
        for (pattern, text) in [
            ("data", "data"),
            ("ml-*", "ml-Qx7zwk"),
            ("**a?b", "Qx7zwkaxb"),
            ("${aws:PrincipalAccount}-${aws:username}", "1-Qx7zwk"),
            ("a$b${", "a$b${"),
            ("é*", "éQx7zwk"),
        ] {
            assert_eq!(filled(pattern, "1"), text);
        }
    }
}
