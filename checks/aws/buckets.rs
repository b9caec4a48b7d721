//! What S3 fixes about kinds of buckets, and which buckets are SageMaker's business.

use crate::prelude::*;

/// Whether this is a directory bucket of S3 Express One Zone: `name--zone-id--x-s3`.
///
/// Directory buckets refuse plain HTTP, keep ACLs off and public access blocked for good, and SageMaker cannot use KMS
/// keys with them. Sources: Amazon S3 User Guide, "Directory bucket naming rules", "Data protection and encryption" of
/// S3 Express One Zone and "Blocking public access"; SageMaker API Reference, `OutputDataConfig`; read November 2026.
pub(crate) fn is_directory_bucket(name: &str) -> bool {
    name.ends_with("--x-s3")
}

/// Whether a SageMaker resource names the bucket, as far as was seen. The engine reports by itself what was not.
pub(crate) fn is_of_sagemaker(bucket: &Bucket, here: &Here<'_>) -> bool {
    here.world.is_ml_bucket(&bucket.name)
}

/// Whether AWS publishes models and samples for SageMaker in a bucket of that name. The region belongs to the name: anybody
/// may take another that begins alike.
///
/// Source: SageMaker Python SDK, `sagemaker.jumpstart.constants` and example notebooks of AWS, read November 2026.
pub(crate) fn is_published_by_aws(name: &str, region: &str) -> bool {
    const WITH_REGION: [&str; 5] = [
        "jumpstart-cache-prod-",
        "jumpstart-private-cache-prod-",
        "sagemaker-example-files-prod-",
        "sagemaker-servicecatalog-seedcode-",
        "sagemaker-sample-data-",
    ];
    name == "sagemaker-sample-files" || WITH_REGION.iter().any(|start| name.strip_prefix(start) == Some(region))
}

/// Whose an artifact is, where it is neither this account's nor AWS's: the end of a sentence.
pub(crate) fn foreign_artifact(uri: &str, here: &Here<'_>) -> Result<Option<String>, Unseen> {
    let name = bucket_of(uri).ok_or_else(|| unclear(format!("{uri} names no bucket")))?;
    if is_published_by_aws(name, here.name) {
        return Ok(None);
    }
    let bucket = here.world.bucket(name)?;
    if *bucket.owned.known("Buckets")? {
        return Ok(None);
    }
    Ok(Some(match bucket.region.get() {
        Ok(None) => {
            format!("its artifacts lie in {name}, which does not exist: whoever takes the name supplies the model")
        }
        _ => format!("its artifacts lie in {name}, which belongs to another account"),
    }))
}

/// Whether the name of a bucket follows from the account and a region alone, as those of the buckets do that SageMaker,
/// Studio and Glue make by themselves: whoever knows the account may take it first.
///
/// Sources: SageMaker Python SDK, `Session.default_bucket`; Aqua Security, "Bucket Monopoly", August 2024.
pub(crate) fn is_predictable(name: &str, account: &str) -> bool {
    let between = |start: &str, end: &str| name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    let regions = [
        between("sagemaker-", &format!("-{account}")),
        between("sagemaker-studio-", &format!("-{account}")),
        between(&format!("aws-glue-assets-{account}-"), ""),
    ];
    regions.into_iter().flatten().any(is_region)
}

/// Whether a text looks like the name of a region: `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let mut parts = text.rsplit('-');
    let number = parts.next().is_some_and(|last| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()));
    let words: Vec<&str> = parts.collect();
    let word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    number && (2..=3).contains(&words.len()) && words.iter().all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_account_and_region_alone_is_predictable() {
        let own = "111122223333";
        for name in [
            "sagemaker-us-east-1-111122223333",
            "sagemaker-studio-us-gov-west-1-111122223333",
            "aws-glue-assets-111122223333-eu-west-1",
        ] {
            assert!(is_predictable(name, own), "{name}");
        }
        for name in [
            "sagemaker-us-east-1-444455556666",
            "sagemaker-churn-111122223333",
            "sagemaker-studio-111122223333-a1b2c3",
            "sagemaker-us-east-1-111122223333-2",
            "",
        ] {
            assert!(!is_predictable(name, own), "{name}");
        }
    }

    #[test]
    fn a_bucket_of_aws_has_its_region_in_the_name() {
        assert!(is_published_by_aws("jumpstart-cache-prod-us-east-1", "us-east-1"));
        assert!(is_published_by_aws("sagemaker-sample-files", "eu-west-1"));
        assert!(!is_published_by_aws("jumpstart-cache-prod-evil", "us-east-1"));
        assert!(!is_published_by_aws("sagemaker-sample-files-2", "us-east-1"));
    }
}
