//! Each rule in an account that has it, and in one that lacks the part without which there is no such path.

use serde_json::{Value, json};

use super::laws::{ACCOUNT, account, allow, arn, governed, person, report, role, trust};
use super::{AttackPath, Certainty};
use crate::engine::Severity;

/// An account with an administrator that SageMaker wears, one role that reads training data, and otherwise nobody.
fn quiet() -> Value {
    let mut quiet = account();
    quiet["account"]["users"] = json!([]);
    let sagemaker = trust(&["sagemaker"], &[]);
    quiet["account"]["roles"] = json!([
        role("boss", &sagemaker, &[allow("*", "*")]),
        role("train", &sagemaker, &[allow("s3:GetObject", "arn:aws:s3:::data/*")]),
    ]);
    for table in ["notebooks", "lifecycle_configs", "models", "endpoint_configs", "endpoints"] {
        here(&mut quiet)[table] = json!([]);
    }
    quiet
}

fn here(account: &mut Value) -> &mut Value {
    &mut account["regions"]["us-east-1"]
}

fn add_user(account: &mut Value, statements: &[Value]) {
    let users = account["account"]["users"].as_array_mut().expect("users");
    users.push(person("user", "ana", statements));
}

fn thing(kind: &str, name: &str) -> String {
    format!("arn:aws:sagemaker:us-east-1:{ACCOUNT}:{kind}/{name}")
}

/// The path of a rule, if there is one.
fn told(account: &Value, rule: &str) -> Option<AttackPath> {
    let report = report(account);
    report.paths.into_iter().find(|path| path.rule == rule)
}

fn domain(auth: &str) -> Value {
    json!({"name": "studio", "arn": thing("domain", "d-1"), "id": "d-1", "auth": auth, "role": arn("role", "train"),
        "space_role": arn("role", "boss"), "tags": null})
}

fn profile(name: &str, role: &str) -> Value {
    json!({"name": name, "arn": thing("user-profile", &format!("d-1/{name}")), "domain": "d-1", "role": arn("role", role),
        "tags": null})
}

#[test]
fn ap_04_another_studio_user() {
    let mut studio = quiet();
    add_user(&mut studio, &[allow("sagemaker:CreatePresignedDomainUrl", "*")]);
    here(&mut studio)["domains"] = json!([domain("IAM")]);
    here(&mut studio)["user_profiles"] = json!([profile("eve", "boss")]);
    let path = told(&studio, "AP-04").expect("a path");
    assert_eq!(path.severity, Severity::Critical);
    assert_eq!(
        path.narrative,
        "User ana can sign in as user-profile d-1/eve, which runs as role boss, which can call every IAM operation"
    );
    here(&mut studio)["domains"] = json!([domain("SSO")]);
    assert_eq!(told(&studio, "AP-04"), None);
}

#[test]
fn ap_06_a_stronger_role_for_a_profile() {
    let mut studio = quiet();
    let rights = [
        allow("iam:PassRole", "*"),
        allow("sagemaker:UpdateUserProfile", "*"),
        allow("sagemaker:CreatePresignedDomainUrl", "*"),
        allow("sagemaker:CreateApp", "*"),
    ];
    add_user(&mut studio, &rights);
    let path = told(&studio, "AP-06").expect("a path");
    assert!(path.sink.kind == "admin" && path.hops[0].technique.starts_with("sm-new-1"), "{path:?}");
    let mut nothing_passed = quiet();
    add_user(&mut nothing_passed, &rights[1..]);
    assert_eq!(told(&nothing_passed, "AP-06"), None);
}

#[test]
fn ap_07_an_editor_in_the_space_of_another() {
    let mut studio = quiet();
    add_user(&mut studio, &[allow("sagemaker:StartSession", "*")]);
    here(&mut studio)["domains"] = json!([domain("SSO")]);
    here(&mut studio)["user_profiles"] = json!([profile("eve", "boss")]);
    let space = |sharing: &str, access: Value| {
        json!([{"name": "lab", "arn": thing("space", "d-1/lab"), "domain": "d-1", "sharing": sharing, "owner": "eve",
            "remote_access": access, "tags": null}])
    };
    for sharing in ["Private", "Shared"] {
        here(&mut studio)["spaces"] = space(sharing, json!(true));
        let path = told(&studio, "AP-07").expect("a path");
        assert_eq!((path.severity, path.hops[1].to.name.as_str()), (Severity::Critical, "boss"));
        assert!(path.narrative.starts_with("User ana can attach an editor to space d-1/lab"), "{}", path.narrative);
    }
    here(&mut studio)["spaces"] = space("Private", Value::Null);
    assert_eq!(told(&studio, "AP-07"), None);
    here(&mut studio)["spaces"] = space("Private", json!({"unseen": "denied"}));
    let unsure = told(&studio, "AP-07").expect("a path that may be none");
    assert!(matches!(unsure.hops[0].certainty, Certainty::Assumed { .. }), "{unsure:?}");
}

