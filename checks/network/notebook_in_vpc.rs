use crate::prelude::*;

pub(super) struct NotebookInVpc;

impl Check for NotebookInVpc {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "notebook-in-vpc",
        title: "Notebook instances sit in a VPC of yours",
        severity: Severity::High,
        reads: &[Table::Notebooks],
        practices: &["NET-1"],
        page: include_str!("notebook_in_vpc.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, _here: &Here<'_>) -> Judged {
        let Some(subnet) = notebook.subnet.get()? else {
            return Ok(fail("it has no subnet: it sits in a network of AWS, where you control nothing"));
        };
        let groups = notebook.security_groups.get()?.map_or(0, Vec::len);
        let verdict = match groups {
            0 => fail(format!("it sits in {subnet} but names no security group")),
            _ => pass(format!("it sits in {subnet}, behind {groups} security group(s)")),
        };
        Ok(verdict.with("subnet", subnet.clone()).with("security_groups", groups))
    }
}
