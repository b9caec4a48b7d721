//! Fills the tables of a snapshot, wave by wave: what follows from something is asked when that is seen.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{BoxFuture, join_all};
use sagescan_checks::engine::{GLOBAL, What, bucket_of, references};
use sagescan_checks::snapshot::{Account, Gap, Known, Listed, Reason, Region, Seen, Snapshot, Table, Tables, Trail};

use super::ask::{Asking, guarded};
use super::call::Call;
use super::kind::{self, Kind};
use super::memory::Kept;
use super::places::Place;
use super::plan::{NETWORK, by_depth, calls_of, comes_of_all, lanes};
use super::{Places, Scope, buckets, costs, iam, network, organization, records, trails};

/// Puts tables in their place.
pub(super) type Fill<T> = Box<dyn FnOnce(&mut T) + Send>;

/// A piece of a scan: the work that fills some tables.
pub(super) struct Piece<'a, T> {
    tables: BTreeSet<Table>,
    work: BoxFuture<'a, Fill<T>>,
}

impl<'a, T> Piece<'a, T> {
    pub(super) fn new<F>(tables: impl IntoIterator<Item = Table>, work: impl Future<Output = F> + Send + 'a) -> Self
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
pub(super) async fn filled<T: Kept>(scope: &Scope, asking: &Asking, place: &str, pieces: Vec<Piece<'_, T>>) -> T {
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

/// A table of which nothing was seen.
pub(super) fn nothing<T>(gap: Gap) -> Listed<T> {
    Listed { items: Vec::new(), missing: Some(gap) }
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

/// SageMaker's own resources of a region, each beside the others and followed by what lies within it.
pub(super) async fn estate(places: &Places<'_>, name: &str, tables: &BTreeSet<Table>) -> Region {
    let early = of_regions(tables).filter(|table| !comes_of_all(*table)).collect();
    let found = join_all(lanes(&early).into_iter().map(|lane| async move {
        let part = waves(places, name, Region::default(), lane.iter().copied()).await;
        (part, lane)
    }));
    let mut region = Region::default();
    for (part, lane) in found.await {
        region.adopt(part, &lane);
    }
    region
}

/// The tables of a region that the region itself tells of.
fn of_regions(tables: &BTreeSet<Table>) -> impl Iterator<Item = Table> {
    tables.iter().copied().filter(|table| !table.of_account() && !table.follows_the_account())
}

/// Fills what all these resources name: networks and other things around them in each region, beside the account's buckets
/// and what its roles really did.
pub(super) async fn add_surroundings(places: &Places<'_>, snapshot: &mut Snapshot, tables: &BTreeSet<Table>) {
    let (buckets, roles) =
        (named(&snapshot.regions, What::Data, bucket_of), named(&snapshot.regions, What::Role, |arn| Some(arn)));
    let regions = std::mem::take(&mut snapshot.regions).into_iter().map(|(name, region)| async move {
        let late = of_regions(tables).filter(|table| comes_of_all(*table));
        let region = waves(places, &name, region, late).await;
        (name, region)
    });
    let follow_ups = follow_ups(places, &snapshot.account.trails, buckets, roles, tables);
    let (regions, (account, filled)) = tokio::join!(join_all(regions), follow_ups);
    snapshot.regions = regions.into_iter().collect();
    snapshot.account.adopt(account, &filled);
}

/// Everything of a kind that resources of any region name, each once; `of` makes the name of a reference.
fn named(regions: &BTreeMap<String, Region>, what: What, of: fn(&str) -> Option<&str>) -> Listed<String> {
    let (mut names, mut missing) = (BTreeSet::new(), None);
    for reference in regions.values().flat_map(references).filter(|reference| reference.what == what) {
        match reference.value {
            Ok(reference) => names.extend(of(reference)),
            Err(gap) => missing = missing.or_else(|| Some(gap.clone())),
        }
    }
    Listed { items: names.into_iter().map(str::to_owned).collect(), missing }
}

/// Fills tables of one region, wave by wave, beside those that are filled already.
async fn waves(places: &Places<'_>, name: &str, mut region: Region, tables: impl Iterator<Item = Table>) -> Region {
    let (nothing, nowhere) = (Account::default(), BTreeMap::new());
    let place = places.at(name).await;
    for tables in by_depth(tables) {
        let known = Known { name, region: &region, account: &nothing, regions: &nowhere };
        let mut wave = pieces(&place, known, &places.scope, &tables);
        if tables.contains(&Table::Subnets) {
            let named = network::named(&region);
            wave.push(Piece::new(NETWORK, guarded(network::network(&place, named), network::lost)));
        }
        let filled_by: BTreeSet<Table> = wave.iter().flat_map(|piece| piece.tables.clone()).collect();
        let filled = filled(&places.scope, &places.asking, name, wave).await;
        region.adopt(filled, &filled_by);
    }
    region
}

/// Fills what the regions tell once the account and all regions are seen, wave by wave.
pub(super) async fn add_context(places: &Places<'_>, snapshot: &mut Snapshot, tables: Vec<Table>) {
    for wave in by_depth(tables.into_iter()) {
        for (region, filled) in context(places, snapshot, &wave).await {
            snapshot.regions.entry(region).or_default().adopt(filled, &wave);
        }
    }
}

/// What belongs to the account and follows from what was seen before, and which tables that is.
async fn follow_ups(
    places: &Places<'_>,
    trails: &Listed<Trail>,
    buckets: Listed<String>,
    roles: Listed<String>,
    tables: &BTreeSet<Table>,
) -> (Account, BTreeSet<Table>) {
    let with_settings = tables.contains(&Table::BucketSettings);
    let of_buckets = if with_settings { &[Table::Buckets, Table::BucketSettings][..] } else { &[Table::Buckets] };
    let all = [
        Piece::new(of_buckets.iter().copied(), async {
            let lost = |gap: Gap| (nothing(gap.clone()), nothing(gap));
            let (buckets, settings) = guarded(buckets::of_resources(places, buckets, with_settings), lost).await;
            |account: &mut Account| {
                account.buckets = buckets;
                account.bucket_settings = settings;
            }
        }),
        Piece::new([Table::TrailBuckets], async {
            let buckets = guarded(buckets::of_trails(places, trails), nothing).await;
            |account: &mut Account| account.trail_buckets = buckets
        }),
        Piece::new([Table::ServicesUsed], async {
            let used = match places.scope.leaves_out(Table::ServicesUsed) {
                Some(gap) => nothing(gap),
                None => guarded(iam::roles_used(places, roles), nothing).await,
            };
            |account: &mut Account| account.services_used = used
        }),
    ];
    let wanted: Vec<_> = all.into_iter().filter(|piece| piece.tables.is_subset(tables)).collect();
    let filled_by = wanted.iter().flat_map(|piece| piece.tables.clone()).collect();
    (filled(&places.scope, &places.asking, GLOBAL, wanted).await, filled_by)
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
pub(super) async fn account(places: &Places<'_>, regions: &[String], tables: &BTreeSet<Table>) -> Account {
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
            let trails = guarded(trails::of_regions(places, regions), nothing).await;
            |account: &mut Account| account.trails = trails
        }),
        Piece::new([Table::EventDataStores], async {
            let stores = guarded(trails::stores_of_regions(places, regions), nothing).await;
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
