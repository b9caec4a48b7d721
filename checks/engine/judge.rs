//! Runs checks over a world and turns what they say into findings and a report.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::check::{Check, Judged, Meta, Section, Severity, Status};
use super::report::{Finding, REPORT_FORMAT, Report, ReportScan, Tool};
use super::score;
use super::subject::{Resource, Subject};
use super::workload::Life;
use super::world::{Here, World};
use crate::frameworks;
use crate::snapshot::{Snapshot, Unseen};

/// A check whose kind of resource is forgotten, so that all kinds fit one list.
pub trait AnyCheck: Sync {
    /// What is known without running.
    fn meta(&self) -> &'static Meta;
    /// Judges every instance and collects the findings.
    fn run(&self, section: Section, world: &World<'_>, out: &mut Vec<Finding>);
}

impl<C: Check> AnyCheck for C {
    fn meta(&self) -> &'static Meta {
        const { &C::META }
    }

    fn run(&self, section: Section, world: &World<'_>, out: &mut Vec<Finding>) {
        for population in C::On::populations(world) {
            let here = population.here;
            for item in population.items {
                let life = item.life(&here);
                let (resource, judged) = match item.parent() {
                    Ok(parent) => (parent.unwrap_or_else(|| item.resource()), self.judge(item, &here)),
                    Err(unseen) => (item.resource(), Err(unseen)),
                };
                out.extend(finding(&C::META, section, &here, resource, life, judged));
            }
            if let Some(gap) = population.missing {
                let everything = Resource::new(C::On::KIND, "*", "");
                out.extend(finding(&C::META, section, &here, everything, Life::Live, Err(Unseen(gap.clone()))));
            }
        }
    }
}

/// A check with its place in the catalogue.
#[derive(Clone, Copy)]
pub struct Registered {
    /// The section whose folder holds the check.
    pub section: Section,
    /// The check.
    pub check: &'static dyn AnyCheck,
}

impl Registered {
    /// What is known without running.
    pub fn meta(&self) -> &'static Meta {
        self.check.meta()
    }
}

fn finding(
    meta: &Meta,
    section: Section,
    here: &Here<'_>,
    mut resource: Resource,
    life: Life,
    judged: Judged,
) -> Option<Finding> {
    let account = here.account().to_owned();
    if resource.kind == "account" && resource.name.is_empty() {
        resource.name.clone_from(&account);
    }
    let history = life == Life::History;
    let (status, says, severity, mut evidence, gap) = match judged {
        Ok(verdict) => (verdict.status?, verdict.says, verdict.severity, verdict.evidence, None),
        Err(Unseen(gap)) => (Status::Unknown, format!("could not be judged: {gap}"), None, Map::new(), Some(gap)),
    };
    if history {
        evidence.insert("history".to_owned(), Value::Bool(true));
    }
    let severity = if history { Severity::Info } else { severity.unwrap_or(meta.severity) };
    let message = match resource.name.as_str() {
        "*" => format!("{}, all of {}: {says}", resource.label(), here.name),
        name => format!("{} {name}: {says}", resource.label()),
    };
    Some(Finding {
        id: fingerprint(&[meta.id, &account, here.name, &resource.kind, &resource.name]),
        check: meta.id.to_owned(),
        title: meta.title.to_owned(),
        section,
        severity,
        status,
        account,
        region: here.name.to_owned(),
        resource,
        message,
        evidence,
        frameworks: frameworks::controls_of(meta.id),
        waived: None,
        gap,
        history,
        preview: meta.preview,
    })
}

/// A stable name for a finding: it depends on check, account, region and resource alone.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

/// Judges a snapshot with the given checks.
pub fn judge(snapshot: &Snapshot, checks: &[Registered], version: &str) -> Report {
    let world = World::new(snapshot);
    let mut findings = Vec::new();
    for registered in checks {
        registered.check.run(registered.section, &world, &mut findings);
    }
    let mut findings = one_for_each(findings);
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    let weights: HashMap<&str, u32> =
        checks.iter().map(|c| c.meta()).filter(|m| !m.preview).map(|m| (m.id, m.severity.weight())).collect();
    let scan = &snapshot.scan;
    Report {
        format: REPORT_FORMAT.to_owned(),
        tool: Tool { name: "sagescan".to_owned(), version: version.to_owned() },
        scan: ReportScan {
            account: scan.account.clone(),
            partition: scan.partition.clone(),
            caller: scan.caller.clone(),
            regions: scan.regions.clone(),
            started: scan.started,
            finished: scan.finished,
            api_calls: scan.api_calls,
            throttled: scan.throttled,
            jobs_since: scan.jobs_since,
            interrupted: scan.interrupted.clone(),
        },
        score: score::score(&findings, |check| weights.get(check).copied()),
        findings,
        manual: crate::manual::entries(),
        coverage: snapshot.coverage.iter().map(Into::into).collect(),
    }
}

/// The order of findings in every report: section, severity (worst first), check, account, region, resource.
fn order(f: &Finding) -> impl Ord + '_ {
    (f.section, std::cmp::Reverse(f.severity), f.check.as_str(), f.account.as_str(), f.region.as_str(), &f.resource)
}

/// Children of one parent share its finding: the worst verdict speaks, and the evidence counts them.
fn one_for_each(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: BTreeMap<String, (Finding, usize)> = BTreeMap::new();
    // Worst first: a failure that matters, a historical one, unknown, pass, exempt.
    let rank = |f: &Finding| (f.status, f.history, std::cmp::Reverse(f.severity));
    for finding in findings {
        match kept.entry(finding.id.clone()) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert((finding, 1));
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                let (first, count) = place.get_mut();
                *count += 1;
                if rank(&finding) < rank(first) {
                    *first = finding;
                }
            }
        }
    }
    let counted = |(mut finding, count): (Finding, usize)| {
        if count > 1 {
            finding.evidence.insert("verdicts_merged".to_owned(), count.into());
        }
        finding
    };
    kept.into_values().map(counted).collect()
}
