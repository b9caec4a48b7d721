//! `sagescan paths` as people and scripts meet it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

/// Runs the program in a clean environment and demands the exit code.
fn paths(arguments: &[&str], file: Option<&Path>, code: i32) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sagescan"));
    command.arg("paths").args(arguments).args(file).env_clear().env("LC_ALL", "C.UTF-8");
    let output =
        command.current_dir(env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::null()).output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "stdout:\n{out}\nstderr:\n{err}");
    (out, err)
}

fn document(statements: &[Value]) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

fn arn(kind: &str, name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{kind}/{name}")
}

fn person(kind: &str, name: &str, statements: &[Value]) -> Value {
    let trust =
        json!({"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"});
    let mut person = json!({"name": name, "arn": arn(kind, name), "attached": [], "boundary": null, "tags": null,
        "inline": [{"name": "work", "document": document(statements)}]});
    match kind {
        "user" => person["groups"] = json!([]),
        _ => person["trust"] = json!(document(&[trust])),
    }
    person
}

fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

/// An account in which a user of this name can become administrator through a training job, and its roles.
fn account(user: &str, users: Value) -> Value {
    let start = [allow("iam:PassRole", "*"), allow("sagemaker:CreateTrainingJob", "*")];
    let users = if users.is_null() { json!([person("user", user, &start)]) } else { users };
    json!({
        "format": "sagescan/snapshot/v1",
        "scan": {"account": ACCOUNT, "partition": "aws", "finished": "2026-11-01T12:00:00Z"},
        "account": {
            "users": users, "groups": [], "policies": [],
            "roles": [person("role", "boss", &[allow("*", "*")]), person("role", "train", &[allow("logs:*", "*")])],
            "buckets": [], "public_access_block": null,
        },
        "regions": {"us-east-1": {"notebooks": [], "lifecycle_configs": [], "training_jobs": [], "processing_jobs": [], "models": [],
            "endpoint_configs": [], "endpoints": [], "domains": [], "user_profiles": []}},
    })
}

fn saved(test: &str, account: &Value) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("paths-{test}.json"));
    fs::write(&file, account.to_string()).expect("a file");
    file
}

#[test]
fn a_path_is_told_hop_by_hop_with_its_proof_and_its_cut() {
    let file = saved("table", &account("ana", Value::Null));
    let (out, _) = paths(&[], Some(&file), 1);
    for words in [
        "1 attack path in account 111122223333",
        "AP-01",
        "User ana can start a training job as boss",
        "  1. user ana can start a training job as boss",
        "sm-new-02, by statement 1 of inline policy work of user ana",
        "  2. role boss can call every IAM operation",
        "weakest link  hop 1",
        "cheapest cut  name the roles that may be passed: statement 1 of inline policy work of user ana",
        "Changes that end most paths",
    ] {
        assert!(out.contains(words), "{words:?} is not in:\n{out}");
    }
}

#[test]
fn json_has_a_format_and_ids_that_stay() {
    let file = saved("json", &account("ana", Value::Null));
    let read =
        |code| -> Value { serde_json::from_str(&paths(&["--format", "json"], Some(&file), code).0).expect("JSON") };
    let (one, two) = (read(1), read(1));
    assert_eq!(one, two);
    assert_eq!(one["format"], "sagescan/paths/v1");
    let path = &one["paths"][0];
    assert_eq!((&path["rule"], &path["severity"]), (&json!("AP-01"), &json!("critical")));
    assert_eq!(path["id"].as_str().map(str::len), Some(20));
    assert_eq!(path["hops"][0]["evidence"].as_array().map(Vec::len), Some(3));
    assert_eq!(path["hops"][0]["certainty"]["state"], "certain");
    assert_eq!(path["sources"][0]["arn"], arn("user", "ana"));
}

#[test]
fn the_exit_code_follows_the_worst_path() {
    let file = saved("exit", &account("ana", Value::Null));
    paths(&["--fail-on", "none"], Some(&file), 0);
    let harmless = saved("harmless", &account("", json!([person("user", "eve", &[allow("s3:GetObject", "*")])])));
    let (out, _) = paths(&[], Some(&harmless), 0);
    assert!(out.starts_with("No attack path found"), "{out}");
}

#[test]
fn ends_can_be_picked_and_wrong_names_are_explained() {
    let file = saved("ends", &account("ana", Value::Null));
    let (out, _) = paths(&["--from", "ana", "--to", "admin"], Some(&file), 1);
    assert!(out.contains("User ana"), "{out}");
    let (out, _) = paths(&["--from", "train"], Some(&file), 0);
    assert!(out.starts_with("No attack path found"), "{out}");
    let (out, _) = paths(&["--to", "boss"], Some(&file), 0);
    assert!(out.contains("User ana can start a training job as boss"), "{out}");
    let (out, err) = paths(&["--from", "anna"], Some(&file), 2);
    assert!(out.is_empty() && err.contains("nothing in the account fits `anna`; did you mean `ana`?"), "{err}");
    assert!(err.contains("hint: name a user, role"), "{err}");
    let (_, err) = paths(&["--to", "nowhere"], Some(&file), 2);
    assert!(err.contains("--to: nothing in the account fits `nowhere`"), "{err}");
    let (_, err) = paths(&["--format", "graphviz"], Some(&file), 2);
    assert!(err.contains("there is no format `graphviz`"), "{err}");
}

#[test]
fn drawings_survive_hostile_names() {
    let name = "x\"]; click n0 \"javascript:alert(1)\" \u{1b}[2J\n%%{init}%%";
    let file = saved("hostile", &account(name, Value::Null));
    let (dot, _) = paths(&["--format", "dot"], Some(&file), 1);
    assert!(dot.starts_with("digraph attack_paths {") && dot.contains("n0 -> n1"), "{dot}");
    assert!(!dot.contains('\u{1b}') && dot.contains("x\\\"]; click"), "{dot}");
    let (mermaid, _) = paths(&["--format", "mermaid"], Some(&file), 1);
    assert!(mermaid.starts_with("flowchart LR\n"), "{mermaid}");
    assert!(!mermaid.contains("\"];") && !mermaid.contains("%%") && !mermaid.contains('\u{1b}'), "{mermaid}");
    assert_eq!(mermaid.lines().count(), 1 + 3 + 2, "{mermaid}");
    let (table, _) = paths(&[], Some(&file), 1);
    assert!(!table.contains('\u{1b}'), "{table}");
}

#[test]
fn what_was_not_seen_is_said_and_seeing_nobody_is_blindness() {
    let mut partial = account("ana", Value::Null);
    partial["account"]["users"] =
        json!({"items": [], "unseen": {"reason": "denied", "grant": "iam:GetAccountAuthorizationDetails"}});
    let (out, _) = paths(&["-v"], Some(&saved("partial", &partial)), 0);
    assert!(out.contains("Not seen, so there may be more paths") && out.contains("users"), "{out}");
    partial["account"]["roles"] = partial["account"]["users"].clone();
    let (out, err) = paths(&[], Some(&saved("blind", &partial)), 3);
    assert!(out.is_empty() && err.contains("nobody who could take a path was seen"), "{err}");
}

#[test]
fn help_shows_examples() {
    let (out, _) = paths(&["--help"], None, 0);
    assert!(out.contains("Examples:") && out.contains("--from ana --to admin"), "{out}");
}

#[cfg(not(feature = "aws"))]
#[test]
fn without_a_file_a_build_without_aws_says_what_to_do() {
    let (_, err) = paths(&[], None, 2);
    assert!(err.contains("cannot look at live accounts") && err.contains("sagescan paths FILE"), "{err}");
}
