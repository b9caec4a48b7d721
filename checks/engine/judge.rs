//! Runs checks over a world and turns what they say into findings and a report.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::check::{Check, Judged, Meta, Section, Severity, Status};
use super::evidence::Evidence;
use super::report::{Finding, REPORT_FORMAT, Report, ReportScan, Score, Tool};
use super::score::Sum;
use super::subject::{Resource, Subject};
use super::text::Text;
use super::workload::Life;
use super::world::{GLOBAL, Here, World};
use crate::frameworks::{self, Controls};
use crate::snapshot::{Gap, Reason, Snapshot, Unseen};

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
        let mut pen = Pen::new(&C::META, section, world, out);
        for population in C::On::populations(world) {
            let here = population.here;
            pen.go_to(&here);
            for item in population.items {
                let (mut life, mut resource) = (Life::Live, None);
                let judged = guarded(&mut || {
                    resource = Some(item.resource());
                    life = item.life(&here);
                    if let Some(parent) = item.parent()? {
                        resource = Some(parent);
                    }
                    self.judge(item, &here)
                });
                let resource = resource.unwrap_or_else(|| Resource::new(C::On::KIND, "*", ""));
                pen.write(resource, life, judged);
            }
            if let Some(gap) = population.missing {
                pen.write(Resource::new(C::On::KIND, "*", ""), Life::Live, Err(Unseen(gap.clone())));
            }
        }
        pen.finish();
    }
}

/// Judges one resource. A check that panics has a bug; what it was judging is then unknown, and the others go on.
fn guarded(judge: &mut dyn FnMut() -> Judged) -> Judged {
    let bug = "the check itself failed, which is a bug of sagescan worth reporting";
    catch_unwind(AssertUnwindSafe(judge)).unwrap_or_else(|_| Err(Unseen(Gap::new(Reason::Failed, bug))))
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

/// Writes the findings of one check. What all of them say is kept once.
struct Pen<'o> {
    meta: &'static Meta,
    section: Section,
    frameworks: Arc<Controls>,
    account: Text,
    region: Text,
    /// The finding of each fingerprint, and how many verdicts went into it.
    written: HashMap<Fingerprint, (usize, usize)>,
    out: &'o mut Vec<Finding>,
}

impl<'o> Pen<'o> {
    fn new(meta: &'static Meta, section: Section, world: &World<'_>, out: &'o mut Vec<Finding>) -> Self {
        let account = Text::shared(&world.snapshot.scan.account);
        let frameworks = frameworks::controls_of(meta.id);
        Pen { meta, section, frameworks, account, region: GLOBAL.into(), written: HashMap::new(), out }
    }

    fn go_to(&mut self, here: &Here<'_>) {
        if self.region != here.name {
            self.region = Text::shared(here.name);
        }
    }

    /// Children of one parent share its finding: the worst verdict speaks.
    fn write(&mut self, mut resource: Resource, life: Life, judged: Judged) {
        if resource.kind == "account" && resource.name.is_empty() {
            resource.name = self.account.to_string();
        }
        let id = fingerprint(&[self.meta.id, &self.account, &self.region, &resource.kind, &resource.name]);
        let Some(finding) = self.finding(id, resource, life, judged) else { return };
        match self.written.entry(id) {
            Entry::Vacant(place) => {
                place.insert((self.out.len(), 1));
                self.out.push(finding);
            }
            Entry::Occupied(mut place) => {
                let (at, count) = place.get_mut();
                *count += 1;
                let first = &mut self.out[*at];
                if rank(&finding) < rank(first) {
                    *first = finding;
                }
            }
        }
    }

    fn finding(&self, id: Fingerprint, resource: Resource, life: Life, judged: Judged) -> Option<Finding> {
        let history = life == Life::History;
        let (status, says, severity, mut evidence, gap) = match judged {
            Ok(verdict) => (verdict.status?, verdict.says, verdict.severity, verdict.evidence, None),
            Err(Unseen(gap)) => {
                (Status::Unknown, format!("could not be judged: {gap}"), None, Evidence::default(), Some(gap))
            }
        };
        if history {
            evidence.insert("history", true);
        }
        let severity = if history { Severity::Info } else { severity.unwrap_or(self.meta.severity) };
        let message = match resource.name.as_str() {
            "*" => format!("{}, all of {}: {says}", resource.label(), self.region),
            name => format!("{} {name}: {says}", resource.label()),
        };
        Some(Finding {
            id: in_hex(id),
            check: self.meta.id.into(),
            title: self.meta.title.into(),
            section: self.section,
            severity,
            status,
            account: self.account.clone(),
            region: self.region.clone(),
            resource,
            message,
            evidence,
            frameworks: self.frameworks.clone(),
            waived: None,
            gap,
            history,
            preview: self.meta.preview,
        })
    }

