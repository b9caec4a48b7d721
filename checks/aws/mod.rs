//! Facts about AWS that no API of the account tells, as tables, each with its source and date.

pub(crate) mod buckets;
pub(crate) mod instance_types;
