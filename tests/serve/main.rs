//! The loopback AWS over a real socket: what it refuses, how it pages, what goes wrong on demand.

use std::sync::Arc;
use std::time::Duration;

use sagescan::serve::{Fault, Options, Quota, Quotas, Server, start};
use sagescan_checks::snapshot::Snapshot;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer, taken apart.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")))?;
        Some(line.split_once(':')?.1.trim())
    }

    /// The code of an error, in whichever notation.
    fn code(&self) -> String {
        let xml = || self.body.split("<Code>").nth(1)?.split("</Code>").next().map(str::to_owned);
        xml().unwrap_or_else(|| self.json()["__type"].as_str().unwrap_or_default().to_owned())
    }
}

fn model(name: &str) -> Value {
    json!({
        "name": name, "arn": format!("arn:aws:sagemaker:us-east-1:111122223333:model/{name}"),
        "created": "2026-10-01T00:00:00Z", "role": null, "containers": [], "vpc": null, "network_isolation": null,
        "environment_secrets": [], "tags": [],
    })
}

/// A snapshot with these tables in its only region, and these of the account.
fn world(region: Value, account: Value) -> Arc<Snapshot> {
    let whole = json!({
        "format": "sagescan/snapshot/v1",
        "scan": {
            "account": "111122223333", "partition": "aws", "caller": "arn:aws:iam::111122223333:role/auditor",
            "regions": ["us-east-1"], "version": "test",
            "started": "2026-11-01T12:00:00Z", "finished": "2026-11-01T12:00:00Z",
        },
        "account": account,
        "regions": { "us-east-1": region },
    });
    Arc::new(Snapshot::read(whole.to_string().as_bytes()).expect("a snapshot"))
}

fn five_models() -> Arc<Snapshot> {
    let models = ["a", "b", "c", "d", "e"].map(model);
    world(json!({ "models": models, "endpoints": [] }), json!({}))
}

async fn serve(snapshot: Arc<Snapshot>, options: Options) -> Server {
    start(snapshot, options).await.expect("a free port on loopback")
}

async fn send(server: &Server, request: &str) -> TcpStream {
    let address = server.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    stream
}

async fn exchange(server: &Server, request: &str) -> Answer {
    let mut text = Vec::new();
    // A body that is cut short ends in an end of the stream or in a reset.
    let _ = send(server, request).await.read_to_end(&mut text).await;
    let text = String::from_utf8(text).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

fn signed(service: &str, region: &str) -> String {
    format!(
        "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0\r\n"
    )
}

fn json_request(target: &str, input: &Value) -> String {
    let body = input.to_string();
    let length = body.len();
    format!(
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Amz-Target: {target}\r\nContent-Length: {length}\r\n{}\r\n{body}",
        signed("sagemaker", "us-east-1")
    )
}

async fn sagemaker(server: &Server, operation: &str, input: Value) -> Answer {
    exchange(server, &json_request(&format!("SageMaker.{operation}"), &input)).await
}

async fn form(server: &Server, service: &str, body: &str) -> Answer {
    let (signature, length) = (signed(service, "us-east-1"), body.len());
    let head = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n{signature}"
    );
    exchange(server, &format!("{head}\r\n{body}")).await
}

async fn rest(server: &Server, request_line: &str, host: &str) -> Answer {
    let signature = signed("s3", "us-east-1");
    exchange(
        server,
        &format!(
            "{request_line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n{signature}\r\n"
        ),
    )
    .await
}

