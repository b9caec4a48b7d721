//! `sagescan serve FILE`

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Exit, Stop};
#[cfg(feature = "aws")]
use crate::config::nearest;
use crate::console::Console;
use crate::files;
use crate::serve::{Fault, NoQuota, Options, Quota, Quotas, UnknownFault, start};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A snapshot, .json or .json.gz
    file: PathBuf,
    /// The port on loopback; 0 takes any free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Requests a second by operation, `*` for all others: `*=20,ListTrainingJobs=2`; `2/10` allows ten at once
    #[arg(long, value_name = "OP=RATE", value_delimiter = ',', value_parser = rate)]
    tps: Vec<(String, Quota)>,
    /// Requests a second for what --tps does not name: `aws` limits as AWS does, as far as that is known
    #[arg(long, value_enum, value_name = "SET", default_value_t)]
    quotas: Limits,
    /// Makes up so many training jobs in each region that has any, by the example of its own
    #[arg(long, value_name = "JOBS", default_value_t = 0)]
    crowd: usize,
    /// Waits this long before each answer
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency_ms: u64,
    /// Denies these operations
    #[arg(long, value_name = "OP", value_delimiter = ',')]
    deny: Vec<String>,
    /// Breaks an operation: `OP=throttle`, `500`, `hang`, `cut`, `expired`, …; `OP@2=…` breaks it twice only
    #[arg(long, value_name = "OP=FAULT", value_delimiter = ',', value_parser = fault)]
    fault: Vec<(String, Fault)>,
}

#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Limits {
    #[default]
    None,
    Aws,
}

fn rate(text: &str) -> Result<(String, Quota), String> {
    let (operation, rate) = text.split_once('=').ok_or("say OPERATION=RATE")?;
    let quota = rate.parse().map_err(|error: NoQuota| error.to_string())?;
    Ok((operation.to_owned(), quota))
}

fn fault(text: &str) -> Result<(String, Fault), String> {
    let (operation, fault) = text.split_once('=').ok_or("say OPERATION=FAULT")?;
    let fault = fault.parse().map_err(|unknown: UnknownFault| unknown.to_string())?;
    Ok((operation.to_owned(), fault))
}

/// A misspelt operation would go on answering, and a test of its refusal would mean nothing.
#[cfg(feature = "aws")]
fn warn_of_unknown(name: &str, console: &Console) {
    use crate::collect::calls_for;
    use sagescan_checks::snapshot::Table;

    let name = name.split_once('@').map_or(name, |(name, _)| name);
    let calls = calls_for(&Table::ALL.iter().copied().collect());
    let known =
        || calls.iter().flat_map(|call| [call.operation, call.source].into_iter().chain(call.actions.iter().copied()));
    if name != "*" && !known().any(|known| known == name) {
        let hint = nearest(name, known()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        console.warning(&format!("no scan asks for `{name}`{hint}"));
    }
}

#[cfg(not(feature = "aws"))]
fn warn_of_unknown(_: &str, _: &Console) {}

pub(super) fn run(args: Args, console: &Console) -> Result<Exit, Stop> {
    let snapshot = Arc::new(files::read_snapshot(&args.file)?);
    let named = args.tps.iter().map(|(name, _)| name).chain(&args.deny).chain(args.fault.iter().map(|(name, _)| name));
    for name in named {
        warn_of_unknown(name, console);
    }
    // Any credentials will do, and the real ones have no business here.
    let region = snapshot.scan.regions.first().cloned().unwrap_or_else(|| "us-east-1".to_owned());
    let options = Options {
        port: args.port,
        tps: args.tps,
        quotas: match args.quotas {
            Limits::None => Quotas::Unlimited,
            Limits::Aws => Quotas::Aws,
        },
        crowd: args.crowd,
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
        console.hint(&format!(
            "AWS_ENDPOINT_URL={} AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any sagescan scan --region {region}; \
             Ctrl-C ends",
            server.url()
        ));
        let _ = tokio::signal::ctrl_c().await;
        server.stop().await;
        Ok(Exit::Clean)
    })
}
