//! The tables of a snapshot, by name: what checks say they read and collectors say they fill.

use serde::{Deserialize, Serialize};

use crate::{with_all_records, with_records};

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $scope:ident . $field:ident needs $needs:expr;)+) => {
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
                match self { $(Table::$name => stringify!($field),)+ }
            }

            /// Whether the table lies in `account` rather than in each region.
            pub fn of_account(self) -> bool {
                match self { $(Table::$name => tables!(@scope $scope),)+ }
            }

            /// The tables that must be filled first, because their references say what to ask for.
            pub fn needs(self) -> &'static [Table] {
                use Table::*;
                match self { $(Table::$name => const { $needs },)+ }
            }
        }
    };
    (@scope account) => { true };
    (@scope region) => { false };
}

macro_rules! tables_with_records {
    ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
        tables! {
            $( #[doc = $doc] $table = region.$key needs <super::$record as super::Record>::SPEC.needs; )*
            /// IAM users.
            Users = account.users needs &[];
            /// IAM groups.
            Groups = account.groups needs &[];
            /// IAM roles.
            Roles = account.roles needs &[];
            /// Managed policies.
            Policies = account.policies needs &[];
            /// The organization and its policies.
            Organization = account.organization needs &[];
            /// The account summary.
            Summary = account.summary needs &[];
            /// The password policy.
            PasswordPolicy = account.password_policy needs &[];
            /// The credential report.
            Credentials = account.credentials needs &[];
            /// What roles that resources name really used. IAM makes a report for each and advises against bursts, so only
            /// what reads it has it asked for.
            ServicesUsed = account.services_used needs workloads![Roles];
            /// The account's public access block.
            PublicAccessBlock = account.public_access_block needs &[];
            /// Trails.
            Trails = account.trails needs &[];
            /// Event data stores.
            EventDataStores = account.event_data_stores needs &[];
            /// Subnets.
            Subnets = region.subnets needs Table::WORKLOADS;
            /// Security groups.
            SecurityGroups = region.security_groups needs &[Subnets];
            /// VPCs.
            Vpcs = region.vpcs needs &[Subnets];
            /// Route tables.
            RouteTables = region.route_tables needs &[Subnets];
            /// NAT gateways.
            NatGateways = region.nat_gateways needs &[Subnets];
            /// Internet gateways.
            InternetGateways = region.internet_gateways needs &[Subnets];
            /// Network ACLs.
            NetworkAcls = region.network_acls needs &[Subnets];
            /// VPC endpoints.
            VpcEndpoints = region.vpc_endpoints needs &[Subnets];
            /// Flow logs.
            FlowLogs = region.flow_logs needs &[Subnets];
            /// Buckets.
            Buckets = account.buckets needs Table::WORKLOADS;
            /// KMS keys.
            Keys = region.keys needs workloads![Buckets];
        }

    };
}
with_all_records!(tables_with_records);

impl Table {
    /// How many tables must be filled one after the other before this one.
    pub fn depth(self) -> usize {
        self.needs().iter().map(|need| need.depth() + 1).max().unwrap_or(0)
    }

    /// Whether something that it needs, or that its needs need, belongs to the account as a whole: then it is asked for
    /// when all regions are seen.
    pub fn follows_the_account(self) -> bool {
        self.needs().iter().any(|need| need.of_account() || need.follows_the_account())
    }
}

macro_rules! workload_tables {
    ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
        impl Table {
            /// The tables whose resources name roles, keys, data, networks, images or secrets.
            pub const WORKLOADS: &'static [Table] = &[$(Table::$table,)*];
        }
    };
}
with_records!(workload_tables);

/// The tables of [`Table::WORKLOADS`] and others: for what checks read.
pub(crate) const fn workloads_and<const N: usize>(others: &[Table]) -> [Table; N] {
    let mut all = [Table::Notebooks; N];
    let (mut to, mut from) = (0, 0);
    while from < Table::WORKLOADS.len() {
        all[to] = Table::WORKLOADS[from];
        (to, from) = (to + 1, from + 1);
    }
    from = 0;
    while from < others.len() {
        all[to] = others[from];
        (to, from) = (to + 1, from + 1);
    }
    assert!(to == N, "count the tables");
    all
}

/// [`Table::WORKLOADS`] and more, as a constant list.
macro_rules! workloads {
    ($($more:ident),*) => {
        &$crate::snapshot::workloads_and::<{ $crate::snapshot::Table::WORKLOADS.len() + [$($crate::snapshot::Table::$more),*].len() }>(
            &[$($crate::snapshot::Table::$more),*],
        )
    };
}
pub(crate) use workloads;
