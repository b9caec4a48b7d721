//! What is served comes back as it was: the sample account, and accounts cut out of it at random.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sagescan::serve::{Options, Quota};
use sagescan_checks::snapshot::{Snapshot, State};
use serde_json::Value;

use super::loopback::{items, obedient, sample, scan};

/// Fields that a scan leaves unseen on purpose: tags of finished jobs, activity of apps that do not run.
fn expected(key: &str, mut item: Value) -> Value {
    let job = key.contains("/training_jobs/") || key.contains("/processing_jobs/");
    let finished = matches!(item["status"].as_str(), Some("Completed" | "Failed" | "Stopped"));
    let idle = key.contains("/apps/") && item["status"] != "InService";
    if let Some(fields) = item.as_object_mut() {
        if job && finished {
            fields.remove("tags");
        }
        if idle {
            fields.remove("last_activity");
            fields.remove("arn");
        }
        if key.contains("/keys/") {
            // Who names a key follows from the world; and nothing more is asked of keys that are AWS's or gone.
            fields.remove("references");
            if fields["manager"] != "CUSTOMER" {
                for field in ["rotation", "rotation_days", "policy"] {
                    fields.remove(field);
                }
            }
        }
        fields.retain(|_, v| v.get("unseen").is_none());
    }
    item
}

