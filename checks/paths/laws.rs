//! What holds for the paths of every account.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{PathReport, Query, attack_paths};
use crate::engine::World;
use crate::snapshot::{FORMAT, Snapshot};

pub(super) const ACCOUNT: &str = "111122223333";

pub(super) fn policy(statements: &[Value]) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

pub(super) fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

pub(super) fn arn(kind: &str, name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{kind}/{name}")
}

pub(super) fn trust(services: &[&str], principals: &[String]) -> String {
    let services: Vec<String> = services.iter().map(|service| format!("{service}.amazonaws.com")).collect();
    let mut whom = json!({});
    if !services.is_empty() {
        whom["Service"] = json!(services);
    }
    if !principals.is_empty() {
        whom["AWS"] = json!(principals);
    }
    policy(&[json!({"Effect": "Allow", "Principal": whom, "Action": "sts:AssumeRole"})])
}

pub(super) fn person(kind: &str, name: &str, statements: &[Value]) -> Value {
    let mut person = json!({"name": name, "arn": arn(kind, name), "attached": [], "boundary": null, "tags": null,
        "inline": [{"name": "work", "document": policy(statements)}]});
    if kind == "user" {
        person["groups"] = json!([]);
    }
    person
}

pub(super) fn role(name: &str, trust: &str, statements: &[Value]) -> Value {
    let mut role = person("role", name, statements);
    role["trust"] = json!(trust);
    role
}

/// An account with a path of every family.
pub(super) fn account() -> Value {
    let sagemaker = trust(&["sagemaker"], &[]);
    let notebook = |name: &str, role: &str, internet: bool| {
        json!({"name": name, "arn": format!("arn:aws:sagemaker:us-east-1:{ACCOUNT}:notebook-instance/{name}"), "status": "InService",
            "role": arn("role", role), "direct_internet": internet, "root_access": true, "subnet": null,
            "lifecycle_config": "setup", "tags": null})
    };
    json!({
        "format": FORMAT,
        "scan": {"account": ACCOUNT, "partition": "aws", "finished": "2026-11-01T12:00:00Z"},
        "account": {
            "users": [
                person("user", "ana", &[allow("iam:PassRole", "*"), allow("sagemaker:CreateTrainingJob", "*")]),
                person("user", "carl", &[allow("sagemaker:CreatePresignedNotebookInstanceUrl", "*")]),
                person("user", "dora", &[allow("s3:PutObject", "arn:aws:s3:::results/*")]),
                person("user", "emil", &[allow("sts:AssumeRole", &arn("role", "pipe"))]),
                person("user", "fred", &[allow("sagemaker:UpdateNotebookInstanceLifecycleConfig", "*")]),
            ],
            "groups": [], "policies": [],
            "roles": [
                role("boss", &sagemaker, &[allow("*", "*")]),
                role("train", &sagemaker, &[allow("s3:GetObject", "arn:aws:s3:::data/*")]),
                role("pipe", &trust(&["sagemaker"], &[ACCOUNT.to_owned()]), &[allow("iam:PassRole", "*"), allow("sagemaker:CreateProcessingJob", "*")]),
                role("vendor", &trust(&[], &["444455556666".to_owned()]), &[allow("s3:GetObject", "arn:aws:s3:::data/*")]),
            ],
            "buckets": [
                {"name": "data", "region": "us-east-1", "owned": true, "policy": null, "encryption": null, "public_access_block": null},
                {"name": "results", "region": "us-east-1", "owned": true, "policy": null, "encryption": null, "public_access_block": null},
            ],
            "public_access_block": null, "credentials": [],
        },
        "regions": {"us-east-1": {
            "notebooks": [notebook("lab", "train", true), notebook("top", "boss", false)],
            "lifecycle_configs": [{"name": "setup", "arn": format!("arn:aws:sagemaker:us-east-1:{ACCOUNT}:notebook-instance-lifecycle-config/setup")}],
            "training_jobs": [{"name": "j", "inputs": ["s3://data/train/"], "output_path": "s3://results/", "role": arn("role", "train"), "status": "Completed"}],
            "processing_jobs": [],
            "models": [{"name": "m", "role": arn("role", "train"), "network_isolation": false, "vpc": null, "containers": [{"data": ["s3://results/m.tar.gz"]}]}],
            "endpoint_configs": [{"name": "c", "variants": [{"name": "v", "model": "m"}], "shadow_variants": null, "role": null}],
            "endpoints": [{"name": "e", "config": "c", "status": "InService", "tags": null}],
            "domains": [], "user_profiles": [], "spaces": [], "pipelines": [], "clusters": [], "feature_groups": [], "workteams": [],
            "model_packages": [], "model_package_groups": [], "subnets": [], "route_tables": [], "inference_components": [], "ecr_repositories": [], "event_rules": [], "file_systems": [],
            "network_interfaces": [], "security_groups": [], "vpc_endpoints": [],
        }},
    })
}

