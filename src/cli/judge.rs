//! `sagescan judge FILE`

use std::path::PathBuf;

use super::outcome::{Judging, Outputs};
use super::{Exit, Stop};
use crate::config::Settings;
use crate::console::Console;
use crate::files;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A snapshot, .json or .json.gz; `-` reads standard input
    file: PathBuf,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    outputs: Outputs,
}

pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    let judging = Judging::prepare(args.settings.or(file), &args.outputs)?;
    let snapshot = files::read_snapshot(&args.file)?;
    judging.conclude(&snapshot, console)
}
