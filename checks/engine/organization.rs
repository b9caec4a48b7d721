//! What the organization puts over the account: its policies, as far as they were seen.
//!
//! The rule is that of everything else: what was not seen is not credited. A level with a policy that was not seen denies
//! what its other policies deny, and is taken to allow the rest; an organization that was not seen denies nothing.
//! Sources: AWS Organizations user guide, "SCP evaluation" and "Resource control policies (RCPs)"; `aws:PrincipalOrgID` and
//! `aws:PrincipalOrgPaths` in the IAM user guide, "AWS global condition context keys".

use std::sync::{Arc, LazyLock};

use sagescan_policy::{Context, Document, Documents, Guardrails};

use crate::snapshot::{Gap, Listed, Organization, OrganizationLevel, OrganizationPolicy, Reason, Seen, Snapshot};

/// What stands for the policies of a level that were not all seen.
static WHATEVER: LazyLock<Arc<Document>> = LazyLock::new(|| {
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    Arc::new(Document::parse_or_doubt("organization policies that were not seen", all))
});

/// The organization policies over an account.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ceiling {
    /// Over the users and roles of the account.
    pub(crate) scps: Guardrails,
    /// Over the resources of the account.
    pub(crate) rcps: Guardrails,
    /// The id of the organization; `None` where it was not seen.
    membership: Option<Membership>,
    /// What was not seen of it.
    pub(super) unseen: Option<Gap>,
}

#[derive(Debug, Clone)]
enum Membership {
    None,
    Of { id: String, path: Option<String> },
}

impl Ceiling {
    pub(super) fn over(snapshot: &Snapshot) -> Ceiling {
        match &snapshot.account.organization {
            Seen::Unset => Ceiling { membership: Some(Membership::None), ..Ceiling::default() },
            Seen::Unseen(gap) => Ceiling { membership: None, ..Ceiling::unknown(gap.clone()) },
            Seen::Is(organization) => {
                let membership = Membership::Of { id: organization.id.clone(), path: path(organization) };
                Ceiling { membership: Some(membership), ..Ceiling::of(organization, &snapshot.scan.account) }
            }
        }
    }

    fn unknown(gap: Gap) -> Ceiling {
        Ceiling { scps: Guardrails::Unknown, rcps: Guardrails::Unknown, membership: None, unseen: Some(gap) }
    }

    fn of(organization: &Organization, account: &str) -> Ceiling {
        if organization.feature_set.shown().is_some_and(|set| set == "CONSOLIDATED_BILLING") {
            return Ceiling::default();
        }
        // A policy may only count where it is known to bind.
        match organization.management_account.known("MasterAccountId") {
            Ok(management) if management == account => return Ceiling::default(),
            Ok(_) => {}
            Err(unseen) => return Ceiling::unknown(unseen.0),
        }
        let levels = &organization.levels;
        let (scps, no_scps) = stack(levels, |level| &level.scps, true);
        let (rcps, no_rcps) = stack(levels, |level| &level.rcps, false);
        Ceiling { scps, rcps, membership: None, unseen: no_scps.or(no_rcps) }
    }

    /// What a request by a principal of the account carries about the organization, where that is known; `own` if the
    /// resource belongs to the account as well.
    pub(crate) fn known_to(&self, context: Context, own: bool) -> Context {
        const PRINCIPAL: [&str; 2] = ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"];
        const RESOURCE: [&str; 2] = ["aws:ResourceOrgID", "aws:ResourceOrgPaths"];
        let sides = [Some(PRINCIPAL), own.then_some(RESOURCE)].into_iter().flatten();
        match &self.membership {
            None => context,
            Some(Membership::None) => sides.flatten().fold(context, |context, key| context.without(key)),
            Some(Membership::Of { id, path }) => sides.fold(context, |context, [key, paths]| {
                let context = context.with(key, id.as_str());
                match path {
                    Some(path) => context.with_all(paths, [path.as_str()]),
                    None => context,
                }
            }),
        }
    }
}

/// `o-…/r-…/ou-…/`, where the whole way is known.
fn path(organization: &Organization) -> Option<String> {
    let levels = organization.levels.all().ok()?;
    let above = levels.iter().filter(|level| level.kind != "ACCOUNT").map(|level| level.id.as_str());
    Some([organization.id.as_str()].into_iter().chain(above).fold(String::new(), |path, id| path + id + "/"))
}

