use super::occurrence::Occurrence;
use super::watch::{self, Group};
use crate::prelude::*;

pub(super) struct AlarmIamPolicyChanges;

impl Check for AlarmIamPolicyChanges {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "alarm-iam-policy-changes",
        title: "Somebody is told when IAM policies change",
        severity: Severity::Medium,
        reads: watch::READS,
        practices: &["LOG-4"],
        page: include_str!("alarm_iam_policy_changes.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, _account: &Account, here: &Here<'_>) -> Judged {
        watch::account(&groups(), here)
    }
}

/// What must be heard. Source: CIS Amazon Web Services Foundations Benchmark 3.0, section 4.
fn groups() -> [Group; 1] {
    [Group {
        name: "",
        happens: Occurrence::calls(
            "iam.amazonaws.com",
            &[
                "DeleteGroupPolicy",
                "DeleteRolePolicy",
                "DeleteUserPolicy",
                "PutGroupPolicy",
                "PutRolePolicy",
                "PutUserPolicy",
                "CreatePolicy",
                "DeletePolicy",
                "CreatePolicyVersion",
                "DeletePolicyVersion",
                "AttachRolePolicy",
                "DetachRolePolicy",
                "AttachUserPolicy",
                "DetachUserPolicy",
                "AttachGroupPolicy",
                "DetachGroupPolicy",
            ],
        ),
    }]
}