    /// The evidence counts the verdicts that share a finding.
    fn finish(self) {
        for (at, count) in self.written.into_values().filter(|(_, count)| *count > 1) {
            self.out[at].evidence.insert("verdicts_merged", count);
        }
    }
}

/// Worst first: a failure that matters, a historical one, unknown, pass, exempt.
fn rank(finding: &Finding) -> impl Ord + use<> {
    (finding.status, finding.history, std::cmp::Reverse(finding.severity))
}

type Fingerprint = [u8; 10];

/// A stable name for a finding: it depends on check, account, region and resource alone.
fn fingerprint(parts: &[&str]) -> Fingerprint {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut first = Fingerprint::default();
    first.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    first
}

fn in_hex(id: Fingerprint) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    id.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Judges a snapshot with the given checks.
pub fn judge(snapshot: &Snapshot, checks: &[Registered], version: &str) -> Report {
    judge_keeping(snapshot, checks, version, &mut |_| true)
}

/// Judges a snapshot and keeps some of the findings; the others count in the score, and are gone. A million jobs have
/// fifteen million verdicts, and a table shows the bad ones.
pub fn judge_keeping(
    snapshot: &Snapshot,
    checks: &[Registered],
    version: &str,
    keep: &mut dyn FnMut(&Finding) -> bool,
) -> Report {
    let world = World::new(snapshot);
    let (mut findings, mut let_go) = (Vec::new(), Sum::default());
    for registered in checks {
        let weight = weight_of(registered.meta());
        let mut own = Vec::new();
        registered.check.run(registered.section, &world, &mut own);
        own.retain(|finding| {
            let kept = keep(finding);
            if !kept {
                let_go.add(finding, weight);
            }
            kept
        });
        findings.append(&mut own);
    }
    findings.sort_unstable_by(|a, b| order(a).cmp(&order(b)));
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
            since_last: scan.since_last,
        },
        score: score_of(&let_go, &findings, checks),
        let_go,
        findings,
        manual: crate::manual::entries(),
        coverage: snapshot.coverage.iter().map(Into::into).collect(),
    }
}

/// Adds a report up again, after waivers accepted some of its failures.
pub fn rescore(report: &mut Report, checks: &[Registered]) {
    report.score = score_of(&report.let_go, &report.findings, checks);
}

fn score_of(let_go: &Sum, findings: &[Finding], checks: &[Registered]) -> Score {
    let weights: HashMap<&str, Option<u32>> = checks.iter().map(|c| (c.meta().id, weight_of(c.meta()))).collect();
    let mut sum = let_go.clone();
    findings.iter().for_each(|finding| sum.add(finding, weights.get(finding.check.as_str()).copied().flatten()));
    sum.score()
}

/// What a check weighs in the score, if anything.
fn weight_of(meta: &Meta) -> Option<u32> {
    (!meta.preview).then(|| meta.severity.weight())
}

/// The order of findings in every report: section, severity (worst first), check, account, region, resource.
fn order(f: &Finding) -> impl Ord + '_ {
    (f.section, std::cmp::Reverse(f.severity), f.check.as_str(), f.account.as_str(), f.region.as_str(), &f.resource)
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;
    use crate::snapshot::{Listed, Region, Snapshot};

    use super::*;

    struct Stumbles;

    impl Check for Stumbles {
        type On<'w> = &'w Notebook;
        const META: Meta =
            Meta { id: "stumbles", title: "A check with a bug", reads: &[Table::Notebooks], ..Meta::DEFAULT };

        fn judge(&self, notebook: &Notebook, _: &Here<'_>) -> Judged {
            assert_ne!(notebook.name, "odd", "a bug");
            Ok(pass("it is as it should be"))
        }
    }

    #[test]
    fn a_check_that_panics_costs_one_verdict() {
        let notebook = |name: &str| Notebook { name: name.to_owned(), ..Notebook::default() };
        let region =
            Region { notebooks: Listed::complete(vec![notebook("odd"), notebook("plain")]), ..Region::default() };
        let regions = [("us-east-1".to_owned(), region)].into();
        let snapshot = Snapshot { regions, ..Snapshot::default() };
        let checks = [Registered { section: Section::Network, check: &Stumbles }];
        let report = judge(&snapshot, &checks, "0");
        let told = |name: &str| report.findings.iter().find(|finding| finding.resource.name == name).unwrap();
        assert_eq!(told("plain").status, Status::Pass);
        assert_eq!(told("odd").status, Status::Unknown);
        assert!(told("odd").message.contains("bug"));
    }
}