#[test]
fn ap_08_a_shell_in_a_running_job() {
    let job = |status: &str, isolated: bool, debug: bool| {
        json!([{"name": "j", "arn": thing("training-job", "j"), "status": status, "role": arn("role", "boss"), "inputs": [],
            "network_isolation": isolated, "remote_debug": debug, "tags": null}])
    };
    let mut account = quiet();
    add_user(&mut account, &[allow("ssm:StartSession", "*")]);
    here(&mut account)["training_jobs"] = job("InProgress", false, true);
    let path = told(&account, "AP-08").expect("a path");
    assert!(path.narrative.starts_with("User ana can open a shell in training-job j"), "{}", path.narrative);
    for (status, isolated, debug) in
        [("InProgress", true, true), ("Completed", false, true), ("InProgress", false, false)]
    {
        here(&mut account)["training_jobs"] = job(status, isolated, debug);
        assert_eq!(told(&account, "AP-08"), None, "{status} {isolated} {debug}");
    }
    // Whoever may update the job switches it on.
    account["account"]["users"] = json!([]);
    add_user(&mut account, &[allow("ssm:StartSession", "*"), allow("sagemaker:UpdateTrainingJob", "*")]);
    assert!(told(&account, "AP-08").is_some());
    // The agent in the container needs the rights of the role.
    here(&mut account)["training_jobs"][0]["role"] = json!(arn("role", "train"));
    assert_eq!(told(&account, "AP-08"), None);
}

#[test]
fn ap_11_scripts_of_a_cluster() {
    let mut account = quiet();
    add_user(&mut account, &[allow("s3:PutObject", "arn:aws:s3:::results/scripts/*")]);
    here(&mut account)["clusters"] = json!([{"name": "pod", "arn": thing("cluster", "pod"), "tags": null, "groups":
        [{"name": "workers", "role": arn("role", "boss"), "scripts": "s3://results/scripts/", "on_create": "on_create.sh"}],
        "restricted_groups": null}]);
    let path = told(&account, "AP-11").expect("a path");
    assert_eq!(
        path.narrative,
        "User ana can replace s3://results/scripts/, which is run as root by each new node of cluster pod, which runs as \
         role boss, which can call every IAM operation"
    );
    assert!(path.hops[1].waits);
    here(&mut account)["clusters"][0]["groups"][0]["scripts"] = json!("s3://elsewhere/");
    assert_eq!(told(&account, "AP-11"), None);
}

#[test]
fn ap_12_a_pipeline_rewritten() {
    let mut account = quiet();
    add_user(&mut account, &[allow("sagemaker:UpdatePipeline", "*"), allow("sagemaker:StartPipelineExecution", "*")]);
    here(&mut account)["pipelines"] =
        json!([{"name": "nightly", "arn": thing("pipeline", "nightly"), "role": arn("role", "boss"), "tags": null}]);
    let path = told(&account, "AP-12").expect("a path");
    assert_eq!(path.severity, Severity::High, "derived from the API");
    assert!(path.narrative.starts_with("User ana can rewrite and start pipeline nightly, which runs as role boss"));
    account["account"]["users"] = json!([]);
    add_user(&mut account, &[allow("sagemaker:UpdatePipeline", "*")]);
    assert_eq!(told(&account, "AP-12"), None);
}

#[test]
fn ap_16_another_compute_service() {
    let mut account = quiet();
    let lambda = trust(&["sagemaker", "lambda"], &[]);
    account["account"]["roles"] = json!([role("boss", &lambda, &[allow("*", "*")])]);
    let rights = [allow("iam:PassRole", "*"), allow("lambda:CreateFunction", "*"), allow("lambda:InvokeFunction", "*")];
    add_user(&mut account, &rights);
    let path = told(&account, "AP-16").expect("a path");
    assert!(path.narrative.starts_with("User ana can run a Lambda function as boss"), "{}", path.narrative);
    account["account"]["roles"] = json!([role("boss", &trust(&["sagemaker"], &[]), &[allow("*", "*")])]);
    assert_eq!(told(&account, "AP-16"), None);
}

#[test]
fn ap_22_traffic_to_a_bucket_of_choice() {
    let mut account = quiet();
    let rights = [allow("sagemaker:CreateEndpointConfig", "*"), allow("sagemaker:UpdateEndpoint", "*")];
    add_user(&mut account, &rights);
    let anywhere = [allow("s3:PutObject", "*")];
    let roles = account["account"]["roles"].as_array_mut().expect("roles");
    roles.push(role("serve", &trust(&["sagemaker"], &[]), &anywhere));
    let region = here(&mut account);
    region["models"] =
        json!([{"name": "m", "role": arn("role", "serve"), "network_isolation": false, "containers": []}]);
    region["endpoint_configs"] =
        json!([{"name": "c", "variants": [{"name": "v", "model": "m"}], "shadow_variants": null, "role": null}]);
    region["endpoints"] =
        json!([{"name": "e", "arn": thing("endpoint", "e"), "config": "c", "status": "InService", "tags": null}]);
    let path = told(&account, "AP-22").expect("a path");
    assert_eq!((path.sink.kind, path.severity), ("endpoint-traffic", Severity::Medium));
    assert!(path.hops[0].evidence.len() >= 2 && path.hops[0].cuts.len() >= 2, "{path:?}");
    // A role that writes to its own bucket alone can be told no other.
    account["account"]["roles"][2] =
        role("serve", &trust(&["sagemaker"], &[]), &[allow("s3:PutObject", "arn:aws:s3:::results/*")]);
    assert_eq!(told(&account, "AP-22"), None);
}

