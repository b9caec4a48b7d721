//! `sagescan scan`

use super::outcome::{Judging, Outputs};
use super::{Exit, Stop, live, selection};
use crate::config::{Live, Settings};
use crate::console::Console;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    live: Live,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    outputs: Outputs,
}

pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    let settings = args.settings.or(file);
    let place = args.live.or(settings.aws.clone());
    let judging = Judging::prepare(settings, &args.outputs)?;
    let request = live::request(place, selection::tables(&judging.checks))?;
    let snapshot = live::block_on(live::collect(request, console))?;
    judging.conclude(&snapshot, console)
}
