"""Holds a served snapshot to AWS's own service models, with AWS's own client.

Calls every operation that the server claims to serve through botocore, in every region of the world, and compares each
raw answer with the output shape of the service model: nothing in it that the model does not know, nothing missing that
the model requires, every value of its type. Pages through every list with AWS's own paginators, and tries what must be
refused.

    python wire_truth.py --endpoint http://127.0.0.1:8080 --world world.json
"""

import argparse
import csv
import json
import os
import sys
import urllib.request
import xml.etree.ElementTree as ElementTree

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
SERVED = {
    "sagemaker": """ListNotebookInstances DescribeNotebookInstance ListNotebookInstanceLifecycleConfigs
        DescribeNotebookInstanceLifecycleConfig ListTrainingJobs DescribeTrainingJob ListProcessingJobs
        DescribeProcessingJob ListModels DescribeModel ListEndpointConfigs DescribeEndpointConfig ListEndpoints
        DescribeEndpoint ListDomains DescribeDomain ListUserProfiles DescribeUserProfile ListSpaces DescribeSpace
        ListApps DescribeApp ListTags""",
    "sts": "GetCallerIdentity",
    "iam": """GetAccountAuthorizationDetails GetAccountSummary GetAccountPasswordPolicy GenerateCredentialReport
        GetCredentialReport""",
    "ec2": """DescribeRegions DescribeVpcs DescribeSubnets DescribeRouteTables DescribeNatGateways
        DescribeInternetGateways DescribeSecurityGroups DescribeNetworkAcls DescribeVpcEndpoints DescribeFlowLogs
        DescribeNetworkInterfaces""",
    "kms": "DescribeKey GetKeyPolicy GetKeyRotationStatus ListGrants",
    "s3": """ListBuckets GetBucketLocation GetBucketEncryption GetPublicAccessBlock GetBucketPolicy
        GetBucketPolicyStatus GetBucketAcl GetBucketVersioning GetBucketOwnershipControls""",
    "s3control": "GetPublicAccessBlock",
    "cloudtrail": """DescribeTrails GetTrailStatus GetEventSelectors GetInsightSelectors ListEventDataStores
        GetEventDataStore""",
    "sns": "GetTopicAttributes ListSubscriptionsByTopic",
}

# Values that the service model does not list, but the API reference documents and the services send.
BETTER_THAN_THE_MODEL = {
    ("ec2:DescribeInternetGateways.InternetGateways[].Attachments[].State", "available"),
    ("ec2:DescribeVpcEndpoints.VpcEndpoints[].State", "available"),
}


