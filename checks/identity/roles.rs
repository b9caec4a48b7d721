//! Which roles the checks of this section are about, and the tables that tell.

use crate::prelude::*;

macro_rules! of_execution_roles {
    ($($more:ident),*) => {
        &[
            Table::Notebooks, Table::TrainingJobs, Table::ProcessingJobs, Table::Models, Table::EndpointConfigs,
            Table::Endpoints, Table::Domains, Table::UserProfiles, Table::Spaces, Table::Roles, $(Table::$more),*
        ]
    };
}

/// What tells execution roles and whom they trust.
pub(crate) const TRUST: &[Table] = of_execution_roles![];
/// What tells execution roles and their policies.
pub(crate) const POLICIES: &[Table] = of_execution_roles![Policies];
/// What tells execution roles and the policies of all users and roles.
pub(crate) const PRINCIPALS: &[Table] = of_execution_roles![Policies, Users, Groups];

/// Whether SageMaker resources run under the role, and its policies are the customer's to change.
pub(crate) fn is_concerned(role: &Role, here: &Here<'_>) -> Result<bool, Unseen> {
    Ok(!is_service_linked(role) && here.world.is_execution_role(&role.arn)?)
}

/// Service-linked roles: AWS writes their policies, nobody can pass them (IAM user guide, "Service-linked roles").
pub(crate) fn is_service_linked(role: &Role) -> bool {
    Arn::parse(&role.arn).and_then(|arn| arn.named("role")).is_some_and(|name| name.starts_with("aws-service-role/"))
}