/// What differs between the world and what was seen of it.
fn differences(world: &Snapshot, seen: &Snapshot) -> Vec<String> {
    let since = seen.scan.jobs_since;
    let (world, seen) = (items(world), items(seen));
    let mut wrong = Vec::new();
    for (key, item) in &seen {
        match world.get(key) {
            // A key or bucket that something names and that does not exist is worth a line.
            None if key.contains("/keys/") && item["exists"] == false => {}
            None if key.contains("buckets/") && item["region"].is_null() => {}
            None if key.contains("/bucket_settings/") => {}
            // A registry always has a scanning configuration, and so on: one that was cut out could not be seen.
            None if [
                "/ecr_registry_scanning",
                "/catalog_encryption",
                "/lineage_artifacts",
                "/audit_manager",
                "/audit_assessments",
            ]
            .iter()
            .any(|e| key.ends_with(e)) => {}
            None => wrong.push(format!("{key} was seen and is not there")),
            // The bucket itself was cut out: nobody can be asked about its settings.
            Some(_)
                if key.contains("/bucket_settings/")
                    && !world.contains_key(&key.replace("bucket_settings", "buckets")) => {}
            Some(there) => {
                let (there, item) = (expected(key, there.clone()), expected(key, item.clone()));
                for (field, value) in there.as_object().into_iter().flatten() {
                    if item.get(field).unwrap_or(&Value::Null) != value {
                        wrong.push(format!("{key} {field}: is {value}, seen as {:?}", item.get(field)));
                    }
                }
            }
        }
    }
    let before_the_window = |key: &str| {
        let job = key.contains("/training_jobs/") || key.contains("/processing_jobs/");
        let created = world[key]["created"].as_str().and_then(|at| at.parse::<jiff::Timestamp>().ok());
        job && since.zip(created).is_some_and(|(since, created)| created < since)
    };
    const FOLLOWED: &[&str] = &[
        "/analyzer_findings/",
        "/ecr_repositories/",
        "/ecr_scanning/",
        "/ecr_registry_scanning/",
        "/ecr_image_scans/",
        "/inspector/",
        "/managed_secrets/",
        "/user_pools/",
        "/build_projects/",
        "/resource_shares/",
        "/share_principals/",
        "/bucket_settings/",
        "/file_systems/",
        "/network_interfaces/",
        "/scalable_targets/",
        "/scaling_policies/",
        "/eks_clusters/",
        "/rest_apis/",
        "/api_resources/",
        "/http_apis/",
        "/http_routes/",
        "/http_integrations/",
        "/api_domains/",
        "/lambda_functions/",
        "/keys/",
        "/buckets/",
        "/trail_buckets/",
        "/vpcs/",
        "/subnets/",
        "/route_tables/",
        "/nat_gateways/",
        "/internet_gateways/",
        "/security_groups/",
        "/network_acls/",
        "/vpc_endpoints/",
        "/flow_logs/",
        // Asked for the roles that resources name.
        "/services_used/",
        // Listed within a parent, which may have been cut out.
        "/hub_contents/",
        "/cluster_nodes/",
        "/image_versions/",
        // Asked for only where something else names them, or looked for in them.
        "/metric_filters/",
        "/alarms/",
        "/macie_buckets/",
        "/query_log_associations/",
        "/key_grants/",
        "/topics/",
        "/topic_subscriptions/",
        "/service_quotas/",
        "/lustre_file_systems/",
        "/composite_alarms/",
        "/firewalls/",
        "/dns_firewalls/",
        "/catalog_encryption/",
        "/athena_workgroups/",
        "/lineage_artifacts/",
        "/monitoring_alerts/",
        "/last_log_events/",
        "/log_samples/",
        "/threat_findings/",
        "/audit_assessments/",
    ];
    for key in world.keys().filter(|key| !seen.contains_key(*key)) {
        // Context is only looked at where a resource refers to it.
        if !FOLLOWED.iter().any(|table| key.contains(table)) && !before_the_window(key) {
            wrong.push(format!("{key} was not seen"));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_account_comes_back_as_it_was() {
    let world = sample();
    let (seen, _) = scan(&world, obedient(), |_| ()).await;
    let seen = seen.expect("the loopback AWS answers");
    let wrong = differences(&world, &seen);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unfinished: Vec<_> =
        seen.coverage.iter().filter(|l| l.state != State::Complete && !l.detail.contains("left out")).collect();
    assert!(unfinished.is_empty(), "{unfinished:#?}");
}

/// Cuts items and optional fields out of the sample account.
fn cut(world: &Snapshot, cuts: &[prop::sample::Index]) -> Snapshot {
    let mut whole = serde_json::to_value(world).expect("a snapshot is JSON");
    for cut in cuts {
        let mut paths = Vec::new();
        let mut collect = |prefix: String, tables: &Value| {
            for (table, value) in tables.as_object().into_iter().flatten() {
                for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                    paths.push((format!("{prefix}/{table}"), i, None));
                    let optional = item.as_object().into_iter().flatten().filter(|(k, v)| is_optional(k, v));
                    paths.extend(optional.map(|(k, _)| (format!("{prefix}/{table}"), i, Some(k.clone()))));
                }
            }
        };
        collect("/account".into(), &whole["account"]);
        for (name, region) in whole["regions"].as_object().into_iter().flatten() {
            collect(format!("/regions/{name}"), region);
        }
        if paths.is_empty() {
            break;
        }
        let (table, item, field) = cut.get(&paths).clone();
        if let Some(Value::Array(all)) = whole.pointer_mut(&table) {
            match field {
                None => drop(all.remove(item)),
                Some(field) => all[item][field] = Value::Null,
            }
        }
    }
    serde_json::from_value(whole).expect("still a snapshot")
}

/// Optional on the wire and in the model: the network, keys and tags of a resource.
fn is_optional(field: &str, value: &Value) -> bool {
    const OPTIONAL: [&str; 14] = [
        "subnet",
        "security_groups",
        "key",
        "volume_key",
        "output_key",
        "vpc",
        "image",
        "lifecycle_config",
        "platform",
        "imds_version",
        "boundary",
        "data_capture",
        "async_output",
        "tuning_job",
    ];
    OPTIONAL.contains(&field) && !value.is_null() && !value.is_string() | (field != "vpc")
}

#[test]
fn accounts_cut_out_of_the_sample_come_back_as_they_were() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let world = sample();
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    runner
        .run(&prop::collection::vec(any::<prop::sample::Index>(), 1..60), |cuts| {
            let world = cut(&world, &cuts);
            let seen = runtime.block_on(scan(&world, obedient(), |_| ())).0.expect("the loopback AWS answers");
            let wrong = differences(&world, &seen);
            prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
            Ok(())
        })
        .unwrap_or_else(|e| panic!("{e}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_followed_to_the_end_and_throttles_lose_nothing() {
    let mut world = sample();
    let region = world.regions.values_mut().next().expect("a region");
    let one = region.models.items[0].clone();
    region.models.items = (0..250)
        .map(|i| {
            let mut model = one.clone();
            model.name = format!("model-{i}");
            model.arn = format!("{}-{i}", one.arn);
            model
        })
        .collect();
    let options = Options { tps: vec![("*".into(), Quota::per_second(400.0))], ..obedient() };
    let (seen, _) = scan(&world, options, |_| ()).await;
    let wrong = differences(&world, &seen.expect("the loopback AWS answers"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
