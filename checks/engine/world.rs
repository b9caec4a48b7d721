//! The snapshot as a check sees it: indexed once, standing in the region of the resource under judgement.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use jiff::{Timestamp, ToSpan};

use super::permissions::{Iam, Permissions};
use super::workload::{self, What, Workload};
use crate::snapshot::{
    Bucket, Credentials, Endpoint, EndpointConfig, Gap, Key, Model, NetworkAcl, Reason, Region, Role, RouteTable,
    SecurityGroup, Snapshot, Subnet, Unseen, User, VpcEndpoint,
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
    /// The first reference that was not seen, by what it would have named.
    gaps: HashMap<What, &'s Gap>,
    buckets_used: BTreeSet<&'s str>,
    buckets: HashMap<&'s str, &'s Bucket>,
    credentials: HashMap<&'s str, &'s Credentials>,
    iam: Iam<'s>,
}

/// One region with its indexes.
pub(super) struct Site<'s> {
    pub(super) name: &'s str,
    pub(super) region: &'s Region,
    subnets: HashMap<&'s str, &'s Subnet>,
    groups: HashMap<&'s str, &'s SecurityGroup>,
    keys: HashMap<&'s str, &'s Key>,
    models_served: HashSet<&'s str>,
    configs_served: HashSet<&'s str>,
    vpcs_used: HashSet<&'s str>,
    gaps: HashMap<What, &'s Gap>,
}

