//! FSx: the Lustre file systems that Studio, training jobs and HyperPod clusters mount.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::record;
use super::wire::Every;
use super::{Gap, GroupVolume, Known, List, Listed, Region, Seen, Spec, Table};
use crate::read;

record! {
    /// A file system of FSx for Lustre that something of SageMaker's names (DescribeFileSystems).
    pub struct LustreFileSystem in lustre_file_systems {
        id: String = "FileSystemId",
        arn: String = "ResourceARN",
        /// `AVAILABLE`, `CREATING`, `FAILED`, `DELETING`, `MISCONFIGURED` or `UPDATING`
        status: Seen<String> = "Lifecycle",
        created: Seen<Timestamp> = "CreationTime",
        /// Persistent ones only: a scratch file system is encrypted with a key of the service.
        key: Seen<String> = "KmsKeyId" => Key,
        vpc: Seen<String> = "VpcId",
        subnets: Seen<Vec<String>> = "SubnetIds" as Every,
        /// `SCRATCH_1`, `SCRATCH_2`, `PERSISTENT_1` or `PERSISTENT_2`
        deployment: Seen<String> = "LustreConfiguration.DeploymentType",
        /// Of Lustre: `2.10`, `2.12`, `2.15`.
        version: Seen<String> = "FileSystemTypeVersion",
        /// `DISABLED`, `WARN_ONLY`, `ERROR_ONLY` or `WARN_ERROR`
        log_level: Seen<String> = "LustreConfiguration.LogConfiguration.Level",
    }
    by Spec {
        arn: "ResourceARN",
        summary: &[
            "FileSystemId", "ResourceARN", "Lifecycle", "CreationTime", "KmsKeyId", "VpcId", "SubnetIds",
            "LustreConfiguration", "FileSystemTypeVersion",
        ],
        missing: "FileSystemNotFound",
        needs: NAMED_BY,
        ..Spec::of(Table::LustreFileSystems, List {
            // Asked by their ids, one that is gone would hide the others.
            size: Some(("MaxResults", 50)),
            per: Some(if_any_is_named),
            keep: Some(is_named),
            ..List::of(read!("fsx", "DescribeFileSystems"), "FileSystems")
        })
    }
}

/// The tables whose resources name file systems of FSx for Lustre.
const NAMED_BY: &[Table] = &[Table::Domains, Table::UserProfiles, Table::Spaces, Table::TrainingJobs, Table::Clusters];

/// Names of file systems on their way out of a region.
#[derive(Default)]
struct Named<'r> {
    ids: Vec<&'r str>,
    gap: Option<&'r Gap>,
}

impl<'r> Named<'r> {
    /// What a field names.
    fn add<T>(&mut self, seen: &'r Seen<Vec<T>>, id: impl Fn(&'r T) -> Option<&'r str>) {
        self.ids.extend(seen.shown().into_iter().flatten().filter_map(id));
        self.gap = self.gap.or(seen.gap());
    }

    /// What volumes name by the DNS names of file systems, whose first label is the id.
    fn add_volumes(&mut self, volumes: &'r [GroupVolume]) {
        let labels = volumes.iter().filter_map(|volume| volume.lustre.as_deref()?.split('.').next());
        self.ids.extend(labels.filter(|label| label.starts_with("fs-")));
    }
}

/// The ids that are named, and why there may be more.
pub(crate) fn lustre_named(region: &Region) -> (Vec<&str>, Option<&Gap>) {
    let mut named = Named::default();
    for domain in region.domains.iter() {
        named.add(&domain.file_systems, |mount| mount.lustre.as_deref());
        named.add(&domain.space_file_systems, |mount| mount.lustre.as_deref());
    }
    for profile in region.user_profiles.iter() {
        named.add(&profile.file_systems, |mount| mount.lustre.as_deref());
    }
    for space in region.spaces.iter() {
        named.add(&space.file_systems, |mount| mount.lustre.as_deref());
    }
    for job in region.training_jobs.iter() {
        named.add(&job.file_systems, |source| {
            // What is no EFS may be Lustre.
            source.id.as_deref().filter(|_| source.kind.as_deref() != Some("EFS"))
        });
    }
    for cluster in region.clusters.iter() {
        for group in cluster.groups.shown().into_iter().flatten() {
            named.add_volumes(&group.volumes);
        }
        for group in cluster.restricted_groups.shown().into_iter().flatten() {
            named.add_volumes(&group.volumes);
        }
        named.gap = named.gap.or(cluster.groups.gap()).or(cluster.restricted_groups.gap());
    }
    let listings = [
        &region.domains.missing,
        &region.user_profiles.missing,
        &region.spaces.missing,
        &region.training_jobs.missing,
        &region.clusters.missing,
    ];
    (named.ids, named.gap.or(listings.into_iter().find_map(Option::as_ref)))
}

/// One question, unless there is nothing to ask about.
fn if_any_is_named(known: &Known<'_>) -> Listed<Value> {
    let (ids, gap) = lustre_named(known.region);
    Listed { items: if ids.is_empty() { Vec::new() } else { vec![json!({})] }, missing: gap.cloned() }
}

fn is_named(known: &Known<'_>, summary: &Value) -> bool {
    let id = summary.get("FileSystemId").and_then(Value::as_str);
    id.is_some_and(|id| lustre_named(known.region).0.contains(&id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Cluster, FileSystemSource, InstanceGroup, TrainingJob};

    #[test]
    fn jobs_and_clusters_name_file_systems_in_their_own_ways() {
        let source = |kind: &str, id: &str| FileSystemSource { id: Some(id.into()), kind: Some(kind.into()) };
        let job = TrainingJob {
            file_systems: Seen::Is(vec![source("FSxLustre", "fs-1"), source("EFS", "fs-2")]),
            ..TrainingJob::default()
        };
        let volume = |name: &str| GroupVolume { lustre: Some(name.to_owned()), ..GroupVolume::default() };
        let volumes = vec![volume("fs-3.fsx.us-east-1.amazonaws.com"), volume("files.example.com")];
        let group = InstanceGroup { volumes, ..InstanceGroup::default() };
        let cluster =
            Cluster { groups: Seen::Is(vec![group]), restricted_groups: Seen::Is(Vec::new()), ..Cluster::default() };
        let mut region = Region {
            domains: Listed::complete(Vec::new()),
            user_profiles: Listed::complete(Vec::new()),
            spaces: Listed::complete(Vec::new()),
            training_jobs: Listed::complete(vec![job]),
            clusters: Listed::complete(vec![cluster]),
            ..Region::default()
        };
        assert_eq!(lustre_named(&region), (vec!["fs-1", "fs-3"], None));
        region.clusters.items[0].restricted_groups = Seen::default();
        assert!(lustre_named(&region).1.is_some());
    }
}
