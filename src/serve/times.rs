//! Times in the notations of AWS's protocols.

use jiff::Timestamp;
use sagescan_checks::snapshot::Seen;

use super::refusal::Refusal;

/// Seconds since 1970, as JSON protocols want them; milliseconds are all that AWS tells.
pub(super) fn epoch(seen: &Seen<Timestamp>) -> Result<Option<f64>, Refusal> {
    Ok(seen.get()?.map(seconds))
}

fn seconds(time: &Timestamp) -> f64 {
    // Exact for 285 thousand years around 1970.
    #[allow(clippy::cast_precision_loss)]
    let milliseconds = time.as_millisecond() as f64;
    milliseconds / 1000.0
}
