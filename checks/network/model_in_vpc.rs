use crate::engine::Runner;
use crate::prelude::*;

pub(super) struct ModelInVpc;

impl Check for ModelInVpc {
    type On<'w> = &'w Model;

    const META: Meta = Meta {
        id: "model-in-vpc",
        title: "Models run in a VPC of yours",
        severity: Severity::Medium,
        reads: &[Table::Models, Table::EndpointConfigs, Table::Endpoints],
        practices: &["NET-1", "EX-4"],
        page: include_str!("model_in_vpc.md"),
        ..Meta::DEFAULT
    };

    fn judge(&self, model: &Model, here: &Here<'_>) -> Judged {
        if let Some(vpc) = model.vpc.get()? {
            return Ok(super::joins(vpc));
        }
        Ok(match here.runner_of(model)? {
            Runner::Serverless => exempt("serverless inference, which runs it, supports no VPC"),
            Runner::Instances => {
                fail("it has no VpcConfig: its containers run in a network of AWS, where you control nothing")
            }
        })
    }
}
