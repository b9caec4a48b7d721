use super::guardduty::detector;
use super::selectors::management;
use crate::paths::Telling;
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct PathAuditBlindWorkload;

impl Check for PathAuditBlindWorkload {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "path-audit-blind-workload",
        title: "No region with SageMaker resources goes unwatched by everything",
        severity: Severity::High,
        reads: workloads![Trails, EventDataStores, Detectors, ConfigRecorders, RecorderStatuses],
        practices: &["LOG-1"],
        page: include_str!("path_audit_blind_workload.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        if !region.holds_workloads()? {
            return Ok(not_concerned());
        }
        let watchers = [trail(&region), store(&region), guard(&region), recorder(&region)];
        let mut doubt = None;
        for watcher in watchers {
            match watcher {
                Ok(Some(says)) => return Ok(pass(says)),
                Ok(None) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        doubt.map_or(Ok(()), Err)?;
        let says =
            "nobody watches what happens here: no trail records it, GuardDuty is off, and AWS Config records nothing";
        let telling = Telling::default()
            .seen(format!("SageMaker resources are in {}", region.name), "ListEndpoints, ListNotebookInstances, …")
            .seen("no call leaves a record", "IsLogging")
            .seen("nothing raises an alarm", "DetectorIds")
            .seen("no change of a setting is kept", "recording");
        Ok(telling.on(fail(says), "one trail for every region"))
    }
}

/// A trail that records management events of the region, some at least.
fn trail(region: &Here<'_>) -> Result<Option<String>, Unseen> {
    let trails = &region.world.snapshot.account.trails;
    let records = |trail: &Trail| -> Result<bool, Unseen> {
        if !*trail.logging.known("IsLogging")? {
            return Ok(false);
        }
        let reaches = *trail.multi_region.known("IsMultiRegionTrail")?
            || trail.home_region.known("HomeRegion")?.as_str() == region.name;
        if !reaches || trail.delivery_error.get()?.is_some_and(|error| !error.is_empty()) {
            return Ok(false);
        }
        Ok(!management(trail.selectors.known("EventSelectors")?).is_none())
    };
    let found = first(trails.iter().map(|trail| (trail.name.as_str(), records(trail))))?;
    if found.is_none() {
        trails.all()?;
    }
    Ok(found.map(|name| format!("trail {name} records what is called here")))
}

/// An event data store that records events of the region.
fn store(region: &Here<'_>) -> Result<Option<String>, Unseen> {
    let stores = &region.world.snapshot.account.event_data_stores;
    let records = |store: &EventDataStore| -> Result<bool, Unseen> {
        if store.status.known("Status")? != "ENABLED" {
            return Ok(false);
        }
        // arn:PARTITION:cloudtrail:REGION:ACCOUNT:eventdatastore/ID
        let reaches = *store.multi_region.known("MultiRegionEnabled")?
            || Arn::parse(&store.arn).is_some_and(|arn| arn.region == region.name);
        let selectors =
            Selectors { advanced: store.selectors.known("AdvancedEventSelectors")?.clone(), ..Selectors::default() };
        Ok(reaches && !management(&selectors).is_none())
    };
    let found = first(stores.iter().map(|store| (store.name.as_str(), records(store))))?;
    if found.is_none() {
        stores.all()?;
    }
    Ok(found.map(|name| format!("event data store {name} records what is called here")))
}

fn guard(region: &Here<'_>) -> Result<Option<String>, Unseen> {
    Ok(detector(region)?.map(|_| "GuardDuty watches the region".to_owned()))
}

/// A configuration recorder of the customer's that runs.
fn recorder(region: &Here<'_>) -> Result<Option<String>, Unseen> {
    let recorders = &region.region.config_recorders;
    let runs = |recorder: &ConfigRecorder| -> Result<bool, Unseen> {
        if recorder.service.get()?.is_some() {
            return Ok(false);
        }
        let status = region.region.recorder_statuses.find(|status| status.name == recorder.name)?;
        let status = status.ok_or_else(|| unclear(format!("recorder {} has no status", recorder.name)))?;
        Ok(*status.recording.known("recording")?)
    };
    let found = first(recorders.iter().map(|recorder| (recorder.name.as_str(), runs(recorder))))?;
    if found.is_none() {
        recorders.all()?;
    }
    Ok(found.map(|name| format!("recorder {name} of AWS Config keeps what changes here")))
}

/// The first name with a yes; without one, the first doubt.
fn first<'n>(answers: impl Iterator<Item = (&'n str, Result<bool, Unseen>)>) -> Result<Option<&'n str>, Unseen> {
    let mut doubt = None;
    for (name, answer) in answers {
        match answer {
            Ok(true) => return Ok(Some(name)),
            Ok(false) => {}
            Err(unseen) => drop(doubt.get_or_insert(unseen)),
        }
    }
    doubt.map_or(Ok(None), Err)
}