#[test]
fn ap_28_the_key_of_training_data() {
    let mut account = quiet();
    let key = format!("arn:aws:kms:us-east-1:{ACCOUNT}:key/k-1");
    let root = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal":
        {"AWS": format!("arn:aws:iam::{ACCOUNT}:root")}, "Action": "kms:*", "Resource": "*"}]});
    account["account"]["buckets"][0]["encryption"] = json!({"algorithm": "aws:kms", "key": key});
    here(&mut account)["keys"] = json!([{"arn": key, "references": [key], "exists": true, "manager": "CUSTOMER",
        "state": "Enabled", "policy": root.to_string()}]);
    add_user(&mut account, &[allow("kms:CreateGrant", "*")]);
    let path = told(&account, "AP-28").expect("a path");
    assert_eq!((path.severity, path.sink.name.as_str()), (Severity::High, "data"));
    assert_eq!(path.narrative, "User ana can hand out the use of the key of bucket data");
    // What AWS services may do on its behalf, it cannot do itself.
    let mut for_aws = allow("kms:CreateGrant", "*");
    for_aws["Condition"] = json!({"Bool": {"kms:GrantIsForAWSResource": "true"}});
    account["account"]["users"] = json!([]);
    add_user(&mut account, &[for_aws]);
    assert_eq!(told(&account, "AP-28"), None);
}

#[test]
fn a_grant_opens_a_key_to_whom_no_policy_names() {
    let mut account = quiet();
    let key = format!("arn:aws:kms:us-east-1:{ACCOUNT}:key/k-1");
    let bosses = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal":
        {"AWS": arn("role", "boss")}, "Action": "kms:*", "Resource": "*"}]});
    account["account"]["buckets"][0]["encryption"] = json!({"algorithm": "aws:kms", "key": key});
    here(&mut account)["keys"] = json!([{"arn": key, "references": [key], "exists": true, "manager": "CUSTOMER",
        "state": "Enabled", "policy": bosses.to_string()}]);
    add_user(&mut account, &[allow("iam:PassRole", &arn("role", "train")), allow("sagemaker:CreateTrainingJob", "*")]);
    let with_grants = |grants: Value| {
        let mut account = account.clone();
        here(&mut account)["key_grants"] = grants;
        account
    };
    let grant = |grantee: &str, operation: &str| {
        with_grants(json!([{"name": key, "more": false, "grants": [{"id": "g1", "grantee": grantee,
            "operations": [operation], "constrained": false}]}]))
    };
    let path = told(&grant(&arn("role", "train"), "Decrypt"), "AP-02").expect("a path");
    assert_eq!(path.sink.name, "data");
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/train/SageMaker");
    assert!(told(&grant(&session, "Decrypt"), "AP-02").is_some());
    assert_eq!(told(&grant(&arn("role", "train"), "Encrypt"), "AP-02"), None);
    assert_eq!(told(&grant(&arn("role", "other"), "Decrypt"), "AP-02"), None);
    let unseen = report(&with_grants(json!({"unseen": "denied"})));
    assert!(unseen.paths.iter().all(|path| path.rule != "AP-02") && !unseen.gaps.is_empty());
}

#[test]
fn ap_29_a_limit_that_its_holder_lifts() {
    let mut account = quiet();
    let limit = format!("arn:aws:iam::{ACCOUNT}:policy/limit");
    let bounded = |allowed: &[Value]| {
        let document = super::laws::policy(allowed);
        let mut account = account.clone();
        account["account"]["policies"] =
            json!([{"name": "limit", "arn": limit, "version": "v1", "document": document}]);
        add_user(&mut account, &[allow("*", "*")]);
        account["account"]["users"][0]["boundary"] = json!(limit);
        account
    };
    let open = bounded(&[allow("s3:*", "*"), allow("iam:DeleteUserPermissionsBoundary", "*")]);
    let path = told(&open, "AP-29").expect("a path");
    assert_eq!(path.severity, Severity::Critical);
    assert_eq!(path.narrative, "User ana can lift its own permissions boundary, and then call every IAM operation");
    assert_eq!(told(&bounded(&[allow("s3:*", "*")]), "AP-29"), None);
    account["account"]["policies"] = json!([]);
}