/// The same with a path of each family that is about what lies around workloads.
pub(super) fn surrounded() -> Value {
    let mut account = account();
    let sagemaker = |kind: &str, name: &str| format!("arn:aws:sagemaker:us-east-1:{ACCOUNT}:{kind}/{name}");
    let mut tagged = allow("sagemaker:CreatePresignedNotebookInstanceUrl", "*");
    tagged["Condition"] = json!({"StringEquals": {"aws:ResourceTag/team": "a"}});
    let no_iam =
        json!({"Effect": "Deny", "Action": ["iam:Create*", "iam:Put*", "iam:Attach*", "sts:*"], "Resource": "*"});
    let own = arn("user", "kim");
    let mut kim = person("user", "kim", &[allow("iam:*", "*")]);
    let others = json!({"Effect": "Deny", "Action": "iam:*", "NotResource": own});
    let no = json!({"name": "no", "document": policy(&[no_iam, others])});
    kim["inline"].as_array_mut().expect("policies").push(no);
    let users = [
        person("user", "gina", &[allow("ecr:PutImage", "*")]),
        person("user", "hans", &[allow("sagemaker:InvokeEndpoint", "*")]),
        person("user", "ida", &[allow("sagemaker:UpdateModelPackage", "*")]),
        person("user", "jon", &[tagged, allow("sagemaker:AddTags", "*")]),
        kim,
    ];
    account["account"]["users"].as_array_mut().expect("users").extend(users);
    let serve = [allow("s3:GetObject", "arn:aws:s3:::data/*"), allow("s3:PutObject", "*")];
    let roles = account["account"]["roles"].as_array_mut().expect("roles");
    roles.push(role("serve", &trust(&["sagemaker"], &[]), &serve));
    let buckets = account["account"]["buckets"].as_array_mut().expect("buckets");
    let default = format!("sagemaker-us-east-1-{ACCOUNT}");
    buckets.extend([
        json!({"name": default, "region": null, "owned": false, "policy": null, "encryption": null}),
        json!({"name": "elsewhere", "region": "us-east-1", "owned": false, "policy": null, "encryption": null}),
    ]);
    let here = &mut account["regions"]["us-east-1"];
    let mut add = |table: &str, item: Value| here[table].as_array_mut().expect("a table").push(item);
    let image = format!("{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/serve:1");
    add(
        "models",
        json!({"name": "m2", "role": arn("role", "serve"), "network_isolation": false, "vpc": null,
        "containers": [{"image": image, "data": ["s3://elsewhere/model.tar.gz"]}]}),
    );
    add(
        "endpoint_configs",
        json!({"name": "c2", "variants": [{"name": "v", "model": "m2"}], "shadow_variants": null, "role": null}),
    );
    add(
        "endpoints",
        json!({"name": "e2", "arn": sagemaker("endpoint", "e2"), "config": "c2", "status": "InService",
        "tags": null, "policy": null}),
    );
    add(
        "ecr_repositories",
        json!({"name": "serve", "arn": format!("arn:aws:ecr:us-east-1:{ACCOUNT}:repository/serve"),
        "tag_mutability": "MUTABLE", "exclusions": null, "policy": null}),
    );
    add(
        "model_packages",
        json!({"name": "churn", "arn": sagemaker("model-package", "churn/1"), "group": "churn",
        "version": 1, "tags": null}),
    );
    add(
        "event_rules",
        json!({"name": "deploy", "state": "ENABLED",
        "pattern": json!({"source": ["aws.sagemaker"], "detail-type": ["SageMaker Model Package State Change"]}).to_string(),
        "targets": [format!("arn:aws:lambda:us-east-1:{ACCOUNT}:function:deploy")]}),
    );
    add(
        "domains",
        json!({"name": "studio", "arn": sagemaker("domain", "d-1"), "id": "d-1", "auth": "SSO",
        "role": arn("role", "train"), "space_role": null, "file_system": "fs-1", "network_access": "VpcOnly", "subnets": ["subnet-1"],
        "mount_targets": [{"id": "fsmt-1", "file_system": "fs-1", "interface": "eni-1"}],
        "security_groups": ["sg-1"], "space_security_groups": null, "domain_security_groups": null,
        "boundary_security_group": null, "tags": null}),
    );
    for name in ["eve", "finn"] {
        add(
            "user_profiles",
            json!({"name": name, "arn": sagemaker("user-profile", &format!("d-1/{name}")), "domain": "d-1",
            "role": null, "security_groups": null, "tags": null}),
        );
    }
    add("subnets", json!({"id": "subnet-1", "vpc": "vpc-1"}));
    add("route_tables", json!({"id": "rtb-1", "vpc": "vpc-1", "main": true, "subnets": [], "routes": []}));
    let outside = json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::666677778888:root"},
        "Action": "sagemaker:CreateModelPackage", "Resource": "*"});
    add(
        "model_package_groups",
        json!({"name": "churn", "arn": sagemaker("model-package-group", "churn"),
        "policy": policy(&[outside])}),
    );
    let fs = format!("arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:file-system/fs-1");
    add("file_systems", json!({"id": "fs-1", "arn": fs, "policy": null, "tags": null}));
    add("network_interfaces", json!({"id": "eni-1", "security_groups": ["sg-2"]}));
    let rule = json!({"protocol": "tcp", "from": 2049, "to": 2049, "cidrs": [], "groups": ["sg-1", "sg-9"], "prefix_lists": []});
    add("security_groups", json!({"id": "sg-2", "name": "nfs", "vpc": "vpc-1", "ingress": [rule], "egress": []}));
    add("security_groups", json!({"id": "sg-9", "name": "batch", "vpc": "vpc-1", "ingress": [], "egress": []}));
    account
}

