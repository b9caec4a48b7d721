//! The snapshot as a check sees it: indexed once, standing in the region of the resource under judgement.

use std::any::Any;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, LazyLock, OnceLock};

use jiff::{Timestamp, ToSpan};

use super::addresses::Addresses;
use super::check::unclear;
use super::organization::Ceiling;
use super::permissions::{Iam, Memory, Permissions};
use super::role_uses::AllRoleUses;
use super::serving::Serving;
use super::workload::{self, Workload};
use crate::paths::Survey;
use crate::snapshot::{
    Bucket, Credentials, Gap, Key, Reason, Region, Role, RouteTable, SecurityGroup, ServiceUse, Snapshot, Subnet,
    Unseen, User, What,
};

/// The region name of what belongs to the account as a whole.
pub const GLOBAL: &str = "global";

static NOWHERE: LazyLock<Region> = LazyLock::new(Region::default);

/// A snapshot with its indexes. Everything borrows from the snapshot; nothing is computed twice.
pub struct World<'s> {
    /// What was seen.
    pub snapshot: &'s Snapshot,
    sites: Vec<Site<'s>>,
    roles_used: HashSet<&'s str>,
    role_uses: OnceLock<AllRoleUses>,
    /// The first reference that was not seen, by what it would have named.
    gaps: HashMap<What, &'s Gap>,
    buckets_used: HashSet<&'s str>,
    buckets: HashMap<&'s str, &'s Bucket>,
    credentials: HashMap<&'s str, &'s Credentials>,
    iam: Iam<'s>,
    survey: OnceLock<Survey>,
    memory: Memory,
}

/// One region with its indexes.
pub(super) struct Site<'s> {
    pub(super) name: &'s str,
    pub(super) region: &'s Region,
    subnets: HashMap<&'s str, &'s Subnet>,
    groups: HashMap<&'s str, &'s SecurityGroup>,
    keys: HashMap<&'s str, &'s Key>,
    /// By VPC, in the order of the snapshot.
    route_tables: HashMap<&'s str, Vec<&'s RouteTable>>,
    pub(super) serving: Serving<'s>,
    /// Each subnet id that resources name, sorted, and whether anything but a domain does.
    subnets_named: BTreeMap<&'s str, bool>,
    /// The same by VPC, of those that are in the snapshot.
    subnets_used: HashMap<&'s str, Vec<(&'s Subnet, bool)>>,
    /// A subnet is named that is not in the snapshot.
    subnets_lost: bool,
    /// Whoever names a key, by the name given.
    key_users: HashMap<&'s str, Vec<Workload<'s>>>,
    gaps: HashMap<What, &'s Gap>,
}

impl<'s> World<'s> {
    /// Indexes a snapshot.
    pub fn new(snapshot: &'s Snapshot) -> Self {
        let mut world = World {
            snapshot,
            sites: snapshot.regions.iter().map(|(name, region)| Site::new(name, region)).collect(),
            roles_used: HashSet::new(),
            role_uses: OnceLock::new(),
            gaps: HashMap::new(),
            buckets_used: HashSet::new(),
            buckets: snapshot.account.buckets.iter().map(|b| (b.name.as_str(), b)).collect(),
            credentials: snapshot.account.credentials.iter().map(|c| (c.arn.as_str(), c)).collect(),
            iam: Iam::new(snapshot),
            survey: OnceLock::new(),
            memory: Memory::default(),
        };
        for reference in snapshot.regions.values().flat_map(workload::references) {
            match (reference.what, reference.value) {
                (what, Err(gap)) => drop(world.gaps.entry(what).or_insert(gap)),
                (What::Role, Ok(arn)) => drop(world.roles_used.insert(arn)),
                (What::Data, Ok(uri)) => world.buckets_used.extend(bucket_of(uri)),
                _ => {}
            }
        }
        world
    }

