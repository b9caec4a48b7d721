//! Looks at a live account and writes down what it saw: the only place that links the AWS SDK.
//!
//! One scan is a few waves, each as wide as pacing allows: SageMaker's own resources in every region beside IAM and the
//! trails; then the networks, buckets and whatever else those resources name; at last the keys that all of them name, and what
//! follows from those.
//! Nothing is judged here, and nothing is an error that leaves something to report: a refusal becomes a gap.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use futures_util::StreamExt;
use futures_util::future::{BoxFuture, join_all};
use jiff::{Timestamp, ToSpan};
use sagescan_checks::engine::{GLOBAL, What, bucket_of, context_references, references};
use sagescan_checks::snapshot::{
    Account, Bucket, BucketSettings, EventDataStore, FORMAT, Gap, Known, Listed, Reason, Region, RoleUse, Scan, Seen,
    Snapshot, Table, Tables, Trail,
};
use tokio::sync::watch;
use tokio::time::Instant;

mod ask;
mod buckets;
mod call;
mod census;
mod client;
mod costs;
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
mod records;
mod start;
mod trails;
mod translate;
mod trust;
mod xml;

use ask::{Asker, Asking, guarded};
pub use call::Call;
pub use census::{Census, Count, census};
use kind::Kind;
pub use limits::Pace;
pub use memory::CheckpointError;
use memory::{Kept, Memory};
use places::Place;
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

/// Why there is nothing to report at all. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The profile is not in the AWS configuration.
    #[error("there is no profile `{name}` in the AWS configuration; {hint}")]
    NoSuchProfile {
        /// What was asked for
        name: String,
        /// The nearest profile there is, or how to list them
        hint: String,
    },
    /// Nothing provides credentials.
    #[error("no AWS credentials were found ({0}); set AWS_PROFILE, use --profile, or run `aws configure`")]
    NoCredentials(String),
    /// The SSO session is too old.
    #[error("the SSO session of profile `{profile}` is not valid ({why}); run `aws sso login --profile {profile}`")]
    SsoExpired {
        /// The profile
        profile: String,
        /// What the SDK said
        why: String,
    },
    /// The profile needs a code of a multi-factor device, and that did not work out.
    #[error(
        "profile `{profile}` cannot be used: {why}; run the scan in a terminal, or put credentials of a session with MFA into the environment"
    )]
    Mfa {
        /// The profile
        profile: String,
        /// What is missing, or what STS said
        why: String,
    },
    /// The bundle of certificates cannot be used.
    #[error("cannot use the certificates in {path}: {why}; AWS_CA_BUNDLE, or ca_bundle of the profile, names the file")]
    Certificates {
        /// The file
        path: String,
        /// What is wrong with it
        why: String,
    },
    /// The credentials are too old.
    #[error("the AWS credentials have expired ({0}); get new ones and run the scan again")]
    Expired(String),
    /// AWS does not know the credentials.
    #[error("AWS does not accept the credentials ({0}); check the access key, and that it belongs to this partition")]
    Refused(String),
    /// AWS did not say who the caller is.
    #[error("AWS did not say who is asking ({0}); check the network, the proxy, the region name and AWS_ENDPOINT_URL")]
    NoAnswer(String),
    /// The endpoint bars the way to STS; IAM cannot deny this call.
    #[error("AWS did not let anybody ask who is asking ({0}); check the policy of the VPC endpoint for STS")]
    Barred(String),
    /// The user or the time limit ended the scan.
    #[error("nothing was seen yet: {0}")]
    Ended(String),
    /// No region is configured.
    #[error("no region is set; use --region NAME or --region all, or set AWS_REGION")]
    NoRegion,
    /// The checkpoint cannot be used.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The last snapshot is of another account.
    #[error("the snapshot for --since-last is of account {0}, and this scan is of {1}; name one of this account")]
    OtherAccount(String, String),
    /// A region name that no partition has.
    #[error("`{0}` is no region name; they look like us-east-1")]
    BadRegion(String),
    /// A region that the account does not have.
    #[error("region `{name}` is not enabled for the account, or does not exist{hint}")]
    UnknownRegion {
        /// What was asked for
        name: String,
        /// The nearest region there is
        hint: String,
    },
}

