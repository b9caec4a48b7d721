//! Attack paths: who can become what, through which hops, and which one change ends most of it.

mod cast;
mod rights;
mod survey;
mod technique;

pub(crate) use cast::Standing;
pub(crate) use rights::Answer;
pub(crate) use survey::{Found, Survey, object_of};
pub use technique::Confidence;
