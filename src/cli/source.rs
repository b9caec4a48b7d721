//! What a command looks at: a saved snapshot, or the live account.

use std::path::PathBuf;

use sagescan_checks::snapshot::{Snapshot, Table};

use super::Stop;
use crate::config::Settings;
use crate::console::Console;
use crate::files;

/// A snapshot file if one is named, else the account that the options and the AWS configuration name.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Source {
    /// A snapshot, .json or .json.gz, to look at instead of the live account; `-` reads standard input
    #[cfg(feature = "aws")]
    file: Option<PathBuf>,
    /// A snapshot, .json or .json.gz; `-` reads standard input
    #[cfg(not(feature = "aws"))]
    file: PathBuf,
    #[cfg(feature = "aws")]
    #[command(flatten)]
    live: crate::config::Live,
}

impl Source {
    /// Reads the file, or collects these tables.
    #[cfg(feature = "aws")]
    pub(super) fn snapshot(self, tables: &[Table], file: Settings, console: &Console) -> Result<Snapshot, Stop> {
        use super::live;

        match self.file {
            Some(path) => Ok(files::read_snapshot(&path)?),
            None => {
                let request = live::request(self.live.or(file.aws), tables.iter().copied().collect())?;
                live::block_on(live::collect(request, console))
            }
        }
    }

    /// Reads the file.
    #[cfg(not(feature = "aws"))]
    pub(super) fn snapshot(self, _: &[Table], _: Settings, _: &Console) -> Result<Snapshot, Stop> {
        Ok(files::read_snapshot(&self.file)?)
    }
}