impl CollectError {
    /// The exit code: 2 for a wrong profile or region, 3 where nothing could be seen.
    pub fn exit_code(&self) -> u8 {
        match self {
            CollectError::NoSuchProfile { .. }
            | CollectError::NoRegion
            | CollectError::BadRegion(_)
            | CollectError::Checkpoint(_)
            | CollectError::OtherAccount(..)
            | CollectError::Certificates { .. }
            | CollectError::UnknownRegion { .. } => 2,
            _ => 3,
        }
    }
}

/// The calls behind each table: what is asked is declared beside the code that asks.
fn calls_of(table: Table) -> BTreeSet<Call> {
    let by_hand: &[Call] = match table {
        Table::Users | Table::Groups | Table::Roles | Table::Policies => iam::PRINCIPALS,
        Table::Organization => organization::ORGANIZATION,
        Table::Summary => iam::ACCOUNT_SUMMARY,
        Table::PasswordPolicy => iam::PASSWORD_POLICY,
        Table::Credentials => iam::CREDENTIALS,
        Table::ServicesUsed => iam::SERVICES_USED,
        Table::PublicAccessBlock => buckets::ACCOUNT_PUBLIC_ACCESS_BLOCK,
        Table::Trails => trails::TRAILS,
        Table::EventDataStores => trails::EVENT_DATA_STORES,
        Table::Budgets => costs::BUDGETS,
        Table::AnomalyMonitors => costs::ANOMALY_MONITORS,
        Table::Subnets => network::OF_SUBNETS,
        Table::SecurityGroups => network::OF_GROUPS,
        Table::Vpcs => network::OF_VPCS,
        Table::RouteTables => network::OF_ROUTE_TABLES,
        Table::NatGateways => network::OF_NATS,
        Table::InternetGateways => network::OF_INTERNET_GATEWAYS,
        Table::NetworkAcls => network::OF_ACLS,
        Table::VpcEndpoints => network::OF_ENDPOINTS,
        Table::FlowLogs => network::OF_FLOW_LOGS,
        Table::Buckets | Table::TrailBuckets => buckets::BUCKETS,
        Table::BucketSettings => buckets::SETTINGS,
        Table::Keys => keys::KEYS,
        _ => return records::calls_of(table),
    };
    by_hand.iter().copied().collect()
}

/// The tables with all that they need.
pub fn closure(tables: &BTreeSet<Table>) -> BTreeSet<Table> {
    let mut all = tables.clone();
    while let Some(more) = all.iter().flat_map(|t| t.needs()).copied().find(|t| !all.contains(t)) {
        all.insert(more);
    }
    // The network is one wave: a table of it brings the others.
    if all.contains(&Table::Subnets) {
        all.extend(NETWORK);
    }
    all
}

const NETWORK: [Table; 9] = [
    Table::Subnets,
    Table::SecurityGroups,
    Table::Vpcs,
    Table::RouteTables,
    Table::NatGateways,
    Table::InternetGateways,
    Table::NetworkAcls,
    Table::VpcEndpoints,
    Table::FlowLogs,
];

/// Every call that filling these tables may make, sorted, each once.
pub fn calls_for(tables: &BTreeSet<Table>) -> Vec<Call> {
    let who = [places::WHO, places::REGIONS];
    let calls: BTreeSet<Call> = closure(tables).into_iter().flat_map(calls_of).chain(who).collect();
    calls.into_iter().collect()
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
        join_all(regions.iter().map(|region| async { (region.clone(), estate(&places, region, &tables).await) })),
        account(&places, &regions, &tables),
    );
    snapshot.regions = found.into_iter().collect();
    snapshot.account = account;
    for wave in [&[Table::Buckets, Table::TrailBuckets][..], &[Table::BucketSettings, Table::ServicesUsed]] {
        let wave = wave.iter().copied().filter(|table| tables.contains(table)).collect();
        add_to_account(&places, &mut snapshot, &wave).await;
    }
    let follows = |table: &Table| *table != Table::Keys && !table.of_account() && table.follows_the_account();
    let (of_keys, others) =
        tables.iter().copied().filter(follows).partition::<Vec<_>, _>(|table| table.follows(Table::Keys));
    add_context(&places, &mut snapshot, others).await;
    if tables.contains(&Table::Keys) {
        ml_keys(&places, &mut snapshot).await;
    }
    add_context(&places, &mut snapshot, of_keys).await;
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