pub(super) fn report(account: &Value) -> PathReport {
    let snapshot: Snapshot = serde_json::from_value(account.clone()).expect("a snapshot");
    attack_paths(&World::new(&snapshot), &Query::default()).expect("nothing is asked for by name")
}

/// Who reaches what.
fn ends(report: &PathReport) -> BTreeSet<(String, String)> {
    let of = |path: &super::AttackPath| {
        path.sources.iter().map(|source| (source.name.clone(), path.sink.name.clone())).collect::<Vec<_>>()
    };
    report.paths.iter().flat_map(of).collect()
}

/// Who reaches anything.
fn sources(report: &PathReport) -> BTreeSet<String> {
    ends(report).into_iter().map(|(source, _)| source).collect()
}

/// Everything in the account that might not have been seen.
fn forgettable(account: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let scopes = [
        ("/account".to_owned(), &account["account"]),
        ("/regions/us-east-1".to_owned(), &account["regions"]["us-east-1"]),
    ];
    for (scope, tables) in scopes {
        for (table, items) in tables.as_object().into_iter().flatten() {
            all.push(format!("{scope}/{table}"));
            for (at, item) in items.as_array().into_iter().flatten().enumerate() {
                let fields = item.as_object().into_iter().flatten().map(|(field, _)| field);
                all.extend(
                    fields
                        .filter(|f| !["name", "arn"].contains(&f.as_str()))
                        .map(|f| format!("{scope}/{table}/{at}/{f}")),
                );
            }
        }
    }
    all
}

