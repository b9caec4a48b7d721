use crate::paths::Telling;
use crate::paths::stage::faces_internet;
use crate::prelude::*;

pub(super) struct PathInternetNotebookPrivilegedRole;

impl Check for PathInternetNotebookPrivilegedRole {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "path-internet-notebook-privileged-role",
        title: "No notebook combines the internet, root access and a powerful role",
        severity: Severity::Critical,
        reads: &[
            Table::Notebooks,
            Table::Subnets,
            Table::RouteTables,
            Table::Users,
            Table::Groups,
            Table::Roles,
            Table::Policies,
            Table::Organization,
        ],
        practices: &["ID-7"],
        page: include_str!("path_internet_notebook_privileged_role.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, here: &Here<'_>) -> Judged {
        // Each factor is needed: one that is certainly missing decides, whatever else was not seen.
        let internet = faces_internet(notebook, here);
        let root = notebook.root_access.known("RootAccess").copied();
        let role = || -> Result<Option<String>, Unseen> { notebook.role.known("RoleArn").cloned().map(Some) };
        let survey = here.world.survey();
        let person = role().and_then(|arn| survey.find(&arn.unwrap_or_default()));
        let power = person.clone().and_then(|person| person.map_or(Ok(None), |person| survey.power(person)));
        if internet == Ok(None) {
            return Ok(pass("nothing leads from it straight to the internet"));
        }
        if root == Ok(false) {
            return Ok(pass("its users are not root, so what they run stays theirs").with("root_access", false));
        }
        if power == Ok(None) {
            return Ok(pass("its role is no administrator and does not read every bucket"));
        }
        let (Some(way), true, Some((words, proof)), Some(person)) = (internet?, root?, power?, person?) else {
            return Ok(not_concerned());
        };
        let name = survey.cast.people.get(person).map_or("", |role| role.name.as_str());
        let says = format!("{way}, its users are root, and its role {name} {words}: {}", proof.words());
        let verdict = proof.on(fail(says));
        let verdict = if proof.keys.is_empty() { verdict } else { verdict.severity(Severity::High) };
        let telling = Telling::default()
            .seen(format!("the internet reaches into the notebook: {way}"), "DirectInternetAccess, SubnetId")
            .seen("whatever runs there is root", "RootAccess")
            .seen(format!("it holds the credentials of role {name}"), "RoleArn")
            .by(format!("role {name} {words}"), &proof);
        let verdict = verdict
            .with("internet", way)
            .with("root_access", true)
            .with("imds_version", notebook.imds_version.shown().cloned())
            .with("role", name);
        Ok(telling.on(verdict, "give the notebook a role with fewer rights"))
    }
}
