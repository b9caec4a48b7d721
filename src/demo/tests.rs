use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan};
use sagescan_checks::engine::{
    Finding, Section, Status, What, bucket_of, context_references, judge, judge_keeping, references, rescore,
};
use sagescan_checks::snapshot::{FORMAT, Region, Seen, Snapshot};
use sagescan_secrets::{Secret, example, kinds, scan_pairs, scan_text};
use serde_json::Value;

use super::account;

/// What points nowhere on purpose: a deleted role that a live endpoint still names, and the group of a job long gone.
const DANGLING: [&str; 2] = ["arn:aws:iam::111122223333:role/ml-fraud-scoring", "sg-00fab28ddb2fd38b5"];

fn sample() -> Snapshot {
    account("2027-03-01T12:30:15.25Z".parse().unwrap()).unwrap()
}

#[test]
fn the_sample_reads_and_hides_nothing() {
    let sample = sample();
    assert_eq!(sample.format, FORMAT);
    assert!(sample.regions.keys().eq(&sample.scan.regions));
    let whole = serde_json::to_string(&sample).unwrap();
    assert!(!whole.contains(r#""unseen""#));
    assert_eq!(Snapshot::read(whole.as_bytes()).unwrap(), sample);
}

#[test]
fn ages_stay_while_times_move() {
    let (then, later) = (sample(), account("2031-01-01T00:00:00Z".parse().unwrap()).unwrap());
    assert_eq!(then.scan.finished, "2027-03-01T12:30:15Z".parse::<Timestamp>().unwrap());
    assert_eq!(later.scan.finished, "2031-01-01T00:00:00Z".parse::<Timestamp>().unwrap());
    let ages = |s: &Snapshot| -> Vec<_> {
        let jobs = s.regions.values().flat_map(|r| r.training_jobs.iter());
        jobs.map(|job| s.scan.finished.duration_since(*job.created.shown().unwrap())).collect()
    };
    assert_eq!(ages(&then), ages(&later));
    let since = then.scan.jobs_since.unwrap();
    assert_eq!(since, then.scan.started.checked_sub((90 * 24).hours()).unwrap());
    let jobs = || then.regions.values().flat_map(|r| r.training_jobs.iter());
    assert_eq!(jobs().count(), 12);
    assert_eq!(jobs().filter(|job| *job.created.shown().unwrap() < since).count(), 2);
}

#[test]
fn what_resources_name_is_there() {
    let sample = sample();
    let account = &sample.account;
    let mut lost = BTreeSet::new();
    for (name, region) in &sample.regions {
        for reference in references(region) {
            let named = reference.value.unwrap();
            let found = match reference.what {
                What::Role => account.roles.iter().any(|r| r.arn == named),
                What::Key => has_key(region, named),
                What::Data => account.buckets.iter().any(|b| Some(b.name.as_str()) == bucket_of(named)),
                What::Subnet => region.subnets.iter().any(|s| s.id == named),
                What::SecurityGroup => region.security_groups.iter().any(|g| g.id == named),
                What::Vpc => region.vpcs.iter().any(|v| v.id == named),
                What::Image | What::Secret | What::FileSystem => true,
            };
            if !found {
                lost.insert(named);
            }
        }
        let named = references(region).chain(context_references(region));
        let keys = named.filter(|r| r.what == What::Key).filter_map(|r| r.value.ok());
        let of_buckets = account.buckets.iter().filter(|b| b.region.shown() == Some(name));
        let of_buckets = of_buckets.filter_map(|b| b.encryption.shown()?.key.as_deref());
        let used: BTreeSet<&str> = keys.chain(of_buckets).collect();
        let filed: BTreeSet<&str> = region.keys.iter().flat_map(|k| &k.references).map(String::as_str).collect();
        assert_eq!(used, filed, "{name} files the keys that are named there");
    }
    assert_eq!(lost, BTreeSet::from(DANGLING));
}

fn has_key(region: &Region, named: &str) -> bool {
    region.keys.iter().any(|k| k.references.iter().any(|r| r == named))
}

#[test]
fn sagemaker_resources_fit_together() {
    for region in sample().regions.values() {
        let has_config = |name: &String| region.endpoint_configs.iter().any(|c| c.name == *name);
        let has_model = |name: &String| region.models.iter().any(|m| m.name == *name);
        let has_domain = |id: &String| region.domains.iter().any(|d| d.id == *id);
        let has_space = |name: &String| region.spaces.iter().any(|s| s.name == *name);
        let has_profile = |name: &String| region.user_profiles.iter().any(|p| p.name == *name);
        let has_script = |name: &String| region.lifecycle_configs.iter().any(|c| c.name == *name);
        assert!(region.endpoints.iter().filter_map(|e| e.config.shown()).all(has_config));
        let variants = region.endpoint_configs.iter().flat_map(|c| c.variants.shown().unwrap());
        assert!(variants.filter_map(|v| v.model.as_ref()).all(has_model));
        assert!(region.notebooks.iter().filter_map(|n| n.lifecycle_config.shown()).all(has_script));
        assert!(region.user_profiles.iter().map(|p| &p.domain).all(has_domain));
        assert!(region.spaces.iter().map(|s| &s.domain).all(has_domain));
        assert!(region.spaces.iter().filter_map(|s| s.owner.shown()).all(has_profile));
        assert!(region.apps.iter().map(|a| &a.domain).all(has_domain));
        assert!(region.apps.iter().filter_map(|a| a.space.as_ref()).all(has_space));
        assert!(region.apps.iter().filter_map(|a| a.profile.as_ref()).all(has_profile));
    }
}

#[test]
fn networks_fit_together() {
    for (name, region) in &sample().regions {
        let has_vpc = |id: &String| region.vpcs.iter().any(|v| v.id == *id);
        let has_subnet = |id: &String| region.subnets.iter().any(|s| s.id == *id);
        let has_group = |id: &String| region.security_groups.iter().any(|g| g.id == *id);
        let has_table = |id: &String| region.route_tables.iter().any(|t| t.id == *id);
        assert!(region.subnets.iter().map(|s| &s.vpc).all(has_vpc));
        assert!(region.route_tables.iter().map(|t| &t.vpc).all(has_vpc));
        assert!(region.nat_gateways.iter().map(|n| &n.vpc).all(has_vpc));
        assert!(region.security_groups.iter().map(|g| &g.vpc).all(has_vpc));
        assert!(region.network_acls.iter().map(|a| &a.vpc).all(has_vpc));
        assert!(region.vpc_endpoints.iter().map(|e| &e.vpc).all(has_vpc));
        assert!(region.internet_gateways.iter().flat_map(|g| all(&g.vpcs)).all(has_vpc));
        assert!(region.route_tables.iter().flat_map(|t| all(&t.subnets)).all(has_subnet));
        assert!(region.nat_gateways.iter().filter_map(|n| n.subnet.shown()).all(has_subnet));
        assert!(region.network_acls.iter().flat_map(|a| all(&a.subnets)).all(has_subnet));
        assert!(region.flow_logs.iter().map(|f| &f.resource).all(|id| has_vpc(id) || has_subnet(id)));
        for endpoint in region.vpc_endpoints.iter() {
            assert!(all(&endpoint.subnets).iter().all(has_subnet), "{}", endpoint.service);
            assert!(all(&endpoint.security_groups).iter().all(has_group), "{}", endpoint.service);
            assert!(all(&endpoint.route_tables).iter().all(has_table), "{}", endpoint.service);
        }
        let rules = region.security_groups.iter().flat_map(|g| all(&g.ingress).iter().chain(all(&g.egress)));
        assert!(rules.flat_map(|r| &r.groups).all(has_group));
        for route in region.route_tables.iter().flat_map(|t| all(&t.routes)).filter(|r| r.state == "active") {
            let target = &route.target;
            assert!(
                target == "local"
                    || region.nat_gateways.iter().any(|n| n.id == *target)
                    || region.internet_gateways.iter().any(|g| g.id == *target)
                    || region.vpc_endpoints.iter().any(|e| e.id == *target),
                "{name}: {target}"
            );
        }
        assert!(region.subnets.iter().map(|s| s.zone.shown()).collect::<BTreeSet<_>>().len() >= 2, "{name}");
        let covered = |id: &String| region.network_acls.iter().any(|a| all(&a.subnets).contains(id));
        assert!(region.subnets.iter().all(|s| covered(&s.id)), "{name}: every subnet has an ACL");
    }
}

fn all<T>(list: &Seen<Vec<T>>) -> &[T] {
    list.shown().unwrap()
}

#[test]
fn people_and_policies_fit_together() {
    let account = sample().account;
    let attached = account.roles.iter().flat_map(|r| all(&r.attached).iter().chain(r.boundary.shown()));
    let attached = attached.chain(account.users.iter().flat_map(|u| all(&u.attached).iter().chain(u.boundary.shown())));
    let attached: BTreeSet<&String> = attached.chain(account.groups.iter().flat_map(|g| all(&g.attached))).collect();
    assert_eq!(attached, account.policies.iter().map(|p| &p.arn).collect());
    let groups = account.users.iter().flat_map(|u| all(&u.groups));
    assert!(groups.into_iter().all(|name| account.groups.iter().any(|g| g.name == *name)));
    let reported: BTreeSet<&str> = account.credentials.iter().map(|c| c.user.as_str()).collect();
    let people = account.users.iter().map(|u| u.name.as_str());
    assert_eq!(reported, people.chain(["<root_account>"]).collect());
    let roles = account.roles.iter().map(|r| r.trust.shown().unwrap());
    let inline = account.roles.iter().flat_map(|r| all(&r.inline)).map(|p| &p.document);
    let managed = account.policies.iter().map(|p| p.document.shown().unwrap());
    for document in roles.chain(inline).chain(managed) {
        let document: Value = serde_json::from_str(document).unwrap();
        assert!(document["Statement"].is_array());
    }
}

#[test]
fn secrets_are_of_known_kinds() {
    let sample = sample();
    let mut found: Vec<Secret> = Vec::new();
    for region in sample.regions.values() {
        let scripts = region.lifecycle_configs.iter().map(|c| &c.secrets);
        let training = region.training_jobs.iter().flat_map(|j| [&j.environment_secrets, &j.parameter_secrets]);
        let processing = region.processing_jobs.iter().flat_map(|j| [&j.environment_secrets, &j.parameter_secrets]);
        let models = region.models.iter().map(|m| &m.environment_secrets);
        let seen = scripts.chain(training).chain(processing).chain(models);
        found.extend(seen.filter_map(Seen::shown).flatten().cloned());
    }
    assert!(found.len() >= 5);
    for secret in found {
        let kind = kinds().find(|k| k.id == secret.kind).unwrap();
        assert_eq!((kind.title, kind.confidence), (&*secret.title, secret.confidence));
        // The loopback AWS stands a fake in its place, and the scan has to find that again.
        assert_eq!(found_again(&secret), [secret]);
    }
}

fn found_again(secret: &Secret) -> Vec<Secret> {
    let (_, fake) = example(&secret.kind).unwrap();
    for label in ["environment variable", "hyperparameter"] {
        if let Some(name) = secret.place.strip_prefix(label) {
            return scan_pairs([(name.trim_start(), fake.as_str())].into_iter(), label);
        }
    }
    let (line, label) = secret.place.strip_prefix("line ").and_then(|rest| rest.split_once(" of ")).unwrap();
    assert!(["OnCreate", "OnStart", "container arguments"].contains(&label), "{label}");
    scan_text(&("\n".repeat(line.parse::<usize>().unwrap() - 1) + &fake), label)
}

#[test]
fn every_section_has_something_to_praise_and_to_mend() {
    let sample = sample();
    let checks: Vec<_> = sagescan_checks::catalogue().collect();
    let report = judge(&sample, &checks, "test");
    let judged: BTreeSet<Section> = checks.iter().map(|check| check.section).collect();
    for section in report.score.sections.iter().filter(|section| judged.contains(&section.id)) {
        assert!(section.pass >= 2, "{:?}: {section:?}", section.id);
        assert!(section.fail >= 2, "{:?}: {section:?}", section.id);
    }
}

#[test]
fn what_is_counted_and_not_kept_is_in_the_score() {
    let sample = sample();
    let checks: Vec<_> = sagescan_checks::catalogue().collect();
    let whole = judge(&sample, &checks, "test");
    let bad = |finding: &Finding| matches!(finding.status, Status::Fail | Status::Unknown);
    let mut thinned = judge_keeping(&sample, &checks, "test", &mut bad.clone());
    assert_eq!(thinned.score, whole.score);
    assert!(whole.findings.iter().filter(|finding| bad(finding)).eq(&thinned.findings));
    assert!(thinned.findings.len() < whole.findings.len() / 2);
    // Nothing is lost where it adds up once more.
    rescore(&mut thinned, &checks);
    assert_eq!(thinned.score, whole.score);
}
