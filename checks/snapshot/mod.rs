//! The snapshot: what one scan saw of an account, and what it did not see. One file holds it whole.
//!
//! Everything here is plain data. [`Seen`] and [`Listed`] keep apart what is there, what is not there, and what nobody
//! looked at; whatever a file leaves out counts as not looked at.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use crate::with_all_records;

mod activity;
mod alarms;
mod analyzers;
mod api_gateway;
mod audit_manager;
mod autoscaling;
mod call;
mod catalogs;
mod codebuild;
mod cognito;
mod config;
mod context;
mod costs;
mod coverage;
mod detection;
mod dns;
mod ecr;
mod eks;
mod events;
mod file_systems;
mod firewalls;
mod grants;
mod identity;
mod inspector;
mod lambda;
mod lineage_artifacts;
mod log_lines;
mod logs;
mod lustre;
mod network;
mod organization;
mod ram;
mod record;
mod reference;
pub mod registry;
mod sagemaker;
mod secretsmanager;
mod seen;
mod service_quotas;
mod table;
#[cfg(test)]
mod tests;
mod topics;
mod trails;
pub mod wire;

pub use activity::*;
pub use alarms::*;
pub use analyzers::*;
pub use api_gateway::*;
pub use audit_manager::*;
pub use autoscaling::*;
pub use call::Call;
pub use catalogs::*;
pub use codebuild::*;
pub use cognito::*;
pub use config::*;
pub use context::*;
pub use costs::*;
pub use coverage::{Coverage, State};
pub use detection::*;
pub use dns::*;
pub use ecr::*;
pub use eks::*;
pub use events::*;
pub use file_systems::*;
pub use firewalls::*;
pub use grants::*;
pub use identity::*;
pub use inspector::*;
pub use lambda::*;
pub use lineage_artifacts::*;
pub use log_lines::*;
pub use logs::*;
pub use lustre::*;
pub use network::*;
pub use organization::*;
pub use ram::*;
pub use record::{Ask, BULK_TAGS, Fields, Jobs, Known, List, Record, SEARCH, Search, Spec, TAGS, means_absence};
pub use reference::{Names, Reference, What};
pub use sagemaker::*;
pub use secretsmanager::*;
pub use seen::{Gap, Hole, Listed, Reason, Seen, Unseen};
pub use service_quotas::*;
pub use table::{Part, Table, Tables};
pub(crate) use table::{workloads, workloads_and};
pub use topics::*;
pub use trails::*;

/// Derives what every struct of the model has: unknown keys are errors, missing keys take the (unseen) default.
macro_rules! model {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($body)* }
    )+ };
}
pub(crate) use model;

/// The format that this version writes and reads.
pub const FORMAT: &str = "sagescan/snapshot/v1";

model! {
    /// What one scan saw.
    pub struct Snapshot {
        /// Always [`FORMAT`]
        pub format: String,
        /// Who looked, where and when
        pub scan: Scan,
        /// What belongs to the account as a whole
        pub account: Account,
        /// What belongs to a region, by region name
        pub regions: BTreeMap<String, Region>,
        /// The ledger of what was asked
        pub coverage: Vec<Coverage>,
    }

    /// The circumstances of a scan.
    pub struct Scan {
        /// The version of sagescan that collected
        pub version: String,
        /// The account id
        pub account: String,
        /// `aws`, `aws-cn`, `aws-us-gov`, …
        pub partition: String,
        /// The ARN of the identity that looked
        pub caller: String,
        /// The regions asked for, sorted
        pub regions: Vec<String>,
        /// When the first call was made
        pub started: Timestamp,
        /// When the last answer came
        pub finished: Timestamp,
        /// Requests sent, retries included
        pub api_calls: u64,
        /// Requests that AWS refused for their rate
        pub throttled: u64,
        /// Finished jobs created before this were not described
        pub jobs_since: Option<Timestamp>,
        /// Why the scan ended early, if it did
        pub interrupted: Option<String>,
        /// When the earlier scan was made that finished jobs, models and endpoint configurations were taken from
        pub since_last: Option<Timestamp>,
    }

    /// What belongs to the account as a whole.
    pub struct Account {
        /// IAM users
        pub users: Listed<User>,
        /// IAM groups
        pub groups: Listed<Group>,
        /// IAM roles
        pub roles: Listed<Role>,
        /// Managed policies that are attached or local
        pub policies: Listed<Policy>,
        /// DescribeOrganization; `AWSOrganizationsNotInUseException` is unset: the account is in no organization
        pub organization: Seen<Organization>,
        /// GetAccountSummary
        pub summary: Seen<AccountSummary>,
        /// GetAccountPasswordPolicy; no policy is unset
        pub password_policy: Seen<PasswordPolicy>,
        /// GetCredentialReport
        pub credentials: Listed<Credentials>,
        /// GetServiceLastAccessedDetails of the roles that resources name
        pub services_used: Listed<RoleUse>,
        /// s3control GetPublicAccessBlock; no configuration is unset
        pub public_access_block: Seen<PublicAccessBlock>,
        /// Buckets that resources refer to
        pub buckets: Listed<Bucket>,
        /// What else is set for these buckets
        pub bucket_settings: Listed<BucketSettings>,
        /// Trails seen from any scanned region, each once
        pub trails: Listed<Trail>,
        /// The buckets that those trails write to
        pub trail_buckets: Listed<Bucket>,
        /// Event data stores of any scanned region
        pub event_data_stores: Listed<EventDataStore>,
        /// Budgets
        pub budgets: Listed<Budget>,
        /// Monitors of unusual cost
        pub anomaly_monitors: Listed<AnomalyMonitor>,
    }
}

