//! Looks at a live account and writes down what it saw: the only place that links the AWS SDK.
//!
//! One scan is a few waves, each as wide as pacing allows: SageMaker's own resources in every region beside IAM and the
//! trails; then the networks, buckets and whatever else those resources name, side by side; at last the keys that all of them
//! name, and what follows from those.
//! Nothing is judged here, and nothing is an error that leaves something to report: a refusal becomes a gap.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use futures_util::future::join_all;
use jiff::{Timestamp, ToSpan};
use sagescan_checks::engine::GLOBAL;
use sagescan_checks::snapshot::{FORMAT, Scan, Snapshot, Table};
use tokio::sync::watch;
use tokio::time::Instant;

mod ask;
mod buckets;
mod call;
mod census;
mod client;
mod costs;
mod error;
mod iam;
mod keys;
mod kind;
mod ledger;
mod limits;
mod memory;
mod mfa;
mod network;
mod organization;
mod places;
mod plan;
mod records;
mod start;
mod trails;
mod translate;
mod trust;
mod waves;
mod xml;

use ask::{Asker, Asking};
pub use call::Call;
pub use census::{Census, Count, census};
pub use error::CollectError;
pub use limits::Pace;
pub use memory::CheckpointError;
use memory::Memory;
use places::Place;
use plan::calls_of;
pub use plan::{calls_for, closure};
use start::Start;

/// What to look at, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// The profile to use instead of the default one.
    pub profile: Option<String>,
    /// Where to look.
    pub regions: Regions,
    /// The tables to fill; what they need is added.
    pub tables: BTreeSet<Table>,
    /// Finished jobs older than this many days are left out.
    pub jobs_since_days: u32,
    /// How long the whole scan may take.
    pub timeout: Duration,
    /// How long one attempt of one call may take.
    pub call_timeout: Duration,
    /// An endpoint to use for every service, with made-up credentials and without reading the user's configuration:
    /// the demo.
    pub endpoint: Option<String>,
    /// How much of AWS's quotas to take.
    pub pace: Pace,
    /// How many resources of a type are looked at in a region, the newest first where AWS sorts so; the rest is unseen.
    pub max_per_type: Option<usize>,
    /// Asks IAM which services the roles of workloads really used: two calls a role, one role a second.
    pub last_accessed: bool,
    /// Lists the quotas of SageMaker in each region with endpoints: thousands, a hundred a call.
    pub service_quotas: bool,
    /// Looks up sensitive calls of the last 90 days, and what GuardDuty made of calls: two questions a second.
    pub activity: bool,
    /// Reads the newest lines of SageMaker's log groups and looks for credentials in them. This reads data.
    pub log_samples: bool,
    /// A file to note what was seen in, and to go on from after the scan was ended.
    pub checkpoint: Option<PathBuf>,
    /// An earlier snapshot: what cannot have changed since is taken from it.
    pub since_last: Option<Arc<Snapshot>>,
}

/// Where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Regions {
    /// The region of the AWS configuration.
    Default,
    /// Every region that is enabled for the account.
    All,
    /// These.
    These(Vec<String>),
}

/// Somebody who is told how the scan goes.
pub trait Progress: Send + Sync {
    /// That many more calls are planned.
    fn planned(&self, calls: u64);
    /// One call is done.
    fn done(&self);
    /// One request was refused for its rate.
    fn throttled(&self);
    /// Something worth a line.
    fn note(&self, text: &str);
    /// Something for those who want every detail.
    fn detail(&self, _text: &str) {}
    /// The code that a multi-factor device shows now; nothing where nobody can be asked.
    fn code_of(&self, _device: &str) -> Option<String> {
        None
    }
    /// Something odd, though the scan goes on.
    fn warning(&self, text: &str) {
        self.note(text);
    }
}

/// What all regions of a scan share.
struct Scope {
    account: String,
    signer: Arc<client::Signer>,
    started: Timestamp,
    jobs_since: Timestamp,
    max_per_type: Option<usize>,
    memory: Arc<Memory>,
    unasked: Vec<(Table, &'static str)>,
}

/// The clients of every region that turns out to matter, made on demand.
struct Places<'a> {
    config: &'a SdkConfig,
    asking: Arc<Asking>,
    scope: Scope,
    made: tokio::sync::Mutex<BTreeMap<String, Arc<Place>>>,
}

impl Places<'_> {
    /// The configured region.
    fn home(&self) -> String {
        self.config.region().map_or_else(|| "us-east-1".to_owned(), |region| region.as_ref().to_owned())
    }

    /// Where services are asked that answer in one region for the whole partition.
    fn partition(&self) -> Place {
        Place::new(self.config, &self.home(), Asker::new(self.asking.clone(), GLOBAL), &self.scope)
    }

    async fn at(&self, region: &str) -> Arc<Place> {
        let mut made = self.made.lock().await;
        let new = || Arc::new(Place::new(self.config, region, Asker::new(self.asking.clone(), region), &self.scope));
        made.entry(region.to_owned()).or_insert_with(new).clone()
    }
}

