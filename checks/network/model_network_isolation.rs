use super::ways_out;
use crate::engine::Runner;
use crate::prelude::*;

pub(super) struct ModelNetworkIsolation;

impl Check for ModelNetworkIsolation {
    type On<'w> = &'w Model;

    const META: Meta = Meta {
        id: "model-network-isolation",
        title: "Model containers have no network",
        severity: Severity::Medium,
        reads: &[
            Table::Models,
            Table::EndpointConfigs,
            Table::Endpoints,
            Table::Subnets,
            Table::RouteTables,
            Table::SecurityGroups,
        ],
        practices: &["NET-3", "EX-2"],
        page: include_str!("model_network_isolation.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, model: &Model, here: &Here<'_>) -> Judged {
        if *model.network_isolation.known("EnableNetworkIsolation")? {
            return Ok(pass("network isolation is on"));
        }
        if here.runner_of(model)? == Runner::Serverless {
            return Ok(exempt("serverless inference, which runs it, supports no network isolation"));
        }
        Ok(match model.vpc.shown() {
            Some(vpc) if ways_out::confined(vpc, here) => {
                fail("network isolation is off; its VPC lets nothing out to the internet").severity(Severity::Low)
            }
            Some(_) => fail("network isolation is off: its containers reach whatever its VPC reaches"),
            None => fail("network isolation is off: its containers can send requests and answers anywhere"),
        })
    }
}
