//! `sagescan role` and `sagescan guardrails` as people and scripts meet them: the real binary over saved snapshots.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use sagescan_checks::snapshot::Table;
use sagescan_policy::{Context, Document, Outcome, Policies, Request, ResourcePolicy, decide};
use serde_json::{Value, json};

const ALL: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
const ROLE: &str = "arn:aws:iam::111122223333:role/churn-training";

/// What the program said, in a clean environment, after it ended with this code.
#[track_caller]
fn sagescan(arguments: &[&str], file: &Path, code: i32) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sagescan"));
    command.args(arguments).arg(file).env_clear().env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    let output = command.current_dir(env!("CARGO_TARGET_TMPDIR")).output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "stdout:\n{out}\nstderr:\n{err}");
    (out, err)
}

fn saved(name: &str, snapshot: &Value) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("rights-{name}.json"));
    fs::write(&path, snapshot.to_string()).expect("the folder can be written");
    path
}

/// A training job, its role, and an administrator, in an account without an organization.
fn account() -> Value {
    let rights = json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "Data", "Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::churn/*", "arn:aws:s3:::payroll/*"]}]});
    let trust = json!({"Statement": {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}});
    let role = |name: &str, document: &str| {
        json!({"name": name, "arn": format!("arn:aws:iam::111122223333:role/{name}"), "path": "/",
        "attached": [], "inline": [{"name": "own", "document": document}], "boundary": null, "trust": trust.to_string()})
    };
    let bucket = |name: &str| json!({"name": name, "region": "us-east-1", "encryption": null});
    let mut region: serde_json::Map<String, Value> = serde_json::Map::new();
    for table in Table::WORKLOADS.iter().chain(&[Table::LifecycleConfigs, Table::Vpcs, Table::Keys]) {
        region.insert(table.key().into(), json!([]));
    }
    region.insert(
        "training_jobs".into(),
        json!([{"name": "churn-1", "arn": "", "role": ROLE, "inputs": ["s3://churn/features/"],
        "output_path": "s3://churn/models/", "volume_key": null, "output_key": null, "vpc": null,
        "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/churn:7"}]),
    );
    json!({"format": "sagescan/snapshot/v1",
        "scan": {"account": "111122223333", "partition": "aws", "regions": ["us-east-1"], "finished": "2026-11-01T12:00:00Z"},
        "account": {"roles": [role("churn-training", &rights.to_string()), role("admin", ALL)], "users": [], "groups": [], "policies": [],
            "buckets": [bucket("churn")], "organization": null,
            "services_used": [{"arn": "arn:aws:iam::111122223333:role/churn-training", "services": []}]},
        "regions": {"us-east-1": region}})
}

mod role {
    use super::*;

    #[test]
    fn the_table_tells_needs_surplus_and_the_statement_behind_it() {
        let (out, err) = sagescan(&["role", "churn-training"], &saved("table", &account()), 0);
        let unwrapped = out.split_whitespace().collect::<Vec<_>>().join(" ");
        for expected in [
            "1 training job run as it",
            "read inputs and models: arn:aws:s3:::churn/features/* (has it)",
            "training job churn-1 (inputs, us-east-1)",
            "lacks logs:CreateLogGroup",
            "delete object arn:aws:s3:::payroll/*",
            "statement Data of inline policy own",
            "The proposal may give too little",
        ] {
            assert!(unwrapped.contains(expected), "`{expected}` is not in\n{out}");
        }
        assert_eq!(err, "");
        let (by_arn, _) = sagescan(&["role", ROLE], &saved("table", &account()), 0);
        assert_eq!(by_arn, out);
    }

