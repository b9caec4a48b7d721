//! IAM as one paged call shows it (GetAccountAuthorizationDetails), and the state of the account.

use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::record::part;
use super::wire::{Every, Form, Wire};
use super::{Seen, Tag, model};

part! {
    /// A policy embedded in a user, group or role.
    pub struct InlinePolicy {
        name: String = "PolicyName",
        document: String = "PolicyDocument" as Encoded,
    }

    /// An IAM user.
    pub struct User {
        name: String = "UserName",
        arn: String = "Arn",
        path: String = "Path",
        created: Seen<Timestamp> = "CreateDate",
        /// Names of groups
        groups: Seen<Vec<String>> = "GroupList" as Every,
        attached: Seen<Vec<String>> = "AttachedManagedPolicies[].PolicyArn" as Every,
        inline: Seen<Vec<InlinePolicy>> = "UserPolicyList" as Every,
        boundary: Seen<String> = "PermissionsBoundary.PermissionsBoundaryArn",
        tags: Seen<Vec<Tag>> = "Tags" as Every,
    }

    /// An IAM group.
    pub struct Group {
        name: String = "GroupName",
        arn: String = "Arn",
        attached: Seen<Vec<String>> = "AttachedManagedPolicies[].PolicyArn" as Every,
        inline: Seen<Vec<InlinePolicy>> = "GroupPolicyList" as Every,
    }

    /// An IAM role.
    pub struct Role {
        name: String = "RoleName",
        arn: String = "Arn",
        path: String = "Path",
        created: Seen<Timestamp> = "CreateDate",
        last_used: Seen<Timestamp> = "RoleLastUsed.LastUsedDate",
        trust: Seen<String> = "AssumeRolePolicyDocument" as Encoded,
        attached: Seen<Vec<String>> = "AttachedManagedPolicies[].PolicyArn" as Every,
        inline: Seen<Vec<InlinePolicy>> = "RolePolicyList" as Every,
        boundary: Seen<String> = "PermissionsBoundary.PermissionsBoundaryArn",
        tags: Seen<Vec<Tag>> = "Tags" as Every,
    }

    /// A managed policy, customer's or AWS's.
    pub struct Policy {
        name: String = "PolicyName" | "Arn/",
        arn: String = "Arn",
        /// The default version
        version: Seen<String> = "PolicyVersionList" as DefaultVersion,
        /// Its document
        document: Seen<String> = "PolicyVersionList" as DefaultDocument,
    }

    /// A service that a role may use, and when it last did. IAM remembers 400 days; services without any right are not
    /// listed.
    pub struct ServiceUse {
        /// The part of an action before the colon
        service: String = "ServiceNamespace",
        /// Never within the days that IAM remembers is `None`
        last_used: Option<Timestamp> = "LastAuthenticated",
    }

    /// GetAccountPasswordPolicy.
    pub struct PasswordPolicy {
        minimum_length: Option<i32> = "MinimumPasswordLength",
        reuse_prevention: Option<i32> = "PasswordReusePrevention",
        /// In days
        maximum_age: Option<i32> = "MaxPasswordAge",
        symbols: bool = "RequireSymbols",
        numbers: bool = "RequireNumbers",
        uppercase: bool = "RequireUppercaseCharacters",
        lowercase: bool = "RequireLowercaseCharacters",
    }
}

model! {
    /// What a role really used (GenerateServiceLastAccessedDetails, then GetServiceLastAccessedDetails).
    pub struct RoleUse {
        /// The ARN of the role
        pub arn: String,
        /// `ServicesLastAccessed`
        pub services: Seen<Vec<ServiceUse>>,
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

/// Documents travel percent-encoded (RFC 3986; GetAccountAuthorizationDetails).
#[derive(Debug)]
struct Encoded;

impl Form<String> for Encoded {
    fn read(value: &Value) -> Result<Option<String>, String> {
        let text = value.as_str().ok_or_else(|| "is not a text".to_owned())?;
        Ok(Some(percent_decode_str(text).decode_utf8_lossy().into_owned()))
    }
    fn write(value: &String) -> Value {
        // Nothing but the sign itself has to be encoded to come back as it was.
        Value::String(value.replace('%', "%25"))
    }
}

/// The member of the version that counts.
fn of_default<'v>(versions: &'v Value, member: &str) -> Result<Option<&'v Value>, String> {
    let all = versions.as_array().ok_or_else(|| "is not a list".to_owned())?;
    for version in all {
        if bool::read(version.get("IsDefaultVersion").unwrap_or(&Value::Bool(false)))? == Some(true) {
            return Ok(version.get(member).filter(|value| !value.is_null()));
        }
    }
    Ok(None)
}

/// The id of the version that counts.
#[derive(Debug)]
struct DefaultVersion;

impl Form<String> for DefaultVersion {
    fn read(value: &Value) -> Result<Option<String>, String> {
        of_default(value, "VersionId")?.map_or(Ok(None), String::read)
    }
    fn write(value: &String) -> Value {
        json!([{ "VersionId": value, "IsDefaultVersion": true }])
    }
}

/// The document of the version that counts.
#[derive(Debug)]
struct DefaultDocument;

impl Form<String> for DefaultDocument {
    fn read(value: &Value) -> Result<Option<String>, String> {
        of_default(value, "Document")?.map_or(Ok(None), Encoded::read)
    }
    fn write(value: &String) -> Value {
        json!([{ "Document": Encoded::write(value), "IsDefaultVersion": true }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_policy_the_default_version_counts() {
        let policy = |versions: Value| {
            Policy::read(&json!({ "PolicyName": "p", "PolicyVersionList": versions })).unwrap().unwrap()
        };
        let old = json!({ "VersionId": "v1", "Document": "%7B%7D", "IsDefaultVersion": "false" });
        let new = json!({ "VersionId": "v2", "Document": "%7B%22a%22%3A1%7D", "IsDefaultVersion": "true" });
        let seen = policy(json!([old, new]));
        assert_eq!((seen.version, seen.document), (Seen::Is("v2".to_owned()), Seen::Is(r#"{"a":1}"#.to_owned())));
        assert_eq!(policy(json!([old])).document, Seen::Unset);
        assert!(matches!(policy(json!("odd")).document, Seen::Unseen(_)));
        let document = "100%25 {}".to_owned();
        assert_eq!(Encoded::read(&Encoded::write(&document)), Ok(Some(document)));
    }
}
