use crate::identity::outsiders;
use crate::prelude::*;

pub(super) struct SecretsNotShared;

impl Check for SecretsNotShared {
    type On<'w> = &'w ManagedSecret;

    const META: Meta = Meta {
        id: "secrets-not-shared",
        title: "Policies of secrets that SageMaker uses let no other account in",
        severity: Severity::High,
        reads: &[Table::ManagedSecrets],
        practices: &["SUP-3"],
        page: include_str!("secrets_not_shared.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, secret: &ManagedSecret, here: &Here<'_>) -> Judged {
        outsiders::judge(&secret.policy, &secret.arn, &CALLS, Severity::High, here)
    }
}

/// What matters about a secret, worst first. Source: service authorization reference of AWS Secrets Manager, 2026.
const CALLS: [&str; 7] = [
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecret",
    "secretsmanager:PutResourcePolicy",
    "secretsmanager:DeleteSecret",
    "secretsmanager:DescribeSecret",
];
