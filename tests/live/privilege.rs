//! The promise of least privilege: the calls that were observed are the calls that are declared, the policy is made of
//! the declared ones, and every one of them is a read.

use std::collections::BTreeSet;

use sagescan::collect::{Call, calls_for};
use sagescan_checks::snapshot::Table;

use super::loopback::{obedient, sample, scan};

fn declared() -> Vec<Call> {
    calls_for(&Table::ALL.iter().copied().collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_is_what_is_declared() {
    let (seen, stats) = scan(&sample(), obedient(), |_| ()).await;
    seen.expect("the loopback AWS answers");
    let observed: BTreeSet<String> = stats.calls.keys().cloned().collect();
    let declared: BTreeSet<String> = declared().iter().map(|c| c.source.replace("s3-control:", "s3control:")).collect();
    let undeclared: Vec<_> = observed.difference(&declared).collect();
    assert!(undeclared.is_empty(), "asked and not declared: {undeclared:?}");
    let never: Vec<_> = declared.difference(&observed).collect();
    // What the listing of buckets, the bulk answer of tags or Search does not show is asked one by one.
    const SPARES: [&str; 3] = ["s3:GetBucketLocation", "sagemaker:ListTags", "sagemaker:DescribeHubContent"];
    assert!(never.iter().all(|call| SPARES.contains(&call.as_str())), "declared and never asked: {never:?}");
}

#[test]
fn every_declared_call_is_a_read() {
    for call in declared() {
        let reads = ["Get", "BatchGet", "List", "Describe", "Search", "Lookup", "Filter"]
            .iter()
            .any(|verb| call.operation.starts_with(verb));
        // Have AWS make a report, which changes nothing in the account.
        let reports = ["GenerateCredentialReport", "GenerateServiceLastAccessedDetails"];
        assert!(reads || reports.contains(&call.operation), "{} is no read", call.source);
        for action in call.actions {
            let verb = action.split_once(':').map_or("", |(_, action)| action);
            // AWS Budgets calls its reads views; API Gateway's only action that reads is named after the HTTP method.
            let reads =
                ["Get", "BatchGet", "List", "Describe", "Search", "Lookup", "Filter", "Generate", "View", "GET"];
            let reads = reads.iter().any(|v| verb.starts_with(v));
            assert!(reads, "{action} is no read");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_asks_no_more_than_its_checks_read() {
    let (seen, stats) = scan(&sample(), obedient(), |request| {
        request.tables = [Table::Notebooks].into();
    })
    .await;
    seen.expect("the loopback AWS answers");
    let declared: BTreeSet<String> =
        calls_for(&[Table::Notebooks].into()).iter().map(|c| c.source.to_owned()).collect();
    for call in stats.calls.keys() {
        assert!(declared.contains(call), "{call} was asked for the notebooks alone");
    }
}
