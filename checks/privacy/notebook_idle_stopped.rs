use jiff::{Timestamp, ToSpan};

use crate::engine::{Population, Resource, Subject, World};
use crate::prelude::*;

pub(super) struct NotebookIdleStopped;

impl Check for NotebookIdleStopped {
    type On<'w> = Workplace<'w>;

    const META: Meta = Meta {
        id: "notebook-idle-stopped",
        title: "Idle notebooks and apps are stopped",
        severity: Severity::Low,
        confidence: Confidence::Medium,
        reads: &[Table::Notebooks, Table::LifecycleConfigs, Table::Domains, Table::Apps],
        practices: &["PRIV-5"],
        page: include_str!("notebook_idle_stopped.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, place: Workplace<'_>, here: &Here<'_>) -> Judged {
        match place {
            Workplace::Notebook(notebook) => notebook_stops(notebook, here),
            Workplace::Domain(domain) => domain_stops(domain),
            Workplace::App(app) => app_stops(app, here),
        }
    }
}

/// How long somebody may be away: a night is fine, a weekend is not.
const HOURS: i64 = 24;

fn is_long_ago(at: Timestamp, here: &Here<'_>) -> bool {
    here.world.now().saturating_sub(HOURS.hours()).is_ok_and(|limit| at < limit)
}

/// Notebook instances report no activity: what can be seen is whether they run, since when, and whether a script could
/// stop them.
fn notebook_stops(notebook: &Notebook, here: &Here<'_>) -> Judged {
    let status = notebook.status.known("NotebookInstanceStatus")?.as_str();
    let verdict = match status {
        "Stopped" | "Stopping" | "Deleting" | "Failed" => pass(format!("it does not run (status {status})")),
        "InService" | "Pending" | "Updating" => {
            let since = *notebook.modified.known("LastModifiedTime")?;
            if !is_long_ago(since, here) {
                pass(format!("it was started or changed within the last {HOURS} hours"))
            } else {
                could_stop(notebook, here, since)?
            }
        }
        other => return Err(unclear(format!("the notebook status {other} is unknown"))),
    };
    Ok(verdict.with("status", status).with("modified", notebook.modified.shown().map(Timestamp::to_string)))
}

fn could_stop(notebook: &Notebook, here: &Here<'_>, since: Timestamp) -> Judged {
    let days = since.strftime("%Y-%m-%d");
    let Some(name) = notebook.lifecycle_config.get()? else {
        return Ok(fail(format!("it runs since {days}, and no lifecycle configuration could stop it when idle")));
    };
    let config = here.region.lifecycle_configs.find(|config| config.name == *name)?;
    match config {
        Some(config) if config.scripts.get()?.is_none_or(Vec::is_empty) => {
            Ok(fail(format!("it runs since {days}, and its lifecycle configuration {name} has no script")))
        }
        _ => Err(unclear(format!(
            "it runs since {days}; whether anybody works in it and whether lifecycle configuration {name} stops it \
             when idle is not visible"
        ))),
    }
}

fn domain_stops(domain: &Domain) -> Judged {
    let (jupyterlab, code_editor) = (domain.jupyterlab_idle_shutdown.get(), domain.code_editor_idle_shutdown.get());
    let is_off = |seen: &Result<Option<&bool>, Unseen>| matches!(seen, Ok(None | Some(false)));
    let verdict = match (is_off(&jupyterlab), is_off(&code_editor)) {
        (true, true) => fail("idle shutdown is off for JupyterLab and Code Editor"),
        (true, false) => fail("idle shutdown is off for JupyterLab"),
        (false, true) => fail("idle shutdown is off for Code Editor"),
        (false, false) => {
            jupyterlab.and(code_editor)?;
            pass("idle shutdown is on for JupyterLab and Code Editor")
        }
    };
    Ok(verdict
        .with("jupyterlab_idle_shutdown", domain.jupyterlab_idle_shutdown.shown().copied())
        .with("code_editor_idle_shutdown", domain.code_editor_idle_shutdown.shown().copied()))
}

/// An old activity time proves idleness. A recent one proves nothing, for SageMaker's own health checks renew it
/// (API Reference, DescribeApp): then only the domain's setting does.
fn app_stops(app: &App, here: &Here<'_>) -> Judged {
    match app.status.known("Status")?.as_str() {
        "InService" | "Pending" => {}
        "Deleting" | "Deleted" | "Failed" => return Ok(not_concerned()),
        other => return Err(unclear(format!("the app status {other} is unknown"))),
    }
    let last = app.last_activity.get()?.copied();
    if let Some(last) = last.filter(|last| is_long_ago(*last, here)) {
        let says = format!("it runs, and nobody has used it since {}", last.strftime("%Y-%m-%d"));
        return Ok(fail(says).with("last_activity", last.to_string()));
    }
    let domain = here.region.domains.find(|domain| domain.id == app.domain)?;
    let setting = match app.kind.as_str() {
        "JupyterLab" => domain.map(|domain| &domain.jupyterlab_idle_shutdown),
        "CodeEditor" => domain.map(|domain| &domain.code_editor_idle_shutdown),
        _ => None,
    };
    match setting.map(Seen::get).transpose()?.flatten() {
        Some(true) => Ok(pass("its domain shuts it down when idle").with("last_activity", last.map(|l| l.to_string()))),
        _ => Err(unclear(
            "nothing shuts it down when idle, and whether somebody works in it is not visible: SageMaker's own health \
             checks renew the time of its last activity",
        )),
    }
}

/// A place where people work: it can be left running.
#[derive(Clone, Copy)]
pub(super) enum Workplace<'w> {
    Notebook(&'w Notebook),
    Domain(&'w Domain),
    App(&'w App),
}

impl<'w> Subject<'w> for Workplace<'w> {
    const KIND: &'static str = "sagemaker-resource";

    fn populations(world: &'w World<'w>) -> Vec<Population<'w, Self>> {
        let population = |here: Here<'w>| {
            let region = here.region;
            let notebooks = region.notebooks.iter().map(Workplace::Notebook);
            let domains = region.domains.iter().map(Workplace::Domain);
            let apps = region.apps.iter().map(Workplace::App);
            let missing = [&region.notebooks.missing, &region.domains.missing, &region.apps.missing];
            Population {
                here,
                items: notebooks.chain(domains).chain(apps).collect(),
                missing: missing.into_iter().flatten().next(),
            }
        };
        world.regions().map(population).collect()
    }

    fn resource(self) -> Resource {
        match self {
            Workplace::Notebook(notebook) => notebook.resource(),
            Workplace::Domain(domain) => domain.resource(),
            Workplace::App(app) => app.resource(),
        }
    }
}
