//! S3, path style or virtual-hosted, and the account-wide part of it that has a service of its own.

use std::sync::LazyLock;

use std::net::IpAddr;

use hyper::Method;
use hyper::http::request::Parts;
use percent_encoding::percent_decode_str;
use sagescan_checks::snapshot::{
    AclGrant, Bucket, BucketSettings, LifecycleRule, PublicAccessBlock, ReplicationRule, Seen,
};
use serde_json::Value;

use super::call::{Answer, Call, Input, Operation, Outcome, Protocol, Service, header};
use super::engine::Reply;
use super::paging::Paging;
use super::refusal::Refusal;
use super::xml::Element;

const BUCKET: &str = "{Bucket}";

pub(super) static SERVICE: LazyLock<Service> = LazyLock::new(|| Service {
    name: "s3",
    signed: "s3",
    protocol: Protocol::S3,
    label: "",
    operations: vec![
        Operation { name: "ListBuckets", action: "s3:ListAllMyBuckets", resource: "", answer: list_buckets },
        Operation {
            name: "GetBucketLocation",
            action: "s3:GetBucketLocation",
            resource: BUCKET,
            answer: get_bucket_location,
        },
        Operation {
            name: "GetBucketEncryption",
            action: "s3:GetEncryptionConfiguration",
            resource: BUCKET,
            answer: get_bucket_encryption,
        },
        Operation {
            name: "GetPublicAccessBlock",
            action: "s3:GetBucketPublicAccessBlock",
            resource: BUCKET,
            answer: |call| public_access_block(&bucket(call)?.public_access_block),
        },
        Operation {
            name: "GetBucketPolicy",
            action: "s3:GetBucketPolicy",
            resource: BUCKET,
            answer: |call| {
                let policy = bucket(call)?.policy.get()?;
                policy.map(|policy| Answer::Text(policy.clone())).ok_or_else(no_policy)
            },
        },
        Operation {
            name: "GetBucketPolicyStatus",
            action: "s3:GetBucketPolicyStatus",
            resource: BUCKET,
            answer: |call| {
                let public = bucket(call)?.policy_public.get()?.ok_or_else(no_policy)?;
                Ok(Answer::Xml(root("PolicyStatus").text("IsPublic", public)))
            },
        },
        Operation { name: "GetBucketAcl", action: "s3:GetBucketAcl", resource: BUCKET, answer: get_bucket_acl },
        Operation {
            name: "GetBucketVersioning",
            action: "s3:GetBucketVersioning",
            resource: BUCKET,
            answer: |call| {
                let bucket = bucket(call)?;
                let (status, mfa) = (bucket.versioning.get()?, bucket.mfa_delete.get()?);
                Ok(Answer::Xml(root("VersioningConfiguration").maybe("Status", status).maybe("MfaDelete", mfa)))
            },
        },
        Operation {
            name: "GetBucketOwnershipControls",
            action: "s3:GetBucketOwnershipControls",
            resource: BUCKET,
            answer: get_bucket_ownership_controls,
        },
        Operation {
            name: "GetBucketLogging",
            action: "s3:GetBucketLogging",
            resource: BUCKET,
            answer: get_bucket_logging,
        },
        Operation {
            name: "GetBucketLifecycleConfiguration",
            action: "s3:GetLifecycleConfiguration",
            resource: BUCKET,
            answer: get_bucket_lifecycle,
        },
        Operation {
            name: "GetBucketReplication",
            action: "s3:GetReplicationConfiguration",
            resource: BUCKET,
            answer: get_bucket_replication,
        },
        Operation {
            name: "GetObjectLockConfiguration",
            action: "s3:GetBucketObjectLockConfiguration",
            resource: BUCKET,
            answer: get_object_lock_configuration,
        },
    ],
});

pub(super) static CONTROL: LazyLock<Service> = LazyLock::new(|| Service {
    name: "s3control",
    signed: "s3control",
    protocol: Protocol::S3Control,
    label: "",
    operations: vec![Operation {
        name: "GetPublicAccessBlock",
        action: "s3:GetAccountPublicAccessBlock",
        resource: "",
        answer: |call| public_access_block(&call.snapshot().account.public_access_block),
    }],
});