#[test]
fn ap_30_a_key_that_is_old() {
    let mut account = quiet();
    add_user(&mut account, &[allow("iam:PassRole", "*"), allow("sagemaker:CreateTrainingJob", "*")]);
    let row = |rotated: &str, mfa: bool| {
        json!([{"user": "ana", "arn": arn("user", "ana"), "password": true, "mfa": mfa, "key_1": true,
            "key_1_rotated": rotated, "key_2": false}])
    };
    account["account"]["credentials"] = row("2025-09-27T12:00:00Z", true);
    let path = told(&account, "AP-30").expect("a path");
    assert_eq!(path.severity, Severity::Medium);
    assert!(
        path.narrative
            .starts_with("The 400 days old access key 1 of user ana is enough to act as user ana, which can start"),
        "{}",
        path.narrative
    );
    assert!(told(&account, "AP-01").is_some(), "the user is told as well");
    account["account"]["credentials"] = row("2026-10-01T00:00:00Z", true);
    assert_eq!(told(&account, "AP-30"), None);
    account["account"]["credentials"] = row("2026-10-01T00:00:00Z", false);
    assert!(told(&account, "AP-30").expect("a path").narrative.starts_with("The password without a second factor"));
}

#[test]
fn ap_31_who_labels() {
    let mut account = quiet();
    add_user(&mut account, &[allow("cognito-idp:*", "*")]);
    here(&mut account)["workteams"] = json!([{"name": "crowd", "arn": thing("workteam", "private-crowd/crowd"), "tags": null,
        "members": [{"user_pool": "us-east-1_abc", "user_group": "g"}]}]);
    let path = told(&account, "AP-31").expect("a path");
    assert_eq!(path.narrative, "User ana can put people of its own into work team crowd");
    assert_eq!(path.severity, Severity::High);
    account["account"]["users"] = json!([]);
    add_user(&mut account, &[allow("cognito-idp:AdminAddUserToGroup", "*")]);
    assert_eq!(told(&account, "AP-31"), None, "it knows nobody to add");
}

#[test]
fn ap_32_features_that_models_read_online() {
    let mut account = quiet();
    add_user(&mut account, &[allow("sagemaker:PutRecord", "*")]);
    let group = |online: bool| json!([{"name": "clicks", "arn": thing("feature-group", "clicks"), "online": online, "tags": null}]);
    here(&mut account)["feature_groups"] = group(true);
    let path = told(&account, "AP-32").expect("a path");
    assert_eq!((path.severity, path.sink.kind), (Severity::Medium, "feature-group"));
    here(&mut account)["feature_groups"] = group(false);
    assert_eq!(told(&account, "AP-32"), None);
    // A role that SageMaker wears is what ingestion runs under.
    here(&mut account)["feature_groups"] = group(true);
    account["account"]["users"] = json!([]);
    account["account"]["roles"][1] = role("train", &trust(&["sagemaker"], &[]), &[allow("sagemaker:PutRecord", "*")]);
    assert_eq!(told(&account, "AP-32"), None);
}

#[test]
fn an_organization_ends_what_it_denies_in_new_families_too() {
    let mut account = quiet();
    add_user(&mut account, &[allow("sagemaker:PutRecord", "*")]);
    here(&mut account)["feature_groups"] =
        json!([{"name": "clicks", "arn": thing("feature-group", "clicks"), "online": true, "tags": null}]);
    let deny = json!({"Effect": "Deny", "Action": "sagemaker:PutRecord", "Resource": "*"});
    assert_eq!(told(&governed(&account, &[deny]), "AP-32"), None);
}

/// A region in which something serves under a role, made of this container.
fn serving(account: &mut Value, role: &str, container: Value) {
    let region = here(account);
    region["models"] = json!([{"name": "m", "role": arn("role", role), "network_isolation": false, "vpc": null,
        "containers": [container]}]);
    region["endpoint_configs"] =
        json!([{"name": "c", "variants": [{"name": "v", "model": "m"}], "shadow_variants": null, "role": null}]);
    region["endpoints"] = json!([{"name": "e", "arn": thing("endpoint", "e"), "config": "c", "status": "InService",
        "tags": null, "policy": null}]);
}

fn repository(mutability: &str, policy: Value) -> Value {
    json!([{"name": "serve", "arn": format!("arn:aws:ecr:us-east-1:{ACCOUNT}:repository/serve"),
        "tag_mutability": mutability, "exclusions": null, "policy": policy}])
}

