use super::custody::{self, Custody};
use crate::prelude::*;

pub(super) struct NotebookVolumeCmk;

impl Check for NotebookVolumeCmk {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "notebook-volume-cmk",
        title: "Notebook instance volumes use a customer managed key",
        severity: Severity::Medium,
        reads: &[Table::Notebooks, Table::Keys],
        practices: &["REST-1", "REST-2", "EX-3"],
        page: include_str!("notebook_volume_cmk.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, here: &Here<'_>) -> Judged {
        let key = custody::named(notebook.key.get()?);
        let custody = match key {
            Some(key) => custody::of_key("the volume", key, here)?,
            None => Custody::unchosen("the volume"),
        };
        Ok(custody.verdict().with("key", key))
    }
}