/// Which operation a GET on a bucket is, by the parameter that names its subresource.
const SUBRESOURCES: [(&str, &str); 12] = [
    ("location", "GetBucketLocation"),
    ("encryption", "GetBucketEncryption"),
    ("publicAccessBlock", "GetPublicAccessBlock"),
    ("policy", "GetBucketPolicy"),
    ("policyStatus", "GetBucketPolicyStatus"),
    ("acl", "GetBucketAcl"),
    ("versioning", "GetBucketVersioning"),
    ("ownershipControls", "GetBucketOwnershipControls"),
    ("logging", "GetBucketLogging"),
    ("lifecycle", "GetBucketLifecycleConfiguration"),
    ("replication", "GetBucketReplication"),
    ("object-lock", "GetObjectLockConfiguration"),
];

/// Service, operation and parameters of a REST request. What is not served keeps its method as its name.
pub(super) fn recognise(head: &Parts, mut input: Input) -> Option<(&'static str, String, Input)> {
    let path = head.uri.path();
    let get = head.method == Method::GET;
    let unknown = || head.method.to_string();
    if let Some(rest) = path.strip_prefix("/v20180820/") {
        let known = get && rest == "configuration/publicAccessBlock";
        let operation = if known { "GetPublicAccessBlock".to_owned() } else { unknown() };
        return Some((CONTROL.name, operation, input));
    }
    let host = head.uri.authority().map(|a| a.as_str()).or_else(|| header(head, "host"))?;
    let (first, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    let (bucket, key) = match virtual_host(host) {
        Some(bucket) => (bucket.to_owned(), path.trim_start_matches('/')),
        None => (percent_decode_str(first).decode_utf8_lossy().into_owned(), rest),
    };
    let operation = if !get || !key.is_empty() {
        None
    } else if bucket.is_empty() {
        Some("ListBuckets")
    } else {
        SUBRESOURCES.iter().find(|(parameter, _)| input.contains_key(*parameter)).map(|(_, operation)| *operation)
    };
    input.insert("Bucket".to_owned(), Value::String(bucket));
    Some((SERVICE.name, operation.map_or_else(unknown, str::to_owned), input))
}

/// The bucket in front of a host name: `data.localhost:8080`, `data.s3.eu-west-1.amazonaws.com`.
fn virtual_host(host: &str) -> Option<&str> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if name.parse::<IpAddr>().is_ok() {
        return None;
    }
    let numeric = || name.find(".127.0.0.1");
    let end = name.find(".s3.").or_else(|| name.find(".s3-")).or_else(|| name.find(".localhost")).or_else(numeric)?;
    name.get(..end)
}

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
const CONTENT_TYPE: &str = "application/xml";

fn root(name: &'static str) -> Element {
    Element::new(name).attribute("xmlns", NAMESPACE)
}

pub(super) fn answer(element: &Element) -> Reply {
    Reply::new(200, CONTENT_TYPE, element.document().unwrap_or_default())
}

pub(super) fn refuse(service: &Service, call: Option<&Call<'_>>, id: &str, refusal: &Refusal) -> Reply {
    let (status, code) = refusal.spelling(service.protocol);
    let error = Element::new("Error").text("Code", code).text("Message", refusal.message(service.protocol, call));
    let bucket = call.and_then(|call| call.text("Bucket"));
    let error = error.maybe("BucketName", bucket).text("RequestId", id);
    let document = match service.protocol {
        Protocol::S3Control => Element::new("ErrorResponse").child(error).text("RequestId", id).document(),
        _ => error.document(),
    };
    let mut reply = Reply::new(status, CONTENT_TYPE, document.unwrap_or_default());
    if let Refusal::Elsewhere(region) = refusal {
        reply.headers.push(("x-amz-bucket-region", region.clone()));
    }
    reply
}

fn not_there(code: &'static str, message: &str) -> Refusal {
    Refusal::Absent { status: 404, code, message: message.to_owned() }
}

fn no_policy() -> Refusal {
    not_there("NoSuchBucketPolicy", "The bucket policy does not exist")
}

/// The bucket of that name, wherever it lies.
fn named<'s>(call: &Call<'s>) -> Result<&'s Bucket, Refusal> {
    let name = call.required("Bucket")?;
    let account = &call.snapshot().account;
    let mut buckets = account.buckets.iter().chain(account.trail_buckets.iter());
    let of_trail = account.trails.iter().any(|trail| trail.bucket.shown().is_some_and(|bucket| bucket == name));
    let gap = call.gap(&account.buckets).or_else(|| call.gap(&account.trail_buckets).filter(|_| of_trail));
    match (buckets.find(|bucket| bucket.name == name), gap) {
        (Some(bucket), _) => Ok(bucket),
        (None, Some(gap)) => Err(gap.into()),
        (None, None) => Err(not_there("NoSuchBucket", "The specified bucket does not exist")),
    }
}

