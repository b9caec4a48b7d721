//! The tables of a snapshot, by name: what checks say they read and collectors say they fill.

use std::collections::BTreeSet;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Account, Region};

use crate::{with_all_records, with_records};

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $scope:ident . $field:ident needs $needs:expr;)+) => {
        /// One table of the snapshot. Checks name the tables they read, collectors the tables they fill, and the scan
        /// plan, the IAM policy and the documentation follow from the two.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

        tables!(@parts Region region $($name $scope $field)+);
        tables!(@parts Account account $($name $scope $field)+);
    };
    (@scope account) => { true };
    (@scope region) => { false };
    (@only region region $($code:tt)*) => { $($code)* };
    (@only account account $($code:tt)*) => { $($code)* };
    (@only $here:ident $scope:ident $($code:tt)*) => {};
    (@parts $of:ident $here:ident $($name:ident $scope:ident $field:ident)+) => {
        impl Tables for $of {
            fn adopt(&mut self, from: Self, tables: &BTreeSet<Table>) {
                $( tables!(@only $here $scope if tables.contains(&Table::$name) { self.$field = from.$field; }); )+
            }
        }

        impl Serialize for Part<'_, $of> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $( tables!(@only $here $scope if self.tables.contains(&Table::$name) {
                    map.serialize_entry(stringify!($field), &self.of.$field)?;
                }); )+
                map.end()
            }
        }
    };
}

/// A table goes by its key.
impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        let table = Table::ALL.iter().copied().find(|table| table.key() == key);
        table.ok_or_else(|| serde::de::Error::custom(format!("there is no table `{key}`")))
    }
}

/// What holds tables: the account, a region.
pub trait Tables: Default {
    /// Takes some tables over.
    fn adopt(&mut self, from: Self, tables: &BTreeSet<Table>);
}

/// Some tables, and no others, on their way into a file. What reads it back has the others unseen.
pub struct Part<'a, T> {
    /// What holds them.
    pub of: &'a T,
    /// Which.
    pub tables: &'a BTreeSet<Table>,
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
            /// The buckets that trails write to.
            TrailBuckets = account.trail_buckets needs &[Trails];
            /// Event data stores.
            EventDataStores = account.event_data_stores needs &[];
            /// Budgets.
            Budgets = account.budgets needs &[];
            /// Monitors of unusual cost.
            AnomalyMonitors = account.anomaly_monitors needs &[];
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
            /// Network interfaces of the mount targets of homes.
            NetworkInterfaces = region.network_interfaces needs &[Subnets];
            /// Buckets.
            Buckets = account.buckets needs Table::WORKLOADS;
            /// Logging, lifecycle, replication and locks of buckets.
            BucketSettings = account.bucket_settings needs &[Buckets];
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

    /// Whether it needs another, or something that needs that one.
    pub fn follows(self, other: Table) -> bool {
        self.needs().iter().any(|need| *need == other || need.follows(other))
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
