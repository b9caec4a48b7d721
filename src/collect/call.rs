//! The declaration of a call (`checks/snapshot/call.rs`).

pub(super) use sagescan_checks::read;
pub use sagescan_checks::snapshot::Call;
