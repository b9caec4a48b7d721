//! What Edge Manager left behind: packaging jobs, fleets and devices.

use jiff::Timestamp;

use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::{Ask, Jobs, List, Seen, Spec, Table};

record! {
    /// An edge packaging job.
    pub struct EdgePackagingJob in edge_packaging_jobs {
        name: String = "EdgePackagingJobName",
        arn: String = "EdgePackagingJobArn",
        status: Seen<String> = "EdgePackagingJobStatus",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        role: Seen<String> = "RoleArn" => Role,
        output_key: Seen<String> = "OutputConfig.KmsKeyId" => Key,
        output_path: Seen<String> = "OutputConfig.S3OutputLocation" => Data,
        model: Seen<String> = "ModelName",
        compilation_job: Seen<String> = "CompilationJobName",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeEdgePackagingJob"),
            &[("EdgePackagingJobName", "EdgePackagingJobName")],
        )),
        jobs: Some(Jobs { status: "EdgePackagingJobStatus", running: &["STARTING", "INPROGRESS", "STOPPING"] }),
        arn: "EdgePackagingJobArn",
        resource: "edge-packaging-job/{EdgePackagingJobName}",
        summary: &[
            "EdgePackagingJobArn", "EdgePackagingJobName", "EdgePackagingJobStatus", "CompilationJobName", "ModelName",
            "CreationTime", "LastModifiedTime",
        ],
        required: r#"{"OutputConfig?": {"S3OutputLocation": ""}}"#,
        missing: "ResourceNotFound",
        // Newest first, in this operation's own word for it.
        ..Spec::of(Table::EdgePackagingJobs, List {
            with: r#"{"SortBy": "CREATION_TIME", "SortOrder": "Descending"}"#,
            ..List::of(read!("sagemaker", "ListEdgePackagingJobs"), "EdgePackagingJobSummaries")
        })
    }
}

record! {
    /// A fleet of edge devices.
    pub struct DeviceFleet in device_fleets {
        name: String = "DeviceFleetName",
        arn: String = "DeviceFleetArn",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        role: Seen<String> = "RoleArn" => Role,
        /// The IoT role alias by which devices take the role.
        iot_role_alias: Seen<String> = "IotRoleAlias",
        output_key: Seen<String> = "OutputConfig.KmsKeyId" => Key,
        output_path: Seen<String> = "OutputConfig.S3OutputLocation" => Data,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeDeviceFleet"), &[("DeviceFleetName", "DeviceFleetName")])),
        arn: "DeviceFleetArn",
        resource: "device-fleet/{DeviceFleetName}",
        summary: &["DeviceFleetArn", "DeviceFleetName", "CreationTime", "LastModifiedTime"],
        required: r#"{"LastModifiedTime": 1790000000, "OutputConfig": {"S3OutputLocation": ""}}"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::DeviceFleets, List::of(read!("sagemaker", "ListDeviceFleets"), "DeviceFleetSummaries"))
    }
}

record! {
    /// An edge device, as far as ListDevices shows it.
    pub struct Device in devices {
        name: String = "DeviceName",
        arn: String = "DeviceArn",
        created: Seen<Timestamp> = "RegistrationTime",
        heartbeat: Seen<Timestamp> = "LatestHeartbeat",
        fleet: Seen<String> = "DeviceFleetName",
        iot_thing: Seen<String> = "IotThingName",
        agent_version: Seen<String> = "AgentVersion",
    }
    with tags
    by Spec {
        arn: "DeviceArn",
        created: "RegistrationTime",
        resource: "device-fleet/{DeviceFleetName}/device/{DeviceName}",
        summary: &[
            "DeviceName", "DeviceArn", "DeviceFleetName", "IotThingName", "RegistrationTime", "LatestHeartbeat", "AgentVersion",
        ],
        ..Spec::of(Table::Devices, List::of(read!("sagemaker", "ListDevices"), "DeviceSummaries"))
    }
}