/// A table of which nothing was seen.
fn nothing<T>(gap: Gap) -> Listed<T> {
    Listed { items: Vec::new(), missing: Some(gap) }
}

/// Puts tables in their place.
type Fill<T> = Box<dyn FnOnce(&mut T) + Send>;

/// A piece of a scan: the work that fills some tables.
struct Piece<'a, T> {
    tables: BTreeSet<Table>,
    work: BoxFuture<'a, Fill<T>>,
}

impl<'a, T> Piece<'a, T> {
    fn new<F>(tables: impl IntoIterator<Item = Table>, work: impl Future<Output = F> + Send + 'a) -> Self
    where
        F: FnOnce(&mut T) + Send + 'static,
    {
        let work = async {
            let fill: Fill<T> = Box::new(work.await);
            fill
        };
        Piece { tables: tables.into_iter().collect(), work: Box::pin(work) }
    }
}

/// Does the pieces side by side, but for those that an interrupted run of the scan has done.
async fn filled<T: Kept>(scope: &Scope, asking: &Asking, place: &str, pieces: Vec<Piece<'_, T>>) -> T {
    let done = pieces.into_iter().map(|Piece { tables, work }| async move {
        let known = scope.memory.tables::<T>(place, &tables);
        let known = match known {
            Some(known) => known,
            None => {
                let mut new = T::default();
                (work.await)(&mut new);
                let calls: BTreeSet<Call> = tables.iter().copied().flat_map(calls_of).collect();
                // Buckets and keys are asked about where they lie.
                let elsewhere = place == GLOBAL || tables.contains(&Table::Keys);
                let region = (!elsewhere).then_some(place);
                let ledger = asking.ledger.lines(&scope.account, region, &calls);
                scope.memory.note_tables(place, &tables, &new, &ledger);
                new
            }
        };
        (known, tables)
    });
    let mut all = T::default();
    for (part, tables) in join_all(done).await {
        all.adopt(part, &tables);
    }
    all
}

/// What costs many calls for little, and is asked only by whoever says so; with the option that does.
fn unasked(request: &Request) -> Vec<(Table, &'static str)> {
    let all = [
        (Table::ServicesUsed, "--last-accessed", request.last_accessed),
        (Table::ServiceQuotas, "--service-quotas", request.service_quotas),
    ];
    all.into_iter().filter(|(.., asked)| !asked).map(|(table, option, _)| (table, option)).collect()
}

impl Scope {
    /// Why a table is not asked for, if so.
    fn leaves_out(&self, table: Table) -> Option<Gap> {
        let (_, option) = self.unasked.iter().find(|(one, _)| *one == table)?;
        Some(Gap::new(Reason::Skipped, format!("{} are asked for with {option} only", table.key().replace('_', " "))))
    }
}

/// The collection of some tables of records.
fn pieces<'a>(
    place: &'a Place,
    known: Known<'a>,
    scope: &'a Scope,
    tables: &BTreeSet<Table>,
) -> Vec<Piece<'a, Region>> {
    let piece = |kind: &'static Kind| {
        Piece::new([kind.spec.table], async move {
            let table = match scope.leaves_out(kind.spec.table) {
                Some(gap) => nothing(gap),
                None => guarded(records::all(place, &known, kind), nothing).await,
            };
            move |region: &mut Region| (kind.put)(table, region)
        })
    };
    tables.iter().filter_map(|table| kind::of(*table)).map(piece).collect()
}

