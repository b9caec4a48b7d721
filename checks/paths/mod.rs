//! Attack paths: who can become what, through which hops, and which one change ends most of it.

mod cast;
mod graph;
mod rights;
pub(crate) mod stage;
mod survey;
mod technique;

pub(crate) use cast::Standing;
pub(crate) use rights::Answer;
pub(crate) use stage::object_of;
pub(crate) use survey::{Found, Handed, Survey};
pub use technique::Confidence;