    /// Standing in each region in turn.
    pub fn regions(&self) -> impl Iterator<Item = Here<'_>> {
        self.sites.iter().map(|site| Here { world: self, name: site.name, region: site.region, site: Some(site) })
    }

    /// Standing in one region; `None` when the snapshot does not hold it.
    pub fn region(&self, name: &str) -> Option<Here<'_>> {
        self.regions().find(|here| here.name == name)
    }

    /// Standing outside all regions, where account-wide things live.
    pub fn global(&self) -> Here<'_> {
        Here { world: self, name: GLOBAL, region: &NOWHERE, site: None }
    }

    /// When the snapshot was taken; judging never asks the clock.
    pub fn now(&self) -> Timestamp {
        self.snapshot.scan.finished
    }

    /// Finished jobs created before this are history: the look-back window of the scan, or 90 days.
    pub fn jobs_since(&self) -> Timestamp {
        let scan = &self.snapshot.scan;
        scan.jobs_since.unwrap_or_else(|| scan.finished.saturating_sub((90 * 24).hours()).unwrap_or(Timestamp::MIN))
    }

    /// Whether any SageMaker resource of any region runs under this role. A "no" needs every reference to be seen.
    pub fn is_execution_role(&self, arn: &str) -> Result<bool, Unseen> {
        match (self.roles_used.contains(arn), self.gaps.get(&What::Role)) {
            (true, _) => Ok(true),
            (false, None) => Ok(false),
            (false, Some(gap)) => Err((*gap).into()),
        }
    }

    pub(super) fn role_uses(&self) -> &AllRoleUses {
        self.role_uses.get_or_init(|| AllRoleUses::new(self))
    }

    /// The role of that ARN; `None` when it provably does not exist (any more).
    pub fn role(&self, arn: &str) -> Result<Option<&Role>, Unseen> {
        match (self.iam.roles.get(arn), &self.snapshot.account.roles.missing) {
            (Some(role), _) => Ok(Some(role)),
            (None, None) => Ok(None),
            (None, Some(gap)) => Err(gap.into()),
        }
    }

    /// The organization policies over the account, as far as they were seen.
    pub(crate) fn ceiling(&self) -> &Arc<Ceiling> {
        &self.iam.ceiling
    }

    /// What follows from the principal's policies about these actions alone, worked out once for all who are alike in them.
    /// The type of the answer tells what was asked: give each question a type of its own, and always the same actions.
    pub fn once_for_alike<T: Any + Send + Sync>(
        &self,
        permissions: &Permissions,
        actions: &[&str],
        work: impl FnOnce() -> T,
    ) -> Arc<T> {
        self.memory.recall(permissions.likeness(actions), work)
    }

    /// What was not seen of the policies that the organization puts over the account: every right that is reported then
    /// holds only if they do not object. `None` where they all were seen, or where there is no organization.
    pub fn organization_gap(&self) -> Option<&Gap> {
        self.iam.ceiling.unseen.as_ref()
    }

    /// What the policies of a role allow.
    pub fn role_permissions(&self, role: &Role) -> Result<&Permissions, Unseen> {
        self.iam.of_role(role)
    }

    /// What the policies of a user, their own and those of their groups, allow.
    pub fn user_permissions(&self, user: &User) -> Result<&Permissions, Unseen> {
        self.iam.of_user(user)
    }

    /// Who can act, what runs, and who gets into what: worked out once, when first asked for.
    pub(crate) fn survey(&self) -> &Survey {
        self.survey.get_or_init(|| Survey::of(self))
    }

    /// The services that a role may use, and when it last did.
    pub fn services_used(&self, role: &str) -> Result<&[ServiceUse], Unseen> {
        let table = &self.snapshot.account.services_used;
        match (table.iter().find(|row| row.arn == role), &table.missing) {
            (Some(row), _) => Ok(row.services.get()?.map_or(&[], Vec::as_slice)),
            (None, Some(gap)) => Err(gap.into()),
            (None, None) => Err(unclear("which services it used is asked only of roles that resources name")),
        }
    }

    /// The row of a user in the credential report, which may be hours older than the list of users.
    pub fn credentials(&self, user: &User) -> Result<&Credentials, Unseen> {
        self.credentials.get(user.arn.as_str()).copied().ok_or_else(|| {
            match &self.snapshot.account.credentials.missing {
                Some(gap) => gap.into(),
                None => {
                    Unseen(Gap::new(Reason::Skipped, format!("user {} is not in the credential report", user.name)))
                }
            }
        })
    }

    /// Whether a SageMaker resource names that bucket, as far as was seen.
    pub fn is_ml_bucket(&self, name: &str) -> bool {
        self.buckets_used.contains(name)
    }

    /// Why there may be more references of a kind than were seen.
    pub fn gap_in(&self, what: What) -> Option<&Gap> {
        self.gaps.get(&what).copied()
    }

    /// Why buckets of a region may name more keys than were seen.
    pub fn gap_in_bucket_keys(&self, region: &str) -> Option<&Gap> {
        let buckets = self.snapshot.account.buckets.iter().filter(|b| self.buckets_used.contains(b.name.as_str()));
        let here = |b: &&Bucket| b.region.shown().is_none_or(|r| r == region);
        buckets.filter(here).find_map(|b| b.encryption.gap())
    }

    /// The bucket of that name; `None` never: a bucket that is not in the snapshot was not looked at.
    pub fn bucket(&self, name: &str) -> Result<&Bucket, Unseen> {
        self.buckets.get(name).copied().ok_or_else(|| match &self.snapshot.account.buckets.missing {
            Some(gap) => gap.into(),
            None => Unseen(Gap::new(Reason::Skipped, format!("bucket {name} was not looked at"))),
        })
    }
}

