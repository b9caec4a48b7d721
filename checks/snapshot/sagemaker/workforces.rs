//! The people who label and review: workforces, work teams, and teams of vendors.

use jiff::Timestamp;

use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::{EnabledDisabled, Every};
use crate::snapshot::{List, Seen, Spec, Table};

part! {
    /// One group of people in a work team.
    pub struct WorkteamMembers {
        /// Of Cognito.
        user_pool: Option<String> = "CognitoMemberDefinition.UserPool",
        /// Of that pool.
        user_group: Option<String> = "CognitoMemberDefinition.UserGroup",
        /// Of the organization's own identity provider.
        groups: Option<Vec<String>> = "OidcMemberDefinition.Groups",
    }
}

record! {
    /// A private work team. ListWorkteams shows all that DescribeWorkteam does.
    pub struct Workteam in workteams {
        name: String = "WorkteamName",
        arn: String = "WorkteamArn",
        created: Seen<Timestamp> = "CreateDate",
        modified: Seen<Timestamp> = "LastUpdatedDate",
        workforce: Seen<String> = "WorkforceArn",
        members: Seen<Vec<WorkteamMembers>> = "MemberDefinitions" as Every,
        notification_topic: Seen<String> = "NotificationConfiguration.NotificationTopicArn",
        /// Whether a link to a task's data works only from the address that the worker came from; `Enabled` is true.
        links_bound_to_address: Seen<bool> = "WorkerAccessConfiguration.S3Presign.IamPolicyConstraints.SourceIp" as EnabledDisabled,
        /// The same for addresses within a VPC.
        links_bound_to_vpc_address: Seen<bool> = "WorkerAccessConfiguration.S3Presign.IamPolicyConstraints.VpcSourceIp" as EnabledDisabled,
    }
    with tags
    by Spec {
        arn: "WorkteamArn",
        created: "CreateDate",
        resource: "workteam/private-crowd/{WorkteamName}",
        summary: &[
            "WorkteamName", "MemberDefinitions", "WorkteamArn", "WorkforceArn", "Description", "CreateDate", "LastUpdatedDate",
            "NotificationConfiguration", "WorkerAccessConfiguration",
        ],
        required: r#"{
            "Description": "description",
            "MemberDefinitions": [{"CognitoMemberDefinition?": {"UserPool": "", "UserGroup": "", "ClientId": "client"}}]
        }"#,
        ..Spec::of(Table::Workteams, List::of(read!("sagemaker", "ListWorkteams"), "Workteams"))
    }
}

record! {
    /// A work team of a vendor, subscribed in AWS Marketplace. ListSubscribedWorkteams shows all there is.
    pub struct SubscribedWorkteam in subscribed_workteams {
        name: String = "WorkteamArn/",
        /// In the account of the vendor.
        arn: String = "WorkteamArn",
        title: Seen<String> = "MarketplaceTitle",
        seller: Seen<String> = "SellerName",
        listing: Seen<String> = "ListingId",
    }
    by Spec {
        arn: "WorkteamArn",
        resource: "workteam/vendor-crowd/{WorkteamArn/}",
        summary: &["WorkteamArn", "MarketplaceTitle", "SellerName", "ListingId"],
        ..Spec::of(Table::SubscribedWorkteams, List::of(read!("sagemaker", "ListSubscribedWorkteams"), "SubscribedWorkteams"))
    }
}

record! {
    /// A workforce: who may sign in to the worker portal, and from where. ListWorkforces shows all that DescribeWorkforce does.
    pub struct Workforce in workforces {
        name: String = "WorkforceName",
        arn: String = "WorkforceArn",
        status: Seen<String> = "Status",
        created: Seen<Timestamp> = "CreateDate",
        modified: Seen<Timestamp> = "LastUpdatedDate",
        /// Unset is from anywhere.
        cidrs: Seen<Vec<String>> = "SourceIpConfig.Cidrs",
        user_pool: Seen<String> = "CognitoConfig.UserPool",
        issuer: Seen<String> = "OidcConfig.Issuer",
        authorization_endpoint: Seen<String> = "OidcConfig.AuthorizationEndpoint",
        token_endpoint: Seen<String> = "OidcConfig.TokenEndpoint",
        jwks_uri: Seen<String> = "OidcConfig.JwksUri",
        vpc: Seen<String> = "WorkforceVpcConfig.VpcId" => Vpc,
        subnets: Seen<Vec<String>> = "WorkforceVpcConfig.Subnets" => Subnet,
        security_groups: Seen<Vec<String>> = "WorkforceVpcConfig.SecurityGroupIds" => SecurityGroup,
        vpc_endpoint: Seen<String> = "WorkforceVpcConfig.VpcEndpointId",
        /// Of the worker portal.
        subdomain: Seen<String> = "SubDomain",
        /// `ipv4` or `dualstack`.
        ip_address_type: Seen<String> = "IpAddressType",
    }
    with tags
    by Spec {
        arn: "WorkforceArn",
        created: "CreateDate",
        resource: "workforce/{WorkforceName}",
        summary: &[
            "WorkforceName", "WorkforceArn", "LastUpdatedDate", "SourceIpConfig", "SubDomain", "CognitoConfig", "OidcConfig",
            "CreateDate", "WorkforceVpcConfig", "Status", "IpAddressType",
        ],
        required: r#"{
            "CognitoConfig?": {"ClientId": "client"},
            "WorkforceVpcConfig?": {"VpcId": "", "Subnets": [], "SecurityGroupIds": []}
        }"#,
        ..Spec::of(Table::Workforces, List::of(read!("sagemaker", "ListWorkforces"), "Workforces"))
    }
}