fn names(answer: &Answer) -> Vec<String> {
    let models = answer.json()["Models"].as_array().cloned().unwrap_or_default();
    models.iter().map(|m| m["ModelName"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Options that make `name` go wrong.
fn wrong(name: &str, fault: &str) -> Options {
    Options { faults: vec![(name.to_owned(), fault.parse().expect("a fault"))], ..Options::default() }
}

#[tokio::test]
async fn pages_follow_each_other_and_tokens_open_nothing_else() {
    let server = serve(five_models(), Options::default()).await;
    let first = sagemaker(&server, "ListModels", json!({ "MaxResults": 2 })).await;
    let token = first.json()["NextToken"].clone();
    let second = sagemaker(&server, "ListModels", json!({ "MaxResults": 2, "NextToken": token })).await;
    let last =
        sagemaker(&server, "ListModels", json!({ "MaxResults": 3, "NextToken": second.json()["NextToken"] })).await;
    assert_eq!([names(&first), names(&second), names(&last)].concat(), ["a", "b", "c", "d", "e"]);
    assert_eq!(last.json()["NextToken"], Value::Null);
    assert!(first.header("x-amzn-requestid").is_some_and(|id| Some(id) != second.header("x-amzn-requestid")));

    let other_order = sagemaker(&server, "ListModels", json!({ "SortBy": "Name", "NextToken": token })).await;
    let other_operation = sagemaker(&server, "ListEndpoints", json!({ "NextToken": token })).await;
    let too_many = sagemaker(&server, "ListModels", json!({ "MaxResults": 101 })).await;
    let none = sagemaker(&server, "ListModels", json!({ "MaxResults": 0 })).await;
    for refused in [other_order, other_operation, too_many, none] {
        assert_eq!((refused.status, refused.code()), (400, "ValidationException".to_owned()));
    }
    server.stop().await;
}

#[tokio::test]
async fn the_newest_come_first_where_that_is_asked_for() {
    let mut models = ["old", "new", "middle"].map(model);
    for (model, created) in models.iter_mut().zip(["2026-01-01", "2026-03-01", "2026-02-01"]) {
        model["created"] = json!(format!("{created}T00:00:00Z"));
    }
    let server = serve(world(json!({ "models": models }), json!({})), Options::default()).await;
    let newest = sagemaker(&server, "ListModels", json!({ "SortBy": "CreationTime", "SortOrder": "Descending" })).await;
    assert_eq!(names(&newest), ["new", "middle", "old"]);
    let as_it_is = sagemaker(&server, "ListModels", json!({})).await;
    assert_eq!(names(&as_it_is), ["old", "new", "middle"]);
    assert_eq!(newest.json()["Models"][0]["CreationTime"], json!(1_772_323_200.0));
}

#[tokio::test]
async fn what_was_not_seen_is_refused() {
    let denied = json!({ "reason": "denied", "source": "sagemaker:ListEndpoints" });
    let mut blind = model("blind");
    blind["role"] = json!({ "unseen": "denied" });
    let region = json!({
        "models": { "items": [model("seen"), blind], "unseen": "failed" },
        "endpoints": { "items": [], "unseen": denied },
        "domains": { "items": [], "unseen": denied },
    });
    let server = serve(world(region, json!({ "password_policy": null })), Options::default()).await;

    let first = sagemaker(&server, "ListModels", json!({})).await;
    assert_eq!(names(&first), ["seen", "blind"], "what was seen is there");
    let rest = sagemaker(&server, "ListModels", json!({ "NextToken": first.json()["NextToken"] })).await;
    assert_eq!((rest.status, rest.code()), (500, "InternalFailure".to_owned()), "and what was not is behind it");
    assert_eq!(sagemaker(&server, "DescribeModel", json!({ "ModelName": "seen" })).await.status, 200);
    assert_eq!(sagemaker(&server, "DescribeModel", json!({ "ModelName": "other" })).await.status, 500);

    let blind = sagemaker(&server, "DescribeModel", json!({ "ModelName": "blind" })).await;
    assert_eq!((blind.status, blind.code()), (400, "AccessDeniedException".to_owned()));
    assert_eq!(
        blind.json()["Message"],
        "User: arn:aws:iam::111122223333:role/auditor is not authorized to perform: sagemaker:DescribeModel on \
         resource: arn:aws:sagemaker:us-east-1:111122223333:model/blind because no identity-based policy allows the \
         sagemaker:DescribeModel action"
    );
    assert_eq!(sagemaker(&server, "ListEndpoints", json!({})).await.code(), "AccessDeniedException");
    assert_eq!(
        sagemaker(&server, "ListDomains", json!({})).await.json(),
        json!({ "Domains": [] }),
        "others are to blame"
    );
    assert_eq!(sagemaker(&server, "ListNotebookInstances", json!({})).await.status, 500, "nobody ever asked");
    assert_eq!(form(&server, "iam", "Action=GetAccountPasswordPolicy").await.code(), "NoSuchEntity");
    assert_eq!(form(&server, "iam", "Action=GetAccountSummary").await.status, 500);
    assert_eq!(server.stats().of("sagemaker:DescribeModel").denied, 1);
}

#[tokio::test]
async fn rates_are_limited_for_each_operation() {
    let rates = [("*", 1000.0), ("ListModels", 0.0001)];
    let tps = rates.map(|(name, rate)| (name.to_owned(), Quota::per_second(rate))).to_vec();
    let server = serve(five_models(), Options { tps, ..Options::default() }).await;
    assert_eq!(sagemaker(&server, "ListModels", json!({})).await.status, 200);
    let refused = sagemaker(&server, "ListModels", json!({})).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.body, r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#);
    assert_eq!(refused.header("content-type"), Some("application/x-amz-json-1.1"));
    assert_eq!(refused.header("retry-after"), None);
    assert_eq!(sagemaker(&server, "ListEndpoints", json!({})).await.status, 200);
    let counts = server.stats().of("sagemaker:ListModels");
    assert_eq!((counts.requests, counts.throttled), (2, 1));
}

#[tokio::test]
async fn the_quotas_of_aws_can_be_had_and_read() {
    let two = Quota { rate: 0.0001, burst: 2.0 };
    let options = Options { tps: vec![("ListModels".to_owned(), two)], quotas: Quotas::Aws, ..Options::default() };
    let server = serve(five_models(), options).await;
    let mut listed = Vec::new();
    for _ in 0..3 {
        listed.push(sagemaker(&server, "ListModels", json!({})).await.status);
    }
    assert_eq!(listed, [200, 200, 400], "two at once, then throttled");
    let quotas = exchange(&server, "GET /_quotas HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.json();
    assert_eq!(quotas["sagemaker:ListEndpoints"], json!({ "rate": 2.0, "burst": 2.0 }));
    assert_eq!(quotas["sagemaker:ListModels"], json!({ "rate": 0.0001, "burst": 2.0 }), "what is named wins");
}

#[tokio::test]
async fn permissions_are_denied_by_any_of_their_names() {
    let names = ["ListModels", "kms:*", "ec2:DescribeVpcs", "s3:GetBucketPublicAccessBlock"];
    let options = Options { deny: names.map(str::to_owned).to_vec(), ..Options::default() };
    let server = serve(five_models(), options).await;
    let denied = sagemaker(&server, "ListModels", json!({})).await;
    assert_eq!((denied.status, denied.code()), (400, "AccessDeniedException".to_owned()));
    assert_eq!(sagemaker(&server, "ListEndpoints", json!({})).await.status, 200);
    let vpcs = form(&server, "ec2", "Action=DescribeVpcs").await;
    assert_eq!((vpcs.status, vpcs.code()), (403, "UnauthorizedOperation".to_owned()));
    let bucket = rest(&server, "GET /data?publicAccessBlock", "x").await;
    assert_eq!((bucket.status, bucket.code()), (403, "AccessDenied".to_owned()));

    let all = Options { deny: vec!["*".to_owned()], ..Options::default() };
    let server = serve(five_models(), all).await;
    assert_eq!(form(&server, "sts", "Action=GetCallerIdentity").await.code(), "AccessDenied");
}

#[tokio::test]
async fn errors_are_spelled_as_each_protocol_spells_them() {
    for (fault, expected) in [
        (
            "throttle",
            [(400, "ThrottlingException"), (400, "Throttling"), (503, "RequestLimitExceeded"), (503, "SlowDown")],
        ),
        ("500", [(500, "InternalFailure"), (500, "ServiceFailure"), (500, "InternalError"), (500, "InternalError")]),
        (
            "expired",
            [(400, "ExpiredTokenException"), (403, "ExpiredToken"), (400, "RequestExpired"), (400, "ExpiredToken")],
        ),
    ] {
        let server = serve(five_models(), wrong("*", fault)).await;
        let answers = [
            sagemaker(&server, "ListModels", json!({})).await,
            form(&server, "iam", "Action=GetAccountSummary").await,
            form(&server, "ec2", "Action=DescribeVpcs").await,
            rest(&server, "GET /", "x").await,
        ];
        let got = answers.each_ref().map(|answer| (answer.status, answer.code()));
        assert_eq!(got, expected.map(|(status, code)| (status, code.to_owned())), "{fault}");
        assert!(answers.iter().all(|answer| answer.header("x-amzn-requestid").is_some()));
        assert_eq!(server.stats().total().faulted, 4);
    }
}

#[tokio::test]
async fn a_fault_strikes_as_often_as_it_is_told_to() {
    let server = serve(five_models(), wrong("sagemaker:ListModels@2", "500")).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(sagemaker(&server, "ListModels", json!({})).await.status);
    }
    assert_eq!(statuses, [500, 500, 200, 200]);
}

#[tokio::test]
async fn bodies_break_in_the_middle() {
    let server = serve(five_models(), wrong("ListModels", "cut")).await;
    let cut = sagemaker(&server, "ListModels", json!({})).await;
    let announced: usize = cut.header("content-length").and_then(|length| length.parse().ok()).expect("a length");
    assert_eq!((cut.status, cut.body.len()), (200, announced / 2));

    let server = serve(five_models(), wrong("ListModels", "malformed")).await;
    let malformed = sagemaker(&server, "ListModels", json!({})).await;
    assert_eq!(malformed.header("content-length"), Some(malformed.body.len().to_string().as_str()));
    assert!(malformed.status == 200 && serde_json::from_str::<Value>(&malformed.body).is_err());

    let server = serve(five_models(), wrong("ListModels", "html-500")).await;
    let html = sagemaker(&server, "ListModels", json!({})).await;
    assert!(html.status == 500 && html.body.contains("<html>"));
}

#[tokio::test]
async fn pages_mislead_on_demand() {
    let server = serve(five_models(), wrong("ListModels", "empty-page")).await;
    let empty = sagemaker(&server, "ListModels", json!({})).await;
    assert_eq!(names(&empty), Vec::<String>::new());
    let full = sagemaker(&server, "ListModels", json!({ "NextToken": empty.json()["NextToken"] })).await;
    assert_eq!((names(&full).len(), &full.json()["NextToken"]), (5, &Value::Null));

    let server = serve(five_models(), wrong("ListModels", "repeat-token")).await;
    let first = sagemaker(&server, "ListModels", json!({ "MaxResults": 2 })).await.json()["NextToken"].clone();
    let second = sagemaker(&server, "ListModels", json!({ "MaxResults": 2, "NextToken": first })).await;
    assert_eq!(second.json()["NextToken"], first);
    let third = sagemaker(&server, "ListModels", json!({ "MaxResults": 2, "NextToken": first })).await;
    assert_eq!((names(&third), third.json()["NextToken"].clone()), (names(&second), first));
}

#[tokio::test]
async fn values_come_from_the_future_on_demand() {
    let endpoint = json!({
        "name": "e", "arn": "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e", "status": "InService",
        "created": "2026-10-01T00:00:00Z", "modified": "2026-10-01T00:00:00Z",
    });
    let gateway =
        json!({ "id": "nat-1", "vpc": "vpc-1", "subnet": "subnet-1", "state": "available", "connectivity": "public" });
    let region = json!({ "endpoints": [endpoint], "nat_gateways": [gateway] });
    let server = serve(world(region, json!({})), wrong("*", "unknown-enum")).await;
    let endpoints = sagemaker(&server, "ListEndpoints", json!({})).await.json();
    assert_eq!(endpoints["Endpoints"][0]["EndpointStatus"], "FromTheFuture");
    assert_eq!(endpoints["Endpoints"][0]["EndpointName"], "e");
    let gateways = form(&server, "ec2", "Action=DescribeNatGateways").await.body;
    assert!(
        gateways.contains("<state>FromTheFuture</state>") && gateways.contains("<vpcId>vpc-1</vpcId>"),
        "{gateways}"
    );
}

#[tokio::test]
async fn a_hanging_request_hangs_and_the_others_do_not() {
    let server = serve(five_models(), wrong("ListModels", "hang")).await;
    let request = json_request("SageMaker.ListModels", &json!({}));
    let hanging = [send(&server, &request).await, send(&server, &request).await];
    // Answered after the others were asked, so they are being kept waiting.
    while server.stats().of("sagemaker:ListModels").requests < 2 {
        assert_eq!(sagemaker(&server, "ListEndpoints", json!({})).await.status, 200);
    }
    for stream in &hanging {
        assert_eq!(stream.try_read(&mut [0; 1]).map_err(|e| e.kind()), Err(std::io::ErrorKind::WouldBlock));
    }
    assert_eq!(server.stats().of("sagemaker:ListModels").max_in_flight, 2);
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_served_but_reads() {
    let server = serve(five_models(), Options::default()).await;
    let written = sagemaker(&server, "CreateModel", json!({ "ModelName": "f" })).await;
    assert_eq!((written.status, written.code()), (400, "UnknownOperationException".to_owned()));
    assert_eq!(form(&server, "iam", "Action=DeleteUser&UserName=ada").await.code(), "InvalidAction");
    assert_eq!(form(&server, "ec2", "Action=TerminateInstances").await.code(), "InvalidAction");
    let put = rest(&server, "PUT /data", "x").await;
    assert_eq!((put.status, put.code()), (405, "MethodNotAllowed".to_owned()));
    assert_eq!(rest(&server, "GET /data/secret.csv", "x").await.status, 405);
    assert_eq!(rest(&server, "DELETE /v20180820/configuration/publicAccessBlock", "x").await.status, 405);
    assert_eq!(
        exchange(&server, "GET /favicon.ico HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.status,
        405
    );
    assert_eq!(server.stats().of("sagemaker:CreateModel").unknown, 1);
    assert_eq!(server.stats().of("s3:PUT").unknown, 1);
}

#[tokio::test]
async fn services_are_recognised_without_a_signature() {
    let models = ["a", "b", "c", "d", "e"].map(model);
    let region = json!({ "models": models });
    let server = serve(world(region, json!({ "event_data_stores": [] })), Options::default()).await;
    let strip = |request: String| request.lines().filter(|l| !l.starts_with("Auth")).collect::<Vec<_>>().join("\r\n");
    let listed = exchange(&server, &strip(json_request("SageMaker.ListModels", &json!({})))).await;
    assert_eq!(names(&listed).len(), 5);
    for target in ["CloudTrail_20131101", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"] {
        let request = strip(json_request(&format!("{target}.ListEventDataStores"), &json!({})));
        assert_eq!(exchange(&server, &request).await.json(), json!({ "EventDataStores": [] }));
    }
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let head = format!("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    let identity = exchange(&server, &format!("{head}{body}")).await;
    assert!(identity.body.contains("<Arn>arn:aws:iam::111122223333:role/auditor</Arn>"), "{}", identity.body);
}

#[tokio::test]
async fn regions_that_were_not_scanned_are_not_enabled() {
    let server = serve(five_models(), Options::default()).await;
    let elsewhere = json_request("SageMaker.ListModels", &json!({})).replace("us-east-1", "eu-south-1");
    assert_eq!(exchange(&server, &elsewhere).await.code(), "UnrecognizedClientException");
    assert_eq!(server.stats().calls["sagemaker:ListModels"]["eu-south-1"].requests, 1);
}

#[tokio::test]
async fn buckets_are_found_by_path_and_by_host_and_only_in_their_region() {
    let bucket = |name: &str, region: &str| json!({ "name": name, "region": region, "versioning": "Enabled", "mfa_delete": null, "policy": null });
    let buckets = json!({ "buckets": [bucket("my.data", "us-east-1"), bucket("far", "eu-west-1")] });
    let server = serve(world(json!({}), buckets), Options::default()).await;
    for (line, host) in [("GET /my.data?versioning", "127.0.0.1:1"), ("GET /?versioning=", "my.data.localhost:1")] {
        let versioning = rest(&server, line, host).await;
        assert!(versioning.body.contains("<Status>Enabled</Status>"), "{}", versioning.body);
    }
    assert_eq!(rest(&server, "GET /my.data?policy", "x").await.code(), "NoSuchBucketPolicy");
    assert_eq!(rest(&server, "GET /nobody?policy", "x").await.code(), "NoSuchBucket");
    let far = rest(&server, "GET /far?versioning", "x").await;
    assert_eq!((far.status, far.header("x-amz-bucket-region")), (301, Some("eu-west-1")));
    assert!(rest(&server, "GET /far?location", "x").await.body.contains(">eu-west-1</LocationConstraint>"));
}

#[tokio::test]
async fn counts_can_be_fetched() {
    let server = serve(five_models(), Options { latency: Duration::from_millis(1), ..Options::default() }).await;
    sagemaker(&server, "ListModels", json!({})).await;
    let stats = exchange(&server, "GET /_stats HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    let expected =
        json!({ "requests": 1, "throttled": 0, "denied": 0, "faulted": 0, "unknown": 0, "max_in_flight": 1 });
    assert_eq!(stats.json(), json!({ "calls": { "sagemaker:ListModels": { "us-east-1": expected } } }));
}

#[tokio::test]
async fn it_listens_on_loopback_until_it_is_stopped() {
    let server = serve(five_models(), Options::default()).await;
    let address = server.url().strip_prefix("http://").map(str::to_owned).expect("a plain address");
    assert!(address.starts_with("127.0.0.1:"));
    server.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[test]
fn faults_have_names() {
    assert_eq!("repeat-token".parse(), Ok(Fault::RepeatToken));
    let error = "flood".parse::<Fault>().unwrap_err().to_string();
    assert!(error.contains("`flood`") && error.contains("throttle, 500, hang, cut"), "{error}");
}