impl<'s> Site<'s> {
    fn new(name: &'s str, region: &'s Region) -> Self {
        let mut gaps = HashMap::new();
        let subnets: HashMap<&str, &Subnet> = region.subnets.iter().map(|s| (s.id.as_str(), s)).collect();
        let mut subnets_named: BTreeMap<&str, bool> = BTreeMap::new();
        let mut key_users: HashMap<&str, Vec<Workload<'_>>> = HashMap::new();
        for (gap, hidden) in workload::listings(region) {
            for (gap, what) in gap.into_iter().flat_map(|gap| hidden.iter().map(move |what| (gap, *what))) {
                gaps.entry(what).or_insert(gap);
            }
        }
        for workload in workload::all(region) {
            for reference in workload.references() {
                match (reference.what, reference.value) {
                    (what, Err(gap)) => drop(gaps.entry(what).or_insert(gap)),
                    (What::Subnet, Ok(id)) => {
                        *subnets_named.entry(id).or_default() |= !matches!(workload, Workload::Domain(_));
                    }
                    (What::Key, Ok(name)) => key_users.entry(name).or_default().push(workload),
                    _ => {}
                }
            }
        }
        let mut subnets_used: HashMap<&str, Vec<(&Subnet, bool)>> = HashMap::new();
        for (subnet, runs) in subnets_named.iter().filter_map(|(id, runs)| Some((*subnets.get(id)?, *runs))) {
            subnets_used.entry(&subnet.vpc).or_default().push((subnet, runs));
        }
        let mut route_tables: HashMap<&str, Vec<&RouteTable>> = HashMap::new();
        for table in region.route_tables.iter() {
            route_tables.entry(&table.vpc).or_default().push(table);
        }
        Site {
            name,
            region,
            groups: region.security_groups.iter().map(|g| (g.id.as_str(), g)).collect(),
            keys: region
                .keys
                .iter()
                .flat_map(|k| k.references.iter().map(String::as_str).chain([k.arn.as_str()]).map(move |r| (r, k)))
                .collect(),
            route_tables,
            serving: Serving::new(region),
            subnets_lost: subnets_named.keys().any(|id| !subnets.contains_key(id)),
            subnets_used,
            subnets_named,
            subnets,
            key_users,
            gaps,
        }
    }
}

/// A place to judge from: one region (or [`GLOBAL`]) of the world.
#[derive(Clone, Copy)]
pub struct Here<'w> {
    /// The whole account.
    pub world: &'w World<'w>,
    /// The region's name, or [`GLOBAL`].
    pub name: &'w str,
    /// What was seen in the region; nothing at all in [`GLOBAL`].
    pub region: &'w Region,
    pub(super) site: Option<&'w Site<'w>>,
}

