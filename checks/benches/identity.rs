//! How evaluation grows with the number of roles: accounts of 500 to 5,000 roles with ten policies each and 500 workloads.
//!
//! `cargo bench -p sagescan-checks --bench identity` judges each account with every check, finds its attack paths, and prints
//! a line: seconds of processor time, peak memory, and what the search had to cut. A word after `--`, such as `mixed`, picks
//! the kind of account; `-- --per-check mixed 5000` tells where the time of one goes.

mod account;

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

use sagescan_checks::catalogue;
use sagescan_checks::engine::{World, judge};
use sagescan_checks::paths::{Query, attack_paths};
use sagescan_checks::snapshot::*;

use account::*;

/// `mixed`: six shared managed policies and four of its own for each role; `inline`: ten of its own.
const POLICIES: &[&str] = &["mixed", "inline"];
const ROLES: &[usize] = &[500, 1_000, 2_000, 5_000];
/// How many checks `--per-check` names.
const SLOWEST: usize = 25;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |word: &str| arguments.iter().position(|a| a == word).map(|at| &arguments[at + 1..]);
    let asked = |rest: &[String]| (rest[0].clone(), rest[1].parse::<usize>().expect("a number of roles"));
    if let Some((policies, roles)) = after("--account").map(asked) {
        return measure(&policies, roles);
    }
    if let Some((policies, roles)) = after("--per-check").map(asked) {
        return measure_each_check(&policies, roles);
    }
    println!(
        "policies | roles | findings | too many | judging, s | paths, s | found | cut   | snapshot, MB | peak, MB"
    );
    let picked = |kind: &&&str| arguments.iter().any(|argument| argument == **kind);
    let any_picked = POLICIES.iter().any(|kind| picked(&kind));
    for policies in POLICIES.iter().filter(|kind| !any_picked || picked(kind)) {
        let lines: Vec<String> = ROLES.iter().map(|roles| measured_apart(policies, *roles)).collect();
        let figure = |line: &String, at: usize| line.split('|').nth(at).and_then(|f| f.trim().parse::<f64>().ok());
        let growth = |at| Some(figure(lines.last()?, at)? / figure(lines.first()?, at)?);
        if let (Some(judging), Some(paths), Some(peak)) = (growth(4), growth(5), growth(9)) {
            println!(
                "{policies:<8} | ten times the roles: judging ×{judging:.1}, paths ×{paths:.1}, peak memory ×{peak:.1}"
            );
        }
    }
}

/// The line of an account, measured and printed in a process of its own.
fn measured_apart(policies: &str, roles: usize) -> String {
    let itself = std::env::current_exe().expect("this program has a path");
    let done = Command::new(itself).args(["--account", policies, &roles.to_string()]).output().expect("it runs");
    assert!(done.status.success(), "judging {roles} roles failed: {}", String::from_utf8_lossy(&done.stderr));
    let line = String::from_utf8_lossy(&done.stdout).into_owned();
    print!("{line}");
    line
}

fn measure(policies: &str, roles: usize) {
    let before = resident("VmRSS");
    let snapshot = account_of(policies, roles);
    let held = resident("VmRSS") - before;
    let checks: Vec<_> = catalogue().collect();
    let start = spent();
    let report = judge(&snapshot, &checks, "bench");
    let judging = spent() - start;
    let too_many = report.findings.iter().filter(|finding| finding.message.contains("too many")).count();
    let start = spent();
    let paths = attack_paths(&World::new(&snapshot), &Query::default()).expect("a search without names");
    let searching = spent() - start;
    println!(
        "{policies:<8} | {roles:>5} | {:>8} | {too_many:>8} | {judging:>10.2} | {:>8.2} | {:>5} | {:>5} | {held:>12.0} | {:>8.0}",
        report.findings.len(),
        searching,
        paths.paths.len(),
        paths.cut.too_long + paths.cut.too_many + paths.cut.not_tried,
        resident("VmHWM"),
    );
}

/// Seconds of processor time that this process has had, as Linux counts them, so that a busy machine does not matter; elsewhere
/// those that passed.
fn spent() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let passed = START.elapsed().as_secs_f64();
    let figures = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = figures.split_whitespace().next().and_then(|figure| figure.parse::<f64>().ok());
    nanoseconds.map_or(passed, |nanoseconds| nanoseconds / 1e9)
}

