use super::studio::{account_of_role, settings};
use super::wide;
use crate::engine::StudioSettings;
use crate::prelude::*;

pub(super) struct DomainEmrAssumableRolesScoped;

impl Check for DomainEmrAssumableRolesScoped {
    type On<'w> = StudioSettings<'w>;

    const META: Meta = Meta {
        id: "domain-emr-assumable-roles-scoped",
        title: "EMR roles of JupyterLab are limited roles of this account",
        severity: Severity::Medium,
        reads: &[Table::Domains, Table::UserProfiles, Table::Roles, Table::Policies],
        practices: &["ID-7"],
        page: include_str!("domain_emr_assumable_roles_scoped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, it: StudioSettings<'_>, here: &Here<'_>) -> Judged {
        let Some(settings) = settings(it) else {
            return Ok(not_concerned());
        };
        let lists =
            [("AssumableRoleArns", settings.emr_assumable_roles), ("ExecutionRoleArns", settings.emr_execution_roles)];
        let (mut doubt, mut count) = (None, 0);
        for (field, roles) in lists {
            let roles = match roles.get() {
                Ok(roles) => roles.into_iter().flatten(),
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                    continue;
                }
            };
            for role in roles {
                count += 1;
                match objection(role, here) {
                    Ok(None) => {}
                    Ok(Some(verdict)) => return Ok(verdict.with("field", field).with("role", role.as_str())),
                    Err(unseen) => {
                        doubt.get_or_insert(unseen);
                    }
                }
            }
        }
        match (doubt, count) {
            (Some(unseen), _) => Err(unseen),
            (None, 0) => Ok(not_concerned()),
            (None, _) => Ok(pass("its EMR roles belong to this account and administer nothing").with("roles", count)),
        }
    }
}

/// What speaks against a role for clusters.
fn objection(arn: &str, here: &Here<'_>) -> Result<Option<Verdict>, Unseen> {
    let account = account_of_role(arn)?;
    if account != here.world.snapshot.scan.account {
        let says = format!("users may take on {arn} for EMR, a role of another account ({account})");
        return Ok(Some(fail(says).with("account", account)));
    }
    let Some(role) = here.world.role(arn)? else {
        // A role that is gone gives nobody anything.
        return Ok(None);
    };
    let permissions = here.world.role_permissions(role)?;
    for answer in [wide::administers(permissions), wide::does_anything(permissions)] {
        if let Some(proof) = answer? {
            let says = format!("users may take on {arn} for EMR, which administers the account: {}", proof.words());
            let verdict = proof.on(fail(says)).with("remedy", "a role for clusters that may not change IAM");
            return Ok(Some(verdict.severity(Severity::High)));
        }
    }
    Ok(None)
}