    #[test]
    fn the_bare_policy_is_one_that_the_job_can_live_with() {
        let (out, err) = sagescan(&["role", "churn-training", "--policy"], &saved("policy", &account()), 0);
        assert!(err.contains("the proposal may give too little"), "{err}");
        let document = Arc::new(Document::parse("proposal", &out).expect("a policy document"));
        assert!(document.statements().iter().all(|statement| statement.sid.is_some() && statement.flaw.is_none()));
        let policies = Policies { identity: vec![document], resource: ResourcePolicy::LeftOut, ..Policies::default() };
        let may = |action: &str, resource: &str| {
            decide(&Request::new(ROLE, action, resource).within(Context::closed()), &policies).outcome == Outcome::Allow
        };
        assert!(
            may("s3:GetObject", "arn:aws:s3:::churn/features/a.csv")
                && may("s3:PutObject", "arn:aws:s3:::churn/models/1/model.tar.gz")
        );
        assert!(
            !may("s3:GetObject", "arn:aws:s3:::payroll/a.csv")
                && !may("s3:PutObject", "arn:aws:s3:::churn/features/a.csv")
        );
    }

    #[test]
    fn json_has_the_evidence_and_is_the_same_every_time() {
        let file = saved("json", &account());
        let (out, _) = sagescan(&["role", "churn-training", "--format", "json"], &file, 0);
        let study: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(study["format"], "sagescan/role/v1");
        assert_eq!(study["proposal"]["evidence"]["ReadData"][0]["field"], "inputs");
        assert_eq!(study["proposal"]["documents"][0]["Version"], "2012-10-17");
        assert!(study["surplus"].as_array().is_some_and(|all| all.iter().any(|one| one["proof"]["sid"] == "Data")));
        assert_eq!(sagescan(&["role", "churn-training", "--format", "json"], &file, 0).0, out);
    }

    #[test]
    fn a_role_that_is_not_there_is_told_from_one_that_was_not_seen() {
        let (_, err) = sagescan(&["role", "churn-trainig"], &saved("absent", &account()), 2);
        assert!(err.contains("did you mean `churn-training`"), "{err}");
        let mut hidden = account();
        hidden["account"]["roles"] =
            json!({"unseen": {"reason": "denied", "source": "iam:GetAccountAuthorizationDetails"}});
        let (out, err) = sagescan(&["role", "churn-training"], &saved("hidden", &hidden), 3);
        assert!(out.is_empty() && err.contains("was not seen: iam:GetAccountAuthorizationDetails denied"), "{err}");
    }

    #[test]
    fn nothing_seen_is_nothing_proposed() {
        let (out, err) = sagescan(&["role", "admin", "--policy"], &saved("idle", &account()), 3);
        assert!(out.is_empty() && err.contains("nothing that was seen needs role admin"), "{err}");
        let mut blind = account();
        blind["regions"]["us-east-1"] = json!({});
        let (out, err) = sagescan(&["role", "admin"], &saved("blind", &blind), 3);
        assert!(out.contains("Nothing that was seen runs as this role") && err.contains("are not known"), "{err}");
    }

    #[test]
    fn hostile_names_are_shown_and_do_nothing() {
        let mut hostile = account();
        let job = &mut hostile["regions"]["us-east-1"]["training_jobs"][0];
        job["name"] = json!("\u{1b}[2Jgone\u{202e}");
        job["inputs"] = json!(["s3://churn/*/${aws:username}\u{1b}]0;x\u{7}"]);
        let file = saved("hostile", &hostile);
        for arguments in [
            &["role", "churn-training"][..],
            &["role", "churn-training", "--format", "json"],
            &["role", "churn-training", "--policy"],
        ] {
            let (out, err) = sagescan(arguments, &file, 0);
            assert!(
                !out.contains(['\u{1b}', '\u{202e}', '\u{7}']) && !err.contains(['\u{1b}', '\u{202e}']),
                "{out}{err}"
            );
        }
        let (policy, _) = sagescan(&["role", "churn-training", "--policy"], &file, 0);
        assert!(policy.contains("${*}/${$}{aws:username}"), "{policy}");
    }
}

mod guardrails {
    use super::*;

