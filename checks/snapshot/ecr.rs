//! Elastic Container Registry: the repositories whose images SageMaker runs, and what was found in the images that serve.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::{part, record};
use super::reference::What;
use super::wire::Every;
use super::{Ask, Gap, Known, List, Listed, Reason, Region, Seen, Spec, Table};
use crate::aws::registries::EcrImage;
use crate::engine::{Arn, references};
use crate::{read, with_records};

/// A repository without a policy answers so (API reference, GetRepositoryPolicy).
const POLICY: Ask = Ask {
    absent: &["RepositoryPolicyNotFoundException"],
    ..Ask::of(read!("ecr", "GetRepositoryPolicy"), &[("repositoryName", "repositoryName")])
};

record! {
    /// A repository of the account in which an image lies that a SageMaker resource of the region names
    /// (DescribeRepositories).
    pub struct Repository in ecr_repositories {
        name: String = "repositoryName",
        arn: String = "repositoryArn",
        created: Seen<Timestamp> = "createdAt",
        /// `MUTABLE`, `IMMUTABLE`, `IMMUTABLE_WITH_EXCLUSION` or `MUTABLE_WITH_EXCLUSION`
        tag_mutability: Seen<String> = "imageTagMutability",
        /// Patterns of the tags to which the opposite applies; `*` stands for anything
        exclusions: Seen<Vec<String>> = "imageTagMutabilityExclusionFilters[].filter" as Every,
        /// The setting of the repository, which one of the registry supersedes
        scan_on_push: Seen<bool> = "imageScanningConfiguration.scanOnPush",
        /// `AES256`, `KMS` or `KMS_DSSE`
        encryption: Seen<String> = "encryptionConfiguration.encryptionType",
        key: Seen<String> = "encryptionConfiguration.kmsKey" => Key,
    }
    also {
        /// The resource policy as it stands; none is unset.
        policy: Seen<String> = POLICY, "policyText";
    }
    by Spec {
        arn: "repositoryArn",
        created: "createdAt",
        resource: "repository/{repositoryName}",
        summary: &[
            "repositoryName", "repositoryArn", "createdAt", "imageTagMutability", "imageTagMutabilityExclusionFilters",
            "imageScanningConfiguration", "encryptionConfiguration",
        ],
        required: r#"{
            "imageTagMutabilityExclusionFilters?": [{"filterType": "WILDCARD"}],
            "encryptionConfiguration?": {"encryptionType": "AES256"}
        }"#,
        missing: "RepositoryNotFoundException",
        needs: Table::WORKLOADS,
        ..Spec::of(Table::EcrRepositories, List {
            // Questions about names have no pages.
            size: None,
            per: Some(named),
            absent: &["RepositoryNotFoundException"],
            ..List::of(read!("ecr", "DescribeRepositories"), "repositories")
        })
    }
}

record! {
    /// How often the images of a repository are scanned, by the rules of the registry and the setting of the repository
    /// together (BatchGetRepositoryScanningConfiguration).
    pub struct RepositoryScanning in ecr_scanning {
        name: String = "repositoryName",
        arn: String = "repositoryArn",
        /// `SCAN_ON_PUSH`, `CONTINUOUS_SCAN` or `MANUAL`
        frequency: Seen<String> = "scanFrequency",
        scan_on_push: Seen<bool> = "scanOnPush",
        /// The filters of the registry that cover the repository
        filters: Seen<Vec<String>> = "appliedScanFilters[].filter" as Every,
    }
    by Spec {
        arn: "repositoryArn",
        created: "",
        summary: &["repositoryName", "repositoryArn", "scanFrequency", "scanOnPush", "appliedScanFilters"],
        required: r#"{"appliedScanFilters?": [{"filterType": "WILDCARD"}]}"#,
        missing: "RepositoryNotFoundException",
        needs: &[Table::EcrRepositories],
        ..Spec::of(Table::EcrScanning, List {
            size: None,
            per: Some(batches_of_repositories),
            // A repository went away after it was listed.
            absent: &["RepositoryNotFoundException"],
            ..List::of(read!("ecr", "BatchGetRepositoryScanningConfiguration"), "scanningConfigurations")
        })
    }
}

part! {
    /// A rule of the registry's scanning configuration.
    pub struct ScanRule {
        /// `SCAN_ON_PUSH`, `CONTINUOUS_SCAN` or `MANUAL`
        frequency: Option<String> = "scanFrequency",
        /// Which repositories; `*` stands for anything
        filters: Vec<String> = "repositoryFilters[].filter",
    }

    /// How many vulnerabilities a scan found, by severity; what is not counted is none.
    pub struct SeverityCounts {
        critical: Option<i64> = "CRITICAL",
        high: Option<i64> = "HIGH",
        medium: Option<i64> = "MEDIUM",
        low: Option<i64> = "LOW",
        informational: Option<i64> = "INFORMATIONAL",
        undefined: Option<i64> = "UNDEFINED",
        untriaged: Option<i64> = "UNTRIAGED",
    }
}

record! {
    /// How the account's registry of the region scans (GetRegistryScanningConfiguration).
    pub struct RegistryScanning in ecr_registry_scanning {
        /// The id of the account.
        name: String = "registryId",
        /// `BASIC` or `ENHANCED`
        scan_type: Seen<String> = "scanningConfiguration.scanType",
        rules: Seen<Vec<ScanRule>> = "scanningConfiguration.rules" as Every,
    }
    by Spec {
        created: "",
        summary: &["registryId", "scanningConfiguration"],
        required: r#"{"scanningConfiguration?": {"rules?": [{
            "scanFrequency": "MANUAL", "repositoryFilters": [{"filterType": "WILDCARD"}]
        }]}}"#,
        needs: &[Table::EcrRepositories],
        ..Spec::of(Table::EcrRegistryScanning, List {
            size: None,
            per: Some(if_there_are_repositories),
            ..List::of(read!("ecr", "GetRegistryScanningConfiguration"), "")
        })
    }
}

