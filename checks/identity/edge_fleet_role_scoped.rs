use super::probes::PROBES;
use super::studio::account_of_role;
use super::wide;
use crate::prelude::*;

pub(super) struct EdgeFleetRoleScoped;

impl Check for EdgeFleetRoleScoped {
    type On<'w> = &'w DeviceFleet;

    const META: Meta = Meta {
        id: "edge-fleet-role-scoped",
        title: "Roles of edge fleets reach only what their devices need",
        severity: Severity::Low,
        confidence: Confidence::Medium,
        reads: &[Table::DeviceFleets, Table::Roles, Table::Policies, Table::Organization],
        practices: &["RES-7"],
        page: include_str!("edge_fleet_role_scoped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, fleet: &DeviceFleet, here: &Here<'_>) -> Judged {
        let Some(arn) = fleet.role.get()? else {
            return match fleet.iot_role_alias.get()? {
                None => Ok(pass("it has neither a role nor a role alias, so its devices get no credentials")),
                Some(_) => {
                    Err(unclear("it names a role alias of IoT and no role: which role devices take was not seen"))
                }
            };
        };
        let account = account_of_role(arn)?;
        if account != here.account() {
            return Err(unclear(format!("its role belongs to account {account}, whose policies were not seen")));
        }
        let Some(role) = here.world.role(arn)? else {
            return Ok(pass("its role does not exist (any more), so its devices get no credentials"));
        };
        let permissions = here.world.role_permissions(role)?;
        let alias = fleet.iot_role_alias.shown().cloned();
        let mut doubt = None;
        for answer in [wide::administers(permissions), wide::does_anything(permissions)] {
            match answer {
                Ok(Some(proof)) => {
                    let says = format!("its devices administer the account as {}: {}", role.name, proof.words());
                    let verdict = proof.on(fail(says)).severity(Severity::Medium).with("role", role.name.as_str());
                    return Ok(verdict.with("iot_role_alias", alias).with("remedy", CURE));
                }
                Ok(None) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        for probe in PROBES {
            match probe.ask(permissions) {
                Ok(Some(proof)) => {
                    let says = format!("its devices may {} as {}: {}", probe.words, role.name, proof.words());
                    let verdict = proof.on(fail(says)).with("role", role.name.as_str());
                    return Ok(verdict.with("iot_role_alias", alias).with("remedy", CURE));
                }
                Ok(None) => {}
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        doubt.map_or(Ok(()), Err)?;
        permissions.complete()?;
        Ok(pass("its role has no right over things that its policies do not single out")
            .with("role", role.name.as_str()))
    }
}

const CURE: &str = "a role for the fleet that names the bucket of its models and the actions of devices";
