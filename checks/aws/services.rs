//! The AWS services: how each is addressed, signed for and spoken to.
//!
//! Source: service models of botocore 1.44.5 (`endpointPrefix`, `signingName`, `serviceId`, `targetPrefix`, `jsonVersion`,
//! request URIs), November 2026.

use serde_json::Value;

/// A service, as it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// As IAM spells it: the first half of every action.
    pub name: &'static str,
    /// `serviceId`: the name in `AWS_ENDPOINT_URL_<SERVICE>`.
    pub id: &'static str,
    /// `signingName`.
    pub signing: &'static str,
    /// `endpointPrefix`: what stands before the region in the host name.
    pub endpoint: &'static str,
    /// Set where one region answers for the whole partition, by partition.
    pub global: &'static [(&'static str, &'static str)],
    /// The parameter that stands in front of the host name, where it can.
    pub in_front: Option<&'static str>,
    /// How it is spoken to.
    pub protocol: Protocol,
}

/// How a service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// awsJson: everything is a POST to `/`.
    Rpc {
        /// `1.0` or `1.1`
        version: &'static str,
        /// What stands before the operation in `X-Amz-Target`.
        target: &'static str,
    },
    /// restJson1: each operation has a method and a path, with `{Parameter}` for what lies in the path; the other
    /// parameters are the body of a POST and the query of a GET, under the names given after `?`.
    Rest(&'static [(&'static str, &'static str, &'static str)]),
    /// restXml: each operation is a GET of a path, with `{Parameter}` for what lies in it and the other parameters as its query.
    RestXml(&'static [Document]),
    /// awsQuery and ec2Query: everything is a form POSTed to `/`, and the answer is XML.
    Query {
        /// `apiVersion`
        version: &'static str,
    },
}

/// An operation of restXml and the document that answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// The operation's name.
    pub operation: &'static str,
    /// What is fetched.
    pub path: &'static str,
    /// The name of the document's root; none for an answer that is a JSON text.
    pub root: Option<&'static str>,
    /// The element that may come several times.
    pub list: &'static str,
}

impl Service {
    /// The service of that IAM name.
    pub fn named(name: &str) -> Option<&'static Service> {
        SERVICES.iter().find(|service| service.name == name)
    }

    /// The host that answers for a region, with FIPS or dual-stack where asked for.
    ///
    /// Source: `partitions.json` and the endpoint rule sets of botocore 1.44.5, to which a test holds this.
    pub fn host(&self, region: &str, fips: bool, dual_stack: bool) -> String {
        let partition = PARTITIONS.iter().find(|(prefix, ..)| region.starts_with(prefix));
        let (_, name, plain, dual) = partition.unwrap_or(&("", "aws", "amazonaws.com", "api.aws"));
        let region = self.global.iter().find(|(partition, _)| partition == name).map_or(region, |(_, region)| region);
        let way = (fips, dual_stack);
        let is_this = |(service, place, ways, _): &&(&str, &str, Ways, &str)| {
            let here = *place == *name || place.ends_with('-') && region.starts_with(place) || place.is_empty();
            *service == self.name && here && ways.contains(&way)
        };
        let ends_in_fips = fips && !(way == FIPS && *name == "aws-us-gov" && GOV_CLOUD_WITHOUT.contains(&self.name));
        let usual = if ends_in_fips { "{endpoint}-fips.{region}.{domain}" } else { "{endpoint}.{region}.{domain}" };
        EXCEPTIONS
            .iter()
            .find(is_this)
            .map_or(usual, |(.., host)| host)
            .replace("{endpoint}", self.endpoint)
            .replace("{region}", region)
            .replace("{domain}", if dual_stack { dual } else { plain })
            .replace("{plain}", plain)
    }

    /// How an operation is answered with a document, where the service speaks restXml.
    pub fn document(&self, operation: &str) -> Option<&'static Document> {
        let Protocol::RestXml(documents) = self.protocol else { return None };
        documents.iter().find(|document| document.operation == operation)
    }

    /// What stands in front of the host name of a request: an account, or a bucket whose name can be part of one. Where names
    /// have dots, no certificate fits (Amazon S3 User Guide, "Virtual hosting of general purpose buckets").
    pub fn front<'p>(&self, parameters: &'p Value) -> Option<&'p str> {
        let name = parameters.get(self.in_front?)?.as_str()?;
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let inner = |c: u8| plain(c) || c == b'-';
        let bytes = name.as_bytes();
        let fits = (3..=63).contains(&bytes.len()) && bytes.iter().all(|c| inner(*c));
        (fits && bytes.first().is_some_and(|c| plain(*c)) && bytes.last().is_some_and(|c| plain(*c))).then_some(name)
    }

    /// The region to sign for.
    pub fn signing_region<'r>(&self, region: &'r str) -> &'r str {
        let partition = PARTITIONS.iter().find(|(prefix, ..)| region.starts_with(prefix)).map_or("aws", |p| p.1);
        self.global.iter().find(|(name, _)| *name == partition).map_or(region, |(_, region)| region)
    }
}

