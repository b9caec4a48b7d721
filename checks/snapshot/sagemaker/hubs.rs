//! Hubs and what lies in them, and projects.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::read;
use crate::snapshot::record::record;
use crate::snapshot::wire::Every;
use crate::snapshot::{Ask, Known, List, Listed, Search, Seen, Spec, Table};

record! {
    /// A hub of models.
    pub struct Hub in hubs {
        name: String = "HubName",
        arn: String = "HubArn",
        status: Seen<String> = "HubStatus",
        created: Seen<Timestamp> = "CreationTime",
        modified: Seen<Timestamp> = "LastModifiedTime",
        storage: Seen<String> = "S3StorageConfig.S3OutputPath" => Data,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeHub"), &[("HubName", "HubName")])),
        arn: "HubArn",
        resource: "hub/{HubName}",
        summary: &["HubName", "HubArn", "HubStatus", "CreationTime", "LastModifiedTime"],
        required: r#"{"LastModifiedTime": 1761955200}"#,
        missing: "ResourceNotFound",
        ..Spec::of(Table::Hubs, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListHubs"), "HubSummaries")
        })
    }
}

record! {
    /// What lies in a hub: a model, a notebook, or a reference to a model of the public hub.
    pub struct HubContent in hub_contents {
        /// Findings go by the end of the ARN, which tells hub, type and version too.
        name: String = "HubContentName",
        arn: String = "HubContentArn",
        status: Seen<String> = "HubContentStatus",
        created: Seen<Timestamp> = "CreationTime",
        hub: String = "HubName",
        /// `Model`, `Notebook`, `ModelReference`, `DataSet`, `JsonDoc`.
        kind: String = "HubContentType",
        version: Seen<String> = "HubContentVersion",
        /// `Supported`, `Deprecated`, `Restricted`.
        support: Seen<String> = "SupportStatus",
        /// What a reference stands for.
        public_content: Seen<String> = "SageMakerPublicHubContentArn",
        /// The oldest version that a reference lets pass.
        minimum_version: Seen<String> = "ReferenceMinVersion",
        /// Where its scripts and artifacts come from.
        dependencies: Seen<Vec<String>> = "HubContentDependencies[].DependencyOriginPath" as Every => Data,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(
            read!("sagemaker", "DescribeHubContent"),
            &[("HubName", "HubName"), ("HubContentType", "HubContentType"), ("HubContentName", "HubContentName")],
        )),
        search: Some(Search::of("HubContent", "HubContent")),
        arn: "HubContentArn",
        resource: "hub-content/{HubName}/{HubContentType}/{HubContentName}",
        summary: &[
            "HubContentName", "HubContentArn", "HubContentVersion", "HubContentType", "DocumentSchemaVersion",
            "HubContentStatus", "CreationTime", "SupportStatus", "SageMakerPublicHubContentArn",
        ],
        required: r#"{
            "HubArn": "arn", "HubContentVersion": "1.0.0", "DocumentSchemaVersion": "2.0.0", "HubContentDocument": "{}"
        }"#,
        missing: "ResourceNotFound",
        needs: &[Table::Hubs],
        ..Spec::of(Table::HubContents, List {
            newest_first: true,
            per: Some(hubs),
            // The hub went away after it was listed.
            absent: &["ResourceNotFound"],
            ..List::of(read!("sagemaker", "ListHubContents"), "HubContentSummaries")
        })
    }
}

/// Each hub of the account with each type of content: AWS lists one type at a time. What lies in the public hub, whose
/// ARN has no account, is AWS's own.
fn hubs(known: &Known<'_>) -> Listed<Value> {
    let mut items = Vec::new();
    for hub in known.region.hubs.iter() {
        if hub.arn.split(':').nth(4) != Some("aws") {
            for kind in ["Model", "Notebook", "ModelReference", "DataSet", "JsonDoc"] {
                items.push(json!({ "HubName": hub.name, "HubContentType": kind }));
            }
        }
    }
    Listed { items, missing: known.region.hubs.missing.clone() }
}

record! {
    /// A project: repositories and pipelines made from a template.
    pub struct Project in projects {
        name: String = "ProjectName",
        arn: String = "ProjectArn",
        status: Seen<String> = "ProjectStatus",
        created: Seen<Timestamp> = "CreationTime",
        id: Seen<String> = "ProjectId",
        /// The Service Catalog product that it was made from.
        product: Seen<String> = "ServiceCatalogProvisioningDetails.ProductId",
        provisioned_product: Seen<String> = "ServiceCatalogProvisionedProductDetails.ProvisionedProductId",
        /// The roles that CloudFormation makes it with, where it was made from a template instead.
        template_roles: Seen<Vec<String>> =
            "TemplateProviderDetails[].CfnTemplateProviderDetail.RoleARN" as Every,
    }
    with tags
    by Spec {
        describe: Some(Ask::of(read!("sagemaker", "DescribeProject"), &[("ProjectName", "ProjectName")])),
        search: Some(Search::of("Project", "Project")),
        arn: "ProjectArn",
        resource: "project/{ProjectName}",
        summary: &["ProjectName", "ProjectArn", "ProjectId", "CreationTime", "ProjectStatus"],
        required: r#"{
            "ProjectId": "p-0123456789ab",
            "TemplateProviderDetails?": [{"CfnTemplateProviderDetail?": {
                "TemplateName": "template", "TemplateURL": "https://templates.example.com/template.yaml"}}]
        }"#,
        ..Spec::of(Table::Projects, List {
            newest_first: true,
            ..List::of(read!("sagemaker", "ListProjects"), "ProjectSummaryList")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Region;

    #[test]
    fn contents_are_listed_in_the_hubs_of_the_account_only() {
        let hub = |name: &str, account: &str| Hub {
            name: name.to_owned(),
            arn: format!("arn:aws:sagemaker:us-east-1:{account}:hub/{name}"),
            ..Hub::default()
        };
        let (mut region, account, regions) = Default::default();
        let asked = |region: &Region| hubs(&Known { name: "us-east-1", region, account: &account, regions: &regions });
        assert!(asked(&region).all().is_err());
        region.hubs = Listed::complete(vec![hub("private", "111122223333"), hub("SageMakerPublicHub", "aws")]);
        let asked = asked(&region);
        assert_eq!(asked.all().unwrap().len(), 5);
        assert!(asked.iter().all(|parameters| parameters["HubName"] == "private"));
    }
}
