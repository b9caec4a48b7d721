//! `sagescan serve FILE`

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Exit, Stop};
use crate::console::Console;
use crate::files;
use crate::serve::{Fault, Options, start};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A snapshot, .json or .json.gz
    file: PathBuf,
    /// The port on loopback; 0 takes any free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Requests a second by operation, `*` for all others: `*=20,ListTrainingJobs=2`
    #[arg(long, value_name = "OP=RATE", value_delimiter = ',', value_parser = rate)]
    tps: Vec<(String, f64)>,
    /// Waits this long before each answer
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency_ms: u64,
    /// Denies these operations
    #[arg(long, value_name = "OP", value_delimiter = ',')]
    deny: Vec<String>,
    /// Breaks an operation: `OP=throttle`, `500`, `hang` or `cut`
    #[arg(long, value_name = "OP=FAULT", value_delimiter = ',', value_parser = fault)]
    fault: Vec<(String, Fault)>,
}

fn rate(text: &str) -> Result<(String, f64), String> {
    let (operation, rate) = text.split_once('=').ok_or("say OPERATION=RATE")?;
    match rate.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate.is_finite() => Ok((operation.to_owned(), rate)),
        _ => Err(format!("`{rate}` is no rate: a number above 0")),
    }
}

fn fault(text: &str) -> Result<(String, Fault), String> {
    let (operation, fault) = text.split_once('=').ok_or("say OPERATION=FAULT")?;
    let fault = fault.parse().map_err(|_| format!("`{fault}` is no fault: throttle, 500, hang or cut"))?;
    Ok((operation.to_owned(), fault))
}

pub(super) fn run(args: Args, console: &Console) -> Result<Exit, Stop> {
    let snapshot = Arc::new(files::read_snapshot(&args.file)?);
    let options = Options {
        port: args.port,
        tps: args.tps,
        latency: Duration::from_millis(args.latency_ms),
        deny: args.deny,
        faults: args.fault,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Stop::usage(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        let server = start(snapshot, options)
            .await
            .map_err(|error| Stop::usage(format!("cannot listen on 127.0.0.1:{}: {error}", args.port)))?;
        // The address is the result: scripts read it from the first line.
        super::put(None, &format!("{}\n", server.url()), console)?;
        console.hint(&format!("AWS_ENDPOINT_URL={} sagescan scan; Ctrl-C ends", server.url()));
        let _ = tokio::signal::ctrl_c().await;
        server.stop().await;
        Ok(Exit::Clean)
    })
}
