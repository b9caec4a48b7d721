//! How judging grows: time and peak memory over accounts of rising size, each in a process of its own.
//!
//! `cargo bench -p sagescan-checks` prints one line an account. Linear growth shows as a steady time per resource.

mod account;

use std::process::Command;
use std::time::Instant;

use sagescan_checks::catalogue;
use sagescan_checks::engine::judge;
use sagescan_checks::snapshot::*;

use account::*;

/// What is counted in an account, and how many of it: one process a line.
const ACCOUNTS: &[(&str, &[usize])] = &[
    ("training-jobs", &[1_000, 10_000, 100_000]),
    ("notebooks", &[1_000, 10_000, 100_000]),
    ("models", &[1_000, 10_000, 100_000]),
    ("roles", &[500, 5_000]),
    ("vpcs", &[100, 1_000]),
    ("unseen-jobs", &[1_000, 10_000, 100_000]),
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|a| a == "--account") {
        let (kind, count) = (&arguments[at + 1], arguments[at + 2].parse().expect("a number"));
        return measure(kind, count);
    }
    let wanted = |kind: &str| {
        let filters: Vec<&String> = arguments[1..].iter().filter(|a| !a.starts_with('-')).collect();
        filters.is_empty() || filters.iter().any(|f| kind.contains(f.as_str()))
    };
    println!("account of    |    count | findings | judging, s | µs each | snapshot, MB | peak, MB");
    let itself = std::env::current_exe().expect("this program has a path");
    for (kind, counts) in ACCOUNTS.iter().filter(|(kind, _)| wanted(kind)) {
        for count in *counts {
            let status = Command::new(&itself).args(["--account", kind, &count.to_string()]).status();
            assert!(status.is_ok_and(|s| s.success()), "judging {count} {kind} failed");
        }
    }
}

fn measure(kind: &str, count: usize) {
    let before = resident("VmRSS");
    let snapshot = account_of(kind, count);
    let held = resident("VmRSS") - before;
    let checks: Vec<_> = catalogue().collect();
    let start = Instant::now();
    let report = judge(&snapshot, &checks, "bench");
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{kind:<13} | {count:>8} | {:>8} | {seconds:>10.3} | {:>7.1} | {held:>12.0} | {:>8.0}",
        report.findings.len(),
        seconds * 1e6 / count as f64,
        resident("VmHWM"),
    );
}

fn account_of(kind: &str, count: usize) -> Snapshot {
    let mut snapshot = Snapshot { format: FORMAT.to_owned(), account: surroundings(), ..Snapshot::default() };
    snapshot.scan.account = ACCOUNT.to_owned();
    snapshot.scan.partition = "aws".to_owned();
    snapshot.scan.finished = "2026-11-01T12:00:00Z".parse().expect("a time");
    let mut region = network(if kind == "vpcs" { count } else { 5 });
    match kind {
        "training-jobs" => region.training_jobs = many(count, training_job),
        "unseen-jobs" => region.training_jobs = many(count, |i| TrainingJob { name: name("job", i), ..<_>::default() }),
        "notebooks" => region.notebooks = many(count, notebook),
        "models" => {
            region.models = many(count, model);
            region.endpoint_configs = many(count, endpoint_config);
            region.endpoints = many(count, endpoint);
        }
        "vpcs" => region.training_jobs = many(10_000, training_job),
        "roles" => {
            snapshot.account.roles = many(count, role);
            let role_of_its_own = |i| is(format!("arn:aws:iam::{ACCOUNT}:role/ml-{i}"));
            region.training_jobs = many(count, |i| TrainingJob { role: role_of_its_own(i), ..training_job(i) });
        }
        other => panic!("no account of {other}"),
    }
    snapshot.regions.insert(REGION.to_owned(), region);
    snapshot
}

const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"Service": "sagemaker.amazonaws.com"}}}"#;

fn document(i: usize) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [
            {{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::data-{i}/*"}},
            {{"Effect": "Allow", "Action": ["sagemaker:Create*", "sagemaker:Describe*"], "Resource": "*"}},
            {{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::{ACCOUNT}:role/ml-{i}",
              "Condition": {{"StringEquals": {{"iam:PassedToService": "sagemaker.amazonaws.com"}}}}}}]}}"#
    )
}

fn role(i: usize) -> Role {
    Role {
        name: format!("ml-{i}"),
        arn: format!("arn:aws:iam::{ACCOUNT}:role/ml-{i}"),
        path: "/".to_owned(),
        created: time(),
        last_used: time(),
        trust: is(TRUST),
        attached: Seen::Is(vec![format!("arn:aws:iam::{ACCOUNT}:policy/p-{}", i % 50)]),
        inline: Seen::Is(vec![InlinePolicy { name: "own".to_owned(), document: document(i) }]),
        boundary: Seen::Unset,
        tags: tags(),
    }
}

/// What every account has around its resources: fifty roles and policies, forty buckets.
fn surroundings() -> Account {
    let policy = |i| Policy {
        name: format!("p-{i}"),
        arn: format!("arn:aws:iam::{ACCOUNT}:policy/p-{i}"),
        version: is("v1"),
        document: is(document(i)),
    };
    Account {
        users: Listed::complete(Vec::new()),
        groups: Listed::complete(Vec::new()),
        roles: many(50, role),
        policies: many(50, policy),
        buckets: many(40, bucket),
        ..Account::default()
    }
}
