//! Feature groups.

use jiff::Timestamp;

use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::Present;
use crate::snapshot::{Ask, List, Search, Seen, Spec, Table};

record! {
    /// A feature group.
    pub struct FeatureGroup in feature_groups {
        name: String = "FeatureGroupName",
        arn: String = "FeatureGroupArn",
        /// `Creating`, `Created`, `CreateFailed`, `Deleting`, `DeleteFailed`.
        status: Seen<String> = "FeatureGroupStatus",
        created: Seen<Timestamp> = "CreationTime",
        role: Seen<String> = "RoleArn" => Role,
        online: Seen<bool> = "OnlineStoreConfig.EnableOnlineStore",
        online_key: Seen<String> = "OnlineStoreConfig.SecurityConfig.KmsKeyId" => Key,
        /// `Standard`, `Standard_V2`, `InMemory`.
        online_storage: Seen<String> = "OnlineStoreConfig.StorageType",
        /// How long records live, in `ttl_unit`.
        ttl: Seen<i64> = "OnlineStoreConfig.TtlDuration.Value",
        /// `Seconds`, `Minutes`, `Hours`, `Days`, `Weeks`.
        ttl_unit: Seen<String> = "OnlineStoreConfig.TtlDuration.Unit",
        /// Whether it is there.
        offline: Seen<bool> = "OfflineStoreConfig" as Present,
        offline_path: Seen<String> = "OfflineStoreConfig.S3StorageConfig.S3Uri" => Data,
        /// Where SageMaker writes below `offline_path`.
        offline_resolved_path: Seen<String> = "OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri" => Data,
        offline_key: Seen<String> = "OfflineStoreConfig.S3StorageConfig.KmsKeyId" => Key,
        /// The Glue database.
        catalog_database: Seen<String> = "OfflineStoreConfig.DataCatalogConfig.Database",
        /// `Active`, `Blocked`, `Disabled`.
        offline_status: Seen<String> = "OfflineStoreStatus.Status",
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeFeatureGroup"), &[("FeatureGroupName", "FeatureGroupName")])),
        search: Some(Search { lacks: &["NextToken"], ..Search::of("FeatureGroup", "FeatureGroup") }),
        arn: "FeatureGroupArn",
        resource: "feature-group/{FeatureGroupName}",
        summary: &["FeatureGroupName", "FeatureGroupArn", "FeatureGroupStatus", "CreationTime", "OfflineStoreStatus"],
        required: r#"{
            "RecordIdentifierFeatureName": "id",
            "EventTimeFeatureName": "time",
            "FeatureDefinitions": [],
            "NextToken": "",
            "OfflineStoreConfig?": {
                "S3StorageConfig": {"S3Uri": "s3://features/offline"},
                "DataCatalogConfig?": {"TableName": "features", "Catalog": "AwsDataCatalog"}
            }
        }"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::FeatureGroups, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListFeatureGroups"), "FeatureGroupSummaries")
        })
    }
}
