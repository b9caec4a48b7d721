//! Requests are signed as AWS's own client would sign them. Neither our server nor moto looks at signatures: without this,
//! a mistake would show at AWS alone.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use sagescan::collect::collect;
use sagescan::serve::start;
use sagescan_checks::snapshot::Seen;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::loopback::{Silent, everything, obedient, sample};
use super::python::{python_with_botocore, said};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live_signatures.py");

#[tokio::test]
async fn requests_are_signed_as_awss_own_client_signs_them() {
    let mut world = sample();
    // A name that a path has to spell in another way.
    let trail = world.account.trails.items.first_mut().expect("the sample has a trail");
    trail.bucket = Seen::Is("odd name+(1)&2/~ä".to_owned());
    let server = start(Arc::new(world.clone()), obedient()).await.expect("loopback can be bound");
    let recorded = Arc::new(Mutex::new(Vec::new()));
    let address = record(server.url().trim_start_matches("http://").to_owned(), recorded.clone()).await;
    let request = everything(format!("http://{address}"), world.regions.keys().cloned().collect());
    let (_go_on, stop) = tokio::sync::watch::channel(false);
    collect(request, Arc::new(Silent), stop).await.expect("there is an answer");
    server.stop().await;

    let requests = std::mem::take(&mut *recorded.lock().expect("nobody panicked"));
    let services = ["s3", "sts", "iam", "ec2", "sagemaker", "kms", "elasticfilesystem", "apigateway", "lambda", "sns"];
    let told = json!({ "secret": "not-a-secret", "services": services, "requests": requests });
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("requests.json");
    std::fs::write(&file, told.to_string()).expect("the target directory can be written");
    let output = Command::new(python_with_botocore()).arg(SCRIPT).arg(&file).output().expect("Python starts");
    assert!(output.status.success(), "{}", said(&output));
}

/// Listens, notes every request, and passes it on. Each connection carries one.
async fn record(upstream: String, recorded: Arc<Mutex<Vec<Value>>>) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback can be bound");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client, upstream.clone(), recorded.clone()));
        }
    });
    address
}

async fn pass_on(mut client: TcpStream, upstream: String, recorded: Arc<Mutex<Vec<Value>>>) -> std::io::Result<()> {
    let mut read = Vec::new();
    let end = loop {
        if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if client.read_buf(&mut read).await? == 0 {
            return Ok(());
        }
    };
    let head = String::from_utf8_lossy(&read[..end]).into_owned();
    let mut lines = head.lines();
    let first: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let headers: Vec<(&str, &str)> =
        lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim())).collect();
    let of = |name: &str| headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    let length: usize = of("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while read.len() < end + 4 + length {
        client.read_buf(&mut read).await?;
    }
    let note = json!({
        "method": first[0],
        "address": format!("http://{}{}", of("host").unwrap_or_default(), first[1]),
        "headers": headers,
        "body": String::from_utf8_lossy(&read[end + 4..]),
    });
    recorded.lock().expect("nobody panicked").push(note);

    let mut server = TcpStream::connect(upstream).await?;
    server.write_all(&read[..end]).await?;
    server.write_all(b"\r\nconnection: close\r\n\r\n").await?;
    server.write_all(&read[end + 4..]).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    client.write_all(&answer).await?;
    client.shutdown().await
}
