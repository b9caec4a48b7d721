//! Glue and Athena: the catalog that describes offline feature stores, and the workgroups that query it.

use serde_json::{Value, json};

use super::record::record;
use super::{Ask, Gap, Known, List, Listed, Region, Seen, Spec, Table};
use crate::read;

record! {
    /// How the Glue catalog of a region encrypts what it holds (GetDataCatalogEncryptionSettings), where feature groups
    /// have tables in it.
    pub struct CatalogEncryption in catalog_encryption {
        /// `DISABLED`, `SSE-KMS` or `SSE-KMS-WITH-SERVICE-ROLE`
        mode: Seen<String> = "DataCatalogEncryptionSettings.EncryptionAtRest.CatalogEncryptionMode",
        key: Seen<String> = "DataCatalogEncryptionSettings.EncryptionAtRest.SseAwsKmsKeyId" => Key,
    }
    by Spec {
        created: "",
        summary: &["DataCatalogEncryptionSettings"],
        needs: &[Table::FeatureGroups],
        ..Spec::of(Table::CatalogEncryption, List {
            size: None,
            per: Some(if_feature_groups_are_catalogued),
            ..List::of(read!("glue", "GetDataCatalogEncryptionSettings"), "")
        })
    }
}

record! {
    /// A workgroup of Athena that queries feature stores or makes data sets for processing jobs.
    pub struct AthenaWorkgroup in athena_workgroups {
        name: String = "WorkGroup.Name" | "Name",
        /// `ENABLED` or `DISABLED`
        status: Seen<String> = "WorkGroup.State" | "State",
        /// `SSE_S3`, `SSE_KMS` or `CSE_KMS`; not set where whoever asks says how results are encrypted.
        encryption: Seen<String> =
            "WorkGroup.Configuration.ResultConfiguration.EncryptionConfiguration.EncryptionOption",
        key: Seen<String> = "WorkGroup.Configuration.ResultConfiguration.EncryptionConfiguration.KmsKey" => Key,
        /// Whether its settings hold against those of whoever asks.
        enforced: Seen<bool> = "WorkGroup.Configuration.EnforceWorkGroupConfiguration",
        /// Whether Athena keeps the results itself, always encrypted.
        managed_results: Seen<bool> = "WorkGroup.Configuration.ManagedQueryResultsConfiguration.Enabled",
    }
    by Spec {
        describe: Some(Ask::of(read!("athena", "GetWorkGroup"), &[("WorkGroup", "Name")])),
        created: "",
        resource: "workgroup/{WorkGroup}",
        summary: &["Name=WorkGroup.Name", "State=WorkGroup.State"],
        required: r#"{
            "WorkGroup": {"Configuration?": {
                "ResultConfiguration?": {"EncryptionConfiguration?": {"EncryptionOption": "SSE_S3"}},
                "ManagedQueryResultsConfiguration?": {"Enabled": false}
            }}
        }"#,
        missing: "InvalidRequestException",
        needs: &[Table::FeatureGroups, Table::ProcessingJobs],
        ..Spec::of(Table::AthenaWorkgroups, List {
            size: Some(("MaxResults", 50)),
            per: Some(if_any_is_named),
            keep: Some(is_named),
            ..List::of(read!("athena", "ListWorkGroups"), "WorkGroups")
        })
    }
}

/// Where queries of Athena go that name no workgroup, those of SageMaker's SDK for feature stores among them (Athena
/// user guide, "How workgroups work").
pub const PRIMARY: &str = "primary";

/// Whether some feature group has a table in the catalog, as far as was seen, and why there may be one.
fn catalogued(region: &Region) -> (bool, Option<&Gap>) {
    let groups = &region.feature_groups;
    let unseen = groups.iter().find_map(|group| group.catalog_database.gap());
    (groups.iter().any(|group| group.catalog_database.shown().is_some()), groups.missing.as_ref().or(unseen))
}

fn if_feature_groups_are_catalogued(known: &Known<'_>) -> Listed<Value> {
    let (yes, gap) = catalogued(known.region);
    Listed { items: if yes { vec![json!({})] } else { Vec::new() }, missing: gap.filter(|_| !yes).cloned() }
}

/// The workgroups that are named, or meant where none is named, and why there may be more.
fn named(region: &Region) -> (Vec<&str>, Option<&Gap>) {
    let (yes, gap) = catalogued(region);
    let mut names = if yes { vec![PRIMARY] } else { Vec::new() };
    let jobs = &region.processing_jobs;
    let queries = jobs.iter().filter_map(|job| job.dataset_queries.shown()).flatten();
    names.extend(
        queries.filter_map(|query| query.athena.as_ref()).map(|query| query.workgroup.as_deref().unwrap_or(PRIMARY)),
    );
    let unseen = jobs.iter().find_map(|job| job.dataset_queries.gap());
    (names, gap.or(jobs.missing.as_ref()).or(unseen))
}

fn if_any_is_named(known: &Known<'_>) -> Listed<Value> {
    let (names, gap) = named(known.region);
    Listed { items: if names.is_empty() { Vec::new() } else { vec![json!({})] }, missing: gap.cloned() }
}

fn is_named(known: &Known<'_>, summary: &Value) -> bool {
    summary.get("Name").and_then(Value::as_str).is_some_and(|name| named(known.region).0.contains(&name))
}
