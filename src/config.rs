//! Settings: flags before environment (`SAGESCAN_*`) before `sagescan.toml` before defaults.
//!
//! One struct serves the command line and the file, so that a flag and its key are the same word.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sagescan_checks::engine::{Section, Severity, Status};
use serde::Deserialize;

use crate::console::Color;
use crate::files;
use crate::report::Format;

mod names;

pub use names::{CheckId, FrameworkId, nearest};

/// The file that is read when `--config` names none.
const DEFAULT_FILE: &str = "sagescan.toml";

/// What is judged, shown and demanded: the options that `scan`, `judge` and their kin have in common.
#[derive(Debug, Clone, Default, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Judges only these checks; the score then counts only them
    #[arg(
        long,
        value_name = "CHECK",
        value_delimiter = ',',
        env = "SAGESCAN_CHECK",
        hide_env = true,
        help_heading = "What is judged"
    )]
    pub check: Vec<CheckId>,
    /// Accepted failures, a TOML file of [[waiver]] tables
    #[arg(long, value_name = "FILE", env = "SAGESCAN_WAIVERS", hide_env = true, help_heading = "What is judged")]
    pub waivers: Option<PathBuf>,

    /// Shows only these sections
    #[arg(long, value_name = "SECTION", value_delimiter = ',', value_parser = names::section, env = "SAGESCAN_SECTION", hide_env = true, help_heading = SHOWN)]
    pub section: Vec<Section>,
    /// Shows only these severities
    #[arg(long, value_name = "SEVERITY", value_delimiter = ',', value_parser = names::severity, env = "SAGESCAN_SEVERITY", hide_env = true, help_heading = SHOWN)]
    pub severity: Vec<Severity>,
    /// Shows only these verdicts
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = names::status, env = "SAGESCAN_STATUS", hide_env = true, help_heading = SHOWN)]
    pub status: Vec<Status>,
    /// Shows only what these frameworks ask for
    #[arg(long, value_name = "FRAMEWORK", value_delimiter = ',', env = "SAGESCAN_FRAMEWORK", hide_env = true, help_heading = SHOWN)]
    pub framework: Vec<FrameworkId>,

    /// Exits with 1 when a failure is at least this severe; `none` never does [default: high]
    #[arg(long, value_name = "SEVERITY", env = "SAGESCAN_FAIL_ON", hide_env = true, help_heading = "Exit code")]
    pub fail_on: Option<FailOn>,
    /// Exits with 3 when less than this share could be seen, 0 to 1
    #[arg(
        long,
        value_name = "FRACTION",
        env = "SAGESCAN_REQUIRE_COVERAGE",
        hide_env = true,
        help_heading = "Exit code"
    )]
    pub require_coverage: Option<Share>,

    /// The form of the result [default: table]
    #[arg(long, value_name = "FORMAT", env = "SAGESCAN_FORMAT", hide_env = true, help_heading = "Output")]
    pub format: Option<Format>,

    /// `[aws]` in the file: where to look and how long.
    #[arg(skip)]
    pub aws: Live,
    /// `color` in the file; the flag belongs to every command.
    #[arg(skip)]
    pub color: Option<Color>,
}

const SHOWN: &str = "What is shown (score and exit code count everything that is judged)";

