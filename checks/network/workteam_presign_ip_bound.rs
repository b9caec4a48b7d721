use crate::prelude::*;

pub(super) struct WorkteamPresignIpBound;

impl Check for WorkteamPresignIpBound {
    type On<'w> = &'w Workteam;

    const META: Meta = Meta {
        id: "workteam-presign-ip-bound",
        title: "Links to the data of labeling tasks work only from the worker's address",
        severity: Severity::Medium,
        reads: &[Table::Workteams],
        practices: &["NET-7"],
        page: include_str!("workteam_presign_ip_bound.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, team: &Workteam, _: &Here<'_>) -> Judged {
        let bound = [&team.links_bound_to_address, &team.links_bound_to_vpc_address];
        if bound.iter().any(|bound| bound.shown() == Some(&true)) {
            return Ok(pass("a link works only from the address that the worker came from"));
        }
        for bound in bound {
            bound.get()?;
        }
        Ok(fail("whoever gets hold of a link opens the object, from anywhere"))
    }
}
