//! The command line: clap types and one file a command.

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{CommandFactory, Parser, Subcommand};

use crate::config::{ConfigError, Settings};
use crate::console::{Color, Console, escape_lines};
use crate::files::FileError;

mod checks;
mod diff;
mod drafts;
mod explain;
mod guardrails;
mod judge;
mod outcome;
mod paths;
mod role;
mod selection;
mod serve;
mod simulate;
mod source;

#[cfg(feature = "aws")]
mod census;
#[cfg(feature = "aws")]
mod collect;
#[cfg(feature = "aws")]
mod demo;
#[cfg(feature = "aws")]
mod live;
#[cfg(feature = "aws")]
mod policy;
#[cfg(feature = "aws")]
mod scan;

#[cfg(feature = "aws")]
pub use policy::policy_document;

/// Looks at a live AWS account and tells the truth about the security of its SageMaker estate.
///
/// Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it, 2 wrong usage, configuration or input file,
/// 3 could not see enough. Options of `scan` and `judge` can also be set in sagescan.toml or as
/// SAGESCAN_<OPTION>.
#[derive(Debug, Parser)]
#[command(name = "sagescan", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    manners: Manners,
    #[command(subcommand)]
    command: Command,
}

/// How to behave: options of every command.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Manners")]
struct Manners {
    /// Says nothing but the result and errors
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Shows every detail: each gap, each resource
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// When to use colour [default: auto]
    #[arg(
        long,
        global = true,
        value_name = "auto|always|never",
        env = "SAGESCAN_COLOR",
        hide_env = true,
        hide_possible_values = true
    )]
    color: Option<Color>,
    /// Settings, instead of ./sagescan.toml
    #[arg(long, global = true, value_name = "FILE", env = "SAGESCAN_CONFIG", hide_env = true)]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Looks at the live account, judges it, prints what was found
    #[cfg(feature = "aws")]
    Scan(scan::Args),
    /// The same on an embedded sample account: no credentials, no network
    #[cfg(feature = "aws")]
    Demo(demo::Args),
    /// Only looks: writes a snapshot to judge later
    #[cfg(feature = "aws")]
    Collect(collect::Args),
    /// Judges a saved snapshot, offline
    Judge(judge::Args),
    /// Counts what there is of SageMaker, with a call or two for each type and region
    #[cfg(feature = "aws")]
    Census(census::Args),
    /// Says what is new, mended or changed between two snapshots or reports
    Diff(diff::Args),
    /// Lists the checks
    Checks(checks::Args),
    /// Explains a check: why it matters, how to fix it, when it is fine
    Explain(explain::Args),
    /// Prints the least IAM policy that the selected checks need
    #[cfg(feature = "aws")]
    Policy(policy::Args),
    /// Tells what a role can do, what its workloads need, and proposes a policy for that alone
    Role(role::Args),
    /// Tries preventive controls, and prints the missing ones as IAM or SCP documents
    Guardrails(guardrails::Args),
    /// Serves a snapshot as an AWS endpoint on loopback
    Serve(serve::Args),
    /// Shows attack paths: who can become what, and what ends it
    Paths(paths::Args),
    /// Answers IAM requests offline, from a file of requests and policies
    Simulate(simulate::Args),
    /// Not in this build
    #[cfg(not(feature = "aws"))]
    #[command(name = "scan", aliases = ["demo", "collect", "census", "policy"], hide = true, disable_help_flag = true)]
    Live {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        rest: Vec<OsString>,
    },
}

/// What a command came to. The meanings are those of the exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean = 0,
    /// Findings at or above it.
    Findings = 1,
    /// Wrong usage, configuration or input file.
    Usage = 2,
    /// Could not see enough.
    Blind = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command ended before its result: what went wrong, what helps, and the exit code.
#[derive(Debug)]
struct Stop {
    exit: Exit,
    says: String,
    hint: Option<&'static str>,
}

impl Stop {
    fn usage(says: impl ToString) -> Stop {
        Stop { exit: Exit::Usage, says: says.to_string(), hint: None }
    }
}

impl From<FileError> for Stop {
    fn from(error: FileError) -> Stop {
        Stop::usage(error)
    }
}

impl From<ConfigError> for Stop {
    fn from(error: ConfigError) -> Stop {
        Stop::usage(error)
    }
}

/// Bugs that are told of; a scan may stumble over the same one for every resource.
const BUGS: usize = 3;

