//! Amazon Inspector: whether it looks for vulnerabilities in images.

use super::ecr::if_there_are_repositories;
use super::record::record;
use super::{List, Seen, Spec, Table};
use crate::read;

record! {
    /// What Inspector does for the account in a region in which SageMaker runs images of the account's own
    /// (BatchGetAccountStatus).
    pub struct InspectorStatus in inspector {
        /// The id of the account.
        name: String = "accountId",
        /// `ENABLED`, `ENABLING`, `DISABLED`, `DISABLING`, `SUSPENDED` or `SUSPENDING`
        status: Seen<String> = "state.status",
        /// The same, for images in ECR
        ecr: Seen<String> = "resourceState.ecr.status",
        /// The same, for Lambda functions
        lambda: Seen<String> = "resourceState.lambda.status",
    }
    by Spec {
        created: "",
        summary: &["accountId", "state", "resourceState"],
        required: r#"{
            "state": {"status": "DISABLED", "errorCode": "RESOURCE_NOT_FOUND", "errorMessage": "none"},
            "resourceState": {
                "ec2": {"status": "DISABLED", "errorCode": "RESOURCE_NOT_FOUND", "errorMessage": "none"},
                "ecr": {"status": "DISABLED", "errorCode": "RESOURCE_NOT_FOUND", "errorMessage": "none"},
                "lambda?": {"errorCode": "RESOURCE_NOT_FOUND", "errorMessage": "none"}
            }
        }"#,
        needs: &[Table::EcrRepositories],
        ..Spec::of(Table::Inspector, List {
            size: None,
            // Without ids, the account that asks.
            per: Some(if_there_are_repositories),
            ..List::of(read!("inspector2", "BatchGetAccountStatus"), "accounts")
        })
    }
}