/// The checks in the order of the time that they take, over one world. Whichever asks first pays for what all share.
fn measure_each_check(policies: &str, roles: usize) {
    let snapshot = account_of(policies, roles);
    let start = Instant::now();
    let world = World::new(&snapshot);
    println!("{:>8.3} s | indexing the snapshot", start.elapsed().as_secs_f64());
    let start = Instant::now();
    snapshot.account.roles.iter().for_each(|role| drop(world.role_permissions(role)));
    println!("{:>8.3} s | reading the policies of roles", start.elapsed().as_secs_f64());
    let mut times: Vec<(f64, &str)> = Vec::new();
    for registered in catalogue() {
        let mut findings = Vec::new();
        let start = Instant::now();
        registered.check.run(registered.section, &world, &mut findings);
        times.push((start.elapsed().as_secs_f64(), registered.meta().id));
    }
    times.sort_by(|a, b| b.0.total_cmp(&a.0));
    let rest: f64 = times.iter().skip(SLOWEST).map(|(seconds, _)| seconds).sum();
    times.iter().take(SLOWEST).for_each(|(seconds, id)| println!("{seconds:>8.3} s | {id}"));
    println!("{rest:>8.3} s | the other {} checks", times.len().saturating_sub(SLOWEST));
    let start = Instant::now();
    let found = attack_paths(&world, &Query::default()).expect("a search without names");
    println!(
        "{:>8.3} s | attack paths: {} nodes, {} edges, {:?}",
        start.elapsed().as_secs_f64(),
        found.graph.nodes,
        found.graph.edges,
        found.cut
    );
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    found.paths.iter().for_each(|path| *rules.entry(path.rule).or_default() += 1);
    println!("           | paths of each rule: {rules:?}");
}

/// Roles of a team of twenty; the policies of a role speak of the things of its team.
const TEAM: usize = 20;

fn account_of(policies: &str, roles: usize) -> Snapshot {
    let mut snapshot = Snapshot { format: FORMAT.to_owned(), ..Snapshot::default() };
    snapshot.scan.account = ACCOUNT.to_owned();
    snapshot.scan.partition = "aws".to_owned();
    snapshot.scan.finished = "2026-11-01T12:00:00Z".parse().expect("a time");
    snapshot.account = Account {
        users: many(roles / 10, user),
        groups: many(roles / 50, group),
        roles: many(roles, |i| role(i, policies == "mixed")),
        policies: many(roles / TEAM * SHARED, shared_policy),
        credentials: many(roles / 10, credentials),
        organization: Seen::Is(organization()),
        buckets: Listed::complete((0..40).map(|i| Bucket { policy: bucket_policy(i), ..bucket(i) }).collect()),
        ..Account::default()
    };
    snapshot.regions.insert(REGION.to_owned(), workloads(roles));
    snapshot
}

/// 250 notebooks, 125 training jobs, 125 endpoints with their models, and a Studio domain.
fn workloads(roles: usize) -> Region {
    // An execution role of each team in turn, or that of the data engineers.
    let runs_as = |i: usize| is(role_arn_of((i * TEAM + i % 12) % roles));
    Region {
        notebooks: many(250, |i| Notebook { role: runs_as(i), ..notebook(i) }),
        training_jobs: many(125, |i| TrainingJob { role: runs_as(i + 7), ..training_job(i) }),
        models: many(125, |i| Model { role: runs_as(i + 13), ..model(i) }),
        endpoint_configs: many(125, endpoint_config),
        endpoints: many(125, endpoint),
        domains: many(1, |_| Domain {
            name: "studio".to_owned(),
            arn: arn("sagemaker", "domain", 0),
            id: "d-1".to_owned(),
            auth: is("IAM"),
            role: runs_as(1),
            space_role: Seen::Unset,
            tags: tags(),
            ..Domain::default()
        }),
        user_profiles: many(20, |i| UserProfile {
            name: name("person", i),
            arn: format!("arn:aws:sagemaker:{REGION}:{ACCOUNT}:user-profile/d-1/{}", name("person", i)),
            domain: "d-1".to_owned(),
            role: if i.is_multiple_of(4) { runs_as(i) } else { Seen::Unset },
            tags: tags(),
            ..UserProfile::default()
        }),
        ..network(5)
    }
}

