use crate::prelude::*;

pub(super) struct KmsKeyInAccountRegion;

impl Check for KmsKeyInAccountRegion {
    type On<'w> = &'w Key;

    const META: Meta = Meta {
        id: "kms-key-in-account-region",
        title: "Keys of SageMaker lie in the account and region that use them",
        severity: Severity::Low,
        reads: &[Table::Keys],
        practices: &["REST-3"],
        page: include_str!("kms_key_in_account_region.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, key: &Key, here: &Here<'_>) -> Judged {
        let exists = key.exists.known("KeyMetadata").copied();
        if exists == Ok(false) {
            return Ok(exempt("the key does not exist, so it lies nowhere"));
        }
        // The ARN tells of a stranger's key, even of one that its owner does not let us describe.
        let arn = Arn::parse(&key.arn).filter(|arn| arn.service == "kms" && is_account_id(arn.account));
        let Some(arn) = arn else {
            exists?;
            return Err(unclear("the answer carries no ARN of the key"));
        };
        let verdict = if arn.account != here.account() {
            fail(format!("it belongs to account {}, which alone decides over what it encrypts here", arn.account))
        } else if arn.region != here.name && is_used_here(key, here)? {
            fail(format!("it lies in {}, so nothing that it encrypts here opens without that region", arn.region))
        } else {
            exists?;
            pass("it lies in this account, where it is used")
        };
        Ok(verdict.with("account", arn.account).with("region", arn.region))
    }
}

/// Whether a resource of this region names the key. A bucket of a region that was not scanned may have brought it here
/// too. A "no" needs every name.
fn is_used_here(key: &Key, here: &Here<'_>) -> Result<bool, Unseen> {
    let mut names = key.references.iter().chain([&key.arn]);
    match (names.any(|name| !here.users_of_key(name).is_empty()), here.gap_in(What::Key)) {
        (true, _) => Ok(true),
        (false, Some(gap)) => Err(gap.into()),
        (false, None) => Ok(false),
    }
}
