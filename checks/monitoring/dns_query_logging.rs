use crate::prelude::*;

pub(super) struct DnsQueryLogging;

impl Check for DnsQueryLogging {
    type On<'w> = &'w Vpc;

    const META: Meta = Meta {
        id: "dns-query-logging",
        title: "VPCs used by SageMaker have their DNS queries logged",
        severity: Severity::Low,
        reads: &[Table::Vpcs, Table::QueryLogAssociations],
        practices: &["LOG-9"],
        page: include_str!("dns_query_logging.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, vpc: &Vpc, here: &Here<'_>) -> Judged {
        let (mut poor, mut doubt) = (Vec::new(), None);
        for association in here.region.query_log_associations.iter().filter(|one| one.vpc == vpc.id) {
            match association.status.known("Status").map(String::as_str) {
                Ok("ACTIVE") => {
                    let config = association.config.shown().cloned();
                    return Ok(pass("its DNS queries are logged").with("config", config));
                }
                Ok(status) => {
                    let error = association.error.shown().filter(|error| *error != "NONE");
                    poor.push(error.map_or_else(|| status.to_owned(), |error| format!("{status}, {error}")));
                }
                Err(unseen) => doubt = doubt.or(Some(unseen)),
            }
        }
        here.region.query_log_associations.all()?;
        doubt.map_or(Ok(()), Err)?;
        if let Some(owner) = vpc.owner.get()?.filter(|owner| *owner != here.account()) {
            return Err(unclear(format!("account {owner} shares the VPC, and logs its queries or does not")));
        }
        Ok(match poor.first() {
            Some(first) => fail(format!("the logging of its DNS queries does not work: {first}")).with("status", poor),
            None => fail("its DNS queries are not logged"),
        })
    }
}
