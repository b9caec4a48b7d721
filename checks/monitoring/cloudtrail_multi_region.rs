use super::selectors::{Recorded, management};
use crate::prelude::*;

pub(super) struct CloudtrailMultiRegion;

impl Check for CloudtrailMultiRegion {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "cloudtrail-multi-region",
        title: "A trail records management events in every region",
        severity: Severity::High,
        reads: &[Table::Trails],
        practices: &["LOG-1"],
        page: include_str!("cloudtrail_multi_region.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, account: &Account, _here: &Here<'_>) -> Judged {
        let mut recorded = Recorded::default();
        let (mut good, mut poor, mut gap) = (Vec::new(), Vec::new(), None);
        for trail in account.trails.iter() {
            match brings(trail) {
                Ok(Ok(some)) => {
                    recorded = recorded.or(some);
                    good.push(trail.name.as_str());
                }
                Ok(Err(why)) => poor.push(format!("{} {why}", trail.name)),
                Err(unseen) => gap = gap.or(Some(unseen)),
            }
        }
        if recorded.is_whole() {
            let says = format!("all management events of every region are recorded by {}", good.join(" and "));
            return Ok(pass(says).with("trails", good));
        }
        if let Some(unseen) = gap {
            return Err(unseen);
        }
        account.trails.all()?;
        let verdict = match (recorded.is_none(), poor.is_empty()) {
            (false, _) => fail(format!("only a part of the management events is recorded, by {}", good.join(" and ")))
                .severity(Severity::Medium),
            (true, false) => fail(format!("no trail records every region: {}", poor.join(", "))),
            (true, true) => fail("there is no trail"),
        };
        Ok(verdict.with("trails", good).with("insufficient_trails", poor))
    }
}

/// What a trail brings to the record of every region, or why it brings nothing.
fn brings(trail: &Trail) -> Result<Result<Recorded, &'static str>, Unseen> {
    if !*trail.logging.known("IsLogging")? {
        return Ok(Err("is stopped"));
    }
    if !*trail.multi_region.known("IsMultiRegionTrail")? {
        return Ok(Err("covers one region"));
    }
    if trail.delivery_error.get()?.is_some_and(|error| !error.is_empty()) {
        return Ok(Err("cannot deliver to its bucket"));
    }
    let recorded = management(trail.selectors.known("EventSelectors")?);
    Ok(if recorded.is_none() { Err("leaves management events out") } else { Ok(recorded) })
}
