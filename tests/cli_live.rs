//! The commands that look at an account, as people and scripts meet them: the real binary against `sagescan serve`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::{OnceLock, mpsc};

use serde_json::Value;

/// The program in a clean environment: nobody's AWS configuration, settings, colours or terminal.
struct Run {
    command: Command,
}

fn sagescan(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sagescan"));
    command.args(arguments).env_clear().current_dir(env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::null());
    command.env("LC_ALL", "C.UTF-8").env("HOME", env!("CARGO_TARGET_TMPDIR"));
    // A build machine may itself have a role.
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_CONFIG_FILE", "absent").env("AWS_SHARED_CREDENTIALS_FILE", "absent");
    Run { command }
}

/// The same, with credentials and an AWS to ask.
fn asking(url: &str, arguments: &[&str]) -> Run {
    sagescan(arguments)
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "not-a-secret")
}

impl Run {
    fn env(mut self, name: &str, value: &str) -> Run {
        self.command.env(name, value);
        self
    }

    fn without(mut self, name: &str) -> Run {
        self.command.env_remove(name);
        self
    }

    fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Run {
        self.command.arg(argument);
        self
    }

    fn args(mut self, arguments: &[&str]) -> Run {
        self.command.args(arguments);
        self
    }

    /// Runs, and demands the exit code.
    #[track_caller]
    fn exits(mut self, code: i32) -> Said {
        Said::of(self.command.output().expect("the program runs"), code)
    }
}

struct Said {
    out: String,
    err: String,
}

impl Said {
    #[track_caller]
    fn of(output: Output, code: i32) -> Said {
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        let said = Said { out: text(output.stdout), err: text(output.stderr) };
        assert_eq!(output.status.code(), Some(code), "stdout:\n{}\nstderr:\n{}", said.out, said.err);
        assert!(!said.err.contains("panicked"), "{}", said.err);
        said
    }

    #[track_caller]
    fn tells(&self, words: &str) -> &Said {
        assert!(self.err.contains(words), "stderr does not say {words:?}:\n{}", self.err);
        self
    }

    #[track_caller]
    fn shows(&self, words: &str) -> &Said {
        assert!(self.out.contains(words), "stdout does not show {words:?}:\n{}", self.out);
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("stdout is JSON")
    }
}

/// A running `sagescan serve`, which ends with the test.
struct Served {
    child: Child,
    url: String,
    _out: BufReader<ChildStdout>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(world: &Path, options: &[&str]) -> Served {
    let mut run = sagescan(&["serve"]).arg(world);
    let mut child =
        run.command.args(options).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("a line");
    assert!(line.starts_with("http://127.0.0.1:"), "{line:?}");
    Served { child, url: line.trim().to_owned(), _out: out }
}

/// An empty folder of the test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The sample account as a file.
fn world() -> &'static Path {
    static WORLD: OnceLock<PathBuf> = OnceLock::new();
    WORLD.get_or_init(|| {
        let world = sagescan::demo::account(jiff::Timestamp::now()).unwrap();
        let path = folder("world").join("world.json");
        fs::write(&path, serde_json::to_vec(&world).unwrap()).unwrap();
        path
    })
}

/// The sample account, changed.
fn changed(test: &str, change: impl FnOnce(&mut Value)) -> PathBuf {
    let mut world: Value = serde_json::from_slice(&fs::read(world()).unwrap()).unwrap();
    change(&mut world);
    let path = folder(test).join("world.json");
    fs::write(&path, world.to_string()).unwrap();
    path
}

/// What a server counted: `sagemaker:ListModels` to requests, all regions together.
fn counted(url: &str) -> BTreeMap<String, u64> {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).expect("the server listens");
    stream.write_all(b"GET /_stats HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let stats: Value = serde_json::from_str(body).expect("statistics are JSON");
    let requests =
        |regions: &Value| regions.as_object().unwrap().values().map(|c| c["requests"].as_u64().unwrap()).sum();
    stats["calls"].as_object().unwrap().iter().map(|(call, regions)| (call.clone(), requests(regions))).collect()
}

