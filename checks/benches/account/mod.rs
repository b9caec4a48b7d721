//! What the made-up accounts of the benchmarks have in common: workloads, buckets, networks, and how memory is measured.

use sagescan_checks::snapshot::*;

pub const ACCOUNT: &str = "111122223333";
pub const REGION: &str = "us-east-1";

pub fn many<T>(count: usize, make: impl Fn(usize) -> T) -> Listed<T> {
    Listed::complete((0..count).map(make).collect())
}

pub fn name(kind: &str, number: usize) -> String {
    format!("{kind}-{number:07}")
}

pub fn arn(service: &str, kind: &str, number: usize) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{kind}/{}", name(kind, number))
}

pub fn is(text: impl Into<String>) -> Seen<String> {
    Seen::Is(text.into())
}

pub fn role_arn(number: usize) -> Seen<String> {
    is(format!("arn:aws:iam::{ACCOUNT}:role/ml-{}", number % 50))
}

pub fn vpc_config(number: usize) -> Seen<VpcConfig> {
    Seen::Is(VpcConfig {
        subnets: vec![name("subnet", number % 5), name("subnet", number % 5 + 5)],
        security_groups: vec![name("sg", number % 5)],
    })
}

pub fn tags() -> Seen<Vec<Tag>> {
    Seen::Is(vec![Tag { key: "team".to_owned(), value: "forecasting".to_owned() }])
}

pub fn time() -> Seen<jiff::Timestamp> {
    Seen::Is("2026-10-20T08:00:00Z".parse().expect("a time"))
}

pub fn training_job(i: usize) -> TrainingJob {
    TrainingJob {
        name: name("training-job", i),
        arn: arn("sagemaker", "training-job", i),
        status: is("Completed"),
        created: time(),
        ended: time(),
        role: role_arn(i),
        instances: Seen::Is(vec![Instances { instance_type: "ml.m5.2xlarge".to_owned(), count: Some(2) }]),
        serverless: Seen::Is(false),
        volume_key: if i.is_multiple_of(2) { is(name("key", i % 5)) } else { Seen::Unset },
        output_key: is(name("key", i % 5)),
        output_path: is(format!("s3://results-{}/run", i % 20)),
        inputs: Seen::Is(vec![format!("s3://data-{}/train", i % 20), format!("s3://data-{}/validation", i % 20)]),
        file_systems: Seen::Is(Vec::new()),
        vpc: if i.is_multiple_of(3) { Seen::Unset } else { vpc_config(i) },
        network_isolation: Seen::Is(i.is_multiple_of(2)),
        inter_container_encryption: Seen::Is(i.is_multiple_of(2)),
        max_runtime: Seen::Is(86_400),
        spot: Seen::Is(false),
        checkpoints: Seen::Unset,
        remote_debug: Seen::Is(false),
        image: is(format!("{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/train:1.{}", i % 9)),
        repository_access: Seen::Unset,
        algorithm: Seen::Unset,
        tuning_job: Seen::Unset,
        auto_ml_job: Seen::Unset,
        labeling_job: Seen::Unset,
        environment_secrets: Seen::Is(Vec::new()),
        parameter_secrets: Seen::Is(Vec::new()),
        tags: tags(),
    }
}

pub fn notebook(i: usize) -> Notebook {
    Notebook {
        name: name("notebook-instance", i),
        arn: arn("sagemaker", "notebook-instance", i),
        status: is("InService"),
        instance_type: is("ml.t3.medium"),
        created: time(),
        modified: time(),
        lifecycle_config: is(name("lifecycle", i % 300)),
        root_access: Seen::Is(i.is_multiple_of(2)),
        direct_internet: Seen::Is(i.is_multiple_of(3)),
        subnet: is(name("subnet", i % 10)),
        security_groups: Seen::Is(vec![name("sg", i % 5)]),
        key: is(name("key", i % 5)),
        role: role_arn(i),
        platform: is("notebook-al2-v2"),
        imds_version: is("2"),
        ip_address_type: is("ipv4"),
        accelerators: Seen::Is(Vec::new()),
        code_repositories: Seen::Is(Vec::new()),
        tags: tags(),
    }
}