record! {
    /// What the last scan found in an image that an endpoint runs (DescribeImageScanFindings). DescribeImages does not tell
    /// it of all kinds of scans.
    pub struct ImageScan in ecr_image_scans {
        /// The name of the repository.
        name: String = "repositoryName",
        /// The digest of the image.
        id: String = "imageId.imageDigest",
        /// `COMPLETE`, `ACTIVE` (scanned again and again), `PENDING`, `FAILED`, `UNSUPPORTED_IMAGE`, …
        status: Seen<String> = "imageScanStatus.status",
        completed: Seen<Timestamp> = "imageScanFindings.imageScanCompletedAt",
        counts: Seen<SeverityCounts> = "imageScanFindings.findingSeverityCounts",
    }
    by Spec {
        created: "",
        summary: &["repositoryName", "imageId", "imageScanStatus", "imageScanFindings"],
        needs: &[Table::EcrRepositories, Table::Endpoints, Table::InferenceComponents],
        missing: "ScanNotFoundException",
        ..Spec::of(Table::EcrImageScans, List {
            // The counts are of all findings; the findings themselves are not kept.
            size: Some(("maxResults", 1)),
            token: "nextToken",
            per: Some(images_that_serve),
            absent: &["ScanNotFoundException", "ImageNotFoundException", "RepositoryNotFoundException"],
            ..List::of(read!("ecr", "DescribeImageScanFindings"), "")
        })
    }
}

macro_rules! arns_of {
    ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
        fn arns(region: &Region) -> impl Iterator<Item = &str> {
            let none = std::iter::empty::<&str>();
            $( let none = none.chain(region.$key.iter().map(|one| one.arn.as_str())); )*
            none
        }
    };
}
with_records!(arns_of);

/// The account whose resources these are. Work teams of vendors lie in the vendor's.
fn account(region: &Region) -> Option<&str> {
    let own = |arn: &Arn<'_>| arn.service == "sagemaker" && !arn.resource.starts_with("workteam/");
    arns(region).filter_map(Arn::parse).find(own).map(|arn| arn.account)
}

/// A question for each repository of the account and the region that a resource's image lies in: one name that is not there
/// refuses the whole question.
fn named(known: &Known<'_>) -> Listed<Value> {
    let (mut names, mut missing) = (BTreeSet::new(), None);
    let account = account(known.region);
    for reference in references(known.region).filter(|reference| reference.what == What::Image) {
        match reference.value {
            Ok(_) if account.is_none() => {
                let why = || Some(Gap::new(Reason::Failed, "no ARN tells whose account this is"));
                missing = missing.or_else(why);
            }
            Ok(image) => {
                let image = EcrImage::of(image).filter(|image| image.region == known.name);
                names.extend(image.filter(|image| Some(image.account) == account).map(|image| image.repository));
            }
            Err(gap) => missing = missing.or_else(|| Some(gap.clone())),
        }
    }
    Listed { items: names.into_iter().map(|name| json!({ "repositoryNames": [name] })).collect(), missing }
}

/// Up to 25 names a question (API reference, BatchGetRepositoryScanningConfiguration).
fn batches_of_repositories(known: &Known<'_>) -> Listed<Value> {
    let repositories = &known.region.ecr_repositories;
    let names: Vec<&str> = repositories.iter().map(|repository| repository.name.as_str()).collect();
    let items = names.chunks(25).map(|names| json!({ "repositoryNames": names })).collect();
    Listed { items, missing: repositories.missing.clone() }
}

pub(super) fn if_there_are_repositories(known: &Known<'_>) -> Listed<Value> {
    let repositories = &known.region.ecr_repositories;
    let items = if repositories.is_empty() { Vec::new() } else { vec![json!({})] };
    Listed { items, missing: repositories.missing.clone() }
}

/// The digests that endpoints and inference components run, in the account's own repositories.
fn images_that_serve(known: &Known<'_>) -> Listed<Value> {
    let region = known.region;
    let mut missing = region.ecr_repositories.missing.clone();
    let mut note = |gap: Option<&Gap>| missing = missing.take().or_else(|| gap.cloned());
    note(region.endpoints.missing.as_ref());
    note(region.inference_components.missing.as_ref());
    let mut served: Vec<&str> = Vec::new();
    for endpoint in region.endpoints.iter() {
        for variants in [&endpoint.variants, &endpoint.shadow_variants] {
            note(variants.gap());
            served
                .extend(variants.shown().into_iter().flatten().flat_map(|variant| &variant.images).map(String::as_str));
        }
    }
    for component in region.inference_components.iter() {
        note(component.specifications.gap());
        let specifications = component.specifications.shown().into_iter().flatten();
        served.extend(specifications.filter_map(|specification| specification.resolved_image.as_deref()));
    }
    let of_ours = |image: &EcrImage<'_>| {
        image.region == known.name && region.ecr_repositories.iter().any(|r| image.lies_in(&r.arn, &r.name))
    };
    let named: BTreeSet<(&str, &str)> = served
        .into_iter()
        .filter_map(EcrImage::of)
        .filter(of_ours)
        .filter_map(|image| Some((image.repository, image.digest?)))
        .collect();
    let question = |(name, digest)| json!({ "repositoryName": name, "imageId": { "imageDigest": digest } });
    Listed { items: named.into_iter().map(question).collect(), missing }
}
