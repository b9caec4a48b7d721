use std::collections::BTreeSet;

use sagescan_policy::{Document, Effect, Element, Principal, admissions};

use crate::aws::buckets::is_of_sagemaker;
use crate::engine::Fence;
use crate::prelude::*;

pub(super) struct S3MlBucketNoForeignAccess;

impl Check for S3MlBucketNoForeignAccess {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-no-foreign-access",
        title: "Bucket policies let no other account at the data of SageMaker",
        severity: Severity::High,
        reads: &[Table::Buckets, Table::PublicAccessBlock],
        practices: &["REST-4"],
        page: include_str!("s3_ml_bucket_no_foreign_access.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        let Some(text) = bucket.policy.get()? else {
            return Ok(pass("it has no bucket policy that could let anybody in"));
        };
        let policy = Document::parse_or_doubt("the bucket policy", text);
        let is_ours = |account: &str| account == here.account();
        let (mut foreign, mut organizations) = (BTreeSet::new(), BTreeSet::new());
        let (mut everyone, mut doubt) = (None, None);
        for statement in policy.statements().iter().filter(|s| s.effect != Effect::Deny) {
            if let Some(flaw) = &statement.flaw {
                doubt = doubt.or_else(|| Some(flaw.to_string()));
            } else if matches!(statement.principals, Element::Unstated) {
                doubt = doubt.or_else(|| Some("a statement names no principal".to_owned()));
            }
        }
        let certain =
            |a: &sagescan_policy::Admission<'_>| a.statement.effect == Effect::Allow && a.statement.flaw.is_none();
        for admission in admissions(&policy, "s3:*").into_iter().filter(certain) {
            let statement = admission.statement.index + 1;
            match (admission.who, admission.who.account()) {
                (Principal::Everyone, _) => match Fence::around(admission.conditions(), is_ours) {
                    Fence::None => everyone = everyone.or(Some(statement)),
                    Fence::Accounts(accounts) => foreign.extend(accounts.into_iter().map(|a| (a, statement))),
                    Fence::Organizations(ids) => organizations.extend(ids),
                    Fence::Ours => {}
                },
                (Principal::Canonical(id), _) => {
                    doubt =
                        doubt.or_else(|| Some(format!("it names canonical user {id}, whose account cannot be told")));
                }
                (Principal::Unusable(who), _) => {
                    doubt = doubt.or_else(|| Some(format!("it names {who}, which is no principal")));
                }
                (_, Some(account)) if !is_ours(account) => {
                    foreign.insert((account.to_owned(), statement));
                }
                _ => {}
            }
        }
        if let Some((_, statement)) = foreign.first() {
            let (statement, accounts) = (*statement, foreign.iter().map(|(account, _)| account.as_str()));
            let accounts: BTreeSet<&str> = accounts.collect();
            let accounts: Vec<&str> = accounts.into_iter().collect();
            let says = format!("its policy lets in other accounts: {}", accounts.join(", "));
            return Ok(fail(says).with("foreign_accounts", accounts).with("statement", statement));
        }
        if let Some(statement) = everyone {
            if restricted(bucket, here)? {
                return Ok(pass("its policy is for everyone, and the public access block leaves only this account"));
            }
            let says = "its policy lets in everyone, other accounts included";
            return Ok(fail(says).with("statement", statement));
        }
        if let Some(doubt) = doubt {
            return Err(unclear(format!("the bucket policy cannot be read with certainty: {doubt}")));
        }
        if !organizations.is_empty() {
            let ids: Vec<String> = organizations.into_iter().collect();
            let says = format!("its policy lets in every account of an organization: {}", ids.join(", "));
            return Ok(fail(says).severity(Severity::Medium).with("organizations", ids));
        }
        Ok(pass("its policy lets in nobody but this account and services of AWS"))
    }
}

/// Whether a policy for everyone leaves only the account itself (`RestrictPublicBuckets`, of the bucket or the account).
fn restricted(bucket: &Bucket, here: &Here<'_>) -> Result<bool, Unseen> {
    let account = &here.world.snapshot.account.public_access_block;
    match (account.get(), bucket.public_access_block.get()) {
        (Ok(Some(block)), _) | (_, Ok(Some(block))) if block.restrict_buckets => Ok(true),
        (Err(unseen), _) | (_, Err(unseen)) => Err(unseen),
        _ => Ok(false),
    }
}
