//! `sagescan simulate FILE`

use std::path::PathBuf;

use super::{Exit, Output, Stop};
use crate::console::Console;
use crate::{files, report};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Requests and policies in the format iam-conformance-vectors/1; `-` reads standard input
    file: PathBuf,
    #[command(flatten)]
    output: Output,
}

/// One JSON object a line; a case that cannot be read is named on stderr and does not stop the others.
pub(super) fn run(args: Args, console: &Console) -> Result<Exit, Stop> {
    args.output.destination()?;
    let text = files::read_text(&args.file)?;
    let wrong = |error| Stop::usage(format!("cannot use {}: {error}", args.file.display()));
    let (mut lines, mut exit) = (String::new(), Exit::Clean);
    for answer in sagescan_policy::simulate(&text).map_err(wrong)? {
        match answer {
            Ok(answer) => {
                lines.push_str(&report::compact(&answer));
                lines.push('\n');
            }
            Err(error) => {
                console.error(&error.to_string());
                exit = Exit::Usage;
            }
        }
    }
    args.output.write(&lines, console)?;
    Ok(exit)
}
