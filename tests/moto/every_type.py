"""Makes one of every type that moto serves, in one region, and writes down what must come back of each.

Usage: every_type.py ENDPOINT. Prints JSON: by table of a snapshot some fields of one item. Left out is what moto makes and
cannot list (feature groups, lifecycle configurations), what only something unlisted names, and empty answers.
"""

import io
import json
import zipfile

from aws import client

REGION = "us-east-1"
ACCOUNT = client("sts").get_caller_identity()["Account"]
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/churn:1"
expected = {}


def expect(table, **fields):
    expected[table] = fields


def principals():
    iam = client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [trust]}
    role = iam.create_role(RoleName="churn", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
    iam.create_policy(PolicyName="read", PolicyDocument=json.dumps(document))
    iam.attach_role_policy(RoleName="churn", PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/read")
    iam.create_user(UserName="ann")
    iam.create_group(GroupName="scientists")
    iam.add_user_to_group(GroupName="scientists", UserName="ann")
    iam.update_account_password_policy(MinimumPasswordLength=14)
    expect("account/roles", name="churn", attached=[f"arn:aws:iam::{ACCOUNT}:policy/read"])
    expect("account/policies", name="read")
    expect("account/users", name="ann", groups=["scientists"])
    expect("account/groups", name="scientists")
    expect("account/password_policy", minimum_length=14)
    expect("account/summary", users=1)
    expect("account/credentials", user="ann", mfa=False)
    return role


def network():
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="ml", Description="ml", VpcId=vpc)["GroupId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table])
    client("s3").create_bucket(Bucket="flows")
    flow = ec2.create_flow_logs(
        ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogDestinationType="s3", LogDestination="arn:aws:s3:::flows"
    )
    expect("vpcs", id=vpc)
    expect("network_acls", vpc=vpc, subnets=[subnet])
    expect("subnets", id=subnet, vpc=vpc)
    expect("security_groups", id=group, vpc=vpc)
    expect("internet_gateways", id=gateway)
    expect("nat_gateways", id=nat)
    expect("route_tables", id=table)
    expect("vpc_endpoints", id=endpoint["VpcEndpoint"]["VpcEndpointId"])
    expect("flow_logs", id=flow["FlowLogIds"][0])
    return vpc, subnet, group


def data():
    kms, s3 = client("kms"), client("s3")
    key = kms.create_key(Description="ml")["KeyMetadata"]["Arn"]
    kms.enable_key_rotation(KeyId=key)
    kms.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{ACCOUNT}:role/churn", Operations=["Decrypt"], Name="jobs")
    s3.create_bucket(Bucket="churn-data")
    s3.put_bucket_versioning(Bucket="churn-data", VersioningConfiguration={"Status": "Enabled"})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket="churn-data", ServerSideEncryptionConfiguration={"Rules": [rule]})
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket="churn-data", PublicAccessBlockConfiguration=block)
    s3.put_bucket_ownership_controls(
        Bucket="churn-data", OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    policy = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::churn-data/*"}
    s3.put_bucket_policy(Bucket="churn-data", Policy=json.dumps({"Version": "2012-10-17", "Statement": [policy]}))
    rules = [
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 30}},
        {
            "ID": "cold",
            "Status": "Disabled",
            "Filter": {"And": {"Prefix": "raw/", "Tags": [{"Key": "a", "Value": "b"}]}},
            "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
            "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        },
    ]
    s3.put_bucket_lifecycle_configuration(Bucket="churn-data", LifecycleConfiguration={"Rules": rules})
    expect(
        "account/buckets",
        name="churn-data",
        region=REGION,
        owned=True,
        encryption={"algorithm": "aws:kms", "key": key},
        public_access_block={"block_acls": True, "ignore_acls": True, "block_policy": True, "restrict_buckets": True},
        ownership="BucketOwnerEnforced",
    )
    expect(
        "account/bucket_settings",
        name="churn-data",
        lifecycle=[
            {"id": "old", "enabled": True, "prefix": "tmp/", "narrowed": False, "expires": True, "moves": False, "expires_versions": False},
            {"id": "cold", "enabled": False, "prefix": "raw/", "narrowed": True, "expires": False, "moves": True, "expires_versions": True},
        ],
    )
    expect("keys", arn=key, exists=True, manager="CUSTOMER", rotation=True)
    expect("key_grants", name=key)
    return key


def file_systems(subnet, group):
    lustre = client("fsx").create_file_system(FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=[subnet])["FileSystem"]["FileSystemId"]
    expect("lustre_file_systems", id=lustre)
    home = client("efs").create_file_system(
        CreationToken="home", Encrypted=True, Tags=[{"Key": "ManagedByAmazonSageMakerResource", "Value": "domain"}])["FileSystemId"]
    expect("file_systems", id=home, encrypted=True)
    return lustre


def sagemaker(role, vpc, subnet, group, key, lustre):
    sm = client("sagemaker")
    network = {"Subnets": [subnet], "SecurityGroupIds": [group]}
    isolated = {"EnableNetworkIsolation": True, "EnableInterContainerTrafficEncryption": True, "VpcConfig": network}
    cluster = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 10, "VolumeKmsKeyId": key}
    stop = {"MaxRuntimeInSeconds": 60}

    sm.create_notebook_instance_lifecycle_config(NotebookInstanceLifecycleConfigName="idle", OnStart=[{"Content": "ZWNobyBoaQo="}])
    sm.create_notebook_instance(NotebookInstanceName="lab", InstanceType="ml.t3.medium", RoleArn=role, SubnetId=subnet,
                                SecurityGroupIds=[group], KmsKeyId=key, RootAccess="Disabled", LifecycleConfigName="idle", Tags=[{"Key": "owner", "Value": "churn"}])
    expect("notebooks", name="lab", role=role, subnet=subnet, key=key, root_access=False, lifecycle_config="idle",
           tags=[{"key": "owner", "value": "churn"}])
    sm.create_model(ModelName="churn", ExecutionRoleArn=role, VpcConfig=network,
                    PrimaryContainer={"Image": IMAGE, "ModelDataUrl": "s3://churn-data/model.tar.gz"})
    expect("models", name="churn", role=role)
    variant = {"VariantName": "all", "ModelName": "churn", "InitialInstanceCount": 2, "InstanceType": "ml.m5.large", "InitialVariantWeight": 1.0}
    capture = {"EnableCapture": True, "InitialSamplingPercentage": 10, "DestinationS3Uri": "s3://churn-data/capture",
               "CaptureOptions": [{"CaptureMode": "Input"}]}
    sm.create_endpoint_config(EndpointConfigName="churn", ProductionVariants=[variant], KmsKeyId=key, DataCaptureConfig=capture)
    expect("endpoint_configs", name="churn", key=key)
    sm.create_endpoint(EndpointName="churn", EndpointConfigName="churn")
    expect("endpoints", name="churn", config="churn")
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://churn-data/train/"}}
    sm.create_training_job(
        TrainingJobName="train", AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"}, RoleArn=role,
        InputDataConfig=[{"ChannelName": "train", "DataSource": source}, {"ChannelName": "more", "DataSource": {"FileSystemDataSource": {
            "FileSystemId": lustre, "FileSystemAccessMode": "ro", "FileSystemType": "FSxLustre", "DirectoryPath": "/fsx"}}}],
        OutputDataConfig={"S3OutputPath": "s3://churn-data/out/", "KmsKeyId": key},
        ResourceConfig=cluster, StoppingCondition=stop, **isolated)
    expect("training_jobs", name="train", role=role, volume_key=key, output_key=key, network_isolation=True,
           inputs=["s3://churn-data/train/"], max_runtime=60)
    sm.create_processing_job(
        ProcessingJobName="prepare", ProcessingResources={"ClusterConfig": cluster}, AppSpecification={"ImageUri": IMAGE}, RoleArn=role,
        NetworkConfig=isolated, ProcessingInputs=[{"InputName": "query", "DatasetDefinition": {"AthenaDatasetDefinition": {
            "Catalog": "data", "Database": "churn", "QueryString": "SELECT 1", "WorkGroup": "science", "OutputS3Uri": "s3://churn-data/query",
            "OutputFormat": "PARQUET"}}}])
    expect("processing_jobs", name="prepare", role=role)
    client("athena").create_work_group(Name="science", Configuration={"EnforceWorkGroupConfiguration": True, "ResultConfiguration": {
        "OutputLocation": "s3://churn-data/results", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}})
    expect("athena_workgroups", name="science")
    sm.create_transform_job(
        TransformJobName="score", ModelName="churn", TransformInput={"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://churn-data/in"}}},
        TransformOutput={"S3OutputPath": "s3://churn-data/scores", "KmsKeyId": key}, TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeKmsKeyId": key})
    expect("transform_jobs", name="score", output_key=key)
    definition = {
        "StaticHyperParameters": {"epochs": "3"}, "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"}, "RoleArn": role,
        "OutputDataConfig": {"S3OutputPath": "s3://churn-data/tuning"}, "ResourceConfig": cluster, "StoppingCondition": stop,
        "EnableNetworkIsolation": True}
    limits = {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 1}
    sm.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="tune", HyperParameterTuningJobConfig={"Strategy": "Random", "ResourceLimits": limits}, TrainingJobDefinition=definition)
    expect("tuning_jobs", name="tune")
    sm.create_compilation_job(
        CompilationJobName="compile", RoleArn=role, InputConfig={"S3Uri": "s3://churn-data/model.tar.gz", "DataInputConfig": "{}", "Framework": "PYTORCH"},
        OutputConfig={"S3OutputLocation": "s3://churn-data/compiled", "TargetDevice": "ml_c5"}, StoppingCondition=stop)
    expect("compilation_jobs", name="compile", role=role)
    sm.create_auto_ml_job_v2(
        AutoMLJobName="auto", AutoMLJobInputDataConfig=[{"ChannelType": "training", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://churn-data/auto"}}}],
        OutputDataConfig={"S3OutputPath": "s3://churn-data/auto-out"}, AutoMLProblemTypeConfig={"TabularJobConfig": {"TargetAttributeName": "y", "ProblemType": "Regression", "CompletionCriteria": {"MaxCandidates": 1}}}, RoleArn=role)
    expect("auto_ml_jobs", name="auto", role=role)
    domain = sm.create_domain(DomainName="team", AuthMode="IAM", DefaultUserSettings={"ExecutionRole": role, "SecurityGroups": [group]},
                              SubnetIds=[subnet], VpcId=vpc, AppNetworkAccessType="VpcOnly")
    expect("domains", id=domain["DomainArn"].rsplit("/", 1)[1], name="team", vpc=vpc)
    sm.create_model_package_group(ModelPackageGroupName="churn", ModelPackageGroupDescription="Churn")
    expect("model_package_groups", name="churn")
    sm.create_model_package(
        ModelPackageGroupName="churn", ModelApprovalStatus="Approved", InferenceSpecification={"Containers": [{"Image": IMAGE}], "SupportedContentTypes": [], "SupportedResponseMIMETypes": []})
    expect("model_packages", approval="Approved", group="churn")
    sm.create_pipeline(PipelineName="nightly", PipelineDisplayName="nightly", PipelineDefinition=json.dumps({"Version": "2020-12-01", "Steps": []}),
                       ClientRequestToken="a" * 32, RoleArn=role)
    expect("pipelines", name="nightly", role=role)
    sm.create_model_card(ModelCardName="churn", Content="{}", ModelCardStatus="Draft", SecurityConfig={"KmsKeyId": key})
    expect("model_cards", name="churn")
    sm.create_cluster(ClusterName="hyper", InstanceGroups=[{
        "InstanceCount": 1, "InstanceGroupName": "workers", "InstanceType": "ml.g5.8xlarge", "ExecutionRole": role, "ThreadsPerCore": 1,
        "LifeCycleConfig": {"SourceS3Uri": "s3://sagemaker-churn/lifecycle/", "OnCreate": "on_create.sh"}}], VpcConfig=network)
    expect("clusters", name="hyper")
    monitoring = {"ClusterConfig": cluster}
    job_input = {"EndpointInput": {"EndpointName": "churn", "LocalPath": "/opt/ml"}}
    outputs = {"MonitoringOutputs": [{"S3Output": {"S3Uri": "s3://churn-data/monitor", "LocalPath": "/opt/out"}}], "KmsKeyId": key}
    common = {"JobResources": monitoring, "RoleArn": role, "StoppingCondition": stop}
    sm.create_data_quality_job_definition(
        JobDefinitionName="quality", DataQualityAppSpecification={"ImageUri": IMAGE}, DataQualityJobInput=job_input, DataQualityJobOutputConfig=outputs, **common)
    truth = {"GroundTruthS3Input": {"S3Uri": "s3://churn-data/truth"}}
    sm.create_model_quality_job_definition(
        JobDefinitionName="accuracy", ModelQualityAppSpecification={"ImageUri": IMAGE}, ModelQualityJobInput=job_input | truth, ModelQualityJobOutputConfig=outputs, **common)
    sm.create_model_bias_job_definition(
        JobDefinitionName="bias", ModelBiasAppSpecification={"ImageUri": IMAGE, "ConfigUri": "s3://churn-data/bias.json"}, ModelBiasJobInput=job_input | truth,
        ModelBiasJobOutputConfig=outputs, **common)
    sm.create_model_explainability_job_definition(
        JobDefinitionName="why", ModelExplainabilityAppSpecification={"ImageUri": IMAGE, "ConfigUri": "s3://churn-data/why.json"},
        ModelExplainabilityJobInput=job_input, ModelExplainabilityJobOutputConfig=outputs, **common)
    expect("data_quality_job_definitions", name="quality", role=role)
    expect("model_quality_job_definitions", name="accuracy", role=role)
    expect("model_bias_job_definitions", name="bias", role=role)
    expect("model_explainability_job_definitions", name="why", role=role)


def images(role):
    ecr = client("ecr")
    ecr.create_repository(repositoryName="churn", imageTagMutability="IMMUTABLE", imageScanningConfiguration={"scanOnPush": True})
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "ecr:BatchGetImage"}
    expect("cluster_nodes", cluster="hyper")
    ecr.set_repository_policy(repositoryName="churn", policyText=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    expect("ecr_repositories", name="churn")
    expect("ecr_scanning", name="churn")
    expect("ecr_registry_scanning", scan_type="BASIC")
    client("codebuild").create_project(
        name="sagemaker-images", source={"type": "S3", "location": "churn-data/source.zip"}, artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}, serviceRole=role)
    expect("build_project_names", name="sagemaker-images")
    expect("build_projects", name="sagemaker-images", role=role)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): pass")
    client("lambda").create_function(
        FunctionName="SageMakerGate", Runtime="python3.12", Role=role, Handler="main.handler", Code={"ZipFile": code.getvalue()})
    expect("lambda_functions", name="SageMakerGate", role=role)


def in_front():
    apis, http = client("apigateway"), client("apigatewayv2")
    rest = apis.create_rest_api(name="predict", endpointConfiguration={"types": ["REGIONAL"]})["id"]
    root = apis.get_resources(restApiId=rest)["items"][0]["id"]
    apis.put_method(restApiId=rest, resourceId=root, httpMethod="POST", authorizationType="AWS_IAM")
    apis.put_integration(
        restApiId=rest, resourceId=root, httpMethod="POST", type="AWS", integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{REGION}:runtime.sagemaker:path/endpoints/churn/invocations")
    expect("rest_apis", id=rest, name="predict")
    expect("api_resources", api=rest, path="/")
    api = http.create_api(Name="predict", ProtocolType="HTTP")["ApiId"]
    expect("http_apis", id=api, name="predict")
    scaling = client("application-autoscaling")
    target = {"ServiceNamespace": "sagemaker", "ResourceId": "endpoint/churn/variant/all", "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
    scaling.register_scalable_target(MinCapacity=1, MaxCapacity=4, **target)
    scaling.put_scaling_policy(
        PolicyName="busy", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 70.0, "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}}, **target)
    expect("scalable_targets", minimum=1, maximum=4)
    expect("scaling_policies", name="busy", kind="TargetTrackingScaling")


def watch():
    s3, logs, topics, alarms = client("s3"), client("logs"), client("sns"), client("cloudwatch")
    s3.create_bucket(Bucket="audit")
    allow = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::audit/*"}
    s3.put_bucket_policy(Bucket="audit", Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
    logs.create_log_group(logGroupName="/aws/sagemaker/Endpoints/churn")
    logs.put_retention_policy(logGroupName="/aws/sagemaker/Endpoints/churn", retentionInDays=90)
    expect("log_groups", name="/aws/sagemaker/Endpoints/churn", retention_days=90)
    logs.create_log_group(logGroupName="trail")
    group = logs.describe_log_groups(logGroupNamePrefix="trail")["logGroups"][0]["arn"]
    client("cloudtrail").create_trail(
        Name="all", S3BucketName="audit", IsMultiRegionTrail=True, EnableLogFileValidation=True, CloudWatchLogsLogGroupArn=group,
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/churn")
    client("cloudtrail").start_logging(Name="all")
    expect("account/trails", name="all", multi_region=True, validation=True, logging=True, bucket="audit")
    expect("account/trail_buckets", name="audit", owned=True)
    logs.put_metric_filter(
        logGroupName="trail", filterName="root", filterPattern='{ $.userIdentity.type = "Root" }',
        metricTransformations=[{"metricName": "root", "metricNamespace": "trail", "metricValue": "1"}])
    expect("metric_filters", name="root")
    logs.put_resource_policy(policyName="hosts", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}))
    expect("logs_resource_policies", name="hosts")
    topic = topics.create_topic(Name="security")["TopicArn"]
    subscription = topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:inbox", ReturnSubscriptionArn=True)
    alarms.put_metric_alarm(
        AlarmName="root", Namespace="trail", MetricName="root", Statistic="Sum", Period=300, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold", AlarmActions=[topic])
    expect("alarms", name="root", actions=[topic])
    expect("topics", name=topic)
    expect("topic_subscriptions", name=subscription["SubscriptionArn"], topic=topic)
    events = client("events")
    events.put_rule(Name="jobs", EventPattern=json.dumps({"source": ["aws.sagemaker"]}))
    events.put_targets(Rule="jobs", Targets=[{"Id": "1", "Arn": topic}])
    expect("event_rules", name="jobs")
    config = client("config")
    config.put_configuration_recorder(ConfigurationRecorder={
        "name": "default", "roleARN": f"arn:aws:iam::{ACCOUNT}:role/churn", "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True}})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "audit"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    config.put_config_rule(ConfigRule={
        "ConfigRuleName": "root", "Source": {"Owner": "AWS", "SourceIdentifier": "SAGEMAKER_NOTEBOOK_INSTANCE_ROOT_ACCESS_CHECK"}})
    expect("config_rules", name="root", source="SAGEMAKER_NOTEBOOK_INSTANCE_ROOT_ACCESS_CHECK")
    expect("config_recorders", name="default")
    expect("recorder_statuses", name="default", recording=True)
    detector = client("guardduty").create_detector(Enable=True)["DetectorId"]
    expect("detectors", id=detector)
    client("securityhub").enable_security_hub(EnableDefaultStandards=False)
    expect("security_hubs", arn=f"arn:aws:securityhub:{REGION}:{ACCOUNT}:hub/default")
    client("macie2").enable_macie()
    expect("macie_sessions", status="ENABLED")


def around(role, vpc, subnet):
    resolver = client("route53resolver")
    queries = resolver.create_resolver_query_log_config(
        Name="queries", DestinationArn="arn:aws:s3:::flows", CreatorRequestId="a")["ResolverQueryLogConfig"]["Id"]
    resolver.associate_resolver_query_log_config(ResolverQueryLogConfigId=queries, ResourceId=vpc)
    expect("query_log_associations", vpc=vpc)
    firewall = client("network-firewall").create_firewall(
        FirewallName="edge", VpcId=vpc, SubnetMappings=[{"SubnetId": subnet}],
        FirewallPolicyArn=f"arn:aws:network-firewall:{REGION}:{ACCOUNT}:firewall-policy/edge")
    expect("firewalls", name="edge")
    organization = client("organizations").create_organization(FeatureSet="ALL")["Organization"]["Id"]
    expect("account/organization", id=organization, feature_set="ALL")
    client("budgets").create_budget(AccountId=ACCOUNT, Budget={
        "BudgetName": "ml", "BudgetLimit": {"Amount": "100", "Unit": "USD"}, "TimeUnit": "MONTHLY", "BudgetType": "COST"})
    expect("account/budgets", name="ml")


role_arn = principals()
vpc_id, subnet_id, group_id = network()
key_arn = data()
lustre_id = file_systems(subnet_id, group_id)
sagemaker(role_arn, vpc_id, subnet_id, group_id, key_arn, lustre_id)
images(role_arn)
in_front()
watch()
around(role_arn, vpc_id, subnet_id)
print(json.dumps(expected))
