"""Made-up accounts as snapshot files: so many training jobs in two regions, and so many of everything else.

The account is the same for the same numbers, apart from its dates, which lie in the 60 days before now. Where AWS does
not allow as many as are asked for (trails, event data stores), the account has as many as AWS allows.
"""

import json
import pathlib
from datetime import datetime, timedelta, timezone

ACCOUNT = "111122223333"
REGIONS = ("us-east-1", "eu-west-1")
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "docs/reference/snapshot-v1.schema.json"

# AWS's own limits, for each region: CloudTrail User Guide, "Quotas in AWS CloudTrail".
TRAILS = 5
STORES = 10

# What is wrong with every tenth job, by the last digit of its number. All other jobs have nothing that Prowler minds.
NO_VOLUME_KEY, NO_ISOLATION, NO_VPC, NO_ENCRYPTION = 1, 2, 3, 4


def training_job_name(number):
    return f"train-{number:07}"


def prowlers_truth(number):
    """What Prowler's four checks of training jobs ought to say about a job: check -> PASS or FAIL."""
    wrong = number % 10
    verdict = lambda digit: "FAIL" if wrong == digit else "PASS"
    return {
        "sagemaker_training_jobs_volume_and_output_encryption_enabled": verdict(NO_VOLUME_KEY),
        "sagemaker_training_jobs_network_isolation_enabled": verdict(NO_ISOLATION),
        "sagemaker_training_jobs_vpc_settings_configured": verdict(NO_VPC),
        "sagemaker_training_jobs_intercontainer_encryption_enabled": verdict(NO_ENCRYPTION),
    }


def world(jobs, others, now=None):
    """A snapshot with `jobs` training jobs and `others` of everything else, half of each in either region."""
    now = now or datetime.now(timezone.utc)
    account = {
        "format": "sagescan/snapshot/v1",
        "scan": {
            "version": "made-up",
            "account": ACCOUNT,
            "partition": "aws",
            "caller": f"arn:aws:sts::{ACCOUNT}:assumed-role/auditor/bench",
            "regions": sorted(REGIONS),
            "started": stamp(now),
            "finished": stamp(now),
            "jobs_since": stamp(now - timedelta(days=90)),
        },
        "account": of_account(others, now),
        "regions": {region: of_region(region, here, jobs, others, now) for here, region in enumerate(REGIONS)},
        "coverage": [],
    }
    return Everything().known(account)


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def arn(service, region, rest):
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def role_arn(number, others):
    return f"arn:aws:iam::{ACCOUNT}:role/ml-{number % max(others, 1)}"


TAGS = [{"key": "team", "value": "forecasting"}]