/// Where to look and how long: the options of `scan` and `collect`, and the table `[aws]` of the file.
#[derive(Debug, Clone, Default, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Live {
    /// The AWS profile to use, instead of the one that the environment names
    #[arg(long, value_name = "NAME", env = "SAGESCAN_PROFILE", hide_env = true, help_heading = LIVE)]
    pub profile: Option<String>,
    /// Regions to look at, or `all`, instead of the configured one
    #[arg(long, value_name = "REGION", value_delimiter = ',', env = "SAGESCAN_REGION", hide_env = true, help_heading = LIVE)]
    pub region: Vec<String>,
    /// Looks at finished jobs of the last DAYS only [default: 90]
    #[arg(long, value_name = "DAYS", env = "SAGESCAN_JOBS_SINCE", hide_env = true, help_heading = LIVE)]
    pub jobs_since: Option<u32>,
    /// Looks at COUNT resources of a type in each region, the newest where AWS sorts so; the rest counts as not seen
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..), env = "SAGESCAN_MAX_PER_TYPE", hide_env = true, help_heading = LIVE)]
    pub max_per_type: Option<u32>,
    /// Takes at most this share of each of the account's request quotas, above 0 to 1 [default: 0.8]
    #[arg(long, value_name = "FRACTION", env = "SAGESCAN_QUOTA_SHARE", hide_env = true, help_heading = LIVE)]
    pub quota_share: Option<QuotaShare>,
    /// Leaves the account nearly alone: the same as --quota-share 0.2
    #[arg(long, conflicts_with = "quota_share", help_heading = LIVE)]
    pub gentle: bool,
    /// Also asks IAM which services the roles of workloads really used: two calls a role, about a second each
    #[arg(long, help_heading = LIVE)]
    pub last_accessed: bool,
    /// Also lists the quotas of SageMaker where there are endpoints: thousands, a hundred a call
    #[arg(long, help_heading = LIVE)]
    pub service_quotas: bool,
    /// Also looks up the sensitive calls of the last 90 days, and GuardDuty's findings about calls to SageMaker: five seconds or
    /// more a region
    #[arg(long, help_heading = LIVE)]
    pub activity: bool,
    /// Also looks for credentials in the newest thousand lines of each log group of SageMaker; this reads data, and the lines
    /// stay behind
    #[arg(long, help_heading = LIVE)]
    pub log_samples: bool,
    /// Ends the scan after SECONDS with what was seen by then [default: 3600]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..), env = "SAGESCAN_TIMEOUT", hide_env = true, help_heading = LIVE)]
    pub timeout: Option<u64>,
    /// Gives a single call up after SECONDS [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..), env = "SAGESCAN_CALL_TIMEOUT", hide_env = true, help_heading = LIVE)]
    pub call_timeout: Option<u64>,
    /// Notes in FILE what was seen; run again after the scan was ended, it goes on from there
    #[arg(long, value_name = "FILE", help_heading = LIVE)]
    #[serde(skip)]
    pub checkpoint: Option<PathBuf>,
    /// Takes from the last snapshot, FILE, what cannot have changed since: finished jobs, models, endpoint configurations
    #[arg(long, value_name = "FILE", help_heading = LIVE)]
    #[serde(skip)]
    pub since_last: Option<PathBuf>,
}

const LIVE: &str = "Where to look";

/// The least severity that makes a scan fail; `none` for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FailOn(pub Option<Severity>);

impl Default for FailOn {
    fn default() -> Self {
        FailOn(Some(Severity::High))
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" { Ok(FailOn(None)) } else { names::severity(text).map(|severity| FailOn(Some(severity))) }
    }
}

impl TryFrom<String> for FailOn {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.map_or("none", Severity::word))
    }
}

/// A number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub struct Share(pub f64);

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<f64>().map_err(|_| format!("`{text}` is no number")).and_then(Share::try_from)
    }
}

impl TryFrom<f64> for Share {
    type Error = String;

    fn try_from(share: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&share) { Ok(Share(share)) } else { Err(format!("{share} is not between 0 and 1")) }
    }
}

/// A share of AWS's quotas: more than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub struct QuotaShare(f64);

impl FromStr for QuotaShare {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<f64>().map_err(|_| format!("`{text}` is no number")).and_then(QuotaShare::try_from)
    }
}

impl TryFrom<f64> for QuotaShare {
    type Error = String;

    fn try_from(share: f64) -> Result<Self, String> {
        match share {
            0.01..=1.0 => Ok(QuotaShare(share)),
            _ => Err(format!("{share} is not between 0.01 and 1")),
        }
    }
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] files::FileError),
    /// The file says something else than settings.
    #[error("cannot use {}: {}", .0.display(), .1)]
    Toml(PathBuf, String),
}

impl Settings {
    /// Reads the id of a section.
    pub fn section(text: &str) -> Result<Section, String> {
        names::section(text)
    }

    /// Reads the file that is named, or the one that lies in the working folder, if any.
    pub fn load(named: Option<&Path>) -> Result<Settings, ConfigError> {
        let path = match named {
            Some(path) => path,
            None if Path::new(DEFAULT_FILE).is_file() => Path::new(DEFAULT_FILE),
            None => return Ok(Settings::default()),
        };
        let mut settings: Settings = toml(path)?;
        // A file speaks of its neighbours.
        if let (Some(waivers), Some(folder)) = (&mut settings.waivers, path.parent()) {
            *waivers = folder.join(&*waivers);
        }
        Ok(settings)
    }