class Truth:
    """Clients whose every raw answer is held to the model, and the list of what was wrong."""

    def __init__(self, endpoint, world):
        self.endpoint = endpoint
        self.world = world
        self.account = world["scan"]["account"]
        self.wrong = []
        self.seen = set()
        self.session = botocore.session.Session()
        self.session.set_credentials("AKIAIOSFODNN7EXAMPLE", "sagescan", "sagescan")
        self.session.get_component("event_emitter").register("before-parse", self.hold)
        self.session.get_component("event_emitter").register("before-send.s3-control", self.loop_back)

    def client(self, service, region):
        # Sizes below the documented minimum are fine: more pages from a small world.
        config = Config(retries={"max_attempts": 0}, parameter_validation=False, s3={"addressing_style": "path"})
        return self.session.create_client(service, region_name=region, endpoint_url=self.endpoint, config=config)

    def loop_back(self, request, **_):
        """s3control puts the account in front of the host name: there is no such host here, so connect to the endpoint."""
        scheme, host = self.endpoint.split("://")
        request.headers["Host"] = request.url.split("://")[1].split("/")[0]
        request.url = f"{scheme}://{host}/" + request.url.split("://")[1].split("/", 1)[1]

    def say(self, what):
        self.wrong.append(what)

    def expect(self, truth, what):
        if not truth:
            self.say(what)

    def hold(self, operation_model, response_dict, **_):
        service, operation = operation_model.service_model.service_name, operation_model.name
        where = f"{service}:{operation}"
        if "x-amzn-RequestId" not in response_dict["headers"]:
            self.say(f"{where}: no x-amzn-RequestId")
        if response_dict["status_code"] >= 300:
            return
        self.seen.add((service, operation))
        protocol = operation_model.metadata["protocol"]
        body, shape = response_dict["body"], operation_model.output_shape
        if protocol == "json":
            self.json(where, json.loads(body), shape)
        elif operation == "GetBucketPolicy":
            json.loads(body)
        else:
            self.document(where, ElementTree.fromstring(body), operation_model, protocol)

    # JSON against a shape

    def json(self, where, value, shape):
        kind = shape.type_name
        if kind == "structure":
            if not isinstance(value, dict):
                return self.say(f"{where}: not an object")
            for name in value:
                if name in shape.members:
                    self.json(f"{where}.{name}", value[name], shape.members[name])
                else:
                    self.say(f"{where}: unknown member {name}")
            for name in shape.required_members:
                self.expect(name in value, f"{where}: required member {name} is missing")
        elif kind == "list":
            self.expect(isinstance(value, list), f"{where}: not a list")
            for item in value:
                self.json(f"{where}[]", item, shape.member)
        elif kind == "map":
            self.expect(isinstance(value, dict), f"{where}: not a map")
            for item in value.values():
                self.json(f"{where}{{}}", item, shape.value)
        elif kind in ("integer", "long"):
            self.expect(type(value) is int, f"{where}: {value!r} is no integer")
        elif kind in ("timestamp", "float", "double"):
            self.expect(type(value) in (int, float), f"{where}: {value!r} is no number")
        elif kind == "boolean":
            self.expect(type(value) is bool, f"{where}: {value!r} is no boolean")
        else:
            self.expect(isinstance(value, str), f"{where}: {value!r} is no string")
            self.enumerated(where, value, shape)

    def enumerated(self, where, text, shape):
        values = getattr(shape, "enum", None)
        if values and (where, text) not in BETTER_THAN_THE_MODEL:
            self.expect(text in values, f"{where}: {text!r} is none of {values}")

    # XML against a shape

    def document(self, where, root, operation_model, protocol):
        name, shape = operation_model.name, operation_model.output_shape
        metadata = operation_model.metadata
        namespace = (metadata.get("xmlNamespace") or "").rstrip("/")
        uri = root.tag[1:].split("}")[0] if root.tag.startswith("{") else ""
        if protocol in ("query", "ec2"):
            self.expect(local(root) == f"{name}Response", f"{where}: the root is {root.tag}")
            self.expect(uri.rstrip("/") == namespace, f"{where}: the namespace is {uri}")
        if protocol == "query":
            parts = {local(child): child for child in root}
            self.expect(set(parts) == {f"{name}Result", "ResponseMetadata"}, f"{where}: the envelope holds {list(parts)}")
            self.structure(where, list(parts[f"{name}Result"]), shape, "member", {})
        elif protocol == "ec2":
            self.expect(any(local(child) == "requestId" for child in root), f"{where}: no requestId")
            self.structure(where, [c for c in root if local(c) != "requestId"], shape, "item", {})
        elif name == "GetBucketLocation":
            self.expect(local(root) == "LocationConstraint", f"{where}: the root is {root.tag}")
            self.enumerated(where, root.text or "us-east-1", shape.members["LocationConstraint"] if root.text else object())
        else:
            payload = shape.serialization.get("payload")
            shape = shape.members[payload] if payload else shape
            self.structure(where, list(root), shape, "member", root.attrib)

    def structure(self, where, children, shape, item, attributes):
        members = {}
        for name, member in shape.members.items():
            spelled = member.serialization
            if spelled.get("xmlAttribute"):
                prefix, _, rest = spelled["name"].partition(":")
                found = attributes.get(XSI + rest) if prefix == "xsi" else attributes.get(spelled["name"])
                if found is not None:
                    self.enumerated(f"{where}.{name}", found, member)
                elif name in shape.required_members:
                    self.say(f"{where}: required attribute {name} is missing")
                continue
            tag = spelled.get("name", name)
            if member.type_name == "list" and spelled.get("flattened"):
                tag = spelled.get("name") or member.member.serialization.get("name", name)
            members[tag] = (name, member)
        found = {}
        for child in children:
            found.setdefault(local(child), []).append(child)
        for tag, elements in found.items():
            if tag not in members:
                self.say(f"{where}: unknown element {tag}")
                continue
            name, member = members[tag]
            flat = member.type_name == "list" and member.serialization.get("flattened")
            self.expect(flat or len(elements) == 1, f"{where}: {len(elements)} elements {tag}")
            for element in elements:
                self.element(f"{where}.{name}", element, member.member if flat else member, item)
        for tag, (name, _) in members.items():
            if name in shape.required_members:
                self.expect(tag in found, f"{where}: required element {tag} is missing")

    def element(self, where, element, shape, item):
        kind, text = shape.type_name, element.text or ""
        if kind == "structure":
            self.structure(where, list(element), shape, item, element.attrib)
        elif kind == "list":
            name = shape.member.serialization.get("name", item)
            for child in element:
                self.expect(local(child) == name, f"{where}: an item is called {local(child)}, not {name}")
                self.element(f"{where}[]", child, shape.member, item)
        elif kind == "map":
            for entry in element:
                self.expect([local(c) for c in entry] == ["key", "value"], f"{where}: an entry has {list(entry)}")
                self.element(f"{where}{{}}", entry[1], shape.value, item)
        else:
            self.expect(len(element) == 0, f"{where}: a value has children")
            if kind in ("integer", "long"):
                self.expect(text.lstrip("-").isdigit(), f"{where}: {text!r} is no integer")
            elif kind == "boolean":
                self.expect(text in ("true", "false"), f"{where}: {text!r} is no boolean")
            elif kind == "timestamp":
                self.expect(text[10:11] == "T" and text.endswith("Z"), f"{where}: {text!r} is no ISO 8601 time")
            else:
                self.enumerated(where, text, shape)

    # What is asked

    def ask(self, client, operation, **parameters):
        method = getattr(client, botocore.xform_name(operation))
        try:
            return method(**parameters)
        except ClientError as error:
            self.say(f"{operation} {parameters}: {error}")
            return {}

    def refused(self, client, operation, code, **parameters):
        try:
            getattr(client, botocore.xform_name(operation))(**parameters)
            self.say(f"{operation} {parameters}: expected {code}, got an answer")
        except ClientError as error:
            got = error.response["Error"]["Code"]
            self.expect(got == code, f"{operation} {parameters}: expected {code}, got {got}")

    def listed(self, client, operation, key, **parameters):
        """All items, in one page and in pages of two; both must be the same."""
        whole = self.ask(client, operation, **parameters).get(key, [])
        if client.can_paginate(botocore.xform_name(operation)):
            paginator = client.get_paginator(botocore.xform_name(operation))
            pages = list(paginator.paginate(PaginationConfig={"PageSize": 2}, **parameters))
            paged = [item for page in pages for item in page.get(key, [])]
            self.expect(paged == whole, f"{operation}: pages of two hold something else than one page")
            self.expect(len(pages) == max(1, -(-len(whole) // 2)), f"{operation}: {len(pages)} pages of two for {len(whole)} items")
        return whole

    def names(self, operation, listed, member, world, field):
        self.expect([x[member] for x in listed] == [x[field] for x in world], f"{operation}: not the names of the world")


def local(element):
    return element.tag.split("}")[-1]


def sagemaker(truth, region, world):
    client = truth.client("sagemaker", region)
    named = [
        ("NotebookInstances", "NotebookInstances", "NotebookInstanceName", "notebooks"),
        ("NotebookInstanceLifecycleConfigs", "NotebookInstanceLifecycleConfigs", "NotebookInstanceLifecycleConfigName", "lifecycle_configs"),
        ("TrainingJobs", "TrainingJobSummaries", "TrainingJobName", "training_jobs"),
        ("ProcessingJobs", "ProcessingJobSummaries", "ProcessingJobName", "processing_jobs"),
        ("Models", "Models", "ModelName", "models"),
        ("EndpointConfigs", "EndpointConfigs", "EndpointConfigName", "endpoint_configs"),
        ("Endpoints", "Endpoints", "EndpointName", "endpoints"),
    ]
    for plural, key, member, table in named:
        listed = truth.listed(client, f"List{plural}", key)
        truth.names(f"List{plural}", listed, member, world[table], "name")
        for item in listed:
            truth.ask(client, f"Describe{plural[:-1]}", **{member: item[member]})
        if world[table] and "created" in world[table][0]:
            newest = truth.ask(client, f"List{plural}", SortBy="CreationTime", SortOrder="Descending").get(key, [])
            truth.names(f"List{plural} newest first", newest, member, sorted(world[table], key=lambda x: x["created"])[::-1], "name")
    jobs = ["DescribeTrainingJob", "DescribeProcessingJob"]
    for operation, member in [(f"Describe{p[:-1]}", m) for p, _, m, _ in named]:
        truth.refused(client, operation, "ResourceNotFound" if operation in jobs else "ValidationException", **{member: "nobody"})

    domains = truth.listed(client, "ListDomains", "Domains")
    truth.names("ListDomains", domains, "DomainId", world["domains"], "id")
    for domain in domains:
        truth.ask(client, "DescribeDomain", DomainId=domain["DomainId"])
        ours = [x for x in world["user_profiles"] if x["domain"] == domain["DomainId"]]
        truth.names("ListUserProfiles", truth.listed(client, "ListUserProfiles", "UserProfiles", DomainIdEquals=domain["DomainId"]), "UserProfileName", ours, "name")
    truth.refused(client, "DescribeDomain", "ResourceNotFound", DomainId="d-nobody")
    for profile in truth.listed(client, "ListUserProfiles", "UserProfiles"):
        truth.ask(client, "DescribeUserProfile", DomainId=profile["DomainId"], UserProfileName=profile["UserProfileName"])
    for space in truth.listed(client, "ListSpaces", "Spaces"):
        truth.ask(client, "DescribeSpace", DomainId=space["DomainId"], SpaceName=space["SpaceName"])
    for app in truth.listed(client, "ListApps", "Apps"):
        names = ["DomainId", "UserProfileName", "SpaceName", "AppType", "AppName"]
        truth.ask(client, "DescribeApp", **{name: app[name] for name in names if name in app})
    for table in world.values():
        for item in table if isinstance(table, list) else []:
            if "tags" in item and "arn" in item:
                tags = truth.listed(client, "ListTags", "Tags", ResourceArn=item["arn"])
                truth.expect(len(tags) == len(item["tags"] or []), f"ListTags {item['arn']}: {tags}")
    truth.refused(client, "CreateModel", "UnknownOperationException", ModelName="new")
    truth.refused(client, "ListModels", "ValidationException", MaxResults=101)
    truth.refused(client, "ListModels", "ValidationException", NextToken="from somewhere else")


def ec2(truth, region, world):
    client = truth.client("ec2", region)
    regions = truth.ask(client, "DescribeRegions", Filters=[{"Name": "region-name", "Values": [region]}])
    truth.expect([r["RegionName"] for r in regions.get("Regions", [])] == [region], "DescribeRegions does not filter")
    truth.expect(len(truth.ask(client, "DescribeRegions").get("Regions", [])) == len(truth.world["regions"]), "DescribeRegions")
    sets = [
        ("DescribeVpcs", "Vpcs", "vpc-id", "vpcs", "id", "VpcId"),
        ("DescribeSubnets", "Subnets", "vpc-id", "subnets", "vpc", "VpcId"),
        ("DescribeSubnets", "Subnets", "subnet-id", "subnets", "id", "SubnetId"),
        ("DescribeRouteTables", "RouteTables", "vpc-id", "route_tables", "vpc", "VpcId"),
        ("DescribeNatGateways", "NatGateways", "vpc-id", "nat_gateways", "vpc", "VpcId"),
        ("DescribeInternetGateways", "InternetGateways", "attachment.vpc-id", "internet_gateways", None, None),
        ("DescribeSecurityGroups", "SecurityGroups", "group-id", "security_groups", "id", "GroupId"),
        ("DescribeSecurityGroups", "SecurityGroups", "vpc-id", "security_groups", "vpc", "VpcId"),
        ("DescribeNetworkAcls", "NetworkAcls", "vpc-id", "network_acls", "vpc", "VpcId"),
        ("DescribeVpcEndpoints", "VpcEndpoints", "vpc-id", "vpc_endpoints", "vpc", "VpcId"),
        ("DescribeFlowLogs", "FlowLogs", "resource-id", "flow_logs", "resource", "ResourceId"),
        ("DescribeNetworkInterfaces", "NetworkInterfaces", "network-interface-id", "network_interfaces", "id", "NetworkInterfaceId"),
    ]
    for operation, key, name, table, field, member in sets:
        listed = truth.listed(client, operation, key)
        truth.expect(len(listed) == len(world[table]), f"{operation}: {len(listed)} of {len(world[table])}")
        filters = "Filter" if operation in ("DescribeNatGateways", "DescribeFlowLogs") else "Filters"
        values = [x[field] for x in world[table][:1]] if field else ["vpc-0a1"]
        if not values:
            continue
        some = truth.ask(client, operation, **{filters: [{"Name": name, "Values": [*values, "nothing"]}]}).get(key, [])
        wanted = [x for x in world[table] if field is None or x[field] in values]
        truth.expect(len(some) == len(wanted), f"{operation} by {name}: {len(some)} of {len(wanted)}")
        truth.expect(member is None or all(x[member] in values for x in some), f"{operation} by {name} selects others")
        none = truth.ask(client, operation, **{filters: [{"Name": name, "Values": ["nothing"]}]}).get(key, [])
        truth.expect(none == [], f"{operation} by {name}: something where nothing fits")
        truth.refused(client, operation, "InvalidParameterValue", **{filters: [{"Name": "no-such-filter", "Values": ["x"]}]})
    if world["subnets"]:
        found = truth.ask(client, "DescribeSubnets", SubnetIds=[world["subnets"][0]["id"]]).get("Subnets", [])
        truth.expect(len(found) == 1, "DescribeSubnets by id")
    truth.refused(client, "DescribeSubnets", "InvalidSubnetID.NotFound", SubnetIds=["subnet-none"])
    truth.refused(client, "RunInstances", "InvalidAction", MinCount=1, MaxCount=1)


def kms(truth, region, world):
    client = truth.client("kms", region)
    for key in world["keys"]:
        for reference in key["references"]:
            if not key["exists"]:
                truth.refused(client, "DescribeKey", "NotFoundException", KeyId=reference)
                continue
            described = truth.ask(client, "DescribeKey", KeyId=reference)
            truth.expect(described.get("KeyMetadata", {}).get("Arn") == key["arn"], f"DescribeKey {reference}")
            policy = truth.ask(client, "GetKeyPolicy", KeyId=reference, PolicyName="default").get("Policy")
            truth.expect(policy == key["policy"], f"GetKeyPolicy {reference}")
            if key["rotation"] is None:
                truth.refused(client, "GetKeyRotationStatus", "UnsupportedOperationException", KeyId=reference)
            else:
                truth.ask(client, "GetKeyRotationStatus", KeyId=reference)
    for row in world.get("key_grants", []):
        answer = truth.ask(client, "ListGrants", KeyId=row["name"])
        told = [(grant.get("GrantId"), grant.get("Operations")) for grant in answer.get("Grants", [])]
        truth.expect(told == [(grant["id"], grant["operations"]) for grant in row["grants"]], f"ListGrants {row['name']}")
        truth.expect(answer.get("Truncated") is row["more"], f"ListGrants {row['name']} says whether there are more")
    if "key_grants" in world:
        truth.refused(client, "ListGrants", "NotFoundException", KeyId="alias/nobody")
    truth.refused(client, "DescribeKey", "NotFoundException", KeyId="alias/nobody")
    truth.refused(client, "ScheduleKeyDeletion", "UnknownOperationException", KeyId="alias/nobody")


def sns(truth, region, world):
    client = truth.client("sns", region)
    for topic in world.get("topics", []):
        attributes = truth.ask(client, "GetTopicAttributes", TopicArn=topic["name"]).get("Attributes", {})
        told = (attributes.get("Policy"), attributes.get("KmsMasterKeyId"))
        truth.expect(told == (topic["policy"], topic["key"]), f"GetTopicAttributes {topic['name']}: {attributes}")
        subscriptions = truth.ask(client, "ListSubscriptionsByTopic", TopicArn=topic["name"]).get("Subscriptions", [])
        told = [(one["SubscriptionArn"], one["Protocol"]) for one in subscriptions]
        ours = [(o["name"], o["protocol"]) for o in world["topic_subscriptions"] if o["topic"] == topic["name"]]
        truth.expect(told == ours, f"ListSubscriptionsByTopic {topic['name']}: {told}")
    if world.get("topics"):
        truth.refused(client, "GetTopicAttributes", "NotFound", TopicArn=f"arn:aws:sns:{region}:111122223333:nobody")
    truth.refused(client, "DeleteTopic", "InvalidAction", TopicArn="arn")


def cloudtrail(truth, region, account):
    client = truth.client("cloudtrail", region)
    trails = truth.ask(client, "DescribeTrails").get("trailList", [])
    ours = [t["name"] for t in account["trails"] if t["home_region"] == region or t["multi_region"]]
    truth.expect([t["Name"] for t in trails] == ours, f"DescribeTrails in {region}: {trails}")
    for trail in trails:
        truth.ask(client, "GetTrailStatus", Name=trail["TrailARN"])
        truth.ask(client, "GetEventSelectors", TrailName=trail["TrailARN"])
        if trail["HasInsightSelectors"]:
            truth.ask(client, "GetInsightSelectors", TrailName=trail["TrailARN"])
        else:
            truth.refused(client, "GetInsightSelectors", "InsightNotEnabledException", TrailName=trail["TrailARN"])
    stores = truth.listed(client, "ListEventDataStores", "EventDataStores")
    for store in stores:
        truth.ask(client, "GetEventDataStore", EventDataStore=store["EventDataStoreArn"])
    truth.refused(client, "GetTrailStatus", "TrailNotFoundException", Name="nobody")
    truth.refused(client, "GetEventDataStore", "EventDataStoreNotFoundException", EventDataStore="nobody")
    truth.refused(client, "StopLogging", "UnknownOperationException", Name="main")


def iam(truth, account):
    client = truth.client("iam", "us-east-1")
    pages = list(client.get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": 2}))
    for key, member, table in [("UserDetailList", "UserName", "users"), ("GroupDetailList", "GroupName", "groups"), ("RoleDetailList", "RoleName", "roles"), ("Policies", "PolicyName", "policies")]:
        listed = [item for page in pages for item in page[key]]
        truth.names("GetAccountAuthorizationDetails", listed, member, account[table], "name")
    documents = [r["AssumeRolePolicyDocument"] for page in pages for r in page["RoleDetailList"]]
    truth.expect(documents == [json.loads(r["trust"]) for r in account["roles"]], "trust policies differ")
    some = truth.ask(client, "GetAccountAuthorizationDetails", Filter=["LocalManagedPolicy"])
    truth.expect([p["PolicyName"] for p in some["Policies"]] == ["data", "edge"] and not some["UserDetailList"], "Filter")
    tags = truth.ask(client, "GetAccountAuthorizationDetails", Filter=["User"])["UserDetailList"][0]["Tags"]
    truth.expect([t["Value"] for t in tags] == [t["value"].replace("\u001b", "\ufffd") for t in account["users"][0]["tags"]], f"tags: {tags}")
    summary = truth.ask(client, "GetAccountSummary")["SummaryMap"]
    truth.expect(summary["Users"] == account["summary"]["users"], f"GetAccountSummary: {summary}")
    policy = truth.ask(client, "GetAccountPasswordPolicy")["PasswordPolicy"]
    truth.expect(policy["MaxPasswordAge"] == account["password_policy"]["maximum_age"], f"password policy: {policy}")
    truth.expect(truth.ask(client, "GenerateCredentialReport")["State"] == "COMPLETE", "GenerateCredentialReport")
    report = truth.ask(client, "GetCredentialReport")["Content"].decode()
    users = [row["user"] for row in csv.DictReader(report.splitlines())]
    truth.expect(users == [row["user"] for row in account["credentials"]], f"GetCredentialReport: {users}")
    truth.refused(client, "CreateUser", "InvalidAction", UserName="new")
    identity = truth.ask(truth.client("sts", "us-east-1"), "GetCallerIdentity")
    truth.expect(identity["Arn"] == truth.world["scan"]["caller"], f"GetCallerIdentity: {identity}")


def s3(truth, account):
    client = truth.client("s3", "us-east-1")
    listed = truth.ask(client, "ListBuckets")["Buckets"]
    own = sorted((b["name"], b["region"]) for b in account["buckets"] if isinstance(b["region"], str))
    truth.expect([(b["Name"], b["BucketRegion"]) for b in listed] == own, f"ListBuckets: {listed}")
    pages = list(client.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 1}))
    truth.expect([b["Name"] for page in pages for b in page["Buckets"]] == [name for name, _ in own], "ListBuckets pages")
    absences = [
        ("GetBucketEncryption", "encryption", "ServerSideEncryptionConfigurationNotFoundError"),
        ("GetPublicAccessBlock", "public_access_block", "NoSuchPublicAccessBlockConfiguration"),
        ("GetBucketPolicy", "policy", "NoSuchBucketPolicy"),
        ("GetBucketPolicyStatus", "policy_public", "NoSuchBucketPolicy"),
        ("GetBucketAcl", "acl", None),
        ("GetBucketVersioning", "versioning", None),
        ("GetBucketOwnershipControls", "ownership", "OwnershipControlsNotFoundError"),
    ]
    for bucket in account["buckets"]:
        region = bucket["region"] if isinstance(bucket["region"], str) else "us-east-1"
        there = truth.client("s3", region)
        for operation, field, code in absences:
            if isinstance(bucket[field], dict) and "unseen" in bucket[field]:
                truth.refused(there, operation, "AccessDenied", Bucket=bucket["name"])
            elif bucket[field] is None and code:
                truth.refused(there, operation, code, Bucket=bucket["name"])
            else:
                truth.ask(there, operation, Bucket=bucket["name"])
        if isinstance(bucket["region"], str):
            location = truth.ask(client, "GetBucketLocation", Bucket=bucket["name"])
            truth.expect((location["LocationConstraint"] or "us-east-1") == region, f"GetBucketLocation: {location}")
    truth.refused(client, "GetBucketAcl", "NoSuchBucket", Bucket="nobody")
    truth.refused(client, "CreateBucket", "MethodNotAllowed", Bucket="new")
    truth.refused(client, "ListObjectsV2", "MethodNotAllowed", Bucket="ml-artifacts")
    truth.ask(truth.client("s3control", "us-east-1"), "GetPublicAccessBlock", AccountId=truth.account)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--endpoint", required=True, help="where the snapshot is served")
    parser.add_argument("--world", required=True, help="the snapshot that is served")
    arguments = parser.parse_args()
    # Nothing of the user's AWS configuration takes part.
    for name in [name for name in os.environ if name.upper().startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull, NO_PROXY="127.0.0.1,localhost")
    with open(arguments.world, encoding="utf-8") as file:
        world = json.load(file)
    truth = Truth(arguments.endpoint, world)
    for region, tables in world["regions"].items():
        sagemaker(truth, region, tables)
        ec2(truth, region, tables)
        kms(truth, region, tables)
        sns(truth, region, tables)
        cloudtrail(truth, region, world["account"])
    iam(truth, world["account"])
    s3(truth, world["account"])

    served = {(service, operation) for service, operations in SERVED.items() for operation in operations.split()}
    for service, operation in sorted(served - truth.seen):
        truth.say(f"{service}:{operation} was never answered")
    for service, operation in sorted(truth.seen - served):
        truth.say(f"{service}:{operation} was answered, but is not to be served")
    with urllib.request.urlopen(f"{arguments.endpoint}/_stats") as answer:
        calls = json.load(answer)["calls"]
    for service, operation in sorted(served):
        truth.expect(f"{service}:{operation}" in calls, f"{service}:{operation} was not counted")

    for line in dict.fromkeys(truth.wrong):
        print(line)
    print(f"{len(truth.seen)} operations answered, {len(set(truth.wrong))} things wrong")
    return 1 if truth.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
