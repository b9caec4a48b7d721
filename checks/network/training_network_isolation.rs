use super::ways_out;
use crate::prelude::*;

pub(super) struct TrainingNetworkIsolation;

impl Check for TrainingNetworkIsolation {
    type On<'w> = &'w TrainingJob;

    const META: Meta = Meta {
        id: "training-network-isolation",
        title: "Training containers have no network",
        severity: Severity::Medium,
        reads: &[Table::TrainingJobs, Table::Subnets, Table::RouteTables, Table::SecurityGroups],
        practices: &["NET-3", "EX-2"],
        page: include_str!("training_network_isolation.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, job: &TrainingJob, here: &Here<'_>) -> Judged {
        if *job.network_isolation.known("EnableNetworkIsolation")? {
            return Ok(pass("network isolation is on"));
        }
        if job.auto_ml_job.shown().is_some() {
            return Ok(exempt("an AutoML job started it, and AutoML offers no network isolation"));
        }
        Ok(match job.vpc.shown() {
            Some(vpc) if ways_out::confined(vpc, here) => {
                fail("network isolation is off, and its VPC lets nothing out to the internet").severity(Severity::Info)
            }
            Some(_) => fail("network isolation is off: its containers reach whatever its VPC reaches"),
            None => fail("network isolation is off: its containers can call any address"),
        })
    }
}