#[test]
fn ap_10_a_tag_that_moves() {
    let image = format!("{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/serve");
    let run = |image: &str, mutability: &str, rights: &[Value], policy: Value| {
        let mut account = quiet();
        add_user(&mut account, rights);
        serving(&mut account, "boss", json!({"image": image}));
        here(&mut account)["ecr_repositories"] = repository(mutability, policy);
        account
    };
    let (tagged, pushes) = (format!("{image}:1"), [allow("ecr:PutImage", "*")]);
    let path = told(&run(&tagged, "MUTABLE", &pushes, Value::Null), "AP-10").expect("a path");
    assert_eq!(
        path.narrative,
        "User ana can put another image in the place of serve:1, which is run by endpoint e when it is deployed again, \
         which runs as role boss, which can call every IAM operation"
    );
    assert!(path.hops[1].waits && path.severity == Severity::High, "{path:?}");
    assert_eq!(told(&run(&tagged, "IMMUTABLE", &pushes, Value::Null), "AP-10"), None);
    assert_eq!(told(&run(&tagged, "MUTABLE", &[], Value::Null), "AP-10"), None);
    let pinned = format!("{image}@sha256:{}", "a".repeat(64));
    assert_eq!(told(&run(&pinned, "MUTABLE", &pushes, Value::Null), "AP-10"), None);
    // The policy of the repository lets another account push.
    let shared =
        super::laws::policy(&[json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "ecr:PutImage"})]);
    let path = told(&run(&tagged, "MUTABLE", &[], json!(shared)), "AP-10").expect("a path");
    assert_eq!((path.sources[0].kind, path.sources[0].name.as_str()), ("outsider", "account 444455556666"));
    // Whether the tag moves was not seen: told, with that said.
    let mut unsure = run(&tagged, "MUTABLE", &pushes, Value::Null);
    here(&mut unsure)["ecr_repositories"][0]["tag_mutability"] = json!({"unseen": "denied"});
    let path = told(&unsure, "AP-10").expect("a path that may be none");
    assert!(matches!(path.hops[0].certainty, Certainty::Assumed { .. }), "{path:?}");
}

#[test]
fn ap_13_an_approval_that_deploys() {
    let with = |rights: &[Value], rules: Value| {
        let mut account = quiet();
        add_user(&mut account, rights);
        here(&mut account)["model_packages"] = json!([{"name": "churn", "arn": thing("model-package", "churn/1"),
            "group": "churn", "version": 1, "tags": null}]);
        here(&mut account)["event_rules"] = rules;
        account
    };
    let rule = |group: &str, state: &str, service: &str| {
        let pattern = json!({"source": ["aws.sagemaker"], "detail-type": ["SageMaker Model Package State Change"],
            "detail": {"ModelPackageGroupName": [group], "ModelApprovalStatus": ["Approved"]}});
        json!([{"name": "deploy", "pattern": pattern.to_string(), "state": state,
            "targets": [format!("arn:aws:{service}:us-east-1:{ACCOUNT}:function:deploy")]}])
    };
    let approves = [allow("sagemaker:UpdateModelPackage", "*")];
    let path = told(&with(&approves, rule("churn", "ENABLED", "lambda")), "AP-13").expect("a path");
    assert_eq!((path.sink.kind, path.severity), ("model-package-group", Severity::Medium));
    assert_eq!(
        path.narrative,
        "User ana can approve, without anybody else, what is deployed of model package group churn"
    );
    // Nothing follows, or what follows is about something else, or only tells somebody.
    for rules in [
        rule("churn", "DISABLED", "lambda"),
        rule("other", "ENABLED", "lambda"),
        rule("churn", "ENABLED", "sns"),
        json!([]),
    ] {
        assert_eq!(told(&with(&approves, rules), "AP-13"), None);
    }
    // Whoever may change packages but not approve them is no way in.
    let mut kept = json!({"Effect": "Deny", "Action": "sagemaker:UpdateModelPackage", "Resource": "*"});
    kept["Condition"] = json!({"StringEquals": {"sagemaker:ModelApprovalStatus": "Approved"}});
    assert_eq!(told(&with(&[approves[0].clone(), kept], rule("churn", "ENABLED", "lambda")), "AP-13"), None);
}

#[test]
fn ap_20_a_foreign_model_under_a_strong_role() {
    let mut account = quiet();
    add_user(&mut account, &[allow("sagemaker:InvokeEndpoint", "*")]);
    let foreign = "444455556666.dkr.ecr.us-east-1.amazonaws.com/serve:1";
    serving(&mut account, "train", json!({"image": foreign}));
    let path = told(&account, "AP-20").expect("a path");
    assert_eq!((path.sink.name.as_str(), path.severity), ("data", Severity::Medium));
    assert!(
        path.narrative.starts_with("User ana can send input of choice to image 444455556666.dkr.ecr"),
        "{}",
        path.narrative
    );
    // An artifact in a bucket of somebody else's is as good.
    serving(&mut account, "train", json!({"data": ["s3://elsewhere/model.tar.gz"]}));
    let bucket =
        json!({"name": "elsewhere", "region": "us-east-1", "owned": false, "policy": null, "encryption": null});
    account["account"]["buckets"].as_array_mut().expect("buckets").push(bucket);
    assert!(told(&account, "AP-20").is_some());
    // One's own model does what it was made for; and nobody else may call.
    serving(&mut account, "train", json!({"data": ["s3://results/model.tar.gz"]}));
    assert_eq!(told(&account, "AP-20"), None);
    serving(&mut account, "train", json!({"image": foreign}));
    account["account"]["users"] = json!([]);
    assert_eq!(told(&account, "AP-20"), None);
    let open =
        super::laws::policy(&[json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::777788889999:root"},
        "Action": "sagemaker:InvokeEndpoint", "Resource": "*"})]);
    here(&mut account)["endpoints"][0]["policy"] = json!(open);
    assert_eq!(told(&account, "AP-20").expect("a path").sources[0].name, "account 777788889999");
}

