use jiff::ToSpan;

use crate::engine::Serveable;
use crate::prelude::*;

pub(super) struct EndpointOrphans;

impl Check for EndpointOrphans {
    type On<'w> = Serveable<'w>;

    const META: Meta = Meta {
        id: "endpoint-orphans",
        title: "Models and endpoint configurations that nothing runs are removed",
        severity: Severity::Info,
        reads: &[
            Table::Models,
            Table::EndpointConfigs,
            Table::Endpoints,
            Table::InferenceComponents,
            Table::TransformJobs,
        ],
        practices: &["RES-6"],
        page: include_str!("endpoint_orphans.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, it: Serveable<'_>, here: &Here<'_>) -> Judged {
        let (created, runs) = match it.0 {
            Workload::Model(model) => (&model.created, here.certainly_runs_model(&model.name)),
            Workload::EndpointConfig(config) => (&config.created, here.certainly_serves_config(&config.name)),
            _ => return Ok(not_concerned()),
        };
        if runs? {
            return Ok(pass("something runs it"));
        }
        let created = *created.known("CreationTime")?;
        let day = created.strftime("%Y-%m-%d").to_string();
        let cut = here.world.now().saturating_sub((90 * 24).hours()).unwrap_or(jiff::Timestamp::MIN);
        Ok(match created < cut {
            true => fail(format!("it was made on {day}, and nothing runs it")).with("created", day),
            false => pass("it is younger than 90 days").with("created", day),
        })
    }
}
