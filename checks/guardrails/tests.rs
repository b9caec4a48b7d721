use super::*;
use crate::snapshot::{FORMAT, Snapshot};
use proptest::prelude::*;
use sagescan_policy::{Document, Guardrails, Policies, Request, decide};
use serde_json::{Value, json};
use std::sync::Arc;

const ALL: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
const EXECUTION: &str = "arn:aws:iam::111122223333:role/ml";

fn policy(statement: Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statement}).to_string()
}

fn role(name: &str, documents: &[String]) -> Value {
    let inline: Vec<Value> =
        documents.iter().enumerate().map(|(n, d)| json!({"name": n.to_string(), "document": d})).collect();
    json!({"name": name, "arn": format!("arn:aws:iam::111122223333:role/{name}"), "attached": [], "inline": inline, "boundary": null})
}

fn account(roles: Vec<Value>, organization: Value) -> Snapshot {
    let tables = [
        "training_jobs",
        "processing_jobs",
        "models",
        "endpoint_configs",
        "endpoints",
        "domains",
        "user_profiles",
        "spaces",
        "lifecycle_configs",
    ];
    let mut region: serde_json::Map<String, Value> = tables.iter().map(|t| ((*t).to_owned(), json!([]))).collect();
    region.insert("notebooks".into(), json!([{"name": "n", "role": EXECUTION}]));
    region.insert("vpcs".into(), json!([{"id": "vpc-1"}]));
    region.insert(
        "domains".into(),
        json!([{"id": "d-1", "name": "d", "role": "arn:aws:iam::111122223333:role/studio", "space_role": null}]),
    );
    serde_json::from_value(json!({"format": FORMAT, "scan": {"account": "111122223333", "partition": "aws"},
        "account": {"roles": roles, "users": [], "groups": [], "policies": [], "organization": organization},
        "regions": {"us-east-1": region}}))
    .unwrap()
}

fn organization(document: &str) -> Value {
    let level = |id: &str, kind: &str, document: &str| json!({"id": id, "kind": kind, "rcps": [], "scps": [{"id": "p-1", "name": "p", "document": document}]});
    json!({"id": "o-1", "management_account": "999999999999", "feature_set": "ALL",
        "levels": [level("r-1", "ROOT", ALL), level("111122223333", "ACCOUNT", document)]})
}

fn tried(snapshot: &Snapshot) -> BTreeMap<&'static str, Tried> {
    tried_of(snapshot, &IDS)
}

fn tried_of(snapshot: &Snapshot, ids: &[&str]) -> BTreeMap<&'static str, Tried> {
    let world = World::new(snapshot);
    let list = catalogue(&world).into_iter().filter(|guardrail| ids.contains(&guardrail.id)).collect();
    try_all(list, &world).into_iter().map(|tried| (tried.guardrail.id, tried)).collect()
}

fn state(snapshot: &Snapshot, id: &str) -> State {
    tried(snapshot)[id].state
}

fn deny(statement: Value) -> String {
    policy(json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}, statement]))
}

fn notebook_root_when(condition: Value) -> Value {
    json!({"Effect": "Deny", "Action": ["sagemaker:CreateNotebookInstance", "sagemaker:UpdateNotebookInstance"], "Resource": "*", "Condition": condition})
}

#[test]
fn ids_are_those_of_the_catalogue() {
    let snapshot = account(vec![], Value::Null);
    let ids: Vec<&str> = catalogue(&World::new(&snapshot)).iter().map(|g| g.id).collect();
    assert_eq!(ids, IDS);
}

#[test]
fn nothing_holds_where_everything_is_allowed_and_all_holds_where_nothing_is() {
    let open = account(vec![role("admin", &[ALL.into()]), role("studio", &[ALL.into()])], Value::Null);
    assert!(
        tried(&open).values().all(|tried| tried.state == State::Missing),
        "{:?}",
        tried(&open).values().map(|t| (t.guardrail.id, t.state)).collect::<Vec<_>>()
    );
    let closed = account(
        vec![role("reader", &[policy(json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}))])],
        Value::Null,
    );
    assert!(tried(&closed).values().all(|tried| tried.state == State::Unused));
}

#[test]
fn the_shape_that_forgets_the_parameter_is_found() {
    let half = deny(notebook_root_when(json!({"StringEquals": {"sagemaker:RootAccess": "Enabled"}})));
    let snapshot = account(vec![role("admin", &[ALL.into()])], organization(&half));
    let root = &tried(&snapshot)["notebook-root"];
    assert_eq!(root.state, State::Missing);
    let passing: Vec<_> = root.passing.keys().map(|(action, shape)| (action.as_str(), *shape)).collect();
    assert_eq!(passing, [("sagemaker:CreateNotebookInstance", "the parameter left out")]);
    let whole = deny(notebook_root_when(json!({"StringNotEquals": {"sagemaker:RootAccess": "Disabled"}})));
    let snapshot = account(vec![role("admin", &[ALL.into()])], organization(&whole));
    let root = &tried(&snapshot)["notebook-root"];
    assert_eq!(
        (root.state, root.denied_by.iter().copied().collect::<Vec<_>>()),
        (State::Holds, vec!["a service control policy"])
    );
}