#[test]
fn ap_21_data_that_leave_the_account() {
    let with = |writes: &[Value], direct: bool| {
        let mut account = quiet();
        let rights = [&[allow("s3:GetObject", "arn:aws:s3:::data/*")], writes].concat();
        account["account"]["roles"][1] = role("train", &trust(&["sagemaker"], &[]), &rights);
        here(&mut account)["training_jobs"][0]["vpc"] = json!({"subnets": ["subnet-1"], "security_groups": []});
        here(&mut account)["notebooks"] = json!([{"name": "lab", "arn": thing("notebook-instance", "lab"), "status": "InService",
            "role": arn("role", "train"), "direct_internet": direct, "root_access": false, "subnet": "subnet-1",
            "security_groups": [], "lifecycle_config": null, "tags": null}]);
        let region = here(&mut account);
        region["subnets"] = json!([{"id": "subnet-1", "vpc": "vpc-1"}]);
        region["route_tables"] = json!([{"id": "rtb-1", "vpc": "vpc-1", "main": true, "subnets": [], "routes": []}]);
        account
    };
    let anywhere = [allow("s3:PutObject", "*")];
    let path = told(&with(&anywhere, true), "AP-21").expect("a path");
    assert_eq!(
        path.narrative,
        "Code that runs as role train can copy the training data in bucket data to a bucket of any account"
    );
    assert_eq!((path.severity, path.hops[0].evidence.len()), (Severity::High, 3));
    // To named buckets only; within the account only; without a way out.
    assert_eq!(told(&with(&[allow("s3:PutObject", "arn:aws:s3:::results/*")], true), "AP-21"), None);
    let mut fenced = allow("s3:PutObject", "*");
    fenced["Condition"] = json!({"StringEquals": {"aws:ResourceAccount": ACCOUNT}});
    assert_eq!(told(&with(&[fenced], true), "AP-21"), None);
    let mut closed = with(&anywhere, false);
    here(&mut closed)["vpc_endpoints"] = json!([]);
    assert_eq!(told(&closed, "AP-21"), None);
    // An endpoint for S3 is a way out, unless its policy keeps to the account.
    let endpoint = |statement: Value| {
        json!([{"id": "vpce-1", "vpc": "vpc-1", "service": "com.amazonaws.us-east-1.s3", "kind": "Gateway",
            "state": "available", "route_tables": ["rtb-1"], "policy": super::laws::policy(&[statement])}])
    };
    let mut all = json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
    here(&mut closed)["vpc_endpoints"] = endpoint(all.clone());
    assert!(told(&closed, "AP-21").is_some());
    all["Condition"] = json!({"StringEquals": {"aws:ResourceAccount": ACCOUNT}});
    here(&mut closed)["vpc_endpoints"] = endpoint(all);
    assert_eq!(told(&closed, "AP-21"), None);
}

