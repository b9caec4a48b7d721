use crate::prelude::*;

pub(super) struct NotebookNoDirectInternet;

impl Check for NotebookNoDirectInternet {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "notebook-no-direct-internet",
        title: "Notebook instances have no direct internet access",
        severity: Severity::High,
        reads: &[Table::Notebooks],
        practices: &["NET-2", "EX-2"],
        page: include_str!("notebook_no_direct_internet.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, _here: &Here<'_>) -> Judged {
        let direct = *notebook.direct_internet.known("DirectInternetAccess")?;
        let in_vpc = notebook.subnet.get()?.is_some();
        let verdict = match (direct, in_vpc) {
            (false, _) => pass("direct internet access is disabled"),
            (true, false) => fail("the internet is reached directly, outside any VPC of yours"),
            (true, true) => {
                fail("it sits in a VPC and still has a second, AWS-owned interface straight to the internet")
            }
        };
        Ok(verdict.with("direct_internet", direct).with("subnet", notebook.subnet.shown().cloned()))
    }
}