impl<'s> World<'s> {
    /// Indexes a snapshot.
    pub fn new(snapshot: &'s Snapshot) -> Self {
        let mut world = World {
            snapshot,
            sites: snapshot.regions.iter().map(|(name, region)| Site::new(name, region)).collect(),
            roles_used: HashSet::new(),
            gaps: HashMap::new(),
            buckets_used: BTreeSet::new(),
            buckets: snapshot.account.buckets.iter().map(|b| (b.name.as_str(), b)).collect(),
            credentials: snapshot.account.credentials.iter().map(|c| (c.arn.as_str(), c)).collect(),
            iam: Iam::new(&snapshot.account),
        };
        for (name, region) in &snapshot.regions {
            for (gap, names) in workload::listings(region) {
                for what in names {
                    gap.map(|gap| world.gaps.entry(*what).or_insert(gap));
                }
            }
            for workload in workload::all(name, region) {
                for reference in workload.references() {
                    match (reference.what, reference.value) {
                        (what, Err(gap)) => {
                            world.gaps.entry(what).or_insert(gap);
                        }
                        (What::Role, Ok(arn)) => {
                            world.roles_used.insert(arn);
                        }
                        (What::Data, Ok(uri)) => {
                            world.buckets_used.extend(bucket_of(uri));
                        }
                        _ => {}
                    }
                }
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

    /// The role of that ARN; `None` when it provably does not exist (any more).
    pub fn role(&self, arn: &str) -> Result<Option<&Role>, Unseen> {
        match (self.iam.roles.get(arn), &self.snapshot.account.roles.missing) {
            (Some(role), _) => Ok(Some(role)),
            (None, None) => Ok(None),
            (None, Some(gap)) => Err(gap.into()),
        }
    }

    /// What the policies of a role allow.
    pub fn role_permissions(&self, role: &Role) -> Result<&Permissions, Unseen> {
        self.iam.of_role(role)
    }

    /// What the policies of a user, their own and those of their groups, allow.
    pub fn user_permissions(&self, user: &User) -> Result<&Permissions, Unseen> {
        self.iam.of_user(user)
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

    /// The buckets that SageMaker resources name, sorted.
    pub fn ml_buckets(&self) -> impl Iterator<Item = &str> {
        self.buckets_used.iter().copied()
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
        let served: HashSet<&str> =
            region.endpoints.iter().filter_map(|e| e.config.shown()).map(String::as_str).collect();
        let models_served = region
            .endpoint_configs
            .iter()
            .filter(|c| served.contains(c.name.as_str()))
            .flat_map(|c| c.variants.shown().into_iter().chain(c.shadow_variants.shown()).flatten())
            .filter_map(|v| v.model.as_deref())
            .collect();
        let subnets: HashMap<&str, &Subnet> = region.subnets.iter().map(|s| (s.id.as_str(), s)).collect();
        let mut gaps = HashMap::new();
        let mut vpcs_used = HashSet::new();
        for (gap, names) in workload::listings(region) {
            for what in names {
                gap.map(|gap| gaps.entry(*what).or_insert(gap));
            }
        }
        for workload in workload::all(name, region) {
            for reference in workload.references() {
                match (reference.what, reference.value) {
                    (what, Err(gap)) => {
                        gaps.entry(what).or_insert(gap);
                    }
                    (What::Subnet, Ok(id)) => {
                        vpcs_used.extend(subnets.get(id).map(|s| s.vpc.as_str()));
                    }
                    (What::Vpc, Ok(id)) => {
                        vpcs_used.insert(id);
                    }
                    _ => {}
                }
            }
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
            models_served,
            configs_served: served,
            vpcs_used,
            subnets,
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
    site: Option<&'w Site<'w>>,
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
    fn lookup<T>(
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
        let tables = self.region.route_tables.all()?;
        for table in tables.iter().filter(|t| t.vpc == subnet.vpc) {
            if table.subnets.get()?.is_some_and(|ids| ids.contains(&subnet.id)) {
                return Ok(table);
            }
        }
        for table in tables.iter().filter(|t| t.vpc == subnet.vpc) {
            if table.main.get()?.is_some_and(|main| *main) {
                return Ok(table);
            }
        }
        Err(Unseen(Gap::new(Reason::Failed, format!("no route table was found for subnet {}", subnet.id))))
    }

    /// How a subnet reaches the internet, by the active default routes (IPv4 and IPv6) of its route table.
    pub fn egress(&self, subnet: &Subnet) -> Result<Egress, Unseen> {
        let table = self.route_table(subnet)?;
        let routes = table.routes.known("Routes")?;
        let kind = |target: &str| match target.split('-').next() {
            Some("igw") => Egress::InternetGateway,
            Some("nat" | "eigw" | "i") => Egress::Nat,
            _ => Egress::Inspected,
        };
        let default = |r: &&crate::snapshot::Route| {
            r.state != "blackhole" && (r.destination == "0.0.0.0/0" || r.destination == "::/0")
        };
        Ok(routes.iter().filter(default).map(|r| kind(&r.target)).max().unwrap_or(Egress::None))
    }

    /// The network ACL of a subnet.
    pub fn network_acl(&self, subnet: &str) -> Result<Option<&'w NetworkAcl>, Unseen> {
        for acl in self.region.network_acls.all()? {
            if acl.subnets.get()?.is_some_and(|ids| ids.iter().any(|id| id == subnet)) {
                return Ok(Some(acl));
            }
        }
        Ok(None)
    }

    /// The VPC endpoints of a VPC, all of them.
    pub fn endpoints_of(&self, vpc: &str) -> Result<Vec<&'w VpcEndpoint>, Unseen> {
        Ok(self.region.vpc_endpoints.all()?.iter().filter(|e| e.vpc == vpc).collect())
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

    /// The endpoint configuration of that name.
    pub fn endpoint_config(&self, name: &str) -> Result<Option<&'w EndpointConfig>, Unseen> {
        self.region.endpoint_configs.find(|c| c.name == name)
    }

    /// The model of that name.
    pub fn model(&self, name: &str) -> Result<Option<&'w Model>, Unseen> {
        self.region.models.find(|m| m.name == name)
    }

    /// The endpoints that run a configuration now.
    pub fn endpoints_with(&self, config: &str) -> Result<Vec<&'w Endpoint>, Unseen> {
        let mut with = Vec::new();
        for endpoint in self.region.endpoints.all()? {
            if endpoint.config.get()?.is_some_and(|c| c == config) {
                with.push(endpoint);
            }
        }
        Ok(with)
    }

    /// Whether an endpoint runs this configuration. In doubt it does: doubt must not turn a failure into history.
    pub fn serves_config(&self, name: &str) -> bool {
        let region = self.region;
        let doubt = region.endpoints.missing.is_some() || region.endpoints.iter().any(|e| e.config.gap().is_some());
        doubt || self.site.is_some_and(|site| site.configs_served.contains(name))
    }

    /// Whether an endpoint serves this model. In doubt it does.
    pub fn serves_model(&self, name: &str) -> bool {
        let region = self.region;
        let doubt = region.endpoints.missing.is_some()
            || region.endpoints.iter().any(|e| e.config.gap().is_some())
            || region.endpoint_configs.missing.is_some()
            || region.endpoint_configs.iter().any(|c| c.variants.gap().is_some());
        doubt || self.site.is_some_and(|site| site.models_served.contains(name))
    }

    /// The VPCs that SageMaker resources of this region use, as far as was seen.
    pub fn workload_vpcs(&self) -> impl Iterator<Item = &'w str> {
        self.site.into_iter().flat_map(|site| site.vpcs_used.iter().copied())
    }

    /// The subnets of a VPC that SageMaker resources of this region name, and why there may be more.
    pub fn workload_subnets(&self, vpc: &str) -> (BTreeSet<&'w str>, Option<Unseen>) {
        let mut named = BTreeSet::new();
        let mut gap = self.gap_in(What::Subnet).map(Unseen::from);
        for reference in self.workloads().flat_map(|workload| workload.references()) {
            let (What::Subnet, Ok(id)) = (reference.what, reference.value) else { continue };
            match self.subnet(id) {
                Ok(Some(subnet)) if subnet.vpc == vpc => {
                    named.insert(id);
                }
                Ok(_) => {}
                Err(unseen) => gap = gap.or(Some(unseen)),
            }
        }
        (named, gap)
    }

    /// Why there may be more references of a kind in this region than were seen.
    pub fn gap_in(&self, what: What) -> Option<&'w Gap> {
        self.site.and_then(|site| site.gaps.get(&what).copied())
    }

    /// Every SageMaker resource of the region, in one shape.
    pub fn workloads(&self) -> impl Iterator<Item = Workload<'w>> {
        workload::all(self.name, self.region)
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
