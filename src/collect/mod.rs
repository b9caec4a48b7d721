//! Looks at a live account and writes down what it saw: the only place that links the AWS SDK.
//!
//! One scan is a few waves, each as wide as pacing allows: SageMaker's own resources in every region beside IAM and the
//! trails; then the networks, buckets and whatever else those resources name; at last the keys that all of them name.
//! Nothing is judged here, and nothing is an error that leaves something to report: a refusal becomes a gap.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use aws_config::SdkConfig;
use futures_util::StreamExt;
use futures_util::future::{BoxFuture, join_all};
use jiff::{Timestamp, ToSpan};
use sagescan_checks::engine::{GLOBAL, What, bucket_of, context_references, references};
use sagescan_checks::snapshot as model;
use sagescan_checks::snapshot::{Account, FORMAT, Gap, Known, Listed, Region, Scan, Seen, Snapshot, Table};
use sagescan_checks::with_all_records;
use tokio::sync::watch;
use tokio::time::Instant;

mod ask;
mod buckets;
mod call;
mod iam;
mod json;
mod keys;
mod ledger;
mod limits;
mod network;
mod organization;
mod places;
mod records;
mod trails;
mod translate;
mod whole;

use ask::{Asker, Asking};
pub use call::Call;
use places::Place;

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
    /// Multiplies the starting rate of every call; 1 for AWS itself.
    pub pace: f64,
    /// How many resources of a type are looked at in a region, the newest first where AWS sorts so; the rest is unseen.
    pub max_per_type: Option<usize>,
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
        Table::Subnets => network::OF_SUBNETS,
        Table::SecurityGroups => network::OF_GROUPS,
        Table::Vpcs => network::OF_VPCS,
        Table::RouteTables => network::OF_ROUTE_TABLES,
        Table::NatGateways => network::OF_NATS,
        Table::InternetGateways => network::OF_INTERNET_GATEWAYS,
        Table::NetworkAcls => network::OF_ACLS,
        Table::VpcEndpoints => network::OF_ENDPOINTS,
        Table::FlowLogs => network::OF_FLOW_LOGS,
        Table::Buckets => buckets::BUCKETS,
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
    signer: Arc<json::Signer>,
    started: Timestamp,
    jobs_since: Timestamp,
    max_per_type: Option<usize>,
}

/// The clients of every region that turns out to matter, made on demand.
struct Places<'a> {
    config: &'a SdkConfig,
    asking: Arc<Asking>,
    scope: Scope,
    made: tokio::sync::Mutex<BTreeMap<String, Arc<Place>>>,
}

impl Places<'_> {
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
    let started = Timestamp::now();
    let tables = closure(&request.tables);
    if let Regions::These(regions) = &request.regions
        && let Some(bad) = regions.iter().find(|r| !looks_like_a_region(r))
    {
        return Err(CollectError::BadRegion(bad.clone()));
    }
    let config = places::configuration(&request).await?;
    if request.endpoint.is_none() {
        for (host, services) in places::custom_endpoints(&config) {
            progress.warning(&format!("signed requests go to {host} instead of AWS ({})", services.join(", ")));
        }
    }
    places::credentials(&config, &request).await?;
    let asking = Arc::new(Asking {
        limits: limits::Limits::new(request.pace),
        ledger: ledger::Ledger::default(),
        progress: progress.clone(),
        call_timeout: request.call_timeout,
        deadline: Instant::now() + request.timeout,
        stop: stop.clone(),
        expired: AtomicBool::new(false),
    });
    let everywhere = Arc::new(Asker::new(asking.clone(), GLOBAL));
    let config = match (config.region(), &request.regions) {
        (Some(_), _) => config,
        // Any region does to ask who is asking, and which regions there are.
        (None, Regions::All) => config.to_builder().region(aws_config::Region::new("us-east-1")).build(),
        (None, _) => return Err(CollectError::NoRegion),
    };
    let who = places::identity(&config, &everywhere).await?;
    let regions = regions(&request, &config, &everywhere, &*progress).await?;
    let jobs_since =
        started.saturating_sub((i64::from(request.jobs_since_days) * 24).hours()).unwrap_or(Timestamp::MIN);
    let nobody = || CollectError::NoCredentials("no provider is configured".to_owned());
    let signer = json::Signer::new(&config).ok_or_else(nobody)?;
    let places = Places {
        config: &config,
        asking: asking.clone(),
        scope: Scope { signer, started, jobs_since, max_per_type: request.max_per_type },
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
        join_all(regions.iter().map(|region| async {
            let place = places.at(region).await;
            (region.clone(), estate(&place, region, &tables).await)
        })),
        account(&places, &everywhere, &regions, &tables, &who.account),
    );
    snapshot.regions = found.into_iter().collect();
    snapshot.account = account;
    if tables.contains(&Table::Buckets) {
        snapshot.account.buckets = ml_buckets(&places, &snapshot).await;
    }
    if tables.contains(&Table::ServicesUsed) {
        snapshot.account.services_used = roles_used(&places, &everywhere, &snapshot).await;
    }
    let follows = |table: &Table| *table != Table::Keys && !table.of_account() && table.follows_the_account();
    for wave in by_depth(tables.iter().copied().filter(follows)) {
        let filled = context(&places, &snapshot, &wave).await;
        for (region, fills) in filled {
            let region = snapshot.regions.entry(region).or_default();
            fills.into_iter().for_each(|fill| fill(region));
        }
    }
    if tables.contains(&Table::Keys) {
        ml_keys(&places, &mut snapshot).await;
    }
    drop(places);
    snapshot.scan.interrupted = interruption(&asking, &stop);
    (snapshot.scan.api_calls, snapshot.scan.throttled) = asking.ledger.totals();
    drop(everywhere);
    if let Some(asking) = Arc::into_inner(asking) {
        snapshot.coverage = asking.ledger.into_coverage(&who.account);
    }
    snapshot.scan.finished = Timestamp::now();
    Ok(snapshot)
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