/// The policies of one type from the root down, and the first thing of them that was not seen.
fn stack(
    levels: &Listed<OrganizationLevel>,
    policies: impl Fn(&OrganizationLevel) -> &Listed<OrganizationPolicy>,
    allowing: bool,
) -> (Guardrails, Option<Gap>) {
    // Where the type is enabled, AWS lets no target go without a service control policy.
    let unused = levels.missing.is_none() && levels.iter().all(|l| policies(l).all().is_ok_and(<[_]>::is_empty));
    if unused && !levels.is_empty() {
        return (Guardrails::None, None);
    }
    let mut unseen = levels.missing.clone();
    let mut all: Vec<Documents> = Vec::new();
    for level in levels.iter() {
        let (mut documents, gap) = read(level, policies(level), allowing);
        if gap.is_some() && allowing {
            documents.push(WHATEVER.clone());
        }
        unseen = unseen.or(gap);
        all.push(documents);
    }
    if levels.is_empty() {
        let nothing = || Gap::new(Reason::Unrecognised, "the organization has no level, not even the account itself");
        return (Guardrails::Unknown, unseen.or_else(|| Some(nothing())));
    }
    (Guardrails::Levels(all), unseen)
}

fn read(level: &OrganizationLevel, listed: &Listed<OrganizationPolicy>, allowing: bool) -> (Documents, Option<Gap>) {
    let mut unseen = listed.missing.clone();
    let mut documents = Documents::new();
    for policy in listed.iter() {
        let named = if policy.name.is_empty() { &policy.id } else { &policy.name };
        let document = policy.document.known("Content").map_err(|unseen| unseen.0).and_then(|text| {
            let wrong = |error| Gap::new(Reason::Unrecognised, format!("policy {named} could not be read: {error}"));
            Document::parse(&format!("{named} on {}", level.id), text).map_err(wrong)
        });
        match document {
            Ok(document) => documents.push(Arc::new(document)),
            Err(gap) => unseen = unseen.or(Some(gap)),
        }
    }
    if allowing && unseen.is_none() && documents.is_empty() {
        let says = format!("no service control policy is attached to {}, which AWS does not let be", level.id);
        unseen = Some(Gap::new(Reason::Unrecognised, says));
    }
    (documents, unseen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Permissions, World};
    use crate::snapshot::FORMAT;
    use serde_json::{Value, json};

    const ALL: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

    fn policy(document: &str) -> Value {
        json!([{"id": "p-1", "name": "Policy", "document": document}])
    }

    fn level(id: &str, kind: &str, scps: Value, rcps: Value) -> Value {
        json!({"id": id, "kind": kind, "scps": scps, "rcps": rcps})
    }

    /// Asks a role that may do everything under this organization.
    fn asked(organization: Value, ask: impl Fn(&Permissions) -> bool) -> bool {
        asked_as("arn:aws:iam::111122223333:role/ml", organization, ask)
    }

    fn asked_as(arn: &str, organization: Value, ask: impl Fn(&Permissions) -> bool) -> bool {
        let role = json!({"name": "ml", "arn": arn, "attached": [], "boundary": null,
            "inline": [{"name": "all", "document": ALL}]});
        let snapshot: Snapshot = serde_json::from_value(json!({"format": FORMAT, "scan": {"account": "111122223333"},
            "account": {"roles": [role], "policies": [], "organization": organization}}))
        .unwrap();
        let world = World::new(&snapshot);
        let role = &snapshot.account.roles.items[0];
        ask(world.role_permissions(role).unwrap())
    }

    fn creates(permissions: &Permissions) -> bool {
        permissions.may("sagemaker:CreateModel", "*", Context::open()).unwrap().is_some()
    }

    fn organization(scps: Value) -> Value {
        json!({"id": "o-1", "management_account": "999999999999", "feature_set": "ALL", "levels": [
            level("r-1", "ROOT", policy(ALL), json!([])), level("111122223333", "ACCOUNT", scps, json!([]))]})
    }

    const NO_MODELS: &str = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"sagemaker:CreateModel","Resource":"*"}]}"#;

    #[test]
    fn service_control_policies_that_were_read_decide() {
        assert!(!asked(organization(policy(NO_MODELS)), creates));
        assert!(asked(organization(policy(ALL)), creates));
        let only_s3 = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
        assert!(!asked(organization(policy(only_s3)), creates));
    }

    #[test]
    fn what_was_not_seen_of_them_denies_nothing() {
        assert!(asked(Value::Null, creates));
        assert!(asked(json!({"unseen": "denied"}), creates));
        assert!(asked(organization(json!({"unseen": "denied"})), creates));
        let half =
            json!({"items": [{"id": "p-2", "name": "Half", "document": {"unseen": "denied"}}], "unseen": "denied"});
        assert!(asked(organization(half), creates));
        let broken = policy("{\"Statement\": [");
        assert!(asked(organization(broken), creates));
        assert!(asked(organization(json!([])), creates), "AWS leaves no level without a policy: this is a mistake");
        let mut nobody = organization(policy(NO_MODELS));
        nobody["management_account"] = json!({"unseen": "denied"});
        assert!(asked(nobody, creates));
    }

    #[test]
    fn a_denial_counts_though_other_levels_were_not_seen() {
        let mut partial = organization(policy(NO_MODELS));
        partial["levels"][0]["scps"] = json!({"unseen": "denied"});
        assert!(!asked(partial, creates));
    }

    #[test]
    fn the_management_account_and_service_linked_roles_are_not_bound() {
        let mut own = organization(policy(NO_MODELS));
        own["management_account"] = json!("111122223333");
        assert!(asked(own, creates));
        let linked = "arn:aws:iam::111122223333:role/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForX";
        assert!(asked_as(linked, organization(policy(NO_MODELS)), creates));
    }

    #[test]
    fn no_policy_anywhere_means_that_the_type_is_not_used() {
        let mut none = organization(json!([]));
        none["levels"][0]["scps"] = json!([]);
        let seen: Organization = serde_json::from_value(none).unwrap();
        let ceiling = Ceiling::of(&seen, "111122223333");
        assert!(matches!(ceiling.scps, Guardrails::None) && ceiling.unseen.is_none());
    }

    #[test]
    fn resource_control_policies_reach_what_is_known_to_be_of_the_account() {
        let rcp = |condition: Value| {
            let statement =
                json!({"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": condition});
            let mut organization = organization(policy(ALL));
            organization["levels"][1]["rcps"] =
                policy(&json!({"Version": "2012-10-17", "Statement": statement}).to_string());
            organization
        };
        let decrypts = |account: &str| {
            let key = format!("arn:aws:kms:us-east-1:{account}:key/1");
            move |p: &Permissions| p.may("kms:Decrypt", &key, Context::open()).unwrap().is_some()
        };
        let insiders = json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}});
        assert!(asked(rcp(insiders), decrypts("111122223333")), "the principal belongs to the organization");
        let others = json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-2"}});
        assert!(!asked(rcp(others.clone()), decrypts("111122223333")));
        assert!(asked(rcp(others), decrypts("444455556666")), "another account has policies of its own");
    }

    #[test]
    fn a_perimeter_of_the_organization_lets_its_own_pass() {
        let perimeter = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
            {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:ResourceOrgID":"o-1"}}}]}"#;
        let certain = |resource: &'static str| {
            move |p: &Permissions| {
                let found = p.may("s3:GetObject", resource, Context::open()).unwrap();
                found.is_some_and(|proof| proof.keys.is_empty())
            }
        };
        assert!(asked(organization(policy(perimeter)), certain("arn:aws:s3:::own/x")));
        assert!(!asked(organization(policy(perimeter)), certain("*")), "whose it is cannot be told");
    }

    #[test]
    fn a_limit_on_regions_leaves_the_right_in_the_others() {
        let limit = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
            {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}]}"#;
        let proof = |resource: &'static str| {
            move |p: &Permissions| {
                let found = p.may("sagemaker:CreateModel", resource, Context::open()).unwrap();
                found.is_some_and(|proof| proof.keys.is_empty())
            }
        };
        assert!(asked(organization(policy(limit)), proof("*")));
        assert!(asked(organization(policy(limit)), proof("arn:aws:sagemaker:eu-west-1:111122223333:model/m")));
        assert!(!asked(organization(policy(limit)), proof("arn:aws:sagemaker:us-east-1:111122223333:model/m")));
    }
}