/// What a role is for, by its place in the team.
fn kind_of(i: usize) -> &'static str {
    match i % TEAM {
        0..10 => "exec",
        10..14 => "data",
        14..16 => "ci",
        16..18 => "app",
        18 => "human",
        _ => "platform",
    }
}

fn name_of(i: usize) -> String {
    format!("team-{}-{}-{i}", i / TEAM, kind_of(i))
}

fn role_arn_of(i: usize) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{}", name_of(i))
}

fn role(i: usize, shares: bool) -> Role {
    let attached = if shares { ATTACHED } else { 0 };
    let shared = (0..attached).map(|at| policy_arn(i / TEAM * SHARED + (i + at) % SHARED));
    let own = (attached..10).map(|at| InlinePolicy { name: format!("own-{at}"), document: own_document(i, at) });
    Role {
        name: name_of(i),
        arn: role_arn_of(i),
        path: "/".to_owned(),
        created: time(),
        last_used: time(),
        trust: is(trust(i)),
        attached: Seen::Is(shared.collect()),
        inline: Seen::Is(own.collect()),
        boundary: if i.is_multiple_of(4) { is(policy_arn(0)) } else { Seen::Unset },
        tags: tags(),
    }
}

fn trust(i: usize) -> String {
    let (team, provider) =
        (i / TEAM, format!("arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"));
    let (principal, action, condition) = match kind_of(i) {
        "exec" => (r#"{"Service": "sagemaker.amazonaws.com"}"#.to_owned(), "sts:AssumeRole", String::new()),
        "data" => (
            r#"{"Service": ["glue.amazonaws.com", "lambda.amazonaws.com"]}"#.to_owned(),
            "sts:AssumeRole",
            String::new(),
        ),
        "ci" => (
            format!(r#"{{"Federated": "{provider}"}}"#),
            "sts:AssumeRoleWithWebIdentity",
            format!(
                r#", "Condition": {{"StringLike": {{"token.actions.githubusercontent.com:sub": "repo:acme/team-{team}:*"}}}}"#
            ),
        ),
        "app" => (r#"{"Service": "ec2.amazonaws.com"}"#.to_owned(), "sts:AssumeRole", String::new()),
        "human" => (
            format!(r#"{{"AWS": "arn:aws:iam::{ACCOUNT}:root"}}"#),
            "sts:AssumeRole",
            r#", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#.to_owned(),
        ),
        // The platform role of a team is assumed by the CI role before it.
        _ => (format!(r#"{{"AWS": "{}"}}"#, role_arn_of(i - 4)), "sts:AssumeRole", String::new()),
    };
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "{action}", "Principal": {principal}{condition}}}}}"#
    )
}

fn document(statements: &[String]) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "))
}

