//! IAM as one paged call shows it (GetAccountAuthorizationDetails), and the state of the account.

use jiff::Timestamp;

use super::{Seen, Tag, model};

model! {
    /// A policy embedded in a user, group or role.
    pub struct InlinePolicy {
        /// `PolicyName`
        pub name: String,
        /// `PolicyDocument`, URL-decoded
        pub document: String,
    }

    /// An IAM user.
    pub struct User {
        /// `UserName`
        pub name: String,
        /// `Arn`
        pub arn: String,
        /// `Path`
        pub path: String,
        /// `CreateDate`
        pub created: Seen<Timestamp>,
        /// `GroupList`: group names
        pub groups: Seen<Vec<String>>,
        /// `AttachedManagedPolicies[].PolicyArn`
        pub attached: Seen<Vec<String>>,
        /// `UserPolicyList`
        pub inline: Seen<Vec<InlinePolicy>>,
        /// `PermissionsBoundary.PermissionsBoundaryArn`
        pub boundary: Seen<String>,
        /// `Tags`
        pub tags: Seen<Vec<Tag>>,
    }

    /// An IAM group.
    pub struct Group {
        /// `GroupName`
        pub name: String,
        /// `Arn`
        pub arn: String,
        /// `AttachedManagedPolicies[].PolicyArn`
        pub attached: Seen<Vec<String>>,
        /// `GroupPolicyList`
        pub inline: Seen<Vec<InlinePolicy>>,
    }

    /// An IAM role.
    pub struct Role {
        /// `RoleName`
        pub name: String,
        /// `Arn`
        pub arn: String,
        /// `Path`
        pub path: String,
        /// `CreateDate`
        pub created: Seen<Timestamp>,
        /// `RoleLastUsed.LastUsedDate`
        pub last_used: Seen<Timestamp>,
        /// `AssumeRolePolicyDocument`, URL-decoded
        pub trust: Seen<String>,
        /// `AttachedManagedPolicies[].PolicyArn`
        pub attached: Seen<Vec<String>>,
        /// `RolePolicyList`
        pub inline: Seen<Vec<InlinePolicy>>,
        /// `PermissionsBoundary.PermissionsBoundaryArn`
        pub boundary: Seen<String>,
        /// `Tags`
        pub tags: Seen<Vec<Tag>>,
    }

    /// What a role really used (GenerateServiceLastAccessedDetails, then GetServiceLastAccessedDetails).
    pub struct RoleUse {
        /// The ARN of the role
        pub arn: String,
        /// `ServicesLastAccessed`
        pub services: Seen<Vec<ServiceUse>>,
    }

    /// A service that a role may use, and when it last did. IAM remembers 400 days; services without any right are not
    /// listed.
    pub struct ServiceUse {
        /// `ServiceNamespace`: the part of an action before the colon
        pub service: String,
        /// `LastAuthenticated`; never within the days that IAM remembers is `None`
        pub last_used: Option<Timestamp>,
    }

    /// A managed policy, customer's or AWS's, in its default version.
    pub struct Policy {
        /// `PolicyName`
        pub name: String,
        /// `Arn`
        pub arn: String,
        /// `PolicyVersionList[IsDefaultVersion].VersionId`
        pub version: Seen<String>,
        /// `PolicyVersionList[IsDefaultVersion].Document`, URL-decoded
        pub document: Seen<String>,
    }

    /// What GetAccountSummary tells of the root user and the size of the account.
    pub struct AccountSummary {
        /// `AccountMFAEnabled`
        pub root_mfa: Option<bool>,
        /// `AccountAccessKeysPresent`
        pub root_access_keys: Option<bool>,
        /// `AccountPasswordPresent`
        pub root_password: Option<bool>,
        /// `Users`
        pub users: Option<i64>,
    }

    /// GetAccountPasswordPolicy.
    pub struct PasswordPolicy {
        /// `MinimumPasswordLength`
        pub minimum_length: Option<i32>,
        /// `PasswordReusePrevention`
        pub reuse_prevention: Option<i32>,
        /// `MaxPasswordAge`, in days
        pub maximum_age: Option<i32>,
        /// `RequireSymbols`
        pub symbols: bool,
        /// `RequireNumbers`
        pub numbers: bool,
        /// `RequireUppercaseCharacters`
        pub uppercase: bool,
        /// `RequireLowercaseCharacters`
        pub lowercase: bool,
    }

    /// One row of the credential report (GetCredentialReport). `N/A` and `not_supported` are `None`.
    pub struct Credentials {
        /// `user`; the root user is `<root_account>`
        pub user: String,
        /// `arn`
        pub arn: String,
        /// `password_enabled`
        pub password: Option<bool>,
        /// `password_last_used`
        pub password_last_used: Option<Timestamp>,
        /// `mfa_active`
        pub mfa: Option<bool>,
        /// `access_key_1_active`
        pub key_1: Option<bool>,
        /// `access_key_1_last_rotated`
        pub key_1_rotated: Option<Timestamp>,
        /// `access_key_1_last_used_date`; never used is unset
        pub key_1_used: Seen<Timestamp>,
        /// `access_key_1_last_used_service`, e.g. `sagemaker`
        pub key_1_service: Seen<String>,
        /// `access_key_2_active`
        pub key_2: Option<bool>,
        /// `access_key_2_last_rotated`
        pub key_2_rotated: Option<Timestamp>,
        /// `access_key_2_last_used_date`; never used is unset
        pub key_2_used: Seen<Timestamp>,
        /// `access_key_2_last_used_service`
        pub key_2_service: Seen<String>,
    }
}
