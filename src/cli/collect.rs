//! `sagescan collect -o FILE`

use std::path::PathBuf;

use sagescan_checks::snapshot::Table;

use super::outcome::answered;
use super::{Exit, Stop, live};
use crate::config::{Live, Settings};
use crate::console::Console;
use crate::files::Destination;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The snapshot to write, .json or .json.gz
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    live: Live,
}

/// Collects every table: nobody knows yet what the snapshot will be asked.
pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    let destination = Destination::new(&args.output)?;
    let request = live::request(args.live.or(file.aws), Table::ALL.iter().copied().collect())?;
    let snapshot = live::block_on(live::collect(request, console))?;
    destination.write_snapshot(&snapshot)?;
    console.note(&format!("wrote {}", destination.path().display()));
    console.hint(&format!("sagescan judge {}", destination.path().display()));
    if let Some(why) = &snapshot.scan.interrupted {
        console.warning(&format!("the scan ended early: {why}"));
        return Ok(Exit::Blind);
    }
    if !answered(snapshot.coverage.iter().map(|line| (line.state, line.source.as_str()))) {
        console.warning("no call was answered");
        return Ok(Exit::Blind);
    }
    Ok(Exit::Clean)
}
