//! AWS Audit Manager: whether somebody collects evidence.

use serde_json::{Value, json};

use super::record::record;
use super::{Known, List, Listed, Seen, Spec, Table};
use crate::read;

record! {
    /// Audit Manager of a region (GetAccountStatus).
    pub struct AuditManager in audit_manager {
        /// `ACTIVE`, `INACTIVE` or `PENDING_ACTIVATION`
        status: Seen<String> = "status",
    }
    by Spec {
        created: "",
        summary: &["status"],
        ..Spec::of(Table::AuditManager, List {
            size: None,
            ..List::of(read!("auditmanager", "GetAccountStatus"), "")
        })
    }
}

record! {
    /// An assessment of Audit Manager: evidence collected for one framework.
    pub struct AuditAssessment in audit_assessments {
        id: String = "id",
        /// What it collects evidence for, as its framework puts it.
        framework: Seen<String> = "complianceType",
        /// `ACTIVE` or `INACTIVE`
        status: Seen<String> = "status",
    }
    by Spec {
        created: "",
        summary: &["id", "complianceType", "status"],
        needs: &[Table::AuditManager],
        ..Spec::of(Table::AuditAssessments, List {
            size: Some(("maxResults", 1000)),
            token: "nextToken",
            per: Some(where_it_is_active),
            ..List::of(read!("auditmanager", "ListAssessments"), "assessmentMetadata")
        })
    }
}

/// Audit Manager refuses to list where nobody signed up for it.
fn where_it_is_active(known: &Known<'_>) -> Listed<Value> {
    let table = &known.region.audit_manager;
    let off = |status: &Seen<String>| status.shown().is_some_and(|status| status != "ACTIVE");
    let items = table.iter().filter(|manager| !off(&manager.status)).map(|_| json!({})).collect();
    Listed { items, missing: table.missing.clone() }
}
