//! Which roles the checks of this section are about, and the tables that tell.

use crate::prelude::*;

use crate::snapshot::workloads;

/// What tells execution roles and whom they trust.
pub(crate) const TRUST: &[Table] = workloads![Roles];
/// What tells execution roles and their policies.
pub(crate) const POLICIES: &[Table] = workloads![Roles, Policies, Organization];
/// What tells execution roles and the policies of all users and roles.
pub(crate) const PRINCIPALS: &[Table] = workloads![Roles, Policies, Users, Groups, Organization];

/// Whether SageMaker resources run under the role, and its policies are the customer's to change.
pub(crate) fn is_concerned(role: &Role, here: &Here<'_>) -> Result<bool, Unseen> {
    Ok(!is_service_linked(role) && here.world.is_execution_role(&role.arn)?)
}

/// Service-linked roles: AWS writes their policies, nobody can pass them (IAM user guide, "Service-linked roles").
pub(crate) fn is_service_linked(role: &Role) -> bool {
    Arn::parse(&role.arn).and_then(|arn| arn.named("role")).is_some_and(|name| name.starts_with("aws-service-role/"))
}
