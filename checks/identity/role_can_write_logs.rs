use sagescan_policy::Context;

use super::{roles, wide};
use crate::engine::{Permissions, Work, first};
use crate::prelude::*;

pub(super) struct RoleCanWriteLogs;

/// What it takes to write logs. Source: developer guide, "How to use SageMaker AI execution roles", 2026.
const WRITING: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// What it takes to make logs disappear.
const REMOVING: [&str; 3] = ["logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:PutRetentionPolicy"];

impl Check for RoleCanWriteLogs {
    type On<'w> = &'w Role;

    const META: Meta = Meta {
        id: "role-can-write-logs",
        title: "Execution roles may write their logs, and may not delete those of others",
        severity: Severity::Low,
        reads: roles::POLICIES,
        practices: &["ID-4", "EX-1"],
        page: include_str!("role_can_write_logs.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, role: &Role, here: &Here<'_>) -> Judged {
        if !roles::is_concerned(role, here)? {
            return Ok(not_concerned());
        }
        let permissions = here.world.role_permissions(role)?;
        let stranger = wide::spelled(permissions, "arn:P:logs:Q:A:log-group:Q");
        let removes = first(REMOVING.iter().map(|action| permissions.may(action, &stranger, Context::open())));
        if let Ok(Some(proof)) = &removes {
            let says = format!("it may delete or shorten log groups that are not its own: {}", proof.words());
            return Ok(proof.on(fail(says)).with("remedy", "this statement without the log groups of others"));
        }
        let mut doubt = removes.err();
        let work = here.world.uses_of_role(&role.arn).into_iter().flat_map(|uses| &uses.work);
        for (work, region) in work.flat_map(|(work, uses)| uses.regions.iter().map(move |region| (*work, region))) {
            match missing(permissions, work, region) {
                Ok(None) => {}
                Ok(Some(action)) => {
                    let group = log_group(work);
                    let says = format!(
                        "{action} is not allowed on {group} in {region}, so what {} write is lost",
                        work.words()
                    );
                    let verdict =
                        fail(says).with("action", action).with("log_group", group).with("region", region.as_str());
                    let remedy = format!("{} on log-group:/aws/sagemaker/*", WRITING.join(" and "));
                    return Ok(verdict.with("remedy", remedy));
                }
                Err(unseen) => {
                    doubt.get_or_insert(unseen);
                }
            }
        }
        if let Some(unseen) = doubt.or_else(|| here.world.gap_in(What::Role).map(Unseen::from)) {
            return Err(unseen);
        }
        // A right counts here: a policy that was not seen could take it away.
        permissions.complete()?;
        Ok(pass("it may write the logs of what runs under it"))
    }
}

/// The first action that writing these logs takes and that is not allowed on any log group of this kind.
fn missing(permissions: &Permissions, work: Work, region: &str) -> Result<Option<&'static str>, Unseen> {
    let group = permissions.own_arn("logs", region, &format!("log-group:{}*", log_group(work)));
    for action in WRITING {
        match permissions.may_somewhere(action, &group)? {
            None => return Ok(Some(action)),
            Some(proof) => {
                if let Some(unread) = proof.unread {
                    return Err(unclear(unread));
                }
            }
        }
    }
    Ok(None)
}

/// Where SageMaker writes. Source: developer guide, "CloudWatch Logs for Amazon SageMaker AI", 2026.
fn log_group(work: Work) -> &'static str {
    match work {
        Work::Notebooks => "/aws/sagemaker/NotebookInstances",
        Work::Studio => "/aws/sagemaker/studio",
        Work::Training => "/aws/sagemaker/TrainingJobs",
        Work::Processing | Work::Monitoring => "/aws/sagemaker/ProcessingJobs",
        Work::Hosting => "/aws/sagemaker/Endpoints/",
    }
}
