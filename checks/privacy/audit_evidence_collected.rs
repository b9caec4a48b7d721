use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct AuditEvidenceCollected;

impl Check for AuditEvidenceCollected {
    type On<'w> = &'w Account;

    const META: Meta = Meta {
        id: "audit-evidence-collected",
        title: "Audit Manager collects evidence for a framework",
        severity: Severity::Info,
        reads: workloads![AuditManager, AuditAssessments],
        practices: &["PRIV-2"],
        page: include_str!("audit_evidence_collected.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, _account: &Account, here: &Here<'_>) -> Judged {
        if !here.world.holds_workloads()? {
            return Ok(not_concerned());
        }
        let (mut asleep, mut doubt) = (Vec::new(), None);
        for region in here.world.regions() {
            match collects(&region) {
                Ok(Some(assessment)) => {
                    let framework = assessment.framework.shown().map_or("a framework of its own", String::as_str);
                    let says = format!("Audit Manager in {} collects evidence for {framework}", region.name);
                    return Ok(pass(says).with("assessment", assessment.id.as_str()));
                }
                Ok(None) => asleep.push(region.name),
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        doubt.map_or(Ok(()), Err)?;
        Ok(fail("no assessment of Audit Manager is active").with("regions", asleep))
    }
}

/// An assessment of the region that is active.
fn collects<'w>(region: &Here<'w>) -> Result<Option<&'w AuditAssessment>, Unseen> {
    let mut doubt = None;
    for assessment in region.region.audit_assessments.iter() {
        match assessment.status.known("status") {
            Ok(status) if status == "ACTIVE" => return Ok(Some(assessment)),
            Ok(_) => {}
            Err(unseen) => doubt = doubt.or(Some(unseen)),
        }
    }
    region.region.audit_manager.all()?;
    region.region.audit_assessments.all()?;
    doubt.map_or(Ok(None), Err)
}
