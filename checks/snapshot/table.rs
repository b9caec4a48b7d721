//! The tables of a snapshot, by name: what checks say they read and collectors say they fill.

use serde::{Deserialize, Serialize};

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $scope:ident . $field:literal needs [$($need:ident),*];)+) => {
        /// One table of the snapshot. Checks name the tables they read, collectors the tables they fill, and the scan
        /// plan, the IAM policy and the documentation follow from the two.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Table { $($(#[$doc])* $name,)+ }

        impl Table {
            /// Every table, in collection order.
            pub const ALL: &'static [Table] = &[$(Table::$name,)+];

            /// The key of the table in a snapshot: `notebooks`, `password_policy`, …
            pub fn key(self) -> &'static str {
                match self { $(Table::$name => $field,)+ }
            }

            /// Whether the table lies in `account` rather than in each region.
            pub fn of_account(self) -> bool {
                match self { $(Table::$name => tables!(@scope $scope),)+ }
            }

            /// The tables that must be filled first, because their references say what to ask for.
            pub fn needs(self) -> &'static [Table] {
                match self { $(Table::$name => &[$(Table::$need),*],)+ }
            }
        }
    };
    (@scope account) => { true };
    (@scope region) => { false };
}

tables! {
    /// Notebook instances.
    Notebooks = region."notebooks" needs [];
    /// Notebook lifecycle configurations.
    LifecycleConfigs = region."lifecycle_configs" needs [];
    /// Training jobs.
    TrainingJobs = region."training_jobs" needs [];
    /// Processing jobs.
    ProcessingJobs = region."processing_jobs" needs [];
    /// Models.
    Models = region."models" needs [];
    /// Endpoint configurations.
    EndpointConfigs = region."endpoint_configs" needs [];
    /// Endpoints.
    Endpoints = region."endpoints" needs [];
    /// Studio domains.
    Domains = region."domains" needs [];
    /// User profiles.
    UserProfiles = region."user_profiles" needs [];
    /// Spaces.
    Spaces = region."spaces" needs [];
    /// Apps.
    Apps = region."apps" needs [];
    /// IAM users.
    Users = account."users" needs [];
    /// IAM groups.
    Groups = account."groups" needs [];
    /// IAM roles.
    Roles = account."roles" needs [];
    /// Managed policies.
    Policies = account."policies" needs [];
    /// The organization and its policies.
    Organization = account."organization" needs [];
    /// The account summary.
    Summary = account."summary" needs [];
    /// The password policy.
    PasswordPolicy = account."password_policy" needs [];
    /// The credential report.
    Credentials = account."credentials" needs [];
    /// The account's public access block.
    PublicAccessBlock = account."public_access_block" needs [];
    /// Trails.
    Trails = account."trails" needs [];
    /// Event data stores.
    EventDataStores = account."event_data_stores" needs [];
    /// Subnets.
    Subnets = region."subnets" needs [Notebooks, TrainingJobs, ProcessingJobs, Models, EndpointConfigs, Domains];
    /// Security groups.
    SecurityGroups = region."security_groups" needs [Subnets];
    /// VPCs.
    Vpcs = region."vpcs" needs [Subnets];
    /// Route tables.
    RouteTables = region."route_tables" needs [Subnets];
    /// NAT gateways.
    NatGateways = region."nat_gateways" needs [Subnets];
    /// Internet gateways.
    InternetGateways = region."internet_gateways" needs [Subnets];
    /// Network ACLs.
    NetworkAcls = region."network_acls" needs [Subnets];
    /// VPC endpoints.
    VpcEndpoints = region."vpc_endpoints" needs [Subnets];
    /// Flow logs.
    FlowLogs = region."flow_logs" needs [Subnets];
    /// Buckets.
    Buckets = account."buckets" needs [TrainingJobs, ProcessingJobs, Models, EndpointConfigs, Endpoints];
    /// KMS keys.
    Keys = region."keys" needs [Notebooks, TrainingJobs, ProcessingJobs, EndpointConfigs, Endpoints, Domains, Buckets];
}
