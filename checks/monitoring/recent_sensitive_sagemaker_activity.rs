use serde_json::{Value, json};

use crate::engine::World;
use crate::prelude::*;
use crate::snapshot::workloads;

pub(super) struct RecentSensitiveSagemakerActivity;

/// How many calls one message spells out, and how many the evidence does.
const IN_WORDS: usize = 3;
const IN_EVIDENCE: usize = 20;

impl Check for RecentSensitiveSagemakerActivity {
    type On<'w> = Here<'w>;

    const META: Meta = Meta {
        id: "recent-sensitive-sagemaker-activity",
        title: "Sensitive calls to SageMaker of the last 90 days have an explanation",
        severity: Severity::Info,
        reads: workloads![SensitiveCalls, ThreatFindings],
        practices: &["LOG-8"],
        page: include_str!("recent_sensitive_sagemaker_activity.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, region: Here<'_>, _here: &Here<'_>) -> Judged {
        let (calls, findings) = (&region.region.sensitive_calls, &region.region.threat_findings);
        if calls.is_empty() && findings.is_empty() && !region.holds_workloads()? {
            return Ok(not_concerned());
        }
        let (mut open, mut doubt) = (Vec::new(), None);
        for call in calls.iter() {
            match unexplained(call, region.world) {
                Ok(Some(why)) => open.push((call, why)),
                Ok(None) => {}
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        if open.is_empty() && findings.is_empty() {
            calls.all()?;
            findings.all()?;
            doubt.map_or(Ok(()), Err)?;
            return Ok(pass("no sensitive call of the last 90 days is without an explanation")
                .with("calls", calls.items.len()));
        }
        open.sort_by(|(a, _), (b, _)| (b.at.shown(), &a.id).cmp(&(a.at.shown(), &b.id)));
        let mut says = Vec::new();
        if !findings.is_empty() {
            says.push(format!("GuardDuty reports calls to SageMaker in {} open findings", findings.items.len()));
        }
        says.extend(
            open.iter().take(IN_WORDS).map(|(call, why)| format!("{} by {} {why}", call.operation, caller(call))),
        );
        if open.len() > IN_WORDS {
            says.push(format!("and {} more", open.len() - IN_WORDS));
        }
        let evidence = open.iter().take(IN_EVIDENCE).map(|(call, why)| {
            let at = call.at.shown().map(ToString::to_string);
            json!({ "event": call.id, "operation": call.operation, "caller": caller(call), "at": at, "why": why })
        });
        let ids: Vec<&str> = findings.iter().take(IN_EVIDENCE).map(|finding| finding.id.as_str()).collect();
        let verdict = fail(says.join("; ")).with("count", open.len()).with("calls", evidence.collect::<Vec<Value>>());
        Ok(if ids.is_empty() { verdict } else { verdict.with("guardduty_findings", ids) })
    }
}

/// Error codes of calls that the caller was not allowed to make.
const REFUSALS: [&str; 4] =
    ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Client.UnauthorizedOperation"];

/// What about a call wants an explanation, if anything.
fn unexplained(call: &SensitiveCall, world: &World<'_>) -> Result<Option<&'static str>, Unseen> {
    let detail = call.detail.known("CloudTrailEvent")?;
    if let Some(error) = &detail.error {
        // What failed for another reason did nothing, and says nothing of rights.
        return Ok(REFUSALS.contains(&error.as_str()).then_some("was refused"));
    }
    Ok(match call.operation.as_str() {
        "CreatePresignedDomainUrl" => match (&detail.caller, &detail.profile) {
            (Some(caller), Some(profile)) if is_owner(caller, profile) => None,
            // The access portal of IAM Identity Center opens Studio so.
            (None, _) if detail.service.is_some() => None,
            _ => Some("opened the Studio of somebody else"),
        },
        "PutModelPackageGroupPolicy" | "PutEndpointPolicy" => Some("set who else may come in"),
        "CreateNotebookInstanceLifecycleConfig"
        | "UpdateNotebookInstanceLifecycleConfig"
        | "CreateStudioLifecycleConfig" => Some("set what runs at every start"),
        "CreateEndpointConfig" => match detail.capture.as_deref().map(bucket_of) {
            None => None,
            Some(Some(bucket)) if world.is_ml_bucket(bucket) => None,
            Some(_) => match world.gap_in(What::Data) {
                Some(gap) => return Err(gap.into()),
                None => Some("sent captured data to a bucket that nothing else names"),
            },
        },
        // Signed URLs to notebooks and MLflow servers belong to nobody by name.
        _ => None,
    })
}

/// Whether the name of a session or user is that of the profile. Profiles have letters, digits and hyphens alone, so others
/// are left out on both sides; of an e-mail address the first part may stand for it.
fn is_owner(caller: &str, profile: &str) -> bool {
    let plain = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let name = short_name(caller);
    let first = name.split('@').next().unwrap_or(name);
    [name, first].iter().any(|name| !plain(name).is_empty() && plain(name) == plain(profile))
}

fn caller(call: &SensitiveCall) -> &str {
    let detail = call.detail.shown();
    detail.and_then(|detail| detail.caller.as_deref().or(detail.service.as_deref())).unwrap_or("somebody unnamed")
}
