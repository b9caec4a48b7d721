//! HyperPod clusters and their nodes.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::VpcConfig;
use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::{AutomaticNone, Every, Form, Present};
use crate::snapshot::{Ask, Known, List, Listed, Seen, Spec, Table};

part! {
    /// A volume of the instances of a group.
    pub struct GroupVolume {
        /// Whether it is one of EBS; the others are file systems that are mounted.
        ebs: bool = "EbsVolumeConfig" as Present,
        /// The root volume, rather than the one that is added.
        root: Option<bool> = "EbsVolumeConfig.RootVolume",
        key: Option<String> = "EbsVolumeConfig.VolumeKmsKeyId" => Key,
        /// The DNS name of a file system of FSx for Lustre.
        lustre: Option<String> = "FsxLustreConfig.DnsName",
    }

    /// A group of instances of a cluster.
    pub struct InstanceGroup {
        name: Option<String> = "InstanceGroupName",
        instance_type: Option<String> = "InstanceType",
        count: Option<i32> = "CurrentCount",
        /// `InService`, `Degraded`, `Failed`, …
        status: Option<String> = "Status",
        role: Option<String> = "ExecutionRole" => Role,
        /// Where the lifecycle scripts lie.
        scripts: Option<String> = "LifeCycleConfig.SourceS3Uri" => Data,
        /// The script that runs on each new instance.
        on_create: Option<String> = "LifeCycleConfig.OnCreate",
        /// Instead of the cluster's.
        subnets: Vec<String> = "OverrideVpcConfig.Subnets" => Subnet,
        /// Instead of the cluster's.
        security_groups: Vec<String> = "OverrideVpcConfig.SecurityGroupIds" => SecurityGroup,
        volumes: Vec<GroupVolume> = "InstanceStorageConfigs" => Key,
        deep_health_checks: Vec<String> = "OnStartDeepHealthChecks",
        /// `WhenIdle`, `WhenAllIdle`, `DrainFirst`.
        patching: Option<String> = "AutoPatchConfig.PatchingStrategy",
        update_schedule: Option<String> = "ScheduledUpdateConfig.ScheduleExpression",
        /// `UpToDate`, `UpdateAvailable`, `SecurityUpdateRequired`, `EndOfLife`.
        image_status: Option<String> = "ImageVersionStatus",
        image_release: Option<String> = "CurrentImageReleaseVersion",
    }

    /// A group of instances on which only SageMaker's own training recipes run.
    pub struct RestrictedGroup {
        name: Option<String> = "InstanceGroupName",
        instance_type: Option<String> = "InstanceType",
        count: Option<i32> = "CurrentCount",
        /// `InService`, `Degraded`, `Failed`, …
        status: Option<String> = "Status",
        role: Option<String> = "ExecutionRole" => Role,
        /// Instead of the cluster's.
        subnets: Vec<String> = "OverrideVpcConfig.Subnets" => Subnet,
        /// Instead of the cluster's.
        security_groups: Vec<String> = "OverrideVpcConfig.SecurityGroupIds" => SecurityGroup,
        volumes: Vec<GroupVolume> = "InstanceStorageConfigs" => Key,
        deep_health_checks: Vec<String> = "OnStartDeepHealthChecks",
        update_schedule: Option<String> = "ScheduledUpdateConfig.ScheduleExpression",
        output: Option<String> = "EnvironmentConfig.S3OutputPath" => Data,
    }
}

