//! Counts what there is, a call or two for each type and region, and looks at nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::join_all;
use jiff::Timestamp;
use sagescan_checks::snapshot::{Account, Coverage, Gap, Known, Reason, Region, Table};
use serde::Serialize;
use tokio::sync::watch;

use super::kind::{self, Kind};
use super::memory::Memory;
use super::start::{Start, start};
use super::{CollectError, Progress, Request, Scope, client, interruption, places::Place, records};
use crate::collect::ask::Asker;

/// The types that tell whether SageMaker is used in a region at all.
const PROBED: [Table; 12] = [
    Table::Notebooks,
    Table::Domains,
    Table::Models,
    Table::Endpoints,
    Table::EndpointConfigs,
    Table::TrainingJobs,
    Table::ProcessingJobs,
    Table::Pipelines,
    Table::FeatureGroups,
    Table::ModelPackageGroups,
    Table::Clusters,
    Table::MlflowTrackingServers,
];

/// How many there are of a type in a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// So many.
    Exactly(u64),
    /// So many at least.
    AtLeast(u64),
    /// Nobody knows, and why.
    Unseen(Gap),
}

/// What there is of SageMaker in an account.
#[derive(Debug, Clone, Serialize)]
pub struct Census {
    /// Always `sagescan/census/v1`.
    pub format: &'static str,
    /// The account id.
    pub account: String,
    /// The ARN of the identity that looked.
    pub caller: String,
    /// When the first call was made.
    pub started: Timestamp,
    /// Requests sent, retries included.
    pub api_calls: u64,
    /// Why counting ended early, if it did.
    pub interrupted: Option<String>,
    /// Counts by region and table.
    pub regions: BTreeMap<String, BTreeMap<Table, Count>>,
    /// Tables that were not counted: children of others, or more than a probe asks for.
    pub not_counted: Vec<Table>,
    /// The ledger of what was asked.
    pub coverage: Vec<Coverage>,
}

/// Counts what there is. With `probe` only the twelve types that tell whether a region is used.
///
/// # Errors
/// As [`collect`](super::collect()).
pub async fn census(
    request: Request,
    probe: bool,
    progress: Arc<dyn Progress>,
    stop: watch::Receiver<bool>,
) -> Result<Census, CollectError> {
    let Start { config, asking, everywhere, who, regions } = start(&request, &progress, &stop).await?;
    let signer = client::Signer::new(&config).ok_or_else(|| CollectError::NoCredentials("no provider".to_owned()))?;
    let started = Timestamp::now();
    let scope = Scope {
        account: who.account.clone(),
        signer,
        started,
        jobs_since: Timestamp::MIN,
        max_per_type: None,
        memory: Arc::new(Memory::default()),
        unasked: Vec::new(),
    };
    // What lies within something else cannot be counted in a call or two.
    let wanted = |table: &Table| table.needs().is_empty() && (!probe || PROBED.contains(table));
    let (counted, not_counted): (Vec<Table>, Vec<Table>) = Table::WORKLOADS.iter().partition(|table| wanted(table));
    let kinds: Vec<&Kind> = counted.into_iter().filter_map(kind::of).collect();
    let in_regions = regions.iter().map(|region| {
        let place = Place::new(&config, region, Asker::new(asking.clone(), region), &scope);
        let kinds = &kinds;
        async move {
            let counts = join_all(kinds.iter().map(|kind| count(&place, kind))).await;
            let tables = kinds.iter().map(|kind| kind.spec.table);
            (region.clone(), tables.zip(counts).collect::<BTreeMap<Table, Count>>())
        }
    });
    let regions = join_all(in_regions).await.into_iter().collect();
    for taken in asking.limits.taken().await {
        progress.detail(&format!("pace: {taken}"));
    }
    let interrupted = interruption(&asking, &stop);
    let (api_calls, _) = asking.ledger.totals();
    drop(everywhere);
    let coverage = Arc::into_inner(asking).map(|asking| asking.ledger.into_coverage(&who.account)).unwrap_or_default();
    let account = who.account;
    Ok(Census {
        format: "sagescan/census/v1",
        account,
        caller: who.arn,
        started,
        api_calls,
        interrupted,
        regions,
        not_counted,
        coverage,
    })
}

/// One page of the list, and where that is not all, what the index counts.
async fn count(place: &Place, kind: &Kind) -> Count {
    let (region, account, regions) = (Region::default(), Account::default(), BTreeMap::new());
    let known = Known { name: place.region(), region: &region, account: &account, regions: &regions };
    let (listed, more) = match records::first_pages(place, &kind.spec, &known).await {
        Ok(found) => found,
        Err(gap) => return Count::Unseen(gap),
    };
    if !more {
        return Count::Exactly(listed);
    }
    match kind.spec.search.filter(|search| search.whole) {
        None => Count::AtLeast(listed),
        Some(search) => match records::older(place, &search, place.started).await {
            (count, true) if count >= listed => Count::Exactly(count),
            (count, _) => Count::AtLeast(count.max(listed)),
        },
    }
}

impl Census {
    /// Whether anything was answered.
    pub fn saw_anything(&self) -> bool {
        self.regions.values().flat_map(BTreeMap::values).any(|count| !matches!(count, Count::Unseen(_)))
    }

    /// The gaps, each once, with the types and regions that it hides.
    pub fn gaps(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (region, counts) in &self.regions {
            for (table, count) in counts {
                match count {
                    Count::Unseen(gap) if gap.reason == Reason::NotOffered => {
                        all.entry("the region does not offer it".to_owned()).or_default()
                    }
                    Count::Unseen(gap) => all.entry(gap.to_string()).or_default(),
                    _ => continue,
                }
                .insert(format!("{} in {region}", table.key()));
            }
        }
        all
    }
}