/// Region names are lower-case words and numbers with dashes; anything else would end up in a host name.
fn looks_like_a_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    parts.len() >= 3
        && parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        && parts.last().is_some_and(|p| p.bytes().all(|b| b.is_ascii_digit()))
}

/// The regions to look at, sorted, each once.
async fn regions(
    request: &Request,
    config: &SdkConfig,
    asker: &Arc<Asker>,
    progress: &dyn Progress,
) -> Result<Vec<String>, CollectError> {
    let home = || config.region().map(|r| r.as_ref().to_owned());
    match &request.regions {
        Regions::Default => Ok(home().into_iter().collect()),
        Regions::All => match places::enabled_regions(config, asker).await {
            Seen::Is(all) if !all.is_empty() => Ok(all),
            other => {
                let why = other.gap().map_or_else(|| "no region was named".to_owned(), Gap::to_string);
                progress
                    .note(&format!("the enabled regions are not known ({why}); looking at the configured one only"));
                Ok(home().into_iter().collect())
            }
        },
        Regions::These(names) => {
            let names: BTreeSet<String> = names.iter().cloned().collect();
            // A wrong name deserves an error, a disabled region a gap: the list of enabled regions tells, if readable.
            if let Seen::Is(all) = places::enabled_regions(config, asker).await
                && let Some(name) = names.iter().find(|n| !all.contains(n))
            {
                let known = |n: &String| strsim::damerau_levenshtein(n, name);
                match all.iter().min_by_key(|n| known(n)) {
                    Some(near) if known(near) <= 2 => {
                        let hint = format!("; did you mean `{near}`?");
                        return Err(CollectError::UnknownRegion { name: name.clone(), hint });
                    }
                    _ => progress.note(&format!("region {name} is not among those enabled for the account")),
                }
            }
            Ok(names.into_iter().collect())
        }
    }
}

/// Puts a table in its place.
type Fill = Box<dyn FnOnce(&mut Region) + Send>;

/// The collection of some tables of records.
fn fillers<'a>(place: &'a Place, known: Known<'a>, tables: &BTreeSet<Table>) -> Vec<BoxFuture<'a, Fill>> {
    let mut all: Vec<BoxFuture<'a, Fill>> = Vec::new();
    macro_rules! filler {
        ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => { $(
            if tables.contains(&Table::$table) {
                all.push(Box::pin(async move {
                    let table = records::all::<model::$record>(place, &known).await;
                    let fill: Fill = Box::new(move |region| region.$key = table);
                    fill
                }));
            }
        )* };
    }
    with_all_records!(filler);
    all
}

