//! KMS: the keys that resources refer to, each asked once, whatever it is called.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use sagescan_checks::snapshot::{Gap, Key, Reason, Seen};

use super::call::{Call, read};
use super::places::Place;
use super::translate::{text, time};

const DESCRIBE: Call = read!("kms", "DescribeKey");
const POLICY: Call = read!("kms", "GetKeyPolicy");
const ROTATION: Call = read!("kms", "GetKeyRotationStatus");

pub(super) const KEYS: &[Call] = &[DESCRIBE, POLICY, ROTATION];

/// References that are looked up at the same time.
const WIDTH: usize = 16;

/// The keys behind `references`, in the order of their ARNs.
pub(super) async fn keys(place: &Place, references: Vec<&str>) -> Vec<Key> {
    let mut keys: BTreeMap<String, Key> = BTreeMap::new();
    let asked = references.into_iter().map(|reference| key(place, reference));
    // In the order of the references, however the answers come: the first one names the key.
    let mut found = futures_util::stream::iter(asked.collect::<Vec<_>>()).buffered(WIDTH);
    while let Some(key) = found.next().await {
        match keys.get_mut(&key.arn) {
            Some(known) => known.references.extend(key.references),
            None => drop(keys.insert(key.arn.clone(), key)),
        }
    }
    keys.into_values().collect()
}

async fn key(place: &Place, reference: &str) -> Key {
    let (ask, kms) = (&place.asker, &place.kms);
    let absent = &["NotFoundException"];
    let seen = ask.ask(&DESCRIBE, absent, || kms.describe_key().key_id(reference).send()).await;
    let exists = match &seen {
        Seen::Is(_) => Seen::Is(true),
        Seen::Unset => Seen::Is(false),
        Seen::Unseen(gap) => Seen::Unseen(gap.clone()),
    };
    let seen = match seen {
        Seen::Is(answer) => Seen::from(answer.key_metadata),
        Seen::Unset => Seen::Unset,
        Seen::Unseen(gap) => Seen::Unseen(gap),
    };
    let arn = seen.field(|k| text(k.arn())).shown().cloned().unwrap_or_else(|| reference.to_owned());
    let manager = seen.field(|k| k.key_manager().map(|m| m.as_str().to_owned()));
    // AWS managed keys rotate by themselves and their policies are AWS's: nothing to ask.
    let (rotation, policy) = match manager.shown().map(String::as_str) {
        Some("CUSTOMER") => tokio::join!(
            ask.ask(&ROTATION, &[], || kms.get_key_rotation_status().key_id(&arn).send()),
            ask.ask(&POLICY, &[], || kms.get_key_policy().key_id(&arn).policy_name("default").send()),
        ),
        _ => {
            let gap = seen
                .gap()
                .cloned()
                .unwrap_or_else(|| Gap::new(Reason::Skipped, "only asked of customer managed keys that exist"));
            (Seen::Unseen(gap.clone()), Seen::Unseen(gap))
        }
    };
    Key {
        arn,
        references: vec![reference.to_owned()],
        exists,
        account: seen.field(|k| text(k.aws_account_id())),
        state: seen.field(|k| k.key_state().map(|s| s.as_str().to_owned())),
        deletion: seen.field(|k| k.deletion_date().and_then(time)),
        spec: seen.field(|k| k.key_spec().map(|s| s.as_str().to_owned())),
        origin: seen.field(|k| k.origin().map(|o| o.as_str().to_owned())),
        rotation: rotation.field(|r| Some(r.key_rotation_enabled())),
        rotation_days: rotation.field(|r| r.rotation_period_in_days()),
        policy: policy.field(|p| text(p.policy())),
        manager,
    }
}

/// The region that a key's ARN names, if the reference is an ARN.
pub(super) fn region_of(reference: &str) -> Option<&str> {
    let mut parts = reference.split(':');
    (parts.next() == Some("arn") && parts.nth(1) == Some("kms")).then(|| parts.next()).flatten()
}

#[cfg(test)]
mod tests {
    use super::region_of;

    #[test]
    fn the_region_is_read_out_of_arns_only() {
        assert_eq!(region_of("arn:aws-cn:kms:cn-north-1:111122223333:key/a"), Some("cn-north-1"));
        assert_eq!(region_of("alias/x"), None);
        assert_eq!(region_of("arn:aws:s3:::x"), None);
    }
}