/// Waits, by asking, until a call has arrived.
fn arrived(url: &str, call: &str) {
    while counted(url).get(call).is_none_or(|requests| *requests == 0) {
        std::thread::yield_now();
    }
}

/// An AWS that refuses everybody with one error code, and tells what it was sent.
fn refusing(code: &'static str) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|n| n > 0) {}
            let body = format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>No \u{202e}thanks</Message></Error></ErrorResponse>"
            );
            let _ = write!(
                reader.get_mut(),
                "HTTP/1.1 403 Forbidden\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = tell.send(head);
        }
    });
    (url, told)
}

mod demonstrating {
    use super::*;

    #[test]
    fn it_needs_neither_credentials_nor_configuration() {
        let said = sagescan(&["demo"])
            .env("AWS_PROFILE", "nobody")
            .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
            .env("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
            .env("HTTPS_PROXY", "http://127.0.0.1:1")
            .exits(1);
        said.shows("Account  111122223333")
            .shows("CRITICAL")
            .shows("sagescan explain manual")
            .shows("Next: sagescan explain");
        assert_eq!(said.err, "", "progress belongs on terminals, and a demo has nothing to warn of");
        sagescan(&["demo", "--fail-on", "none"]).exits(0);
    }

    /// Field by field what the contract promises; more fields may stand beside.
    #[test]
    fn json_has_every_field_of_the_contract() {
        let report = sagescan(&["demo", "--format", "json"]).exits(1).json();
        let has = |value: &Value, fields: &str| {
            for field in fields.split(' ') {
                assert!(value.get(field).is_some(), "{field} is missing in {value}");
            }
        };
        has(&report, "format tool scan score findings manual coverage");
        assert_eq!((&report["format"], &report["tool"]["name"]), (&"sagescan/report/v1".into(), &"sagescan".into()));
        has(&report["tool"], "name version");
        has(&report["scan"], "account partition caller regions started finished api_calls throttled");
        has(&report["score"], "overall grade coverage sections");
        let ids: Vec<&Value> = report["score"]["sections"].as_array().unwrap().iter().map(|s| &s["id"]).collect();
        let sections =
            ["identity", "at-rest", "in-transit", "network", "monitoring", "privacy", "resilience", "supply-chain"];
        assert_eq!(ids, sections);
        for section in report["score"]["sections"].as_array().unwrap() {
            has(section, "id title score coverage pass fail unknown exempt");
        }
        let findings = report["findings"].as_array().unwrap();
        for finding in findings {
            has(
                finding,
                "id check title section severity status account region resource message evidence frameworks waived",
            );
            has(&finding["resource"], "type name arn");
            assert!(
                ["pass", "fail", "unknown", "exempt"].iter().any(|status| finding["status"] == *status),
                "{finding}"
            );
            assert!(finding["frameworks"].as_object().unwrap().values().all(Value::is_array), "{finding}");
        }
        assert!(!report["manual"].as_array().unwrap().is_empty());
        report["manual"].as_array().unwrap().iter().for_each(|entry| has(entry, "practice why look_at"));
        report["coverage"]
            .as_array()
            .unwrap()
            .iter()
            .for_each(|line| has(line, "account region source state detail grant"));
        // Sorted by section, then severity, the worst first.
        let severities = ["critical", "high", "medium", "low", "info"];
        let rank = |finding: &Value| {
            let of = |words: &[&str], field: &str| words.iter().position(|word| finding[field] == *word).unwrap();
            (of(&sections, "section"), of(&severities, "severity"))
        };
        assert!(findings.is_sorted_by_key(rank));
        let fingerprints: BTreeSet<&str> = findings.iter().map(|f| f["id"].as_str().unwrap()).collect();
        assert_eq!(fingerprints.len(), findings.len());
    }

    #[test]
    fn filters_choose_what_is_shown_and_the_score_counts_all() {
        let all = sagescan(&["demo", "--format", "json"]).exits(1).json();
        let some = sagescan(&["demo", "--format", "json", "--section", "resilience"]).exits(1).json();
        assert_eq!(all["score"], some["score"]);
        assert!(some["findings"].as_array().unwrap().iter().all(|f| f["section"] == "resilience"));
    }

    #[test]
    fn it_fits_a_narrow_terminal() {
        let said = sagescan(&["demo"]).env("COLUMNS", "60").exits(1);
        let long: Vec<&str> = said.out.lines().filter(|line| sagescan::console::columns(line) > 60).collect();
        assert!(long.is_empty(), "{long:#?}");
    }

    #[test]
    fn colour_is_a_choice() {
        let colourful = |run: Run| run.exits(1).out.contains('\u{1b}');
        let demo = || sagescan(&["demo", "--check", "root-mfa-enabled"]);
        assert!(!colourful(demo()));
        assert!(colourful(demo().arg("--color=always").env("NO_COLOR", "1")));
        assert!(!colourful(demo().env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")));
    }
}

mod scanning {
    use super::*;

    #[test]
    fn what_was_collected_is_judged_as_it_would_have_been_at_once() {
        let aws = serve(world(), &[]);
        let at_once = asking(&aws.url, &["scan", "--region", "eu-west-1,us-east-1,us-west-2", "--format", "json"])
            .exits(1)
            .json();
        let file = folder("collected").join("x.json.gz");
        asking(&aws.url, &["collect", "--region", "us-west-2,eu-west-1,us-east-1", "-o"])
            .arg(&file)
            .exits(0)
            .tells("sagescan judge");
        assert!(fs::read(&file).unwrap().starts_with(&[0x1f, 0x8b]), "packed, as the name says");
        let later = sagescan(&["judge", "--format", "json"]).arg(&file).exits(1).json();
        assert_eq!(at_once["findings"], later["findings"]);
        assert_eq!(at_once["score"], later["score"]);
    }

    #[test]
    fn regions_are_listed_or_all_or_corrected() {
        let aws = serve(world(), &[]);
        let scan = |regions: &str| {
            asking(&aws.url, &["scan", "--check", "notebook-in-vpc", "--format", "json", "--region", regions])
        };
        let all = serde_json::json!(["eu-west-1", "us-east-1", "us-west-2"]);
        assert_eq!(
            scan("us-west-2,eu-west-1,us-west-2").exits(1).json()["scan"]["regions"],
            serde_json::json!(["eu-west-1", "us-west-2"])
        );
        assert_eq!(scan("all").without("AWS_REGION").exits(1).json()["scan"]["regions"], all);
        assert_eq!(scan("all,us-east-1").exits(1).json()["scan"]["regions"], all);
        scan("us-esat-1").exits(2).tells("did you mean `us-east-1`?");
        scan("nowhere").exits(2).tells("they look like us-east-1");
        asking(&aws.url, &["scan"]).without("AWS_REGION").exits(2).tells("--region");
    }

    #[test]
    fn custom_endpoints_are_told() {
        let aws = serve(world(), &[]);
        let said = asking(&aws.url, &["scan", "--check", "root-mfa-enabled"]).exits(1);
        let host = aws.url.trim_start_matches("http://");
        assert_eq!(said.err, format!("warning: signed requests go to {host} instead of AWS (every service)\n"));
        asking(&aws.url, &["scan", "--check", "root-mfa-enabled"])
            .env("AWS_ENDPOINT_URL_S3", "http://user:hush@127.0.0.1:1/path")
            .exits(1)
            .tells("go to 127.0.0.1:1 instead of AWS (S3)");
        let said = asking(&aws.url, &["scan", "-q", "--check", "root-mfa-enabled"]).exits(1);
        assert_eq!(said.err, "", "quiet is quiet");
    }

    #[test]
    fn limits_beyond_all_reason_are_only_generous() {
        let aws = serve(world(), &[]);
        let most = [
            "--timeout",
            "18446744073709551614",
            "--call-timeout",
            "18446744073709551614",
            "--jobs-since",
            "4294967295",
        ];
        asking(&aws.url, &["scan", "--check", "training-in-vpc", "--fail-on", "none"]).args(&most).exits(0);
        asking(&aws.url, &["scan", "--timeout", "0"]).exits(2).tells("--timeout");
    }

    #[test]
    fn a_policy_that_is_no_json_is_unknown() {
        let world = changed("no-json", |world| {
            world["account"]["roles"][0]["inline"] =
                serde_json::json!([{"name": "odd\u{1b}[2J", "document": "allow {everything"}]);
        });
        let report = sagescan(&["judge", "--format", "json"]).arg(world).exits(1).json();
        let findings = report["findings"].as_array().unwrap();
        let of_check = |check: &str| findings.iter().find(|f| f["check"] == check && f["status"] == "unknown").cloned();
        let unknown = of_check("role-no-admin-access").expect("a role that cannot be judged");
        assert!(unknown["message"].as_str().unwrap().contains("not JSON"), "{unknown}");
    }

    #[test]
    fn hostile_names_reach_no_terminal() {
        const EVIL: &str = "a\u{1b}[2J\u{202e}\nCRITICAL fake\u{9b}31m";
        let world = changed("hostile", |world| {
            let region = &mut world["regions"]["us-east-1"];
            region["notebooks"][0]["name"] = EVIL.into();
            region["models"][0]["name"] = EVIL.into();
            world["scan"]["caller"] = EVIL.into();
            world["account"]["roles"][0]["name"] = EVIL.into();
        });
        let calm = super::world();
        let judge = |more: &[&str]| sagescan(&["judge"]).arg(&world).args(more).exits(1);
        let diff = sagescan(&["diff", "--fail-on", "none"]).arg(calm).arg(&world).exits(0);
        for said in [
            judge(&[]),
            judge(&["-v"]),
            judge(&["--format", "json"]),
            judge(&["--status", "pass,unknown,exempt"]),
            diff,
        ] {
            let raw = |c: char| c != '\n' && sagescan::console::is_hostile(c);
            assert!(!said.out.contains(raw) && !said.err.contains(raw), "{:?}", said.out);
            assert!(!said.out.lines().any(|line| line.trim_start().starts_with("CRITICAL fake")), "{}", said.out);
        }
    }
}

mod not_seeing {
    use super::*;

    const NOBODY: &str = "error: no AWS credentials were found";

    #[test]
    fn without_credentials_there_is_one_clear_message() {
        let said = sagescan(&["scan", "--region", "us-east-1"]).exits(3);
        said.tells(NOBODY).tells("--profile").tells("sagescan demo");
        assert_eq!((said.out.as_str(), said.err.lines().count()), ("", 2), "{}", said.err);
        sagescan(&["collect", "-o", "never.json"]).exits(3).tells(NOBODY);
    }

    #[test]
    fn an_instance_without_a_metadata_service_does_not_keep_anybody_waiting() {
        // Connections are accepted by the backlog and never answered, as behind a firewall that swallows packets.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        let machine = |url: &str| {
            sagescan(&["scan"]).without("AWS_EC2_METADATA_DISABLED").env("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)
        };
        machine(&url).exits(3).tells(NOBODY);
        machine("http://127.0.0.1:1").exits(3).tells(NOBODY);
    }

    #[test]
    fn credentials_that_are_not_accepted_are_told_apart() {
        let expired = serve(world(), &["--fault", "GetCallerIdentity=expired"]);
        asking(&expired.url, &["scan"]).exits(3).tells("have expired").tells("get new ones");
        let (invalid, _told) = refusing("InvalidClientTokenId");
        let said = asking(&invalid, &["scan"]).exits(3);
        said.tells("does not accept the credentials").tells("\\u{202e}thanks");
        let barred = serve(world(), &["--deny", "GetCallerIdentity"]);
        asking(&barred.url, &["scan"]).exits(3).tells("VPC endpoint for STS");
        asking("http://127.0.0.1:1", &["scan"]).exits(3).tells("check the network").tells("go to 127.0.0.1:1");
    }

    #[test]
    fn the_proxy_of_the_environment_is_used() {
        let proxy = serve(world(), &[]);
        // The name resolves nowhere: whoever answers was reached through the proxy.
        let said = asking("http://aws.invalid", &["scan", "--check", "root-mfa-enabled", "--fail-on", "none"]);
        said.env("HTTP_PROXY", &proxy.url).exits(0);
    }

    #[test]
    fn wrong_profiles_are_wrong_usage() {
        let config = folder("profiles").join("config");
        fs::write(
            &config,
            "[profile audit]\nregion = us-west-2\naws_access_key_id = AKIAAUDIT\naws_secret_access_key = x\n\
             [profile broken]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = nowhere\n\
             [profile sso]\nsso_start_url = https://example.com/start\nsso_region = us-east-2\n\
             sso_account_id = 111122223333\nsso_role_name = audit\nregion = us-west-2\n",
        )
        .unwrap();
        let scan =
            |profile: &str| sagescan(&["scan", "--profile", profile]).env("AWS_CONFIG_FILE", config.to_str().unwrap());
        scan("audti").exits(2).tells("there is no profile `audti`").tells("did you mean `audit`?");
        scan("zzzzzzzz").exits(2).tells("aws configure list-profiles");
        scan("broken").exits(3).tells("source profile nowhere");
        scan("sso").exits(3).tells("aws sso login --profile sso");
        let environment =
            sagescan(&["scan"]).env("AWS_CONFIG_FILE", config.to_str().unwrap()).env("AWS_PROFILE", "audti");
        environment.exits(2).tells("did you mean `audit`?");

        // A profile that was asked for comes before keys that happen to lie in the environment.
        let (url, told) = refusing("InvalidClientTokenId");
        let keys = |run: Run| {
            run.env("AWS_ACCESS_KEY_ID", "AKIAELSEWHERE")
                .env("AWS_SECRET_ACCESS_KEY", "x")
                .env("AWS_ENDPOINT_URL", &url)
        };
        keys(scan("audit")).exits(3);
        let sent = told.recv().unwrap();
        assert!(sent.contains("Credential=AKIAAUDIT/"), "{sent}");
        keys(scan("audti")).exits(2);
    }

    #[test]
    fn a_profile_with_a_device_asks_for_its_code() {
        let aws = serve(world(), &[]);
        let config = folder("mfa").join("config");
        fs::write(
            &config,
            "[profile keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = x\n\
             [profile audit]\nregion = us-east-1\nrole_arn = arn:aws:iam::111122223333:role/audit\n\
             source_profile = keys\nmfa_serial = arn:aws:iam::111122223333:mfa/ann\n",
        )
        .unwrap();
        let scan = |profile: &str| {
            let run = sagescan(&["scan", "--profile", profile, "--check", "root-mfa-enabled", "--fail-on", "none"]);
            run.env("AWS_CONFIG_FILE", config.to_str().unwrap()).env("AWS_ENDPOINT_URL", &aws.url)
        };
        scan("audit").exits(3).tells("profile `audit`").tells("mfa/ann").tells("nobody is at a terminal");
        let (right, said) = at_a_terminal(scan("audit"), "123456");
        assert!(said.contains("MFA code of arn:aws:iam::111122223333:mfa/ann: ") && said.contains("Score"), "{said}");
        assert_eq!(right, 0, "{said}");
        let (wrong, said) = at_a_terminal(scan("audit"), "654321");
        assert!(wrong == 3 && said.contains("invalid MFA one time pass code"), "{said}");
    }

    /// Runs with a terminal at which somebody answers the first question; exit code and all that the terminal showed.
    fn at_a_terminal(run: Run, answer: &str) -> (i32, String) {
        const TERMINAL: &str = "
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown, answered = b'', False
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
    if not answered and shown.rstrip().endswith(b':'):
        os.write(terminal, sys.argv[1].encode() + b'\\n')
        answered = True
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
";
        let mut terminal = Command::new("python3");
        terminal.args(["-c", TERMINAL, answer]).arg(run.command.get_program()).args(run.command.get_args());
        terminal.env_clear().envs(run.command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let shown = terminal.env("PATH", path).stdin(Stdio::null()).output().expect("Python runs");
        (shown.status.code().unwrap_or(-1), String::from_utf8_lossy(&shown.stdout).into_owned())
    }

    #[test]
    fn a_bundle_of_certificates_is_read_before_anything_is_asked() {
        let bundle = folder("certificates").join("bundle.pem");
        let scan = || {
            asking("https://127.0.0.1:1", &["scan", "--check", "root-mfa-enabled"])
                .env("AWS_CA_BUNDLE", bundle.to_str().unwrap())
        };
        scan().exits(2).tells("cannot use the certificates in").tells("No such file");
        fs::write(&bundle, "my certificates").unwrap();
        scan().exits(2).tells("holds no certificate").tells("AWS_CA_BUNDLE");
        fs::write(&bundle, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
        scan().exits(2).tells("cannot use the certificates in");
    }

    #[test]
    fn an_account_that_denies_everything_is_not_green() {
        let policy = sagescan(&["policy"]).exits(0).json();
        let statements = policy["Statement"].as_array().unwrap().iter();
        let actions = statements.flat_map(|statement| statement["Action"].as_array().unwrap());
        let denied: Vec<&str> = actions.map(|a| a.as_str().unwrap()).filter(|a| !a.starts_with("sts:")).collect();
        let aws = serve(world(), &["--deny", &denied.join(",")]);
        let said = asking(&aws.url, &["scan", "--fail-on", "none"]).exits(3);
        said.tells("no call was answered").shows("Score none").shows("These permissions would reveal most:");
        said.shows("+ sagemaker:ListNotebookInstances (").shows("Next: sagescan policy");
        let file = folder("denied").join("x.json");
        asking(&aws.url, &["collect", "-o"]).arg(&file).exits(3).tells("no call was answered");
        sagescan(&["judge"]).arg(&file).exits(3).shows("Score none");

        // To know the regions is not to have seen what is in them.
        let but_regions: Vec<&str> = denied.into_iter().filter(|action| *action != "ec2:DescribeRegions").collect();
        let aws = serve(world(), &["--deny", &but_regions.join(",")]);
        asking(&aws.url, &["scan", "--fail-on", "none", "--region", "all"]).exits(3).tells("no call was answered");
    }

    #[test]
    fn the_time_limit_ends_a_hanging_scan_and_the_report_is_written() {
        let aws = serve(world(), &["--fault", "ListModels=hang"]);
        let file = folder("limit").join("report.json");
        let said = asking(&aws.url, &["scan", "--timeout", "1", "--format", "json", "-o"]).arg(&file).exits(3);
        said.tells("the scan's time limit was reached");
        let report: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert!(report["scan"]["interrupted"].as_str().unwrap().contains("time limit"));
        assert!(!report["findings"].as_array().unwrap().is_empty());
        let aws = serve(world(), &["--fault", "GetCallerIdentity=hang"]);
        asking(&aws.url, &["scan", "--timeout", "1"]).exits(3).tells("nothing was seen yet").tells("time limit");
    }

    /// Sends Ctrl-C once the hanging call has arrived.
    #[cfg(unix)]
    fn interrupted(aws: &Served, call: &str, mut run: Run) -> Said {
        let child = run.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        arrived(&aws.url, call);
        let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        Said::of(child.wait_with_output().unwrap(), 3)
    }

    #[cfg(unix)]
    #[test]
    fn ctrl_c_ends_the_scan_and_the_report_is_written() {
        let aws = serve(world(), &["--fault", "ListModels=hang"]);
        let said = interrupted(&aws, "sagemaker:ListModels", asking(&aws.url, &["scan"]));
        said.tells("ending the scan").tells("interrupted by the user").shows("Ended    early").shows("Score");
        let aws = serve(world(), &["--fault", "ListModels=hang"]);
        let file = folder("interrupted").join("x.json");
        let said = interrupted(&aws, "sagemaker:ListModels", asking(&aws.url, &["collect", "-o"]).arg(&file));
        said.tells("the scan ended early");
        sagescan(&["judge"]).arg(&file).exits(3).tells("interrupted by the user");
        let aws = serve(world(), &["--fault", "GetCallerIdentity=hang"]);
        interrupted(&aws, "sts:GetCallerIdentity", asking(&aws.url, &["scan"])).tells("nothing was seen yet");
    }
}

mod writing {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_told_before_anybody_is_asked() {
        let aws = serve(world(), &[]);
        asking(&aws.url, &["collect", "-o", "nowhere/x.json"]).exits(2).tells("there is no folder nowhere");
        asking(&aws.url, &["scan", "-o", "nowhere/x.txt"]).exits(2).tells("there is no folder nowhere");
        asking(&aws.url, &["scan", "--check", "root-mfa-enabledd"]).exits(2).tells("did you mean `root-mfa-enabled`?");
        assert_eq!(counted(&aws.url), BTreeMap::new());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_one_clear_error() {
        let aws = serve(world(), &[]);
        let full = "error: cannot write /dev/full: No space left";
        asking(&aws.url, &["collect", "-o", "/dev/full"]).exits(2).tells(full);
        asking(&aws.url, &["scan", "--check", "root-mfa-enabled", "-o", "/dev/full"]).exits(2).tells(full);
        sagescan(&["policy", "-o", "/dev/full"]).exits(2).tells(full);
    }

    #[test]
    fn a_closed_pipe_ends_quietly_with_the_right_code() {
        for (fail_on, code) in [("high", 1), ("none", 0)] {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            let mut run = sagescan(&["demo", "--check", "root-mfa-enabled", "--fail-on", fail_on]);
            run.command.stdout(writer);
            assert_eq!(run.exits(code).err, "");
        }
    }
}

mod serving {
    use super::*;

    #[test]
    fn calls_are_counted() {
        let aws = serve(world(), &["--tps", "*=1000"]);
        asking(&aws.url, &["scan", "--check", "notebook-in-vpc"]).exits(1);
        let counted = counted(&aws.url);
        assert_eq!(counted["sts:GetCallerIdentity"], 1);
        assert!(counted["sagemaker:ListNotebookInstances"] >= 1, "{counted:?}");
    }

    #[test]
    fn wrong_options_say_what_is_right() {
        let serve = |more: &[&str]| sagescan(&["serve"]).arg(world()).args(more);
        serve(&["--fault", "ListModels=hnag"]).exits(2).tells("hang, cut, expired");
        serve(&["--fault", "ListModels"]).exits(2).tells("OPERATION=FAULT");
        serve(&["--tps", "*=0"]).exits(2).tells("a number above 0");
        serve(&["--tps", "*=NaN"]).exits(2).tells("a number above 0");
        serve(&["--tps", "*=2/0"]).exits(2).tells("10 is the burst");
        serve(&["--tps", "*"]).exits(2).tells("OPERATION=RATE");
        serve(&["--quotas", "azure"]).exits(2).tells("aws");
        serve(&["--port", "99999"]).exits(2);
        sagescan(&["serve", "absent.json"]).exits(2).tells("cannot read absent.json");
    }

    #[test]
    fn misspelt_operations_are_told() {
        // A port that is taken ends the program after its warnings.
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port().to_string();
        let serve = |more: &[&str]| sagescan(&["serve", "--port", &port]).arg(world()).args(more).exits(2);
        serve(&["--deny", "LstModels"]).tells("did you mean `ListModels`?").tells("cannot listen");
        serve(&["--fault", "ListModel@2=500"]).tells("did you mean `ListModels`?");
        let fine = serve(&["--deny", "*,sagemaker:ListModels,s3:ListAllMyBuckets", "--fault", "ListModels@2=500"]);
        assert!(!fine.err.contains("no scan asks"), "{}", fine.err);
    }
}

mod telling {
    use super::*;

    #[test]
    fn the_policy_is_least_for_what_is_selected() {
        let services = |arguments: &[&str]| -> Vec<String> {
            let policy = sagescan(arguments).exits(0).json();
            assert_eq!(policy["Version"], "2012-10-17");
            let statements = policy["Statement"].as_array().unwrap();
            statements.iter().map(|s| s["Sid"].as_str().unwrap().to_owned()).collect()
        };
        let all = services(&["policy"]);
        assert!(all.contains(&"ReadKms".to_owned()) && all.contains(&"ReadS3".to_owned()), "{all:?}");
        assert_eq!(
            services(&["policy", "--check", "notebook-no-direct-internet"]),
            ["ReadEc2", "ReadSagemaker", "ReadSts", "ReadTag"]
        );
        assert!(services(&["policy", "--section", "resilience"]).len() <= all.len());
        let reads_lines = |arguments: &[&str]| {
            let policy = sagescan(arguments).exits(0).json().to_string();
            policy.contains("logs:FilterLogEvents")
        };
        assert!(!reads_lines(&["policy"]) && !reads_lines(&["policy", "--section", "supply-chain"]));
        assert!(reads_lines(&["policy", "--log-samples"]) && reads_lines(&["policy", "--check", "logs-no-secrets"]));
        sagescan(&["policy", "--section", "netwrok"]).exits(2).tells("did you mean `network`?");
        sagescan(&["policy", "--check", "nope"]).exits(2).tells("sagescan checks");
        sagescan(&["policy", "--check", "notebook-no-direct-internet", "--section", "privacy"])
            .exits(2)
            .tells("none of these");
    }

    #[test]
    fn two_snapshots_of_different_regions_are_no_progress() {
        let aws = serve(world(), &[]);
        let folder = folder("diff");
        let collect = |name: &str, regions: &str| {
            asking(&aws.url, &["collect", "-q", "--region", regions, "-o"]).arg(folder.join(name)).exits(0);
            folder.join(name)
        };
        let (one, two) = (collect("one.json", "us-east-1"), collect("two.json", "us-east-1,us-west-2"));
        sagescan(&["diff", "--fail-on", "none"])
            .arg(&one)
            .arg(&two)
            .exits(0)
            .tells("different regions: us-east-1 before;");
        let said = sagescan(&["diff"]).arg(&one).arg(&one).exits(0);
        assert_eq!(said.err, "");
        said.shows("0 new, 0 mended, 0 changed");
    }

    #[test]
    fn the_rights_in_a_live_account_are_studied_with_the_calls_that_it_takes() {
        let aws = serve(world(), &[]);
        asking(&aws.url, &["role", "ml-churn-training", "--region", "us-east-1"])
            .exits(0)
            .shows("arn:aws:s3:::larkfield-ml-churn/features/train/* (has it)");
        let calls = counted(&aws.url);
        assert!(calls.contains_key("iam:GetAccountAuthorizationDetails"), "{calls:?}");
        assert!(!calls.contains_key("cloudtrail:DescribeTrails"), "{calls:?}");
        asking(&aws.url, &["role", "ml-churn-trainig"]).exits(2).tells("did you mean `ml-churn-training`");
        asking(&aws.url, &["guardrails", "--region", "us-east-1", "--guardrail", "notebook-root"])
            .exits(0)
            .shows("ml-claims-admin");
    }

    #[test]
    fn what_no_api_shows_is_explained() {
        sagescan(&["explain", "manual"]).exits(0).shows("Why no API shows it").shows("Look at");
        let json = sagescan(&["explain", "manual", "--format", "json"]).exits(0).json();
        assert_eq!(json["format"], "sagescan/manual/v1");
        sagescan(&["checks"]).exits(0).shows("sagescan explain manual");
    }
}
