//! The model registry: groups of model packages with their policies, packages, and model cards.

use jiff::Timestamp;
use sagescan_secrets::Secret;
use serde_json::{Value, json};

use super::models::Artifacts;
use super::secrets::PackageEnvironment;
use crate::read;
use crate::snapshot::record::{part, record};
use crate::snapshot::wire::{AllNone, Every, Form, Present, look};
use crate::snapshot::{Ask, List, Search, Seen, Spec, Table};

/// A group without a policy answers so ("Cannot find resource policy"); the service model declares no error at all.
const GROUP_POLICY: Ask = Ask {
    absent: &["ValidationException"],
    ..Ask::of(read!("sagemaker", "GetModelPackageGroupPolicy"), &[("ModelPackageGroupName", "ModelPackageGroupName")])
};

record! {
    /// A group of model packages: one model of the registry.
    pub struct ModelPackageGroup in model_package_groups {
        name: String = "ModelPackageGroupName",
        arn: String = "ModelPackageGroupArn",
        status: Seen<String> = "ModelPackageGroupStatus",
        created: Seen<Timestamp> = "CreationTime",
        /// `Restricted` where SageMaker keeps the artifacts itself.
        managed_storage: Seen<String> = "ManagedConfiguration.ManagedStorageType",
    }
    also {
        /// The resource policy as it stands; none is unset.
        policy: Seen<String> = GROUP_POLICY, "ResourcePolicy";
    }
    with tags
    by Spec {
        arn: "ModelPackageGroupArn",
        resource: "model-package-group/{ModelPackageGroupName}",
        summary: &[
            "ModelPackageGroupName", "ModelPackageGroupArn", "ModelPackageGroupStatus", "CreationTime",
            "ManagedConfiguration",
        ],
        ..Spec::of(Table::ModelPackageGroups, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListModelPackageGroups"), "ModelPackageGroupSummaryList")
        })
    }
}

part! {
    /// A container of a model package.
    pub struct PackageContainer {
        image: Option<String> = "Image" => Image,
        /// What the image was when it was registered.
        digest: Option<String> = "ImageDigest",
        /// `ModelDataUrl` and `ModelDataSource.S3DataSource.S3Uri`.
        data: Vec<String> = "" as Artifacts => Data,
        /// The product of AWS Marketplace that it is.
        product: Option<String> = "ProductId",
    }
}

record! {
    /// A model package: one version of a group, or one that stands alone.
    pub struct ModelPackage in model_packages {
        /// Not unique among versions: findings go by the end of the ARN.
        name: String = "ModelPackageName",
        arn: String = "ModelPackageArn",
        status: Seen<String> = "ModelPackageStatus",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        group: Seen<String> = "ModelPackageGroupName",
        version: Seen<i64> = "ModelPackageVersion",
        /// `Approved`, `Rejected`, `PendingManualApproval`.
        approval: Seen<String> = "ModelApprovalStatus",
        /// `Registered`, or `Logged` for what MLflow logs.
        registration: Seen<String> = "ModelPackageRegistrationType",
        key: Seen<String> = "SecurityConfig.KmsKeyId" => Key,
        containers: Seen<Vec<PackageContainer>> = "InferenceSpecification.Containers" as Every => Image & Data,
        /// Secrets found in the containers' `Environment`, those of additional specifications too.
        environment_secrets: Seen<Vec<Secret>> = "" as PackageEnvironment,
        validation_role: Seen<String> = "ValidationSpecification.ValidationRole" => Role,
        /// `NotStarted`, `InProgress`, `Completed`, `Failed`.
        image_scans: Seen<Vec<String>> = "ModelPackageStatusDetails.ImageScanStatuses[].Status" as Every,
        /// `NotStarted`, `InProgress`, `Completed`, `Failed`.
        validations: Seen<Vec<String>> = "ModelPackageStatusDetails.ValidationStatuses[].Status" as Every,
        /// `All` is true.
        skips_validation: Seen<bool> = "SkipModelValidation" as AllNone,
        marketplace: Seen<bool> = "CertifyForMarketplace",
        stage: Seen<String> = "ModelLifeCycle.Stage",
        /// `Draft`, `PendingReview`, `Approved`, `Archived`.
        card_status: Seen<String> = "ModelCard.ModelCardStatus",
        /// Whether it is there.
        bias_report: Seen<bool> = "ModelMetrics.Bias.Report" as Present,
        /// Whether it is there.
        pretraining_bias_report: Seen<bool> = "ModelMetrics.Bias.PreTrainingReport" as Present,
        /// Whether it is there.
        bias_baseline: Seen<bool> = "DriftCheckBaselines.Bias.ConfigFile" as Present,
        /// Whether it is there.
        explainability_report: Seen<bool> = "ModelMetrics.Explainability.Report" as Present,
        /// Whether `CreatedBy` and `LastModifiedBy` tell of one identity; unset where one of them tells of none.
        same_author: Seen<bool> = "" as SameAuthor,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeModelPackage"),
            // Without its card's content, which would take kms:Decrypt (API reference, `IncludedData`).
            &[("ModelPackageName", "ModelPackageArn"), ("IncludedData", "=MetadataOnly")],
        )),
        search: Some(Search::of("ModelPackage", "ModelPackage")),
        arn: "ModelPackageArn",
        resource: "model-package/{ModelPackageName}",
        summary: &[
            "ModelPackageName", "ModelPackageGroupName", "ModelPackageVersion", "ModelPackageArn", "CreationTime",
            "ModelPackageStatus", "ModelApprovalStatus", "ModelLifeCycle", "ModelPackageRegistrationType",
        ],
        required: r#"{
            "InferenceSpecification?": {"Containers": [{"ModelDataSource?": {"S3DataSource?": {
                "S3DataType": "S3Prefix", "CompressionType": "None"}}}]},
            "AdditionalInferenceSpecifications?": [{"Name": "additional"}],
            "ValidationSpecification?": {"ValidationProfiles": []},
            "ModelPackageStatusDetails": {
                "ValidationStatuses": [{"Name": "validation"}],
                "ImageScanStatuses?": [{"Name": "scan"}]
            },
            "ModelLifeCycle?": {"StageStatus": "Approved"},
            "ModelMetrics?": {
                "Bias?": {
                    "Report?": {"ContentType": "application/json", "S3Uri": "s3://reports/bias.json"},
                    "PreTrainingReport?": {"ContentType": "application/json", "S3Uri": "s3://reports/bias-before.json"}
                },
                "Explainability?": {"Report?": {"ContentType": "application/json", "S3Uri": "s3://reports/why.json"}}
            },
            "DriftCheckBaselines?": {"Bias?": {"ConfigFile?": {"S3Uri": "s3://reports/bias-config.json"}}}
        }"#,
        ..Spec::of(Table::ModelPackages, List {
            newest_first: true,
            // Without it, only those that belong to no group.
            with: r#"{"ModelPackageType": "Both"}"#,
            ..List::of(read!("sagemaker", "ListModelPackages"), "ModelPackageSummaryList")
        })
    }
}

