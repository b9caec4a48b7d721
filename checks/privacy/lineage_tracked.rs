use crate::prelude::*;

pub(super) struct LineageTracked;

impl Check for LineageTracked {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "lineage-tracked",
        title: "Where models come from is tracked",
        severity: Severity::Info,
        reads: &[Table::Models, Table::TrainingJobs, Table::Experiments, Table::LineageArtifacts],
        practices: &["RES-5"],
        page: include_str!("lineage_tracked.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        let tables = region.region;
        if tables.models.is_empty() && tables.training_jobs.is_empty() {
            tables.models.all()?;
            tables.training_jobs.all()?;
            return Ok(not_concerned());
        }
        if let Some(first) = tables.experiments.iter().next() {
            return Ok(pass("there are experiments").with("experiment", first.name.as_str()));
        }
        let artifacts = tables.lineage_artifacts.find(|_| true)?;
        let artifacts = artifacts.ok_or_else(|| unclear("nobody asked for artifacts of lineage"))?;
        if *artifacts.any.known("ArtifactSummaries")? {
            return Ok(pass("lineage tracking holds artifacts"));
        }
        tables.experiments.all()?;
        Ok(fail("there are models or training jobs, and neither an experiment nor an artifact of lineage"))
    }
}