/// Tables of records in the order of their needs: what lies within something comes after it.
fn by_depth(tables: impl Iterator<Item = Table>) -> Vec<BTreeSet<Table>> {
    let mut by_depth: BTreeMap<usize, BTreeSet<Table>> = BTreeMap::new();
    for table in tables {
        by_depth.entry(table.depth()).or_default().insert(table);
    }
    by_depth.into_values().collect()
}

/// What one region tells by itself: SageMaker's own resources, each beside the others and followed by what lies within it;
/// then the networks and other things that all of them name.
async fn estate(places: &Places<'_>, name: &str, tables: &BTreeSet<Table>) -> Region {
    let here = tables.iter().copied().filter(|table| !table.of_account() && !table.follows_the_account());
    let (late, early): (BTreeSet<Table>, BTreeSet<Table>) = here.partition(|table| comes_of_all(*table));
    let found = join_all(lanes(&early).into_iter().map(|lane| async move {
        let part = waves(places, name, Region::default(), lane.iter().copied()).await;
        (part, lane)
    }));
    let mut region = Region::default();
    for (part, lane) in found.await {
        region.adopt(part, &lane);
    }
    waves(places, name, region, late.into_iter()).await
}

/// Whether a table is filled with what a great many others name, or with what lies within such a table.
fn comes_of_all(table: Table) -> bool {
    const FEW: usize = 3;
    table.needs().len() > FEW || table.needs().iter().any(|need| comes_of_all(*need))
}

/// Tables that need each other in one lane, so that no lane waits for another one's slowest.
fn lanes(tables: &BTreeSet<Table>) -> Vec<BTreeSet<Table>> {
    let mut lanes: Vec<BTreeSet<Table>> = Vec::new();
    for table in tables {
        let near: BTreeSet<Table> = table.needs().iter().copied().chain([*table]).collect();
        let (joined, apart): (Vec<_>, Vec<_>) = lanes.into_iter().partition(|lane| !lane.is_disjoint(&near));
        lanes = apart;
        lanes.push(joined.into_iter().flatten().chain(near).collect());
    }
    lanes
}

/// Fills tables of one region, wave by wave, beside those that are filled already.
async fn waves(places: &Places<'_>, name: &str, mut region: Region, tables: impl Iterator<Item = Table>) -> Region {
    let (nothing, nowhere) = (Account::default(), BTreeMap::new());
    let place = places.at(name).await;
    for tables in by_depth(tables) {
        let known = Known { name, region: &region, account: &nothing, regions: &nowhere };
        let mut wave = pieces(&place, known, &places.scope, &tables);
        if tables.contains(&Table::Subnets) {
            let named = network::named(&references(&region).collect::<Vec<_>>());
            wave.push(Piece::new(NETWORK, guarded(network::network(&place, named), network::lost)));
        }
        let filled_by: BTreeSet<Table> = wave.iter().flat_map(|piece| piece.tables.clone()).collect();
        let filled = filled(&places.scope, &places.asking, name, wave).await;
        region.adopt(filled, &filled_by);
    }
    region
}

/// Fills what the regions tell once the account and all regions are seen, wave by wave.
async fn add_context(places: &Places<'_>, snapshot: &mut Snapshot, tables: Vec<Table>) {
    for wave in by_depth(tables.into_iter()) {
        for (region, filled) in context(places, snapshot, &wave).await {
            snapshot.regions.entry(region).or_default().adopt(filled, &wave);
        }
    }
}

/// Fills what belongs to the account and follows from what was seen before.
async fn add_to_account(places: &Places<'_>, snapshot: &mut Snapshot, tables: &BTreeSet<Table>) {
    let seen = &*snapshot;
    let follow_ups = [
        Piece::new([Table::Buckets], async {
            let buckets = guarded(ml_buckets(places, seen), nothing).await;
            |account: &mut Account| account.buckets = buckets
        }),
        Piece::new([Table::TrailBuckets], async {
            let buckets = guarded(trail_buckets(places, &seen.account.trails), nothing).await;
            |account: &mut Account| account.trail_buckets = buckets
        }),
        Piece::new([Table::BucketSettings], async {
            let settings = guarded(settings_of(places, &seen.account.buckets), nothing).await;
            |account: &mut Account| account.bucket_settings = settings
        }),
        Piece::new([Table::ServicesUsed], async {
            let used = match places.scope.leaves_out(Table::ServicesUsed) {
                Some(gap) => nothing(gap),
                None => guarded(roles_used(places, seen), nothing).await,
            };
            |account: &mut Account| account.services_used = used
        }),
    ];
    let wanted = follow_ups.into_iter().filter(|piece| piece.tables.is_subset(tables)).collect();
    let found = filled(&places.scope, &places.asking, GLOBAL, wanted).await;
    snapshot.account.adopt(found, tables);
}