/// Tables of records in the order of their needs: what lies within something comes after it.
fn by_depth(tables: impl Iterator<Item = Table>) -> Vec<BTreeSet<Table>> {
    let mut by_depth: BTreeMap<usize, BTreeSet<Table>> = BTreeMap::new();
    for table in tables {
        by_depth.entry(table.depth()).or_default().insert(table);
    }
    by_depth.into_values().collect()
}

/// What one region tells by itself: SageMaker's own resources, then the networks and other things that they name.
async fn estate(place: &Place, name: &str, tables: &BTreeSet<Table>) -> Region {
    let (nothing, nowhere) = (Account::default(), BTreeMap::new());
    let mut region = Region::default();
    let here = |table: &Table| !table.of_account() && !table.follows_the_account();
    for tables in by_depth(tables.iter().copied().filter(here)) {
        let known = Known { name, region: &region, account: &nothing, regions: &nowhere };
        let mut wave = fillers(place, known, &tables);
        if tables.contains(&Table::Subnets) {
            let named = network::named(&references(&region).collect::<Vec<_>>());
            wave.push(Box::pin(network::network(place, named)));
        }
        let filled = join_all(wave).await;
        filled.into_iter().for_each(|fill| fill(&mut region));
    }
    region
}

/// What a region tells once the account and all regions are seen: one wave of it.
async fn context(places: &Places<'_>, snapshot: &Snapshot, tables: &BTreeSet<Table>) -> Vec<(String, Vec<Fill>)> {
    let in_region = snapshot.regions.iter().map(|(name, region)| async move {
        let place = places.at(name).await;
        let known = Known { name, region, account: &snapshot.account, regions: &snapshot.regions };
        let filled = join_all(fillers(&place, known, tables)).await;
        (name.clone(), filled)
    });
    join_all(in_region).await
}

/// What belongs to the account as a whole, buckets apart.
async fn account(
    places: &Places<'_>,
    everywhere: &Asker,
    regions: &[String],
    tables: &BTreeSet<Table>,
    id: &str,
) -> Account {
    let mut account = Account::default();
    let wants = |table| tables.contains(&table);
    let iam = aws_sdk_iam::config::Builder::from(places.config).interceptor(whole::Whole).build();
    let iam = aws_sdk_iam::Client::from_conf(iam);
    let principals = async {
        let any = [Table::Users, Table::Groups, Table::Roles, Table::Policies].into_iter().any(wants);
        if any { Some(iam::principals(everywhere, &iam).await) } else { None }
    };
    let summary = async { if wants(Table::Summary) { iam::summary(everywhere, &iam).await } else { Seen::default() } };
    let passwords = async {
        if wants(Table::PasswordPolicy) { iam::password_policy(everywhere, &iam).await } else { Seen::default() }
    };
    let credentials =
        async { if wants(Table::Credentials) { iam::credentials(everywhere, &iam).await } else { Listed::default() } };
    let block = async {
        let Some(home) = places.config.region().filter(|_| wants(Table::PublicAccessBlock)) else {
            return Seen::default();
        };
        let place = places.at(home.as_ref()).await;
        buckets::account_block(&place, &s3control(places.config), id).await
    };
    let trails = async { if wants(Table::Trails) { all_trails(places, regions).await } else { Listed::default() } };
    let stores =
        async { if wants(Table::EventDataStores) { all_stores(places, regions).await } else { Listed::default() } };
    let organization = async {
        let Some(home) = places.config.region().filter(|_| wants(Table::Organization)) else {
            return Seen::default();
        };
        let everywhere = Asker::new(places.asking.clone(), GLOBAL);
        let place = Place::new(places.config, home.as_ref(), everywhere, &places.scope);
        organization::organization(&place, id).await
    };
    let (principals, summary, passwords, credentials, block, trails, stores, organization) =
        tokio::join!(principals, summary, passwords, credentials, block, trails, stores, organization);
    if let Some(principals) = principals {
        account.users = principals.users;
        account.groups = principals.groups;
        account.roles = principals.roles;
        account.policies = principals.policies;
    }
    account.organization = organization;
    account.summary = summary;
    account.password_policy = passwords;
    account.credentials = credentials;
    account.public_access_block = block;
    account.trails = trails;
    account.event_data_stores = stores;
    account
}

