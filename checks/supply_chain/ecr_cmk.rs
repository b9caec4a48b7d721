use crate::prelude::*;

pub(super) struct EcrCmk;

impl Check for EcrCmk {
    type On<'w> = &'w Repository;

    const META: Meta = Meta {
        id: "ecr-cmk",
        title: "Repositories of images that SageMaker runs use a customer managed key",
        severity: Severity::Low,
        reads: &[Table::EcrRepositories, Table::Keys],
        practices: &["REST-2"],
        page: include_str!("ecr_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, repository: &Repository, here: &Here<'_>) -> Judged {
        let encryption = repository.encryption.known("encryptionType")?;
        let verdict = match (encryption.as_str(), repository.key.get()) {
            ("AES256", _) => fail("keys of ECR itself encrypt its images"),
            ("KMS" | "KMS_DSSE", Ok(None)) => fail("the key that AWS manages for ECR encrypts its images"),
            ("KMS" | "KMS_DSSE", Ok(Some(key))) => match here.key_owner(key)? {
                KeyOwner::Customer => pass(format!("the customer managed key {key} encrypts its images")),
                KeyOwner::Aws => fail(format!("{key}, a key that AWS manages, encrypts its images")),
            },
            ("KMS" | "KMS_DSSE", Err(unseen)) => return Err(unseen),
            (other, _) => return Err(unclear(format!("it encrypts with `{other}`"))),
        };
        Ok(verdict.with("encryption", encryption.as_str()))
    }
}
