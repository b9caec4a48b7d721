//! What AWS publishes about itself and no call of a scan returns, as dated tables.

pub(crate) mod endpoint_status;
pub(crate) mod notebook_platforms;
pub(crate) mod registries;
