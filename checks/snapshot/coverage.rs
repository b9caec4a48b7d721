//! The ledger of what was asked and what came back, one line a place and call.

use serde::{Deserialize, Serialize};

use super::model;

/// How far one call got in one place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Every answer came, to the last page.
    Complete,
    /// Some answers came; the detail says what is missing.
    Partial,
    /// The caller lacks the permission.
    Denied,
    /// AWS kept refusing the rate until the scan gave up.
    Throttled,
    /// The region does not offer the operation.
    NotOffered,
    /// The region is not enabled for the account.
    NotEnabled,
    /// A fault: network, timeout, unreadable answer.
    Failed,
    /// Not asked, on purpose or because the scan ended first.
    #[default]
    Skipped,
}

impl State {
    /// The word used in reports, the same as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            State::Complete => "complete",
            State::Partial => "partial",
            State::Denied => "denied",
            State::Throttled => "throttled",
            State::NotOffered => "not-offered",
            State::NotEnabled => "not-enabled",
            State::Failed => "failed",
            State::Skipped => "skipped",
        }
    }
}

model! {
    /// One line of the ledger.
    pub struct Coverage {
        /// The account that was asked.
        pub account: String,
        /// The region that was asked, or `global`.
        pub region: String,
        /// The call, as `service:Operation`.
        pub source: String,
        /// How far it got.
        pub state: State,
        /// What is missing and why, or how much came.
        pub detail: String,
        /// The IAM action that would reveal more, if one would.
        pub grant: Option<String>,
        /// Requests sent, retries included.
        pub calls: u64,
        /// Answers that never came: items, pages or whole calls.
        pub missed: u64,
    }
}
