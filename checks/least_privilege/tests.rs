use super::*;
use crate::snapshot::{FORMAT, Snapshot};
use proptest::prelude::*;
use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::111122223333:role/ml";
const SCP_ALL: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

fn job(name: &str, inputs: &[String], output: &str) -> Value {
    json!({"name": name, "arn": "", "role": ROLE, "inputs": inputs, "output_path": output, "volume_key": null,
        "output_key": null, "vpc": null, "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/churn:1"})
}

fn bucket(name: &str, key: Option<&str>) -> Value {
    let algorithm = if key.is_some() { "aws:kms" } else { "AES256" };
    json!({"name": name, "region": "us-east-1", "encryption": {"algorithm": algorithm, "key": key}})
}

fn world(region: Value, role: Value, buckets: Value) -> Snapshot {
    let tables = [
        "notebooks",
        "training_jobs",
        "processing_jobs",
        "models",
        "endpoint_configs",
        "endpoints",
        "domains",
        "user_profiles",
        "spaces",
        "keys",
    ];
    let mut whole: serde_json::Map<String, Value> = tables.iter().map(|t| ((*t).to_owned(), json!([]))).collect();
    whole.extend(region.as_object().unwrap().clone());
    let mut own = json!({"name": "ml", "arn": ROLE, "attached": [], "inline": [], "boundary": null,
        "trust": r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}}"#});
    own.as_object_mut().unwrap().extend(role.as_object().unwrap().clone());
    let services = own.as_object_mut().unwrap().remove("services_used").unwrap_or(json!([]));
    serde_json::from_value(json!({"format": FORMAT,
        "scan": {"account": "111122223333", "partition": "aws", "regions": ["us-east-1"]},
        "account": {"roles": [own], "policies": [], "users": [], "buckets": buckets, "organization": null,
            "services_used": [{"arn": ROLE, "services": services}]},
        "regions": {"us-east-1": whole}}))
    .unwrap()
}

fn studied(snapshot: &Snapshot) -> Study {
    let world = World::new(snapshot);
    study(&snapshot.account.roles.items[0], &world).unwrap()
}

fn inline(statement: Value) -> Value {
    json!({"inline": [{"name": "own", "document": json!({"Version": "2012-10-17", "Statement": statement}).to_string()}]})
}

fn allows(study: &Study, action: &str, resource: &str, context: Context) -> bool {
    Rights::of(&study.proposal, ROLE).decide(action, resource, context).is_allowed()
}

/// Every need of the study passes under its own proposal, action by action.
fn lacking(study: &Study) -> Vec<String> {
    let rights = Rights::of(&study.proposal, ROLE);
    let asked =
        study.needs.all.iter().flat_map(|need| need.purpose.actions().iter().map(move |action| (need, *action)));
    asked
        .filter(|(need, action)| {
            let context = context_of(&need.object, need.purpose, Context::closed());
            !rights.decide(action, &question(need), context).is_allowed()
        })
        .map(|(need, action)| format!("{action} on {}", need.object.question()))
        .collect()
}