/// As [`run`], for a process of its own: a panic is told by its place alone, for its words may hold what the account
/// holds, and ends in the exit code for what could not be seen.
pub fn run_guarded(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        static TOLD: AtomicUsize = AtomicUsize::new(0);
        std::panic::set_hook(Box::new(|panic| {
            if TOLD.fetch_add(1, Ordering::Relaxed) < BUGS {
                let at = panic.location().map(ToString::to_string).unwrap_or_default();
                Console::default().warning(&format!("sagescan failed at {at}: a bug worth reporting"));
            }
        }));
    }
    std::panic::catch_unwind(AssertUnwindSafe(|| run(arguments))).unwrap_or(Exit::Blind)
}

/// Runs the command line that the arguments spell.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            Console::default().usage(&error.render().to_string());
            return Exit::Usage;
        }
        Err(help) => {
            // Help into a closed pipe was read far enough.
            let _ = help.print();
            return Exit::Clean;
        }
    };
    let mut console = Console {
        quiet: cli.manners.quiet,
        verbose: cli.manners.verbose,
        color: cli.manners.color.unwrap_or_default(),
    };
    let result = Settings::load(cli.manners.config.as_deref()).map_err(Stop::from).and_then(|file| {
        console.color = cli.manners.color.or(file.color).unwrap_or_default();
        dispatch(cli.command, file, &console)
    });
    result.unwrap_or_else(|stop| {
        console.error(&stop.says);
        if let Some(hint) = stop.hint {
            console.hint(hint);
        }
        stop.exit
    })
}

fn dispatch(command: Command, file: Settings, console: &Console) -> Result<Exit, Stop> {
    match command {
        #[cfg(feature = "aws")]
        Command::Scan(args) => scan::run(args, file, console),
        #[cfg(feature = "aws")]
        Command::Demo(args) => demo::run(args, file, console),
        #[cfg(feature = "aws")]
        Command::Collect(args) => collect::run(args, file, console),
        #[cfg(feature = "aws")]
        Command::Census(args) => census::run(args, file, console),
        Command::Judge(args) => judge::run(args, file, console),
        Command::Diff(args) => diff::run(args, file, console),
        Command::Checks(args) => checks::run(args, file, console),
        Command::Explain(args) => explain::run(args, file, console),
        #[cfg(feature = "aws")]
        Command::Policy(args) => policy::run(args, console),
        Command::Role(args) => role::run(args, file, console),
        Command::Guardrails(args) => guardrails::run(args, file, console),
        Command::Serve(args) => serve::run(args, console),
        Command::Simulate(args) => simulate::run(args, console),
        Command::Paths(args) => paths::run(args, file, console),
        #[cfg(not(feature = "aws"))]
        Command::Live { rest: _ } => Err(Stop {
            exit: Exit::Usage,
            says: "this build cannot look at live accounts: it was made without the feature `aws`".to_owned(),
            hint: Some("`sagescan judge FILE` judges a snapshot that another machine collected"),
        }),
    }
}

/// Where a single result goes: stdout, or a file with `-o`.
#[derive(Debug, Clone, Default, clap::Args)]
struct Output {
    /// Writes the result to FILE instead of stdout
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

impl Output {
    /// Makes sure, before any work, that the file can be made.
    fn destination(&self) -> Result<Option<crate::files::Destination>, Stop> {
        self.output.as_deref().map(crate::files::Destination::new).transpose().map_err(Stop::from)
    }

    fn write(&self, text: &str, console: &Console) -> Result<(), Stop> {
        put(self.destination()?.as_ref(), text, console)
    }
}

/// Puts a result where it belongs.
fn put(to: Option<&crate::files::Destination>, text: &str, console: &Console) -> Result<(), Stop> {
    match to {
        None => console.data(text.as_bytes()).map_err(|error| Stop::usage(format!("cannot write to stdout: {error}"))),
        Some(file) => {
            file.write(|out| out.write_all(text.as_bytes()))?;
            console.note(&format!("wrote {}", file.path().display()));
            Ok(())
        }
    }
}

/// Text that is shown but not laid out: safe, with its lines.
fn shown(text: &str) -> String {
    escape_lines(text)
}

/// The help of every command, as Markdown: the reference in `docs/`.
pub fn reference() -> String {
    let mut root = Cli::command().term_width(100);
    root.build();
    let mut text = format!("```text\n{}\n```\n", root.render_long_help().to_string().trim_end());
    for command in root.get_subcommands_mut().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        let help = command.clone().term_width(100).render_long_help().to_string();
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        text += &format!("\n## sagescan {}\n\n```text\n{}\n```\n", command.get_name(), lines.join("\n").trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
