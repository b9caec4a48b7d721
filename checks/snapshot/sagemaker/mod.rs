//! SageMaker's own resources. Field comments name the API field that each value comes from.

use super::record::part;

mod clusters;
mod endpoints;
mod features;
mod hubs;
mod images;
mod inference;
mod lifecycle_configs;
mod lineage;
mod mlflow;
mod models;
mod monitoring;
mod notebooks;
mod packages;
mod pipelines;
mod processing;
mod secrets;
mod studio;
mod training;

pub use clusters::*;
pub use endpoints::*;
pub use features::*;
pub use hubs::*;
pub use images::*;
pub use inference::*;
pub use lifecycle_configs::*;
pub use lineage::*;
pub use mlflow::*;
pub use models::*;
pub use monitoring::*;
pub use notebooks::*;
pub use packages::*;
pub use pipelines::*;
pub use processing::*;
pub use studio::*;
pub use training::*;

part! {
    /// A tag as AWS returns it; names and values are whatever the account holds.
    pub struct Tag {
        key: String = "Key",
        value: String = "Value",
    }

    /// `VpcConfig`: where a container's network interfaces go.
    pub struct VpcConfig {
        subnets: Vec<String> = "Subnets" => Subnet,
        security_groups: Vec<String> = "SecurityGroupIds" => SecurityGroup,
    }
}
