//! moto, the AWS simulator from PyPI that nobody here wrote: an estate made through the AWS APIs, scanned by the binary as
//! a user would run it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Map, Value};

/// The packages, pinned: what a new version changes is for us to find out when we want to.
const PACKAGES: [&str; 2] = ["moto[server]==5.2.5", "boto3==1.44.5"];

/// A Python environment of our own below the target folder, made once.
fn python() -> PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(make_python).clone()
}

fn make_python() -> PathBuf {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("moto-venv");
    let python = venv.join("bin/python");
    if !venv.join("complete").exists() {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv), "Python 3 with its venv module");
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES);
        run(&mut pip, "pip, and a package index that it can reach");
        std::fs::write(venv.join("complete"), "").expect("the target folder can be written");
    }
    python
}

/// Runs a program and returns what it printed.
fn run(command: &mut Command, needs: &str) -> String {
    match command.output() {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        Ok(output) => panic!("{command:?} failed; it needs {needs}:\n{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("this test needs {needs}: {error}"),
    }
}

struct Moto {
    server: Child,
    url: String,
}

impl Moto {
    /// Starts a server on a port of the system's choice and waits for the line that names it.
    fn start(python: &Path) -> Moto {
        let mut server = Command::new(python)
            .args(["-c", SERVE])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .env_clear()
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("HOME", env!("CARGO_TARGET_TMPDIR"))
            .spawn()
            .expect("moto starts");
        let mut line = String::new();
        BufReader::new(server.stdout.take().expect("piped")).read_line(&mut line).expect("moto names its port");
        let port: u16 = line.trim().parse().unwrap_or_else(|_| panic!("moto said `{line}` instead of a port"));
        Moto { server, url: format!("http://127.0.0.1:{port}") }
    }
}

/// moto's own threaded server, which binds before it returns.
const SERVE: &str = "
from moto.server import ThreadedMotoServer
import threading
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
threading.Event().wait()
";

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn sagescan(url: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sagescan"))
        .args(arguments)
        .env_clear()
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_ACCESS_KEY_ID", "AKIAMOTOTESTTESTTEST")
        .env("AWS_SECRET_ACCESS_KEY", "made-up")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn an_estate_in_moto_is_judged_as_it_is() {
    let python = python();
    let moto = Moto::start(&python);
    let fill = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/moto/fill.py");
    run(Command::new(&python).arg(fill).arg(&moto.url), "moto");
    let (code, stdout, stderr) = sagescan(&moto.url, &["scan", "--region", "us-east-1,eu-west-1", "--format", "json"]);
    assert_eq!(code, Some(1), "there are failures at or above high:\n{stderr}");
    let report: Value = serde_json::from_str(&stdout).expect("stdout is JSON alone");
    let status = |check: &str, region: &str, resource: &str| -> String {
        let findings = report["findings"].as_array().expect("findings");
        let one =
            findings.iter().find(|f| f["check"] == check && f["region"] == region && f["resource"]["name"] == resource);
        one.map_or("none", |f| f["status"].as_str().unwrap_or_default()).to_owned()
    };
    for region in ["us-east-1", "eu-west-1"] {
        for (check, resource, expected) in [
            ("notebook-no-direct-internet", "open", "fail"),
            ("notebook-no-direct-internet", "closed", "pass"),
            ("notebook-root-access-disabled", "open", "fail"),
            ("notebook-root-access-disabled", "closed", "pass"),
            ("notebook-in-vpc", "closed", "pass"),
            ("notebook-volume-cmk", "open", "fail"),
            ("notebook-volume-cmk", "closed", "pass"),
            ("training-in-vpc", "sealed", "pass"),
            ("training-in-vpc", "bare", "fail"),
            ("training-network-isolation", "sealed", "pass"),
            ("training-network-isolation", "bare", "fail"),
            ("training-inter-container-encryption", "sealed", "pass"),
            ("training-inter-container-encryption", "bare", "fail"),
            ("training-volume-cmk", "sealed", "pass"),
            ("training-volume-cmk", "bare", "fail"),
            ("model-in-vpc", "isolated", "pass"),
            ("model-in-vpc", "loose", "fail"),
            // moto answers that no model is isolated, whatever was asked for.
            ("model-network-isolation", "isolated", "fail"),
            ("endpoint-config-volume-cmk", "sound", "pass"),
            ("endpoint-config-volume-cmk", "frail", "fail"),
        ] {
            assert_eq!(status(check, region, resource), expected, "{check} of {resource} in {region}");
        }
    }
    for (check, resource, expected) in [
        ("role-no-admin-access", "notebook-admin", "fail"),
        ("role-trust-confused-deputy", "notebook-admin", "fail"),
        ("cloudtrail-log-validation", "all", "pass"),
    ] {
        assert_eq!(status(check, "global", resource), expected, "{check} of {resource}");
    }
    // What moto cannot serve shows as a gap, and nothing that needs it passes.
    let coverage = report["coverage"].as_array().expect("coverage");
    let state = |source: &str| coverage.iter().find(|l| l["source"] == source).map(|l| l["state"].clone());
    assert_eq!(state("sagemaker:ListUserProfiles"), Some(Value::from("failed")));
    assert_eq!(state("sagemaker:DescribeNotebookInstance"), Some(Value::from("complete")));
}

/// Types of which moto serves at least a list: an end to end for each.
#[test]
fn every_type_that_moto_serves_comes_back_as_it_was_made() {
    let python = python();
    let moto = Moto::start(&python);
    let fill = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/moto/every_type.py");
    let told = run(Command::new(&python).arg(fill).arg(&moto.url), "moto");
    let expected: BTreeMap<String, Map<String, Value>> = serde_json::from_str(&told).expect("JSON by table");
    assert!(expected.len() > 70, "{}", expected.len());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("every-type.json");
    let to = file.to_str().expect("the path is text");
    let (code, _, stderr) = sagescan(&moto.url, &["collect", "--region", "us-east-1", "-o", to]);
    assert_eq!(code, Some(0), "{stderr}");
    let snapshot = std::fs::read(&file).expect("it was written");
    let snapshot: Value = serde_json::from_slice(&snapshot).expect("it is JSON");
    let mut wrong = Vec::new();
    for (table, fields) in &expected {
        let seen = match table.strip_prefix("account/") {
            Some(table) => &snapshot["account"][table],
            None => &snapshot["regions"]["us-east-1"][table],
        };
        let fits = |item: &Value| fields.iter().all(|(name, value)| &item[name] == value);
        let listed = seen.get("items").unwrap_or(seen);
        let found = listed.as_array().map_or_else(|| fits(listed), |items| items.iter().any(fits));
        if !found {
            wrong.push(format!("{table} has nothing with {fields:?}: {seen}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_region_that_moto_does_not_know_is_an_error_with_a_suggestion() {
    let moto = Moto::start(&python());
    let (code, _, stderr) = sagescan(&moto.url, &["scan", "--region", "us-eats-1"]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("us-east-1"), "{stderr}");
}
