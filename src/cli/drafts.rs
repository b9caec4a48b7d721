//! Policy documents on the way out: one as a whole, several as one a line.

use sagescan_checks::draft::Draft;

use crate::console::Console;
use crate::report;

/// The documents as text. A single one is laid out while it then keeps the limit, which counts spaces for some kinds of
/// policy; several stand one a line, for each is a file of its own.
pub(super) fn text(documents: &[Draft], limit: usize, console: &Console) -> String {
    match documents {
        [one] => {
            let laid_out = report::pretty(one);
            if laid_out.chars().count() <= limit { laid_out } else { report::compact(one) + "\n" }
        }
        several => {
            console.note(&format!("{} documents, one a line: AWS takes no larger ones", several.len()));
            several.iter().map(|one| report::compact(one) + "\n").collect()
        }
    }
}
