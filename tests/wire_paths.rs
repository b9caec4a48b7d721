//! Holds the declarations of resource types to AWS's own service models: no field is read from a member that does not
//! exist, no list is asked with a parameter it does not take.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use sagescan::collect::calls_for;
use sagescan_checks::aws::services::{Protocol, SERVICES, Service};
use sagescan_checks::snapshot::{Ask, Known, List, Record, Table};
use sagescan_checks::with_all_records;
use serde::Deserialize;
use serde_json::{Value, json};

use python::{python_with_botocore, said};

mod python;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire_paths.py");
const ROUTES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire_routes.py");
const ACTIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire_actions.py");
const HOSTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire_hosts.py");
const WORLDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds");

#[test]
fn botocore_knows_every_place_that_a_declaration_names() {
    let mut samples = samples();
    macro_rules! declarations {
        ($($record:ident $table:ident $key:ident $kind:literal $doc:literal $($job:ident)?;)*) => {
            vec![$( declaration::<sagescan_checks::snapshot::$record>(
                stringify!($record), stringify!($key), &samples.remove(stringify!($key)).unwrap_or_default(),
            ), )*]
        };
    }
    let declarations: Vec<Value> = with_all_records!(declarations);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("declarations.json");
    std::fs::write(&file, json!(declarations).to_string()).expect("the target directory can be written");
    let output = Command::new(python_with_botocore()).arg(SCRIPT).arg(&file).output().expect("Python starts");
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn rest_operations_have_the_paths_and_documents_of_the_models() {
    let mut routes = Vec::new();
    for service in SERVICES {
        match service.protocol {
            Protocol::Rest(operations) => routes.extend(operations.iter().map(|(operation, method, path)| {
                json!({ "service": service.id, "operation": operation, "method": method, "path": path })
            })),
            Protocol::RestXml(documents) => routes.extend(documents.iter().map(|document| {
                json!({
                    "service": service.id,
                    "operation": document.operation,
                    "method": "GET",
                    "path": document.path,
                    "root": document.root,
                    "list": document.list,
                })
            })),
            Protocol::Rpc { .. } | Protocol::Query { .. } => {}
        }
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("routes.json");
    std::fs::write(&file, json!(routes).to_string()).expect("the target directory can be written");
    let output = Command::new(python_with_botocore()).arg(ROUTES).arg(&file).output().expect("Python starts");
    assert!(output.status.success(), "{}", said(&output));
}

/// The policy that we hand out is made of these actions: one that is missing there is a denial in every account.
#[test]
fn calls_declare_the_actions_that_their_documentation_names() {
    let everything = Table::ALL.iter().copied().collect();
    let calls: Vec<Value> = calls_for(&everything)
        .iter()
        .map(|call| {
            let service = Service::named(call.service).expect("every service is known");
            json!({
                "service": service.id, "prefix": call.service, "operation": call.operation, "actions": call.actions,
            })
        })
        .collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("calls.json");
    std::fs::write(&file, json!(calls).to_string()).expect("the target directory can be written");
    let output = Command::new(python_with_botocore()).arg(ACTIONS).arg(&file).output().expect("Python starts");
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn requests_go_where_the_rules_of_aws_send_them() {
    const REGIONS: [&str; 11] = [
        "us-east-1",
        "eu-central-1",
        "us-gov-west-1",
        "us-gov-east-1",
        "cn-north-1",
        "cn-northwest-1",
        "us-iso-east-1",
        "us-isob-east-1",
        "eu-isoe-west-1",
        "us-isof-south-1",
        "eusc-de-east-1",
    ];
    let mut hosts = Vec::new();
    for service in SERVICES {
        for parameters in fronts(service) {
            for region in REGIONS {
                for (fips, dual_stack) in [(false, false), (true, false), (false, true), (true, true)] {
                    let host = service.host(region, fips, dual_stack);
                    let host = match (service.front(&parameters), parameters["Bucket"].as_str()) {
                        (Some(front), _) => format!("{front}.{host}"),
                        // Where the name is no part of a host, it is the path.
                        (None, Some(bucket)) => format!("{host}/{bucket}"),
                        (None, None) => host,
                    };
                    hosts.push(json!({
                        "service": service.id,
                        "region": region,
                        "fips": fips,
                        "dual_stack": dual_stack,
                        "parameters": parameters,
                        "host": host,
                        "signing_region": service.signing_region(region),
                    }));
                }
            }
        }
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hosts.json");
    std::fs::write(&file, json!(hosts).to_string()).expect("the target directory can be written");
    let output = Command::new(python_with_botocore()).arg(HOSTS).arg(&file).output().expect("Python starts");
    assert!(output.status.success(), "{}", said(&output));
}

/// Parameters that may stand in front of the host name.
fn fronts(service: &Service) -> Vec<Value> {
    match service.in_front {
        Some("Bucket") => ["churn-data", "churn.data", "Churn", "ab"].map(|name| json!({ "Bucket": name })).into(),
        Some(name) => vec![json!({ name: "111122223333", "RequiresAccountId": true })],
        None => vec![json!({})],
    }
}

/// Sample items of all types, by the key of their table.
fn samples() -> BTreeMap<String, Vec<Value>> {
    let files = std::fs::read_dir(WORLDS).expect("the worlds are there");
    let tables = files.map(|file| {
        let text = std::fs::read(file.expect("a file").path()).expect("it can be read");
        serde_json::from_slice::<BTreeMap<String, Vec<Value>>>(&text).expect("tables of items")
    });
    tables.flatten().collect()
}

/// A type as data, with the answers that would be given for its samples.
fn declaration<R: Record + for<'de> Deserialize<'de>>(record: &str, key: &str, samples: &[Value]) -> Value {
    let spec = R::SPEC;
    let (mut answers, mut also) = (Vec::new(), vec![Vec::new(); R::ALSO.len()]);
    for sample in samples {
        let item: R = serde_json::from_value(sample.clone()).unwrap_or_else(|e| panic!("{key}: {e}"));
        let (mut answer, _) = item.to_answer();
        if let Some(finish) = spec.finish {
            finish(&mut answer);
        }
        answers.push(answer);
        for (number, answers) in also.iter_mut().enumerate() {
            answers.extend(item.spill_also(number));
        }
    }
    let also: Vec<Value> = R::ALSO.iter().zip(also).map(|(ask, answers)| question(ask, answers)).collect();
    let search = spec
        .search
        .map(|search| json!({ "resource": search.resource, "record": search.record, "lacks": search.lacks }));
    json!({
        "record": record,
        "list": list(&spec.list),
        "describe": spec.describe.as_ref().map(|ask| question(ask, Vec::new())),
        "search": search,
        "jobs": spec.jobs.map(|jobs| json!({ "status": jobs.status, "running": jobs.running })),
        "also": also,
        "summary": spec.summary,
        "arn": spec.arn,
        "created": spec.created,
        "required": text_as_json(spec.required),
        "missing": spec.missing,
        "paths": R::PATHS,
        "other_paths": R::OTHER_PATHS,
        "answers": answers,
    })
}

fn list(list: &List) -> Value {
    // Parents that do not depend on what was listed before can be tried out here; of others only that there are some.
    let parents = list.per.map(|per| {
        let (region, account, regions) = Default::default();
        let known = Known { name: "us-east-1", region: &region, account: &account, regions: &regions };
        per(&known).items
    });
    json!({
        "service": list.call.service,
        "operation": list.call.operation,
        "items": list.items,
        "size": list.size,
        "token": list.token_parameter(),
        "next": list.token_member(),
        "with": text_as_json(list.with),
        "newest_first": list.newest_first,
        "parents": parents,
        "absent": list.absent,
    })
}

fn question(ask: &Ask, answers: Vec<Value>) -> Value {
    json!({
        "service": ask.call.service,
        "operation": ask.call.operation,
        "by": ask.by,
        "absent": ask.absent,
        "answers": answers,
    })
}

fn text_as_json(text: &str) -> Value {
    if text.is_empty() { json!({}) } else { serde_json::from_str(text).unwrap_or_else(|e| panic!("{e} in {text}")) }
}