#[test]
fn a_key_that_occurs_in_a_policy_is_no_guardrail() {
    // Two keys in one Null block: both must be missing, so a subnet without a group passes, and so does either alone.
    let both = deny(json!({"Effect": "Deny", "Action": "sagemaker:Create*", "Resource": "*",
        "Condition": {"Null": {"sagemaker:VpcSubnets": "true", "sagemaker:RootAccess": "true"}}}));
    assert_eq!(state(&account(vec![role("admin", &[ALL.into()])], organization(&both)), "vpc"), State::Missing);
    let dead = deny(json!({"Effect": "Deny", "Action": "sagemaker:CreateDomain", "Resource": "*",
        "Condition": {"Null": {"sagemaker:HomeEfsFileSystemKmsKey": "false"}}}));
    assert_eq!(state(&account(vec![role("admin", &[ALL.into()])], organization(&dead)), "volume-key"), State::Missing);
}

#[test]
fn exceptions_are_counted_and_named() {
    let exempt = deny(
        json!({"Effect": "Deny", "Action": ["sagemaker:CreateTrainingJob", "sagemaker:UpdateTrainingJob"], "Resource": "*",
        "Condition": {"Bool": {"sagemaker:EnableRemoteDebug": "true"},
            "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"}}}),
    );
    let roles = ["break-glass", "one", "two"].map(|name| role(name, &[ALL.into()]));
    let snapshot = account(roles.to_vec(), organization(&exempt));
    let debug = &tried(&snapshot)["remote-debug"];
    assert_eq!(debug.state, State::HoldsForSome);
    assert_eq!(
        (debug.open.iter().map(String::as_str).collect::<Vec<_>>(), debug.held.len()),
        (vec!["role break-glass"], 2)
    );
}

#[test]
fn an_allow_under_a_condition_is_a_guardrail_too() {
    let allow = policy(json!([{"Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": "*",
        "Condition": {"Bool": {"sagemaker:NetworkIsolation": "true"}}}]));
    let isolation = &tried(&account(vec![role("team", &[allow])], Value::Null))["network-isolation"];
    assert_eq!((isolation.state, isolation.denied_by.contains(NO_PERMISSION)), (State::Holds, true));
}

#[test]
fn what_was_not_seen_is_never_said_to_hold_or_to_be_missing() {
    let admin = || role("admin", &[ALL.into()]);
    let unseen = account(vec![admin()], json!({"unseen": "denied"}));
    assert!(tried(&unseen).values().all(|tried| matches!(tried.state, State::Unknown | State::Unused)));
    let mut hidden = account(vec![role("reader", &[])], Value::Null);
    hidden.account.roles.missing = Some(crate::snapshot::Gap::new(crate::snapshot::Reason::Denied, "x"));
    assert_eq!(state(&hidden, "vpc"), State::Unknown);
    let mut partial = admin();
    partial["attached"] = json!({"unseen": "denied"});
    assert_eq!(state(&account(vec![partial], Value::Null), "vpc"), State::Unknown);
    let from_vpn = deny(
        json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}}),
    );
    let network = account(vec![admin()], organization(&from_vpn));
    assert_eq!(state(&network, "vpc"), State::Unknown, "a network limit is no guardrail on subnets");
    assert_eq!(state(&network, "signed-urls"), State::Holds);
}

#[test]
fn equal_rights_are_tried_once_and_different_ones_apart() {
    let limited = policy(json!({"Effect": "Allow", "Action": "sagemaker:CreateModel", "Resource": "*"}));
    let roles = vec![role("a", &[ALL.into()]), role("b", &[ALL.into()]), role("c", &[limited])];
    let snapshot = account(roles, Value::Null);
    let world = World::new(&snapshot);
    let mut sizes: Vec<usize> = groups(&world, &["sagemaker:*"]).iter().map(|group| group.names.len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 2]);
}

#[test]
fn whom_the_organization_names_is_a_group_apart_and_the_rest_stays_one() {
    let exempt = deny(json!({"Effect": "Deny", "Action": "sagemaker:*", "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass-*"}}}));
    let names = (0..40).map(|at| format!("{}{at}", if at < 3 { "break-glass-" } else { "team-" }));
    let roles = names.map(|name| role(&name, &[ALL.into()])).collect();
    let snapshot = account(roles, organization(&exempt));
    let world = World::new(&snapshot);
    let mut sizes: Vec<usize> = groups(&world, &["sagemaker:*"]).iter().map(|group| group.names.len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [3, 37]);
}

