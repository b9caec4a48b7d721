//! What sagescan knows, without SDK or tokio: the [`snapshot`] of an account, the [`engine`] that judges it, and the
//! checks, one folder a best-practice section.

#![forbid(unsafe_code)]

pub mod draft;
pub mod engine;
pub mod frameworks;
pub mod guardrails;
pub mod least_privilege;
pub mod manual;
pub mod page;
pub mod paths;
pub mod practices;
pub mod snapshot;

mod prelude;

/// Declares a section: one line a check, naming its file and its type.
macro_rules! section {
    ($section:ident: $($file:ident :: $check:ident,)*) => {
        $(mod $file;)*

        /// The checks of this section, in reading order.
        pub(crate) const CHECKS: &[crate::engine::Registered] = &[$(
            crate::engine::Registered { section: crate::engine::Section::$section, check: &$file::$check },
        )*];
    };
}

mod at_rest;
pub mod aws;
mod identity;
mod in_transit;
mod monitoring;
mod network;
mod privacy;
mod resilience;
mod supply_chain;

/// The catalogue: every check, section by section in reading order.
pub fn catalogue() -> impl Iterator<Item = engine::Registered> {
    let sections = [
        identity::CHECKS,
        at_rest::CHECKS,
        in_transit::CHECKS,
        network::CHECKS,
        monitoring::CHECKS,
        privacy::CHECKS,
        resilience::CHECKS,
        supply_chain::CHECKS,
    ];
    sections.into_iter().flatten().copied()
}
