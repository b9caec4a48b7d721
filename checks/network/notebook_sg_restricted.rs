use super::security_groups::{self, Worn};
use crate::prelude::*;

pub(super) struct NotebookSgRestricted;

impl Check for NotebookSgRestricted {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "notebook-sg-restricted",
        title: "Security groups of notebook instances are closed to the internet",
        severity: Severity::High,
        reads: &[Table::Notebooks, Table::Subnets, Table::SecurityGroups, Table::RouteTables],
        practices: &["NET-7"],
        page: include_str!("notebook_sg_restricted.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, here: &Here<'_>) -> Judged {
        let Some(subnet) = notebook.subnet.get()? else {
            return Ok(exempt("it has no network interface of yours"));
        };
        match notebook.security_groups.known("SecurityGroups")?.as_slice() {
            [] => Err(unclear("it has a subnet but names no security group")),
            groups => {
                security_groups::judge(Worn::of(groups, here).held(), std::slice::from_ref(subnet), Vec::new(), here)
            }
        }
    }
}
