use crate::prelude::*;

pub(super) struct NotebookRootAccessDisabled;

impl Check for NotebookRootAccessDisabled {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "notebook-root-access-disabled",
        title: "Notebook instances give no root access",
        severity: Severity::High,
        reads: &[Table::Notebooks],
        practices: &["ID-11"],
        page: include_str!("notebook_root_access_disabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, _here: &Here<'_>) -> Judged {
        let root = *notebook.root_access.known("RootAccess")?;
        let verdict = match root {
            true => fail("root access is enabled"),
            false => pass("root access is disabled"),
        };
        Ok(verdict.with("root_access", root).with("status", notebook.status.shown().cloned()))
    }
}
