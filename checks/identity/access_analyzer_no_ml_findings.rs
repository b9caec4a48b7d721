use super::analyzers::is_used;
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct AccessAnalyzerNoMlFindings;

impl Check for AccessAnalyzerNoMlFindings {
    type On<'w> = &'w Analyzer;

    const META: Meta = Meta {
        id: "access-analyzer-no-ml-findings",
        title: "No active finding of external access is about a resource that SageMaker uses",
        severity: Severity::High,
        reads: workloads![Analyzers, AnalyzerFindings, Buckets, Keys],
        practices: &["LOG-8"],
        page: include_str!("access_analyzer_no_ml_findings.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, analyzer: &Analyzer, here: &Here<'_>) -> Judged {
        if !analyzer.looks_outside()? {
            return Ok(not_concerned());
        }
        let findings = &here.region.analyzer_findings;
        let (mut exposed, mut doubt) = (Vec::new(), None);
        for finding in findings.iter().filter(|finding| finding.analyzer == analyzer.arn) {
            match target(finding, here) {
                Ok(Some(arn)) => exposed.push(arn),
                Ok(None) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        exposed.sort_unstable();
        exposed.dedup();
        if let Some(first) = exposed.first() {
            let more = match exposed.len() {
                1 => String::new(),
                many => format!(", and {} more that SageMaker uses", many - 1),
            };
            let says = format!("{first}, which SageMaker uses, can be reached from outside{more}");
            return Ok(fail(says).with("exposed", exposed));
        }
        let status = analyzer.status.known("status")?;
        if status != "ACTIVE" {
            return Ok(exempt(format!("it is {status}, so it finds nothing")));
        }
        findings.all()?;
        match doubt {
            Some(unseen) => Err(unseen),
            None => Ok(pass("no active finding is about a resource that SageMaker uses")),
        }
    }
}

/// The resource of a finding, if the finding is active and SageMaker uses it.
fn target<'w>(finding: &'w AnalyzerFinding, here: &Here<'_>) -> Result<Option<&'w str>, Unseen> {
    if finding.status.known("status")? != "ACTIVE" {
        return Ok(None);
    }
    let arn = finding.target.known("resource")?;
    if !is_used(finding.target_type.known("resourceType")?, arn, here.world)? {
        return Ok(None);
    }
    match finding.error.get()? {
        Some(error) => Err(unclear(format!("{arn} could not be analyzed: {error}"))),
        None => Ok(Some(arn)),
    }
}
