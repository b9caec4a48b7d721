//! SageMaker's own resources, one file a family. Field comments name the API field that each value comes from.

use super::record::part;

mod ai_jobs;
mod algorithms;
mod automl;
mod clusters;
mod edge;
mod endpoints;
mod features;
mod hubs;
mod images;
mod inference;
mod labeling;
mod lifecycle_configs;
mod lineage;
mod mlflow;
mod models;
mod monitoring;
mod notebooks;
mod optimization;
mod packages;
mod pipelines;
mod processing;
mod secrets;
mod studio;
mod training;
mod training_sessions;
mod transform;
mod tuning;
mod workforces;

pub use ai_jobs::*;
pub use algorithms::*;
pub use automl::*;
pub use clusters::*;
pub use edge::*;
pub use endpoints::*;
pub use features::*;
pub use hubs::*;
pub use images::*;
pub use inference::*;
pub use labeling::*;
pub use lifecycle_configs::*;
pub use lineage::*;
pub use mlflow::*;
pub use models::*;
pub use monitoring::*;
pub use notebooks::*;
pub use optimization::*;
pub use packages::*;
pub use pipelines::*;
pub use processing::*;
pub use studio::*;
pub use training::*;
pub use training_sessions::*;
pub use transform::*;
pub use tuning::*;
pub use workforces::*;

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
