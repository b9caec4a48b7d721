//! `sagescan demo`: a scan of an embedded sample account, served by the built-in loopback AWS.

use std::sync::Arc;

use jiff::Timestamp;

use super::outcome::{Judging, Outputs};
use super::{Exit, Stop, live, selection};
use crate::collect::{Pace, Regions, Request};
use crate::config::{Live, Settings};
use crate::console::Console;
use crate::demo;
use crate::serve::{self, Options};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    outputs: Outputs,
}

pub(super) fn run(args: Args, file: Settings, console: &Console) -> Result<Exit, Stop> {
    let judging = Judging::prepare(args.settings.or(file), &args.outputs)?;
    let sample = demo::account(Timestamp::now()).map_err(Stop::usage)?;
    let tables = selection::tables(&judging.checks);
    let snapshot = live::block_on(async {
        let regions = Regions::These(sample.scan.regions.clone());
        let server = serve::start(Arc::new(sample), Options::default())
            .await
            .map_err(|error| Stop::usage(format!("cannot listen on loopback: {error}")))?;
        let request = Request {
            regions,
            endpoint: Some(server.url()),
            // Our own AWS takes any rate.
            pace: Pace { share: 1.0, scale: 1_000.0 },
            max_per_type: None,
            last_accessed: true,
            service_quotas: true,
            activity: true,
            log_samples: true,
            checkpoint: None,
            since_last: None,
            ..live::request(Live::default(), tables)?
        };
        let snapshot = live::collect(request, console).await;
        server.stop().await;
        snapshot
    })?;
    judging.conclude(&snapshot, console)
}