#[test]
fn every_family_of_edges_has_a_path() {
    let report = report(&account());
    let rules: BTreeSet<&str> = report.paths.iter().map(|path| path.rule).collect();
    for rule in ["AP-01", "AP-03", "AP-05", "AP-09", "AP-14", "AP-18", "AP-19"] {
        assert!(rules.contains(rule), "{rule} is not among {rules:?}");
    }
    assert!(report.gaps.is_empty() && !report.cut.any(), "{:?} {:?}", report.gaps, report.cut);
    for path in &report.paths {
        assert!(!path.hops.is_empty() && path.hops.iter().all(|hop| !hop.evidence.is_empty()), "{path:?}");
        let chained = path.hops.windows(2).all(|pair| pair[0].to == pair[1].from);
        assert!(chained && path.hops.last().is_some_and(|hop| hop.to == path.sink), "{path:?}");
        assert!(path.weakest.hop >= 1 && path.weakest.hop <= path.hops.len());
    }
    let ids: BTreeSet<&str> = report.paths.iter().map(|path| path.id.as_str()).collect();
    assert_eq!(ids.len(), report.paths.len(), "ids are unique");
}

#[test]
fn what_lies_around_workloads_has_a_path_of_each_family() {
    let report = report(&surrounded());
    let rules: BTreeSet<&str> = report.paths.iter().map(|path| path.rule).collect();
    for rule in ["AP-10", "AP-13", "AP-20", "AP-21", "AP-23", "AP-24", "AP-25", "AP-26", "AP-27", "AP-29"] {
        assert!(rules.contains(rule), "{rule} is not among {rules:?}: {:?} {:?}", report.gaps, report.cut);
    }
    assert!(report.gaps.is_empty() && !report.cut.any(), "{:?} {:?}", report.gaps, report.cut);
    for path in &report.paths {
        assert!(!path.hops.is_empty() && path.hops.iter().all(|hop| !hop.evidence.is_empty()), "{path:?}");
        let chained = path.hops.windows(2).all(|pair| pair[0].to == pair[1].from);
        assert!(chained && path.hops.last().is_some_and(|hop| hop.to == path.sink), "{path:?}");
        assert!(path.hops.iter().all(|hop| !hop.says.contains("  ")), "{path:?}");
    }
    let ids: BTreeSet<&str> = report.paths.iter().map(|path| path.id.as_str()).collect();
    assert_eq!(ids.len(), report.paths.len(), "ids are unique");
}

#[test]
fn what_is_forgotten_is_never_reported_as_absent() {
    for whole in [account(), surrounded()] {
        let before = report(&whole);
        assert!(before.gaps.is_empty(), "{:?}", before.gaps);
        let had = ends(&before);
        for path in forgettable(&whole) {
            let mut less = whole.clone();
            *less.pointer_mut(&path).expect("a place") = json!({"unseen": "denied"});
            let Ok(snapshot) = serde_json::from_value::<Snapshot>(less) else { continue };
            let after = attack_paths(&World::new(&snapshot), &Query::default()).expect("nothing is asked for by name");
            let lost: Vec<_> = had.difference(&ends(&after)).cloned().collect();
            assert!(lost.is_empty() || !after.gaps.is_empty(), "{path} unseen loses {lost:?} without a word");
        }
    }
}

