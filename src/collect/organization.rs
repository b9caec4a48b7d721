//! The organization over the account: every member may ask what it is, only the management account and delegated
//! administrators what it puts over whom.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{join, join_all};
use sagescan_checks::snapshot::{Gap, List, Listed, Organization, OrganizationLevel, OrganizationPolicy, Seen, wire};
use serde_json::{Value, json};

use super::call::{Call, read};
use super::places::Place;
use super::records;

const DESCRIBE: Call = read!("organizations", "DescribeOrganization");
const PARENTS: Call = read!("organizations", "ListParents");
const POLICIES: Call = read!("organizations", "ListPoliciesForTarget");
const EFFECTIVE: Call = read!("organizations", "DescribeEffectivePolicy");
const POLICY: Call = read!("organizations", "DescribePolicy");

pub(super) const ORGANIZATION: &[Call] = &[DESCRIBE, PARENTS, POLICIES, POLICY, EFFECTIVE];

/// Steps from an account to its root, beyond which something is wrong: organizational units nest five deep
/// (AWS Organizations user guide, "Quotas and service limits").
const STEPS: usize = 20;

/// The organization of the account, or unset where it belongs to none.
pub(super) async fn organization(place: &Place, account: &str) -> Seen<Organization> {
    let answer = match place.question(&DESCRIBE, &["AWSOrganizationsNotInUseException"], Value::Null).await {
        Seen::Is(answer) => answer,
        Seen::Unset => return Seen::Unset,
        Seen::Unseen(gap) => return Seen::Unseen(gap),
    };
    let text = |path: &str| text(&answer, path);
    let Some(id) = text("Organization.Id") else {
        return Seen::Unseen(place.asker.strange(&DESCRIBE, "the organization has no id".to_owned()));
    };
    let feature_set: Seen<String> = text("Organization.FeatureSet").into();
    // Organization policies come with all features (user guide, "Enabling all features for an organization").
    let has_policies = feature_set.shown().is_none_or(|set| set != "CONSOLIDATED_BILLING");
    Seen::Is(Organization {
        id,
        management_account: text("Organization.MasterAccountId").into(),
        feature_set,
        ai_opt_out: if has_policies { ai_opt_out(place).await } else { Seen::Unset },
        levels: levels(place, account, has_policies).await,
    })
}

/// What the AI services opt-out policies of the organization come to for the account, which every member may ask.
async fn ai_opt_out(place: &Place) -> Seen<String> {
    let none = &["EffectivePolicyNotFoundException", "AWSOrganizationsNotInUseException"];
    let answer = place.question(&EFFECTIVE, none, json!({ "PolicyType": "AISERVICES_OPT_OUT_POLICY" })).await;
    answer.field(|answer| text(answer, "EffectivePolicy.PolicyContent"))
}

/// From the root down to the account. What lies above a refusal is missing.
async fn levels(place: &Place, account: &str, has_policies: bool) -> Listed<OrganizationLevel> {
    let (steps, missing) = way_up(place, account).await;
    if steps.len() == 1 && missing.is_some() {
        // Whoever may not ask where the account stands may not ask the rest either.
        return Listed { items: Vec::new(), missing };
    }
    let attached = steps.into_iter().rev().map(|(id, kind)| async move {
        if !has_policies {
            let none = || Listed::complete(Vec::new());
            return OrganizationLevel { id, kind, scps: none(), rcps: none() };
        }
        let (scps, rcps) =
            join(attached(place, &id, "SERVICE_CONTROL_POLICY"), attached(place, &id, "RESOURCE_CONTROL_POLICY")).await;
        OrganizationLevel { id, kind, scps, rcps }
    });
    let mut items = join_all(attached).await;
    let documents = documents(place, &items).await;
    for policy in items.iter_mut().flat_map(|level| level.scps.items.iter_mut().chain(&mut level.rcps.items)) {
        if let Some(document) = documents.get(&policy.id) {
            policy.document = document.clone();
        }
    }
    Listed { items, missing }
}

/// Ids and kinds from the account up to its root, and why the way ends before.
async fn way_up(place: &Place, account: &str) -> (Vec<(String, String)>, Option<Gap>) {
    let mut steps = vec![(account.to_owned(), "ACCOUNT".to_owned())];
    while let Some((child, _)) = steps.last().filter(|(_, kind)| kind != "ROOT") {
        let list = List { size: Some(("MaxResults", 20)), ..List::of(PARENTS, "Parents") };
        let parents = records::pages(place, &list, json!({ "ChildId": child }), records::everything).await;
        if let Some(gap) = parents.missing {
            return (steps, Some(gap));
        }
        // A child has exactly one parent (API reference, ListParents).
        let parent = match parents.items.as_slice() {
            [parent] => text(parent, "Id").zip(text(parent, "Type")),
            _ => None,
        };
        match parent {
            Some(step) if steps.len() < STEPS => steps.push(step),
            Some(_) => {
                return (steps, Some(place.asker.strange(&PARENTS, "the way to the root does not end".to_owned())));
            }
            None => {
                let why = format!("{child} has {} parents and not one", parents.items.len());
                return (steps, Some(place.asker.strange(&PARENTS, why)));
            }
        }
    }
    (steps, None)
}

/// The policies of one type that are attached to a root, an organizational unit or an account, without their documents.
async fn attached(place: &Place, target: &str, kind: &str) -> Listed<OrganizationPolicy> {
    let list = List { size: Some(("MaxResults", 20)), ..List::of(POLICIES, "Policies") };
    let request = json!({ "TargetId": target, "Filter": kind });
    let Listed { items, missing } = records::pages(place, &list, request, records::everything).await;
    let policy = |summary: &Value| OrganizationPolicy {
        id: text(summary, "Id").unwrap_or_default(),
        name: text(summary, "Name").unwrap_or_default(),
        document: Seen::default(),
    };
    Listed { items: items.iter().map(policy).collect(), missing }
}

/// The documents of all policies, each asked for once however often it is attached.
async fn documents(place: &Place, levels: &[OrganizationLevel]) -> BTreeMap<String, Seen<String>> {
    let policies = levels.iter().flat_map(|level| level.scps.iter().chain(level.rcps.iter()));
    let ids: BTreeSet<&str> = policies.map(|policy| policy.id.as_str()).filter(|id| !id.is_empty()).collect();
    let asked = ids.into_iter().map(|id| async move {
        let answer = place.question(&POLICY, &[], json!({ "PolicyId": id })).await;
        (id.to_owned(), answer.field(|answer| text(answer, "Policy.Content")))
    });
    join_all(asked).await.into_iter().collect()
}

fn text(value: &Value, path: &str) -> Option<String> {
    wire::look(value, path)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
