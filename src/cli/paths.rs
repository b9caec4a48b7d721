//! `sagescan paths [FILE]`

use std::str::FromStr;

use sagescan_checks::engine::World;
use sagescan_checks::paths::{PathError, PathReport, Query, READS, attack_paths, saw_nobody};

use super::source::Source;
use super::{Exit, Output, Stop};
use crate::config::{FailOn, Settings, nearest};
use crate::console::Console;
use crate::report;

/// Shows who can become what: attack paths over a snapshot, or over the live account.
///
/// Each path is told hop by hop, with the statement or field that proves the hop, its weakest link, and the one change
/// that ends it and most others. Exit codes: 0 no path at or above --fail-on, 1 paths at or above it, 2 wrong usage or
/// input file, 3 nothing of IAM could be seen.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
    /// Only paths that start here: a part of a name or ARN, an account id, `internet`, `anyone`
    #[arg(long, value_name = "NAME", help_heading = "What is shown")]
    from: Option<String>,
    /// Only paths that end here: `admin`, or a part of the name of a bucket, role or notebook
    #[arg(long, value_name = "NAME", help_heading = "What is shown")]
    to: Option<String>,
    /// Hops a path may have; what is longer is counted [default: 8]
    #[arg(long, value_name = "HOPS", value_parser = clap::value_parser!(u8).range(1..=32), help_heading = "What is shown")]
    depth: Option<u8>,
    /// Paths to tell; the rest is counted [default: 200]
    #[arg(long, value_name = "PATHS", value_parser = clap::value_parser!(u16).range(1..), help_heading = "What is shown")]
    limit: Option<u16>,
    /// Exits with 1 when a path is at least this severe; `none` never does [default: high]
    #[arg(long, value_name = "SEVERITY", env = "SAGESCAN_FAIL_ON", hide_env = true, help_heading = "Exit code")]
    fail_on: Option<FailOn>,
    /// The form of the result: table, json, dot, mermaid [default: table]
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Form>,
    #[command(flatten)]
    output: Output,
}

const EXAMPLES: &str = "\
Examples:
  sagescan paths monday.json.gz
  sagescan paths monday.json.gz --from ana --to admin
  sagescan paths monday.json.gz --to training-data --format json -o paths.json
  sagescan paths monday.json.gz --format dot | dot -Tsvg > paths.svg";

/// The forms that paths can take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Table,
    Json,
    Dot,
    Mermaid,
}

impl FromStr for Form {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [("table", Form::Table), ("json", Form::Json), ("dot", Form::Dot), ("mermaid", Form::Mermaid)];
        let known = all.iter().find(|(word, _)| *word == text).map(|(_, form)| *form);
        known.ok_or_else(|| match nearest(text, all.iter().map(|(word, _)| *word)) {
            Some(word) => format!("there is no format `{text}`; did you mean `{word}`?"),
            None => format!("there is no format `{text}`; there are table, json, dot, mermaid"),
        })
    }
}

pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    args.output.destination()?;
    let defaults = Query::default();
    let query = Query {
        from: args.from.clone(),
        to: args.to.clone(),
        depth: args.depth.map_or(defaults.depth, usize::from),
        limit: args.limit.map_or(defaults.limit, usize::from),
    };
    let fail_on = args.fail_on.or(file.fail_on).unwrap_or_default();
    let snapshot = args.source.snapshot(READS, file, console)?;
    let world = World::new(&snapshot);
    if let Some(unseen) = saw_nobody(&world) {
        return Err(Stop {
            exit: Exit::Blind,
            says: format!("nobody who could take a path was seen: {}", unseen.0),
            hint: Some("paths need iam:GetAccountAuthorizationDetails; `sagescan policy` prints all that helps"),
        });
    }
    let found = attack_paths(&world, &query).map_err(unknown_end)?;
    let look = if args.output.output.is_some() { console.look_of_file() } else { console.look() };
    let text = match args.format.unwrap_or_default() {
        Form::Table => report::paths::table(&found, &look),
        Form::Json => report::pretty(&found),
        Form::Dot => report::paths::dot(&found),
        Form::Mermaid => report::paths::mermaid(&found),
    };
    args.output.write(&text, console)?;
    if let Some(why) = &snapshot.scan.interrupted {
        console.warning(&format!("could not see enough: the scan ended early: {why}"));
        return Ok(Exit::Blind);
    }
    Ok(exit(&found, fail_on))
}

fn exit(found: &PathReport, FailOn(least): FailOn) -> Exit {
    match least {
        Some(least) if found.paths.iter().any(|path| path.severity >= least) => Exit::Findings,
        _ => Exit::Clean,
    }
}

fn unknown_end(error: PathError) -> Stop {
    let (option, wanted, names) = match &error {
        PathError::NoSource(wanted, names) => ("--from", wanted, names),
        PathError::NoSink(wanted, names) => ("--to", wanted, names),
    };
    let near = nearest(wanted, names.iter().map(String::as_str).filter(|name| !name.is_empty()));
    let near = near.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    Stop {
        exit: Exit::Usage,
        says: format!("{option}: {error}{near}"),
        hint: Some(match option {
            "--from" => "name a user, role, notebook or account of the snapshot, or say `internet` or `anyone`",
            _ => "name a role, bucket or notebook of the snapshot, or say `admin`",
        }),
    }
}