/// Paths of everything below a value that could be forgotten.
fn places(value: &Value, at: &str, into: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(key, inner)| (key.clone(), inner)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(n, inner)| (n.to_string(), inner)).collect(),
        _ => Vec::new(),
    };
    for (key, inner) in inner {
        let path = format!("{at}/{key}");
        places(inner, &path, into);
        into.push(path);
    }
}

#[test]
fn forgetting_anything_makes_no_guardrail_hold() {
    let exempt = deny(json!({"Effect": "Deny", "Action": "sagemaker:Create*", "Resource": "*",
        "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}, "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"}}}));
    let no_debug = policy(
        json!({"Effect": "Deny", "Action": "sagemaker:*TrainingJob", "Resource": "*", "Condition": {"Bool": {"sagemaker:EnableRemoteDebug": "true"}}}),
    );
    let roles = vec![
        role("break-glass", &[ALL.into(), no_debug]),
        role("admin", &[ALL.into()]),
        role("studio", &[]),
        role("ml", &[]),
    ];
    let mut snapshot = account(roles, organization(&exempt));
    let user = json!({"name": "ana", "arn": "arn:aws:iam::111122223333:user/ana", "attached": ["arn:aws:iam::111122223333:policy/p"],
        "inline": [], "groups": ["team"], "boundary": "arn:aws:iam::111122223333:policy/p"});
    snapshot.account.users = serde_json::from_value(json!([user])).unwrap();
    snapshot.account.groups =
        serde_json::from_value(json!([{"name": "team", "attached": [], "inline": [{"name": "g", "document": ALL}]}]))
            .unwrap();
    let limited = policy(
        json!({"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*", "Condition": {"Bool": {"sagemaker:NetworkIsolation": "true"}}}),
    );
    snapshot.account.policies = serde_json::from_value(
        json!([{"name": "p", "arn": "arn:aws:iam::111122223333:policy/p", "document": limited}]),
    )
    .unwrap();
    let safe = |state: State| matches!(state, State::Holds | State::Unused);
    const LAW: [&str; 6] =
        ["vpc", "network-isolation", "remote-debug", "pass-role", "private-spaces", "notebook-scripts"];
    let before: BTreeMap<&str, State> =
        tried_of(&snapshot, &LAW).into_iter().map(|(id, tried)| (id, tried.state)).collect();
    assert!(before.values().any(|state| safe(*state)) || before.values().any(|state| *state == State::HoldsForSome));
    let whole = serde_json::to_value(&snapshot).unwrap();
    let mut paths = Vec::new();
    places(&whole["account"], "/account", &mut paths);
    places(&whole["regions"], "/regions", &mut paths);
    let (mut forgotten, mut wrong) = (0, Vec::new());
    for path in paths {
        let mut less = whole.clone();
        *less.pointer_mut(&path).unwrap() = json!({"unseen": "denied"});
        let Ok(less) = serde_json::from_value::<Snapshot>(less) else { continue };
        forgotten += 1;
        for (id, now) in tried_of(&less, &LAW) {
            if safe(now.state) && !safe(before[id]) {
                wrong.push(format!("{path} unseen makes {id} {}", now.state.word()));
            }
        }
    }
    assert!(wrong.is_empty() && forgotten > 30, "{forgotten} forgotten: {wrong:#?}");
}

/// Applies documents on top of everything and asks.
fn outcome(documents: &[Draft], form: Form, action: &str, resource: &str, keys: &[(&str, String)]) -> Outcome {
    let read = |draft: &Draft| Arc::new(Document::parse("guardrail", &draft.compact()).unwrap());
    let all = || Arc::new(Document::parse("all", ALL).unwrap());
    let written: Vec<_> = documents.iter().map(read).collect();
    let policies = match form {
        Form::Iam => Policies { identity: [vec![all()], written].concat(), ..Policies::default() },
        Form::Scp => Policies {
            identity: vec![all()],
            scps: Guardrails::Levels(vec![[vec![all()], written].concat()]),
            ..Policies::default()
        },
    };
    let context = Context::closed().with("aws:ViaAWSService", "false");
    let context = keys.iter().fold(context, |context, (key, value)| context.with(key, value.as_str()));
    let request =
        Request::new("arn:aws:iam::111122223333:role/admin", action, resource).within(context).with_known_keys();
    decide(&request, &policies).outcome
}

/// Every rule that speaks of an action wants its part of a good request.
fn good_request(guardrails: &[Guardrail], action: &str) -> Vec<(&'static str, String)> {
    let rules = guardrails.iter().flat_map(|guardrail| &guardrail.rules).filter(|rule| rule.actions.contains(&action));
    rules.filter_map(|rule| rule.good.as_ref()).flat_map(|good| good.keys.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is missing: the documents deny each hostile request, let each good one pass, and AWS would take them.
    #[test]
    fn documents_deny_what_is_hostile_and_nothing_else(
        wanted in prop::collection::btree_set(0..IDS.len(), 1..IDS.len()),
        scripts in 0usize..120,
        roles in 1usize..40,
        as_scp in any::<bool>(),
    ) {
        let form = if as_scp { Form::Scp } else { Form::Iam };
        let mut all: Vec<Value> = (0..roles).map(|n| role(&format!("ml-{n}"), &[])).collect();
        all.push(role("admin", &[ALL.into()]));
        all.push(role("studio", &[ALL.into()]));
        let mut snapshot = account(all, Value::Null);
        let region = snapshot.regions.get_mut("us-east-1").unwrap();
        region.notebooks.items = (0..roles).map(|n| crate::snapshot::Notebook {
            name: format!("n{n}"), role: Seen::Is(format!("arn:aws:iam::111122223333:role/ml-{n}")), ..Default::default()
        }).collect();
        region.lifecycle_configs.items = (0..scripts).map(|n| crate::snapshot::LifecycleConfig {
            arn: format!("arn:aws:sagemaker:us-east-1:111122223333:notebook-instance-lifecycle-config/start-{n}"), ..Default::default()
        }).collect();
        let world = World::new(&snapshot);
        let named: Vec<&str> = wanted.iter().map(|at| IDS[*at]).collect();
        let guardrails: Vec<Guardrail> = catalogue(&world).into_iter().filter(|g| named.contains(&g.id)).collect();
        let tried = try_all(guardrails.clone(), &world);
        let documents = documents(&tried, form, &named);
        for draft in &documents {
            prop_assert!(draft.size() <= if as_scp { CONTROL_POLICY } else { MANAGED_POLICY }, "{}", draft.size());
            for statement in Document::parse("guardrail", &draft.compact()).unwrap().statements() {
                prop_assert!(statement.flaw.is_none() && statement.remarks().is_empty(), "{:?}", statement.remarks());
                prop_assert!(statement.sid.as_deref().is_some_and(|sid| sid.bytes().all(|b| b.is_ascii_alphanumeric())));
            }
        }
        for guardrail in guardrails.iter().filter(|g| g.unwritten.is_none() && (form == Form::Iam || g.by == Enforced::Anywhere)) {
            for rule in &guardrail.rules {
                for action in rule.actions {
                    let own = |kind: &str| format!("arn:aws:sagemaker:us-east-1:111122223333:{}", kind.replace('*', "x"));
                    let resource = match &rule.target { Target::Is(arn) => arn.clone(), Target::OfAction => own(kind_of(action)) };
                    let whole = good_request(&guardrails, action);
                    for hostile in &rule.hostile {
                        let mut keys: Vec<_> = whole.iter().filter(|(key, _)| !rule.about.contains(key)).cloned().collect();
                        keys.extend(hostile.keys.clone());
                        let came = outcome(&documents, form, action, &resource, &keys);
                        prop_assert_eq!(came, Outcome::ExplicitDeny, "{} {} {}", guardrail.id, action, hostile.says);
                    }
                    if rule.good.is_some() {
                        let came = outcome(&documents, form, action, &resource, &whole);
                        prop_assert_eq!(came, Outcome::Allow, "{} {} with {:?}", guardrail.id, action, whole);
                    }
                }
            }
        }
        // Under its own documents, an organization holds what it was asked to hold.
        if as_scp && documents.len() < 5 {
            let scps: Vec<Value> = documents.iter().enumerate()
                .map(|(n, d)| json!({"id": format!("p-{n}"), "name": "own", "document": d.compact()}))
                .chain([json!({"id": "p-all", "name": "FullAWSAccess", "document": ALL})]).collect();
            let mut held = snapshot.clone();
            let mut over = organization(ALL);
            over["levels"][1]["scps"] = json!(scps);
            held.account.organization = serde_json::from_value(over).unwrap();
            let world = World::new(&held);
            for tried in try_all(guardrails, &world) {
                if tried.guardrail.unwritten.is_none() && tried.guardrail.by == Enforced::Anywhere {
                    prop_assert_eq!(tried.state, State::Holds, "{}: {:?}", tried.guardrail.id, tried.passing);
                }
            }
        }
    }
}
