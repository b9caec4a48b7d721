use crate::prelude::*;

pub(super) struct SpaceRemoteAccessDisabled;

impl Check for SpaceRemoteAccessDisabled {
    type On<'w> = &'w Space;

    const META: Meta = Meta {
        id: "space-remote-access-disabled",
        title: "Spaces cannot be reached from editors on laptops",
        severity: Severity::Medium,
        reads: &[Table::Spaces],
        practices: &["NET-4"],
        page: include_str!("space_remote_access_disabled.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, space: &Space, _here: &Here<'_>) -> Judged {
        // Nothing is opened until somebody switches it on.
        let open = space.remote_access.get()?.copied();
        let verdict = match open {
            Some(true) => fail("remote access is enabled: an editor on a laptop may open a session into it"),
            Some(false) => pass("remote access is disabled"),
            None => pass("remote access was never enabled"),
        };
        Ok(verdict.with("app_type", space.app_type.shown().cloned()))
    }
}
