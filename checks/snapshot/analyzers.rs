//! IAM Access Analyzer: who looks for access from outside, and what was found.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::record;
use super::wire::Iso;
use super::{Gap, Known, List, Listed, Reason, Seen, Spec, Table, Unseen};
use crate::read;

record! {
    /// An analyzer of the account (ListAnalyzers). One that looks over a whole organization lies in the management account
    /// or with a delegated administrator; other members do not see it.
    pub struct Analyzer in analyzers {
        name: String = "name",
        arn: String = "arn",
        /// `ACCOUNT` and `ORGANIZATION` look for access from outside of either; `…_UNUSED_ACCESS` and `…_INTERNAL_ACCESS`
        /// for other things
        scope: Seen<String> = "type",
        /// `ACTIVE`, `CREATING`, `DISABLED` or `FAILED`
        status: Seen<String> = "status",
        created: Seen<Timestamp> = "createdAt" as Iso,
    }
    by Spec {
        arn: "arn",
        created: "createdAt",
        summary: &["name", "arn", "type", "status", "createdAt"],
        missing: "ResourceNotFoundException",
        ..Spec::of(Table::Analyzers, List {
            size: Some(("maxResults", 100)),
            token: "nextToken",
            ..List::of(read!("access-analyzer", "ListAnalyzers"), "analyzers")
        })
    }
}

record! {
    /// A resource of the account that somebody outside can reach, as an analyzer sees it (ListFindingsV2). Only active
    /// findings are asked for, and only on types of resources that SageMaker resources name.
    pub struct AnalyzerFinding in analyzer_findings {
        id: String = "id",
        /// The ARN of the analyzer.
        analyzer: String = "analyzerArn",
        /// The ARN of the resource.
        target: Seen<String> = "resource",
        /// `AWS::S3::Bucket`, `AWS::IAM::Role`, …
        target_type: Seen<String> = "resourceType",
        /// `ACTIVE`, `ARCHIVED` or `RESOLVED`
        status: Seen<String> = "status",
        /// Why the resource could not be analyzed.
        error: Seen<String> = "error",
        created: Seen<Timestamp> = "createdAt" as Iso,
    }
    by Spec {
        created: "createdAt",
        summary: &[
            "id", "resource", "resourceType", "status", "error", "createdAt", "analyzedAt", "updatedAt",
            "resourceOwnerAccount",
        ],
        required: r#"{
            "analyzedAt": "2026-11-01T12:00:00Z", "updatedAt": "2026-11-01T12:00:00Z",
            "resourceOwnerAccount": "111122223333"
        }"#,
        missing: "ResourceNotFoundException",
        needs: &[Table::Analyzers],
        ..Spec::of(Table::AnalyzerFindings, List {
            size: Some(("maxResults", 100)),
            token: "nextToken",
            per: Some(of_analyzers),
            ..List::of(read!("access-analyzer", "ListFindingsV2", "access-analyzer:ListFindings"), "findings")
        })
    }
}

impl Analyzer {
    /// Whether it looks for access from outside.
    ///
    /// # Errors
    /// Where its type was not seen, or is a word of the future.
    pub fn looks_outside(&self) -> Result<bool, Unseen> {
        match self.scope.known("type")?.as_str() {
            "ACCOUNT" | "ORGANIZATION" => Ok(true),
            other if other.ends_with("_UNUSED_ACCESS") || other.ends_with("_INTERNAL_ACCESS") => Ok(false),
            other => {
                let why = format!("what an analyzer of type {other} looks for is not known");
                Err(Unseen(Gap::new(Reason::Unrecognised, why)))
            }
        }
    }
}

/// Types of resources that SageMaker resources name and analyzers look at.
const TYPES: &[&str] =
    &["AWS::S3::Bucket", "AWS::IAM::Role", "AWS::KMS::Key", "AWS::ECR::Repository", "AWS::EFS::FileSystem"];

/// A question for each analyzer that looks for access from outside, about the resources of its own account.
fn of_analyzers(known: &Known<'_>) -> Listed<Value> {
    let mut missing = known.region.analyzers.missing.clone();
    let mut items = Vec::new();
    for analyzer in known.region.analyzers.iter() {
        match analyzer.looks_outside() {
            Ok(true) => {}
            Ok(false) => continue,
            Err(Unseen(gap)) => {
                missing = missing.or(Some(gap));
                continue;
            }
        }
        let mut filter = json!({ "status": { "eq": ["ACTIVE"] }, "resourceType": { "eq": TYPES } });
        // An analyzer of an organization tells of all its accounts; its ARN names the one that it lies in.
        if let Some(account) = analyzer.arn.split(':').nth(4) {
            filter["resourceOwnerAccount"] = json!({ "eq": [account] });
        }
        items.push(json!({ "analyzerArn": analyzer.arn, "filter": filter }));
    }
    Listed { items, missing }
}
