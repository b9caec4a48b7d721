use super::selectors::management;
use crate::prelude::*;

pub(super) struct CloudtrailInsights;

impl Check for CloudtrailInsights {
    type On<'w> = &'w Trail;

    const META: Meta = Meta {
        id: "cloudtrail-insights",
        title: "Trails look for unusual call rates",
        severity: Severity::Low,
        reads: &[Table::Trails],
        practices: &["LOG-1"],
        page: include_str!("cloudtrail_insights.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, trail: &Trail, _here: &Here<'_>) -> Judged {
        if !*trail.logging.known("IsLogging")? {
            return Ok(exempt("it is stopped"));
        }
        if management(trail.selectors.known("EventSelectors")?).is_none() {
            return Ok(exempt("it records no management events, which Insights of a trail are about"));
        }
        Ok(match trail.insights.get()? {
            Some(kinds) if !kinds.is_empty() => {
                pass(format!("Insights are on: {}", kinds.join(", "))).with("insights", kinds.clone())
            }
            _ => fail("Insights are off, so a sudden rush of calls or refusals goes unnoticed"),
        })
    }
}