fn allow(actions: &[&str], resources: &[&str]) -> String {
    let (actions, resources) = (serde_json::json!(actions), serde_json::json!(resources));
    format!(r#"{{"Effect": "Allow", "Action": {actions}, "Resource": {resources}}}"#)
}

fn allow_if(actions: &[&str], resources: &[&str], condition: &str) -> String {
    allow(actions, resources).replacen('{', &format!(r#"{{"Condition": {{{condition}}}, "#), 1)
}

const TO_SAGEMAKER: &str = r#""StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}"#;

/// The policies of one role: what it is for comes first, small rights that nothing follows from fill up to ten.
fn own_document(i: usize, at: usize) -> String {
    let team = i / TEAM;
    let own = |service: &str, rest: &str| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}");
    let bucket = format!("arn:aws:s3:::team-{team}-{i}");
    let objects = format!("{bucket}/*");
    let team_roles = format!("arn:aws:iam::{ACCOUNT}:role/team-{team}-exec-*");
    let shared_data = format!("arn:aws:s3:::data-{}/*", i % 20);
    let main = match (kind_of(i), at) {
        ("exec", 6) => vec![
            allow(&["s3:GetObject", "s3:PutObject"], &[&objects, &shared_data]),
            allow(&["s3:ListBucket"], &[&bucket]),
        ],
        ("exec", 7) => vec![
            allow(
                &["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob"],
                &[&own("sagemaker", &format!("training-job/team-{team}-*"))],
            ),
            allow_if(&["iam:PassRole"], &[&role_arn_of(i)], TO_SAGEMAKER),
        ],
        ("data", 6) => vec![
            allow(
                &["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject"],
                &[&objects, &shared_data],
            ),
            allow(&["glue:Get*", "glue:BatchGet*", "athena:*"], &["*"]),
        ],
        ("data", 7) => {
            vec![allow(&["kms:Decrypt", "kms:GenerateDataKey"], &[&own("kms", &format!("key/team-{team}"))])]
        }
        ("ci", 6) => vec![
            allow(&["sagemaker:Create*", "sagemaker:Update*", "sagemaker:Describe*"], &["*"]),
            allow_if(&["iam:PassRole"], &[&team_roles], TO_SAGEMAKER),
        ],
        ("ci", 7) => vec![
            allow(&["cloudformation:*"], &[&own("cloudformation", &format!("stack/team-{team}-*"))]),
            allow(
                &["lambda:CreateFunction", "lambda:UpdateFunctionCode", "lambda:InvokeFunction"],
                &[&own("lambda", &format!("function:team-{team}-*"))],
            ),
        ],
        ("app", 6) => {
            vec![allow(&["sagemaker:InvokeEndpoint"], &[&own("sagemaker", &format!("endpoint/team-{team}-*"))])]
        }
        ("human", 6) => vec![
            allow(&["sagemaker:*"], &["*"]),
            allow(&["iam:PassRole"], &[&team_roles]),
            r#"{"Effect": "Deny", "Action": "sagemaker:DeleteEndpoint", "Resource": "*"}"#.to_owned(),
        ],
        ("human", 7) => vec![allow(&["s3:Get*", "s3:List*"], &["*"])],
        // One team in ten has an administrator.
        ("platform", 6) if team.is_multiple_of(10) => vec![allow(&["*"], &["*"])],
        ("platform", 6) => vec![
            allow(
                &["iam:CreateRole", "iam:AttachRolePolicy", "iam:PassRole"],
                &[&format!("arn:aws:iam::{ACCOUNT}:role/team-{team}-*")],
            ),
            allow(&["ec2:*", "ecs:*", "s3:*"], &["*"]),
        ],
        _ => filler(&format!("team-{team}-{i}"), at),
    };
    document(&main)
}

/// Rights of everyday work.
fn filler(what: &str, at: usize) -> Vec<String> {
    let own = |service: &str, rest: &str| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}");
    match at {
        0 => vec![allow(
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            &[&own("logs", &format!("log-group:/{what}:*"))],
        )],
        1 => vec![allow(&["cloudwatch:PutMetricData"], &["*"])],
        2 => vec![
            allow(&["ecr:GetAuthorizationToken"], &["*"]),
            allow(&["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], &[&own("ecr", &format!("repository/{what}"))]),
        ],
        3 => vec![allow(
            &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
            &[&own("dynamodb", &format!("table/{what}"))],
        )],
        4 => vec![allow(&["sqs:SendMessage", "sns:Publish"], &[&own("sqs", what), &own("sns", what)])],
        5 => vec![allow(&["ec2:DescribeSubnets", "ec2:DescribeVpcs", "ec2:DescribeSecurityGroups"], &["*"])],
        8 => vec![allow(&["secretsmanager:GetSecretValue"], &[&own("secretsmanager", &format!("secret:{what}-*"))])],
        _ => vec![allow(&["ssm:GetParameter*"], &[&own("ssm", &format!("parameter/{what}/*"))])],
    }
}

/// How many managed policies a team shares, and how many of them each of its roles has.
const SHARED: usize = 8;
const ATTACHED: usize = 6;

fn policy_arn(number: usize) -> String {
    format!("arn:aws:iam::{ACCOUNT}:policy/team-{}-shared-{}", number / SHARED, number % SHARED)
}

fn shared_policy(number: usize) -> Policy {
    let (team, at) = (number / SHARED, number % SHARED);
    let statements = match at {
        // Also the boundary of some.
        0 => vec![allow(&["s3:*", "sagemaker:*", "logs:*", "ecr:*", "cloudwatch:*", "kms:*", "iam:PassRole"], &["*"])],
        6 => vec![
            allow(&["s3:GetObject"], &[&format!("arn:aws:s3:::data-{}/*", team % 20)]),
            allow(&["sagemaker:Describe*", "sagemaker:List*"], &["*"]),
        ],
        7 => vec![allow(&["kms:Decrypt"], &[&format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/*")])],
        at => filler(&format!("team-{team}"), at),
    };
    Policy {
        name: format!("team-{team}-shared-{at}"),
        arn: policy_arn(number),
        version: is("v1"),
        document: is(document(&statements)),
    }
}

fn group(i: usize) -> Group {
    let developers = document(&[
        allow(&["sagemaker:*Notebook*", "sagemaker:CreatePresigned*"], &["*"]),
        allow(&["sts:AssumeRole"], &[&format!("arn:aws:iam::{ACCOUNT}:role/team-{i}-human-*")]),
    ]);
    Group {
        name: name("group", i),
        arn: format!("arn:aws:iam::{ACCOUNT}:group/{}", name("group", i)),
        attached: Seen::Is(vec![policy_arn(i * SHARED + 6)]),
        inline: Seen::Is(vec![InlinePolicy { name: "developers".to_owned(), document: developers }]),
    }
}

/// Five people a group.
fn user(i: usize) -> User {
    User {
        name: name("user", i),
        arn: format!("arn:aws:iam::{ACCOUNT}:user/{}", name("user", i)),
        path: "/".to_owned(),
        created: time(),
        groups: Seen::Is(vec![name("group", i / 5)]),
        attached: Seen::Is(Vec::new()),
        inline: Seen::Is(Vec::new()),
        boundary: Seen::Unset,
        tags: tags(),
    }
}

fn credentials(i: usize) -> Credentials {
    Credentials {
        user: name("user", i),
        arn: format!("arn:aws:iam::{ACCOUNT}:user/{}", name("user", i)),
        password: Some(true),
        mfa: Some(!i.is_multiple_of(7)),
        key_1: Some(false),
        key_2: Some(false),
        ..Credentials::default()
    }
}

/// The organization allows everything but foreign regions, except to the platform roles.
fn organization() -> Organization {
    let fence = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"},
                      "ArnNotLike": {"aws:PrincipalARN": "arn:aws:iam::*:role/team-*-platform-*"}}}}"#;
    let policy = |name: &str, document: String| OrganizationPolicy {
        id: format!("p-{name}"),
        name: name.to_owned(),
        document: is(document),
    };
    let everything = || policy("everything", document(&[allow(&["*"], &["*"])]));
    let level = |id: &str, kind: &str, scps| OrganizationLevel {
        id: id.to_owned(),
        kind: kind.to_owned(),
        scps: Listed::complete(scps),
        rcps: Listed::complete(Vec::new()),
    };
    Organization {
        id: "o-acme".to_owned(),
        management_account: is("999988887777"),
        feature_set: is("ALL"),
        levels: Listed::complete(vec![
            level("r-1", "ROOT", vec![everything(), policy("regions", fence.to_owned())]),
            level(ACCOUNT, "ACCOUNT", vec![everything()]),
        ]),
        ..Organization::default()
    }
}

/// One bucket in four lets a role in by name and insists on encrypted connections.
fn bucket_policy(i: usize) -> Seen<String> {
    if !i.is_multiple_of(4) {
        return Seen::Unset;
    }
    let objects = format!("arn:aws:s3:::{}/*", bucket(i).name);
    is(document(&[
        allow(&["s3:GetObject"], &[&objects]).replacen(
            '{',
            &format!(r#"{{"Principal": {{"AWS": "{}"}}, "#, role_arn_of(10 + i % 4)),
            1,
        ),
        format!(
            r#"{{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "{objects}",
                "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}}}"#
        ),
    ]))
}