#[test]
fn the_same_account_gives_the_same_report_in_any_order() {
    let whole = surrounded();
    let mut turned = whole.clone();
    for scope in ["/account", "/regions/us-east-1"] {
        let tables = turned.pointer_mut(scope).and_then(Value::as_object_mut).expect("tables");
        tables.values_mut().filter_map(Value::as_array_mut).for_each(|items| items.reverse());
    }
    let told = |report: &PathReport| {
        report.paths.iter().map(|path| (path.id.clone(), path.narrative.clone())).collect::<BTreeSet<_>>()
    };
    assert_eq!(told(&report(&whole)), told(&report(&turned)));
}

/// Who can do much shares the ways to what it can do it to: the graph grows with the principals and the targets, not with
/// their product.
#[test]
fn many_with_many_rights_meet_in_sets_of_targets() {
    let sagemaker = trust(&["sagemaker"], &[]);
    let size = |people: usize| {
        let mut crowd = account();
        let mut roles: Vec<Value> = crowd["account"]["roles"].as_array().expect("roles").clone();
        let strong = |n: usize| allow("s3:GetObject", &format!("arn:aws:s3:::data/{n}/*"));
        roles.extend((0..30).map(|n| role(&format!("strong{n}"), &sagemaker, &[strong(n)])));
        // Each has policies of its own, and so rights of its own.
        roles.extend((0..people).map(|n| {
            let own = allow("s3:GetObject", &format!("arn:aws:s3:::own-{n}/*"));
            let all =
                [own, allow("iam:PassRole", "*"), allow("sagemaker:*", "*"), allow("s3:*", "arn:aws:s3:::results/*")];
            let mut role = role(&format!("dev{n}"), &trust(&["ec2"], &[]), &all);
            role["inline"][0]["name"] = json!(format!("own-{n}"));
            role
        }));
        crowd["account"]["roles"] = json!(roles);
        let report = report(&crowd);
        assert!(report.paths.iter().any(|path| path.rule == "AP-01" && path.source_count > people));
        report.graph.edges
    };
    let (few, many) = (size(20), size(120));
    assert!(
        many - few < 100 * 30,
        "each of a hundred more brings its own edges, not one to each target: {few}, {many}"
    );
}

/// A service control policy over the account.
pub(super) fn governed(account: &Value, statements: &[Value]) -> Value {
    let mut governed = account.clone();
    let document = policy(&[&[allow("*", "*")], statements].concat());
    let level = json!({"id": "r-1", "kind": "ROOT", "rcps": [], "scps": [{"id": "p-1", "name": "fence", "document": document}]});
    governed["account"]["organization"] =
        json!({"id": "o-1", "management_account": "999999999999", "feature_set": "ALL", "levels": [level]});
    governed
}

#[test]
fn organization_policies_that_were_read_take_paths_away() {
    let whole = account();
    let alone = report(&whole);
    assert!(alone.assumes.contains("upper bound"), "{}", alone.assumes);
    let free = report(&governed(&whole, &[]));
    assert_eq!(ends(&free), ends(&alone));
    assert!(!free.assumes.contains("upper bound"), "{}", free.assumes);
    let no_jobs = json!({"Effect": "Deny", "Action": "sagemaker:Create*", "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": arn("role", "pipe")}}});
    let fenced = report(&governed(&whole, &[no_jobs]));
    let (before, after) = (sources(&alone), sources(&fenced));
    assert!(before.contains("ana") && !after.contains("ana"), "{after:?}");
    assert!(after.contains("pipe"), "the fence leaves it out: {after:?}");
    let mut unread = governed(&whole, &[]);
    unread["account"]["organization"]["levels"][0]["scps"] = json!({"unseen": "denied"});
    assert!(report(&unread).assumes.contains("upper bound"));
}

#[test]
fn a_resource_control_policy_keeps_outsiders_out() {
    let mut whole = governed(&account(), &[]);
    let fence = policy(&[json!({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}}})]);
    assert!(report(&whole).paths.iter().any(|path| path.rule == "AP-14"));
    whole["account"]["organization"]["levels"][0]["rcps"] = json!([{"id": "p-2", "name": "fence", "document": fence}]);
    assert!(!report(&whole).paths.iter().any(|path| path.rule == "AP-14"));
}

