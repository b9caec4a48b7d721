//! The best practices that the product exists to verify, and which check or manual entry answers each.

use std::sync::LazyLock;

use serde::Deserialize;

/// One best practice.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// The id, e.g. `NET-2`.
    pub id: String,
    /// What should be so.
    pub title: String,
}

#[derive(Deserialize)]
struct File {
    practice: Vec<Practice>,
}

static ALL: LazyLock<Vec<Practice>> =
    LazyLock::new(|| toml::from_str::<File>(include_str!("practices.toml")).map(|f| f.practice).unwrap_or_default());

/// Every practice, in reading order.
pub fn all() -> &'static [Practice] {
    &ALL
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn checks_and_manual_entries_answer_practices_that_exist() {
        let known: HashSet<&str> = super::all().iter().map(|p| p.id.as_str()).collect();
        assert!(known.len() > 50);
        for check in crate::catalogue() {
            for practice in check.meta().practices {
                assert!(known.contains(practice), "{} answers {practice}, which is no practice", check.meta().id);
            }
        }
        for entry in crate::manual::entries() {
            assert!(entry.practices.iter().all(|p| known.contains(p.as_str())), "{}", entry.id);
        }
    }
}
