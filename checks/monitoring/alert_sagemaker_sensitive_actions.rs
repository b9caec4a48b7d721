use super::occurrence::Occurrence;
use super::watch::{Group, Watch};
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct AlertSagemakerSensitiveActions;

impl Check for AlertSagemakerSensitiveActions {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "alert-sagemaker-sensitive-actions",
        title: "Somebody is told of sensitive calls to SageMaker",
        severity: Severity::Medium,
        reads: workloads![Trails, MetricFilters, Alarms, CompositeAlarms, TopicSubscriptions, EventRules],
        practices: &["LOG-4", "LOG-8"],
        page: include_str!("alert_sagemaker_sensitive_actions.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, _account: &Account, here: &Here<'_>) -> Judged {
        let mut places = Vec::new();
        for region in here.world.regions() {
            if region.holds_workloads()? {
                places.push(region.name);
            }
        }
        if places.is_empty() {
            return Ok(not_concerned());
        }
        let happens = Occurrence::calls("sagemaker.amazonaws.com", &CALLS);
        Watch::over(here.world).judge(&[Group { name: "", happens }], &places, here.partition())
    }
}

/// Calls that open a way in, put something into production, run code for others, or let another account in.
const CALLS: [&str; 12] = [
    "CreatePresignedDomainUrl",
    "CreatePresignedNotebookInstanceUrl",
    "CreateEndpoint",
    "UpdateEndpoint",
    "CreateNotebookInstanceLifecycleConfig",
    "UpdateNotebookInstanceLifecycleConfig",
    "CreateStudioLifecycleConfig",
    "UpdateUserProfile",
    "UpdateDomain",
    "PutModelPackageGroupPolicy",
    "PutEndpointPolicy",
    "StartSession",
];