    #[test]
    fn the_table_tells_who_gets_past() {
        let (out, err) = sagescan(&["guardrails"], &saved("missing", &account()), 0);
        for expected in [
            "missing        notebook-root",
            "passes for role admin",
            "with the parameter left out: CreateNotebookInstance",
            "beware:",
        ] {
            assert!(out.contains(expected), "`{expected}` is not in\n{out}");
        }
        assert_eq!(err, "");
    }

    /// What the program writes, put over the account, makes it hold.
    #[test]
    fn a_written_control_policy_holds() {
        let mut held = account();
        let file = saved("unheld", &held);
        let wanted = "notebook-root,vpc,volume-key,remote-debug,public-crowd";
        let (scp, err) = sagescan(&["guardrails", "--format", "scp", "--guardrail", wanted], &file, 0);
        assert!(scp.chars().count() <= 5_120 && err.is_empty(), "{err}");
        let policy =
            |name: &str, document: &str| json!({"id": format!("p-{name}"), "name": name, "document": document});
        let level = |id: &str, kind: &str, scps: Value| json!({"id": id, "kind": kind, "scps": scps, "rcps": []});
        held["account"]["organization"] = json!({"id": "o-1", "management_account": "999999999999", "feature_set": "ALL", "levels": [
            level("r-1", "ROOT", json!([policy("FullAWSAccess", ALL)])),
            level("111122223333", "ACCOUNT", json!([policy("FullAWSAccess", ALL), policy("Guardrails", &scp)]))]});
        let (out, _) = sagescan(&["guardrails", "--guardrail", wanted], &saved("held", &held), 0);
        assert!(
            out.starts_with("5 of 5 guardrails hold") && out.contains("denied by a service control policy"),
            "{out}"
        );
        let (nothing, err) =
            sagescan(&["guardrails", "--format", "iam", "--guardrail", wanted], &saved("held", &held), 0);
        assert!(nothing.is_empty() && err.contains("no policy is missing"), "{err}");
    }

    #[test]
    fn many_statements_become_documents_of_one_line_each() {
        let (out, err) = sagescan(&["guardrails", "--format", "scp"], &saved("many", &account()), 0);
        let documents: Vec<&str> = out.lines().collect();
        assert!(documents.len() > 1 && err.contains("one a line"), "{err}");
        for document in documents {
            assert!(document.chars().count() <= 5_120);
            assert!(
                Document::parse("scp", document).expect("a document").statements().iter().all(|s| s.flaw.is_none())
            );
        }
        assert!(err.contains("no policy for signed-urls"), "there is no VPC to name: {err}");
    }

    #[test]
    fn what_was_not_seen_is_said_and_not_guessed() {
        let mut unseen = account();
        unseen["account"]["organization"] =
            json!({"unseen": {"reason": "denied", "source": "organizations:ListParents"}});
        let (out, _) = sagescan(&["guardrails", "--guardrail", "vpc"], &saved("unseen", &unseen), 0);
        assert!(out.contains("unknown        vpc") && out.contains("organization policies were not seen"), "{out}");
        let mut blind = account();
        blind["account"] = json!({});
        let (_, err) = sagescan(&["guardrails"], &saved("nobody", &blind), 3);
        assert!(err.contains("no user or role was seen"), "{err}");
    }

    #[test]
    fn json_carries_states_and_documents() {
        let (out, _) = sagescan(&["guardrails", "--format", "json"], &saved("guardrails-json", &account()), 0);
        let result: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(
            (&result["format"], &result["guardrails"][0]["state"]),
            (&json!("sagescan/guardrails/v1"), &json!("missing"))
        );
        assert_eq!(result["guardrails"][0]["open"], json!(["role admin"]));
        assert!(result["documents"]["iam"][0]["Statement"][0]["Sid"].is_string());
    }

    #[test]
    fn a_misspelt_guardrail_is_corrected() {
        let (_, err) = sagescan(&["guardrails", "--guardrail", "volume-keys"], &saved("misspelt", &account()), 2);
        assert!(err.contains("did you mean `volume-key`"), "{err}");
    }
}
