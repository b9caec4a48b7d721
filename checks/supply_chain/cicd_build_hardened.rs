use sagescan_secrets::Confidence as Sureness;

use crate::prelude::*;

pub(super) struct CicdBuildHardened;

impl Check for CicdBuildHardened {
    type On<'w> = &'w BuildProject;

    const META: Meta = Meta {
        id: "cicd-build-hardened",
        title: "Builds for SageMaker are logged, unprivileged and hold no secrets",
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        reads: &[Table::BuildProjects],
        practices: &["SUP-2"],
        page: include_str!("cicd_build_hardened.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, project: &BuildProject, _: &Here<'_>) -> Judged {
        let (mut problems, mut doubt): (Vec<(Severity, String)>, Option<Unseen>) = (Vec::new(), None);
        for finding in [public(project), secrets(project), insecure(project), unlogged(project), privileged(project)] {
            match finding {
                Ok(problem) => problems.extend(problem),
                Err(unseen) => drop(doubt.get_or_insert(unseen)),
            }
        }
        let Some(worst) = problems.iter().map(|(severity, _)| *severity).max() else {
            doubt.map_or(Ok(()), Err)?;
            return Ok(pass("its builds are logged, unprivileged and hold no secrets in plain variables"));
        };
        let says: Vec<&str> = problems.iter().map(|(_, says)| says.as_str()).collect();
        Ok(fail(says.join("; ")).severity(worst))
    }
}

type Problem = Result<Option<(Severity, String)>, Unseen>;

fn public(project: &BuildProject) -> Problem {
    let public = project.visibility.get()?.is_some_and(|visibility| visibility == "PUBLIC_READ");
    Ok(public.then(|| (Severity::High, "anybody can read its builds and their logs".to_owned())))
}

fn secrets(project: &BuildProject) -> Problem {
    let found = project.environment_secrets.get()?.map_or(&[][..], Vec::as_slice);
    let says = found.first().map(|secret| {
        let more = if found.len() > 1 { format!(" and {} more", found.len() - 1) } else { String::new() };
        format!("{} holds: {}{more}", secret.place, secret.title)
    });
    let sure = found.iter().any(|secret| secret.confidence == Sureness::High);
    Ok(says.map(|says| (if sure { Severity::High } else { Severity::Low }, says)))
}

fn insecure(project: &BuildProject) -> Problem {
    let insecure = project.insecure_source.get()?.copied().unwrap_or_default();
    Ok(insecure.then(|| (Severity::Medium, "the certificate of its source is not checked".to_owned())))
}

fn unlogged(project: &BuildProject) -> Problem {
    if project.cloudwatch_logs.shown() == Some(&true) || project.s3_logs.shown() == Some(&true) {
        return Ok(None);
    }
    // Either of the two left out is off, but an answer with neither says nothing.
    let (cloudwatch, s3) = (project.cloudwatch_logs.get()?, project.s3_logs.get()?);
    if cloudwatch.is_none() && s3.is_none() {
        return Err(unclear("the answer carries no logsConfig"));
    }
    Ok(Some((Severity::Medium, "its builds leave no log".to_owned())))
}

fn privileged(project: &BuildProject) -> Problem {
    let privileged = project.privileged.get()?.copied().unwrap_or_default();
    Ok(privileged
        .then(|| (Severity::Low, "its builds run privileged, which only the building of images needs".to_owned())))
}
