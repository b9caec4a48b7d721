#[tokio::main]
async fn main() {
    struct Quiet;
    impl sagescan::collect::Progress for Quiet {
        fn planned(&self, _: u64) {}
        fn done(&self) {}
        fn throttled(&self) {}
        fn note(&self, t: &str) { eprintln!("{t}"); }
    }
    let (_tx, rx) = tokio::sync::watch::channel(false);
    let request = sagescan::collect::Request {
        profile: None,
        regions: sagescan::collect::Regions::These(vec!["us-east-1".into(), "eu-west-1".into()]),
        tables: sagescan_checks::snapshot::Table::ALL.iter().copied().collect(),
        jobs_since_days: 90,
        timeout: std::time::Duration::from_secs(600),
        call_timeout: std::time::Duration::from_secs(30),
        endpoint: std::env::var("DEMO").ok(),
        pace: 1.0,
    };
    let s = sagescan::collect::collect(request, std::sync::Arc::new(Quiet), rx).await.unwrap();
    println!("{}", serde_json::to_string_pretty(&s).unwrap());
}
