use jiff::tz::TimeZone;

use crate::aws::notebook_platforms::platform;
use crate::prelude::*;

pub(super) struct NotebookPlatformSupported;

/// The platform that the page recommends; older systems fail, gently, even before their support ends.
const CURRENT: &str = "Amazon Linux 2023";

impl Check for NotebookPlatformSupported {
    type On<'w> = &'w Notebook;

    const META: Meta = Meta {
        id: "notebook-platform-supported",
        title: "Notebook instances run on a supported platform",
        severity: Severity::High,
        reads: &[Table::Notebooks],
        practices: &["SUP-4"],
        page: include_str!("notebook_platform_supported.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, notebook: &Notebook, here: &Here<'_>) -> Judged {
        let id = notebook.platform.known("PlatformIdentifier")?;
        let Some(platform) = platform(id) else {
            return Err(unclear(format!("this version of sagescan does not know the platform {id}")));
        };
        let (system, until) = (platform.system, platform.supported_until);
        let today = here.world.now().to_zoned(TimeZone::UTC).date();
        let verdict = if today > until {
            fail(format!("{id} is {system}, which got its last security patches on {until}"))
        } else if system != CURRENT {
            fail(format!("{id} is {system}, which gets security patches only until {until}")).severity(Severity::Low)
        } else {
            pass(format!("{id} is {system}, supported until {until}"))
        };
        let status = notebook.status.shown().cloned();
        Ok(verdict.with("platform", id.as_str()).with("supported_until", until.to_string()).with("status", status))
    }
}
