use crate::prelude::*;

pub(super) struct NotebookImdsv2;

impl Check for NotebookImdsv2 {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "notebook-imdsv2",
        title: "Notebook instances require version 2 of the metadata service",
        severity: Severity::Medium,
        reads: &[Table::Notebooks],
        practices: &["NET-2"],
        page: include_str!("notebook_imdsv2.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, _here: &Here<'_>) -> Judged {
        let minimum = notebook.imds_version.get()?.map(String::as_str);
        let verdict = match minimum {
            Some("2") => pass("the metadata service answers version 2 only"),
            Some("1") => fail("the metadata service still answers version 1, without a session token"),
            None => fail("no minimum version is set, so the metadata service still answers version 1"),
            Some(other) => return Err(unclear(format!("metadata service version {other}"))),
        };
        Ok(verdict.with("imds_version", minimum).with("platform", notebook.platform.shown().cloned()))
    }
}