pub fn model(i: usize) -> Model {
    Model {
        name: name("model", i),
        arn: arn("sagemaker", "model", i),
        created: time(),
        role: role_arn(i),
        containers: Seen::Is(vec![Container {
            image: Some(format!("{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/serve:1.{}", i % 9)),
            data: vec![format!("s3://results-{}/run/model.tar.gz", i % 20)],
            ..Container::default()
        }]),
        vpc: vpc_config(i),
        network_isolation: Seen::Is(i.is_multiple_of(2)),
        environment_secrets: Seen::Is(Vec::new()),
        tags: tags(),
    }
}

pub fn endpoint_config(i: usize) -> EndpointConfig {
    let variant = Variant {
        name: "all".to_owned(),
        model: Some(name("model", i)),
        instance_type: Some("ml.m5.large".to_owned()),
        initial_count: Some(2),
        weight: Some(1.0),
        ..Variant::default()
    };
    EndpointConfig {
        name: name("endpoint-config", i),
        arn: arn("sagemaker", "endpoint-config", i),
        created: time(),
        key: is(name("key", i % 5)),
        variants: Seen::Is(vec![variant]),
        shadow_variants: Seen::Unset,
        data_capture: Seen::Unset,
        async_output: Seen::Unset,
        vpc: Seen::Unset,
        network_isolation: Seen::Unset,
        role: Seen::Unset,
        tags: tags(),
    }
}

pub fn endpoint(i: usize) -> Endpoint {
    let variant = LiveVariant { name: "all".to_owned(), count: Some(2), weight: Some(1.0), ..LiveVariant::default() };
    Endpoint {
        name: name("endpoint", i),
        arn: arn("sagemaker", "endpoint", i),
        status: is("InService"),
        created: time(),
        modified: time(),
        config: is(name("endpoint-config", i)),
        variants: Seen::Is(vec![variant]),
        shadow_variants: Seen::Unset,
        capture: Seen::Unset,
        asynchronous: Seen::Is(false),
        deployed_again: Seen::Is(false),
        traffic_routing: Seen::Unset,
        rolling_update: Seen::Is(false),
        rollback_alarms: Seen::Is(Vec::new()),
        failure: Seen::Unset,
        policy: Seen::Unset,
        tags: tags(),
    }
}

/// One of forty: twenty of data, twenty of results.
pub fn bucket(i: usize) -> Bucket {
    Bucket {
        name: format!("{}-{}", if i < 20 { "data" } else { "results" }, i % 20),
        region: is(REGION),
        owned: Seen::Is(true),
        encryption: Seen::Is(BucketEncryption { algorithm: "aws:kms".to_owned(), key: Some(name("key", i % 5)) }),
        public_access_block: Seen::Is(PublicAccessBlock {
            block_acls: true,
            ignore_acls: true,
            block_policy: true,
            restrict_buckets: true,
        }),
        policy: Seen::Unset,
        policy_public: Seen::Unset,
        acl: Seen::Is(Vec::new()),
        versioning: is("Enabled"),
        mfa_delete: Seen::Unset,
        ownership: is("BucketOwnerEnforced"),
    }
}