/// What a region tells once the account and all regions are seen: one wave of it.
async fn context(places: &Places<'_>, snapshot: &Snapshot, tables: &BTreeSet<Table>) -> Vec<(String, Region)> {
    let in_region = snapshot.regions.iter().map(|(name, region)| async move {
        let place = places.at(name).await;
        let known = Known { name, region, account: &snapshot.account, regions: &snapshot.regions };
        let filled = filled(&places.scope, &places.asking, name, pieces(&place, known, &places.scope, tables)).await;
        (name.clone(), filled)
    });
    join_all(in_region).await
}

const PRINCIPALS: [Table; 4] = [Table::Users, Table::Groups, Table::Roles, Table::Policies];

/// What belongs to the account as a whole, buckets apart.
async fn account(places: &Places<'_>, regions: &[String], tables: &BTreeSet<Table>) -> Account {
    let id = places.scope.account.as_str();
    let home = &places.home();
    let partition = &places.partition();
    let all = [
        Piece::new(PRINCIPALS, async {
            let found = guarded(iam::principals(partition), iam::Principals::lost).await;
            |account: &mut Account| {
                account.users = found.users;
                account.groups = found.groups;
                account.roles = found.roles;
                account.policies = found.policies;
            }
        }),
        Piece::new([Table::Summary], async {
            let summary = guarded(iam::summary(partition), Seen::Unseen).await;
            |account: &mut Account| account.summary = summary
        }),
        Piece::new([Table::PasswordPolicy], async {
            let policy = guarded(iam::password_policy(partition), Seen::Unseen).await;
            |account: &mut Account| account.password_policy = policy
        }),
        Piece::new([Table::Credentials], async {
            let report = guarded(iam::credentials(partition), nothing).await;
            |account: &mut Account| account.credentials = report
        }),
        Piece::new([Table::PublicAccessBlock], async {
            let place = places.at(home).await;
            let block = guarded(buckets::account_block(&place, id), Seen::Unseen).await;
            |account: &mut Account| account.public_access_block = block
        }),
        Piece::new([Table::Trails], async {
            let trails = guarded(all_trails(places, regions), nothing).await;
            |account: &mut Account| account.trails = trails
        }),
        Piece::new([Table::EventDataStores], async {
            let stores = guarded(all_stores(places, regions), nothing).await;
            |account: &mut Account| account.event_data_stores = stores
        }),
        Piece::new([Table::Organization], async {
            let organization = guarded(organization::organization(partition, id), Seen::Unseen).await;
            |account: &mut Account| account.organization = organization
        }),
        Piece::new([Table::Budgets], async {
            let budgets = guarded(costs::budgets(partition, id), nothing).await;
            |account: &mut Account| account.budgets = budgets
        }),
        Piece::new([Table::AnomalyMonitors], async {
            let monitors = guarded(costs::anomaly_monitors(partition), nothing).await;
            |account: &mut Account| account.anomaly_monitors = monitors
        }),
    ];
    let wanted = all.into_iter().filter(|piece| !piece.tables.is_disjoint(tables)).collect();
    filled(&places.scope, &places.asking, GLOBAL, wanted).await
}