/// Looks at the account. Ends early, with what was seen so far, at the time limit or when `stop` turns true.
///
/// # Errors
/// Only what leaves nothing to report: no credentials, no answer from STS, a region that does not exist.
pub async fn collect(
    request: Request,
    progress: Arc<dyn Progress>,
    stop: watch::Receiver<bool>,
) -> Result<Snapshot, CollectError> {
    let tables = closure(&request.tables);
    let Start { config, asking, everywhere, who, regions } = start::start(&request, &progress, &stop).await?;
    let (started, memory) = remember(&request, &who.account, &regions, &asking)?;
    let jobs_since =
        started.saturating_sub((i64::from(request.jobs_since_days) * 24).hours()).unwrap_or(Timestamp::MIN);
    let nobody = || CollectError::NoCredentials("no provider is configured".to_owned());
    let signer = client::Signer::new(&config).ok_or_else(nobody)?;
    let places = Places {
        config: &config,
        asking: asking.clone(),
        scope: Scope {
            account: who.account.clone(),
            signer,
            started,
            jobs_since,
            max_per_type: request.max_per_type,
            memory: memory.clone(),
            unasked: unasked(&request),
        },
        made: tokio::sync::Mutex::default(),
    };

    let mut snapshot = Snapshot {
        format: FORMAT.to_owned(),
        scan: Scan {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            account: who.account.clone(),
            partition: who.partition,
            caller: who.arn,
            regions: regions.clone(),
            started,
            jobs_since: Some(jobs_since),
            ..Scan::default()
        },
        ..Snapshot::default()
    };
    let (found, account) = tokio::join!(
        join_all(
            regions.iter().map(|region| async { (region.clone(), waves::estate(&places, region, &tables).await) })
        ),
        waves::account(&places, &regions, &tables),
    );
    snapshot.regions = found.into_iter().collect();
    snapshot.account = account;
    waves::add_surroundings(&places, &mut snapshot, &tables).await;
    let follows = |table: &Table| *table != Table::Keys && !table.of_account() && table.follows_the_account();
    let (of_keys, others) =
        tables.iter().copied().filter(follows).partition::<Vec<_>, _>(|table| table.follows(Table::Keys));
    waves::add_context(&places, &mut snapshot, others).await;
    if tables.contains(&Table::Keys) {
        keys::of_resources(&places, &mut snapshot).await;
    }
    waves::add_context(&places, &mut snapshot, of_keys).await;
    drop(places);
    for taken in asking.limits.taken().await {
        progress.detail(&format!("pace: {taken}"));
    }
    snapshot.scan.interrupted = interruption(&asking, &stop);
    snapshot.scan.since_last = memory.since_last();
    if snapshot.scan.interrupted.is_none() {
        memory.finish();
    }
    (snapshot.scan.api_calls, snapshot.scan.throttled) = asking.ledger.totals();
    drop(everywhere);
    if let Some(asking) = Arc::into_inner(asking) {
        snapshot.coverage = asking.ledger.into_coverage(&who.account);
    }
    snapshot.scan.finished = Timestamp::now();
    Ok(snapshot)
}

/// What is known before anything is asked, and when the scan began: now, or with the run that its checkpoint is of.
fn remember(
    request: &Request,
    account: &str,
    regions: &[String],
    asking: &Asking,
) -> Result<(Timestamp, Arc<Memory>), CollectError> {
    let now = Timestamp::now();
    let mut last = request.since_last.clone();
    if let Some(snapshot) = &last {
        if snapshot.scan.account != account {
            return Err(CollectError::OtherAccount(snapshot.scan.account.clone(), account.to_owned()));
        }
        // Another version may keep other things of a resource.
        if snapshot.scan.version != env!("CARGO_PKG_VERSION") {
            asking.progress.note("the last snapshot is of another version of sagescan: everything is asked anew");
            last = None;
        }
    }
    let mut memory = Memory::of_last_scan(last);
    let Some(path) = &request.checkpoint else { return Ok((now, Arc::new(memory))) };
    let (began, coverage, says) = memory.resume(path, &memory::Header::new(account, now, regions, request))?;
    let every_call: BTreeSet<Call> = Table::ALL.iter().copied().flat_map(calls_of).collect();
    asking.ledger.resume(&every_call, coverage);
    says.iter().for_each(|says| asking.progress.note(says));
    Ok((began, Arc::new(memory)))
}

fn interruption(asking: &Asking, stop: &watch::Receiver<bool>) -> Option<String> {
    if *stop.borrow() {
        Some("interrupted by the user".to_owned())
    } else if asking.expired.load(std::sync::atomic::Ordering::Relaxed) {
        Some("the credentials expired during the scan".to_owned())
    } else if Instant::now() >= asking.deadline {
        Some("the scan's time limit was reached".to_owned())
    } else {
        None
    }
}

/// What costs many calls for little, and is asked only by whoever says so; with the option that does.
fn unasked(request: &Request) -> Vec<(Table, &'static str)> {
    let all = [
        (Table::ServicesUsed, "--last-accessed", request.last_accessed),
        (Table::ServiceQuotas, "--service-quotas", request.service_quotas),
        (Table::SensitiveCalls, "--activity", request.activity),
        (Table::ThreatFindings, "--activity", request.activity),
        (Table::LogSamples, "--log-samples", request.log_samples),
    ];
    all.into_iter().filter(|(.., asked)| !asked).map(|(table, option, _)| (table, option)).collect()
}
