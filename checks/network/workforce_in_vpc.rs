use crate::prelude::*;

pub(super) struct WorkforceInVpc;

impl Check for WorkforceInVpc {
    type On<'w> = &'w Workforce;

    const META: Meta = Meta {
        id: "workforce-in-vpc",
        title: "The worker portal is reached through a VPC",
        severity: Severity::Low,
        reads: &[Table::Workforces],
        practices: &["NET-1"],
        page: include_str!("workforce_in_vpc.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, workforce: &Workforce, _: &Here<'_>) -> Judged {
        Ok(match workforce.vpc.get()? {
            Some(vpc) => {
                let endpoint = workforce.vpc_endpoint.shown().cloned();
                pass(format!("its portal is reached through {vpc}"))
                    .with("vpc", vpc.as_str())
                    .with("endpoint", endpoint)
            }
            None => fail("its portal is reached over the internet"),
        })
    }
}
