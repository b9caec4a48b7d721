//! Which checks are judged, and which tables they need.

use std::collections::BTreeSet;

use sagescan_checks::catalogue;
use sagescan_checks::engine::Registered;
use sagescan_checks::snapshot::Table;

use crate::config::CheckId;

/// The checks with these ids in the order of the catalogue; all of them when none is named.
pub(super) fn checks(ids: &[CheckId]) -> Vec<Registered> {
    let named = |check: &Registered| ids.iter().any(|id| id.as_str() == check.meta().id);
    catalogue().filter(|check| ids.is_empty() || named(check)).collect()
}

/// The tables that the checks read, and those that must be filled first.
#[cfg_attr(not(feature = "aws"), allow(dead_code))]
pub(super) fn tables(checks: &[Registered]) -> BTreeSet<Table> {
    let mut tables: BTreeSet<Table> = checks.iter().flat_map(|check| check.meta().reads).copied().collect();
    let mut new: Vec<Table> = tables.iter().copied().collect();
    while let Some(table) = new.pop() {
        new.extend(table.needs().iter().copied().filter(|need| tables.insert(*need)));
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_bring_along_what_they_need() {
        let all: BTreeSet<Table> = tables(&checks(&[]));
        for table in &all {
            assert!(table.needs().iter().all(|need| all.contains(need)), "{table:?}");
        }
    }

    #[test]
    fn one_check_reads_its_own_tables_only() {
        let one = checks(&["notebook-no-direct-internet".parse().unwrap()]);
        assert_eq!(tables(&one), BTreeSet::from([Table::Notebooks]));
    }
}
