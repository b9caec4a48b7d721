use crate::prelude::*;

pub(super) struct EndpointAutoRollback;

impl Check for EndpointAutoRollback {
    type On<'w> = &'w Endpoint;

    const META: Meta = Meta {
        id: "endpoint-auto-rollback",
        title: "Updates of endpoints are rolled back by alarms",
        severity: Severity::Medium,
        reads: &[Table::Endpoints],
        practices: &["RES-3"],
        page: include_str!("endpoint_auto_rollback.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, endpoint: &Endpoint, _here: &Here<'_>) -> Judged {
        let again = *endpoint.deployed_again.known("LastDeploymentConfig")?;
        let alarms = endpoint.rollback_alarms.get()?.map(Vec::as_slice).unwrap_or_default();
        let verdict = match (alarms.first(), again) {
            (Some(first), _) if alarms.len() == 1 => {
                pass(format!("alarm {first} would have taken the last update back"))
            }
            (Some(_), _) => pass(format!("{} alarms would have taken the last update back", alarms.len())),
            (None, true) => fail("no alarm would have taken the last update back"),
            (None, false) => {
                let says =
                    "it was never updated with a deployment configuration, so no alarm stands ready to take one back";
                fail(says).severity(Severity::Info)
            }
        };
        Ok(verdict.with("alarms", alarms.to_vec()))
    }
}
