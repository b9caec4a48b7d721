use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct AccessAnalyzerExternalEnabled;

impl Check for AccessAnalyzerExternalEnabled {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "access-analyzer-external-enabled",
        title: "IAM Access Analyzer looks for access from outside in each region with SageMaker resources",
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        reads: workloads![Analyzers],
        practices: &["PRIV-2"],
        page: include_str!("access_analyzer_external_enabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        if !region.holds_workloads()? {
            return Ok(not_concerned());
        }
        let (mut others, mut doubt) = (Vec::new(), None);
        for analyzer in region.region.analyzers.iter() {
            match state(analyzer) {
                Ok((true, scope, "ACTIVE")) => {
                    let says = format!("analyzer {} looks for access from outside", analyzer.name);
                    return Ok(pass(says).with("analyzer", analyzer.name.clone()).with("scope", scope));
                }
                Ok((_, scope, status)) => others.push(format!("{}: {scope}, {status}", analyzer.name)),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        region.region.analyzers.all()?;
        if let Some(unseen) = doubt {
            return Err(unseen);
        }
        let says = "no analyzer of this account that is active looks for access from outside; one of the organization, \
                    in another account, would not be seen from here";
        Ok(fail(says).with("analyzers", others))
    }
}

/// Whether it looks outside, what it says that it looks at, and how it stands.
fn state(analyzer: &Analyzer) -> Result<(bool, &str, &str), Unseen> {
    Ok((analyzer.looks_outside()?, analyzer.scope.known("type")?, analyzer.status.known("status")?))
}
