use crate::prelude::*;

pub(super) struct S3AccountPublicAccessBlock;

impl Check for S3AccountPublicAccessBlock {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "s3-account-public-access-block",
        title: "The account blocks public access to all buckets",
        severity: Severity::High,
        reads: &[Table::PublicAccessBlock],
        practices: &["REST-4"],
        page: include_str!("s3_account_public_access_block.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, account: &Account, _here: &Here<'_>) -> Judged {
        let Some(block) = account.public_access_block.get()? else {
            return Ok(fail("public access is not blocked at account level at all"));
        };
        let settings = [
            ("BlockPublicAcls", block.block_acls),
            ("IgnorePublicAcls", block.ignore_acls),
            ("BlockPublicPolicy", block.block_policy),
            ("RestrictPublicBuckets", block.restrict_buckets),
        ];
        let off: Vec<&str> = settings.iter().filter(|(_, on)| !on).map(|(name, _)| *name).collect();
        Ok(match off.as_slice() {
            [] => pass("all four settings that block public access are on"),
            _ => fail(format!("settings that block public access are off: {}", off.join(", "))).with("off", off),
        })
    }
}