def of_account(others, now):
    numbers = range(others)
    old = stamp(now - timedelta(days=400))
    trust = document({
        "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    })
    reads = lambda i: document(
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"arn:aws:s3:::ml-data-{i}/*"})
    passes = lambda i: document({
        "Effect": "Allow", "Action": "iam:PassRole", "Resource": f"arn:aws:iam::{ACCOUNT}:role/ml-{i}",
        "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    })
    blocked = {"block_acls": True, "ignore_acls": True, "block_policy": True, "restrict_buckets": True}
    user = lambda i: f"arn:aws:iam::{ACCOUNT}:user/user-{i}"
    selectors = {"basic": [{
        "read_write": "All", "management": True, "exclude_sources": [],
        "data_resources": [{"kind": "AWS::S3::Object", "values": [f"arn:aws:s3:::ml-data-{i}/" for i in range(3)]}],
    }], "advanced": []}
    return {
        "users": [{
            "name": f"user-{i}", "arn": user(i), "path": "/", "created": old, "groups": [f"group-{i}"],
            "attached": [], "inline": [], "tags": TAGS,
        } for i in numbers],
        "groups": [{
            "name": f"group-{i}", "arn": f"arn:aws:iam::{ACCOUNT}:group/group-{i}",
            "attached": [f"arn:aws:iam::{ACCOUNT}:policy/policy-{i}"], "inline": [],
        } for i in numbers],
        "roles": [{
            "name": f"ml-{i}", "arn": role_arn(i, others), "path": "/", "created": old,
            "last_used": stamp(now - timedelta(hours=3)), "trust": trust,
            "attached": [f"arn:aws:iam::{ACCOUNT}:policy/policy-{i}"],
            "inline": [{"name": "data", "document": reads(i)}], "tags": TAGS,
        } for i in numbers],
        "policies": [{
            "name": f"policy-{i}", "arn": f"arn:aws:iam::{ACCOUNT}:policy/policy-{i}", "version": "v1",
            "document": passes(i),
        } for i in numbers],
        "summary": {"root_mfa": True, "root_access_keys": False, "root_password": True, "users": others},
        "password_policy": {
            "minimum_length": 14, "maximum_age": 90, "reuse_prevention": 24,
            "symbols": True, "numbers": True, "uppercase": True, "lowercase": True,
        },
        "credentials": [{
            "user": f"user-{i}", "arn": user(i), "password": i % 2 == 0, "mfa": i % 4 == 0,
            "key_1": False, "key_2": False,
        } for i in numbers],
        "public_access_block": blocked,
        "buckets": [{
            "name": f"ml-data-{i}", "region": REGIONS[i % 2],
            "encryption": {"algorithm": "aws:kms", "key": key_arn(REGIONS[i % 2], i, others)},
            "public_access_block": blocked, "acl": [], "versioning": "Enabled", "ownership": "BucketOwnerEnforced",
            "policy": document({
                "Effect": "Deny", "Principal": "*", "Action": "s3:*",
                "Resource": [f"arn:aws:s3:::ml-data-{i}", f"arn:aws:s3:::ml-data-{i}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }),
            "policy_public": False, "owned": True, "mfa_delete": None,
        } for i in numbers],
        "bucket_settings": [{
            "name": f"ml-data-{i}", "logging": "ml-logs", "lifecycle": None, "replication": None, "object_lock": None,
        } for i in numbers],
        "trails": [{
            "name": f"trail-{region}-{i}", "arn": arn("cloudtrail", region, f"trail/trail-{region}-{i}"),
            "home_region": region, "multi_region": i == 0, "organization": False, "bucket": "audit-logs",
            "validation": True, "logging": True, "selectors": selectors,
        } for region in REGIONS for i in range(min(others // 2, TRAILS))],
        "event_data_stores": [{
            "name": f"store-{region}-{i}", "arn": arn("cloudtrail", region, f"eventdatastore/{i:08}-0000-4000-8000-{i:012}"),
            "status": "ENABLED", "multi_region": False,
            "selectors": [[{"field": "eventCategory", "equals": ["Management"], "not_equals": [], "narrowed": False}]],
        } for region in REGIONS for i in range(min(others // 2, STORES))],
    }


def key_arn(region, number, others):
    return arn("kms", region, f"key/{number // 2 % max(others // 2, 1):08x}-0000-4000-8000-000000000000")


def of_region(region, here, jobs, others, now):
    """One region: of each type the things with an even number in the first one, those with an odd one in the second."""
    numbers = range(here, others, 2)
    half = max(len(numbers), 1)
    recent = stamp(now - timedelta(days=20))
    place = lambda i: i // 2 % half
    identified = lambda kind, i: f"{kind}-{here}{place(i):016x}"
    vpc_config = lambda i: {"subnets": [identified("subnet", i)], "security_groups": [identified("sg", i)]}
    key = lambda i: key_arn(region, i, others)
    bucket = lambda i: f"s3://ml-data-{i % max(others, 1)}"
    image = lambda kind, i: f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com/{kind}:1.{i % 9}"
    sagemaker = lambda kind, name: arn("sagemaker", region, f"{kind}/{name}")
    domain = lambda i: f"d-{here}{place(i):011x}"
    instances = [{"instance_type": "ml.m5.2xlarge", "count": 2}]

    def training_job(i):
        # The newest first in number, all of them within 60 days.
        created = now - timedelta(hours=2) - timedelta(days=60) * (i / max(jobs, 1))
        wrong = i % 10
        return {
            "name": training_job_name(i), "arn": sagemaker("training-job", training_job_name(i)),
            "status": "Completed", "created": stamp(created), "ended": stamp(created + timedelta(hours=1)),
            "role": role_arn(i, others), "instances": instances, "serverless": False,
            "volume_key": None if wrong == NO_VOLUME_KEY else key(i), "output_key": key(i),
            "output_path": f"{bucket(i)}/models", "inputs": [f"{bucket(i)}/train", f"{bucket(i)}/validation"],
            "vpc": None if wrong == NO_VPC else vpc_config(i), "network_isolation": wrong != NO_ISOLATION,
            "inter_container_encryption": wrong != NO_ENCRYPTION, "image": image("train", i),
            "environment_secrets": [], "parameter_secrets": [], "tags": TAGS,
        }

    def processing_job(i):
        name = f"process-{i:05}"
        return {
            "name": name, "arn": sagemaker("processing-job", name), "status": "Completed", "created": recent,
            "ended": recent, "role": role_arn(i, others), "instances": instances[0], "volume_key": key(i),
            "output_key": key(i), "inputs": [f"{bucket(i)}/raw"], "outputs": [f"{bucket(i)}/clean"],
            "vpc": vpc_config(i), "network_isolation": i % 3 > 0, "inter_container_encryption": True,
            "image": image("process", i), "environment_secrets": [], "parameter_secrets": [], "tags": TAGS,
        }

    def notebook(i):
        return {
            "name": f"notebook-{i}", "arn": sagemaker("notebook-instance", f"notebook-{i}"), "status": "InService",
            "instance_type": "ml.t3.medium", "created": recent, "modified": recent, "lifecycle_config": f"lifecycle-{i}",
            "root_access": i % 3 == 0, "direct_internet": i % 5 == 0, "subnet": identified("subnet", i),
            "security_groups": [identified("sg", i)], "key": key(i), "role": role_arn(i, others),
            "platform": "notebook-al2023-v1", "imds_version": "2", "ip_address_type": "ipv4",
            "code_repositories": [], "tags": TAGS,
        }

    rule = lambda **more: {"protocol": "-1", "cidrs": [], "groups": [], "prefix_lists": [], **more}
    return {
        "training_jobs": [training_job(i) for i in range(here, jobs, 2)],
        "processing_jobs": [processing_job(i) for i in numbers],
        "notebooks": [notebook(i) for i in numbers],
        "lifecycle_configs": [{
            "name": f"lifecycle-{i}", "arn": sagemaker("notebook-instance-lifecycle-config", f"lifecycle-{i}"),
            "modified": recent, "scripts": ["OnStart"], "secrets": [],
        } for i in numbers],
        "models": [{
            "name": f"model-{i}", "arn": sagemaker("model", f"model-{i}"), "created": recent,
            "role": role_arn(i, others),
            "containers": [{"image": image("serve", i), "data": [f"{bucket(i)}/models/model.tar.gz"], "mode": "SingleModel"}],
            "vpc": vpc_config(i), "network_isolation": i % 2 == 0, "environment_secrets": [], "tags": TAGS,
        } for i in numbers],
        "endpoint_configs": [{
            "name": f"config-{i}", "arn": sagemaker("endpoint-config", f"config-{i}"), "created": recent,
            "key": key(i), "tags": TAGS,
            "variants": [{
                "name": "all", "model": f"model-{i}", "instance_type": "ml.m5.large", "initial_count": 2, "weight": 1.0,
                "serverless": False,
            }],
            "data_capture": {
                "enabled": True, "percentage": 100, "destination": f"{bucket(i)}/capture", "key": key(i),
                "modes": ["Input", "Output"],
            },
        } for i in numbers],
        "endpoints": [{
            "name": f"endpoint-{i}", "arn": sagemaker("endpoint", f"endpoint-{i}"), "status": "InService",
            "created": recent, "modified": recent, "config": f"config-{i}", "asynchronous": False, "tags": TAGS,
            "variants": [{"name": "all", "count": 2, "weight": 1.0, "serverless": False}],
            "capture": {
                "enabled": True, "percentage": 100, "destination": f"{bucket(i)}/capture", "status": "Started",
                "key": key(i),
            },
        } for i in numbers],
        "domains": [{
            "name": f"domain-{i}", "id": domain(i), "arn": sagemaker("domain", domain(i)), "status": "InService",
            "created": recent, "auth": "IAM", "network_access": "VpcOnly", "vpc": identified("vpc", i),
            "subnets": [identified("subnet", i)], "key": key(i), "file_system": f"fs-{i:017x}",
            "mount_targets": [{
                "id": f"fsmt-{i:017x}", "file_system": f"fs-{i:017x}", "status": "available",
                "subnet": identified("subnet", i), "interface": identified("eni", i),
            }],
            "role": role_arn(i, others), "space_role": role_arn(i, others), "security_groups": [identified("sg", i)],
            "space_security_groups": [identified("sg", i)], "jupyterlab_idle_shutdown": True,
            "code_editor_idle_shutdown": True, "tags": TAGS,
        } for i in numbers],
        "user_profiles": [{
            "name": f"profile-{i}", "arn": sagemaker("user-profile", f"{domain(i)}/profile-{i}"), "domain": domain(i),
            "status": "InService", "sso_user": False, "role": role_arn(i, others), "tags": TAGS,
        } for i in numbers],
        "spaces": [{
            "name": f"space-{i}", "arn": sagemaker("space", f"{domain(i)}/space-{i}"), "domain": domain(i),
            "status": "InService", "sharing": "Private", "owner": f"profile-{i}", "app_type": "JupyterLab", "remote_access": None, "tags": TAGS,
        } for i in numbers],
        "apps": [{
            "name": "default", "arn": sagemaker("app", f"{domain(i)}/space-{i}/jupyterlab/default"),
            "domain": domain(i), "kind": "JupyterLab", "space": f"space-{i}", "status": "InService", "created": recent,
            "instance_type": "ml.t3.medium", "last_activity": stamp(now),
        } for i in numbers],
        "vpcs": [{
            "id": identified("vpc", i), "cidrs": ["10.0.0.0/16"], "default": False, "owner": ACCOUNT, "tags": TAGS,
        } for i in numbers],
        "subnets": [{
            "id": identified("subnet", i), "vpc": identified("vpc", i), "zone": f"az{i % 3}", "cidr": "10.0.1.0/24",
            "public_ip": False, "owner": ACCOUNT,
        } for i in numbers],
        "route_tables": [{
            "id": identified("rtb", i), "vpc": identified("vpc", i), "main": True, "subnets": [identified("subnet", i)],
            "routes": [
                {"destination": "10.0.0.0/16", "target": "local", "state": "active"},
                {"destination": "0.0.0.0/0", "target": identified("nat", i), "state": "active"},
            ],
        } for i in numbers],
        "nat_gateways": [{
            "id": identified("nat", i), "vpc": identified("vpc", i), "subnet": identified("subnet", i),
            "state": "available", "connectivity": "public",
        } for i in numbers],
        "internet_gateways": [{"id": identified("igw", i), "vpcs": [identified("vpc", i)]} for i in numbers],
        "security_groups": [{
            "id": identified("sg", i), "name": "ml", "vpc": identified("vpc", i),
            "ingress": [rule(groups=[identified("sg", i)])],
            "egress": [rule(cidrs=["10.0.0.0/16"])],
        } for i in numbers],
        "network_acls": [{
            "id": identified("acl", i), "vpc": identified("vpc", i), "subnets": [identified("subnet", i)],
            "entries": [
                {"number": 100, "allow": True, "egress": out, "protocol": "-1", "cidr": "10.0.0.0/16"}
                for out in (False, True)
            ],
        } for i in numbers],
        "vpc_endpoints": [{
            "id": identified("vpce", i), "vpc": identified("vpc", i),
            "service": f"com.amazonaws.{region}.sagemaker.api", "kind": "Interface", "state": "available",
            "private_dns": True, "policy": document({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}),
            "subnets": [identified("subnet", i)], "route_tables": [], "security_groups": [identified("sg", i)],
        } for i in numbers],
        "network_interfaces": [
            {"id": identified("eni", i), "security_groups": [identified("sg", i)]} for i in numbers
        ],
        "flow_logs": [{
            "id": identified("fl", i), "resource": identified("vpc", i), "status": "ACTIVE", "delivery": "SUCCESS",
            "traffic": "ALL",
        } for i in numbers],
        "keys": [{
            "arn": key(i), "references": [key(i)], "exists": True, "manager": "CUSTOMER", "account": ACCOUNT,
            "state": "Enabled", "spec": "SYMMETRIC_DEFAULT", "origin": "AWS_KMS", "rotation": True,
            "rotation_days": 365,
            "policy": document({
                "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*",
                "Resource": "*",
            }),
        } for i in numbers],
        "key_grants": [{"name": key(i), "grants": [], "more": False} for i in numbers],
        "service_quotas": [{
            "name": "ml.m5.large for endpoint usage", "arn": arn("servicequotas", region, "sagemaker/L-00000001"),
            "code": "L-00000001", "value": 4.0 * others,
        }],
        "lineage_artifacts": [{"any": True}],
        "audit_manager": [{"status": "INACTIVE"}],
    }


class Everything:
    """Says of whatever a snapshot leaves out that it is not there; left out it would count as not seen.

    What there is to say follows from the schema of snapshots, so tables and fields that come later are empty and unset.
    """

    def __init__(self):
        self.definitions = json.loads(SCHEMA.read_text())["$defs"]
        self.root = json.loads(SCHEMA.read_text())

    def known(self, snapshot):
        return self._fill(self.root, snapshot)

    def _fill(self, schema, value):
        for kind in (schema, *schema.get("anyOf", ())):
            if "$ref" in kind and isinstance(value, dict):
                return self._fill(self.definitions[kind["$ref"].rsplit("/", 1)[1]], value)
            if kind.get("type") == "array" and isinstance(value, list):
                return [self._fill(kind["items"], item) for item in value]
            if kind.get("type") == "object" and isinstance(value, dict):
                return self._object(kind, value)
        return value

    def _object(self, schema, value):
        known = schema.get("properties", {})
        strange = set(value) - set(known)
        if isinstance(schema.get("additionalProperties"), dict):
            return {key: self._fill(schema["additionalProperties"], one) for key, one in value.items()}
        if strange:
            raise ValueError(f"the schema of snapshots has no {', '.join(sorted(strange))}")
        for name, kind in known.items():
            unseen = kind.get("default")
            if name in value:
                value[name] = self._fill(kind, value[name])
            elif isinstance(unseen, dict) and "unseen" in unseen:
                value[name] = [] if "items" in unseen else None
        return value
