use crate::prelude::*;

pub(super) struct MonitoringHasBaseline;

impl Check for MonitoringHasBaseline {
    type On<'w> = &'w MonitoringSchedule;

    const META: Meta = Meta {
        id: "monitoring-has-baseline",
        title: "Monitors compare with a baseline",
        severity: Severity::Low,
        reads: &[
            Table::MonitoringSchedules,
            Table::DataQualityJobDefinitions,
            Table::ModelQualityJobDefinitions,
            Table::ModelBiasJobDefinitions,
            Table::ModelExplainabilityJobDefinitions,
        ],
        practices: &["RES-4"],
        page: include_str!("monitoring_has_baseline.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, schedule: &MonitoringSchedule, here: &Here<'_>) -> Judged {
        if schedule.status.known("MonitoringScheduleStatus")? == "Stopped" {
            return Ok(exempt("it is stopped"));
        }
        let Some(definition) = schedule.definition.get()? else {
            return judged(&[&schedule.baseline_constraints, &schedule.baseline_statistics, &schedule.baseline_job]);
        };
        let region = here.region;
        macro_rules! baseline {
            ($table:ident) => {{
                let found = region.$table.find(|one| one.name == *definition)?;
                let found = found.ok_or_else(|| unclear(format!("definition {definition} is gone")))?;
                judged(&[&found.baseline_constraints, &found.baseline_job])
            }};
        }
        match schedule.kind.known("MonitoringType")?.as_str() {
            "DataQuality" => baseline!(data_quality_job_definitions),
            "ModelQuality" => baseline!(model_quality_job_definitions),
            "ModelBias" => baseline!(model_bias_job_definitions),
            "ModelExplainability" => baseline!(model_explainability_job_definitions),
            other => Err(unclear(format!("the monitoring type {other}"))),
        }
    }
}

/// One of the places that a baseline may be named in is enough.
fn judged(places: &[&Seen<String>]) -> Judged {
    if let Some(named) = places.iter().find_map(|place| place.shown()) {
        return Ok(pass("it compares with a baseline").with("baseline", named.as_str()));
    }
    for place in places {
        place.get()?;
    }
    Ok(fail("it has no baseline to compare with, so it finds no drift"))
}