#[test]
fn a_job_gets_what_it_names_and_no_more() {
    let training = job("churn-1", &["s3://data/train/".into()], "s3://results/churn");
    let buckets = json!([bucket("data", None), bucket("results", Some("arn:aws:kms:us-east-1:111122223333:key/k-1"))]);
    let snapshot = world(json!({"training_jobs": [training]}), json!({}), buckets);
    let study = studied(&snapshot);
    assert_eq!(lacking(&study), Vec::<String>::new());
    let may = |action: &str, resource: &str| allows(&study, action, resource, Context::closed());
    assert!(may("s3:GetObject", "arn:aws:s3:::data/train/a.csv") && !may("s3:GetObject", "arn:aws:s3:::data/other"));
    assert!(may("s3:PutObject", "arn:aws:s3:::results/churn/model.tar.gz"));
    assert!(
        !may("s3:PutObject", "arn:aws:s3:::results/churn-of-others/x")
            && !may("s3:PutObject", "arn:aws:s3:::data/train/a")
    );
    let listed = |prefix: &str| {
        allows(&study, "s3:ListBucket", "arn:aws:s3:::data", Context::closed().with("s3:prefix", prefix))
    };
    assert!(listed("train/") && listed("train/2026/") && !listed("other/"));
    assert!(may("kms:GenerateDataKey", "arn:aws:kms:us-east-1:111122223333:key/k-1"));
    assert!(may("ecr:BatchGetImage", "arn:aws:ecr:us-east-1:111122223333:repository/churn"));
    assert!(!may("ecr:BatchGetImage", "arn:aws:ecr:us-east-1:111122223333:repository/churn2"));
    assert!(may(
        "logs:PutLogEvents",
        "arn:aws:logs:us-east-1:111122223333:log-group:/aws/sagemaker/TrainingJobs:log-stream:x"
    ));
    let need = study.needs.all.iter().find(|need| need.purpose == Purpose::ReadData).unwrap();
    assert_eq!((&*need.because[0].name, need.because[0].field), ("churn-1", "inputs"));
    assert!(study.granted.iter().all(|granted| matches!(granted, Granted::Lacks(_))), "the role has no policy");
}

