//! Practices that no API can show. They are listed apart and never counted as passed.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::engine::Manual;

#[derive(Deserialize)]
struct File {
    manual: Vec<Manual>,
}

static ENTRIES: LazyLock<Vec<Manual>> =
    LazyLock::new(|| toml::from_str::<File>(include_str!("manual.toml")).map(|f| f.manual).unwrap_or_default());

/// Every manual entry, in reading order.
pub fn entries() -> Vec<Manual> {
    ENTRIES.clone()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_file_parses() {
        assert!(!super::entries().is_empty());
    }
}