/// A region of VPCs, each with two subnets of its own, a group, a route table, an ACL and endpoints.
pub fn network(vpcs: usize) -> Region {
    let all = |seen: &str| Rule { protocol: "-1".to_owned(), cidrs: vec![seen.to_owned()], ..Rule::default() };
    let vpc_endpoint = |i: usize| VpcEndpoint {
        id: name("vpce", i),
        vpc: name("vpc", i / 3),
        service: format!("com.amazonaws.{REGION}.{}", ["sagemaker.api", "sagemaker.runtime", "s3"][i % 3]),
        kind: is("Interface"),
        state: is("available"),
        private_dns: Seen::Is(true),
        policy: Seen::Unset,
        subnets: Seen::Is(vec![name("subnet", i / 3)]),
        route_tables: Seen::Is(Vec::new()),
        security_groups: Seen::Is(vec![name("sg", i / 3)]),
    };
    let route = |destination: &str, target: &str| Route {
        destination: destination.to_owned(),
        target: target.to_owned(),
        state: "active".to_owned(),
    };
    let none = Region {
        notebooks: Listed::complete(Vec::new()),
        training_jobs: Listed::complete(Vec::new()),
        processing_jobs: Listed::complete(Vec::new()),
        models: Listed::complete(Vec::new()),
        endpoint_configs: Listed::complete(Vec::new()),
        endpoints: Listed::complete(Vec::new()),
        domains: Listed::complete(Vec::new()),
        user_profiles: Listed::complete(Vec::new()),
        spaces: Listed::complete(Vec::new()),
        apps: Listed::complete(Vec::new()),
        ..Region::default()
    };
    Region {
        lifecycle_configs: many(300, |i| LifecycleConfig {
            name: name("lifecycle", i),
            arn: arn("sagemaker", "lifecycle", i),
            modified: time(),
            scripts: Seen::Is(vec!["OnStart".to_owned()]),
            secrets: Seen::Is(Vec::new()),
        }),
        vpcs: many(vpcs, |i| Vpc {
            id: name("vpc", i),
            cidrs: Seen::Is(vec!["10.0.0.0/16".to_owned()]),
            default: Seen::Is(false),
            owner: is(ACCOUNT),
            tags: tags(),
        }),
        subnets: many(2 * vpcs, |i| Subnet {
            id: name("subnet", i),
            vpc: name("vpc", i % vpcs),
            zone: is(format!("use1-az{}", i % 6)),
            cidr: is("10.0.0.0/24"),
            public_ip: Seen::Is(false),
            owner: is(ACCOUNT),
        }),
        route_tables: many(vpcs, |i| RouteTable {
            id: name("rtb", i),
            vpc: name("vpc", i),
            main: Seen::Is(true),
            subnets: Seen::Is(vec![name("subnet", i), name("subnet", i + vpcs)]),
            routes: Seen::Is(vec![route("10.0.0.0/16", "local"), route("0.0.0.0/0", "nat-1")]),
        }),
        nat_gateways: Listed::complete(Vec::new()),
        internet_gateways: Listed::complete(Vec::new()),
        security_groups: many(vpcs, |i| SecurityGroup {
            id: name("sg", i),
            name: "ml".to_owned(),
            vpc: name("vpc", i),
            ingress: Seen::Is(vec![all("10.0.0.0/16")]),
            egress: Seen::Is(vec![all("10.0.0.0/16")]),
        }),
        network_acls: many(vpcs, |i| NetworkAcl {
            id: name("acl", i),
            vpc: name("vpc", i),
            subnets: Seen::Is(vec![name("subnet", i), name("subnet", i + vpcs)]),
            entries: Seen::Is(Vec::new()),
        }),
        vpc_endpoints: many(3 * vpcs, vpc_endpoint),
        flow_logs: many(vpcs, |i| FlowLog {
            id: name("fl", i),
            resource: name("vpc", i),
            status: is("ACTIVE"),
            delivery: is("SUCCESS"),
            traffic: is("ALL"),
        }),
        keys: many(5, |i| Key {
            arn: format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/{}", name("key", i)),
            references: vec![name("key", i)],
            exists: Seen::Is(true),
            manager: is("CUSTOMER"),
            account: is(ACCOUNT),
            state: is("Enabled"),
            rotation: Seen::Is(true),
            ..Key::default()
        }),
        ..none
    }
}

/// A memory figure of this process in megabytes, as Linux keeps it; 0 elsewhere.
pub fn resident(figure: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'));
    line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