record! {
    /// A HyperPod cluster.
    pub struct Cluster in clusters {
        name: String = "ClusterName",
        arn: String = "ClusterArn",
        status: Seen<String> = "ClusterStatus",
        created: Seen<Timestamp> = "CreationTime",
        /// The role of the cluster itself, for scaling.
        role: Seen<String> = "ClusterRole" => Role,
        /// Not set: the instances lie in a network of SageMaker's.
        vpc: Seen<VpcConfig> = "VpcConfig" => Subnet & SecurityGroup,
        /// The EKS cluster that orchestrates it.
        eks: Seen<String> = "Orchestrator.Eks.ClusterArn",
        /// Whether Slurm is configured as the orchestrator.
        slurm: Seen<bool> = "Orchestrator.Slurm" as Present,
        /// The credentials of Slurm's accounting database.
        accounting_secret: Seen<String> = "Orchestrator.Slurm.AccountingDatabase.SecretArn" => Secret,
        /// Whether faulty nodes are replaced: `Automatic` is true.
        node_recovery: Seen<bool> = "NodeRecovery" as AutomaticNone,
        groups: Seen<Vec<InstanceGroup>> = "InstanceGroups" as Every => Role & Data & Key & Subnet & SecurityGroup,
        restricted_groups: Seen<Vec<RestrictedGroup>> =
            "RestrictedInstanceGroups" as Every => Role & Data & Key & Subnet & SecurityGroup,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeCluster"), &[("ClusterName", "ClusterName")])),
        arn: "ClusterArn",
        resource: "cluster/{ClusterName}",
        summary: &["ClusterName", "ClusterArn", "CreationTime", "ClusterStatus"],
        required: r#"{
            "InstanceGroups": [{
                "InstanceStorageConfigs?": [{"FsxLustreConfig?": {"MountName": "fsx"}}],
                "OverrideVpcConfig?": {"Subnets": [], "SecurityGroupIds": []},
                "ScheduledUpdateConfig?": {"ScheduleExpression": "cron(0 0 * * ? *)"}
            }],
            "RestrictedInstanceGroups?": [{
                "InstanceStorageConfigs?": [{"FsxLustreConfig?": {"MountName": "fsx"}}],
                "OverrideVpcConfig?": {"Subnets": [], "SecurityGroupIds": []}
            }],
            "Orchestrator?": {"Slurm?": {"AccountingDatabase?": {"Endpoint": "database.example.com"}}}
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::Clusters, List::of(read!("sagemaker", "ListClusters"), "ClusterSummaries"))
    }
}

record! {
    /// A node of a HyperPod cluster.
    pub struct ClusterNode in cluster_nodes {
        /// The id of its EC2 instance.
        name: String = "InstanceId",
        /// Empty: nodes have none.
        arn: String = "" as NoArn,
        status: Seen<String> = "InstanceStatus.Status",
        created: Seen<Timestamp> = "LaunchTime",
        /// The name of the cluster, as the list was asked for it.
        cluster: String = "ClusterName",
        group: Seen<String> = "InstanceGroupName",
        instance_type: Seen<String> = "InstanceType",
        software_updated: Seen<Timestamp> = "LastSoftwareUpdateTime",
        /// `UpToDate`, `UpdateAvailable`, `SecurityUpdateRequired`, `EndOfLife`.
        image_status: Seen<String> = "ImageVersionStatus",
        image_release: Seen<String> = "CurrentImageReleaseVersion",
    }
    by Spec {
        created: "LaunchTime",
        resource: "cluster/{ClusterName}",
        summary: &[
            "InstanceId", "InstanceGroupName", "InstanceType", "LaunchTime", "LastSoftwareUpdateTime",
            "InstanceStatus", "ImageVersionStatus", "CurrentImageReleaseVersion",
        ],
        missing: "ResourceNotFound",
        needs: &[Table::Clusters],
        ..Spec::of(Table::ClusterNodes, List {
            per: Some(clusters),
            // The cluster went away after it was listed.
            absent: &["ResourceNotFound"],
            ..List::of(read!("sagemaker", "ListClusterNodes"), "ClusterNodeSummaries")
        })
    }
}

fn clusters(known: &Known<'_>) -> Listed<Value> {
    let clusters = &known.region.clusters;
    let items = clusters.iter().map(|cluster| json!({ "ClusterName": cluster.name })).collect();
    Listed { items, missing: clusters.missing.clone() }
}

/// The ARN of what has none.
#[derive(Debug)]
struct NoArn;

impl Form<String> for NoArn {
    fn read(_: &Value) -> Result<Option<String>, String> {
        Ok(None)
    }
    fn write(_: &String) -> Value {
        Value::Null
    }
}
