//! Lenses: which controls of which framework a check answers. The checks know none of them; the tables in
//! `frameworks/` do, one file a framework, control id to check ids.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

/// One framework.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// The id used in reports and options, e.g. `aws-fsbp`.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Where the relations come from.
    pub source: String,
    /// Check ids by control id.
    pub controls: BTreeMap<String, Vec<String>>,
}

/// Control ids by framework id.
pub type Controls = BTreeMap<String, Vec<String>>;

macro_rules! frameworks {
    ($($file:literal,)+) => { &[$(include_str!(concat!("frameworks/", $file, ".toml")),)+] };
}

/// The framework files, one line each.
const FILES: &[&str] = frameworks! {
    "aws-ai-security-framework",
    "aws-fsbp",
    "aws-ml-lens",
    "aws-waf-security",
    "bsi-c5",
    "cis-aws-3.0",
    "cis-aws-4.0",
    "cis-aws-5.0",
    "cis-aws-6.0",
    "fedramp-moderate-r4",
    "finos-ccc",
    "gdpr",
    "hipaa",
    "iso-27001-2022",
    "mitre-attack",
    "mla-c01",
    "mls-c01",
    "nis2",
    "nist-800-53-r5",
    "nist-csf-2.0",
    "pci-dss-3.2.1",
    "pci-dss-4.0",
    "soc2",
};

static ALL: LazyLock<Vec<Framework>> = LazyLock::new(|| {
    // Embedded files that a test parses: one that does not parse has no place in a build.
    FILES.iter().filter_map(|text| toml::from_str(text).ok()).collect()
});

static BY_CHECK: LazyLock<BTreeMap<&'static str, Arc<Controls>>> = LazyLock::new(|| {
    let mut by_check: BTreeMap<&str, Controls> = BTreeMap::new();
    for framework in ALL.iter() {
        for (control, checks) in &framework.controls {
            for check in checks {
                let of_check = by_check.entry(check).or_default();
                of_check.entry(framework.id.clone()).or_default().push(control.clone());
            }
        }
    }
    by_check.into_iter().map(|(check, controls)| (check, Arc::new(controls))).collect()
});

/// Every framework, sorted by id.
pub fn all() -> &'static [Framework] {
    &ALL
}

/// The control ids that a check answers; every finding of the check shares them.
pub fn controls_of(check: &str) -> Arc<Controls> {
    BY_CHECK.get(check).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_framework_file_parses() {
        for text in FILES {
            let framework = toml::from_str::<Framework>(text).unwrap();
            assert!(!framework.controls.is_empty(), "{} has no controls", framework.id);
        }
    }
}
