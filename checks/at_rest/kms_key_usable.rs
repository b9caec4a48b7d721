use std::collections::BTreeSet;

use crate::engine::Subject;
use crate::prelude::*;

pub(super) struct KmsKeyUsable;

impl Check for KmsKeyUsable {
    type On<'w> = &'w Key;

    const META: Meta = Meta {
        id: "kms-key-usable",
        title: "KMS keys of SageMaker are enabled",
        severity: Severity::High,
        reads: &[Table::Keys],
        practices: &["REST-3"],
        page: include_str!("kms_key_usable.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, key: &Key, here: &Here<'_>) -> Judged {
        let trouble = match *key.exists.known("KeyMetadata")? {
            false => "the key does not exist (any more), so what it encrypts cannot be read".to_owned(),
            true => match key.state.known("KeyState")?.as_str() {
                "Enabled" => return Ok(pass("the key is enabled")),
                "Disabled" => "the key is disabled, and nothing that it encrypts can be read".to_owned(),
                "PendingDeletion" | "PendingReplicaDeletion" => match key.deletion.shown() {
                    Some(date) => format!(
                        "the key will be deleted on {}, and what it encrypts with it",
                        date.strftime("%Y-%m-%d")
                    ),
                    None => "the key is waiting to be deleted, and what it encrypts with it".to_owned(),
                },
                "PendingImport" => "the key has no material: it was never imported or has expired".to_owned(),
                "Unavailable" => "the key store of the key is disconnected".to_owned(),
                other => return Err(unclear(format!("the key is in state {other}, which is passing or unknown"))),
            },
        };
        let verdict = fail(trouble).with("state", key.state.shown().cloned());
        Ok(match Use::of(key, here) {
            Use::Live(who) => verdict.with("used_by", who),
            Use::History(who) => verdict.severity(Severity::Info).with("used_by", who).with("only_history", true),
        })
    }
}

/// Who names a key.
enum Use {
    /// Something that still matters, or somebody who was not seen.
    Live(Vec<String>),
    /// Nothing but finished jobs outside the window and configurations that no endpoint runs.
    History(Vec<String>),
}

impl Use {
    fn of(key: &Key, here: &Here<'_>) -> Use {
        let names: BTreeSet<&str> = key.references.iter().chain([&key.arn]).map(String::as_str).collect();
        let (mut live, mut history) = (Vec::new(), Vec::new());
        let mut doubt = here.gap_in(What::Key).is_some();
        for workload in names.iter().flat_map(|name| here.users_of_key(name)) {
            let resource = workload.resource();
            let list = if workload.life(here) == Life::Live { &mut live } else { &mut history };
            list.push(format!("{} {}", resource.kind, resource.name));
        }
        let buckets = &here.world.snapshot.account.buckets;
        doubt |= buckets.missing.is_some();
        for bucket in buckets.iter() {
            doubt |= bucket.encryption.gap().is_some();
            let is_elsewhere = bucket.region.shown().is_some_and(|region| region != here.name);
            let default = bucket.encryption.shown().and_then(|default| default.key.as_deref());
            if !is_elsewhere && default.is_some_and(|name| names.contains(name)) {
                live.push(format!("s3-bucket {}", bucket.name));
            }
        }
        if live.is_empty() && !history.is_empty() && !doubt {
            Use::History(some(history))
        } else {
            Use::Live(some(live))
        }
    }
}

/// The first few in order: evidence is for reading.
fn some(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names.dedup();
    names.truncate(10);
    names
}