/// Who manages a KMS key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyOwner {
    /// The customer: policy, rotation and deletion are theirs.
    Customer,
    /// AWS, on behalf of one service.
    Aws,
}

/// How packets leave a subnet for the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Egress {
    /// No default route.
    None,
    /// Through a NAT gateway or instance.
    Nat,
    /// Through something the customer runs: a transit gateway, firewall, peering, virtual appliance.
    Inspected,
    /// Straight through an internet gateway.
    InternetGateway,
}

impl Egress {
    /// How it reads in a finding.
    pub fn word(self) -> &'static str {
        match self {
            Egress::None => "no route to the internet",
            Egress::Nat => "a NAT gateway",
            Egress::Inspected => "a gateway or appliance of the customer",
            Egress::InternetGateway => "an internet gateway",
        }
    }
}

impl<'w> Here<'w> {
    pub(super) fn lookup<T>(
        &self,
        pick: impl FnOnce(&'w Site<'w>) -> Option<&'w T>,
        missing: &'w Option<Gap>,
    ) -> Result<Option<&'w T>, Unseen> {
        match (self.site.and_then(pick), missing) {
            (Some(found), _) => Ok(Some(found)),
            (None, Some(gap)) => Err(gap.into()),
            (None, None) => Ok(None),
        }
    }

    /// The subnet of that id; `None` when it provably is not there (any more).
    pub fn subnet(&self, id: &str) -> Result<Option<&'w Subnet>, Unseen> {
        self.lookup(|site| site.subnets.get(id).copied(), &self.region.subnets.missing)
    }

    /// The security group of that id; `None` when it provably is not there (any more).
    pub fn security_group(&self, id: &str) -> Result<Option<&'w SecurityGroup>, Unseen> {
        self.lookup(|site| site.groups.get(id).copied(), &self.region.security_groups.missing)
    }

    /// The route table that applies to a subnet: its own, else the main one of its VPC.
    pub fn route_table(&self, subnet: &Subnet) -> Result<&'w RouteTable, Unseen> {
        self.region.route_tables.all()?;
        let tables =
            self.site.and_then(|site| site.route_tables.get(subnet.vpc.as_str())).map_or(&[][..], Vec::as_slice);
        for table in tables {
            if table.subnets.get()?.is_some_and(|ids| ids.contains(&subnet.id)) {
                return Ok(table);
            }
        }
        for table in tables {
            if table.main.get()?.is_some_and(|main| *main) {
                return Ok(table);
            }
        }
        Err(Unseen(Gap::new(Reason::Failed, format!("no route table was found for subnet {}", subnet.id))))
    }

    /// How a subnet reaches the internet, by the active routes (IPv4 and IPv6) of its route table that are a default
    /// route, whole or in pieces, or that lead to an internet gateway at all.
    pub fn egress(&self, subnet: &Subnet) -> Result<Egress, Unseen> {
        let table = self.route_table(subnet)?;
        let routes = table.routes.known("Routes")?;
        let kind = |target: &str| match target.split('-').next() {
            Some("igw") => Egress::InternetGateway,
            Some("nat" | "eigw" | "i") => Egress::Nat,
            _ => Egress::Inspected,
        };
        let leads_out = |r: &&crate::snapshot::Route| {
            let wide = || r.destination.parse().is_ok_and(|block| Addresses::of([block]).is_internet());
            r.state != "blackhole" && r.target != "local" && (r.target.starts_with("igw-") || wide())
        };
        Ok(routes.iter().filter(leads_out).map(|r| kind(&r.target)).max().unwrap_or(Egress::None))
    }

    /// The key that a resource of this region names by id, ARN, alias or alias ARN (catalogue rule 5).
    pub fn key(&self, reference: &str) -> Result<&'w Key, Unseen> {
        self.lookup(|site| site.keys.get(reference).copied(), &self.region.keys.missing)?
            .ok_or_else(|| Unseen(Gap::new(Reason::Skipped, format!("key {reference} was not looked up"))))
    }

    /// Who manages the key that a resource of this region names.
    pub fn key_owner(&self, reference: &str) -> Result<KeyOwner, Unseen> {
        // An alias of the form alias/aws/<service> is reserved for AWS managed keys (KMS developer guide, "Aliases").
        if reference.starts_with("alias/aws/") || reference.contains(":alias/aws/") {
            return Ok(KeyOwner::Aws);
        }
        let key = self.key(reference)?;
        if key.exists.get()? == Some(&false) {
            return Err(unclear_key(reference));
        }
        match key.manager.known("KeyManager")?.as_str() {
            "CUSTOMER" => Ok(KeyOwner::Customer),
            "AWS" => Ok(KeyOwner::Aws),
            other => Err(Unseen(Gap::new(Reason::Unrecognised, format!("key manager {other}")))),
        }
    }

    /// Whether a SageMaker resource of this region names that subnet, as far as was seen.
    pub fn is_workload_subnet(&self, id: &str) -> bool {
        self.site.is_some_and(|site| site.subnets_named.contains_key(id))
    }

    /// The subnets of a VPC that SageMaker resources of this region name, each with whether anything but a domain
    /// does, and why there may be more.
    pub fn workload_subnets_of(&self, vpc: &str) -> (&'w [(&'w Subnet, bool)], Option<Unseen>) {
        let named = self.site.and_then(|site| site.subnets_used.get(vpc)).map_or(&[][..], Vec::as_slice);
        // A finished job may name a subnet that was deleted since; where not all were listed, it may be one of this VPC.
        let unlisted = || self.region.subnets.missing.as_ref().filter(|_| self.site.is_some_and(|s| s.subnets_lost));
        (named, self.gap_in(What::Subnet).or_else(unlisted).map(Unseen::from))
    }

    /// The resources of this region that name a key in this way.
    pub fn users_of_key(&self, reference: &str) -> &'w [Workload<'w>] {
        self.site.and_then(|site| site.key_users.get(reference)).map_or(&[], Vec::as_slice)
    }

    /// Why there may be more references of a kind in this region than were seen.
    pub fn gap_in(&self, what: What) -> Option<&'w Gap> {
        self.site.and_then(|site| site.gaps.get(&what).copied())
    }

    /// Every SageMaker resource of the region, in one shape.
    pub fn workloads(&self) -> impl Iterator<Item = Workload<'w>> {
        workload::all(self.region)
    }

    /// The account id of the snapshot.
    pub fn account(&self) -> &'w str {
        &self.world.snapshot.scan.account
    }

    /// The partition of the snapshot: `aws`, `aws-cn`, …
    pub fn partition(&self) -> &'w str {
        &self.world.snapshot.scan.partition
    }
}

