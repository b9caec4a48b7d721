//! The AWS services that are asked in JSON: how each is addressed, signed for and spoken to.
//!
//! Source: service models of botocore 1.44.5 (`endpointPrefix`, `signingName`, `serviceId`, `targetPrefix`, `jsonVersion`,
//! request URIs), November 2026.

/// A service that speaks JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// As IAM spells it: the first half of every action.
    pub name: &'static str,
    /// `serviceId`: the name in `AWS_ENDPOINT_URL_<SERVICE>`.
    pub id: &'static str,
    /// `signingName`.
    pub signing: &'static str,
    /// `endpointPrefix`: what stands before the region in the host name.
    pub endpoint: &'static str,
    /// Set where one region answers for the whole partition, by partition.
    pub global: &'static [(&'static str, &'static str)],
    /// How it is spoken to.
    pub protocol: Protocol,
}

/// How a service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// awsJson: everything is a POST to `/`.
    Rpc {
        /// `1.0` or `1.1`
        version: &'static str,
        /// What stands before the operation in `X-Amz-Target`.
        target: &'static str,
    },
    /// restJson1: each operation has a method and a path, with `{Parameter}` for what lies in the path; the other
    /// parameters are the body of a POST and the query of a GET, under the names given after `?`.
    Rest(&'static [(&'static str, &'static str, &'static str)]),
}

impl Service {
    /// The service of that IAM name.
    pub fn named(name: &str) -> Option<&'static Service> {
        SERVICES.iter().find(|service| service.name == name)
    }
}

const fn rpc(name: &'static str, id: &'static str, endpoint: &'static str, target: &'static str) -> Service {
    Service { name, id, signing: name, endpoint, global: &[], protocol: Protocol::Rpc { version: "1.1", target } }
}

/// Every service that is asked in JSON.
pub const SERVICES: &[Service] = &[
    rpc("sagemaker", "SageMaker", "api.sagemaker", "SageMaker"),
    Service {
        signing: "tagging",
        ..rpc("tag", "Resource Groups Tagging API", "tagging", "ResourceGroupsTaggingAPI_20170126")
    },
];
