//! Holds the loopback AWS to AWS's own service models, by AWS's own Python client: software that nobody here wrote.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use sagescan::serve::{Options, start};
use sagescan_checks::snapshot::Snapshot;

const BOTOCORE: &str = "botocore==1.44.5";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/serve/wire_truth.py");
const WORLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/serve/world.json");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn botocore_finds_nothing_wrong_with_any_answer() {
    let python = python_with_botocore();
    let world = std::fs::read(WORLD).expect("the world is there");
    let snapshot = Snapshot::read(&world).expect("the world is a snapshot");
    let server = start(Arc::new(snapshot), Options::default()).await.expect("a free port on loopback");
    let mut script = Command::new(python);
    script.args([SCRIPT, "--endpoint", &server.url(), "--world", WORLD]);
    let output = tokio::task::spawn_blocking(move || script.output()).await.expect("it ran").expect("Python starts");
    server.stop().await;
    assert!(output.status.success(), "{}", said(&output));
}

/// A Python of its own with the pinned client in it, made once below the target directory.
fn python_with_botocore() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(BOTOCORE.replace("==", "-"));
    let python = if cfg!(windows) { home.join("Scripts/python.exe") } else { home.join("bin/python") };
    let complete = home.join("complete");
    if !complete.exists() {
        let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home).output();
        let made = made.expect("this test needs python3 on the PATH (Python 3.10 or later, with the venv module)");
        assert!(made.status.success(), "python3 cannot make a virtual environment:\n{}", said(&made));
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", BOTOCORE];
        let installed = Command::new(&python).args(pip).output().expect("the new Python starts");
        assert!(installed.status.success(), "this test needs {BOTOCORE} from a package index:\n{}", said(&installed));
        std::fs::write(&complete, "").expect("the target directory can be written");
    }
    python
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
