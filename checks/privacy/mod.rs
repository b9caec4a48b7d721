//! Privacy and compliance: whose data it is, and who else can see it.

section! { Privacy:
    s3_ml_bucket_not_public::S3MlBucketNotPublic,
    path_public_or_foreign_data_to_production::PathPublicOrForeignDataToProduction,
    path_pii_bucket_to_open_notebook::PathPiiBucketToOpenNotebook,
    path_cmk_undermined_by_key_policy::PathCmkUnderminedByKeyPolicy,
    s3_account_public_access_block::S3AccountPublicAccessBlock,
    notebook_idle_stopped::NotebookIdleStopped,
    resource_tags_classification::ResourceTagsClassification,
    macie_covers_ml_buckets::MacieCoversMlBuckets,
    ai_services_opt_out::AiServicesOptOut,
    macie_enabled::MacieEnabled,
    log_groups_data_protection_policy::LogGroupsDataProtectionPolicy,
    domain_orphaned_efs::DomainOrphanedEfs,
    s3_ml_bucket_lifecycle::S3MlBucketLifecycle,
    s3_ml_bucket_acl_disabled::S3MlBucketAclDisabled,
    s3_ml_bucket_no_foreign_access::S3MlBucketNoForeignAccess,
    lineage_tracked::LineageTracked,
    audit_evidence_collected::AuditEvidenceCollected,
}