/// The bucket of that name, if it lies in the region that was asked.
fn bucket<'s>(call: &Call<'s>) -> Result<&'s Bucket, Refusal> {
    let bucket = named(call)?;
    match bucket.region.shown() {
        Some(region) if region != call.region => Err(Refusal::Elsewhere(region.clone())),
        _ => Ok(bucket),
    }
}

const PAGES: Paging = Paging { size: "max-buckets", token: "continuation-token", default: 10_000, maximum: 10_000 };

/// All buckets of which the region was seen: the others belong to somebody else.
fn list_buckets(call: &Call<'_>) -> Outcome {
    let account = &call.snapshot().account;
    let table = &account.buckets;
    let prefix = call.text("prefix").unwrap_or_default();
    let only = call.text("bucket-region");
    let mut own: Vec<(&str, &str)> = table
        .iter()
        .chain(account.trail_buckets.iter())
        .filter(|bucket| bucket.owned.shown() != Some(&false))
        .filter_map(|bucket| Some((bucket.name.as_str(), bucket.region.shown()?.as_str())))
        .filter(|(name, region)| name.starts_with(prefix) && only.is_none_or(|only| only == *region))
        .collect();
    own.sort_unstable();
    own.dedup();
    let page = PAGES.page(call, own.len(), call.gap(table))?;
    let started = call.snapshot().scan.started;
    let buckets = own[page.range].iter().map(|(name, region)| {
        Element::unnamed().text("Name", name).text("CreationDate", started).text("BucketRegion", region)
    });
    let list = root("ListAllMyBucketsResult").list("Buckets", "Bucket", buckets).child(owner());
    Ok(Answer::Xml(list.maybe("ContinuationToken", page.next)))
}

fn owner() -> Element {
    Element::new("Owner").text("ID", "5a6e5ca05a6e5ca05a6e5ca05a6e5ca05a6e5ca05a6e5ca05a6e5ca05a6e5ca0")
}

fn get_bucket_location(call: &Call<'_>) -> Outcome {
    let region = named(call)?.region.get()?.map(String::as_str);
    let constraint = region.filter(|region| *region != "us-east-1").unwrap_or_default();
    Ok(Answer::Xml(root("LocationConstraint").saying(constraint)))
}

fn get_bucket_encryption(call: &Call<'_>) -> Outcome {
    let Some(encryption) = bucket(call)?.encryption.get()? else {
        return Err(not_there(
            "ServerSideEncryptionConfigurationNotFoundError",
            "The server side encryption configuration was not found",
        ));
    };
    let default = Element::new("ApplyServerSideEncryptionByDefault")
        .text("SSEAlgorithm", &encryption.algorithm)
        .maybe("KMSMasterKeyID", encryption.key.as_ref());
    let rule = Element::new("Rule").child(default).text("BucketKeyEnabled", false);
    Ok(Answer::Xml(root("ServerSideEncryptionConfiguration").child(rule)))
}

fn public_access_block(seen: &Seen<PublicAccessBlock>) -> Outcome {
    let Some(block) = seen.get()? else {
        return Err(not_there(
            "NoSuchPublicAccessBlockConfiguration",
            "The public access block configuration was not found",
        ));
    };
    let configuration = root("PublicAccessBlockConfiguration")
        .text("BlockPublicAcls", block.block_acls)
        .text("IgnorePublicAcls", block.ignore_acls)
        .text("BlockPublicPolicy", block.block_policy)
        .text("RestrictPublicBuckets", block.restrict_buckets);
    Ok(Answer::Xml(configuration))
}

fn get_bucket_acl(call: &Call<'_>) -> Outcome {
    let grants = bucket(call)?.acl.get()?;
    let list = root("AccessControlPolicy").child(owner());
    Ok(Answer::Xml(list.list("AccessControlList", "Grant", grants.into_iter().flatten().map(grant))))
}

fn grant(grant: &AclGrant) -> Element {
    let group = grant.grantee.starts_with("http");
    let grantee = Element::new("Grantee")
        .attribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .attribute("xsi:type", if group { "Group" } else { "CanonicalUser" })
        .text(if group { "URI" } else { "ID" }, &grant.grantee);
    Element::unnamed().child(grantee).text("Permission", &grant.permission)
}

fn get_bucket_ownership_controls(call: &Call<'_>) -> Outcome {
    let Some(ownership) = bucket(call)?.ownership.get()? else {
        return Err(not_there("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"));
    };
    let rule = Element::new("Rule").text("ObjectOwnership", ownership);
    Ok(Answer::Xml(root("OwnershipControls").child(rule)))
}

