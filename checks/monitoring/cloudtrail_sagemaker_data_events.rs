use super::selectors::{Recorded, data};
use crate::prelude::*;

pub(super) struct CloudtrailSagemakerDataEvents;

/// The resource types whose data events count, and what their events tell.
const KINDS: [(&str, &str); 2] = [
    ("AWS::SageMaker::Endpoint", "who called endpoints"),
    ("AWS::SageMaker::FeatureGroup", "who read or wrote features"),
];

impl Check for CloudtrailSagemakerDataEvents {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "cloudtrail-sagemaker-data-events",
        title: "Calls of endpoints and feature groups are recorded as data events",
        severity: Severity::Medium,
        reads: &[Table::Trails, Table::EventDataStores],
        practices: &["LOG-1", "EX-5"],
        page: include_str!("cloudtrail_sagemaker_data_events.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, account: &Account, here: &Here<'_>) -> Judged {
        let trails = account.trails.iter().map(of_trail);
        let stores = account.event_data_stores.iter().map(of_store);
        let (mut sources, mut gap) = (Vec::new(), None);
        for source in trails.chain(stores) {
            match source {
                Ok(source) => sources.extend(source),
                Err(unseen) => gap = gap.or(Some(unseen)),
            }
        }
        let mut missing = Vec::new();
        let mut nothing = false;
        for (index, (kind, tells)) in KINDS.iter().enumerate() {
            let short = shortfall(&sources, index, &here.world.snapshot.scan.regions);
            if !short.places.is_empty() {
                nothing |= short.nothing;
                let how = if short.nothing { "not recorded" } else { "recorded in part only" };
                missing.push(format!("{tells} ({kind}) is {how} in {}", short.places.join(", ")));
            }
        }
        if missing.is_empty() {
            return Ok(pass("data events of endpoints and feature groups are recorded"));
        }
        if let Some(unseen) = gap {
            return Err(unseen);
        }
        account.trails.all()?;
        account.event_data_stores.all()?;
        let verdict = fail(missing.join("; ")).with("missing", missing);
        Ok(if nothing { verdict } else { verdict.severity(Severity::Low) })
    }
}

/// A trail or event data store that works: where, and what it records of each of the [`KINDS`].
struct Source<'w> {
    /// `None` is every region.
    region: Option<&'w str>,
    recorded: [Recorded; 2],
}

fn of_trail(trail: &Trail) -> Result<Option<Source<'_>>, Unseen> {
    if !*trail.logging.known("IsLogging")? || trail.delivery_error.get()?.is_some_and(|error| !error.is_empty()) {
        return Ok(None);
    }
    let everywhere = *trail.multi_region.known("IsMultiRegionTrail")?;
    let region = if everywhere { None } else { Some(trail.home_region.known("HomeRegion")?.as_str()) };
    let selectors = &trail.selectors.known("EventSelectors")?.advanced;
    Ok(Some(Source { region, recorded: KINDS.map(|(kind, _)| data(selectors, kind)) }))
}

fn of_store(store: &EventDataStore) -> Result<Option<Source<'_>>, Unseen> {
    if store.status.known("Status")? != "ENABLED" {
        return Ok(None);
    }
    let everywhere = *store.multi_region.known("MultiRegionEnabled")?;
    // arn:PARTITION:cloudtrail:REGION:ACCOUNT:eventdatastore/ID
    let home = || store.arn.split(':').nth(3).ok_or_else(|| unclear("an event data store's ARN names no region"));
    let region = if everywhere { None } else { Some(home()?) };
    let selectors = store.selectors.known("AdvancedEventSelectors")?;
    Ok(Some(Source { region, recorded: KINDS.map(|(kind, _)| data(selectors, kind)) }))
}

/// The scanned regions in which a kind of events is not recorded whole.
struct Shortfall<'w> {
    places: Vec<&'w str>,
    /// In one of them nothing at all is recorded.
    nothing: bool,
}

fn shortfall<'w>(sources: &[Source<'_>], kind: usize, regions: &'w [String]) -> Shortfall<'w> {
    let mut short = Shortfall { places: Vec::new(), nothing: false };
    // A scan of no region at all still asks for one answer, which only a source of every region can give.
    let places = if regions.is_empty() { vec!["every region"] } else { regions.iter().map(String::as_str).collect() };
    for place in places {
        let reaching = sources.iter().filter(|s| s.region.is_none_or(|region| region == place));
        let recorded = reaching.filter_map(|s| s.recorded.get(kind).copied()).fold(Recorded::default(), Recorded::or);
        if !recorded.is_whole() {
            short.places.push(place);
            short.nothing |= recorded.is_none();
        }
    }
    short
}
