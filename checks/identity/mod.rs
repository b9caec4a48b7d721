//! Identity and access: who can act on SageMaker, and what SageMaker can then do to the rest of the account.

pub(crate) mod roles;
mod sessions;
pub(crate) mod trust;
pub(crate) mod wide;

section! { Identity:
    role_no_admin_access::RoleNoAdminAccess,
    role_no_sagemaker_full_access::RoleNoSagemakerFullAccess,
    role_no_service_wildcards::RoleNoServiceWildcards,
    role_passrole_scoped::RolePassroleScoped,
    path_passrole_createjob_to_admin::PathPassroleCreatejobToAdmin,
    path_presigned_url_to_privileged_role::PathPresignedUrlToPrivilegedRole,
    path_lifecycle_config_hijack::PathLifecycleConfigHijack,
    path_domain_hopping::PathDomainHopping,
    role_trust_limited_to_sagemaker::RoleTrustLimitedToSagemaker,
    role_trust_confused_deputy::RoleTrustConfusedDeputy,
    role_arn_exists::RoleArnExists,
    iam_user_mfa_sagemaker::IamUserMfaSagemaker,
    root_mfa_enabled::RootMfaEnabled,
    root_no_access_keys::RootNoAccessKeys,
    iam_password_policy::IamPasswordPolicy,
    iam_policies_via_groups_or_roles::IamPoliciesViaGroupsOrRoles,
    domain_auth_sso::DomainAuthSso,
    notebook_root_access_disabled::NotebookRootAccessDisabled,
}
