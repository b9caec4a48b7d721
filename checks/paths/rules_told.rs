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
