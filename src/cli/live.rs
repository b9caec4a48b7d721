//! A live account, from options to a snapshot: what `scan`, `collect` and `demo` have in common.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use sagescan_checks::snapshot::{Snapshot, Table};
use tokio::sync::watch;

use super::{Exit, Stop};
use crate::collect::{self, CollectError, Pace, Regions, Request};
use crate::config::Live;
use crate::console::{self, Console};
use crate::files;

const JOBS_SINCE: u32 = 90;
const TIMEOUT: u64 = 3600;
const CALL_TIMEOUT: u64 = 60;
/// In days: SageMaker is younger.
const CENTURY: u32 = 36_500;
/// In seconds: whoever waits a year waits for ever.
const YEAR: u64 = 365 * 24 * 3600;

/// What to ask for, of the account that the options and the AWS configuration name.
pub(super) fn request(live: Live, tables: BTreeSet<Table>) -> Result<Request, Stop> {
    let since_last = live.since_last.as_deref().map(files::read_snapshot).transpose()?;
    let pace = Pace { share: live.share(), scale: 1.0 };
    let regions = match live.region.as_slice() {
        [] => Regions::Default,
        several if several.iter().any(|region| region == "all") => Regions::All,
        _ => Regions::These(live.region),
    };
    Ok(Request {
        profile: live.profile,
        regions,
        tables,
        jobs_since_days: live.jobs_since.unwrap_or(JOBS_SINCE).min(CENTURY),
        timeout: seconds(live.timeout, TIMEOUT),
        call_timeout: seconds(live.call_timeout, CALL_TIMEOUT),
        endpoint: None,
        pace,
        max_per_type: live.max_per_type.and_then(|most| usize::try_from(most).ok()),
        last_accessed: live.last_accessed,
        service_quotas: live.service_quotas,
        activity: live.activity,
        log_samples: live.log_samples,
        checkpoint: live.checkpoint,
        since_last: since_last.map(Arc::new),
    })
}

fn seconds(wanted: Option<u64>, otherwise: u64) -> Duration {
    Duration::from_secs(wanted.unwrap_or(otherwise).clamp(1, YEAR))
}

/// Runs work that needs a reactor.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Stop::usage(format!("cannot start: {error}")))?;
    let result = runtime.block_on(work);
    // A call that hangs must not keep the program from ending.
    runtime.shutdown_background();
    result
}

/// Collects, showing progress.
pub(super) async fn collect(request: Request, console: &Console) -> Result<Snapshot, Stop> {
    watched(console, |progress, stop| collect::collect(request, progress, stop)).await
}

/// Looks at an account, showing progress. The first Ctrl-C ends it with what was seen; the second ends the program.
pub(super) async fn watched<T, F>(
    console: &Console,
    look: impl FnOnce(Arc<dyn collect::Progress>, watch::Receiver<bool>) -> F,
) -> Result<T, Stop>
where
    F: Future<Output = Result<T, CollectError>>,
{
    let progress = Arc::new(console.progress());
    let (stop, stopped) = watch::channel(false);
    let told = *console;
    let interrupts = tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        told.note("ending the scan; what was seen so far will be judged (Ctrl-C again to leave at once)");
        let _ = stop.send(true);
        let _ = tokio::signal::ctrl_c().await;
        std::process::exit(Exit::Blind as i32);
    });
    let seen = look(progress.clone(), stopped).await;
    interrupts.abort();
    progress.finish();
    seen.map_err(Stop::from)
}

impl collect::Progress for console::Progress {
    fn planned(&self, calls: u64) {
        self.planned(calls);
    }

    fn done(&self) {
        self.done();
    }

    fn throttled(&self) {
        self.throttled();
    }

    fn note(&self, text: &str) {
        self.note(text);
    }

    fn detail(&self, text: &str) {
        self.detail(text);
    }

    fn warning(&self, text: &str) {
        self.warning(text);
    }

    fn code_of(&self, device: &str) -> Option<String> {
        self.asked(&format!("MFA code of {device}: "))
    }
}

impl From<CollectError> for Stop {
    fn from(error: CollectError) -> Stop {
        let exit = if error.exit_code() == Exit::Usage as u8 { Exit::Usage } else { Exit::Blind };
        let hint = matches!(error, CollectError::NoCredentials(_))
            .then_some("`sagescan demo` shows a scan without an account");
        Stop { exit, says: error.to_string(), hint }
    }
}
