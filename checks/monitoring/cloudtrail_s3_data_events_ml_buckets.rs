use super::selectors::{Recorded, objects, objects_of_advanced};
use crate::aws::buckets::is_of_sagemaker;
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct CloudtrailS3DataEventsMlBuckets;

impl Check for CloudtrailS3DataEventsMlBuckets {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "cloudtrail-s3-data-events-ml-buckets",
        title: "Reads and writes of objects in buckets of SageMaker are recorded",
        severity: Severity::Medium,
        reads: workloads![Buckets, Trails, EventDataStores],
        practices: &["LOG-1"],
        page: include_str!("cloudtrail_s3_data_events_ml_buckets.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        let Some(region) = bucket.region.get()? else {
            return Ok(exempt("it does not exist (any more)"));
        };
        let account = &here.world.snapshot.account;
        let trails = account.trails.iter().map(|trail| (trail.name.as_str(), by_trail(trail, bucket, region)));
        let stores =
            account.event_data_stores.iter().map(|store| (store.name.as_str(), by_store(store, bucket, region)));
        let (mut recorded, mut sources, mut doubt) = (Recorded::default(), Vec::new(), None);
        for (name, found) in trails.chain(stores) {
            match found {
                Ok(some) if some.is_none() => {}
                Ok(some) => {
                    recorded = recorded.or(some);
                    sources.push(name);
                }
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        if recorded.is_whole() {
            let says = format!("who reads and writes its objects is recorded by {}", sources.join(" and "));
            return Ok(pass(says).with("sources", sources));
        }
        doubt.map_or(Ok(()), Err)?;
        account.trails.all()?;
        account.event_data_stores.all()?;
        let verdict = match (recorded.reads, recorded.writes) {
            (true, _) => fail("who writes its objects is not recorded").severity(Severity::Low),
            (_, true) => fail("who reads its objects is not recorded"),
            _ if recorded.part => fail("only what happens to some of its objects is recorded").severity(Severity::Low),
            _ => fail("neither reads nor writes of its objects are recorded"),
        };
        Ok(verdict.with("sources", sources))
    }
}

fn by_trail(trail: &Trail, bucket: &Bucket, region: &str) -> Result<Recorded, Unseen> {
    if !*trail.logging.known("IsLogging")? || trail.delivery_error.get()?.is_some_and(|error| !error.is_empty()) {
        return Ok(Recorded::default());
    }
    if !*trail.multi_region.known("IsMultiRegionTrail")? && trail.home_region.known("HomeRegion")? != region {
        return Ok(Recorded::default());
    }
    Ok(objects(trail.selectors.known("EventSelectors")?, &bucket.name))
}

fn by_store(store: &EventDataStore, bucket: &Bucket, region: &str) -> Result<Recorded, Unseen> {
    if store.status.known("Status")? != "ENABLED" {
        return Ok(Recorded::default());
    }
    // arn:PARTITION:cloudtrail:REGION:ACCOUNT:eventdatastore/ID
    let home = || store.arn.split(':').nth(3).ok_or_else(|| unclear("an event data store's ARN names no region"));
    if !*store.multi_region.known("MultiRegionEnabled")? && home()? != region {
        return Ok(Recorded::default());
    }
    Ok(objects_of_advanced(store.selectors.known("AdvancedEventSelectors")?, &bucket.name))
}
