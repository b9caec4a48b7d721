//! KMS grants: who may use a key besides those whom its policy names.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::{part, record};
use super::wire::{Every, Present};
use super::{Key, Known, List, Listed, Seen, Spec, Table};
use crate::read;

part! {
    /// A grant: leave to use a key, given by a call and not by a policy.
    pub struct Grant {
        id: Option<String> = "GrantId",
        name: Option<String> = "Name",
        created: Option<Timestamp> = "CreationDate",
        /// Who may use the key: an ARN, or the name of a service.
        grantee: Option<String> = "GranteePrincipal",
        /// The service that may use the key, where it says so itself.
        grantee_service: Option<String> = "GranteeServicePrincipal",
        /// Who may end the grant.
        retiring: Option<String> = "RetiringPrincipal",
        /// The service that may end the grant, where it says so itself.
        retiring_service: Option<String> = "RetiringServicePrincipal",
        /// The account that gave it.
        issuer: Option<String> = "IssuingAccount",
        /// `Decrypt`, `GenerateDataKey`, `CreateGrant`, …
        operations: Vec<String> = "Operations",
        /// Whether it holds for some encryption contexts or one source only.
        constrained: bool = "Constraints" as Present,
    }
}

record! {
    /// The grants of one customer managed key, at most a thousand of them (ListGrants).
    pub struct KeyGrants in key_grants {
        /// The ARN of the key.
        name: String = "KeyId",
        grants: Seen<Vec<Grant>> = "Grants" as Every,
        /// Whether there are more.
        more: Seen<bool> = "Truncated",
    }
    by Spec {
        created: "",
        summary: &["KeyId", "Grants", "Truncated"],
        needs: &[Table::Keys],
        ..Spec::of(Table::KeyGrants, List {
            size: Some(("Limit", 1000)),
            token: "Marker=NextMarker",
            per: Some(of_keys),
            // The key went away after it was described.
            absent: &["NotFoundException"],
            ..List::of(read!("kms", "ListGrants"), "")
        })
    }
}

/// A question for each customer managed key of this region whose policy was shown: whoever may not read that is told
/// no grants either, and mostly the key is another account's.
fn of_keys(known: &Known<'_>) -> Listed<Value> {
    let keys = &known.region.keys;
    let mut missing = keys.missing.clone();
    let mut items = Vec::new();
    for key in keys.iter().filter(|key| key.lies_in(known.name)) {
        match (&key.manager, key.policy.gap()) {
            (Seen::Unseen(gap), _) => missing = missing.or_else(|| Some(gap.clone())),
            (Seen::Is(manager), Some(gap)) if manager != "AWS" => missing = missing.or_else(|| Some(gap.clone())),
            (Seen::Is(manager), None) if manager != "AWS" => items.push(json!({ "KeyId": key.arn })),
            _ => {}
        }
    }
    Listed { items, missing }
}

impl Key {
    /// Whether its ARN names that region.
    pub fn lies_in(&self, region: &str) -> bool {
        self.arn.split(':').nth(3) == Some(region)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::snapshot::{Account, Gap, Reason, Region};

    fn key(name: &str, region: &str, manager: &str) -> Key {
        Key {
            arn: format!("arn:aws:kms:{region}:111122223333:key/{name}"),
            manager: Seen::Is(manager.to_owned()),
            policy: Seen::Is("{}".to_owned()),
            ..Key::default()
        }
    }

    #[test]
    fn only_keys_of_the_customer_in_this_region_are_asked_for() {
        let denied = Key { policy: Seen::Unseen(Gap::new(Reason::Denied, "")), ..key("c", "us-east-1", "CUSTOMER") };
        let (ours, aws, far) =
            (key("a", "us-east-1", "CUSTOMER"), key("b", "us-east-1", "AWS"), key("d", "eu-west-1", "CUSTOMER"));
        let (account, regions) = (Account::default(), BTreeMap::new());
        let asked = |keys: Vec<Key>| {
            let region = Region { keys: Listed::complete(keys), ..Region::default() };
            of_keys(&Known { name: "us-east-1", region: &region, account: &account, regions: &regions })
        };
        let all = asked(vec![ours.clone(), aws.clone(), far]);
        assert_eq!(all.items, [json!({ "KeyId": ours.arn })]);
        assert!(all.missing.is_none());
        assert!(asked(vec![aws, denied]).missing.is_some(), "a key that hides its policy hides its grants");
    }
}