/// The S3 Control client. AWS puts the account id in front of the host name; a custom endpoint has no such name.
fn s3control(config: &SdkConfig) -> aws_sdk_s3control::Client {
    use aws_sdk_s3control::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};

    #[derive(Debug)]
    struct Fixed(String);
    impl ResolveEndpoint for Fixed {
        fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
            EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
        }
    }

    let builder = aws_sdk_s3control::config::Builder::from(config).interceptor(whole::Whole);
    let builder = match places::endpoint_of(config, "S3 Control") {
        None => builder,
        Some(url) => builder.endpoint_resolver(Fixed(url)),
    };
    aws_sdk_s3control::Client::from_conf(builder.build())
}

/// Every trail once, however many regions show it; status and selectors asked in its home region.
async fn all_trails(places: &Places<'_>, regions: &[String]) -> Listed<sagescan_checks::snapshot::Trail> {
    let shown = join_all(regions.iter().map(|region| async { trails::shown(&*places.at(region).await).await })).await;
    let missing = shown.iter().find_map(|listed| listed.missing.clone());
    let mut each: BTreeMap<String, aws_sdk_cloudtrail::types::Trail> = BTreeMap::new();
    for trail in shown.into_iter().flat_map(|listed| listed.items) {
        if let Some(arn) = trail.trail_arn().map(str::to_owned) {
            each.entry(arn).or_insert(trail);
        }
    }
    let items = join_all(each.values().map(|trail| async {
        let home = places.at(trail.home_region().unwrap_or(regions.first().map_or("us-east-1", String::as_str))).await;
        trails::trail(&home, trail).await
    }));
    Listed { items: items.await, missing }
}

async fn all_stores(places: &Places<'_>, regions: &[String]) -> Listed<sagescan_checks::snapshot::EventDataStore> {
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
async fn ml_buckets(places: &Places<'_>, snapshot: &Snapshot) -> Listed<sagescan_checks::snapshot::Bucket> {
    let (mut names, mut missing) = (BTreeSet::<String>::new(), None);
    for reference in snapshot.regions.values().flat_map(references).filter(|r| r.what == What::Data) {
        match reference.value {
            Ok(uri) => names.extend(bucket_of(uri).map(str::to_owned)),
            Err(gap) => missing = missing.or_else(|| Some(gap.clone())),
        }
    }
    let Some(home) = places.config.region().filter(|_| !names.is_empty()) else {
        return Listed { items: Vec::new(), missing };
    };
    let home = places.at(home.as_ref()).await;
    let homes = buckets::homes(&home).await;
    let asked = names.iter().map(|name| async {
        let region = match homes.get(name) {
            Some(region) => Seen::Is(region.clone()),
            None => buckets::locate(&home, name).await,
        };
        match region.shown() {
            Some(in_region) => buckets::bucket(&*places.at(in_region).await, name, region.clone()).await,
            None => buckets::lost(name, region),
        }
    });
    let asked = futures_util::stream::iter(asked.collect::<Vec<_>>()).buffered(16).collect().await;
    Listed { items: asked, missing }
}

/// What the roles that resources of any region name really used.
async fn roles_used(places: &Places<'_>, everywhere: &Asker, snapshot: &Snapshot) -> Listed<model::RoleUse> {
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
    let iam = aws_sdk_iam::config::Builder::from(places.config).interceptor(whole::Whole).build();
    let iam = aws_sdk_iam::Client::from_conf(iam);
    Listed { items: iam::services_used(everywhere, &iam, roles).await, missing }
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
    for bucket in snapshot.account.buckets.iter() {
        let Some(key) = bucket.encryption.shown().and_then(|e| e.key.clone()) else { continue };
        // A bucket may lie in a region that is not scanned; its key then goes with the first one that is.
        let region = bucket.region.shown().filter(|r| named.contains_key(*r)).or_else(|| named.keys().next()).cloned();
        if let Some(region) = region {
            named.entry(region).or_default().0.insert(key);
        }
    }
    let asked = named.into_iter().map(|(region, (references, missing))| async move {
        let mut by_region: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for reference in &references {
            by_region.entry(keys::region_of(reference).unwrap_or(&region)).or_default().push(reference);
        }
        let mut items = Vec::new();
        for (at, references) in by_region {
            items.extend(keys::keys(&*places.at(at).await, references).await);
        }
        (region, Listed { items, missing })
    });
    for (region, listed) in join_all(asked).await {
        if let Some(region) = snapshot.regions.get_mut(&region) {
            region.keys = listed;
        }
    }
}
