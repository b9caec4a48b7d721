"""Fills a moto server through the AWS APIs with an estate in two regions: some of it sound, some of it not.

Usage: fill.py ENDPOINT. moto is the AWS simulator from PyPI; nothing here leaves loopback.
"""

import json

from aws import client

REGIONS = ["us-east-1", "eu-west-1"]


def roles():
    iam = client("iam", "us-east-1")

    def trust(condition=None):
        statement = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        if condition:
            statement["Condition"] = condition
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    account = client("sts", "us-east-1").get_caller_identity()["Account"]
    good = iam.create_role(
        RoleName="churn-training",
        AssumeRolePolicyDocument=trust({"StringEquals": {"aws:SourceAccount": account}}),
    )["Role"]["Arn"]
    iam.put_role_policy(
        RoleName="churn-training",
        PolicyName="read-data",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::churn-us-east-1/*"}
                ],
            }
        ),
    )
    bad = iam.create_role(RoleName="notebook-admin", AssumeRolePolicyDocument=trust())["Role"]["Arn"]
    iam.put_role_policy(
        RoleName="notebook-admin",
        PolicyName="everything",
        PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        ),
    )
    iam.create_user(UserName="ann")
    iam.create_login_profile(UserName="ann", Password="Correct-horse-1", PasswordResetRequired=False)
    iam.put_user_policy(
        UserName="ann",
        PolicyName="sagemaker",
        PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"}]}
        ),
    )
    return good, bad


def region(name, good, bad):
    ec2, kms, s3, sm = (client(s, name) for s in ("ec2", "kms", "s3", "sagemaker"))
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=f"{name}{zone}")["Subnet"]["SubnetId"]
        for i, zone in enumerate("ab")
    ]
    closed = ec2.create_security_group(GroupName="closed", Description="closed", VpcId=vpc)["GroupId"]
    opened = ec2.create_security_group(GroupName="open", Description="open", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=opened,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )
    key = kms.create_key(Description="ml")["KeyMetadata"]["Arn"]
    kms.enable_key_rotation(KeyId=key)
    bucket = f"churn-{name}"
    where = {} if name == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": name}}
    s3.create_bucket(Bucket=bucket, **where)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}]
        },
    )

    sm.create_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName="idle",
        OnStart=[{"Content": "IyEvYmluL2Jhc2gKZWNobyBoZWxsbwo="}],
    )
    sm.create_notebook_instance(
        NotebookInstanceName="open",
        InstanceType="ml.t3.medium",
        RoleArn=bad,
        DirectInternetAccess="Enabled",
        RootAccess="Enabled",
    )
    sm.create_notebook_instance(
        NotebookInstanceName="closed",
        InstanceType="ml.t3.medium",
        RoleArn=good,
        SubnetId=subnets[0],
        SecurityGroupIds=[closed],
        KmsKeyId=key,
        DirectInternetAccess="Disabled",
        RootAccess="Disabled",
        LifecycleConfigName="idle",
        Tags=[{"Key": "owner", "Value": "churn"}],
    )
    vpc_config = {"Subnets": subnets, "SecurityGroupIds": [closed]}
    image = f"111122223333.dkr.ecr.{name}.amazonaws.com/churn:1"
    sm.create_model(
        ModelName="isolated",
        ExecutionRoleArn=good,
        PrimaryContainer={"Image": image, "ModelDataUrl": f"s3://{bucket}/model.tar.gz"},
        VpcConfig=vpc_config,
        EnableNetworkIsolation=True,
    )
    sm.create_model(
        ModelName="loose",
        ExecutionRoleArn=bad,
        PrimaryContainer={"Image": "docker.io/someone/model:latest", "ModelDataUrl": f"s3://{bucket}/model.tar.gz"},
    )
    for config, model, count in [("sound", "isolated", 2), ("frail", "loose", 1)]:
        sm.create_endpoint_config(
            EndpointConfigName=config,
            ProductionVariants=[
                {
                    "VariantName": "all",
                    "ModelName": model,
                    "InitialInstanceCount": count,
                    "InstanceType": "ml.m5.large",
                    "InitialVariantWeight": 1.0,
                }
            ],
            **({"KmsKeyId": key} if config == "sound" else {}),
        )
        sm.create_endpoint(EndpointName=config, EndpointConfigName=config)
    for job, extra in [
        (
            "sealed",
            {
                "VpcConfig": vpc_config,
                "EnableNetworkIsolation": True,
                "EnableInterContainerTrafficEncryption": True,
            },
        ),
        ("bare", {}),
    ]:
        sealed = job == "sealed"
        sm.create_training_job(
            TrainingJobName=job,
            AlgorithmSpecification={"TrainingImage": image, "TrainingInputMode": "File"},
            RoleArn=good if sealed else bad,
            InputDataConfig=[
                {
                    "ChannelName": "train",
                    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/train/"}},
                }
            ],
            OutputDataConfig={"S3OutputPath": f"s3://{bucket}/out/", **({"KmsKeyId": key} if sealed else {})},
            ResourceConfig={
                "InstanceType": "ml.m5.xlarge",
                "InstanceCount": 2,
                "VolumeSizeInGB": 10,
                **({"VolumeKmsKeyId": key} if sealed else {}),
            },
            StoppingCondition={"MaxRuntimeInSeconds": 60},
            HyperParameters={"epochs": "3"},
            **extra,
        )
    sm.create_processing_job(
        ProcessingJobName="prepare",
        ProcessingResources={
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 10}
        },
        AppSpecification={"ImageUri": image},
        RoleArn=good,
    )
    sm.create_domain(
        DomainName="team",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": good, "SecurityGroups": [opened]},
        SubnetIds=subnets,
        VpcId=vpc,
        AppNetworkAccessType="PublicInternetOnly",
    )


def trail():
    s3, cloudtrail = client("s3", "us-east-1"), client("cloudtrail", "us-east-1")
    s3.create_bucket(Bucket="audit-logs")
    s3.put_bucket_policy(
        Bucket="audit-logs",
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudtrail.amazonaws.com"},
                        "Action": "s3:PutObject",
                        "Resource": "arn:aws:s3:::audit-logs/*",
                    }
                ],
            }
        ),
    )
    cloudtrail.create_trail(
        Name="all", S3BucketName="audit-logs", IsMultiRegionTrail=True, EnableLogFileValidation=True
    )
    cloudtrail.start_logging(Name="all")


good_role, bad_role = roles()
trail()
for region_name in REGIONS:
    region(region_name, good_role, bad_role)
print("filled")
