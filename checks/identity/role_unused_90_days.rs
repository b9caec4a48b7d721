use super::age::{STALE, ago, days_since};
use super::roles;
use super::trust::{SAGEMAKER, Trust};
use crate::prelude::*;

pub(super) struct RoleUnused90Days;

impl Check for RoleUnused90Days {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-unused-90-days",
        title: "Roles for SageMaker that nobody uses are removed",
        severity: Severity::Low,
        reads: &[Table::Roles],
        practices: &["ID-9"],
        page: include_str!("role_unused_90_days.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if roles::is_service_linked(role) || Trust::of(role)?.first_admitted(&SAGEMAKER).is_none() {
            return Ok(not_concerned());
        }
        if let Some(used) = role.last_used.get()? {
            let days = days_since(*used, here);
            let verdict = match days > STALE {
                true => fail(format!("it was last used {}", ago(days))).with("remedy", "the role deleted"),
                false => pass(format!("it was used {}", ago(days))),
            };
            return Ok(verdict.with("last_used", used.to_string()));
        }
        let created = role.created.known("CreateDate")?;
        let days = days_since(*created, here);
        let verdict = match days > STALE {
            true => fail(format!("it was created {} and not used in the last 400 days", ago(days)))
                .with("remedy", "the role deleted"),
            false => pass(format!("it was created only {}", ago(days))),
        };
        Ok(verdict.with("created", created.to_string()))
    }
}
