//! `sagescan census`: how much there is, before anybody looks at it.

use std::collections::{BTreeMap, BTreeSet};

use sagescan_checks::snapshot::Table;

use super::{Exit, Output, Stop, live};
use crate::collect::{self, Census, Count};
use crate::config::{Live, Settings};
use crate::console::{Console, Look, escape, wrap};
use crate::report::{self, Format};

/// Options of a scan that counting has no use for.
const WITHOUT: [&str; 8] = [
    "jobs_since",
    "max_per_type",
    "last_accessed",
    "service_quotas",
    "activity",
    "log_samples",
    "checkpoint",
    "since_last",
];

/// Gaps that are shown before the rest is counted.
const GAPS: usize = 5;

#[derive(Debug, clap::Args)]
#[command(mut_args(|arg| { let hide = WITHOUT.contains(&arg.get_id().as_str()); arg.hide(hide) }))]
pub(super) struct Args {
    /// Asks only for the twelve types that tell whether SageMaker is used in a region
    #[arg(long, help_heading = "What is counted")]
    probe: bool,
    #[command(flatten)]
    live: Live,
    /// The form of the result [default: table]
    #[arg(long, value_name = "FORMAT", env = "SAGESCAN_FORMAT", hide_env = true, help_heading = "Output")]
    format: Option<Format>,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    args.output.destination()?;
    if args.live.checkpoint.is_some() || args.live.since_last.is_some() {
        return Err(Stop::usage("`census` describes nothing: it has no use for --checkpoint and --since-last"));
    }
    let request = live::request(args.live.or(file.aws), BTreeSet::new())?;
    let census =
        live::block_on(live::watched(console, |progress, stop| collect::census(request, args.probe, progress, stop)))?;
    let text = match args.format.or(file.format).unwrap_or_default() {
        Format::Json => report::pretty(&census),
        Format::Table if args.output.output.is_some() => table(&census, &console.look_of_file()),
        Format::Table => table(&census, &console.look()),
    };
    args.output.write(&text, console)?;
    if let Some(why) = &census.interrupted {
        console.warning(&format!("counting ended early: {why}"));
        return Ok(Exit::Blind);
    }
    Ok(if census.saw_anything() { Exit::Clean } else { Exit::Blind })
}

fn table(census: &Census, look: &Look) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line.trim_end());
        text.push('\n');
    };
    let dot = look.dot();
    line(&look.bold(&format!("SageMaker in account {}{dot}{} calls", escape(&census.account), census.api_calls)));
    for (region, counts) in &census.regions {
        line("");
        line(&look.bold(&escape(region)));
        let there = |(table, count): (&Table, &Count)| match count {
            Count::Exactly(0) | Count::Unseen(_) => None,
            Count::Exactly(count) => Some((*table, count.to_string())),
            Count::AtLeast(count) => Some((*table, format!("{count} or more"))),
        };
        let there: Vec<(Table, String)> = counts.iter().filter_map(there).collect();
        let width = there.iter().map(|(_, count)| count.len()).max().unwrap_or_default();
        for (table, count) in &there {
            line(&format!("  {}{count}  {}", " ".repeat(width - count.len()), words(*table)));
        }
        let empty = counts.values().filter(|count| **count == Count::Exactly(0)).count();
        let unseen = counts.values().filter(|count| matches!(count, Count::Unseen(_))).count();
        let rest = match unseen {
            0 => format!("nothing of {empty} other types"),
            _ => format!("nothing of {empty} other types; {unseen} could not be counted"),
        };
        line(&look.dim(&format!("  {rest}")));
    }
    let gaps: BTreeMap<String, BTreeSet<String>> = census.gaps();
    if !gaps.is_empty() {
        line("");
        line(&look.bold("Not counted"));
        let most = if look.verbose { usize::MAX } else { GAPS };
        for (why, what) in gaps.iter().take(most) {
            let shown: Vec<&str> =
                what.iter().map(String::as_str).take(if look.verbose { usize::MAX } else { 3 }).collect();
            let more = match what.len() - shown.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let says = format!("{}{more}: {}", shown.join(", "), escape(why));
            for (at, part) in wrap(&says, look.width.saturating_sub(4)).iter().enumerate() {
                line(&format!("{}{part}", if at == 0 { format!("  {} ", look.bullet()) } else { "    ".to_owned() }));
            }
        }
    }
    if gaps.len() > GAPS && !look.verbose {
        line(&look.dim(&format!("    and {} more; -v shows them", gaps.len() - GAPS)));
    }
    if !census.not_counted.is_empty() {
        line("");
        let tables: Vec<String> = census.not_counted.iter().map(|table| words(*table)).collect();
        let says = format!("Not asked for: {}", tables.join(", "));
        wrap(&says, look.width).iter().for_each(|part| line(&look.dim(part)));
    }
    text
}

/// A table as people call it.
fn words(table: Table) -> String {
    table.key().replace('_', " ")
}
