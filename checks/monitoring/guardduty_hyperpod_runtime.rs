use super::guardduty::{detector, looks_at};
use crate::prelude::*;

pub(super) struct GuarddutyHyperpodRuntime;

impl Check for GuarddutyHyperpodRuntime {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "guardduty-hyperpod-runtime",
        title: "GuardDuty watches HyperPod clusters on EKS, audit log and nodes",
        severity: Severity::Medium,
        reads: &[Table::Clusters, Table::Detectors],
        practices: &["LOG-8"],
        page: include_str!("guardduty_hyperpod_runtime.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        let clusters = clusters_on_eks(&region)?;
        if clusters.is_empty() {
            return Ok(not_concerned());
        }
        let verdict = match detector(&region)? {
            None => fail("GuardDuty is off, and HyperPod clusters run on EKS"),
            Some(detector) => watched(detector)?,
        };
        Ok(verdict.with("clusters", clusters))
    }
}

/// The names of the clusters that EKS orchestrates. Some that were seen are enough; "none" needs all.
fn clusters_on_eks<'w>(region: &Here<'w>) -> Result<Vec<&'w str>, Unseen> {
    let (mut names, mut gap) = (Vec::new(), None);
    for cluster in region.region.clusters.iter() {
        match cluster.eks.get() {
            Ok(Some(_)) => names.push(cluster.name.as_str()),
            Ok(None) => {}
            Err(unseen) => gap = gap.or(Some(unseen)),
        }
    }
    if names.is_empty() {
        region.region.clusters.all()?;
        gap.map_or(Ok(()), Err)?;
    }
    Ok(names)
}

fn watched(detector: &Detector) -> Judged {
    let audit = looks_at(detector, "EKS_AUDIT_LOGS");
    let runtime = runtime(detector);
    let off: Vec<&str> = [(&audit, "the audit logs of EKS"), (&runtime, "what runs on the nodes")]
        .into_iter()
        .filter_map(|(seen, name)| (*seen == Ok(false)).then_some(name))
        .collect();
    if !off.is_empty() {
        return Ok(fail(format!("GuardDuty does not watch {}", off.join(" and "))).with("off", off));
    }
    audit?;
    runtime?;
    if !agent_is_managed(detector)? {
        let says = "GuardDuty does not install its agent on the nodes: it sees only those that somebody put it on";
        return Ok(fail(says).severity(Severity::Low));
    }
    Ok(pass("GuardDuty watches the audit logs of EKS and what runs on the nodes"))
}

/// Whether runtime monitoring is on: for EKS alone, or for all that runs containers.
fn runtime(detector: &Detector) -> Result<bool, Unseen> {
    match (looks_at(detector, "RUNTIME_MONITORING"), looks_at(detector, "EKS_RUNTIME_MONITORING")) {
        (Ok(true), _) | (_, Ok(true)) => Ok(true),
        (Err(unseen), Err(_)) => Err(unseen),
        // An account has one of the two; the other may be left out of the answer.
        _ => Ok(false),
    }
}

fn agent_is_managed(detector: &Detector) -> Result<bool, Unseen> {
    let features = detector.features.known("features")?;
    let runtime = features.iter().filter(|f| f.name.ends_with("RUNTIME_MONITORING") && f.enabled == Some(true));
    let mut options = runtime.flat_map(|feature| &feature.options).filter(|o| o.name == "EKS_ADDON_MANAGEMENT");
    let option = options.next().ok_or_else(|| unclear("who installs the agent on EKS is not told"))?;
    option.enabled.ok_or_else(|| unclear("EKS_ADDON_MANAGEMENT has no status"))
}
