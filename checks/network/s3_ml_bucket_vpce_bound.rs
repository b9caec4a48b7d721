use sagescan_policy::{Context, Document, Truth, denies_everyone};

use crate::aws::buckets::is_of_sagemaker;
use crate::prelude::*;

pub(super) struct S3MlBucketVpceBound;

impl Check for S3MlBucketVpceBound {
    type On<'w> = &'w Bucket;

    const META: Meta = Meta {
        id: "s3-ml-bucket-vpce-bound",
        title: "Data in buckets of SageMaker is reached through your network only",
        severity: Severity::Medium,
        reads: &[Table::Buckets],
        practices: &["NET-6"],
        page: include_str!("s3_ml_bucket_vpce_bound.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, bucket: &Bucket, here: &Here<'_>) -> Judged {
        if !is_of_sagemaker(bucket, here) {
            return Ok(not_concerned());
        }
        let Some(policy) = bucket.policy.get()? else {
            return Ok(fail("it has no bucket policy, so credentials of the account open it from anywhere"));
        };
        let policy = Document::parse_or_doubt("the bucket policy", policy);
        let arn = format!("arn:{}:s3:::{}/*", here.partition(), bucket.name);
        let outside = |through: &str| {
            Context::open()
                .without("aws:SourceVpce")
                .without("aws:SourceVpc")
                .without("aws:VpcSourceIp")
                .with("aws:SecureTransport", "true")
                .with("aws:PrincipalIsAWSService", "false")
                .with("aws:ViaAWSService", through)
        };
        let (reads, _) = denies_everyone(&policy, "s3:GetObject", &arn, &outside("false"));
        let verdict = match reads {
            Truth::Yes => pass("its policy denies reading its objects from outside your VPCs"),
            Truth::No => return Ok(fail("its policy does not bind reading its objects to your network")),
            Truth::Maybe(doubts) if !doubts.notes.is_empty() => {
                let notes: Vec<&str> = doubts.notes.iter().map(|note| &**note).collect();
                return Err(unclear(format!("the bucket policy cannot be read with certainty: {}", notes.join("; "))));
            }
            Truth::Maybe(doubts) => {
                let keys: Vec<&str> = doubts.keys.iter().map(|key| &**key).collect();
                let on = keys.join(", ");
                if keys.iter().any(|key| !narrows(key)) {
                    let says =
                        format!("its policy binds reading its objects to your network only under conditions on {on}");
                    return Ok(fail(says).severity(Severity::Low).with("condition_keys", keys));
                }
                pass(format!("its policy denies reading its objects from outside, but for what it names by {on}"))
                    .with("condition_keys", keys)
            }
        };
        // What services of AWS read on your behalf does not come through your network.
        let (services, _) = denies_everyone(&policy, "s3:GetObject", &arn, &outside("true"));
        Ok(verdict.with("also_denies_services_on_your_behalf", services.is_yes()))
    }
}

/// Keys that name who or what may still come from outside: an organization, administrators, an address of an office.
fn narrows(key: &str) -> bool {
    const NAMES: [&str; 9] = [
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:sourceip",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:userid",
    ];
    let key = key.to_ascii_lowercase();
    NAMES.contains(&key.as_str()) || key.starts_with("aws:principaltag/")
}
