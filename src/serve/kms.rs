//! KMS: keys by id, ARN, alias or the ARN of an alias.

use sagescan_checks::snapshot::{Key, short_name};
use serde_json::json;

use super::call::{Answer, Call, Operation, Outcome};
use super::refusal::Refusal;
use super::times::epoch;

pub(super) fn operations() -> [Operation; 3] {
    [
        Operation { name: "DescribeKey", action: "kms:DescribeKey", resource: KEY, answer: describe_key },
        Operation { name: "GetKeyPolicy", action: "kms:GetKeyPolicy", resource: KEY, answer: get_key_policy },
        Operation {
            name: "GetKeyRotationStatus",
            action: "kms:GetKeyRotationStatus",
            resource: KEY,
            answer: get_key_rotation_status,
        },
    ]
}

const KEY: &str = "{KeyId}";

/// The key that the request names: of its region, or of any where the region was not scanned.
fn key<'s>(call: &Call<'s>) -> Result<&'s Key, Refusal> {
    let wanted = call.required("KeyId")?;
    let is =
        |key: &&Key| key.arn == wanted || key.references.iter().any(|r| r == wanted) || short_name(&key.arn) == wanted;
    let all = &call.snapshot().regions;
    let here = call.here().ok();
    let elsewhere =
        || all.values().flat_map(|region| region.keys.iter()).find(|k| k.arn == wanted || here.is_none() && is(k));
    let found = here.and_then(|region| region.keys.iter().find(is)).or_else(elsewhere);
    match (found, here.and_then(|region| call.gap(&region.keys))) {
        (Some(key), _) if key.exists.get()? == Some(&true) => Ok(key),
        (None, Some(gap)) => Err(gap.into()),
        _ => Err(Refusal::absent("NotFoundException", format!("Invalid keyId {wanted}"))),
    }
}

fn describe_key(call: &Call<'_>) -> Outcome {
    let key = key(call)?;
    let state = key.state.get()?;
    let spec = key.spec.get()?;
    let usage = match spec.map(String::as_str) {
        Some(spec) if spec.starts_with("HMAC") => "GENERATE_VERIFY_MAC",
        Some(spec) if spec.starts_with("ECC") => "SIGN_VERIFY",
        _ => "ENCRYPT_DECRYPT",
    };
    Ok(Answer::Json(json!({ "KeyMetadata": {
        "AWSAccountId": key.account.get()?,
        "KeyId": short_name(&key.arn),
        "Arn": key.arn,
        "Enabled": state.is_some_and(|state| state == "Enabled"),
        "Description": "",
        "KeyUsage": usage,
        "KeyState": state,
        "DeletionDate": epoch(&key.deletion)?,
        "Origin": key.origin.get()?,
        "KeyManager": key.manager.get()?,
        "KeySpec": spec,
        "MultiRegion": short_name(&key.arn).starts_with("mrk-"),
    }})))
}

fn get_key_policy(call: &Call<'_>) -> Outcome {
    Ok(Answer::Json(json!({ "Policy": key(call)?.policy.get()?, "PolicyName": "default" })))
}

fn get_key_rotation_status(call: &Call<'_>) -> Outcome {
    let key = key(call)?;
    let Some(enabled) = key.rotation.get()? else {
        return Err(Refusal::absent("UnsupportedOperationException", format!("{} cannot rotate", key.arn)));
    };
    let days = if *enabled { key.rotation_days.get()? } else { None };
    Ok(Answer::Json(json!({ "KeyId": key.arn, "KeyRotationEnabled": enabled, "RotationPeriodInDays": days })))
}