#[test]
fn ap_24_homes_that_strangers_mount() {
    let with = |ingress: Value, policy: Value| {
        let mut account = quiet();
        let mut studio = domain("SSO");
        for (field, value) in [
            ("file_system", json!("fs-1")),
            ("mount_targets", json!([{"id": "fsmt-1", "file_system": "fs-1", "interface": "eni-1"}])),
            ("network_access", json!("VpcOnly")),
            ("subnets", json!([])),
            ("security_groups", json!(["sg-1"])),
            ("space_security_groups", json!(null)),
            ("domain_security_groups", json!(null)),
            ("boundary_security_group", json!(null)),
        ] {
            studio[field] = value;
        }
        let region = here(&mut account);
        region["domains"] = json!([studio]);
        let mut eve = profile("eve", "train");
        eve["security_groups"] = json!(null);
        region["user_profiles"] = json!([eve]);
        let arn = format!("arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:file-system/fs-1");
        region["file_systems"] = json!([{"id": "fs-1", "arn": arn, "policy": policy, "tags": null}]);
        region["network_interfaces"] = json!([{"id": "eni-1", "security_groups": ["sg-2"]}]);
        region["security_groups"] = json!([
            {"id": "sg-2", "name": "nfs", "vpc": "vpc-1", "ingress": [ingress], "egress": []},
            {"id": "sg-9", "name": "batch", "vpc": "vpc-1", "ingress": [], "egress": []},
        ]);
        account
    };
    let rule = |port: i32, groups: &[&str], cidrs: &[&str]| json!({"protocol": "tcp", "from": port, "to": port, "cidrs": cidrs, "groups": groups, "prefix_lists": []});
    let path = told(&with(rule(2049, &["sg-1", "sg-9"], &[]), Value::Null), "AP-24").expect("a path");
    assert_eq!((path.sources[0].kind, path.severity), ("network", Severity::High));
    assert!(
        path.narrative
            .starts_with("Hosts in security group sg-9 can mount and change the home directories of domain d-1"),
        "{}",
        path.narrative
    );
    let by_address = told(&with(rule(2049, &[], &["10.0.0.0/8"]), Value::Null), "AP-24").expect("a path");
    assert_eq!(by_address.sources[0].name, "hosts in 10.0.0.0/8");
    // The domain alone; another port; a policy that asks for IAM.
    assert_eq!(told(&with(rule(2049, &["sg-1"], &[]), Value::Null), "AP-24"), None);
    assert_eq!(told(&with(rule(443, &["sg-9"], &[]), Value::Null), "AP-24"), None);
    let by_role = super::laws::policy(&[json!({"Effect": "Allow", "Principal": {"AWS": arn("role", "train")},
        "Action": "elasticfilesystem:*"})]);
    assert_eq!(told(&with(rule(2049, &["sg-9"], &[]), json!(by_role)), "AP-24"), None);
    let by_all = super::laws::policy(&[json!({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": [
        "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}})]);
    assert!(told(&with(rule(2049, &["sg-9"], &[]), json!(by_all)), "AP-24").is_some());
}

#[test]
fn ap_25_people_under_one_role() {
    let with = |profiles: Value| {
        let mut account = quiet();
        here(&mut account)["domains"] = json!([domain("SSO")]);
        here(&mut account)["user_profiles"] = profiles;
        account
    };
    let path = told(&with(json!([profile("eve", "train"), profile("finn", "train")])), "AP-25").expect("a path");
    assert_eq!((path.source_count, path.severity), (2, Severity::Medium));
    assert_eq!(path.narrative, "User profile d-1/eve and one other can act as the other that runs as role train");
    assert_eq!(told(&with(json!([profile("eve", "train"), profile("finn", "boss")])), "AP-25"), None);
}

#[test]
fn ap_26_tags_that_anybody_changes() {
    let with = |condition: Value, retags: &[Value]| {
        let mut account = quiet();
        let mut opens = allow("sagemaker:CreatePresignedNotebookInstanceUrl", "*");
        opens["Condition"] = condition;
        add_user(&mut account, &[&[opens], retags].concat());
        here(&mut account)["notebooks"] = json!([{"name": "top", "arn": thing("notebook-instance", "top"),
            "status": "InService", "role": arn("role", "boss"), "direct_internet": false, "root_access": true, "subnet": null,
            "lifecycle_config": null, "tags": [{"key": "team", "value": "b"}]}]);
        account
    };
    let team = json!({"StringEquals": {"aws:ResourceTag/team": "a"}});
    let retags = [allow("sagemaker:AddTags", "*")];
    let path = told(&with(team.clone(), &retags), "AP-26").expect("a path");
    assert_eq!(
        path.narrative,
        "User ana can change the tags of, and then open, notebook-instance top, which runs as role boss, which can call \
         every IAM operation"
    );
    assert_eq!(path.hops[0].evidence.len(), 2);
    assert_eq!(told(&with(team.clone(), &[]), "AP-26"), None);
    let mut creating = retags[0].clone();
    creating["Condition"] = json!({"StringLike": {"sagemaker:TaggingAction": "Create*"}});
    assert_eq!(told(&with(team.clone(), &[creating]), "AP-26"), None);
    let mut own = retags[0].clone();
    own["Condition"] = team;
    assert_eq!(told(&with(json!({"StringEquals": {"aws:ResourceTag/team": "a"}}), &[own]), "AP-26"), None);
    // Whom tags do not keep out needs no other tags.
    assert_eq!(told(&with(json!({"StringEquals": {"aws:ResourceTag/team": "b"}}), &retags), "AP-26"), None);
}

#[test]
fn ap_27_a_default_bucket_of_nobody() {
    let default = format!("sagemaker-us-east-1-{ACCOUNT}");
    let with = |writes: Value, region: Value, owned: bool| {
        let mut account = quiet();
        account["account"]["roles"][1] = role("train", &trust(&["sagemaker"], &[]), &[writes]);
        let bucket = json!({"name": default, "region": region, "owned": owned, "policy": null, "encryption": null});
        account["account"]["buckets"].as_array_mut().expect("buckets").push(bucket);
        account["account"]["roles"].as_array_mut().expect("roles").remove(0);
        account
    };
    let writes = allow("s3:PutObject", "*");
    let path = told(&with(writes.clone(), Value::Null, false), "AP-27").expect("a path");
    assert_eq!((path.sources[0].kind, path.sink.name.as_str()), ("anyone", default.as_str()));
    assert_eq!(path.severity, Severity::High, "medium, raised for whoever comes from outside");
    assert_eq!(
        path.narrative,
        format!("Anyone can take the free name of bucket {default}, which role train writes to")
    );
    let theirs = told(&with(writes.clone(), json!("us-east-1"), false), "AP-27").expect("a path");
    assert_eq!(theirs.sources[0].kind, "outsider");
    assert_eq!(told(&with(writes.clone(), json!("us-east-1"), true), "AP-27"), None);
    let mut fenced = writes;
    fenced["Condition"] = json!({"StringEquals": {"aws:ResourceAccount": ACCOUNT}});
    assert_eq!(told(&with(fenced, Value::Null, false), "AP-27"), None);
}

#[test]
fn ap_29_a_deny_that_its_holder_takes_off() {
    let no = json!({"Effect": "Deny", "Action": ["iam:Put*", "iam:Attach*", "iam:Create*"], "Resource": "*"});
    let others = json!({"Effect": "Deny", "Action": "iam:*", "NotResource": arn("user", "ana")});
    let fence = super::laws::policy(&[no.clone(), others.clone()]);
    let limit = format!("arn:aws:iam::{ACCOUNT}:policy/limit");
    let managed = |rights: &[Value]| {
        let mut account = quiet();
        add_user(&mut account, &[&[allow("*", "*")], rights].concat());
        account["account"]["policies"] = json!([{"name": "limit", "arn": limit, "version": "v1", "document": fence}]);
        account["account"]["users"][0]["attached"] = json!([limit]);
        account
    };
    let path = told(&managed(&[]), "AP-29").expect("a path");
    assert_eq!(path.severity, Severity::Critical);
    assert_eq!(
        path.narrative,
        "User ana can take off itself the policies that deny it something, and then call every IAM operation"
    );
    let kept = json!({"Effect": "Deny", "Action": "iam:DetachUserPolicy", "Resource": "*",
        "Condition": {"ArnEquals": {"iam:PolicyARN": limit}}});
    assert_eq!(told(&managed(&[kept]), "AP-29"), None);
    // The same for one that is embedded.
    let embedded = |more: &[Value]| {
        let mut account = quiet();
        add_user(&mut account, &[&[allow("*", "*")], more].concat());
        let inline = account["account"]["users"][0]["inline"].as_array_mut().expect("policies");
        inline.push(json!({"name": "fence", "document": fence}));
        account
    };
    assert!(told(&embedded(&[]), "AP-29").is_some());
    let kept = json!({"Effect": "Deny", "Action": "iam:DeleteUserPolicy", "Resource": "*"});
    let mut both = embedded(&[]);
    both["account"]["users"][0]["inline"][1]["document"] =
        json!(super::laws::policy(&[no.clone(), others.clone(), kept]));
    assert_eq!(told(&both, "AP-29"), None, "the fence protects itself");
    // The policy of a group goes with the rights over the group.
    let grouped = |resource: &str| {
        let mut account = quiet();
        add_user(&mut account, &[allow("*", "*")]);
        account["account"]["users"][0]["groups"] = json!(["team"]);
        let kept = json!({"Effect": "Deny", "Action": "iam:*", "NotResource": resource});
        let fence = super::laws::policy(&[no.clone(), kept]);
        account["account"]["groups"] = json!([{"name": "team", "arn": arn("group", "team"), "attached": [],
            "inline": [{"name": "fence", "document": fence}]}]);
        account
    };
    assert!(told(&grouped(&arn("group", "team")), "AP-29").is_some());
    assert_eq!(told(&grouped(&arn("group", "other")), "AP-29"), None);
    // Leaving the group does as well, unless what it grants is all there is.
    let mut left = grouped(&arn("group", "team"));
    let keeps = json!({"Effect": "Deny", "Action": ["iam:Delete*", "iam:Detach*"], "Resource": "*"});
    let fence = |leave: &[Value]| {
        let kept = json!({"Effect": "Deny", "Action": "iam:*", "NotResource": arn("group", "team")});
        super::laws::policy(&[&[no.clone(), kept, keeps.clone()], leave].concat())
    };
    left["account"]["groups"][0]["inline"][0]["document"] = json!(fence(&[]));
    assert!(told(&left, "AP-29").is_some());
    let stays = json!({"Effect": "Deny", "Action": "iam:RemoveUserFromGroup", "Resource": "*"});
    left["account"]["groups"][0]["inline"][0]["document"] = json!(fence(&[stays]));
    assert_eq!(told(&left, "AP-29"), None);
    let all = left["account"]["users"][0]["inline"].take();
    left["account"]["users"][0]["inline"] = json!([]);
    left["account"]["groups"][0]["inline"][0]["document"] = json!(fence(&[]));
    left["account"]["groups"][0]["inline"].as_array_mut().expect("policies").push(all[0].clone());
    assert_eq!(told(&left, "AP-29"), None, "its rights are those of the group");
}

#[test]
fn ap_23_a_registry_that_is_open() {
    let with = |action: &str, who: &str| {
        let mut account = quiet();
        let outside = super::laws::policy(&[json!({"Effect": "Allow", "Principal": {"AWS": who}, "Action": action,
            "Resource": format!("arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package/churn/*")})]);
        here(&mut account)["model_package_groups"] =
            json!([{"name": "churn", "arn": thing("model-package-group", "churn"), "policy": outside}]);
        account
    };
    let path = told(&with("sagemaker:CreateModelPackage", "arn:aws:iam::666677778888:root"), "AP-23").expect("a path");
    assert_eq!(path.narrative, "Account 666677778888 can register models in model package group churn");
    assert_eq!(path.severity, Severity::High);
    assert_eq!(told(&with("sagemaker:DescribeModelPackage", "arn:aws:iam::666677778888:root"), "AP-23"), None);
    let own = format!("arn:aws:iam::{ACCOUNT}:root");
    assert_eq!(told(&with("sagemaker:CreateModelPackage", &own), "AP-23"), None);
}