/// The settings of the bucket of that name, if it lies in the region that was asked.
fn settings<'s>(call: &Call<'s>) -> Result<&'s BucketSettings, Refusal> {
    let name = &bucket(call)?.name;
    let all = &call.snapshot().account.bucket_settings;
    match (all.iter().find(|settings| settings.name == *name), call.gap(all)) {
        (Some(settings), _) => Ok(settings),
        (None, Some(gap)) => Err(gap.into()),
        (None, None) => Err(not_there("NoSuchBucket", "Nothing is known of the settings of this bucket")),
    }
}

fn get_bucket_logging(call: &Call<'_>) -> Outcome {
    let status = root("BucketLoggingStatus");
    Ok(Answer::Xml(match settings(call)?.logging.get()? {
        Some(target) => {
            status.child(Element::new("LoggingEnabled").text("TargetBucket", target).text("TargetPrefix", "logs/"))
        }
        None => status,
    }))
}

fn get_bucket_lifecycle(call: &Call<'_>) -> Outcome {
    let Some(rules) = settings(call)?.lifecycle.get()? else {
        return Err(not_there("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"));
    };
    Ok(Answer::Xml(rules.iter().map(lifecycle_rule).fold(root("LifecycleConfiguration"), Element::child)))
}

fn lifecycle_rule(rule: &LifecycleRule) -> Element {
    let filter = match rule.narrowed {
        true => {
            let tag = Element::new("Tag").text("Key", "class").text("Value", "scratch");
            Element::new("Filter").child(Element::new("And").text("Prefix", &rule.prefix).child(tag))
        }
        false => Element::new("Filter").text("Prefix", &rule.prefix),
    };
    let mut element = Element::new("Rule").text("ID", &rule.id).child(filter).text("Status", status(rule.enabled));
    if rule.expires {
        element = element.child(Element::new("Expiration").text("Days", 30));
    }
    if rule.moves {
        element = element.child(Element::new("Transition").text("Days", 30).text("StorageClass", "GLACIER"));
    }
    if rule.expires_versions {
        element = element.child(Element::new("NoncurrentVersionExpiration").text("NoncurrentDays", 30));
    }
    element
}

fn status(enabled: bool) -> &'static str {
    if enabled { "Enabled" } else { "Disabled" }
}

fn get_bucket_replication(call: &Call<'_>) -> Outcome {
    let Some(rules) = settings(call)?.replication.get()? else {
        return Err(not_there("ReplicationConfigurationNotFoundError", "The replication configuration was not found"));
    };
    let role = format!("arn:{}:iam::{}:role/replication", call.world.partition(), call.snapshot().scan.account);
    let configuration = root("ReplicationConfiguration").text("Role", role);
    Ok(Answer::Xml(rules.iter().map(replication_rule).fold(configuration, Element::child)))
}

fn replication_rule(rule: &ReplicationRule) -> Element {
    let destination = Element::new("Destination").text("Bucket", &rule.destination);
    Element::new("Rule")
        .text("ID", &rule.id)
        .text("Status", status(rule.enabled))
        .child(destination.maybe("Account", rule.account.as_ref()))
}

fn get_object_lock_configuration(call: &Call<'_>) -> Outcome {
    let Some(lock) = settings(call)?.object_lock.get()? else {
        let message = "Object Lock configuration does not exist for this bucket";
        return Err(not_there("ObjectLockConfigurationNotFoundError", message));
    };
    let mut configuration = root("ObjectLockConfiguration");
    if lock.enabled {
        configuration = configuration.text("ObjectLockEnabled", "Enabled");
    }
    if let Some(mode) = &lock.mode {
        let default = Element::new("DefaultRetention").text("Mode", mode).text("Days", 30);
        configuration = configuration.child(Element::new("Rule").child(default));
    }
    Ok(Answer::Xml(configuration))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_stand_in_front_of_host_names_and_not_of_addresses() {
        assert_eq!(virtual_host("127.0.0.1:8080"), None);
        assert_eq!(virtual_host("localhost:8080"), None);
        assert_eq!(virtual_host("s3.eu-west-1.amazonaws.com"), None);
        assert_eq!(virtual_host("data.localhost:8080"), Some("data"));
        assert_eq!(virtual_host("my.data.127.0.0.1:8080"), Some("my.data"));
        assert_eq!(virtual_host("my.data.s3.eu-west-1.amazonaws.com"), Some("my.data"));
    }
}