fn unclear_key(reference: &str) -> Unseen {
    Unseen(Gap::new(Reason::Failed, format!("key {reference} does not exist (any more)")))
}

/// The bucket of an `s3://bucket/prefix` URI, or of S3's `https://` spellings; `None` for anything else.
pub fn bucket_of(uri: &str) -> Option<&str> {
    let name = match uri.strip_prefix("s3://") {
        Some(rest) => rest.split('/').next(),
        None => {
            // https://bucket.s3.region.amazonaws.com/key and https://s3.region.amazonaws.com/bucket/key
            let rest = uri.strip_prefix("https://")?;
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            match host.find(".s3.").or_else(|| host.find(".s3-")) {
                Some(end) => host.get(..end),
                None if host.starts_with("s3.") || host.starts_with("s3-") => path.split('/').next(),
                None => None,
            }
        }
    };
    name.filter(|n| !n.is_empty())
}

#[cfg(test)]
mod tests {
    use super::bucket_of;

    #[test]
    fn buckets_are_read_out_of_every_spelling() {
        assert_eq!(bucket_of("s3://data/train/"), Some("data"));
        assert_eq!(bucket_of("s3://data"), Some("data"));
        assert_eq!(bucket_of("https://data.s3.eu-west-1.amazonaws.com/x"), Some("data"));
        assert_eq!(bucket_of("https://s3.eu-west-1.amazonaws.com/data/x"), Some("data"));
        assert_eq!(bucket_of("s3://"), None);
        assert_eq!(bucket_of("file:///x"), None);
        assert_eq!(bucket_of("https://é"), None);
    }
}
