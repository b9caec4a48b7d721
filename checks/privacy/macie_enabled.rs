use crate::aws::buckets::is_directory_bucket;
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct MacieEnabled;

impl Check for MacieEnabled {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "macie-enabled",
        title: "Macie is enabled where the buckets of SageMaker resources lie",
        severity: Severity::Medium,
        reads: workloads![Buckets, MacieSessions],
        practices: &["PRIV-1"],
        page: include_str!("macie_enabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        let buckets = buckets_in(&region)?;
        if buckets.is_empty() {
            return Ok(not_concerned());
        }
        let verdict = match status(&region)? {
            Some("ENABLED") => pass("Macie is enabled"),
            Some("PAUSED") => fail("Macie is suspended"),
            Some(other) => return Err(unclear(format!("the status of Macie is {other}"))),
            None => fail(format!("Macie is not enabled, and {} in use lie here", count(buckets.len()))),
        };
        Ok(verdict.with("buckets", buckets))
    }
}

fn count(buckets: usize) -> String {
    if buckets == 1 { "1 bucket".to_owned() } else { format!("{buckets} buckets") }
}

/// The buckets of a region that SageMaker resources name. Some that were seen are enough; "none" needs all.
fn buckets_in<'w>(region: &Here<'w>) -> Result<Vec<&'w str>, Unseen> {
    let world = region.world;
    let (mut names, mut gap) = (Vec::new(), None);
    let ours = |bucket: &&Bucket| world.is_ml_bucket(&bucket.name) && !is_directory_bucket(&bucket.name);
    for bucket in world.snapshot.account.buckets.iter().filter(ours) {
        match bucket.region.get() {
            Ok(Some(at)) if at == region.name => names.push(bucket.name.as_str()),
            Ok(_) => {}
            Err(unseen) => gap = gap.or(Some(unseen)),
        }
    }
    if names.is_empty() {
        gap.map_or(Ok(()), Err)?;
        world.snapshot.account.buckets.all()?;
        if let Some(gap) = world.gap_in(What::Data) {
            return Err(gap.into());
        }
    }
    Ok(names)
}

/// How Macie stands in a region: `ENABLED`, `PAUSED`, or `None` where it provably is off.
fn status<'w>(region: &Here<'w>) -> Result<Option<&'w str>, Unseen> {
    match region.region.macie_sessions.find(|_| true)? {
        Some(session) => session.status.known("status").map(|status| Some(status.as_str())),
        None => Ok(None),
    }
}
