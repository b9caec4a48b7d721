use crate::paths::Telling;
use crate::prelude::*;

pub(super) struct PathRemoteShellPrivileged;

impl Check for PathRemoteShellPrivileged {
    type On<'w> = &'w TrainingJob;

    const META: Meta = Meta {
        id: "path-remote-shell-privileged",
        title: "No running training job offers a shell under a powerful role",
        severity: Severity::High,
        reads: &[Table::TrainingJobs, Table::Users, Table::Groups, Table::Roles, Table::Policies, Table::Organization],
        practices: &["ID-7"],
        page: include_str!("path_remote_shell_privileged.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &TrainingJob, here: &Here<'_>) -> Judged {
        let status = job.status.known("TrainingJobStatus")?;
        match status.as_str() {
            "InProgress" | "Stopping" => {}
            "Completed" | "Failed" | "Stopped" | "Deleting" => return Ok(not_concerned()),
            other => return Err(unclear(format!("TrainingJobStatus {other} is not known"))),
        }
        // Each factor is needed: one that is certainly missing decides, whatever else was not seen.
        let debug = job.remote_debug.get().map(|on| on.copied().unwrap_or(false));
        if debug == Ok(false) {
            return Ok(pass("nobody can open a shell into it").with("remote_debug", false));
        }
        let survey = here.world.survey();
        let person = job.role.known("RoleArn").and_then(|arn| survey.find(arn));
        let power = person.clone().and_then(|person| person.map_or(Ok(None), |person| survey.power(person)));
        if power == Ok(None) {
            return Ok(pass("its role is no administrator and does not read every bucket"));
        }
        let (true, Some((words, proof)), Some(person)) = (debug?, power?, person?) else {
            return Ok(not_concerned());
        };
        let name = survey.cast.people.get(person).map_or("", |role| role.name.as_str());
        let says = format!("remote debugging opens a shell into it, and its role {name} {words}: {}", proof.words());
        let verdict = proof.on(fail(says)).with("remote_debug", true).with("role", name);
        let verdict = if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::Medium) };
        let telling = Telling::default()
            .seen("a session of Systems Manager opens a shell into the job", "RemoteDebugConfig.EnableRemoteDebug")
            .seen(format!("the shell holds the credentials of role {name}"), "RoleArn")
            .by(format!("role {name} {words}"), &proof);
        Ok(telling.on(verdict, "switch remote debugging off"))
    }
}