/// Beginnings of region names, with the partition and its domains, plain and dual-stack.
const PARTITIONS: &[(&str, &str, &str, &str)] = &[
    ("cn-", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    ("us-gov-", "aws-us-gov", "amazonaws.com", "api.aws"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    ("us-iso-", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    ("eusc-", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"),
];

/// Ways to an endpoint: with FIPS or without, over both IP versions or not.
type Ways = &'static [(bool, bool)];
const PLAIN: (bool, bool) = (false, false);
const FIPS: (bool, bool) = (true, false);
const DUAL: (bool, bool) = (false, true);
const BOTH: (bool, bool) = (true, true);

/// Services whose plain endpoint in GovCloud is the FIPS endpoint too.
const GOV_CLOUD_WITHOUT: &[&str] = &[
    "organizations",
    "access-analyzer",
    "ram",
    "logs",
    "cloudwatch",
    "cloudtrail",
    "ec2",
    "events",
    "config",
    "guardduty",
    "route53resolver",
    "application-autoscaling",
    "eks",
    "servicequotas",
    "sns",
    "sts",
];

/// Hosts that do not follow the rule: service, partition (or beginning of region names, or everywhere), ways, host. The
/// first that fits counts.
const EXCEPTIONS: &[(&str, &str, Ways, &str)] = &[
    ("sagemaker", "aws", &[FIPS], "api-fips.sagemaker.{region}.{domain}"),
    ("sagemaker", "aws-us-gov", &[FIPS], "api-fips.sagemaker.{region}.{domain}"),
    ("ecr", "", &[DUAL], "ecr.{region}.{domain}"),
    ("ecr", "", &[BOTH], "ecr-fips.{region}.{domain}"),
    ("elasticfilesystem", "aws", &[DUAL], "efs.{region}.{domain}"),
    ("elasticfilesystem", "aws", &[BOTH], "efs-fips.{region}.{domain}"),
    ("elasticfilesystem", "aws-us-gov", &[DUAL], "efs.{region}.{domain}"),
    ("elasticfilesystem", "aws-us-gov", &[BOTH], "efs-fips.{region}.{domain}"),
    ("elasticfilesystem", "aws-cn", &[DUAL], "efs.{region}.{domain}"),
    ("elasticfilesystem", "aws-cn", &[BOTH], "efs-fips.{region}.{domain}"),
    ("organizations", "aws-us-gov", &[BOTH], "organizations.{region}.{domain}"),
    ("cloudwatch", "aws-us-gov", &[BOTH], "monitoring.{region}.{domain}"),
    ("events", "aws-us-gov", &[BOTH], "events.{region}.{domain}"),
    ("eks", "aws", &[FIPS], "fips.eks.{region}.{domain}"),
    ("secretsmanager", "aws", &[DUAL], "secretsmanager.{region}.amazonaws.com"),
    ("secretsmanager", "aws", &[BOTH], "secretsmanager-fips.{region}.amazonaws.com"),
    ("secretsmanager", "aws-us-gov", &[DUAL], "secretsmanager.{region}.amazonaws.com"),
    ("secretsmanager", "aws-us-gov", &[BOTH], "secretsmanager-fips.{region}.amazonaws.com"),
    ("secretsmanager", "aws-cn", &[DUAL], "secretsmanager.{region}.amazonaws.com.cn"),
    ("cognito-idp", "aws", &[DUAL], "cognito-idp.{region}.amazonaws.com"),
    ("cognito-idp", "us-east-", &[BOTH], "cognito-idp-fips.{region}.amazonaws.com"),
    ("cognito-idp", "us-west-", &[BOTH], "cognito-idp-fips.{region}.amazonaws.com"),
    ("budgets", "aws", &[DUAL], "budgets.{region}.{domain}"),
    ("budgets", "aws-eusc", &[PLAIN, DUAL], "budgets.{region}.api.amazonwebservices.eu"),
    ("budgets", "aws-iso-b", &[PLAIN], "budgets.global.{domain}"),
    ("budgets", "aws-iso-e", &[PLAIN], "budgets.global.{domain}"),
    ("budgets", "aws-iso-f", &[PLAIN], "budgets.global.{domain}"),
    ("budgets", "", &[PLAIN, DUAL], "budgets.{domain}"),
    ("budgets", "", &[FIPS, BOTH], "budgets-fips.{domain}"),
    ("iam", "aws", &[PLAIN], "iam.{domain}"),
    ("iam", "aws", &[FIPS], "iam-fips.{domain}"),
    ("iam", "aws", &[DUAL], "iam.global.{domain}"),
    ("iam", "aws", &[BOTH], "iam-fips.global.{domain}"),
    ("iam", "aws-us-gov", &[PLAIN, FIPS, DUAL, BOTH], "iam.us-gov.{domain}"),
    ("iam", "aws-cn", &[DUAL], "iam.global.{domain}"),
    ("iam", "aws-eusc", &[DUAL], "iam.global.{domain}"),
    ("iam", "", &[DUAL], "iam.{domain}"),
    ("iam", "", &[BOTH], "iam-fips.{domain}"),
    ("iam", "aws-cn", &[FIPS], "iam-fips.{domain}"),
    ("iam", "aws-eusc", &[FIPS], "iam-fips.{domain}"),
    ("iam", "aws-iso-e", &[FIPS], "iam-fips.{domain}"),
    ("iam", "aws-iso-f", &[FIPS], "iam-fips.{domain}"),
    ("ce", "aws-eusc", &[PLAIN], "ce.{region}.api.amazonwebservices.eu"),
    ("s3", "", &[DUAL], "s3.dualstack.{region}.{plain}"),
    ("s3", "", &[BOTH], "s3-fips.dualstack.{region}.{plain}"),
    ("s3-control", "", &[DUAL], "s3-control.dualstack.{region}.{plain}"),
    ("s3-control", "", &[BOTH], "s3-control-fips.dualstack.{region}.{plain}"),
];

const fn rpc(name: &'static str, id: &'static str, endpoint: &'static str, target: &'static str) -> Service {
    let protocol = Protocol::Rpc { version: "1.1", target };
    Service { name, id, signing: name, endpoint, global: &[], in_front: None, protocol }
}

const fn document(operation: &'static str, path: &'static str, root: &'static str, list: &'static str) -> Document {
    Document { operation, path, root: Some(root), list }
}

/// The region that answers for the whole partition, where a service has one.
const GLOBAL: &[(&str, &str)] = &[
    ("aws", "us-east-1"),
    ("aws-cn", "cn-northwest-1"),
    ("aws-us-gov", "us-gov-west-1"),
    ("aws-iso", "us-iso-east-1"),
];

/// Where IAM is signed for.
const IAM_HOMES: &[(&str, &str)] =
    &[("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1"), ("aws-iso", "us-iso-east-1")];

/// Every service that is asked.
pub const SERVICES: &[Service] = &[
    rpc("sagemaker", "SageMaker", "api.sagemaker", "SageMaker"),
    Service {
        signing: "tagging",
        ..rpc("tag", "Resource Groups Tagging API", "tagging", "ResourceGroupsTaggingAPI_20170126")
    },
    Service { global: GLOBAL, ..rpc("budgets", "Budgets", "budgets", "AWSBudgetServiceGateway") },
    Service { global: GLOBAL, ..rpc("ce", "Cost Explorer", "ce", "AWSInsightsIndexService") },
    Service { global: GLOBAL, ..rpc("organizations", "Organizations", "organizations", "AWSOrganizationsV20161128") },
    Service {
        protocol: Protocol::Rest(&[("ListAnalyzers", "GET", "/analyzer"), ("ListFindingsV2", "POST", "/findingv2")]),
        ..rpc("access-analyzer", "AccessAnalyzer", "access-analyzer", "")
    },
    Service { protocol: Protocol::Query { version: "2016-11-15" }, ..rpc("ec2", "EC2", "ec2", "") },
    Service { global: IAM_HOMES, protocol: Protocol::Query { version: "2010-05-08" }, ..rpc("iam", "IAM", "iam", "") },
    rpc("kms", "KMS", "kms", "TrentService"),
    rpc("cloudtrail", "CloudTrail", "cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"),
    rpc("ecr", "ECR", "api.ecr", "AmazonEC2ContainerRegistry_V20150921"),
    Service {
        protocol: Protocol::Rest(&[("BatchGetAccountStatus", "POST", "/status/batch/get")]),
        ..rpc("inspector2", "Inspector2", "inspector2", "")
    },
    rpc("secretsmanager", "Secrets Manager", "secretsmanager", "secretsmanager"),
    rpc("cognito-idp", "Cognito Identity Provider", "cognito-idp", "AWSCognitoIdentityProviderService"),
    // Its model names CBOR first, and JSON as the other way.
    rpc("codebuild", "CodeBuild", "codebuild", "CodeBuild_20161006"),
    Service {
        protocol: Protocol::Rest(&[
            ("GetResourceShares", "POST", "/getresourceshares"),
            ("ListResources", "POST", "/listresources"),
            ("ListPrincipals", "POST", "/listprincipals"),
        ]),
        ..rpc("ram", "RAM", "ram", "")
    },
    rpc("logs", "CloudWatch Logs", "logs", "Logs_20140328"),
    Service {
        signing: "monitoring",
        protocol: Protocol::Rpc { version: "1.0", target: "GraniteServiceVersion20100801" },
        ..rpc("cloudwatch", "CloudWatch", "monitoring", "")
    },
    rpc("events", "EventBridge", "events", "AWSEvents"),
    rpc("config", "Config Service", "config", "StarlingDoveService"),
    rpc("route53resolver", "Route53Resolver", "route53resolver", "Route53Resolver"),
    Service {
        protocol: Protocol::Rest(&[
            ("ListDetectors", "GET", "/detector"),
            ("GetDetector", "GET", "/detector/{DetectorId}"),
            ("ListFindings", "POST", "/detector/{DetectorId}/findings"),
        ]),
        ..rpc("guardduty", "GuardDuty", "guardduty", "")
    },
    Service {
        protocol: Protocol::Rest(&[
            ("GetAccountStatus", "GET", "/account/status"),
            ("ListAssessments", "GET", "/assessments"),
        ]),
        ..rpc("auditmanager", "AuditManager", "auditmanager", "")
    },
    Service {
        protocol: Protocol::Rest(&[
            ("DescribeHub", "GET", "/accounts"),
            ("GetEnabledStandards", "POST", "/standards/get"),
        ]),
        ..rpc("securityhub", "SecurityHub", "securityhub", "")
    },
    Service {
        protocol: Protocol::Rest(&[
            ("GetMacieSession", "GET", "/macie"),
            ("DescribeBuckets", "POST", "/datasources/s3"),
            ("GetAutomatedDiscoveryConfiguration", "GET", "/automated-discovery/configuration"),
        ]),
        ..rpc("macie2", "Macie2", "macie2", "")
    },
    Service {
        protocol: Protocol::Rest(&[
            ("DescribeFileSystems", "GET", "/2015-02-01/file-systems"),
            ("DescribeFileSystemPolicy", "GET", "/2015-02-01/file-systems/{FileSystemId}/policy"),
            ("DescribeBackupPolicy", "GET", "/2015-02-01/file-systems/{FileSystemId}/backup-policy"),
            ("DescribeMountTargets", "GET", "/2015-02-01/mount-targets"),
        ]),
        ..rpc("elasticfilesystem", "EFS", "elasticfilesystem", "")
    },
    rpc("application-autoscaling", "Application Auto Scaling", "application-autoscaling", "AnyScaleFrontendService"),
    Service {
        protocol: Protocol::Rest(&[
            ("GetRestApis", "GET", "/restapis"),
            ("GetResources", "GET", "/restapis/{restapi_id}/resources"),
            ("GetDomainNames", "GET", "/domainnames"),
            ("GetBasePathMappings", "GET", "/domainnames/{domain_name}/basepathmappings"),
            ("GetApis", "GET", "/v2/apis"),
            ("GetRoutes", "GET", "/v2/apis/{apiId}/routes"),
            ("GetIntegrations", "GET", "/v2/apis/{apiId}/integrations"),
        ]),
        ..rpc("apigateway", "API Gateway", "apigateway", "")
    },
    Service {
        protocol: Protocol::Rest(&[
            ("ListFunctions", "GET", "/2015-03-31/functions"),
            ("ListFunctionUrlConfigs", "GET", "/2021-10-31/functions/{FunctionName}/urls"),
        ]),
        ..rpc("lambda", "Lambda", "lambda", "")
    },
    Service {
        protocol: Protocol::Rest(&[("DescribeCluster", "GET", "/clusters/{name}")]),
        ..rpc("eks", "EKS", "eks", "")
    },
    rpc("servicequotas", "Service Quotas", "servicequotas", "ServiceQuotasV20190624"),
    rpc("fsx", "FSx", "fsx", "AWSSimbaAPIService_v20180301"),
    // Its model names CBOR first, and JSON as the other way.
    Service {
        protocol: Protocol::Rpc { version: "1.0", target: "NetworkFirewall_20201112" },
        ..rpc("network-firewall", "Network Firewall", "network-firewall", "")
    },
    rpc("glue", "Glue", "glue", "AWSGlue"),
    rpc("athena", "Athena", "athena", "AmazonAthena"),
    Service { protocol: Protocol::Query { version: "2010-03-31" }, ..rpc("sns", "SNS", "sns", "") },
    Service { protocol: Protocol::Query { version: "2011-06-15" }, ..rpc("sts", "STS", "sts", "") },
    Service {
        in_front: Some("Bucket"),
        protocol: Protocol::RestXml(&[
            document("ListBuckets", "/", "ListAllMyBucketsResult", "Bucket"),
            document("GetBucketLocation", "/{Bucket}?location", "LocationConstraint", ""),
            document("GetBucketEncryption", "/{Bucket}?encryption", "ServerSideEncryptionConfiguration", "Rule"),
            document("GetPublicAccessBlock", "/{Bucket}?publicAccessBlock", "PublicAccessBlockConfiguration", ""),
            Document { operation: "GetBucketPolicy", path: "/{Bucket}?policy", root: None, list: "" },
            document("GetBucketPolicyStatus", "/{Bucket}?policyStatus", "PolicyStatus", ""),
            document("GetBucketAcl", "/{Bucket}?acl", "AccessControlPolicy", "Grant"),
            document("GetBucketVersioning", "/{Bucket}?versioning", "VersioningConfiguration", ""),
            document("GetBucketOwnershipControls", "/{Bucket}?ownershipControls", "OwnershipControls", "Rule"),
            document("GetBucketLogging", "/{Bucket}?logging", "BucketLoggingStatus", "Grant"),
            document("GetBucketLifecycleConfiguration", "/{Bucket}?lifecycle", "LifecycleConfiguration", "Rule"),
            document("GetBucketReplication", "/{Bucket}?replication", "ReplicationConfiguration", "Rule"),
            document("GetObjectLockConfiguration", "/{Bucket}?object-lock", "ObjectLockConfiguration", ""),
        ]),
        ..rpc("s3", "S3", "s3", "")
    },
    Service {
        signing: "s3",
        in_front: Some("AccountId"),
        protocol: Protocol::RestXml(&[document(
            "GetPublicAccessBlock",
            "/v20180820/configuration/publicAccessBlock",
            "PublicAccessBlockConfiguration",
            "",
        )]),
        ..rpc("s3-control", "S3 Control", "s3-control", "")
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_follow_the_partition() {
        let sagemaker = Service::named("sagemaker").unwrap();
        assert_eq!(sagemaker.host("us-east-1", false, false), "api.sagemaker.us-east-1.amazonaws.com");
        assert_eq!(sagemaker.host("us-gov-west-1", true, false), "api-fips.sagemaker.us-gov-west-1.amazonaws.com");
        assert_eq!(sagemaker.host("cn-north-1", false, false), "api.sagemaker.cn-north-1.amazonaws.com.cn");
        assert_eq!(sagemaker.host("eu-west-1", false, true), "api.sagemaker.eu-west-1.api.aws");
    }

    #[test]
    fn some_services_have_names_of_their_own() {
        let ecr = Service::named("ecr").unwrap();
        assert_eq!(ecr.host("us-east-1", false, false), "api.ecr.us-east-1.amazonaws.com");
        assert_eq!(ecr.host("us-east-1", true, false), "api.ecr-fips.us-east-1.amazonaws.com");
        assert_eq!(ecr.host("us-east-1", false, true), "ecr.us-east-1.api.aws");
        assert_eq!(ecr.host("us-east-1", true, true), "ecr-fips.us-east-1.api.aws");
        let secrets = Service::named("secretsmanager").unwrap();
        assert_eq!(secrets.host("us-east-1", true, true), "secretsmanager-fips.us-east-1.amazonaws.com");
        let ram = Service::named("ram").unwrap();
        assert_eq!(ram.host("us-gov-west-1", true, false), "ram.us-gov-west-1.amazonaws.com");
    }

    #[test]
    fn fips_endpoints_have_the_names_that_aws_gave_them() {
        let host = |service, region| Service::named(service).unwrap().host(region, true, false);
        assert_eq!(host("eks", "us-east-1"), "fips.eks.us-east-1.amazonaws.com");
        assert_eq!(host("eks", "us-gov-west-1"), "eks.us-gov-west-1.amazonaws.com");
        assert_eq!(host("cloudwatch", "us-east-1"), "monitoring-fips.us-east-1.amazonaws.com");
        assert_eq!(host("logs", "us-gov-west-1"), "logs.us-gov-west-1.amazonaws.com");
        assert_eq!(host("securityhub", "us-gov-west-1"), "securityhub-fips.us-gov-west-1.amazonaws.com");
    }

    #[test]
    fn buckets_stand_in_front_of_the_host_where_their_names_can() {
        let s3 = Service::named("s3").unwrap();
        let front = |bucket: &str| s3.front(&serde_json::json!({ "Bucket": bucket })).map(str::to_owned);
        assert_eq!(front("churn-data-1"), Some("churn-data-1".to_owned()));
        for name in ["a.b.c", "Old", "x_y_z", "-abc", "abc-", "ab", "a/b/c", "evil.example#", "evil@host", ""] {
            assert_eq!(front(name), None, "{name}");
        }
        assert_eq!(Service::named("iam").unwrap().front(&serde_json::json!({ "Bucket": "churn" })), None);
        assert_eq!(s3.host("cn-north-1", false, true), "s3.dualstack.cn-north-1.amazonaws.com.cn");
    }

    #[test]
    fn a_global_service_has_one_host_in_each_partition() {
        let organizations = Service::named("organizations").unwrap();
        assert_eq!(organizations.host("eu-west-1", false, false), "organizations.us-east-1.amazonaws.com");
        assert_eq!(organizations.host("eu-west-1", true, false), "organizations-fips.us-east-1.amazonaws.com");
        assert_eq!(organizations.host("us-gov-east-1", true, false), "organizations.us-gov-west-1.amazonaws.com");
        assert_eq!(organizations.host("cn-north-1", false, false), "organizations.cn-northwest-1.amazonaws.com.cn");
        assert_eq!(organizations.signing_region("cn-north-1"), "cn-northwest-1");
        let budgets = Service::named("budgets").unwrap();
        assert_eq!(budgets.host("eu-west-1", false, false), "budgets.amazonaws.com");
        assert_eq!(budgets.host("eu-west-1", false, true), "budgets.us-east-1.api.aws");
        assert_eq!(budgets.host("us-gov-east-1", false, true), "budgets.api.aws");
        assert_eq!(Service::named("ce").unwrap().host("eu-west-1", false, false), "ce.us-east-1.amazonaws.com");
    }
}
