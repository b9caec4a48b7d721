//! What looks for trouble by itself: GuardDuty, Security Hub CSPM and Macie.

use serde_json::{Value, json};

use super::record::{part, record};
use super::wire::{Every, UpperEnabled};
use super::{Ask, Known, List, Listed, Seen, Spec, Table};
use crate::read;

part! {
    /// A part of a feature that is switched apart.
    pub struct FeatureOption {
        name: String = "name",
        enabled: Option<bool> = "status" as UpperEnabled,
    }

    /// Something that GuardDuty looks at besides its foundations.
    pub struct DetectorFeature {
        /// `S3_DATA_EVENTS`, `AI_PROTECTION`, `RUNTIME_MONITORING`, …
        name: String = "name",
        enabled: Option<bool> = "status" as UpperEnabled,
        options: Vec<FeatureOption> = "additionalConfiguration",
    }
}

record! {
    /// The detector of a region: GuardDuty has at most one.
    pub struct Detector in detectors {
        id: String = "DetectorId",
        enabled: Seen<bool> = "status" as UpperEnabled,
        features: Seen<Vec<DetectorFeature>> = "features" as Every,
    }
    by Spec {
        describe: Some(Ask::of(read!("guardduty", "GetDetector"), &[("DetectorId", "DetectorId")])),
        created: "",
        resource: "detector/{DetectorId}",
        // The list is one of plain texts.
        summary: &["=DetectorId"],
        required: r#"{"serviceRole": "arn:aws:iam::111122223333:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty"}"#,
        missing: "BadRequestException",
        ..Spec::of(Table::Detectors, List {
            size: Some(("maxResults", 50)),
            token: "nextToken",
            ..List::of(read!("guardduty", "ListDetectors"), "detectorIds")
        })
    }
}

/// Security Hub refuses so where it is not enabled (API reference, `InvalidAccessException`).
const NO_HUB: &[&str] = &["InvalidAccessException", "ResourceNotFoundException"];

record! {
    /// Security Hub CSPM of a region, where it is enabled.
    pub struct SecurityHub in security_hubs {
        arn: String = "HubArn",
        /// Whether new controls of a standard are switched on by themselves.
        new_controls: Seen<bool> = "AutoEnableControls",
    }
    by Spec {
        arn: "HubArn",
        created: "",
        summary: &["HubArn", "AutoEnableControls"],
        ..Spec::of(Table::SecurityHubs, List {
            size: None,
            absent: NO_HUB,
            ..List::of(read!("securityhub", "DescribeHub"), "")
        })
    }
}

record! {
    /// A standard that Security Hub CSPM checks the region by.
    pub struct EnabledStandard in enabled_standards {
        /// The ARN of the standard.
        name: String = "StandardsArn",
        arn: String = "StandardsSubscriptionArn",
        /// `READY`, `PENDING`, `INCOMPLETE`, `DELETING` or `FAILED`
        status: Seen<String> = "StandardsStatus",
    }
    by Spec {
        arn: "StandardsSubscriptionArn",
        created: "",
        summary: &["StandardsArn", "StandardsSubscriptionArn", "StandardsStatus", "StandardsInput"],
        required: r#"{"StandardsInput": {}}"#,
        ..Spec::of(Table::EnabledStandards, List {
            absent: &["InvalidAccessException"],
            ..List::of(read!("securityhub", "GetEnabledStandards"), "StandardsSubscriptions")
        })
    }
}

/// Macie refuses so where it is not enabled, with the code of any other refusal.
const NO_MACIE: &[&str] = &["AccessDeniedException: Macie is not enabled"];

/// Whether Macie samples the buckets of the account by itself.
const DISCOVERY: Ask = Ask::of(read!("macie2", "GetAutomatedDiscoveryConfiguration"), &[]);

record! {
    /// Macie of a region, where it is enabled.
    pub struct MacieSession in macie_sessions {
        /// `ENABLED` or `PAUSED`
        status: Seen<String> = "status",
    }
    also {
        /// Whether it looks into buckets by itself, without a job.
        discovery: Seen<bool> = DISCOVERY, "status" as UpperEnabled;
    }
    by Spec {
        created: "",
        summary: &["status"],
        ..Spec::of(Table::MacieSessions, List {
            size: None,
            absent: NO_MACIE,
            ..List::of(read!("macie2", "GetMacieSession"), "")
        })
    }
}

record! {
    /// A bucket as Macie sees it. Only those are asked for that SageMaker resources name.
    pub struct MacieBucket in macie_buckets {
        name: String = "bucketName",
        arn: String = "bucketArn",
        /// `MONITORED` or `NOT_MONITORED` by automated discovery
        discovery: Seen<String> = "automatedDiscoveryMonitoringStatus",
        /// `TRUE`, `FALSE` or `UNKNOWN`: whether a job that runs again and again looks at it
        monitored_by_job: Seen<String> = "jobDetails.isMonitoredByJob",
        /// `TRUE`, `FALSE` or `UNKNOWN`: whether any job looks or once looked at it
        defined_in_job: Seen<String> = "jobDetails.isDefinedInJob",
        /// From 0 to 100: how much sensitive data was found; -1 where nothing could be analyzed
        sensitivity: Seen<i32> = "sensitivityScore",
        /// Why Macie cannot look into it.
        error: Seen<String> = "errorCode",
    }
    by Spec {
        arn: "bucketArn",
        created: "",
        summary: &[
            "bucketName", "bucketArn", "automatedDiscoveryMonitoringStatus", "jobDetails", "sensitivityScore", "errorCode",
        ],
        needs: &[Table::MacieSessions, Table::Buckets],
        ..Spec::of(Table::MacieBuckets, List {
            size: Some(("maxResults", 50)),
            token: "nextToken",
            per: Some(buckets),
            absent: NO_MACIE,
            ..List::of(read!("macie2", "DescribeBuckets"), "buckets")
        })
    }
}

/// The buckets of this region that SageMaker resources name, some at a time; none where Macie is known to be off.
fn buckets(known: &Known<'_>) -> Listed<Value> {
    if known.region.macie_sessions.all().is_ok_and(<[_]>::is_empty) {
        return Listed::complete(Vec::new());
    }
    let all = &known.account.buckets;
    let (mut names, mut missing) = (Vec::new(), all.missing.clone());
    for bucket in all.iter() {
        match &bucket.region {
            Seen::Is(region) if region == known.name => names.push(bucket.name.as_str()),
            Seen::Unseen(gap) => missing = missing.or_else(|| Some(gap.clone())),
            _ => {}
        }
    }
    let some = names.chunks(20).map(|names| json!({ "criteria": { "bucketName": { "eq": names } } }));
    Listed { items: some.collect(), missing }
}