#[test]
fn what_the_role_has_and_lacks_today_is_told_action_by_action() {
    let training = job("churn-1", &["s3://data/train/".into()], "s3://results/churn");
    let logs = "arn:aws:logs:*:*:log-group:/aws/sagemaker/TrainingJobs:*";
    let rights = inline(json!([
        {"Effect": "Allow", "Action": ["logs:Create*", "logs:PutLogEvents"], "Resource": logs},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::results/*"}]));
    let snapshot =
        world(json!({"training_jobs": [training]}), rights, json!([bucket("data", None), bucket("results", None)]));
    let study = studied(&snapshot);
    let granted =
        |purpose| study.needs.all.iter().zip(&study.granted).find(|(n, _)| n.purpose == purpose).unwrap().1.clone();
    assert_eq!(granted(Purpose::WriteLogs), Granted::Lacks(vec!["logs:DescribeLogStreams"]));
    assert_eq!(granted(Purpose::ReadData), Granted::Under(vec!["aws:SecureTransport".into()]));
    assert_eq!(granted(Purpose::WriteData), Granted::Yes);
}

#[test]
fn endpoints_need_the_roles_of_their_models() {
    let model = json!({"name": "m", "arn": "", "role": ROLE, "vpc": {"subnets": ["s"], "security_groups": ["g"]},
        "containers": [{"image": "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch@sha256:00", "data": ["s3://art/m/model.tar.gz"]}]});
    let config = |name: &str, model: &str| {
        json!({"name": name, "arn": "", "role": null, "vpc": null, "shadow_variants": null,
        "variants": [{"name": "v", "model": model}], "async_output": null,
        "data_capture": {"enabled": true, "destination": format!("s3://capture/{name}"), "key": "1234abcd-12ab-34cd-56ef-1234567890ab"}})
    };
    let endpoint = json!({"name": "serve", "arn": "", "config": "c"});
    let buckets = json!([bucket("art", None), bucket("capture", None)]);
    let region = json!({"models": [model], "endpoint_configs": [config("c", "m"), config("d", "other")], "endpoints": [endpoint]});
    let snapshot = world(region, json!({}), buckets);
    let study = studied(&snapshot);
    assert_eq!(lacking(&study), Vec::<String>::new());
    let may = |action: &str, resource: &str| allows(&study, action, resource, Context::closed());
    assert!(may("s3:PutObject", "arn:aws:s3:::capture/c/x") && !may("s3:PutObject", "arn:aws:s3:::capture/d/x"));
    assert!(
        may("s3:GetObject", "arn:aws:s3:::art/m/model.tar.gz")
            && !may("s3:GetObject", "arn:aws:s3:::art/m/model.tar.gz2")
    );
    assert!(may("kms:GenerateDataKey", "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"));
    assert!(may("ec2:CreateNetworkInterface", "*"));
    assert!(may(
        "logs:CreateLogStream",
        "arn:aws:logs:us-east-1:111122223333:log-group:/aws/sagemaker/Endpoints/serve"
    ));
}

#[test]
fn what_is_not_needed_is_surplus_with_its_statement() {
    let training = job("churn-1", &["s3://data/train/".into()], "s3://results/churn");
    let wide = inline(json!([
        {"Sid": "Objects", "Effect": "Allow", "Action": "s3:*Object", "Resource": ["arn:aws:s3:::data/train/*", "arn:aws:s3:::payroll/*"]},
        {"Sid": "Secrets", "Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]));
    let snapshot =
        world(json!({"training_jobs": [training]}), wide, json!([bucket("data", None), bucket("results", None)]));
    let study = studied(&snapshot);
    let says: Vec<(&str, &str)> = study.surplus.iter().map(|s| (s.says.as_str(), s.resource.as_str())).collect();
    assert!(says.contains(&("read object", "arn:aws:s3:::payroll/*")), "{says:?}");
    assert!(says.contains(&("write object", "arn:aws:s3:::data/train/*")), "writing inputs is not needed: {says:?}");
    assert!(!says.contains(&("read object", "arn:aws:s3:::data/train/*")));
    let secrets = study.surplus.iter().find(|s| s.action == "secretsmanager:GetSecretValue").unwrap();
    assert_eq!((secrets.resource.as_str(), secrets.proof.sid.as_deref()), ("*", Some("Secrets")));
    assert_eq!(study.services["sqs"], Service { needed: false, used: Used::Unknown });
    assert!(study.services["s3"].needed);
}

#[test]
fn what_could_not_be_seen_makes_the_proposal_doubtful() {
    let training = job("churn-1", &["s3://data/train/".into()], "s3://results/churn");
    let whole = world(
        json!({"training_jobs": [training.clone()]}),
        json!({}),
        json!([bucket("data", None), bucket("results", None)]),
    );
    let doubts = studied(&whole).doubts;
    assert!(doubts.iter().all(|doubt| !doubt.contains("not seen")), "{doubts:?}");
    let mut without_inputs = training;
    without_inputs["inputs"] = json!({"unseen": "denied"});
    let region = json!({"training_jobs": [without_inputs], "models": {"unseen": "throttled"}});
    let used = json!({"services_used": [{"service": "dynamodb", "last_used": "2026-10-01T00:00:00Z"}, {"service": "s3"}],
        "trust": r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com", "sagemaker.amazonaws.com"]}, "Action": "sts:AssumeRole"}}"#});
    let study = studied(&world(region, used, json!({"unseen": "denied"})));
    for expected in [
        "inputs of some training jobs",
        "models of us-east-1",
        "bucket results",
        "dynamodb on 2026-10-01",
        "lambda.amazonaws.com",
    ] {
        assert!(study.doubts.iter().any(|doubt| doubt.contains(expected)), "{expected}: {:?}", study.doubts);
    }
}

#[test]
fn a_role_that_nothing_uses_gets_no_proposal() {
    let study = studied(&world(json!({}), json!({}), json!([])));
    assert!(study.proposal.is_empty() && study.needs.workloads.is_empty() && study.needs.looked);
}

#[test]
fn an_organization_takes_away_what_it_denies() {
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;
    let level = |id: &str, kind: &str, document: &str| json!({"id": id, "kind": kind, "rcps": [], "scps": [{"id": "p-1", "name": "p", "document": document}]});
    let all = inline(json!({"Effect": "Allow", "Action": "*", "Resource": "*"}));
    let mut snapshot = world(json!({}), all, json!([]));
    let reads = |study: &Study| study.surplus.iter().any(|s| s.action == "s3:GetObject");
    assert!(reads(&studied(&snapshot)));
    snapshot.account.organization =
        serde_json::from_value(json!({"id": "o-1", "management_account": "9", "feature_set": "ALL",
        "levels": [level("r", "ROOT", SCP_ALL), level("111122223333", "ACCOUNT", deny)]}))
        .unwrap();
    let study = studied(&snapshot);
    assert!(!reads(&study) && study.assumptions.is_empty(), "{:?}", study.assumptions);
    snapshot.account.organization = crate::snapshot::Seen::default();
    let study = studied(&snapshot);
    assert!(reads(&study) && study.assumptions.iter().any(|a| a.contains("organization policies were not seen")));
}

fn uri() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("a"),
        Just("b"),
        Just("train"),
        Just("x*y"),
        Just("${aws:username}"),
        Just("é ?"),
        Just("run-1")
    ];
    (0usize..4, prop::collection::vec(part, 0..4), any::<bool>()).prop_map(|(bucket, parts, folder)| {
        let end = if folder && !parts.is_empty() { "/" } else { "" };
        format!("s3://bucket-{bucket}/{}{end}", parts.join("/"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The proposal gives every need, nothing of the surplus, and nothing next to what was named; and AWS would take it.
    #[test]
    fn a_proposal_gives_what_is_needed_and_nothing_beside(
        jobs in prop::collection::vec((prop::collection::vec(uri(), 0..40), uri()), 1..12),
        key in prop::option::of(Just("arn:aws:kms:us-east-1:111122223333:key/k-1")),
        vpc in any::<bool>(),
        wide in any::<bool>(),
    ) {
        let jobs: Vec<Value> = jobs.iter().enumerate().map(|(n, (inputs, output))| {
            let mut job = job(&format!("job-{n}"), inputs, output);
            job["volume_key"] = json!(key);
            job["vpc"] = if vpc { json!({"subnets": ["s"], "security_groups": []}) } else { Value::Null };
            job
        }).collect();
        let buckets: Vec<Value> = (0..4).map(|n| bucket(&format!("bucket-{n}"), key.filter(|_| n % 2 == 0))).collect();
        let rights = if wide { json!({"Effect": "Allow", "Action": "*", "Resource": "*"}) }
            else { json!({"Effect": "Allow", "Action": ["s3:*", "iam:PassRole"], "Resource": ["arn:aws:s3:::bucket-*", "arn:aws:iam::111122223333:role/x"]}) };
        let snapshot = world(json!({"training_jobs": jobs}), inline(rights), json!(buckets));
        let study = studied(&snapshot);
        prop_assert_eq!(lacking(&study), Vec::<String>::new());
        for surplus in &study.surplus {
            let resource = if surplus.resource == "*" { "arn:aws:s3:::Qx7zwk/Qx7zwk" } else { surplus.resource.as_str() };
            prop_assert!(!allows(&study, &surplus.action, resource, Context::open()), "{surplus:?}");
        }
        prop_assert!(!study.surplus.is_empty());
        for (action, resource) in [
            ("s3:GetObject", "arn:aws:s3:::bucket-9/train"), ("s3:DeleteObject", "arn:aws:s3:::bucket-0/train"),
            ("s3:PutObject", "arn:aws:s3:::bucket-00/train"), ("iam:PassRole", ROLE), ("kms:PutKeyPolicy", "arn:aws:kms:us-east-1:111122223333:key/k-1"),
            ("kms:CreateGrant", "arn:aws:kms:us-east-1:111122223333:key/k-1"), ("sagemaker:CreateTrainingJob", "*"),
        ] {
            prop_assert!(!allows(&study, action, resource, Context::closed()), "{action} {resource}");
        }
        let mut sids = BTreeSet::new();
        for draft in &study.proposal {
            prop_assert!(draft.size() <= MANAGED_POLICY);
            prop_assert!(draft.statements().iter().all(|statement| !study.evidence(statement).is_empty()));
            let document = Document::parse("proposal", &draft.compact()).unwrap();
            for statement in document.statements() {
                prop_assert!(statement.flaw.is_none() && statement.remarks().is_empty(), "{:?}", statement.remarks());
                let sid = statement.sid.as_deref().unwrap_or_default();
                prop_assert!(sid.bytes().all(|b| b.is_ascii_alphanumeric()) && sids.insert(sid.to_owned()), "{sid}");
            }
        }
    }
}