/// Every trail once, however many regions show it; status and selectors asked in its home region.
async fn all_trails(places: &Places<'_>, regions: &[String]) -> Listed<Trail> {
    let shown = join_all(regions.iter().map(|region| async { trails::shown(&*places.at(region).await).await })).await;
    let missing = shown.iter().find_map(|listed| listed.missing.clone());
    let mut each: BTreeMap<String, trails::Shown> = BTreeMap::new();
    for trail in shown.into_iter().flat_map(|listed| listed.items).filter(|trail| !trail.arn.is_empty()) {
        each.entry(trail.arn.clone()).or_insert(trail);
    }
    let items = join_all(each.values().map(|trail| async {
        let home = trail.home.as_deref().or(regions.first().map(String::as_str)).unwrap_or("us-east-1");
        trails::trail(&*places.at(home).await, trail).await
    }));
    Listed { items: items.await, missing }
}

async fn all_stores(places: &Places<'_>, regions: &[String]) -> Listed<EventDataStore> {
    let of_regions =
        join_all(regions.iter().map(|region| async { trails::stores(&*places.at(region).await).await })).await;
    let mut all = Listed::complete(Vec::new());
    for listed in of_regions {
        all.items.extend(listed.items);
        all.missing = all.missing.or(listed.missing);
    }
    all
}

/// The buckets that resources of any region name, each asked in its own region.
async fn ml_buckets(places: &Places<'_>, snapshot: &Snapshot) -> Listed<Bucket> {
    let (mut names, mut missing) = (BTreeSet::<String>::new(), None);
    for reference in snapshot.regions.values().flat_map(references).filter(|r| r.what == What::Data) {
        match reference.value {
            Ok(uri) => names.extend(bucket_of(uri).map(str::to_owned)),
            Err(gap) => missing = missing.or_else(|| Some(gap.clone())),
        }
    }
    buckets_named(places, names, missing).await
}

/// The buckets that trails write to.
async fn trail_buckets(places: &Places<'_>, trails: &Listed<Trail>) -> Listed<Bucket> {
    let (mut names, mut missing) = (BTreeSet::<String>::new(), trails.missing.clone());
    for trail in trails.iter() {
        names.extend(trail.bucket.shown().cloned());
        missing = missing.or_else(|| trail.bucket.gap().cloned());
    }
    buckets_named(places, names, missing).await
}

/// Buckets by name, each asked in its own region.
async fn buckets_named(places: &Places<'_>, names: BTreeSet<String>, missing: Option<Gap>) -> Listed<Bucket> {
    let Some(home) = places.config.region().filter(|_| !names.is_empty()) else {
        return Listed { items: Vec::new(), missing };
    };
    let home = places.at(home.as_ref()).await;
    let own = buckets::own(&home).await;
    let asked = names.iter().map(|name| async {
        let region = match own.homes.get(name) {
            Some(Some(region)) => Seen::Is(region.clone()),
            _ => buckets::locate(&home, name).await,
        };
        let bucket = match region.shown() {
            Some(in_region) => {
                let place = places.at(in_region).await;
                let lost = |gap| buckets::lost(name, Seen::Unseen(gap));
                guarded(buckets::bucket(&place, name, region.clone()), lost).await
            }
            None => buckets::lost(name, region),
        };
        Bucket { owned: own.has(name), ..bucket }
    });
    let asked = futures_util::stream::iter(asked.collect::<Vec<_>>()).buffered(16).collect().await;
    Listed { items: asked, missing }
}

/// What else is set for these buckets, each asked in its own region.
async fn settings_of(places: &Places<'_>, buckets: &Listed<Bucket>) -> Listed<BucketSettings> {
    let asked = buckets.iter().map(|bucket| async {
        match &bucket.region {
            Seen::Is(region) => buckets::settings(&*places.at(region).await, &bucket.name).await,
            Seen::Unset => {
                let gap = Gap::new(Reason::Skipped, format!("bucket {} does not exist", bucket.name));
                buckets::no_settings(&bucket.name, &gap)
            }
            Seen::Unseen(gap) => buckets::no_settings(&bucket.name, gap),
        }
    });
    let items = futures_util::stream::iter(asked.collect::<Vec<_>>()).buffered(16).collect().await;
    Listed { items, missing: buckets.missing.clone() }
}

