//! A service that speaks REST: IAM Access Analyzer, as served and as asked.

use std::sync::Arc;

use sagescan::serve::{Options, start};
use sagescan_checks::snapshot::{AnalyzerFinding, Listed, Reason, Seen, Snapshot, Table};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::loopback::{obedient, sample, scan};

async fn findings(world: &Snapshot, options: Options) -> (Listed<AnalyzerFinding>, sagescan::serve::Stats) {
    let (seen, stats) =
        scan(world, options, |request| request.tables = [Table::Analyzers, Table::AnalyzerFindings].into()).await;
    let mut seen = seen.expect("the loopback AWS answers");
    (seen.regions.remove("us-east-1").expect("it was scanned").analyzer_findings, stats)
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_beyond_a_page_are_all_seen() {
    let mut world = sample();
    let table = &mut world.regions.get_mut("us-east-1").expect("it is there").analyzer_findings;
    let one = table.items[0].clone();
    table.items.extend((0..250).map(|number| AnalyzerFinding { id: format!("{number}"), ..one.clone() }));
    let expected = table.clone();
    let (seen, stats) = findings(&world, obedient()).await;
    assert_eq!(seen, expected);
    assert_eq!(stats.calls["access-analyzer:ListFindingsV2"]["us-east-1"].requests, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn analyzers_of_unused_access_are_not_asked_for_findings() {
    let mut world = sample();
    let region = world.regions.get_mut("us-east-1").expect("it is there");
    region.analyzers.items[0].scope = Seen::Is("ACCOUNT_UNUSED_ACCESS".to_owned());
    let (seen, stats) = findings(&world, obedient()).await;
    assert_eq!(seen, Listed::complete(Vec::new()));
    assert!(!stats.calls["access-analyzer:ListFindingsV2"].contains_key("us-east-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_leaves_a_gap_with_the_permission() {
    // The action of the second version is called as that of the first.
    for name in ["ListAnalyzers", "ListFindings"] {
        let action = format!("access-analyzer:{name}");
        let (seen, _) = findings(&sample(), Options { deny: vec![action.clone()], ..obedient() }).await;
        let gap = seen.missing.expect("not seen is not empty");
        assert_eq!((gap.reason, gap.grant.as_deref()), (Reason::Denied, Some(action.as_str())));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_the_service_does_not_have_is_not_found() {
    let server = start(Arc::new(sample()), obedient()).await.expect("loopback can be bound");
    let url = server.url();
    let address = url.strip_prefix("http://").expect("it speaks HTTP");
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let request = "PUT /analyzer HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\
        authorization: AWS4-HMAC-SHA256 Credential=K/20261101/us-east-1/access-analyzer/aws4_request\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    assert!(answer.contains("UnknownOperationException"), "{answer}");
    assert_eq!(server.stats().total().unknown, 1);
    server.stop().await;
}
