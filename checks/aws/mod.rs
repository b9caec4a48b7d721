//! What AWS publishes about itself and no call of a scan returns, as tables, each with its source and date.

pub(crate) mod buckets;
pub(crate) mod eks_versions;
pub(crate) mod endpoint_status;
pub(crate) mod escalations;
pub(crate) mod instance_types;
pub(crate) mod notebook_platforms;
pub(crate) mod openness;
pub mod quotas;
pub(crate) mod registries;
pub mod services;
pub(crate) mod tag_mutability;
