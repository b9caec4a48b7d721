use crate::prelude::*;

pub(super) struct KmsKeyRotation;

impl Check for KmsKeyRotation {
    type On<'w> = &'w Key;

    const META: Meta = Meta {
        id: "kms-key-rotation",
        title: "KMS keys of SageMaker rotate automatically",
        severity: Severity::Medium,
        reads: &[Table::Keys],
        practices: &["ID-9", "REST-3", "EX-3"],
        page: include_str!("kms_key_rotation.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, key: &Key, _here: &Here<'_>) -> Judged {
        if !*key.exists.known("KeyMetadata")? {
            return Ok(exempt("the key does not exist, so there is nothing to rotate"));
        }
        match key.manager.known("KeyManager")?.as_str() {
            "CUSTOMER" => {}
            "AWS" => return Ok(exempt("AWS manages the key and rotates it every year")),
            other => return Err(unclear(format!("the key manager {other} is unknown"))),
        }
        let spec = key.spec.known("KeySpec")?;
        if spec != "SYMMETRIC_DEFAULT" {
            return Ok(exempt(format!("KMS does not rotate keys of the kind {spec}")));
        }
        match key.origin.known("Origin")?.as_str() {
            "AWS_KMS" => {}
            "EXTERNAL" => return Ok(exempt("its material was imported, and KMS rotates only what it made itself")),
            "AWS_CLOUDHSM" | "EXTERNAL_KEY_STORE" => {
                return Ok(exempt("it lives in a custom key store, where KMS does not rotate"));
            }
            other => return Err(unclear(format!("the key origin {other} is unknown"))),
        }
        if let state @ ("PendingDeletion" | "PendingReplicaDeletion") = key.state.known("KeyState")?.as_str() {
            return Ok(exempt(format!("the key is in state {state}, in which KMS does not rotate")));
        }
        let days = key.rotation_days.shown().copied();
        let verdict = match (*key.rotation.known("KeyRotationEnabled")?, days) {
            (true, Some(days)) => pass(format!("KMS rotates it every {days} days")),
            (true, None) => pass("KMS rotates it automatically"),
            (false, _) => fail("automatic rotation is off, so its material is as old as the key"),
        };
        Ok(verdict.with("rotation_days", days))
    }
}