/// What the roles that resources of any region name really used.
async fn roles_used(places: &Places<'_>, snapshot: &Snapshot) -> Listed<RoleUse> {
    let (mut roles, mut missing) = (BTreeSet::new(), None);
    let own = format!("::{}:role/", snapshot.scan.account);
    for reference in snapshot.regions.values().flat_map(references).filter(|r| r.what == What::Role) {
        match reference.value {
            // Of roles of other accounts nobody tells.
            Ok(arn) if arn.contains(&own) => drop(roles.insert(arn)),
            Ok(_) => {}
            Err(gap) => missing = missing.or_else(|| Some(gap.clone())),
        }
    }
    Listed { items: iam::services_used(&places.partition(), roles).await, missing }
}

/// The keys that resources and their buckets name, filed under the region of whoever names them.
async fn ml_keys(places: &Places<'_>, snapshot: &mut Snapshot) {
    let mut named: BTreeMap<String, (BTreeSet<String>, Option<Gap>)> = BTreeMap::new();
    for (name, region) in &snapshot.regions {
        let (keys, missing) = named.entry(name.clone()).or_default();
        for reference in references(region).chain(context_references(region)).filter(|r| r.what == What::Key) {
            match reference.value {
                Ok(key) => drop(keys.insert(key.to_owned())),
                Err(gap) => *missing = missing.take().or_else(|| Some(gap.clone())),
            }
        }
    }
    // Buckets that were not seen might lie in any region.
    if let Some(gap) = &snapshot.account.buckets.missing {
        named.values_mut().for_each(|(_, missing)| *missing = missing.take().or_else(|| Some(gap.clone())));
    }
    for bucket in snapshot.account.buckets.iter() {
        // A bucket may lie in a region that is not scanned; its key then goes with the first one that is.
        let home = bucket.region.shown().filter(|region| named.contains_key(*region));
        let Some(region) = home.or_else(|| named.keys().next()).cloned() else { continue };
        let (keys, missing) = named.entry(region).or_default();
        match &bucket.encryption {
            Seen::Is(encryption) => keys.extend(encryption.key.clone()),
            // Which key somebody else's bucket has is theirs to know.
            Seen::Unseen(gap) if bucket.owned.shown() != Some(&false) => {
                *missing = missing.take().or_else(|| Some(gap.clone()));
            }
            Seen::Unset | Seen::Unseen(_) => {}
        }
    }
    let asked = named.into_iter().map(|(region, (references, missing))| async move {
        let work = async {
            let mut by_region: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for reference in &references {
                by_region.entry(keys::region_of(reference).unwrap_or(&region)).or_default().push(reference);
            }
            let mut items = Vec::new();
            for (at, references) in by_region {
                items.extend(keys::keys(&*places.at(at).await, references).await);
            }
            let keys = Listed { items, missing };
            |region: &mut Region| region.keys = keys
        };
        let found = filled(&places.scope, &places.asking, &region, vec![Piece::new([Table::Keys], work)]).await;
        (region.clone(), found.keys)
    });
    for (region, listed) in join_all(asked).await {
        if let Some(region) = snapshot.regions.get_mut(&region) {
            region.keys = listed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_one_lane_and_what_it_needs_is_in_it() {
        let own = Table::ALL.iter().copied().filter(|table| !table.of_account() && !table.follows_the_account());
        let early: BTreeSet<Table> = own.filter(|table| !comes_of_all(*table)).collect();
        let lanes = lanes(&early);
        for table in &early {
            let at: Vec<_> = lanes.iter().filter(|lane| lane.contains(table)).collect();
            assert_eq!(at.len(), 1, "{table:?}");
            assert!(table.needs().iter().all(|need| at[0].contains(need)), "{table:?}");
        }
        assert_eq!(lanes.iter().map(BTreeSet::len).sum::<usize>(), early.len());
        // Mount targets do not wait for the jobs.
        let of = |table| lanes.iter().find(|lane| lane.contains(&table));
        assert_ne!(of(Table::MountTargets), of(Table::TrainingJobs));
        assert!(comes_of_all(Table::Subnets) && comes_of_all(Table::EcrScanning));
    }
}
