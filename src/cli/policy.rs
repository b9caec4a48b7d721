//! `sagescan policy`: the least IAM policy that a scan with the same selection needs.

use std::collections::{BTreeMap, BTreeSet};

use sagescan_checks::engine::{Registered, Section};
use sagescan_checks::snapshot::Table;
use serde::Serialize;

use super::{Exit, Output, Stop, selection};
use crate::collect;
use crate::config::{CheckId, Settings};
use crate::console::Console;
use crate::report;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only what these checks need
    #[arg(long, value_name = "CHECK", value_delimiter = ',')]
    check: Vec<CheckId>,
    /// Only what the checks of these sections need
    #[arg(long, value_name = "SECTION", value_delimiter = ',', value_parser = Settings::section)]
    section: Vec<Section>,
    /// Also the right to read log lines, for scans with --log-samples
    #[arg(long)]
    log_samples: bool,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: Args, console: &Console) -> Result<Exit, Stop> {
    let checks: Vec<Registered> = selection::checks(&args.check)
        .into_iter()
        .filter(|check| args.section.is_empty() || args.section.contains(&check.section))
        .collect();
    if checks.is_empty() {
        return Err(Stop::usage("none of these checks is in these sections; `sagescan checks` lists them"));
    }
    // Whoever names a check by itself means to run it.
    let data = args.log_samples || !args.check.is_empty();
    args.output.write(&policy_document(&selection::tables(&checks), data), console)?;
    Ok(Exit::Clean)
}

/// Tables of what somebody wrote rather than of settings: nobody gets the right to read them unasked.
const DATA: [Table; 1] = [Table::LogSamples];

/// The IAM policy that filling these tables needs, as JSON text; those that read data among them or not.
pub fn policy_document(tables: &BTreeSet<Table>, data: bool) -> String {
    let tables = tables.iter().copied().filter(|table| data || !DATA.contains(table)).collect();
    let calls = collect::calls_for(&tables);
    report::pretty(&document(calls.iter().flat_map(|call| call.actions).copied()))
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: String,
    effect: &'static str,
    action: BTreeSet<&'static str>,
    resource: &'static str,
}

/// One statement a service; everything is a read, and lists cannot be narrowed to resources.
fn document(actions: impl IntoIterator<Item = &'static str>) -> Document {
    let mut services: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for action in actions {
        let service = action.split_once(':').map_or(action, |(service, _)| service);
        services.entry(service).or_default().insert(action);
    }
    let statement = |(service, action): (&str, _)| Statement {
        sid: format!("Read{}", sid(service)),
        effect: "Allow",
        action,
        resource: "*",
    };
    Document { version: "2012-10-17", statement: services.into_iter().map(statement).collect() }
}

/// Letters and digits are all that a Sid may have.
fn sid(service: &str) -> String {
    let mut word: String = service.chars().filter(char::is_ascii_alphanumeric).collect();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_grouped_by_service_and_named_once() {
        let document = document(["s3:GetBucketPolicy", "kms:DescribeKey", "s3:GetBucketPolicy", "s3:GetBucketAcl"]);
        let json = serde_json::to_value(&document).unwrap();
        assert_eq!(json["Statement"][0]["Sid"], "ReadKms");
        assert_eq!(json["Statement"][1]["Action"], serde_json::json!(["s3:GetBucketAcl", "s3:GetBucketPolicy"]));
    }
}