    /// Fills in what flags and environment left open.
    #[must_use]
    pub fn or(self, file: Settings) -> Settings {
        Settings {
            check: either(self.check, file.check),
            waivers: self.waivers.or(file.waivers),
            section: either(self.section, file.section),
            severity: either(self.severity, file.severity),
            status: either(self.status, file.status),
            framework: either(self.framework, file.framework),
            fail_on: self.fail_on.or(file.fail_on),
            require_coverage: self.require_coverage.or(file.require_coverage),
            format: self.format.or(file.format),
            aws: self.aws.or(file.aws),
            color: self.color.or(file.color),
        }
    }
}

/// Scans leave this much of every quota to those who work in the account.
const SHARE: f64 = 0.8;
/// What `--gentle` takes.
const GENTLE: f64 = 0.2;

impl Live {
    /// The share of each quota to take.
    pub fn share(&self) -> f64 {
        let otherwise = if self.gentle { GENTLE } else { SHARE };
        self.quota_share.map_or(otherwise, |share| share.0)
    }

    /// Fills in what flags and environment left open.
    #[must_use]
    pub fn or(self, file: Live) -> Live {
        Live {
            profile: self.profile.or(file.profile),
            region: either(self.region, file.region),
            jobs_since: self.jobs_since.or(file.jobs_since),
            max_per_type: self.max_per_type.or(file.max_per_type),
            // What the flags say of the pace, the file does not contradict.
            gentle: self.gentle || file.gentle && self.quota_share.is_none(),
            quota_share: self.quota_share.or(file.quota_share.filter(|_| !self.gentle)),
            last_accessed: self.last_accessed || file.last_accessed,
            service_quotas: self.service_quotas || file.service_quotas,
            activity: self.activity || file.activity,
            log_samples: self.log_samples || file.log_samples,
            timeout: self.timeout.or(file.timeout),
            call_timeout: self.call_timeout.or(file.call_timeout),
            checkpoint: self.checkpoint,
            since_last: self.since_last,
        }
    }
}

fn either<T>(first: Vec<T>, second: Vec<T>) -> Vec<T> {
    if first.is_empty() { second } else { first }
}

/// Reads a TOML file; an error points at the line and, for an unknown key, suggests the nearest.
pub(crate) fn toml<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, ConfigError> {
    let text = files::read_text(path)?;
    toml::from_str(&text).map_err(|error| {
        let suggestion = suggestion(error.message()).unwrap_or_default();
        ConfigError::Toml(path.to_owned(), format!("{}{suggestion}", error.to_string().trim_end()))
    })
}

/// For "unknown field `a`, expected one of `b`, `c`": the one that was probably meant.
fn suggestion(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = message.starts_with("unknown ").then(|| quoted.next()).flatten()?;
    nearest(wrong, quoted).map(|known| format!("\ndid you mean `{known}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_points_at_its_line_and_suggests() {
        let error = toml::from_str::<Settings>("format = \"json\"\nfial-on = \"low\"\n").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
        assert_eq!(suggestion(error.message()).unwrap(), "\ndid you mean `fail-on`?");
    }

    #[test]
    fn what_is_said_first_wins() {
        let flags: Settings = toml::from_str("fail-on = 'none'\nsection = ['network']").unwrap();
        let file: Settings =
            toml::from_str("fail-on = 'low'\nseverity = ['low']\n[aws]\nregion = ['eu-west-1']").unwrap();
        let both = flags.or(file);
        assert_eq!(both.fail_on, Some(FailOn(None)));
        assert_eq!(both.section, [Section::Network]);
        assert_eq!(both.severity, [Severity::Low]);
        assert_eq!(both.aws.region, ["eu-west-1"]);
    }

    #[test]
    fn what_flags_say_of_the_pace_a_file_does_not_contradict() {
        let live = |text: &str| toml::from_str::<Live>(text).unwrap();
        assert_eq!(live("").or(live("")).share(), 0.8);
        assert_eq!(live("").or(live("gentle = true")).share(), 0.2);
        assert_eq!(live("quota-share = 1.0").or(live("gentle = true")).share(), 1.0);
        assert_eq!(live("gentle = true").or(live("quota-share = 1.0")).share(), 0.2);
        assert!("0".parse::<QuotaShare>().is_err() && "1.5".parse::<QuotaShare>().is_err());
    }

    #[test]
    fn shares_lie_between_nothing_and_all() {
        assert!("0.9".parse::<Share>().is_ok());
        for wrong in ["1.1", "-0.1", "NaN", "90%", ""] {
            assert!(wrong.parse::<Share>().is_err(), "{wrong}");
        }
    }
}
