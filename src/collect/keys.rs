//! KMS: the keys that resources refer to, each asked once, whatever it is called.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use futures_util::future::join_all;
use sagescan_checks::engine::{What, context_references, references};
use sagescan_checks::snapshot::{Gap, Key, Listed, Reason, Region, Seen, Snapshot, Table};
use serde_json::json;

use super::Places;
use super::call::{Call, read};
use super::places::Place;
use super::translate::at;
use super::waves::{Piece, filled};

const DESCRIBE: Call = read!("kms", "DescribeKey");
const POLICY: Call = read!("kms", "GetKeyPolicy");
const ROTATION: Call = read!("kms", "GetKeyRotationStatus");

pub(super) const KEYS: &[Call] = &[DESCRIBE, POLICY, ROTATION];

/// References that are looked up at the same time.
const WIDTH: usize = 16;

/// The keys that resources and their buckets name, filed under the region of whoever names them.
pub(super) async fn of_resources(places: &Places<'_>, snapshot: &mut Snapshot) {
    let mut named: BTreeMap<String, (BTreeSet<String>, Option<Gap>)> = BTreeMap::new();
    for (name, region) in &snapshot.regions {
        let (keys, missing) = named.entry(name.clone()).or_default();
        for reference in references(region).chain(context_references(region)).filter(|r| r.what == What::Key) {
            match reference.value {
                Ok(key) => drop(keys.insert(key.to_owned())),
                Err(gap) => *missing = missing.take().or_else(|| Some(gap.clone())),
            }
        }
    }
    // Buckets that were not seen might lie in any region.
    if let Some(gap) = &snapshot.account.buckets.missing {
        named.values_mut().for_each(|(_, missing)| *missing = missing.take().or_else(|| Some(gap.clone())));
    }
    for bucket in snapshot.account.buckets.iter() {
        // A bucket may lie in a region that is not scanned; its key then goes with the first one that is.
        let home = bucket.region.shown().filter(|region| named.contains_key(*region));
        let Some(region) = home.or_else(|| named.keys().next()).cloned() else { continue };
        let (keys, missing) = named.entry(region).or_default();
        match &bucket.encryption {
            Seen::Is(encryption) => keys.extend(encryption.key.clone()),
            // Which key somebody else's bucket has is theirs to know.
            Seen::Unseen(gap) if bucket.owned.shown() != Some(&false) => {
                *missing = missing.take().or_else(|| Some(gap.clone()));
            }
            Seen::Unset | Seen::Unseen(_) => {}
        }
    }
    let asked = named.into_iter().map(|(region, (references, missing))| async move {
        let work = async {
            let mut by_region: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for reference in &references {
                by_region.entry(region_of(reference).unwrap_or(&region)).or_default().push(reference);
            }
            let mut items = Vec::new();
            for (at, references) in by_region {
                items.extend(behind(&*places.at(at).await, references).await);
            }
            let keys = Listed { items, missing };
            |region: &mut Region| region.keys = keys
        };
        let found = filled(&places.scope, &places.asking, &region, vec![Piece::new([Table::Keys], work)]).await;
        (region.clone(), found.keys)
    });
    for (region, listed) in join_all(asked).await {
        if let Some(region) = snapshot.regions.get_mut(&region) {
            region.keys = listed;
        }
    }
}

/// The keys behind `references`, in the order of their ARNs.
async fn behind(place: &Place, references: Vec<&str>) -> Vec<Key> {
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
    let seen = place.question(&DESCRIBE, &["NotFoundException"], json!({ "KeyId": reference })).await;
    let exists = match &seen {
        Seen::Is(_) => Seen::Is(true),
        Seen::Unset => Seen::Is(false),
        Seen::Unseen(gap) => Seen::Unseen(gap.clone()),
    };
    let arn = at::<String>(&seen, "KeyMetadata.Arn").shown().cloned().unwrap_or_else(|| reference.to_owned());
    let manager = at::<String>(&seen, "KeyMetadata.KeyManager");
    // AWS managed keys rotate by themselves and their policies are AWS's: nothing to ask.
    let (rotation, policy) = match manager.shown().map(String::as_str) {
        Some("CUSTOMER") => tokio::join!(
            place.question(&ROTATION, &[], json!({ "KeyId": arn })),
            place.question(&POLICY, &[], json!({ "KeyId": arn, "PolicyName": "default" })),
        ),
        _ => {
            let skipped = || Gap::new(Reason::Skipped, "only asked of customer managed keys that exist");
            let gap = seen.gap().cloned().unwrap_or_else(skipped);
            (Seen::Unseen(gap.clone()), Seen::Unseen(gap))
        }
    };
    Key {
        arn,
        references: vec![reference.to_owned()],
        exists,
        account: at(&seen, "KeyMetadata.AWSAccountId"),
        state: at(&seen, "KeyMetadata.KeyState"),
        deletion: at(&seen, "KeyMetadata.DeletionDate"),
        spec: at(&seen, "KeyMetadata.KeySpec"),
        origin: at(&seen, "KeyMetadata.Origin"),
        rotation: at(&rotation, "KeyRotationEnabled"),
        rotation_days: at(&rotation, "RotationPeriodInDays"),
        policy: at(&policy, "Policy"),
        manager,
    }
}

/// The region that a key's ARN names, if the reference is an ARN.
fn region_of(reference: &str) -> Option<&str> {
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
