use super::openings;
use crate::paths::Telling;
use crate::paths::stage::of_notebook;
use crate::prelude::*;

pub(super) struct PathLifecycleConfigHijack;

impl Check for PathLifecycleConfigHijack {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "path-lifecycle-config-hijack",
        title: "Start scripts of notebooks are written only by those who outrank the notebook's role",
        severity: Severity::High,
        reads: openings::TABLES,
        practices: &["ID-7"],
        page: include_str!("path_lifecycle_config_hijack.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, here: &Here<'_>) -> Judged {
        let piece = of_notebook(notebook, here);
        let survey = here.world.survey();
        let Some(role) = openings::role_of(&piece, survey)? else {
            return Ok(pass("its role does not exist, so a start script has no rights to use"));
        };
        let outranked = |person: usize| openings::gains(survey, person, role) && !survey.has_all_of(person, role);
        let attached = survey.openers(&piece, &["sm-ex-04"], 5, outranked);
        let rewritten = notebook.lifecycle_config.get().map(|name| {
            name.map(|name| {
                let listed = here.region.lifecycle_configs.iter().find(|config| config.name == *name);
                let spelled = || {
                    let (partition, account) = (here.partition(), here.account());
                    let kind = "notebook-instance-lifecycle-config";
                    format!("arn:{partition}:sagemaker:{}:{account}:{kind}/{}", here.name, name.to_ascii_lowercase())
                };
                let arn = listed.map(|config| config.arn.clone()).filter(|arn| !arn.is_empty()).unwrap_or_else(spelled);
                survey.writers_of_script(&arn, 5, outranked)
            })
        });
        let by_rewriting = rewritten.as_ref().ok().and_then(Option::as_ref);
        let all = attached.found.iter().chain(by_rewriting.iter().flat_map(|found| &found.found));
        if let Some(first) = all.clone().min_by_key(|one| (one.proof.keys.len(), one.way.needs.len(), one.person)) {
            let what = match first.way.id {
                "sm-ex-05" => "rewrite the start script that is attached to it".to_owned(),
                _ => format!("{} it", first.way.says),
            };
            let name = openings::name(role, survey);
            let who = survey.called(first.person, first.alike);
            let words =
                survey.power(role).ok().flatten().map(|(words, _)| format!(", which {words}")).unwrap_or_default();
            let says =
                format!("{who} can {what}, and the script runs as root under {name}{words}: {}", first.proof.words());
            let verdict = first.proof.on(fail(says));
            let verdict = match (first.proof.keys.is_empty(), words.is_empty()) {
                (true, false) => verdict,
                (true, true) | (false, false) => verdict.severity(Severity::Medium),
                (false, true) => verdict.severity(Severity::Low),
            };
            let telling = Telling::default()
                .by(format!("{who} can {what}"), &first.proof)
                .seen(format!("the script runs as root under role {name} when the notebook starts"), "RoleArn");
            let verdict = verdict
                .with("role", name)
                .with("technique", first.way.id)
                .with("lifecycle_config", notebook.lifecycle_config.shown().cloned())
                .with("who", all.map(|one| survey.called(one.person, one.alike)).collect::<Vec<_>>());
            return Ok(telling.on(verdict, "keep the writing of lifecycle configurations to administrators"));
        }
        attached.none()?;
        if let Some(found) = rewritten? {
            found.none()?;
        }
        survey.everyone()?;
        Ok(pass("nobody whom its role outranks can attach or rewrite a start script"))
    }
}
