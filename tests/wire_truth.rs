//! Holds the loopback AWS to AWS's own service models, by AWS's own Python client: software that nobody here wrote.

use std::process::Command;
use std::sync::Arc;

use sagescan::serve::{Options, start};
use sagescan_checks::snapshot::Snapshot;

use python::{python_with_botocore, said};

mod python;

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
