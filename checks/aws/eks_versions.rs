//! How long Amazon EKS supports each version of Kubernetes.

use jiff::civil::{Date, date};

/// The last day of standard support, by minor version of Kubernetes 1, oldest first (Amazon EKS User Guide, "Understand
/// the Kubernetes version lifecycle on EKS", release calendar; read November 2026).
const STANDARD_SUPPORT: [(u32, Date); 8] = [
    (28, date(2024, 11, 26)),
    (29, date(2025, 3, 23)),
    (30, date(2025, 7, 23)),
    (31, date(2025, 11, 26)),
    (32, date(2026, 3, 23)),
    (33, date(2026, 7, 29)),
    (34, date(2026, 12, 2)),
    (35, date(2027, 3, 27)),
];

/// What is known of the support of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Support {
    /// Standard support lasts to this day.
    Until(Date),
    /// It ended before the first day that is listed.
    Over,
    /// The version is newer than the list.
    Newer,
}

/// The support of a version like `1.33`; `None` for what is no such version.
pub(crate) fn support(version: &str) -> Option<Support> {
    let minor: u32 = version.strip_prefix("1.")?.parse().ok()?;
    let listed = STANDARD_SUPPORT.iter().find(|(known, _)| *known == minor).map(|(_, until)| Support::Until(*until));
    let oldest = STANDARD_SUPPORT.first().map_or(0, |(known, _)| *known);
    Some(listed.unwrap_or(if minor < oldest { Support::Over } else { Support::Newer }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_old_listed_or_new() {
        assert_eq!(support("1.21"), Some(Support::Over));
        assert_eq!(support("1.33"), Some(Support::Until(date(2026, 7, 29))));
        assert_eq!(support("1.99"), Some(Support::Newer));
        assert_eq!(support("2.0"), None);
        assert_eq!(support("1.x"), None);
    }
}