macro_rules! region_with_records {
    ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
        model! {
            /// What belongs to one region.
            pub struct Region {
                $( #[doc = $doc] pub $key: Listed<$record>, )*
                /// VPCs that SageMaker resources use
                pub vpcs: Listed<Vpc>,
                /// Subnets of those VPCs
                pub subnets: Listed<Subnet>,
                /// Route tables of those VPCs
                pub route_tables: Listed<RouteTable>,
                /// NAT gateways of those VPCs
                pub nat_gateways: Listed<NatGateway>,
                /// Internet gateways of those VPCs
                pub internet_gateways: Listed<InternetGateway>,
                /// Security groups of those VPCs
                pub security_groups: Listed<SecurityGroup>,
                /// Network ACLs of those VPCs
                pub network_acls: Listed<NetworkAcl>,
                /// VPC endpoints of those VPCs
                pub vpc_endpoints: Listed<VpcEndpoint>,
                /// Flow logs of those VPCs, their subnets and interfaces
                pub flow_logs: Listed<FlowLog>,
                /// Network interfaces of the mount targets of homes
                pub network_interfaces: Listed<NetworkInterface>,
                /// KMS keys that resources of the region refer to
                pub keys: Listed<Key>,
            }
        }
    };
}
with_all_records!(region_with_records);

/// Why a file is not a snapshot that this version can read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON at all, or JSON that breaks off.
    #[error("this is not a snapshot: {0}")]
    Json(serde_json::Error),
    /// JSON of something else.
    #[error("this is not a snapshot: it has no `format` field; `sagescan collect -o FILE` writes one")]
    Foreign,
    /// A format of a later version, or of another tool.
    #[error("this file has format `{0}`, this version reads `{FORMAT}`; use a newer sagescan, or collect again")]
    Format(String),
    /// The right format with contents that do not fit it.
    #[error("the snapshot is damaged: {0}")]
    Damaged(serde_json::Error),
}

impl Snapshot {
    /// Reads a snapshot from the bytes of an uncompressed file.
    pub fn read(bytes: &[u8]) -> Result<Snapshot, ReadError> {
        #[derive(Deserialize)]
        struct Head {
            format: Option<String>,
        }
        let head: Head = serde_json::from_slice(bytes).map_err(ReadError::Json)?;
        match head.format {
            None => Err(ReadError::Foreign),
            Some(format) if format != FORMAT => Err(ReadError::Format(format)),
            Some(_) => serde_json::from_slice(bytes).map_err(ReadError::Damaged),
        }
    }

    /// Writes the snapshot as JSON.
    pub fn write(&self, out: impl std::io::Write) -> serde_json::Result<()> {
        serde_json::to_writer(out, self)
    }
}

/// The last path segment of an ARN, or the text itself: for people, never for decisions.
pub fn short_name(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}