record! {
    /// A model card, without its content.
    pub struct ModelCard in model_cards {
        name: String = "ModelCardName",
        arn: String = "ModelCardArn",
        /// `Draft`, `PendingReview`, `Approved`, `Archived`.
        status: Seen<String> = "ModelCardStatus",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        key: Seen<String> = "SecurityConfig.KmsKeyId" => Key,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeModelCard"),
            // Without its content, which would take kms:Decrypt.
            &[("ModelCardName", "ModelCardName"), ("IncludedData", "=MetadataOnly")],
        )),
        search: Some(Search::of("ModelCard", "ModelCard")),
        arn: "ModelCardArn",
        resource: "model-card/{ModelCardName}",
        summary: &["ModelCardName", "ModelCardArn", "ModelCardStatus", "CreationTime", "LastModifiedTime"],
        required: r#"{"ModelCardVersion": 1, "Content": "{}", "CreatedBy": {}}"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::ModelCards, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListModelCards"), "ModelCardSummaries")
        })
    }
}

/// Whether the same identity made something and changed it last; who it is stays behind.
#[derive(Debug)]
struct SameAuthor;

impl Form<bool> for SameAuthor {
    fn read(value: &Value) -> Result<Option<bool>, String> {
        // People who share a role differ by their profile.
        let who = |context: &str| {
            let part = |path: &str| {
                let path = format!("{context}.{path}");
                look(value, &path).and_then(|text| Some(text.as_str()?.to_owned())).filter(|text| !text.is_empty())
            };
            let identity = part("IamIdentity.Arn").or_else(|| part("IamIdentity.PrincipalId"));
            let who = (part("UserProfileArn"), identity);
            (who != (None, None)).then_some(who)
        };
        Ok(who("CreatedBy").zip(who("LastModifiedBy")).map(|(made, changed)| made == changed))
    }
    fn write(value: &bool) -> Value {
        let who = |principal: &str| json!({ "IamIdentity": { "PrincipalId": principal } });
        json!({ "CreatedBy": who("one"), "LastModifiedBy": who(if *value { "one" } else { "another" }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_the_same_only_where_both_are_known() {
        let person = |profile: &str| json!({ "UserProfileArn": profile, "IamIdentity": { "Arn": "role" } });
        let read = |value: Value| SameAuthor::read(&value).unwrap();
        assert_eq!(read(json!({ "CreatedBy": person("a"), "LastModifiedBy": person("a") })), Some(true));
        assert_eq!(read(json!({ "CreatedBy": person("a"), "LastModifiedBy": person("b") })), Some(false));
        assert_eq!(read(json!({ "CreatedBy": person("a") })), None);
        assert_eq!(read(json!({ "CreatedBy": {}, "LastModifiedBy": {} })), None);
        assert_eq!(read(SameAuthor::write(&true)), Some(true));
        assert_eq!(read(SameAuthor::write(&false)), Some(false));
    }
}
