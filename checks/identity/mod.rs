//! Identity and access: who can act on SageMaker, and what SageMaker can then do to the rest of the account.

mod age;
mod analyzers;
mod callers;
mod guardrails;
mod openings;
pub(crate) mod outsiders;
mod patterns;
mod probes;
pub(crate) mod roles;
mod sessions;
mod studio;
pub(crate) mod trust;
pub(crate) mod wide;
mod workforces;

section! { Identity:
    role_no_admin_access::RoleNoAdminAccess,
    role_no_sagemaker_full_access::RoleNoSagemakerFullAccess,
    role_no_service_wildcards::RoleNoServiceWildcards,
    role_s3_access_bounded::RoleS3AccessBounded,
    role_passrole_scoped::RolePassroleScoped,
    role_passrole_passed_to_service::RolePassrolePassedToService,
    role_no_iam_escalation_actions::RoleNoIamEscalationActions,
    role_assume_role_scoped::RoleAssumeRoleScoped,
    path_passrole_createjob_to_admin::PathPassroleCreatejobToAdmin,
    path_presigned_url_to_privileged_role::PathPresignedUrlToPrivilegedRole,
    path_lifecycle_config_hijack::PathLifecycleConfigHijack,
    path_domain_hopping::PathDomainHopping,
    path_canvas_secrets_cross_domain::PathCanvasSecretsCrossDomain,
    path_workforce_pool_takeover::PathWorkforcePoolTakeover,
    role_trust_limited_to_sagemaker::RoleTrustLimitedToSagemaker,
    role_trust_confused_deputy::RoleTrustConfusedDeputy,
    role_not_assumable_by_humans::RoleNotAssumableByHumans,
    role_trusting_sagemaker_low_privilege::RoleTrustingSagemakerLowPrivilege,
    role_separated_by_workload::RoleSeparatedByWorkload,
    role_not_shared_across_domains::RoleNotSharedAcrossDomains,
    profile_role_not_broader_than_domain::ProfileRoleNotBroaderThanDomain,
    space_default_role_least_privilege::SpaceDefaultRoleLeastPrivilege,
    role_permissions_boundary::RolePermissionsBoundary,
    role_unused_90_days::RoleUnused90Days,
    identity_stale_sagemaker_permissions::IdentityStaleSagemakerPermissions,
    role_can_write_logs::RoleCanWriteLogs,
    role_image_pull_scoped::RoleImagePullScoped,
    role_arn_exists::RoleArnExists,
    identity_presigned_url_scoped::IdentityPresignedUrlScoped,
    identity_presigned_url_network_bound::IdentityPresignedUrlNetworkBound,
    identity_create_actions_guardrailed::IdentityCreateActionsGuardrailed,
    identity_invoke_endpoint_scoped::IdentityInvokeEndpointScoped,
    identity_abac_tag_conditions::IdentityAbacTagConditions,
    iam_approval_separation_of_duties::IamApprovalSeparationOfDuties,
    iam_policy_deny_shadows_allow::IamPolicyDenyShadowsAllow,
    iam_mfa_condition_on_sensitive_actions::IamMfaConditionOnSensitiveActions,
    iam_user_mfa_sagemaker::IamUserMfaSagemaker,
    iam_user_no_static_keys_for_sagemaker::IamUserNoStaticKeysForSagemaker,
    root_mfa_enabled::RootMfaEnabled,
    root_no_access_keys::RootNoAccessKeys,
    iam_password_policy::IamPasswordPolicy,
    iam_policies_via_groups_or_roles::IamPoliciesViaGroupsOrRoles,
    access_analyzer_external_enabled::AccessAnalyzerExternalEnabled,
    access_analyzer_no_ml_findings::AccessAnalyzerNoMlFindings,
    cicd_build_role_scoped::CicdBuildRoleScoped,
    domain_auth_sso::DomainAuthSso,
    domain_execution_role_source_identity::DomainExecutionRoleSourceIdentity,
    domain_role_session_name_user_identity::DomainRoleSessionNameUserIdentity,
    domain_trusted_identity_propagation::DomainTrustedIdentityPropagation,
    domain_emr_assumable_roles_scoped::DomainEmrAssumableRolesScoped,
    profile_bound_to_single_identity::ProfileBoundToSingleIdentity,
    profile_rstudio_admin_limited::ProfileRstudioAdminLimited,
    canvas_cross_account_registration::CanvasCrossAccountRegistration,
    canvas_direct_deploy_controlled::CanvasDirectDeployControlled,
    notebook_root_access_disabled::NotebookRootAccessDisabled,
    model_group_policy_not_external::ModelGroupPolicyNotExternal,
    lineage_group_policy_not_external::LineageGroupPolicyNotExternal,
    endpoint_resource_policy_not_external::EndpointResourcePolicyNotExternal,
    workforce_oidc_issuer_approved::WorkforceOidcIssuerApproved,
    workforce_cognito_mfa::WorkforceCognitoMfa,
    workforce_cognito_no_self_signup::WorkforceCognitoNoSelfSignup,
    ram_shares_approved_accounts::RamSharesApprovedAccounts,
    partner_app_identity::PartnerAppIdentity,
    partner_app_role_groups_scoped::PartnerAppRoleGroupsScoped,
    studio_image_non_root_uid::StudioImageNonRootUid,
    edge_fleet_role_scoped::EdgeFleetRoleScoped,
    path_named_lambda_invocation::PathNamedLambdaInvocation,
}