/// A thousand roles that all trust and may assume each other, and a ring of assumptions: it ends, and says what it left out.
#[test]
fn a_crowd_that_trusts_each_other_stays_within_bounds() {
    let everyone = trust(&["sagemaker"], &[ACCOUNT.to_owned()]);
    let mut roles: Vec<Value> = (0..1000)
        .map(|n| {
            let own = allow("s3:GetObject", &format!("arn:aws:s3:::data/{n}/*"));
            role(
                &format!("r{n}"),
                &everyone,
                &[allow("sts:AssumeRole", "*"), allow("iam:PassRole", "*"), allow("sagemaker:*", "*"), own],
            )
        })
        .collect();
    roles.push(role("boss", &everyone, &[allow("*", "*")]));
    let mut crowd = account();
    crowd["account"]["roles"] = json!(roles);
    crowd["account"]["users"] = json!([]);
    let report = report(&crowd);
    assert!(report.graph.edges <= 200_000 && report.graph.nodes < 10_000, "{:?}", report.graph);
    assert!(report.cut.any(), "a crowd cannot be looked at pair by pair");
    assert!(
        report.paths.iter().any(|path| path.sink.kind == "admin" && path.source_count >= 1),
        "{:?}",
        report.paths.len()
    );

    let ring: Vec<Value> = (0..50)
        .map(|n| {
            let next = format!("r{}", (n + 1) % 50);
            role(&format!("r{n}"), &everyone, &[allow("sts:AssumeRole", &arn("role", &next))])
        })
        .collect();
    crowd["account"]["roles"] = json!(ring);
    let snapshot: Snapshot = serde_json::from_value(crowd).expect("a snapshot");
    let query = Query { to: Some("r0".to_owned()), ..Query::default() };
    let report = attack_paths(&World::new(&snapshot), &query).expect("r0 is there");
    assert!(report.paths.iter().all(|path| path.hops.len() <= 8));
    assert!(report.cut.too_long > 0, "most of the ring is too far away");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_deny_never_adds_a_path(
        whole in prop::sample::select(vec![account(), surrounded()]),
        who in any::<prop::sample::Index>(),
        action in prop::sample::select(vec![
            "iam:PassRole", "sagemaker:*", "sts:*", "s3:*", "*", "s3:GetObject", "iam:*", "ecr:*", "iam:DeleteUserPolicy",
            "sagemaker:AddTags", "iam:CreateRole",
        ]),
        resource in prop::sample::select(vec!["*", "arn:aws:iam::111122223333:role/boss", "arn:aws:s3:::data/*"]),
    ) {
        let had = ends(&report(&whole));
        let mut denied = whole.clone();
        let kinds = ["/account/users", "/account/roles"];
        let places: Vec<String> = kinds.iter().flat_map(|kind| {
            let count = whole.pointer(kind).and_then(Value::as_array).map_or(0, Vec::len);
            (0..count).map(move |at| format!("{kind}/{at}/inline"))
        }).collect();
        let place = denied.pointer_mut(who.get::<String>(&places)).and_then(Value::as_array_mut).expect("policies");
        place.push(json!({"name": "no", "document": policy(&[json!({"Effect": "Deny", "Action": action, "Resource": resource})])}));
        let after = ends(&report(&denied));
        // Who is no administrator any more may read data where the way to everything hid it.
        let news: Vec<_> = after.difference(&had).filter(|(who, sink)| {
            !sink.starts_with("data") || !had.iter().any(|(before, goal)| before == who && goal.starts_with("administrator"))
        }).filter(|(who, _)| who != "boss")
        // Whoever may read data needs no way to them, until it may not.
        .filter(|(who, sink)| (who.as_str(), sink.as_str()) != ("serve", "data")).collect();
        prop_assert!(news.is_empty(), "{news:?}");
    }
}
